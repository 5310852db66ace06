//! Every endpoint, without a session, with the wrong person, without key and token, with an id of another kind.

use crate::bank::{Answer, Bank, Client, HOST};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use kernel::{AppointmentId, InstitutionId, ItemId, JobId, PageId, PersonId, SessionId, WorkItemId};
use serde_json::json;
use std::collections::BTreeMap;
use web::{Endpoint, Kind, Needs};
use world::PEOPLE;

#[test]
fn the_inventory_of_endpoints_changes_only_on_purpose() {
    let lines: Vec<String> = web::inventory()
        .iter()
        .map(|Endpoint { method, path, needs, kind }| {
            format!("{method:<7}{path:<66}{:<9}{}", kind.as_str(), needs.text())
        })
        .collect();
    insta::assert_snapshot!("inventory", lines.join("\n"));
}

#[test]
fn no_address_is_registered_twice_and_every_change_is_a_command_or_on_the_list() {
    // Acts change no business state, or are sign-ins; a new one is added here on purpose.
    let acts = [
        "POST /api/v1/archive/pages/{page_id}/links",
        "POST /api/v1/identity/sessions",
        "POST /api/v1/processing/keying/{work_item_id}/image",
        "POST /api/v1/processing/keying/{work_item_id}/wider",
        "POST /api/v1/work/heartbeat",
        "PUT /api/v1/processing/checking/{work_item_id}/draft",
        "PUT /api/v1/processing/keying/{work_item_id}/draft",
    ];
    let all = web::inventory();
    let mut found: Vec<String> =
        all.iter().filter(|it| it.kind == Kind::Act).map(|it| format!("{} {}", it.method, it.path)).collect();
    found.sort();
    assert_eq!(found, acts);
    for (place, one) in all.iter().enumerate() {
        assert_eq!(one.kind == Kind::Query, one.method == "GET", "{one:?}");
        assert!(!all[..place].iter().any(|other| (&other.method, &other.path) == (&one.method, &one.path)), "{one:?}");
    }
}

/// Ids that name nothing, by the name of their place.
pub fn filled(path: &str) -> String {
    let now = testkit::MONDAY_MORNING;
    let ids = [
        ("{appointment_id}", AppointmentId::new(now).to_string()),
        ("{institution_id}", InstitutionId::new(now).to_string()),
        ("{item_id}", ItemId::new(now).to_string()),
        ("{job_id}", JobId::new(now).to_string()),
        ("{page_id}", PageId::new(now).to_string()),
        ("{person_id}", PersonId::new(now).to_string()),
        ("{session_id}", SessionId::new(now).to_string()),
        ("{work_item_id}", WorkItemId::new(now).to_string()),
        ("{token}", "nothing".to_owned()),
    ];
    let filled = ids.iter().fold(path.to_owned(), |path, (place, id)| path.replace(place, id));
    assert!(!filled.contains('{'), "a new kind of place: {path}");
    filled
}

pub fn method(endpoint: &Endpoint) -> Method {
    endpoint.method.parse().expect("a method")
}

fn bare(endpoint: &Endpoint) -> Request<Body> {
    Request::builder()
        .method(method(endpoint))
        .uri(filled(&endpoint.path))
        .header(header::HOST, HOST)
        .header(header::IF_MATCH, "\"1\"")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .expect("a request")
}

fn whole(client: &Client<'_>, endpoint: &Endpoint, path: &str, key: &str) -> Request<Body> {
    let body = json!({});
    let mut request = client.request(method(endpoint), path, key, Some(&body));
    request.headers_mut().insert(header::IF_MATCH, "\"1\"".parse().expect("a header"));
    request
}

/// Endless answers are not read to their end.
pub fn streams(endpoint: &Endpoint) -> bool {
    endpoint.path.ends_with("/work/events")
}

#[track_caller]
fn is_problem(answer: &Answer, status: StatusCode, code: &str, what: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (status, code), "{what}: {}", answer.text());
    assert_eq!(answer.header("content-type"), web::MEDIA_TYPE, "{what}");
}

#[tokio::test]
async fn nobody_is_heard_without_a_session() {
    let bank = Bank::open().await;
    for endpoint in web::inventory().iter().filter(|it| it.needs != Needs::Nothing) {
        let answer = bank.send(bare(endpoint)).await;
        is_problem(&answer, StatusCode::UNAUTHORIZED, "unauthenticated", &format!("{endpoint:?}"));
    }
}

