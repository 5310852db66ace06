//! One scan is submitted in one item, whoever comes second and however many drafts have it too.

use journal::Answer;
use kernel::{Code, ItemId};
use processing::item::State;
use world::World;

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> Option<Code> {
    answer.expect_err("it is refused").refusal().map(|refusal| refusal.code)
}

#[tokio::test]
async fn a_scan_that_lies_in_many_drafts_is_still_found_in_the_item_that_was_submitted() {
    let world = World::new().await;
    for _ in 0..20 {
        world.captures("teller", 8).await;
    }
    let first = world.captures("teller", 8).await;
    let second = world.captures("teller", 8).await;
    world.submits("teller", &first).await.expect("drafts do not count");
    let refused = world.submits("teller", &second).await.expect_err("the same scan");
    let refusal = refused.refusal().expect("a refusal");
    assert_eq!(refusal.code, Code::DuplicateItem);
    assert!(refusal.zh().contains(&world.item(&first).await.item_no), "it names the other item");
    assert_eq!(world.state(&second).await, State::Draft);
}

#[tokio::test]
async fn of_items_with_one_scan_that_are_submitted_at_once_one_goes() {
    let world = World::new().await;
    for seed in 1..=4 {
        let mut items: Vec<ItemId> = Vec::new();
        for _ in 0..3 {
            items.push(world.captures("teller", seed).await);
        }
        let (a, b, c) = tokio::join!(
            world.submits("teller", &items[0]),
            world.submits("teller", &items[1]),
            world.submits("teller", &items[2]),
        );
        let (went, refused): (Vec<_>, Vec<_>) = [a, b, c].into_iter().partition(Result::is_ok);
        assert_eq!(went.len(), 1, "seed {seed}");
        for answer in refused {
            assert_eq!(code(answer), Some(Code::DuplicateItem), "seed {seed}");
        }
    }
}

#[tokio::test]
async fn a_scan_that_was_captured_again_stays_with_its_item_and_one_that_was_taken_out_is_free() {
    let world = World::new().await;
    let item = world.keyable(1).await;
    world.adds_page("teller", &item, "attachment", 2).await.expect_err("it is submitted");
    world.keyed(&item, &world::voucher_values("9.00", "玖元整")).await;
    world.returns("checker", "R04").await.expect("work for the checker").expect("returns");
    let attachment = world.adds_page("teller", &item, "attachment", 2).await.expect("completes");
    world.adds_page("teller", &item, "voucher_front", 3).await.expect("captures the front again");
    world.submits("teller", &item).await.expect("sends again");
    for seed in [1, 2, 3] {
        let other = world.captures("teller", seed).await;
        assert_eq!(code(world.submits("teller", &other).await), Some(Code::DuplicateItem), "scan {seed}");
    }
    world.drain().await;
    world.keyed(&item, &world::voucher_values("9.00", "玖元整")).await;
    world.returns("checker", "R04").await.expect("work for the checker").expect("returns");
    world.removes_page("teller", &item, &attachment).await.expect("takes the attachment out");
    world.submits("teller", &item).await.expect("sends again");
    let other = world.captures("teller", 2).await;
    world.submits("teller", &other).await.expect("it belongs to no other item now");
}
