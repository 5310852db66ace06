//! Signing in, cookies, sessions.

use crate::bank::{Bank, HOST, PASSWORD};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

fn sign_in(body: &Value) -> Request<Body> {
    Request::post("/api/v1/identity/sessions")
        .header(header::HOST, HOST)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request")
}

#[tokio::test]
async fn a_sign_in_gives_one_cookie_that_scripts_cannot_read_and_one_that_they_must() {
    let bank = Bank::open().await;
    let answer = bank.send(sign_in(&json!({ "employee_no": "teller", "password": PASSWORD }))).await;
    let cookies: Vec<String> = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().expect("text").to_owned())
        .collect();
    let session = cookies.iter().find(|text| text.starts_with("shuniu_session=")).expect("a session");
    let csrf = cookies.iter().find(|text| text.starts_with("shuniu_csrf=")).expect("a token");
    assert!(session.contains("HttpOnly") && session.contains("SameSite=Strict"), "{session}");
    assert!(!csrf.contains("HttpOnly") && csrf.contains("SameSite=Strict"), "{csrf}");
    let me = answer.ok();
    assert_eq!((me["employee_no"].as_str(), me["must_change_password"].as_bool()), (Some("teller"), Some(false)));
    let permissions: Vec<&str> =
        me["permissions"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(permissions.contains(&"item.capture") && !permissions.contains(&"item.check"), "{permissions:?}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_number_are_answered_alike_and_echo_nothing() {
    let bank = Bank::open().await;
    let mut answers = Vec::new();
    for (number, password) in [("teller", "wrong-Secret-1"), ("nobody-has-this", "wrong-Secret-1")] {
        let answer = bank.send(sign_in(&json!({ "employee_no": number, "password": password }))).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let mut body = answer.json();
        assert!(!body.to_string().contains("wrong-Secret"), "{body}");
        body["trace_id"] = Value::Null;
        answers.push(body);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_sixth_wrong_attempt_is_told_how_long_to_wait() {
    let bank = Bank::open().await;
    for _ in 0..5 {
        bank.send(sign_in(&json!({ "employee_no": "teller", "password": "wrong-Secret-1" }))).await;
    }
    let answer = bank.send(sign_in(&json!({ "employee_no": "teller", "password": PASSWORD }))).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "locked_out"));
    let seconds: u64 = answer.header("retry-after").parse().expect("seconds");
    assert!((1..=3_600).contains(&seconds));
}

#[tokio::test]
async fn a_session_ends_when_its_person_signs_out_and_only_its_person_may_end_it() {
    let bank = Bank::open().await;
    let (teller, other) = (bank.signed("teller").await, bank.signed("other_teller").await);
    let rows = teller.get("/identity/sessions").await.ok();
    let id = rows[0]["session_id"].as_str().expect("an id").to_owned();
    assert_eq!(rows[0]["current"], true);
    assert_eq!(other.delete(&format!("/identity/sessions/{id}")).await.code(), "not_found");
    assert_eq!(teller.get("/identity/me").await.status, StatusCode::OK);
    assert_eq!(teller.delete("/identity/sessions/current").await.status, StatusCode::NO_CONTENT);
    let ended = teller.get("/identity/me").await;
    assert_eq!(ended.code(), "unauthenticated");
    assert!(
        ended.headers.get_all(header::SET_COOKIE).iter().any(|it| it.to_str().is_ok_and(|it| it.contains("Max-Age=0")))
    );
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_the_old_one_opens_nothing() {
    let bank = Bank::open().await;
    let (here, there) = (bank.signed("teller").await, bank.signed("teller").await);
    let fresh = "Baise-gezi-77-fei";
    let wrong = here.post("/identity/password", json!({ "old": "not-this-1-at-all", "new": fresh })).await;
    assert_eq!(wrong.code(), "wrong_credentials");
    let done = here.post("/identity/password", json!({ "old": PASSWORD, "new": fresh })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    assert_eq!(here.get("/identity/me").await.status, StatusCode::OK);
    assert_eq!(there.get("/identity/me").await.code(), "unauthenticated");
    let old = bank.send(sign_in(&json!({ "employee_no": "teller", "password": PASSWORD }))).await;
    assert_eq!(old.code(), "wrong_credentials");
}

#[tokio::test]
async fn who_must_change_the_password_can_do_nothing_else() {
    let bank = Bank::open().await;
    let person = bank.world.person("teller").clone();
    bank.world
        .run("test.require", move |cx| Box::pin(identity::password::require_change(cx, person.clone())))
        .await
        .expect("required");
    let teller = bank.signed("teller").await;
    assert_eq!(teller.get("/identity/me").await.ok()["must_change_password"], true);
    assert_eq!(teller.get("/processing/items").await.code(), "password_must_change");
    let done = teller.post("/identity/password", json!({ "old": PASSWORD, "new": "Baise-gezi-77-fei" })).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", done.text());
    assert_eq!(teller.get("/processing/items").await.status, StatusCode::OK);
}

#[tokio::test]
async fn sessions_of_others_are_seen_by_permission_only() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let path = format!("/identity/sessions?person={}", bank.world.person("checker"));
    assert_eq!(teller.get(&path).await.code(), "not_permitted");
    bank.signed("checker").await;
    let seen = bank.signed("system_administrator").await.get(&path).await.ok();
    assert_eq!(seen[0]["person"]["employee_no"], "checker");
    let revoked = bank.signed("system_administrator").await;
    let path = format!("/identity/people/{}/sessions/revoke", bank.world.person("teller"));
    assert_eq!(revoked.post(&path, json!({ "reason": "  " })).await.code(), "reason_required");
    assert_eq!(revoked.post(&path, json!({ "reason": "设备遗失" })).await.status, StatusCode::NO_CONTENT);
    assert_eq!(teller.get("/identity/me").await.code(), "unauthenticated");
}
