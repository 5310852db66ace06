//! Rights and permits: read afresh, closed where nothing is written, and no wider than their institution.

use crate::bank::{ADMINISTRATOR, appoints, by_hand, code, ends, form, held, hires, rights_on};
use kernel::{Code, PersonId};
use organization::Duty;
use permission::{Action, Permit, act, policy};
use storage::sql;
use world::{PEOPLE, World};

const TODAY: &str = "2026-11-23";

#[tokio::test]
async fn an_unknown_person_has_no_rights_and_is_refused() {
    let world = World::new().await;
    let nobody = PersonId::new(world.journal().now());
    assert_eq!(code(rights_on(&world, &nobody, TODAY).await), Code::NoCurrentAppointment);
}

#[tokio::test]
async fn a_person_without_a_post_may_do_nothing() {
    let world = World::new().await;
    let person = hires(&world, "new", "SUB1").await;
    let rights = rights_on(&world, &person, TODAY).await.expect("reads");
    assert!(rights.actions().is_empty());
    let refused = rights.permit::<act::ViewItem>(None).expect_err("no permit");
    assert_eq!(refused.code, Code::NotPermitted);
    assert!(refused.zh().contains("查看业务") && refused.en().contains("seeing items"), "{refused}");
}

#[tokio::test]
async fn peer_defect_13_a_duty_that_the_policy_does_not_name_may_do_nothing() {
    let world = World::new().await;
    let unnamed: Vec<Duty> = Duty::ALL.iter().copied().filter(|duty| policy::grants(*duty).is_empty()).collect();
    assert!(!unnamed.is_empty(), "there are duties whose area is not built");
    for duty in unnamed {
        let person = hires(&world, duty.as_str(), "SUB1").await;
        let new = form(&world, &person, duty, "SUB1", TODAY, None).await;
        appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
        assert!(rights_on(&world, &person, TODAY).await.expect("reads").actions().is_empty(), "{duty:?}");
    }
}

#[tokio::test]
async fn peer_defect_23_when_rights_cannot_be_read_nothing_is_allowed() {
    let world = World::new().await;
    by_hand(&world, sql("DROP TABLE appointments")).await.expect("the table is gone");
    for (name, ..) in PEOPLE {
        let failure = rights_on(&world, world.person(name), TODAY).await.expect_err("nothing is assumed");
        assert!(failure.refusal().is_none(), "a fault, so that it is seen to and not taken for an answer: {failure}");
    }
}

#[tokio::test]
async fn peer_defect_8_a_permit_reaches_its_own_institution_and_no_other() {
    let world = World::new().await;
    let mut paths = std::collections::BTreeMap::new();
    for (code, id) in &world.institutions {
        let mut reader = world.journal().db.reader().await.expect("reads");
        let path = organization::institution::path_of(&mut reader, id).await.expect("reads").expect("a path");
        paths.insert(code.clone(), path);
    }
    let all: Vec<&str> = paths.keys().map(String::as_str).collect();
    let cases: [(&str, &[&str]); 6] = [
        ("teller", &["OUT1"]),
        ("other_teller", &["OUT2"]),
        ("outlet_supervisor", &["OUT1"]),
        ("branch_manager", &["BR1", "OUT1", "OUT2", "SB1"]),
        ("supervisor", &all),
        ("auditor", &all),
    ];
    for (name, within) in cases {
        let permit: Permit<act::ViewItem> = world.permit(name).await;
        for (code, path) in &paths {
            let answer = permit.covers(path);
            assert_eq!(answer.is_ok(), within.contains(&code.as_str()), "{name} in {code}");
            if let Err(refused) = answer {
                assert_eq!(refused.code, Code::NotFound, "it is not told that the thing exists");
            }
        }
    }
}

#[tokio::test]
async fn a_permit_that_is_only_assigned_reaches_no_institution_by_itself() {
    let world = World::new().await;
    let permit: Permit<act::KeySlice> = world.permit("keyer_a").await;
    assert_eq!(permit.reach().like(), None, "no list is open to it");
    assert_eq!(permit.covers("/").expect_err("nowhere").code, Code::NotFound);
}

#[tokio::test]
async fn peer_defect_22_who_moves_to_another_outlet_leaves_its_items_behind() {
    let world = World::new().await;
    let item = world.captures("teller", 1).await;
    let teller = world.person("teller").clone();
    let old = held(&world, &teller).await.remove(0).appointment_id;
    ends(&world, ADMINISTRATOR, &old, TODAY, "transfer").await.expect("ends");
    let new = form(&world, &teller, Duty::Teller, "OUT2", TODAY, None).await;
    appoints(&world, ADMINISTRATOR, new).await.expect("appoints");
    assert_eq!(code(world.submits("teller", &item).await), Code::NotFound, "the capturer, now of another outlet");
    assert_eq!(code(world.withdraws("teller", &item).await), Code::NotFound);
}

#[tokio::test]
async fn each_right_comes_from_a_post_that_is_named_with_the_act() {
    let world = World::new().await;
    let permit: Permit<act::CaptureItem> = world.permit("teller").await;
    let (actor, held) = (permit.actor(), held(&world, world.person("teller")).await.remove(0));
    assert_eq!((actor.post, actor.institution), (Some(held.post_id), Some(held.institution_id)));
    assert_eq!(actor.seat.as_deref(), Some("seat-teller"));
    assert_eq!(Action::parse("item.anything"), None, "what is not in the list is no action");
}
