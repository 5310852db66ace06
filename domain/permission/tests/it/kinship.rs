//! A kinship is recorded whatever posts the two hold, and what becomes incompatible by it is named.

use crate::bank::{ADMINISTRATOR, appoints, code, day, declares, ends, form, held, hires, rows};
use journal::Subject;
use kernel::{Code, PersonId};
use organization::Duty;
use permission::{Hand, kinship, separation};
use storage::sql;
use world::World;

const TODAY: &str = "2026-11-23";

async fn with_post(world: &World, name: &str, duty: Duty, from: &str, until: Option<&str>) -> PersonId {
    let person = hires(world, name, "SUB1").await;
    let new = form(world, &person, duty, "SUB1", from, until).await;
    appoints(world, ADMINISTRATOR, new).await.expect("appoints");
    person
}

async fn reported(world: &World, person: &PersonId) -> Vec<serde_json::Value> {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let chain = journal::by_subject(&mut reader, &Subject::of(person)).await.expect("reads");
    let kind = "permission.kinship.incompatible_posts";
    chain.into_iter().filter(|entry| entry.kind == kind).map(|entry| entry.payload).collect()
}

/// What one holds, what the other holds, and whether the two exclude each other from today on.
type Case = (Duty, &'static str, Option<&'static str>, Duty, bool);

#[tokio::test]
async fn a_kinship_between_holders_of_incompatible_posts_is_recorded_and_named_in_both_chains() {
    let world = World::new().await;
    let cases: [Case; 6] = [
        (Duty::Keyer, "2026-01-01", None, Duty::ElementChecker, true),
        (Duty::Keyer, "2026-12-01", Some("2027-01-01"), Duty::Authorizer, true),
        (Duty::Keyer, "2026-01-01", Some(TODAY), Duty::ElementChecker, false),
        (Duty::Keyer, "2026-01-01", Some("2026-11-24"), Duty::ElementChecker, true),
        (Duty::Keyer, "2026-01-01", None, Duty::Keyer, false),
        (Duty::Keyer, "2026-01-01", None, Duty::RiskMonitor, false),
    ];
    for (number, (duty, from, until, other, expected)) in cases.into_iter().enumerate() {
        let a = with_post(&world, &format!("a{number}"), duty, from, until).await;
        let b = with_post(&world, &format!("b{number}"), other, "2026-01-01", None).await;
        let found = declares(&world, &a, &b).await.expect("a fact is always recorded");
        assert_eq!(found, i64::from(expected), "{duty:?} {from} {until:?} and {other:?}");
        for (own, relative) in [(&a, &b), (&b, &a)] {
            let reported = reported(&world, own).await;
            assert_eq!(reported.len(), usize::from(expected));
            if let Some(payload) = reported.first() {
                assert_eq!(payload["relative"], relative.as_str());
                assert_eq!(payload["relative_appointment"], held(&world, relative).await[0].appointment_id.as_str());
            }
        }
        let mut reader = world.journal().db.reader().await.expect("reads");
        let kin = organization::staff::relatives_of(&mut reader, &a).await.expect("reads");
        assert_eq!(kin, [b], "declared all the same");
        assert_eq!(held(&world, &a).await.len(), 1, "and no post ended by itself");
    }
}

#[tokio::test]
async fn what_has_to_be_mended_is_listed_until_one_of_the_two_leaves_the_post() {
    let world = World::new().await;
    let listed = async || {
        let mut reader = world.journal().db.reader().await.expect("reads");
        kinship::conflicts(&mut reader, day(TODAY)).await.expect("reads")
    };
    // The world's checker is married to a keyer.
    let before = listed().await.len();
    let keyer = with_post(&world, "k", Duty::Keyer, "2026-01-01", None).await;
    let checker = with_post(&world, "c", Duty::ElementChecker, "2026-01-01", None).await;
    declares(&world, &keyer, &checker).await.expect("declares");
    let now = listed().await;
    assert_eq!(now.len(), before + 1);
    let mine = now.iter().find(|conflict| [&conflict.one.0.person_id, &conflict.other.0.person_id].contains(&&keyer));
    assert_eq!(mine.expect("it is named").basis, "review and authorization are separate from entry");
    let post = held(&world, &keyer).await.remove(0).appointment_id;
    ends(&world, ADMINISTRATOR, &post, TODAY, "回避").await.expect("ends");
    assert_eq!(listed().await.len(), before);
}

#[tokio::test]
async fn a_kinship_is_declared_once_between_two_known_people() {
    let world = World::new().await;
    let (a, b) = (hires(&world, "a", "SUB1").await, hires(&world, "b", "SUB1").await);
    assert_eq!(declares(&world, &a, &b).await.expect("declares"), 0);
    assert_eq!(code(declares(&world, &b, &a).await), Code::WrongState, "twice, the other way round");
    assert_eq!(code(declares(&world, &a, &a).await), Code::InvalidField);
    assert_eq!(code(declares(&world, &a, &PersonId::new(world.journal().now())).await), Code::NotFound);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_kinship_and_an_appointment_that_race_see_each_other() {
    let world = World::new().await;
    for round in 0..8 {
        let keyer = with_post(&world, &format!("k{round}"), Duty::Keyer, "2026-01-01", None).await;
        let spouse = hires(&world, &format!("s{round}"), "SUB1").await;
        let new = form(&world, &spouse, Duty::ElementChecker, "SUB1", TODAY, None).await;
        let (declared, appointed) =
            tokio::join!(declares(&world, &keyer, &spouse), appoints(&world, ADMINISTRATOR, new));
        let found = declared.expect("a fact is always recorded");
        match appointed {
            Ok(_) => assert_eq!(found, 1, "round {round}: the appointment was first, and is named"),
            Err(failure) => {
                let refused = failure.refusal().map(|refusal| refusal.code);
                assert_eq!((refused, found), (Some(Code::RelativesIncompatiblePosts), 0), "round {round}");
            }
        }
    }
}

#[tokio::test]
async fn who_stood_for_a_relative_and_then_acts_stands_for_themselves() {
    let world = World::new().await;
    let (one, spouse) = (hires(&world, "one", "SUB1").await, hires(&world, "spouse", "SUB1").await);
    declares(&world, &one, &spouse).await.expect("declares");
    let stands_for = async |person: &PersonId| {
        let statement = sql("SELECT stands_for FROM separation_marks WHERE subject = 'item' AND person_id = $1");
        rows(&world, statement.bind(person)).await[0].opt_text("stands_for").expect("text")
    };
    let acts = async |person: &PersonId| {
        let person = person.clone();
        let done = world.run("test.hand", move |mut cx| {
            let person = person.clone();
            Box::pin(async move {
                separation::take_hand(&mut cx, &person, Hand::FirstKey, "item").await?;
                let entry = journal::Entry::named(Subject::named("item"), "test.hand", Default::default());
                Ok(cx.append(entry).await?.done(()))
            })
        });
        done.await.expect("takes");
    };
    acts(&one).await;
    assert_eq!(stands_for(&one).await, None);
    assert_eq!(stands_for(&spouse).await.as_deref(), Some(one.as_str()));
    acts(&spouse).await;
    assert_eq!(stands_for(&spouse).await, None, "the spouse has acted");
    assert_eq!(stands_for(&one).await, None, "and who acted before is not made a stand-in");
}
