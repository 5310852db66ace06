//! Every command: done once, repeated as it was answered first, refused under another input, and recorded wherever it is refused.
//!
//! The cases are found by the table of endpoints: a command without a case fails here.

use crate::bank::{Answer, Bank, Client, HOST, PASSWORD, picture};
use crate::cases::{Ask, Case, case};
use crate::sweep::{filled, outsider};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use journal::{EntryRow, Subject};
use serde_json::{Value, json};
use web::{Endpoint, Kind, Needs};

/// The areas that have commands; each is a test of its own, so that they run side by side.
const AREAS: [&str; 8] = [
    "/api/v1/identity/",
    "/api/v1/jobs/",
    "/api/v1/organization/",
    "/api/v1/processing/authorizing/",
    "/api/v1/processing/checking/",
    "/api/v1/processing/items",
    "/api/v1/processing/keying/",
    "/api/v1/processing/refusal-review/",
];
/// Beside [`AREAS`], because its name is a part of no other.
const WORK: &str = "/api/v1/work/";

fn commands(area: &str) -> Vec<Endpoint> {
    let all = web::inventory().into_iter();
    all.filter(|endpoint| endpoint.kind == Kind::Command && endpoint.path.starts_with(area)).collect()
}

#[test]
fn every_command_is_in_one_of_the_areas_that_are_tried() {
    for endpoint in web::inventory().iter().filter(|endpoint| endpoint.kind == Kind::Command) {
        let areas = AREAS.iter().chain([&WORK]).filter(|area| endpoint.path.starts_with(**area)).count();
        assert_eq!(areas, 1, "{} {}", endpoint.method, endpoint.path);
    }
}

#[tokio::test]
async fn commands_of_identity_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[0]).await;
}

#[tokio::test]
async fn commands_of_jobs_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[1]).await;
}

#[tokio::test]
async fn commands_of_the_organization_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[2]).await;
}

#[tokio::test]
async fn commands_of_authorizing_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[3]).await;
}

#[tokio::test]
async fn commands_of_checking_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[4]).await;
}

#[tokio::test]
async fn commands_on_items_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[5]).await;
}

#[tokio::test]
async fn commands_of_keying_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[6]).await;
}

#[tokio::test]
async fn commands_of_refusal_review_hold_to_their_key_and_leave_their_refusals() {
    tried(AREAS[7]).await;
}

#[tokio::test]
async fn commands_of_work_hold_to_their_key_and_leave_their_refusals() {
    tried(WORK).await;
}

async fn tried(area: &str) {
    for endpoint in commands(area) {
        let bank = Bank::open().await;
        let what = format!("{} {}", endpoint.method, endpoint.path);
        let case = case(&bank, &what).await;
        repeated(&bank, &what, &case).await;
        refused(&bank, &endpoint, &what, &case).await;
    }
}

/// Sends under a key; without a person where the command needs none.
async fn send(bank: &Bank, client: Option<&Client<'_>>, ask: &Ask, key: &str) -> Answer {
    bank.send(request(client, ask, key)).await
}

fn request(client: Option<&Client<'_>>, ask: &Ask, key: &str) -> Request<Body> {
    let mut request = match client {
        Some(client) => client.request(ask.method.clone(), &ask.path, key, ask.json.as_ref()),
        None => Request::builder()
            .method(ask.method.clone())
            .uri(&ask.path)
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/json")
            .header("idempotency-key", key)
            .body(Body::from(ask.json.as_ref().map(Value::to_string).unwrap_or_default()))
            .expect("a request"),
    };
    if let Some(picture) = &ask.picture {
        request.headers_mut().insert(header::CONTENT_TYPE, "image/png".parse().expect("a header"));
        *request.body_mut() = Body::from(picture.clone());
    }
    if let Some(version) = ask.version {
        request.headers_mut().insert(header::IF_MATCH, format!("\"{version}\"").parse().expect("a header"));
    }
    request
}

/// The same request under the same key is answered the same, although the world went on; another one conflicts.
async fn repeated(bank: &Bank, what: &str, case: &Case<'_>) {
    let client = case.client.as_ref();
    let key = "the-key-of-the-test";
    let first = send(bank, client, &case.ask, key).await;
    assert!(first.status.is_success(), "{what}: {} {}", first.status, first.text());
    assert_eq!(first.header("idempotency-outcome"), "", "{what}");
    the_world_goes_on(bank).await;
    let second = send(bank, client, &case.ask, key).await;
    if case.ends_its_session {
        assert_eq!(second.code(), "unauthenticated", "{what}: nobody is left who could repeat it");
        return;
    }
    assert_eq!(second.header("idempotency-outcome"), "already_done", "{what}: {}", second.text());
    assert_eq!((second.status, said(&second)), (first.status, said(&first)), "{what}");
    assert_eq!(second.header("etag"), first.header("etag"), "{what}");
    let before = entries(bank, client).await.len();
    let other = send(bank, client, &case.other, key).await;
    assert_eq!((other.status, other.code().as_str()), (StatusCode::CONFLICT, "conflicts_with_earlier"), "{what}");
    if client.is_some() {
        let left = entries(bank, client).await;
        assert_eq!(left.len(), before + 1, "{what}: one entry for the conflict");
        assert_eq!(left.last().map(|row| &row.payload["code"]), Some(&json!("conflicts_with_earlier")), "{what}");
    }
}

