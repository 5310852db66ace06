//! Who gets what, and who never may.

use crate::world::{AUTHORIZING, CHECKING, KEYING, World, assigned, one, subjects};
use organization::{Category, Duty};
use permission::Hand;
use std::collections::HashMap;

#[tokio::test]
async fn the_most_urgent_class_comes_first_then_what_is_due_first() {
    let world = World::new().await;
    for (subject, class, due) in [("late", 3, 900), ("soon", 3, 300), ("overdue", 3, -60), ("urgent", 1, 3_600)] {
        let mut new = world.new_work(CHECKING, subject, Hand::Check);
        (new.priority_class, new.due_at) = (class, world.now().plus_seconds(due));
        world.enqueue(new).await;
    }
    let checker = world.of(Duty::ElementChecker).await;
    let mut stream = world.ready(&checker).await;
    let mut order = Vec::new();
    while let Some(lease) = assigned(&mut stream).pop() {
        world.finish(&checker, &lease.work_item_id, lease.fence).await.expect("done");
        order.push(lease.subject);
    }
    assert_eq!(order, ["urgent", "overdue", "soon", "late"]);
}

#[tokio::test]
async fn nobody_receives_work_of_their_own_outlet() {
    let world = World::new().await;
    let local = world.person(Duty::Keyer, Category::Employee, &world.outlet).await;
    world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut elsewhere = world.new_work(KEYING, "itm_2", Hand::FirstKey);
    elsewhere.origin = world.center.clone();
    world.enqueue(elsewhere).await;
    let mut stream = world.ready(&local).await;
    assert_eq!(subjects(&assigned(&mut stream)), ["itm_2"]);
}

#[tokio::test]
async fn an_outsourced_seat_receives_one_slice_of_an_item_and_nothing_internal() {
    let world = World::new().await;
    let outsourced = world.person(Duty::Keyer, Category::Outsourced, &world.center).await;
    let mut internal = world.new_work(KEYING, "itm_0", Hand::FirstKey);
    internal.internal_only = true;
    world.enqueue(internal).await;
    for subject in ["itm_1", "itm_1", "itm_1", "itm_2"] {
        let mut new = world.new_work(KEYING, subject, Hand::FirstKey);
        new.slice = Some(world.slice());
        world.enqueue(new).await;
        world.desk.clock.advance_seconds(1);
    }
    let mut stream = world.ready(&outsourced).await;
    assert_eq!(subjects(&assigned(&mut stream)), ["itm_1", "itm_2"]);
    let inside = world.keyer().await;
    let mut inside_stream = world.ready(&inside).await;
    assert_eq!(subjects(&assigned(&mut inside_stream)), ["itm_0", "itm_1"], "own staff may see more of an item");
}

#[tokio::test]
async fn a_relatives_hand_keeps_a_person_out_even_when_kinship_is_declared_later() {
    let world = World::new().await;
    let (keyer, spouse) = (world.keyer().await, world.keyer().await);
    world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    world.finish(&keyer, &lease.work_item_id, lease.fence).await.expect("done");
    world.set_presence(&keyer, work::PresenceChange::to(work::Standing::SignedOut)).await.expect("out");
    world.relatives(&keyer, &spouse).await;
    world.enqueue_usual(KEYING, "itm_1", Hand::SecondKey).await;
    world.desk.clock.advance_seconds(1);
    world.enqueue_usual(KEYING, "itm_2", Hand::SecondKey).await;
    let mut stream = world.ready(&spouse).await;
    assert_eq!(subjects(&assigned(&mut stream)), ["itm_2"], "the refused item is passed over, not waited for");
}

