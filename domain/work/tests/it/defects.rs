//! Defects of other products, as tests that this one must pass. Numbers are those of the comparison of peers.

use crate::world::{CHECKING, KEYING, World, assigned, one, refused, subjects, today};
use journal::Failure;
use kernel::{Code, PersonId, WorkItemId};
use organization::{Category, Duty};
use permission::{Hand, act};
use work::PresenceChange;

/// 1: the same person keys the second pass. Dispatch passes over it, and naming the id does not help.
#[tokio::test]
async fn defect_1_the_first_keyer_never_receives_the_second_pass_by_any_way() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let first = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let second = world.enqueue_usual(KEYING, "itm_1", Hand::SecondKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    let (mine, other) = if lease.work_item_id == first { (first, second) } else { (second, first) };
    world.finish(&keyer, &mine, lease.fence).await.expect("done");
    world.pass(2_000, &[&keyer]).await;
    assert_eq!(assigned(&mut stream), []);
    assert_eq!(refused(world.finish(&keyer, &other, 0).await), Code::NotYourWork);
    assert_eq!(refused(world.finish(&keyer, &other, 1).await), Code::NotYourWork);
}

/// 19: a lock in the screen only. The hold is honored below every screen.
#[tokio::test]
async fn defect_19_two_people_cannot_act_on_one_item_whatever_their_screens_show() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    let (a, b) = tokio::join!(world.finish(&keyer, &id, lease.fence), world.finish(&other, &id, lease.fence));
    a.expect("the holder's act");
    assert_eq!(refused(b), Code::NotYourWork);
}

/// 20: a starved queue beside idle people, and work for people who are not there.
#[tokio::test]
async fn defect_20_no_ready_person_idles_beside_work_and_nobody_absent_receives_it() {
    let world = World::new().await;
    let (gone, here) = (world.keyer().await, world.keyer().await);
    let silent = world.ready(&gone).await;
    drop(silent);
    let mut stream = world.ready(&here).await;
    world.pass(3_000, &[&here]).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    world.pass(1_000, &[&here]).await;
    assert_eq!(one(&mut stream).work_item_id, id);
}

/// Two hands of one subject, held at once by one person who got them in the same instant.
async fn hold(world: &World, person: &PersonId, id: &WorkItemId) {
    let (person, id, now) = (person.clone(), id.clone(), world.now());
    let session = kernel::SessionId::new(now);
    let write = world.desk.journal.db.write::<(), storage::Fault, _>(move |tx| {
        let statement = storage::sql("UPDATE work_items SET state = 'leased', person_id = $2, session_id = $3, node = 'node-a', fence = 1, attempts = 1, leased_at = $4, lease_until = $5 WHERE work_item_id = $1")
            .bind(&id).bind(&person).bind(&session).bind(now).bind(now.plus_seconds(4));
        Box::pin(async move { tx.execute_one(statement).await })
    });
    write.await.expect("held by hand");
}

/// 21: four eyes fail on parallel tasks. Even with both holds forced into the database, one of two racing acts is refused.
#[tokio::test]
async fn defect_21_of_two_racing_acts_of_one_person_on_one_item_one_is_refused_in_both_orders() {
    for swapped in [false, true] {
        let world = World::new().await;
        let keyer = world.keyer().await;
        let mut ids = vec![
            world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await,
            world.enqueue_usual(KEYING, "itm_1", Hand::SecondKey).await,
        ];
        if swapped {
            ids.reverse();
        }
        for id in &ids {
            hold(&world, &keyer.id, id).await;
        }
        let (a, b) = tokio::join!(world.finish(&keyer, &ids[0], 1), world.finish(&keyer, &ids[1], 1));
        let codes: Vec<Option<Code>> = [a, b]
            .into_iter()
            .map(|answer| {
                answer.err().map(|failure| match failure {
                    Failure::Refused(refusal) => refusal.code,
                    Failure::Fault(fault) => panic!("{fault}"),
                })
            })
            .collect();
        assert_eq!(codes.iter().flatten().collect::<Vec<_>>(), [&Code::SeparationOfDuties], "{codes:?}");
    }
}

/// 21, at dispatch: two nodes, one person at each of two browsers, two hands of one item.
#[tokio::test]
async fn defect_21_two_nodes_never_hand_one_person_two_hands_of_an_item() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    world.enqueue_usual(KEYING, "itm_1", Hand::SecondKey).await;
    let now = world.now();
    let journal = &world.desk.journal;
    let _stream = world.connect(&keyer, None).await;
    // Ready, so that the statement finds a presence; the queue's two rows are then asked for at once, past the engine's own order.
    world
        .set_presence(&keyer, PresenceChange { queues: Some(vec![]), ..PresenceChange::ready() })
        .await
        .expect("ready");
    let taker = world.taker(&keyer, 4);
    let wants = [work::Want { queue: KEYING.into(), count: 1 }];
    let take = || work::take(journal, &taker, &wants, 1, now, &[]);
    let (a, b) = tokio::join!(take(), take());
    let held = a.expect("taken").leases.len() + b.expect("taken").leases.len();
    assert_eq!(held, 1);
}

/// 22: work outside a person's jurisdiction after they moved. Eligibility is read when it is re-assigned, not remembered.
#[tokio::test]
async fn defect_22_after_a_transfer_work_of_the_new_home_is_neither_dispatched_nor_reassigned_to_the_person() {
    let world = World::new().await;
    let (moved, supervisor) = (world.keyer().await, world.of(Duty::DutySupervisor).await);
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    let (person, outlet) = (moved.id.clone(), world.outlet.clone());
    let transfer = world.run(world.command(&supervisor.id), move |cx| {
        let (person, outlet) = (person.clone(), outlet.clone());
        Box::pin(organization::staff::transfer(cx, person, outlet))
    });
    transfer.await.expect("moved");
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let command = world.command(&supervisor.id);
    let answer = world.engine.reassign(command, &permit, &id, &moved.id, "就近办理", today()).await;
    assert_eq!(refused(answer), Code::NotEligible);
    let mut stream = world.ready(&moved).await;
    assert_eq!(assigned(&mut stream), []);
}

/// The permission is looked at when work is taken up, too: without it a queue cannot be chosen, and no other gives its work.
#[tokio::test]
async fn nobody_receives_work_of_a_queue_that_their_posts_do_not_allow() {
    let world = World::new().await;
    let outsourced = world.person(Duty::Keyer, Category::Outsourced, &world.center).await;
    world.enqueue_usual(CHECKING, "itm_1", Hand::Check).await;
    let mut stream = world.ready(&outsourced).await;
    world.pass(1_000, &[&outsourced]).await;
    assert_eq!(subjects(&assigned(&mut stream)), Vec::<&str>::new());
}
