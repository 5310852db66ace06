//! What the books allow and refuse.

use serde_json::json;

use crate::world::{DAY, World, accounts, line, voucher};

#[tokio::test]
async fn a_voucher_moves_money_once_however_often_it_is_sent() {
    let world = World::new().await;
    let body = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "2500"), line("6222-PAYER", "9001-FEES", "50")]);
    let (status, first) = world.post("/v1/postings", &body).await;
    assert_eq!((status, &first["repeated"]), (201, &json!(false)));
    assert_eq!(first["postings"].as_array().map(Vec::len), Some(2));
    let (status, mut second) = world.post("/v1/postings", &body).await;
    assert_eq!((status, &second["repeated"]), (200, &json!(true)));
    second["repeated"] = json!(false);
    assert_eq!(first, second, "a repeat says the same");
    assert_eq!(world.balance("6222-PAYER").await, "97450");
    assert_eq!(world.balance("6222-PAYEE").await, "2500");
    assert_eq!(world.balance("9001-FEES").await, "50");
    world.audit().await;
}

#[tokio::test]
async fn a_key_is_not_taken_for_another_voucher() {
    let world = World::new().await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "1").await.0, 201);
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "2").await, (409, "key_conflict".into()));
    let (status, _) = world.post("/v1/postings/k1/reversal", &json!({"idempotency_key": "k1", "reason": "x"})).await;
    assert_eq!(status, 409, "a reversal shares the keys of postings");
    assert_eq!(world.balance("6222-PAYEE").await, "1");
    world.audit().await;
}

#[tokio::test]
async fn each_rule_of_the_books_refuses_with_its_code() {
    let world = World::new().await;
    let table = [
        ("6222-PAYER", "6222-PAYEE", "100001", "insufficient_funds"),
        ("6222-PAYEE", "6222-PAYER", "1", "insufficient_funds"),
        ("6222-CLOSED", "6222-PAYEE", "1", "account_closed"),
        ("6222-PAYER", "6222-CLOSED", "1", "account_closed"),
        ("6222-FROZEN", "6222-PAYEE", "1", "account_frozen"),
        ("6222-PAYER", "6222-FROZEN", "1", "account_frozen"),
        ("6222-STOPPED", "6222-PAYEE", "1", "stop_payment"),
        ("6222-PAYER", "6222-NOBODY", "1", "unknown_account"),
        ("6222-USD", "6222-PAYEE", "1", "wrong_currency"),
        ("9001-FEES", "6222-PAYEE", "10000000000000000", ""),
        ("9001-FEES", "6222-PAYEE", "10000000000000001", "amount_too_large"),
    ];
    for (at, (debit, credit, amount, code)) in table.into_iter().enumerate() {
        let status = if code.is_empty() { 201 } else { 422 };
        let said = world.pays(&format!("k{at}"), debit, credit, amount).await;
        assert_eq!(said, (status, code.to_owned()), "{debit} to {credit}");
    }
    assert_eq!(world.pays("k-in", "6222-PAYER", "6222-STOPPED", "1").await.0, 201, "stopped payments still receive");
    world.audit().await;
}

#[tokio::test]
async fn a_voucher_is_posted_whole_or_not_at_all() {
    let world = World::new().await;
    let lines = [line("6222-PAYER", "6222-PAYEE", "600"), line("6222-PAYER", "6222-NOBODY", "1")];
    let (status, reply) = world.post("/v1/postings", &voucher("k1", &lines)).await;
    assert_eq!((status, &reply["code"]), (422, &json!("unknown_account")));
    assert_eq!(world.balance("6222-PAYEE").await, "0");
    let through = [line("6222-PAYER", "6222-PAYEE", "600"), line("6222-PAYEE", "9001-FEES", "600")];
    assert_eq!(world.post("/v1/postings", &voucher("k2", &through)).await.0, 201, "lines count in their order");
    let backwards = [line("6222-PAYEE", "9001-FEES", "600"), line("6222-PAYER", "6222-PAYEE", "600")];
    let (_, reply) = world.post("/v1/postings", &voucher("k3", &backwards)).await;
    assert_eq!(reply["code"], "insufficient_funds");
    world.audit().await;
}

#[tokio::test]
async fn a_refused_key_stays_refused_when_its_cause_is_gone() {
    let world = World::new().await;
    assert_eq!(world.pays("k1", "6222-PAYEE", "9001-FEES", "70").await, (422, "insufficient_funds".into()));
    assert_eq!(world.pays("k2", "6222-PAYER", "6222-PAYEE", "100").await.0, 201);
    assert_eq!(world.pays("k1", "6222-PAYEE", "9001-FEES", "70").await, (422, "insufficient_funds".into()));
    let (status, known) = world.get("/v1/postings/k1").await;
    assert_eq!((status, &known["state"], &known["code"]), (200, &json!("refused"), &json!("insufficient_funds")));
    assert_eq!(world.pays("k3", "6222-PAYEE", "9001-FEES", "70").await.0, 201, "a new key is a new decision");
    world.audit().await;
}

