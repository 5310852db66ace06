//! Blindness and separation: the defects of peers, as tests.

use kernel::Code;
use permission::{Hand, act, separation};
use processing::keying;
use processing::queues;
use storage::sql;
use world::{World, voucher_values};

#[tokio::test]
async fn peer_defect_1_the_first_keyer_never_gets_the_second_pass() {
    let world = World::new().await;
    let item = world.keyable(1).await;
    let first = world.takes("keyer_a", queues::KEYING, 8).await;
    assert_eq!(first.len(), 4, "one pass of four fields");
    assert!(first.iter().all(|lease| lease.hand == first[0].hand), "one side of the item");
    let (mine, theirs) = (first[0].clone(), &first[1]);
    world.keys::<act::KeySlice>("keyer_a", &mine, "1").await.expect("keys");
    assert!(world.takes("keyer_a", queues::KEYING, 8).await.is_empty(), "nothing of the second pass");
    // By direct id: the second keyer's work, with a fence that is right.
    let second = world.takes("keyer_b", queues::KEYING, 8).await;
    let stolen = world.keys::<act::KeySlice>("keyer_a", &second[0], "1").await.expect_err("not held");
    assert_eq!(stolen.refusal().map(|r| r.code), Some(Code::NotYourWork));
    assert_eq!(
        world.keys::<act::KeySlice>("keyer_b", theirs, "1").await.expect_err("not held").refusal().map(|r| r.code),
        Some(Code::NotYourWork)
    );
    // By hand in the database: the mark of the other side is refused by the key.
    let (person, subject) = (world.person("keyer_a").clone(), item.to_string());
    let by_hand = world
        .journal()
        .db
        .write::<u64, storage::Fault, _>(move |tx| {
            let (person, subject) = (person.clone(), subject.clone());
            Box::pin(async move {
                tx.execute(
                    sql("INSERT INTO separation_marks (subject, rule, person_id, side, at) VALUES ($1, $2, $3, 'second_key', 0)")
                        .bind(subject)
                        .bind(separation::ONE_HAND_PER_ITEM)
                        .bind(person),
                )
                .await
            })
        })
        .await
        .expect_err("the primary key holds");
    assert!(by_hand.is_unique_violation() || by_hand.is_retryable());
}

/// All that a task tells a keyer, with what is private in it in plain words: a search in `Private(..)` finds nothing.
fn shown(task: &keying::KeyingTask) -> String {
    format!("{task:?} {:?}", task.draft.as_ref().map(|draft| draft.reveal()))
}

#[tokio::test]
async fn peer_defect_2_nothing_that_the_second_keyer_sees_depends_on_the_first_value() {
    let world = World::new().await;
    world.keyable(2).await;
    let first = world.takes("keyer_a", queues::KEYING, 8).await;
    let before = {
        let second = world.takes("keyer_b", queues::KEYING, 8).await;
        let mut seen = Vec::new();
        for lease in &second {
            let task = keying::task(
                world.journal(),
                &lease.work_item_id,
                &lease.subject,
                &lease.task,
                world.person("keyer_b"),
                false,
            )
            .await;
            seen.push(shown(&task.expect("a task")));
        }
        (second, seen)
    };
    for lease in &first {
        world.keys::<act::KeySlice>("keyer_a", lease, "7777").await.expect("keys");
    }
    for (lease, earlier) in before.0.iter().zip(&before.1) {
        let task = keying::task(
            world.journal(),
            &lease.work_item_id,
            &lease.subject,
            &lease.task,
            world.person("keyer_b"),
            false,
        )
        .await;
        let now = shown(&task.expect("a task"));
        assert_eq!(&now, earlier, "the task is the same before and after the first keyer's entry");
        assert!(!now.contains("7777"));
    }
    // A match and a mismatch leave the keyer with the same: no work more, no draft, and no answer but that it was taken.
    for (lease, value) in [(&before.0[0], "7777"), (&before.0[1], "8888")] {
        world.keys::<act::KeySlice>("keyer_b", lease, value).await.expect("keys");
        let mut reader = world.journal().db.reader().await.expect("reads");
        let held = work::peek_by_person(&mut reader, world.person("keyer_b")).await.expect("reads");
        assert!(held.iter().all(|(work, _)| work != &lease.work_item_id), "it is done, whatever was keyed");
    }
    assert!(world.takes("keyer_b", queues::THIRD_KEYING, 8).await.is_empty(), "nor does the mismatch come back");
}

