//! Nobody does both halves of anything: who suspended does not resume, who decided does not decide again for the core,
//! and who worked on an item at the center does not say at the outlet what came of it. Also after a change of post.

use journal::Answer;
use kernel::{Code, ItemId};
use organization::{Duty, NewAppointment};
use permission::{act, appointment};
use processing::item::State;
use processing::queues;
use serde_json::json;
use world::{World, voucher_values};

/// The person leaves every post and takes another one at once, at a place that goes with it.
async fn becomes(world: &World, name: &str, duty: Duty, place: &str) {
    let (person, today) = (world.person(name).clone(), world.today());
    let permit = world.permit::<act::EditAppointment>("administrator").await;
    let mut reader = world.journal().db.reader().await.expect("reads");
    let held = organization::appointment::of_person(&mut reader, &person).await.expect("reads");
    let post = organization::post::find_by_code(&mut reader, duty.as_str()).await.expect("reads").expect("a post");
    drop(reader);
    let home = world.institutions[place].clone();
    let new = NewAppointment {
        person_id: person.clone(),
        post_id: post.post_id,
        institution_id: home.clone(),
        from: today,
        until: None,
    };
    let ended: Vec<_> = held.into_iter().filter(|old| old.is_in_force(today)).map(|old| old.appointment_id).collect();
    for id in ended {
        let permit = permit.clone();
        world
            .run_as("test.end", permit.actor(), move |cx| {
                let (permit, id) = (permit.clone(), id.clone());
                Box::pin(async move { appointment::end(cx, &permit, id, today, "轮岗".into()).await })
            })
            .await
            .expect("ends");
    }
    world
        .run_as("test.appoint", permit.actor(), move |cx| {
            let (permit, new) = (permit.clone(), new.clone());
            Box::pin(async move { appointment::appoint(cx, &permit, new).await })
        })
        .await
        .expect("appoints");
    world
        .run("test.transfer", move |cx| {
            let (person, home) = (person.clone(), home.clone());
            Box::pin(async move { organization::staff::transfer(cx, person, home).await })
        })
        .await
        .expect("moves");
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> Option<Code> {
    answer.expect_err("it is refused").refusal().map(|refusal| refusal.code)
}

async fn suspended(world: &World, seed: u64, by: &str) -> ItemId {
    let item = world.keyable(seed).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    world.suspends(by).await.expect("work for the checker").expect("suspends");
    item
}

async fn refused_by_the_core(world: &World, seed: u64, amount: (&str, &str)) -> ItemId {
    world.core_behaves(json!({ "refuse": "insufficient_funds" })).await;
    let item = world.keyable(seed).await;
    world.keyed(&item, &voucher_values(amount.0, amount.1)).await;
    if world.checks("checker_b").await.expect("passes") == "authorizing" {
        world.drain().await;
        world.authorizes("authorizer").await.expect("approves");
    }
    for _ in 0..4 {
        world.drain().await;
        world.desk.clock.advance_seconds(310);
    }
    assert_eq!(world.state(&item).await, State::PostFailed);
    world.core_behaves(json!({})).await;
    item
}

#[tokio::test]
async fn who_suspended_or_keyed_an_item_does_not_resume_it_or_send_it_back_after_a_change_of_post() {
    let world = World::new().await;
    let item = suspended(&world, 1, "checker_b").await;
    for name in ["checker_b", "keyer_a"] {
        becomes(&world, name, Duty::DutySupervisor, "CENTER").await;
        assert_eq!(code(world.resumes(name, &item).await), Some(Code::SeparationOfDuties), "{name}");
        assert_eq!(code(world.sends_back(name, &item).await), Some(Code::SeparationOfDuties), "{name}");
    }
    assert_eq!(world.state(&item).await, State::Suspended, "nothing of it happened");
    world.resumes("supervisor", &item).await.expect("another supervisor resumes it");
    assert_eq!(world.state(&item).await, State::Checking);
    becomes(&world, "supervisor", Duty::ElementChecker, "SUB1").await;
    assert!(world.takes("supervisor", queues::CHECKING, 1).await.is_empty(), "who resumed it does not check it");
    assert_eq!(world.checks("checker").await.expect("another checker passes"), "posting");
}

#[tokio::test]
async fn who_checked_or_authorized_an_item_does_not_decide_to_post_it_once_more() {
    let world = World::new().await;
    let item = refused_by_the_core(&world, 2, ("60000.00", "陆万元整")).await;
    for name in ["authorizer", "checker_b", "keyer_b"] {
        becomes(&world, name, Duty::DutySupervisor, "CENTER").await;
        assert_eq!(code(world.retries_posting(name, &item).await), Some(Code::SeparationOfDuties), "{name}");
    }
    assert_eq!(world.state(&item).await, State::PostFailed);
    world.retries_posting("supervisor", &item).await.expect("another supervisor decides");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Posted);
}