/// What an answer says, without links: those open once, so they are always fresh.
fn said(answer: &Answer) -> Value {
    let mut body = if answer.bytes.is_empty() { Value::Null } else { answer.json() };
    for page in body["pages"].as_array_mut().into_iter().flatten() {
        page["image_url"] = Value::Null;
        page["thumbnail_url"] = Value::Null;
    }
    body
}

/// Whatever an answer could show is different afterwards.
async fn the_world_goes_on(bank: &Bank) {
    for statement in [
        "UPDATE items SET version = version + 1, priority_class = 4",
        "UPDATE institutions SET name_zh = 'renamed', name_en = 'renamed', version = version + 1",
        "UPDATE presence SET capacity = 3, missed = 7",
        "UPDATE key_profiles SET version = version + 1, keys = '{}'",
    ] {
        let run = bank.world.journal().db.write::<u64, storage::Fault, _>(move |tx| {
            Box::pin(async move { tx.execute(storage::sql(statement)).await })
        });
        run.await.expect("the owner may do anything");
    }
}

/// What the record of a person's refusals holds.
async fn entries(bank: &Bank, client: Option<&Client<'_>>) -> Vec<EntryRow> {
    let Some(client) = client else { return Vec::new() };
    let chain = Subject::named(format!("refusals/{}", bank.world.person(&client.name)));
    journal::by_subject(&mut bank.world.journal().db.reader().await.expect("reads"), &chain).await.expect("rows")
}

/// Each refusal leaves one entry with its code, and a request that is none leaves none.
async fn refused(bank: &Bank, endpoint: &Endpoint, what: &str, case: &Case<'_>) {
    if endpoint.needs == Needs::Nothing {
        // Nobody is signed in: `identity` counts and records these itself, and its tests say so.
        return;
    }
    let name = &case.client.as_ref().expect("somebody is signed in").name;
    let name = if case.changes_the_password { None } else { Some(name.clone()) };
    if let Some(outsider) = outsider(bank, endpoint).await {
        let outsider = bank.signed(outsider).await;
        leaves(bank, &outsider, what, request(Some(&outsider), &case.ask, "key-of-an-outsider"), Some("not_permitted"))
            .await;
    }
    let Some(name) = name else { return };
    let client = bank.signed(&name).await;
    let mut forged = request(Some(&client), &case.ask, "key-without-token");
    forged.headers_mut().remove("x-csrf-token");
    leaves(bank, &client, what, forged, Some("csrf_failed")).await;
    if endpoint.path.contains("_id}") {
        let query = case.ask.path.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
        let nowhere = Ask { path: filled(&endpoint.path) + &query, ..case.ask.clone() };
        leaves(bank, &client, what, request(Some(&client), &nowhere, "key-of-nothing"), None).await;
    }
    let mut unreadable = request(Some(&client), &case.ask, "key-of-rubbish");
    if case.ask.picture.is_none() {
        unreadable.headers_mut().insert(header::CONTENT_TYPE, "application/json".parse().expect("a header"));
        *unreadable.body_mut() = Body::from("{\"");
        let before = entries(bank, Some(&client)).await.len();
        let answer = bank.send(unreadable).await;
        assert_eq!(answer.code(), "malformed_request", "{what}: {}", answer.text());
        assert_eq!(entries(bank, Some(&client)).await.len(), before, "{what}: what cannot be read is no attempt");
    }
    // Under a new key it is asked for once more: most cannot be done twice.
    let before = entries(bank, Some(&client)).await;
    let twice = send(bank, Some(&client), &case.ask, "the-key-of-a-second-try").await;
    if !twice.status.is_success() {
        assert_eq!(entries(bank, Some(&client)).await.len(), before.len() + 1, "{what}: {}", twice.text());
    }
}

