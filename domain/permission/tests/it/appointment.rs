//! Appointing and ending: works, twice, unknown, wrong state, wrong person, and what excludes each other.

use crate::bank::{
    ADMINISTRATOR, appoints, by_hand, code, day, declares, ends, form, held, hires, refusal, refusals_on_record,
    rights_on,
};
use kernel::{AppointmentId, Code, InstitutionId, PersonId, PostId};
use organization::Duty;
use permission::{Action, appointment};
use storage::sql;
use world::{PEOPLE, World};

const TODAY: &str = "2026-11-23";

#[tokio::test]
async fn an_appointment_gives_its_rights_from_its_first_day_to_its_last() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let new = form(&world, &person, Duty::Keyer, "SUB1", "2026-11-24", Some("2026-12-01")).await;
    appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
    for (on, may) in [(TODAY, false), ("2026-11-24", true), ("2026-11-30", true), ("2026-12-01", false)] {
        let rights = rights_on(&world, &person, on).await.expect("reads");
        assert_eq!(rights.may(Action::KeySlice), may, "{on}");
        assert!(!rights.may(Action::CheckItem), "{on}");
    }
}

#[tokio::test]
async fn the_same_appointment_twice_is_refused_and_stands_once() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let new = form(&world, &person, Duty::Keyer, "SUB1", TODAY, None).await;
    appoints(&world, ADMINISTRATOR, new.clone()).await.expect("appoints");
    assert_eq!(code(appoints(&world, ADMINISTRATOR, new).await), Code::OverlappingAppointment);
    assert_eq!(held(&world, &person).await.len(), 1);
}

#[tokio::test]
async fn an_unknown_person_post_or_institution_is_refused_by_name() {
    let world = World::new().await;
    let (person, now) = (hires(&world, "new", "SUB1").await, world.journal().now());
    let good = form(&world, &person, Duty::Keyer, "SUB1", TODAY, None).await;
    let cases = [
        ("person", organization::NewAppointment { person_id: PersonId::new(now), ..good.clone() }),
        ("post_id", organization::NewAppointment { post_id: PostId::new(now), ..good.clone() }),
        ("institution_id", organization::NewAppointment { institution_id: InstitutionId::new(now), ..good.clone() }),
    ];
    for (field, new) in cases {
        let refused = refusal(appoints(&world, ADMINISTRATOR, new).await);
        assert_eq!((refused.code, refused.field.as_deref()), (Code::NotFound, Some(field)));
    }
    assert!(held(&world, &person).await.is_empty());
}

#[tokio::test]
async fn who_has_left_is_appointed_to_nothing() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let leaver = person.clone();
    let left = world.run("test.leave", move |cx| {
        let leaver = leaver.clone();
        Box::pin(async move { organization::staff::leave(cx, leaver, day(TODAY)).await })
    });
    left.await.expect("leaves");
    let new = form(&world, &person, Duty::Keyer, "SUB1", TODAY, None).await;
    assert_eq!(code(appoints(&world, ADMINISTRATOR, new).await), Code::WrongState);
}

#[tokio::test]
async fn only_the_administrator_of_the_organization_appoints() {
    let world = World::new().await;
    for (name, ..) in PEOPLE {
        let may = world.rights(name).await.may(Action::EditAppointment);
        assert_eq!(may, *name == ADMINISTRATOR, "{name}");
    }
}

#[tokio::test]
async fn nobody_appoints_or_ends_themselves_or_a_relative() {
    let world = World::new().await;
    let (own, kin) = (world.person(ADMINISTRATOR).clone(), hires(&world, "cousin", "SUB1").await);
    let others = form(&world, &kin, Duty::Keyer, "SUB1", TODAY, None).await;
    let id = appoints(&world, ADMINISTRATOR, others).await.expect("before they were kin");
    declares(&world, &kin, &own).await.expect("declares");
    for (person, refused) in [(&own, Code::OwnAppointment), (&kin, Code::RelativesAppointment)] {
        let new = form(&world, person, Duty::ArchiveClerk, "HEAD", TODAY, None).await;
        assert_eq!(code(appoints(&world, ADMINISTRATOR, new).await), refused);
        assert_eq!(held(&world, person).await.len(), 1, "nothing new");
    }
    let mine = held(&world, &own).await.remove(0).appointment_id;
    for (id, refused) in [(&mine, Code::OwnAppointment), (&id, Code::RelativesAppointment)] {
        assert_eq!(code(ends(&world, ADMINISTRATOR, id, TODAY, "rotation").await), refused);
    }
    assert_eq!(refusals_on_record(&world, &own).await, 4, "each is on record");
}