#[tokio::test]
async fn a_query_tells_posted_refused_or_never_seen() {
    let world = World::new().await;
    let (_, posted) = world.post("/v1/postings", &voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")])).await;
    let (status, known) = world.get("/v1/postings/k1").await;
    assert_eq!((status, &known["state"]), (200, &json!("posted")));
    assert_eq!(known["core_reference"], posted["core_reference"]);
    assert_eq!(known["postings"], posted["postings"]);
    let (status, unknown) = world.get("/v1/postings/k2").await;
    assert_eq!((status, &unknown["code"]), (404, &json!("never_seen")));
    world.audit().await;
}

#[tokio::test]
async fn a_posting_is_reversed_once() {
    let world = World::new().await;
    let reverse = |key: &str| json!({ "idempotency_key": key, "reason": "记错账" });
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "300").await.0, 201);
    assert_eq!(world.pays("k0", "6222-PAYEE", "6222-PAYER", "999").await.0, 422);
    let (status, first) = world.post("/v1/postings/k1/reversal", &reverse("r1")).await;
    assert_eq!((status, &first["reverses"]), (201, &json!("k1")));
    let (status, again) = world.post("/v1/postings/k1/reversal", &reverse("r1")).await;
    assert_eq!((status, &again["core_reference"]), (200, &first["core_reference"]));
    let table = [
        ("k1", "r2", "already_reversed"),
        ("r1", "r3", "not_reversible"),
        ("k0", "r4", "not_reversible"),
        ("k9", "r5", "never_seen"),
    ];
    for (original, key, code) in table {
        let (status, reply) = world.post(&format!("/v1/postings/{original}/reversal"), &reverse(key)).await;
        assert_eq!((status, &reply["code"]), (422, &json!(code)), "{original}");
    }
    assert_eq!(world.get("/v1/postings/k1").await.1["reversed_by"], "r1");
    assert_eq!(world.balance("6222-PAYER").await, "100000");
    world.audit().await;
}

#[tokio::test]
async fn money_that_was_spent_cannot_be_reversed_away() {
    let world = World::new().await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "300").await.0, 201);
    assert_eq!(world.pays("k2", "6222-PAYEE", "9001-FEES", "200").await.0, 201);
    let body = json!({ "idempotency_key": "r1", "reason": "记错账" });
    let (status, reply) = world.post("/v1/postings/k1/reversal", &body).await;
    assert_eq!((status, &reply["code"]), (422, &json!("insufficient_funds")));
    world.audit().await;
}

#[tokio::test]
async fn a_closed_day_takes_nothing_more() {
    let world = World::new().await;
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "300").await.0, 201);
    let (status, first) = world.post("/v1/day-end", &json!({ "business_date": DAY })).await;
    assert_eq!((status, &first["balanced"], &first["repeated"]), (200, &json!(true), &json!(false)));
    assert_eq!(first["turnover"][0], json!({ "currency": "CNY", "lines": 4, "amount_minor": "101300" }));
    let (_, again) = world.post("/v1/day-end", &json!({ "business_date": DAY })).await;
    assert_eq!((&again["repeated"], &again["turnover"]), (&json!(true), &first["turnover"]));
    assert_eq!(world.post("/v1/day-end", &json!({ "business_date": "2026-11-22" })).await.0, 422);
    assert_eq!(world.pays("k2", "6222-PAYER", "6222-PAYEE", "1").await, (422, "day_closed".into()));
    let (_, late) = world.post("/v1/postings/k1/reversal", &json!({"idempotency_key": "r1", "reason": "x"})).await;
    assert_eq!(late["code"], "day_closed", "without a date a reversal belongs to the original's day");
    let next = json!({ "idempotency_key": "r2", "reason": "隔日冲正", "business_date": "2026-11-24" });
    assert_eq!(world.post("/v1/postings/k1/reversal", &next).await.0, 201);
    world.audit().await;
}