/// Sends what must be refused, and finds exactly one new entry that says what the answer said.
async fn leaves(bank: &Bank, client: &Client<'_>, what: &str, request: Request<Body>, code: Option<&str>) {
    let before = entries(bank, Some(client)).await.len();
    let answer = bank.send(request).await;
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.text());
    if let Some(code) = code {
        assert_eq!(answer.code(), code, "{what}: {}", answer.text());
    }
    let left = entries(bank, Some(client)).await;
    assert_eq!(left.len(), before + 1, "{what}: one entry for `{}`", answer.code());
    let last = left.last().expect("an entry");
    assert!(last.refused && last.payload["code"] == answer.code(), "{what}: {:?}", last.payload);
    assert_ne!(last.payload["subject"], "", "{what}");
}

#[tokio::test]
async fn a_page_is_added_once_also_when_the_item_was_submitted_before_the_repeat() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id").to_owned();
    let path = format!("/processing/items/{id}/pages?kind=voucher_front&keep_warnings=true");
    let picture = picture(&bank, 3).await;
    let first = teller.upload(&path, "one-key-for-a-page", picture.clone()).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text());
    teller.post(&format!("/processing/items/{id}/submit"), json!({})).await.ok();
    let second = teller.upload(&path, "one-key-for-a-page", picture).await;
    assert_eq!((second.status, second.header("idempotency-outcome")), (first.status, "already_done"));
    assert_eq!(said(&second), said(&first));
}

#[tokio::test]
async fn a_late_repeat_of_ready_does_not_bring_back_who_has_left() {
    let bank = Bank::open().await;
    let keyer = bank.signed("keyer_a").await;
    let ready = json!({ "state": "ready" });
    let ask =
        || bank.send(keyer.request(axum::http::Method::PUT, "/api/v1/work/presence/me", "key-of-ready", Some(&ready)));
    assert_eq!(ask().await.ok()["state"], "ready");
    keyer.put("/work/presence/me", json!({ "state": "signed_out" })).await.ok();
    let late = ask().await;
    assert_eq!((late.header("idempotency-outcome"), late.json()["state"].as_str()), ("already_done", Some("ready")));
    assert_eq!(keyer.get("/work/presence/me").await.ok()["state"], "signed_out");
}