#[tokio::test]
async fn nobody_holds_more_than_queue_and_person_allow_and_what_was_fetched_ahead_is_refilled() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    for number in 0..5 {
        world.enqueue_usual(KEYING, &format!("itm_{number}"), Hand::FirstKey).await;
        world.desk.clock.advance_seconds(1);
    }
    let mut stream = world.ready(&keyer).await;
    let leases = assigned(&mut stream);
    assert_eq!(subjects(&leases), ["itm_0", "itm_1"]);
    world.tick().await;
    assert_eq!(assigned(&mut stream), []);
    world.finish(&keyer, &leases[0].work_item_id, leases[0].fence).await.expect("done");
    assert_eq!(subjects(&assigned(&mut stream)), ["itm_2"]);
}

#[tokio::test]
async fn new_work_reaches_an_idle_person_at_the_next_round_and_who_finishes_has_the_next_at_once() {
    let world = World::new().await;
    let authorizer = world.of(Duty::Authorizer).await;
    let checker = world.of(Duty::ElementChecker).await;
    let (mut a, mut c) = (world.ready(&authorizer).await, world.ready(&checker).await);
    world.enqueue_usual(AUTHORIZING, "itm_1", Hand::Authorize).await;
    for subject in ["itm_2", "itm_3"] {
        world.enqueue_usual(CHECKING, subject, Hand::Check).await;
    }
    world.tick().await;
    assert_eq!(one(&mut a).subject, "itm_1");
    let lease = one(&mut c);
    world.finish(&checker, &lease.work_item_id, lease.fence).await.expect("done");
    one(&mut c);
}

#[tokio::test]
async fn chance_decides_among_those_who_could_have_it() {
    let world = World::new().await;
    let mut people = Vec::new();
    for _ in 0..4 {
        let authorizer = world.of(Duty::Authorizer).await;
        let stream = world.ready(&authorizer).await;
        people.push((authorizer, stream));
    }
    let mut received: HashMap<usize, usize> = HashMap::new();
    for number in 0..40 {
        world.enqueue_usual(AUTHORIZING, &format!("itm_{number}"), Hand::Authorize).await;
        world.tick().await;
        let mut found = None;
        for (place, (_, stream)) in people.iter_mut().enumerate() {
            if let Some(lease) = assigned(stream).pop() {
                assert!(found.replace((place, lease)).is_none(), "one item, two people");
            }
        }
        let (place, lease) = found.expect("given out");
        *received.entry(place).or_default() += 1;
        world.finish(&people[place].0, &lease.work_item_id, lease.fence).await.expect("done");
        let all: Vec<_> = people.iter().map(|(who, _)| who).collect();
        world.pass(5_000, &all).await;
    }
    // With four people and forty items nobody gets none (chance of that: 4 in 100,000) or almost all.
    assert_eq!(received.len(), 4, "{received:?}");
    assert!(received.values().all(|count| *count < 30), "{received:?}");
}

#[tokio::test]
async fn a_queue_with_thousands_of_rows_a_person_may_not_have_still_yields_the_one_they_may() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let (now, first) = (world.now(), world.new_work(KEYING, "itm_x", Hand::SecondKey));
    let person = keyer.id.clone();
    let fill = world.desk.journal.db.write::<(), storage::Fault, _>(move |tx| {
        let (first, person) = (first.clone(), person.clone());
        Box::pin(async move {
            for number in 0..3_000 {
                let subject = format!("itm_{number:04}");
                let mark = storage::sql("INSERT INTO separation_marks (subject, rule, person_id, side, at) VALUES ($1, 'one_hand_per_item', $2, 'first_key', 0)");
                tx.execute_one(mark.bind(subject.as_str()).bind(&person)).await?;
                work::enqueue(tx, now, work::NewWork { subject, ..first.clone() }).await?;
            }
            let last = work::NewWork { subject: "itm_last".into(), due_at: now.plus_seconds(7_200), ..first.clone() };
            work::enqueue(tx, now, last).await.map(|_| ())
        })
    });
    fill.await.expect("filled");
    let mut stream = world.ready(&keyer).await;
    assert_eq!(subjects(&assigned(&mut stream)), ["itm_last"]);
}
