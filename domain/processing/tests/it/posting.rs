//! Money moves once, whatever the core does.

use processing::item::State;
use serde_json::json;
use world::{World, voucher_values};

async fn core_behaves(world: &World, behavior: serde_json::Value) {
    let client = reqwest::Client::new();
    let answer =
        client.post(format!("{}/v1/behavior", world.core_url)).json(&behavior).send().await.expect("the core answers");
    assert!(answer.status().is_success());
}

async fn checked(world: &World, seed: u64) -> kernel::ItemId {
    let item = world.keyable(seed).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    world.checks("checker").await.expect("passes");
    item
}

/// Lets back-off pass until nothing is due any more.
async fn until_quiet(world: &World) {
    for _ in 0..12 {
        world.drain().await;
        world.desk.clock.advance_seconds(310);
    }
}

#[tokio::test]
async fn a_reply_lost_after_the_commit_is_asked_for_and_not_sent_again() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    core_behaves(&world, json!({ "drop_reply_after_commit": 1 })).await;
    let item = checked(&world, 1).await;
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    assert_eq!(before - world.payer_balance().await, 1_000, "once");
}

#[tokio::test]
async fn a_core_that_answers_twice_or_fails_before_it_commits_moves_money_once() {
    for behavior in [json!({ "answer_twice": 1 }), json!({ "fail_before_commit": 2 })] {
        let world = World::new().await;
        let before = world.payer_balance().await;
        core_behaves(&world, behavior.clone()).await;
        let item = checked(&world, 2).await;
        until_quiet(&world).await;
        assert_eq!(world.state(&item).await, State::Posted, "{behavior}");
        assert_eq!(before - world.payer_balance().await, 1_000, "{behavior}");
    }
}

#[tokio::test]
async fn while_the_core_is_down_the_item_waits_and_is_posted_when_it_is_back() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    core_behaves(&world, json!({ "down": true })).await;
    let item = checked(&world, 3).await;
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Posting, "neither posted nor failed");
    core_behaves(&world, json!({})).await;
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    assert_eq!(before - world.payer_balance().await, 1_000);
}

#[tokio::test]
async fn a_core_s_refusal_is_a_state_with_a_reason_and_a_way_on() {
    let world = World::new().await;
    core_behaves(&world, json!({ "refuse": "insufficient_funds" })).await;
    let item = checked(&world, 4).await;
    until_quiet(&world).await;
    let failed = world.item(&item).await;
    assert_eq!(failed.state, State::PostFailed);
    assert_eq!(failed.reason.map(|reason| reason.code), Some("R14".into()));
    core_behaves(&world, json!({})).await;
    let permit = world.permit::<permission::act::ResumeItem>("supervisor").await;
    let again = item.clone();
    world
        .run_as("test.retry", permit.actor(), move |cx| {
            let (permit, again) = (permit.clone(), again.clone());
            Box::pin(async move {
                processing::authorizing::retry_posting(cx, &permit, &again, "客户已存入款项").await
            })
        })
        .await
        .expect("decides anew");
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    let mut reader = world.journal().db.reader().await.expect("reads");
    let attempts = processing::posting::attempts_of(&mut reader, &item).await.expect("reads");
    let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["refused", "posted"], "each decision has a key of its own");
}