#[tokio::test]
async fn another_outlet_s_item_and_an_unknown_reason_are_recorded_though_no_command_ran() {
    let bank = Bank::open().await;
    let (teller, other) = (bank.signed("teller").await, bank.signed("other_teller").await);
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id").to_owned();
    let picture = picture(&bank, 4).await;
    assert_eq!(other.get(&format!("/processing/items/{id}")).await.code(), "not_found");
    let upload = format!("/processing/items/{id}/pages?kind=voucher_front");
    assert_eq!(other.upload(&upload, &other.key(), picture).await.code(), "not_found");
    let kinds: Vec<String> = entries(&bank, Some(&other)).await.into_iter().map(|row| row.kind).collect();
    assert_eq!(kinds, ["web.request.refuse", "processing.item.add_page"]);
    // What was typed in an id's place is not written down.
    assert_eq!(other.get("/processing/items/6222020000000000017").await.code(), "not_found");
    assert_eq!(entries(&bank, Some(&other)).await.len(), 2);
    let keyer = bank.signed("keyer_a").await;
    let lease = bank.world.takes("keyer_a", processing::queues::KEYING, 1).await;
    assert!(lease.is_empty(), "nothing was submitted");
    let path = format!("/work/items/{}/hand-back", kernel::WorkItemId::new(testkit::MONDAY_MORNING));
    let body = json!({ "fence": 1, "reason_code": "W01" });
    assert_eq!(keyer.post(&path, body).await.code(), "unknown_reason");
    let last = entries(&bank, Some(&keyer)).await.pop().expect("an entry");
    assert_eq!((last.kind.as_str(), &last.payload["code"]), ("work.item.hand_back", &json!("unknown_reason")));
    let wrong = json!({ "employee_no": "teller", "password": format!("{PASSWORD}-not") });
    let stranger = Request::post("/api/v1/identity/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(wrong.to_string()))
        .expect("a request");
    let before = entries(&bank, Some(&teller)).await.len();
    assert_eq!(bank.send(stranger).await.code(), "wrong_credentials");
    assert_eq!(entries(&bank, Some(&teller)).await.len(), before, "a stranger writes nothing into a person's chain");
}

#[tokio::test]
async fn what_somebody_writes_when_handing_work_back_stands_in_the_trace_and_nowhere_in_the_clear() {
    let bank = Bank::open().await;
    let item = bank.world.keyable(61).await;
    let lease = bank.world.takes("keyer_a", processing::queues::KEYING, 1).await.pop().expect("work");
    let keyer = bank.signed("keyer_a").await;
    let path = format!("/work/items/{}/hand-back", lease.work_item_id);
    let body = json!({ "fence": lease.fence, "reason_code": "H01", "note": "影像第二页有折角" });
    assert_eq!(keyer.post(&path, body).await.status, StatusCode::NO_CONTENT);
    let supervisor = bank.signed("supervisor").await;
    let trace = supervisor.get(&format!("/processing/items/{item}/trace")).await.ok();
    let steps = trace["steps"].as_array().expect("steps");
    let notes: Vec<_> = steps.iter().filter(|step| step["note"].is_string()).collect();
    assert_eq!(notes.len(), 1);
    assert_eq!((&notes[0]["kind"], &notes[0]["note"]), (&json!("work.item.hand_back"), &json!("影像第二页有折角")));
    assert!(!notes[0]["payload"].to_string().contains("折角"), "{}", notes[0]);
}

#[tokio::test]
async fn who_decides_after_the_core_refused_is_told_what_to_ask_it_and_nobody_else() {
    let bank = Bank::open().await;
    bank.world.core_behaves(json!({ "refuse": "a_word_of_this_core_alone" })).await;
    let item = bank.world.keyable(63).await;
    let path = format!("/processing/items/{item}");
    let supervisor = bank.signed("supervisor").await;
    let seen = async || supervisor.get(&path).await.ok();
    assert_eq!(seen().await.get("last_posting"), None, "nothing was to be posted yet");
    bank.world.keyed(&item, &world::voucher_values("9.00", "玖元整")).await;
    assert_eq!(bank.world.checks("checker").await.expect("passes"), "posting");
    bank.world.drain().await;
    let failed = seen().await;
    assert_eq!((&failed["state"], &failed["reason"]["code"]), (&json!("post_failed"), &json!("P03")));
    let key = |round: u32| format!("{}-{round}", failed["item_no"].as_str().expect("a number"));
    let told = |seen: &Value| {
        ["posting_key", "round", "outcome", "core_code", "tries"].map(|name| seen["last_posting"][name].clone())
    };
    let code = "a_word_of_this_core_alone";
    assert_eq!(told(&failed), [json!(key(1)), json!(1), json!("refused"), json!(code), json!(1)]);
    assert!(failed["last_posting"]["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{failed}");
    for (name, status) in [("teller", StatusCode::OK), ("keyer_a", StatusCode::FORBIDDEN)] {
        let answer = bank.signed(name).await.get(&path).await;
        assert_eq!(answer.status, status, "{name}");
        for hidden in [code, "last_posting", &key(1)] {
            assert!(!answer.text().contains(hidden), "{name}: {}", answer.text());
        }
    }
    bank.world.core_behaves(json!({})).await;
    bank.world.retries_posting("supervisor", &item).await.expect("decides anew");
    bank.world.drain().await;
    let posted = seen().await;
    assert_eq!(
        told(&posted),
        [json!(key(2)), json!(2), json!("posted"), json!(null), json!(1)],
        "a decision of its own"
    );
}

#[tokio::test]
async fn the_third_hand_back_for_one_reason_suspends_the_item_once_and_ends_the_rest_of_its_work() {
    let bank = Bank::open().await;
    let item = bank.world.keyable(62).await;
    let rest = bank.world.takes("kin", processing::queues::KEYING, 1).await.pop().expect("work");
    for (name, is_last) in [("keyer_a", false), ("keyer_b", false), ("keyer_c", true)] {
        let lease = bank.world.takes(name, processing::queues::KEYING, 1).await.pop().expect("work");
        let keyer = bank.signed(name).await;
        let path = format!("/api/v1/work/items/{}/hand-back", lease.work_item_id);
        let body = json!({ "fence": lease.fence, "reason_code": "R01" });
        let key = keyer.key();
        for outcome in ["", "already_done"] {
            let request = keyer.request(axum::http::Method::POST, &path, &key, Some(&body));
            let answer = bank.send(request).await;
            assert_eq!(
                (answer.status, answer.header("idempotency-outcome")),
                (StatusCode::NO_CONTENT, outcome),
                "{name}"
            );
        }
        let teller = bank.signed("teller").await;
        let seen = teller.get(&format!("/processing/items/{item}")).await.ok();
        assert_eq!(seen["state"], if is_last { "suspended" } else { "keying" }, "{name}: {seen}");
        assert_eq!(seen["reason"]["code"], if is_last { json!("R01") } else { json!(null) }, "{name}");
    }
    let late = json!({ "fence": rest.fence, "reason_code": "R01" });
    let answer = bank.signed("kin").await.post(&format!("/work/items/{}/hand-back", rest.work_item_id), late).await;
    assert_eq!(answer.code(), "not_your_work", "it ended with the item");
    let trace = bank.signed("supervisor").await.get(&format!("/processing/items/{item}/trace")).await.ok();
    let last = trace["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    assert_eq!(last["kind"], "processing.item.suspend", "once: {trace}");
}