#[tokio::test]
async fn a_mismatch_goes_to_a_third_person_who_settles_it() {
    let world = World::new().await;
    let item = world.keyable(3).await;
    let values = voucher_values("100.00", "壹佰元整");
    for (name, slip) in [("keyer_a", false), ("keyer_b", true)] {
        for lease in world.takes(name, queues::KEYING, 8).await {
            let field = world.field_of(name, &lease).await;
            let value = if slip && field == "amount" { "1000.00".to_owned() } else { values[field.as_str()].clone() };
            world.keys::<act::KeySlice>(name, &lease, &value).await.expect("keys");
        }
    }
    assert!(world.takes("keyer_a", queues::THIRD_KEYING, 8).await.is_empty(), "neither earlier keyer");
    let third = world.takes("third", queues::THIRD_KEYING, 8).await;
    assert_eq!(third.len(), 1);
    world.keys::<act::ThirdKeySlice>("third", &third[0], "100").await.expect("keys");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let rows = keying::keyings_of(&mut reader, &world.journal().vault, &item).await.expect("reads");
    let verdict_of = |name: &str| {
        let row = rows.iter().find(|row| row.field == "amount" && &row.person_id == world.person(name));
        row.expect("an entry").verdict.as_str()
    };
    assert_eq!([verdict_of("keyer_a"), verdict_of("keyer_b"), verdict_of("third")], ["right", "wrong", "right"]);
}

#[tokio::test]
async fn an_outsourced_seat_sees_one_slice_of_an_item_and_none_that_is_internal() {
    let world = World::new().await;
    world.keyable(4).await;
    let leases = world.takes("vendor_a", queues::KEYING, 8).await;
    assert_eq!(leases.len(), 1, "one slice of the item");
    assert!(["amount", "amount_words"].contains(&world.field_of("vendor_a", &leases[0]).await.as_str()));
    world.keys::<act::KeySlice>("vendor_a", &leases[0], "1").await.expect("keys");
    assert!(world.takes("vendor_a", queues::KEYING, 8).await.is_empty(), "no second slice of the same item");
    let other = world.takes("vendor_b", queues::KEYING, 8).await;
    assert_eq!(other.len(), 1);
    let permit = world.permit::<act::KeySlice>("vendor_b").await;
    let wider = keying::wider(world.journal(), &permit, &other[0].work_item_id, other[0].fence).await;
    assert_eq!(wider.expect_err("never the whole page").refusal().map(|r| r.code), Some(Code::OutsourcedNotAllowed));
}

#[tokio::test]
async fn a_relative_takes_no_other_step_of_the_item() {
    let world = World::new().await;
    let item = world.keyable(5).await;
    for name in ["kin", "keyer_b"] {
        for lease in world.takes(name, queues::KEYING, 8).await {
            let field = world.field_of(name, &lease).await;
            world
                .keys::<act::KeySlice>(name, &lease, &voucher_values("5.00", "伍元整")[field.as_str()])
                .await
                .expect("keys");
        }
    }
    world.drain().await;
    assert_eq!(world.state(&item).await.as_str(), "checking");
    assert!(world.takes("checker", queues::CHECKING, 1).await.is_empty(), "the keyer is the checker's relative");
    assert_eq!(world.takes("checker_b", queues::CHECKING, 1).await.len(), 1);
}

#[tokio::test]
async fn peer_defect_21_two_racing_acts_of_one_person_cannot_both_pass() {
    let world = World::new().await;
    let item = world.captures("teller", 6).await;
    let (person, subject) = (world.person("keyer_a").clone(), item.to_string());
    for (one, other) in [(Hand::FirstKey, Hand::SecondKey), (Hand::Check, Hand::Authorize)] {
        let subject = format!("{subject}/{}", one.as_str());
        let act = |hand: Hand| {
            let (person, subject) = (person.clone(), subject.clone());
            world.run("test.hand", move |mut cx| {
                let (person, subject) = (person.clone(), subject.clone());
                Box::pin(async move {
                    separation::take_hand(&mut cx, &person, hand, &subject).await?;
                    let entry =
                        journal::Entry::named(journal::Subject::named(subject), "test.hand", serde_json::json!({}));
                    Ok(cx.append(entry).await?.done(()))
                })
            })
        };
        let (a, b) = tokio::join!(act(one), act(other));
        assert!(a.is_ok() != b.is_ok(), "exactly one of {one:?} and {other:?}");
    }
}
