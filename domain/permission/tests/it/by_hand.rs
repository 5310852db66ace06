//! Acts at the one table, and statements by hand with full rights: what its keys stop.

use crate::bank::{by_hand, code, count, declares, hires, refusal, rows};
use journal::{Answer, Entry, Subject};
use kernel::{Code, ItemId, PersonId};
use permission::Hand;
use permission::separation::{self, ONE_HAND_PER_ITEM};
use storage::{Fault, Sql, sql};
use world::{World, voucher_values};

async fn takes_hand(world: &World, person: &PersonId, hand: Hand, subject: &str) -> Answer<()> {
    let (person, subject) = (person.clone(), subject.to_owned());
    world
        .run("test.hand", move |mut cx| {
            let (person, subject) = (person.clone(), subject.clone());
            Box::pin(async move {
                separation::take_hand(&mut cx, &person, hand, &subject).await?;
                let entry = Entry::named(Subject::named(subject), "test.hand", Default::default());
                Ok(cx.append(entry).await?.done(()))
            })
        })
        .await
}

pub fn mark(subject: &str, person: &str, side: &str) -> Sql {
    sql("INSERT INTO separation_marks (subject, rule, person_id, side, at) VALUES ($1, $2, $3, $4, 0)")
        .bind(subject)
        .bind(ONE_HAND_PER_ITEM)
        .bind(person)
        .bind(side)
}

/// Whether a unique key refused the row.
pub fn stopped(answer: &Result<u64, Fault>) -> bool {
    answer.as_ref().is_err_and(Fault::is_unique_violation)
}

/// Every ordered pair of two different hands.
fn pairs() -> Vec<(Hand, Hand)> {
    // Of the hands of parts the second stands for the third and the fourth.
    let one_part = |hand: &&Hand| !hand.as_str().ends_with("_3") && !hand.as_str().ends_with("_4");
    let all: Vec<Hand> = Hand::ALL.iter().filter(one_part).copied().collect();
    let ordered = all.iter().flat_map(|one| all.iter().map(move |other| (*one, *other)));
    ordered.filter(|(one, other)| one != other).collect()
}

#[tokio::test]
async fn whoever_took_a_hand_takes_it_again_and_no_other_and_neither_does_a_relative() {
    let world = World::new().await;
    let (person, spouse) = (hires(&world, "one", "SUB1").await, hires(&world, "spouse", "SUB1").await);
    let stranger = hires(&world, "stranger", "SUB1").await;
    declares(&world, &spouse, &person).await.expect("declares");
    for (one, other) in pairs() {
        let subject = format!("{}/{}", one.as_str(), other.as_str());
        takes_hand(&world, &person, one, &subject).await.expect("the first");
        takes_hand(&world, &person, one, &subject).await.expect("the same again");
        for kin in [&person, &spouse] {
            assert_eq!(code(takes_hand(&world, kin, other, &subject).await), Code::SeparationOfDuties, "{subject}");
        }
        takes_hand(&world, &stranger, other, &subject).await.expect("somebody else");
        let sides = rows(&world, sql("SELECT side FROM separation_marks WHERE subject = $1").bind(subject)).await;
        assert_eq!(sides.len(), 3, "the person, the spouse for whom it stands, and the stranger");
    }
}

#[tokio::test]
async fn a_refused_hand_leaves_no_mark_and_is_on_record() {
    let world = World::new().await;
    let person = world.person("keyer_a").clone();
    takes_hand(&world, &person, Hand::FirstKey, "item").await.expect("takes");
    let before = count(&world, sql("SELECT COUNT(*) AS n FROM separation_marks")).await;
    let refused = refusal(takes_hand(&world, &person, Hand::Check, "item").await);
    assert!(refused.zh().contains("要素审核") && refused.en().contains("check"), "{refused}");
    assert_eq!(count(&world, sql("SELECT COUNT(*) AS n FROM separation_marks")).await, before);
    let recorded = sql("SELECT COUNT(*) AS n FROM journal_entries WHERE refused AND kind = 'test.hand'");
    assert_eq!(count(&world, recorded).await, 1);
}

