//! Nothing starves: waiting work rises, step by step, until it is first.

use crate::world::{CHECKING, World, assigned};
use organization::Duty;
use permission::Hand;
use proptest::prelude::*;

#[tokio::test]
async fn waiting_work_rises_a_class_at_four_fifths_of_its_limit_and_another_after_each_further_limit() {
    let world = World::new().await;
    let mut new = world.new_work(CHECKING, "itm_1", Hand::Check);
    (new.priority_class, new.due_at) = (3, world.now().plus_seconds(100));
    let id = world.enqueue(new).await;
    let class = "SELECT CAST(rank_class AS TEXT) AS value FROM work_items WHERE work_item_id = $1";
    for (seconds, expected) in [(79, "3"), (2, "2"), (98, "2"), (2, "1"), (98, "1"), (2, "0"), (200, "0")] {
        world.desk.clock.advance_seconds(seconds);
        world.tick().await;
        assert_eq!(world.column(&id, class).await.as_deref(), Some(expected), "{seconds} s later");
    }
    let asked = "SELECT CAST(priority_class AS TEXT) AS value FROM work_items WHERE work_item_id = $1";
    assert_eq!(world.column(&id, asked).await.as_deref(), Some("3"), "what was asked for stays on record");
}

#[tokio::test]
async fn work_that_was_held_meanwhile_rises_when_it_is_back() {
    let world = World::new().await;
    let checker = world.of(Duty::ElementChecker).await;
    let mut new = world.new_work(CHECKING, "itm_1", Hand::Check);
    (new.priority_class, new.due_at) = (3, world.now().plus_seconds(100));
    let id = world.enqueue(new).await;
    let mut stream = world.ready(&checker).await;
    let lease = assigned(&mut stream).pop().expect("given");
    world.engine.acknowledge(&checker.id, &id, lease.fence).await.expect("shown");
    world.pass(90_000, &[&checker]).await;
    let class = "SELECT CAST(rank_class AS TEXT) AS value FROM work_items WHERE work_item_id = $1";
    assert_eq!(world.column(&id, class).await.as_deref(), Some("3"), "held work does not wait");
    world.engine.end_session(&checker.id, &checker.session).await.expect("ended");
    world.pass(1_000, &[]).await;
    assert_eq!(world.column(&id, class).await.as_deref(), Some("2"));
}

/// One checker does an item each two seconds, while more urgent work comes twice as fast; answers after how long the poor item was served.
async fn served_under_flood(class: i64, limit_seconds: i64, flood_class: i64, flood_limit_seconds: i64) -> Option<i64> {
    let world = World::new().await;
    let checker = world.of(Duty::ElementChecker).await;
    let mut poor = world.new_work(CHECKING, "poor", Hand::Check);
    (poor.priority_class, poor.due_at) = (class, world.now().plus_seconds(limit_seconds));
    world.enqueue(poor).await;
    let begun = world.now();
    // The first class is reached after one limit for each class; what is due earlier came within one limit, and is served in two.
    let bound = limit_seconds * (class + 3) + 60;
    let mut stream = world.connect(&checker, None).await;
    while world.now().since(begun) / 1_000_000 <= bound {
        for twin in 0..2 {
            let mut flood = world.new_work(CHECKING, &format!("flood_{}_{twin}", world.now()), Hand::Check);
            (flood.priority_class, flood.due_at) = (flood_class, world.now().plus_seconds(flood_limit_seconds));
            world.enqueue(flood).await;
        }
        if world.now() == begun {
            world.set_presence(&checker, work::PresenceChange::ready()).await.expect("ready");
        }
        world.desk.clock.advance_seconds(2);
        world.engine.heartbeat(&checker.id, &checker.session, true).await.expect("heard");
        world.tick().await;
        for lease in assigned(&mut stream) {
            if lease.subject == "poor" {
                return Some(world.now().since(begun) / 1_000_000);
            }
            world.finish(&checker, &lease.work_item_id, lease.fence).await.expect("done");
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 4, ..ProptestConfig::default() })]

    #[test]
    fn nothing_starves_under_a_flood_of_a_higher_class(
        class in 1_i64..=4,
        limit_seconds in 60_i64..=120,
        flood_class in 0_i64..=3,
        flood_limit_seconds in 60_i64..=120,
    ) {
        let flood_class = flood_class.min(class - 1);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let served = runtime.block_on(served_under_flood(class, limit_seconds, flood_class, flood_limit_seconds));
        prop_assert!(served.is_some(), "class {class} of {limit_seconds} s starved behind class {flood_class} of {flood_limit_seconds} s");
    }
}