#[tokio::test]
async fn a_hold_sets_money_aside_until_it_is_released() {
    let world = World::new().await;
    let holds = "/v1/accounts/6222-PAYER/holds";
    let hold = json!({ "hold_id": "h1", "amount_minor": "99000", "reason": "司法冻结" });
    assert_eq!(world.post(holds, &hold).await.0, 201);
    assert_eq!(world.post(holds, &hold).await.0, 200, "the same hold twice is one hold");
    assert_eq!(world.post(holds, &json!({ "hold_id": "h1", "amount_minor": "1" })).await.0, 409);
    assert_eq!(world.post(holds, &json!({ "hold_id": "h2", "amount_minor": "1001" })).await.0, 422);
    assert_eq!(world.post("/v1/accounts/6222-NOBODY/holds", &hold).await.0, 404);
    let (_, account) = world.get("/v1/accounts/6222-PAYER").await;
    assert_eq!((&account["held_minor"], &account["available_minor"]), (&json!("99000"), &json!("1000")));
    assert_eq!(world.pays("k1", "6222-PAYER", "6222-PAYEE", "1001").await, (422, "insufficient_funds".into()));
    assert_eq!(world.delete(&format!("{holds}/h1")).await, 204);
    assert_eq!(world.delete(&format!("{holds}/h1")).await, 204);
    assert_eq!(world.delete(&format!("{holds}/h9")).await, 404);
    assert_eq!(world.pays("k2", "6222-PAYER", "6222-PAYEE", "1001").await.0, 201);
    world.audit().await;
}

#[tokio::test]
async fn accounts_are_opened_all_or_none_and_a_repeat_opens_nothing() {
    let world = World::new().await;
    let (_, again) = world.post("/v1/accounts", &accounts()).await;
    assert_eq!(again, json!({ "opened": 0, "existing": 7 }));
    let mixed = json!({ "business_date": DAY, "accounts": [
        { "account": "6222-NEW", "name": "新户", "currency": "CNY" },
        { "account": "6222-PAYEE", "name": "别人", "currency": "CNY" },
    ]});
    assert_eq!(world.post("/v1/accounts", &mixed).await.0, 409);
    assert_eq!(world.get("/v1/accounts/6222-NEW").await.0, 404);
    world.audit().await;
}

#[tokio::test]
async fn a_name_check_says_match_or_mismatch_and_nothing_else() {
    let world = World::new().await;
    let check = |account: &str, name: &str| json!({ "account": account, "name": name });
    let path = "/v1/accounts/name-check";
    let (_, same) = world.post(path, &check("6222-PAYER", "华东机电(集团) 有限公司")).await;
    assert_eq!(same, json!({ "account": "6222-PAYER", "result": "match" }));
    assert_eq!(world.post(path, &check("6222-PAYER", "华东机电")).await.1["result"], "mismatch");
    assert_eq!(world.post(path, &check("6222-NOBODY", "王芳")).await.0, 404);
    let (_, account) = world.post("/v1/accounts/inquiry", &json!({ "account": "6222-PAYEE" })).await;
    assert_eq!((&account["status"], &account["currency"]), (&json!("active"), &json!("CNY")));
    world.audit().await;
}

#[tokio::test]
async fn a_request_outside_the_contract_is_not_looked_at() {
    let world = World::new().await;
    let good = voucher("k1", &[line("6222-PAYER", "6222-PAYEE", "5")]);
    let changes: [(&str, serde_json::Value); 9] = [
        ("/voucher/0/amount_minor", json!("0")),
        ("/voucher/0/amount_minor", json!("-5")),
        ("/voucher/0/amount_minor", json!("05")),
        ("/voucher/0/amount_minor", json!(5)),
        ("/voucher/0/amount_minor", json!("5.00")),
        ("/voucher/0/credit", json!("6222-PAYER")),
        ("/voucher", json!([])),
        ("/business_date", json!("2026-02-30")),
        ("/idempotency_key", json!("opening:6222-PAYER")),
    ];
    for (field, value) in changes {
        let mut body = good.clone();
        *body.pointer_mut(field).expect("a field of the voucher") = value;
        let (status, reply) = world.post("/v1/postings", &body).await;
        assert_eq!((status, &reply["code"]), (400, &json!("invalid_request")), "{body}");
    }
    assert_eq!(world.post("/v1/postings", &good).await.0, 201, "and the key is still unused");
    world.audit().await;
}

#[tokio::test]
async fn the_ledger_is_read_in_pages_without_gaps() {
    let world = World::new().await;
    for at in 0..5 {
        assert_eq!(world.pays(&format!("k{at}"), "6222-PAYER", "6222-PAYEE", "1").await.0, 201);
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let (_, page) = world.get(&format!("/v1/ledger?after={after}&limit=3")).await;
        seen.extend(page["lines"].as_array().unwrap().iter().map(|l| l["seq"].as_i64().unwrap()));
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(seen, (1..=9).collect::<Vec<_>>(), "four openings and five postings");
    world.audit().await;
}