#[tokio::test]
async fn every_person_is_refused_what_their_posts_do_not_carry_and_heard_otherwise() {
    let bank = Bank::open().await;
    let mut lines = BTreeMap::new();
    for (name, duty, ..) in PEOPLE {
        let client = bank.signed(name).await;
        let rights = bank.world.rights(name).await;
        for endpoint in web::inventory().iter().filter(|it| !streams(it)) {
            let actions = endpoint.needs.actions();
            if actions.is_empty() {
                continue;
            }
            let what = format!("{name}: {} {}", endpoint.method, endpoint.path);
            let answer = bank.send(whole(&client, endpoint, &filled(&endpoint.path), &client.key())).await;
            assert!(answer.status.as_u16() < 500, "{what}: {} {}", answer.status, answer.text());
            if actions.iter().any(|action| rights.may(*action)) {
                let heard = answer.status != StatusCode::UNAUTHORIZED && answer.code() != "csrf_failed";
                assert!(heard, "{what}: {}", answer.text());
                lines
                    .entry(format!("{} {}", endpoint.method, endpoint.path))
                    .or_insert_with(Vec::new)
                    .push(duty.as_str());
            } else {
                is_problem(&answer, StatusCode::FORBIDDEN, "not_permitted", &what);
            }
        }
    }
    let matrix: Vec<String> = lines
        .into_iter()
        .map(|(endpoint, mut duties)| {
            duties.sort_unstable();
            duties.dedup();
            format!("{endpoint}: {}", duties.join(" "))
        })
        .collect();
    insta::assert_snapshot!("endpoints_by_duty", matrix.join("\n"));
}

/// Somebody who may call the endpoint.
pub async fn somebody(bank: &Bank, endpoint: &Endpoint) -> Option<&'static str> {
    let actions = endpoint.needs.actions();
    for (name, ..) in PEOPLE {
        let rights = bank.world.rights(name).await;
        if actions.is_empty() || actions.iter().any(|action| rights.may(*action)) {
            return Some(name);
        }
    }
    None
}

/// Somebody who may not; none where everybody may.
pub async fn outsider(bank: &Bank, endpoint: &Endpoint) -> Option<&'static str> {
    let actions = endpoint.needs.actions();
    for (name, ..) in PEOPLE {
        let rights = bank.world.rights(name).await;
        if !actions.is_empty() && !actions.iter().any(|action| rights.may(*action)) {
            return Some(name);
        }
    }
    None
}

#[tokio::test]
async fn a_command_without_its_key_and_a_change_without_its_token_are_refused() {
    let bank = Bank::open().await;
    for endpoint in web::inventory().iter().filter(|it| it.kind != Kind::Query && it.needs != Needs::Nothing) {
        let Some(name) = somebody(&bank, endpoint).await else { continue };
        let client = bank.signed(name).await;
        let what = format!("{} {}", endpoint.method, endpoint.path);
        let path = filled(&endpoint.path);
        let mut request = whole(&client, endpoint, &path, "key-without-token");
        request.headers_mut().remove("x-csrf-token");
        is_problem(&bank.send(request).await, StatusCode::FORBIDDEN, "csrf_failed", &what);
        let mut request = whole(&client, endpoint, &path, "key-with-false-token");
        request.headers_mut().insert("x-csrf-token", "guessed".parse().expect("a header"));
        is_problem(&bank.send(request).await, StatusCode::FORBIDDEN, "csrf_failed", &what);
        let mut request = whole(&client, endpoint, &path, "key-from-elsewhere");
        request.headers_mut().insert("origin", "https://evil.example".parse().expect("a header"));
        is_problem(&bank.send(request).await, StatusCode::FORBIDDEN, "csrf_failed", &what);
        if endpoint.kind == Kind::Command {
            let mut request = whole(&client, endpoint, &path, "");
            request.headers_mut().remove("idempotency-key");
            is_problem(&bank.send(request).await, StatusCode::BAD_REQUEST, "idempotency_key_missing", &what);
        }
    }
}

#[tokio::test]
async fn an_id_of_another_kind_names_nothing() {
    let bank = Bank::open().await;
    let other = kernel::VendorId::new(testkit::MONDAY_MORNING);
    let places = web::inventory().into_iter().filter(|it| it.path.contains("_id}"));
    for endpoint in places {
        let Some(name) = somebody(&bank, &endpoint).await else { continue };
        let client = bank.signed(name).await;
        for wrong in [other.to_string(), "1".to_owned(), "itm_%27%3B--".to_owned()] {
            let path: String = endpoint
                .path
                .split('/')
                .map(|step| if step.starts_with('{') { wrong.as_str() } else { step })
                .collect::<Vec<_>>()
                .join("/");
            let answer = bank.send(whole(&client, &endpoint, &path, &client.key())).await;
            is_problem(&answer, StatusCode::NOT_FOUND, "not_found", &format!("{} {path}", endpoint.method));
        }
    }
}

#[tokio::test]
async fn a_refused_permission_is_in_the_chain_of_the_person_s_refusals() {
    let bank = Bank::open().await;
    let keyer = bank.signed("keyer_a").await;
    let answer = keyer.get("/journal/entries?subject=secret").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let chain = journal::Subject::named(format!("refusals/{}", bank.world.person("keyer_a")));
    let rows = journal::by_subject(&mut bank.world.journal().db.reader().await.expect("reads"), &chain).await;
    let last = rows.expect("rows").pop().expect("an entry");
    assert!(last.refused);
    assert_eq!(last.payload["code"], "not_permitted");
    assert_eq!(last.payload["subject"], "GET /api/v1/journal/entries", "without what was searched for");
}