#[tokio::test]
async fn a_kinship_declared_between_two_acts_counts_at_the_second() {
    let world = World::new().await;
    let (one, other) = (world.person("keyer_b").clone(), world.person("authorizer").clone());
    takes_hand(&world, &one, Hand::FirstKey, "item").await.expect("takes");
    declares(&world, &one, &other).await.expect("declares");
    assert_eq!(code(takes_hand(&world, &other, Hand::Authorize, "item").await), Code::SeparationOfDuties);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn peer_defect_21_of_two_racing_hands_one_passes_in_either_order_for_a_person_and_for_relatives() {
    let world = World::new().await;
    let (person, spouse) = (hires(&world, "one", "SUB1").await, hires(&world, "spouse", "SUB1").await);
    declares(&world, &person, &spouse).await.expect("declares");
    for (number, (one, other)) in pairs().into_iter().enumerate() {
        let second = if number % 2 == 0 { &person } else { &spouse };
        let subject = format!("{}/{}", one.as_str(), other.as_str());
        let (a, b) =
            tokio::join!(takes_hand(&world, &person, one, &subject), takes_hand(&world, second, other, &subject));
        assert!(a.is_ok() != b.is_ok(), "{subject}: {a:?} {b:?}");
        assert_eq!(code(if a.is_ok() { b } else { a }), Code::SeparationOfDuties);
    }
}

#[tokio::test]
async fn by_hand_no_second_side_can_be_written_beside_the_first() {
    let world = World::new().await;
    for (one, other) in pairs() {
        let subject = format!("{}/{}", one.as_str(), other.as_str());
        by_hand(&world, mark(&subject, "psn_x", one.as_str())).await.expect("the first");
        assert!(stopped(&by_hand(&world, mark(&subject, "psn_x", other.as_str())).await), "{subject}");
    }
}

/// An item that two keyers have read.
async fn keyed(world: &World) -> ItemId {
    let item = world.keyable(1).await;
    world.keyed(&item, &voucher_values("1.00", "壹元整")).await;
    item
}

#[tokio::test]
async fn peer_defect_1_by_hand_nobody_keys_two_passes_of_a_slice_and_no_pass_is_keyed_twice() {
    let world = World::new().await;
    let item = keyed(&world).await;
    let entry = |id: &str, pass: i64, from: i64, person: &str| {
        sql("INSERT INTO keyings (keying_id, slice_id, item_id, field, pass, person_id, outsourced, value, unreadable, elapsed_ms, keystrokes, verdict, at)
             SELECT $1, slice_id, item_id, field, $2, $3, outsourced, value, unreadable, elapsed_ms, keystrokes, verdict, at
             FROM keyings WHERE item_id = $4 AND field = 'amount' AND pass = $5")
            .bind(id)
            .bind(pass)
            .bind(person)
            .bind(&item)
            .bind(from)
    };
    for name in ["keyer_a", "keyer_b"] {
        let answer = by_hand(&world, entry("key_1", 3, 1, world.person(name).as_str())).await;
        assert!(stopped(&answer), "{name} as third keyer of what they keyed: {answer:?}");
    }
    for pass in [1, 2] {
        let answer = by_hand(&world, entry("key_2", pass, pass, world.person("keyer_c").as_str())).await;
        assert!(stopped(&answer), "a pass that is keyed already: {answer:?}");
    }
    by_hand(&world, entry("key_3", 3, 1, world.person("third").as_str())).await.expect("a third person's row is one");
}

#[tokio::test]
async fn when_the_marks_cannot_be_written_no_act_passes() {
    let world = World::new().await;
    by_hand(&world, sql("DROP TABLE separation_marks")).await.expect("the table is gone");
    for hand in Hand::ALL {
        let failure = takes_hand(&world, world.person("keyer_a"), *hand, "item").await.expect_err("nothing passes");
        assert!(failure.refusal().is_none(), "{hand:?}: a fault, not an answer");
    }
    let entries = sql("SELECT COUNT(*) AS n FROM journal_entries WHERE kind = 'test.hand'");
    assert_eq!(count(&world, entries).await, 0);
}