#[tokio::test]
async fn an_appointment_ends_once_with_a_reason_and_an_unknown_one_not_at_all() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let new = form(&world, &person, Duty::Keyer, "SUB1", "2026-11-01", None).await;
    let id = appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
    assert!(rights_on(&world, &person, TODAY).await.expect("reads").may(Action::KeySlice));
    assert_eq!(code(ends(&world, ADMINISTRATOR, &id, TODAY, " ").await), Code::ReasonRequired);
    ends(&world, ADMINISTRATOR, &id, TODAY, "rotation").await.expect("ends");
    assert!(!rights_on(&world, &person, TODAY).await.expect("reads").may(Action::KeySlice), "gone on the next load");
    assert_eq!(code(ends(&world, ADMINISTRATOR, &id, TODAY, "rotation").await), Code::WrongState);
    let unknown = AppointmentId::new(world.journal().now());
    assert_eq!(code(ends(&world, ADMINISTRATOR, &unknown, TODAY, "rotation").await), Code::NotFound);
}

/// From, until, whether it shares a day with a post held from 2026-12-01 to 2027-01-01.
const TIMES: &[(&str, Option<&str>, bool)] = &[
    ("2026-11-23", None, true),
    ("2026-11-23", Some("2026-12-01"), false),
    ("2026-11-23", Some("2026-12-02"), true),
    ("2026-12-10", Some("2026-12-11"), true),
    ("2026-12-31", None, true),
    ("2027-01-01", None, false),
];

#[tokio::test]
async fn an_incompatible_duty_is_refused_for_the_person_and_for_a_relative_exactly_while_both_last() {
    let world = World::new().await;
    for (number, (from, until, shares)) in TIMES.iter().enumerate() {
        let person = hires(&world, &format!("p{number}"), "SUB1").await;
        let spouse = hires(&world, &format!("s{number}"), "SUB1").await;
        let stranger = hires(&world, &format!("x{number}"), "SUB1").await;
        declares(&world, &spouse, &person).await.expect("declares");
        let first = form(&world, &person, Duty::Keyer, "SUB1", "2026-12-01", Some("2027-01-01")).await;
        appoints(&world, ADMINISTRATOR, first).await.expect("appoints");
        // Each ends before the next is asked, so that they meet only what the keyer holds.
        for (who, refused) in [(&stranger, false), (&spouse, *shares), (&person, *shares)] {
            let new = form(&world, who, Duty::ElementChecker, "SUB1", from, *until).await;
            let answer = appoints(&world, ADMINISTRATOR, new).await;
            if refused {
                let refusal = refusal(answer);
                let of_kin = who == &spouse;
                let expected = if of_kin { Code::RelativesIncompatiblePosts } else { Code::IncompatiblePosts };
                assert_eq!(refusal.code, expected, "{from} to {until:?}");
                assert!(refusal.zh().contains("要素审核员与录入员"), "{}", refusal.zh());
                assert!(refusal.en().contains("Element checker and Keyer"), "{}", refusal.en());
            } else {
                answer.unwrap_or_else(|failure| panic!("{from} to {until:?}: {failure}"));
            }
        }
    }
}

