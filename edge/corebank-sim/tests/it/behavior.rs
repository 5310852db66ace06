//! Each fault on demand.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::world::{World, line, voucher};

#[tokio::test]
async fn a_dropped_reply_leaves_the_posting_in_the_books() {
    let world = World::new().await;
    world.behave(json!({ "drop_reply_after_commit": 1 })).await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]);
    assert!(world.send("/v1/postings", &body).await.is_err());
    assert_eq!(world.get("/v1/postings/k1").await.1["state"], "posted");
    assert_eq!(world.post("/v1/postings", &body).await.0, 200);
    assert_eq!(world.balance("6222-PAYEE").await, "5");
    world.audit().await;
}

#[tokio::test]
async fn a_failure_before_the_commit_leaves_nothing() {
    let world = World::new().await;
    world.behave(json!({ "fail_before_commit": 1 })).await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]);
    assert!(world.send("/v1/postings", &body).await.is_err());
    assert_eq!(world.get("/v1/postings/k1").await.0, 404);
    assert_eq!(world.post("/v1/postings", &body).await.0, 201);
    world.audit().await;
}

#[tokio::test]
async fn a_core_that_is_down_answers_nobody_until_told_otherwise() {
    let world = World::new().await;
    world.behave(json!({ "down": true })).await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]);
    assert!(world.send("/v1/postings", &body).await.is_err());
    assert!(world.client.get(format!("{}/v1/totals", world.url)).send().await.is_err());
    world.behave(json!({})).await;
    assert_eq!(world.get("/v1/postings/k1").await.0, 404);
    world.audit().await;
}

#[tokio::test]
async fn a_slow_posting_goes_on_when_its_client_has_left() {
    let world = World::new().await;
    world.behave(json!({ "slow_ms": 1500 })).await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]);
    let hasty = world.client.post(format!("{}/v1/postings", world.url)).json(&body);
    assert!(hasty.timeout(Duration::from_millis(200)).send().await.is_err());
    assert_eq!(world.get("/v1/postings/k1").await.0, 404, "it is still on its way");
    for _ in 0..500 {
        if world.get("/v1/postings/k1").await.0 == 200 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.balance("6222-PAYEE").await, "5");
    world.audit().await;
}

#[tokio::test]
async fn a_told_refusal_is_an_answer_like_any_other() {
    let world = World::new().await;
    world.behave(json!({ "refuse": "name_mismatch" })).await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "5").await, (422, "name_mismatch".into()));
    world.behave(json!({})).await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "5").await, (422, "name_mismatch".into()));
    assert_eq!(world.pays("k2", "6222-PAYER", "6222-PAYEE", "5").await.0, 201);
    world.audit().await;
}

#[tokio::test]
async fn a_reply_sent_twice_is_two_whole_replies_on_the_wire() {
    let world = World::new().await;
    world.behave(json!({ "answer_twice": 1 })).await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]).to_string();
    let address = world.url.trim_start_matches("http://");
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/postings HTTP/1.1\r\nhost: core\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    socket.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut heard = String::new();
    socket.read_to_string(&mut heard).await.unwrap();
    assert_eq!(heard.matches("HTTP/1.1 201").count(), 2, "{heard}");
    assert_eq!(heard.matches("\"idempotency_key\":\"k1\"").count(), 2);
    assert_eq!(world.balance("6222-PAYEE").await, "5");
    world.audit().await;
}

#[tokio::test]
async fn a_restarted_core_behaves_well_and_remembers_its_books() {
    let world = World::new().await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "5").await.0, 201);
    world.behave(json!({ "refuse": "day_closed", "slow_ms": 5 })).await;
    let world = world.restart().await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "5").await.0, 200);
    assert_eq!(world.pays("k2", "6222-PAYER", "6222-PAYEE", "5").await.0, 201);
    world.audit().await;
}

#[tokio::test]
async fn a_misspelled_fault_is_refused() {
    let world = World::new().await;
    assert_eq!(world.post("/v1/behavior", &json!({ "slow": 5 })).await.0, 400);
    world.audit().await;
}