#[tokio::test]
async fn a_supervisor_who_retried_a_posting_may_send_it_back_when_the_core_refuses_again() {
    let world = World::new().await;
    let item = refused_by_the_core(&world, 3, ("10.00", "壹拾元整")).await;
    world.core_behaves(json!({ "refuse": "account_frozen" })).await;
    world.retries_posting("supervisor", &item).await.expect("decides");
    for _ in 0..4 {
        world.drain().await;
        world.desk.clock.advance_seconds(310);
    }
    assert_eq!(world.state(&item).await, State::PostFailed);
    world.sends_back("supervisor", &item).await.expect("the same half of the same thing");
    assert_eq!(world.state(&item).await, State::Returned);
}

#[tokio::test]
async fn who_worked_on_an_item_at_the_center_neither_confirms_nor_objects_nor_withdraws_at_the_outlet() {
    let world = World::new().await;
    let item = world.keyable(4).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    becomes(&world, "keyer_a", Duty::Teller, "OUT1").await;
    assert_eq!(code(world.withdraws("keyer_a", &item).await), Some(Code::SeparationOfDuties));
    assert_eq!(world.state(&item).await, State::Checking, "the item and its work stand");
    assert_eq!(world.checks("checker_b").await.expect("passes"), "posting");
    world.drain().await;
    becomes(&world, "checker_b", Duty::Teller, "OUT1").await;
    for name in ["keyer_a", "checker_b"] {
        assert_eq!(code(world.confirms(name, &item).await), Some(Code::SeparationOfDuties), "{name}");
        assert_eq!(code(world.objects(name, &item).await), Some(Code::SeparationOfDuties), "{name}");
    }
    assert_eq!(world.state(&item).await, State::Posted);
    world.confirms("teller", &item).await.expect("who captured it confirms it: both are the outlet's half");
    assert_eq!(world.state(&item).await, State::Confirmed);
}

#[tokio::test]
async fn who_confirmed_an_item_counts_as_its_outlet() {
    let world = World::new().await;
    let item = world.keyable(5).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    world.checks("checker").await.expect("passes");
    world.drain().await;
    becomes(&world, "other_teller", Duty::Teller, "OUT1").await;
    world.objects("other_teller", &item).await.expect("a colleague at the outlet objects");
    let mark = storage::sql("SELECT side FROM separation_marks WHERE subject = $1 AND person_id = $2");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let mark = reader.one(mark.bind(&item).bind(world.person("other_teller"))).await.expect("a mark");
    assert_eq!(mark.text("side").expect("text"), "capture");
}

#[tokio::test]
async fn what_a_person_says_of_an_item_is_sealed_beside_the_chain_and_not_hashed_into_it() {
    let world = World::new().await;
    let item = suspended(&world, 6, "checker_b").await;
    world.resumes("supervisor", &item).await.expect("resumes");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let chain = journal::by_subject(&mut reader, &journal::Subject::of(&item)).await.expect("reads");
    let resumed = chain.iter().find(|entry| entry.kind == "processing.item.resume").expect("it is recorded");
    let said = journal::private_values(&mut reader, &world.journal().vault, &resumed.entry_id).await.expect("opens");
    let said: Vec<_> = said.iter().map(|(field, text)| (field.as_str(), text.reveal())).collect();
    assert_eq!(said, [(processing::item::NOTE, "查证相符")]);
    assert!(chain.iter().all(|entry| !entry.payload.to_string().contains("查证相符")), "the payload is never erased");
}