#[tokio::test]
async fn a_relative_of_a_relative_is_a_stranger() {
    let world = World::new().await;
    let mut people = Vec::new();
    for name in ["one", "two", "three"] {
        people.push(hires(&world, name, "SUB1").await);
    }
    declares(&world, &people[0], &people[1]).await.expect("declares");
    declares(&world, &people[1], &people[2]).await.expect("declares");
    for (person, duty) in [(&people[0], Duty::Keyer), (&people[2], Duty::ElementChecker)] {
        let new = form(&world, person, duty, "SUB1", TODAY, None).await;
        appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
    }
    let between = form(&world, &people[1], Duty::Authorizer, "SUB1", TODAY, None).await;
    assert_eq!(code(appoints(&world, ADMINISTRATOR, between).await), Code::RelativesIncompatiblePosts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_racing_appointments_to_incompatible_duties_exactly_one_stands() {
    let world = World::new().await;
    for round in 0..8 {
        let person = hires(&world, &format!("p{round}"), "SUB1").await;
        let (one, other) =
            if round % 2 == 0 { (Duty::Keyer, Duty::Authorizer) } else { (Duty::Authorizer, Duty::Keyer) };
        let one = form(&world, &person, one, "SUB1", TODAY, None).await;
        let other = form(&world, &person, other, "SUB1", TODAY, None).await;
        let (one, other) = tokio::join!(appoints(&world, ADMINISTRATOR, one), appoints(&world, ADMINISTRATOR, other));
        assert!(one.is_ok() != other.is_ok(), "round {round}: {one:?} {other:?}");
        assert_eq!(code(if one.is_ok() { other } else { one }), Code::IncompatiblePosts);
        assert_eq!(held(&world, &person).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_racing_appointments_of_relatives_to_incompatible_duties_exactly_one_stands() {
    let world = World::new().await;
    for round in 0..8 {
        let (a, b) =
            (hires(&world, &format!("a{round}"), "SUB1").await, hires(&world, &format!("b{round}"), "SUB1").await);
        declares(&world, &a, &b).await.expect("declares");
        let one = form(&world, &a, Duty::Keyer, "SUB1", TODAY, None).await;
        let other = form(&world, &b, Duty::ElementChecker, "SUB1", TODAY, None).await;
        let (one, other) = tokio::join!(appoints(&world, ADMINISTRATOR, one), appoints(&world, ADMINISTRATOR, other));
        assert!(one.is_ok() != other.is_ok(), "round {round}: {one:?} {other:?}");
        assert_eq!(code(if one.is_ok() { other } else { one }), Code::RelativesIncompatiblePosts);
        assert_eq!(held(&world, &a).await.len() + held(&world, &b).await.len(), 1);
    }
}

#[tokio::test]
async fn loading_a_bank_meets_the_same_matrix_and_a_refused_batch_leaves_nothing() {
    let world = World::new().await;
    let (one, other) = (hires(&world, "one", "SUB1").await, hires(&world, "other", "SUB1").await);
    let rows = vec![
        form(&world, &other, Duty::Keyer, "SUB1", TODAY, None).await,
        form(&world, &one, Duty::Keyer, "SUB1", TODAY, None).await,
        form(&world, &one, Duty::ThirdKeyer, "SUB1", TODAY, None).await,
    ];
    let loaded = world.run("test.load", move |mut cx| {
        let rows = rows.clone();
        Box::pin(async move {
            appointment::load(&mut cx, rows).await?;
            let subject = journal::Subject::named("test");
            let entry = journal::Entry::named(subject, "test.load", Default::default());
            Ok(cx.append(entry).await?.done(()))
        })
    });
    assert_eq!(code(loaded.await), Code::IncompatiblePosts);
    assert!(held(&world, &one).await.is_empty() && held(&world, &other).await.is_empty());
}

#[tokio::test]
async fn who_left_has_no_rights_even_where_a_post_was_never_ended() {
    let world = World::new().await;
    let keyer = world.person("keyer_a").clone();
    for (left_on, may) in [("2026-11-24", true), (TODAY, false), ("2026-11-01", false)] {
        let statement = sql("UPDATE persons SET left_on = $2 WHERE person_id = $1").bind(&keyer).bind(left_on);
        by_hand(&world, statement).await.expect("the row is written");
        assert_eq!(rights_on(&world, &keyer, TODAY).await.expect("reads").may(Action::KeySlice), may, "{left_on}");
    }
}
