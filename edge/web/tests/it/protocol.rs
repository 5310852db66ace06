//! What holds for every request: headers, problems, keys, versions, pages, limits.

use crate::bank::{Bank, HOST, picture};
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use serde_json::json;
use web::Settings;

fn get(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, HOST).body(Body::empty()).expect("a request")
}

/// Written out, so that a header that is lost or weakened is seen here.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
         connect-src 'self'; worker-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(self), fullscreen=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

#[tokio::test]
async fn browsers_are_told_to_use_tls_alone_where_the_server_is_reached_by_it_and_nowhere_else() {
    for (secure_cookies, expected) in [(true, "max-age=31536000"), (false, "")] {
        let bank = Bank::with(Settings { secure_cookies, ..Settings::default() }).await;
        for path in ["/livez", "/", "/api/v1/identity/me", "/api/v1/nothing"] {
            assert_eq!(bank.send(get(path)).await.header("strict-transport-security"), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_its_trace() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let mut asked: Vec<(String, Request<Body>)> = Vec::new();
    let public = ["/livez", "/readyz", "/metrics", "/api/openapi.json", "/", "/no/such/page", "/no/such/file.js"];
    let api = ["/api/v1/identity/me", "/api/v1/nothing", "/api/v1/archive/links/nothing"];
    asked.extend(public.into_iter().chain(api).map(|path| (path.to_owned(), get(path))));
    let items = "/api/v1/processing/items";
    let (good, bad) = (json!({ "business_type": "T01" }), json!({ "business_type": 7 }));
    asked.push(("a list".into(), teller.request(Method::GET, items, "", None)));
    asked.push(("a command".into(), teller.request(Method::POST, items, "key-of-headers", Some(&good))));
    asked.push(("bad input".into(), teller.request(Method::POST, items, "key-of-headers", Some(&bad))));
    asked.push(("no such method".into(), teller.request(Method::DELETE, items, "key-of-headers", None)));
    asked.push(("no permission".into(), teller.request(Method::GET, "/api/v1/journal/entries", "", None)));
    for (what, mut request) in asked {
        let parent = format!("00-{trace}-00f067aa0ba902b7-01");
        request.headers_mut().insert("traceparent", parent.parse().expect("a header"));
        let answer = bank.send(request).await;
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), value, "{what} {name}");
            assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{what} {name}");
        }
        assert_eq!(answer.header("trace-id"), trace, "{what}");
        let kept_by_nobody = ["no-store", "no-cache"].contains(&answer.header("cache-control"));
        assert!(kept_by_nobody, "{what}: {}", answer.header("cache-control"));
        if what.starts_with("/api/") || !what.starts_with('/') {
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
        assert_eq!(answer.header("server"), "", "{what}: nobody need know what serves it");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{what}: no other origin reads it");
    }
}

#[tokio::test]
async fn a_change_that_another_site_asks_for_is_refused_even_with_the_right_token() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let body = json!({ "business_type": "T01" });
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "none"),
    ] {
        let mut request = teller.request(Method::POST, "/api/v1/processing/items", &teller.key(), Some(&body));
        request.headers_mut().insert(name, value.parse().expect("a header"));
        let answer = bank.send(request).await;
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "csrf_failed"), "{name}: {value}");
    }
    let mut request = teller.request(Method::POST, "/api/v1/processing/items", &teller.key(), Some(&body));
    request.headers_mut().insert("origin", format!("https://{HOST}").parse().expect("a header"));
    request.headers_mut().insert("sec-fetch-site", "same-origin".parse().expect("a header"));
    assert_eq!(bank.send(request).await.status, StatusCode::CREATED, "our own page");
    let listed = teller.get("/processing/items?mine=true").await.ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "the others opened nothing");
}

#[tokio::test]
async fn an_items_number_is_sought_by_its_beginning_and_never_as_a_pattern() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let opened = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let number = opened["item_no"].as_str().expect("a number");
    for (sought, found) in [(number, 1), (&number[..6], 1), ("_", 0), ("%25", 0), ("!", 0)] {
        let answer = teller.get(&format!("/processing/items?q={sought}")).await.ok();
        assert_eq!(answer["items"].as_array().map(Vec::len), Some(found), "{sought}");
    }
}

#[tokio::test]
async fn cookies_go_over_tls_alone_outside_the_demonstration() {
    let settings = web::Settings { secure_cookies: true, ..web::Settings::default() };
    let bank = Bank::with(settings).await;
    let body = json!({ "employee_no": "teller", "password": crate::bank::PASSWORD });
    let request = Request::post("/api/v1/identity/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .expect("a request");
    let answer = bank.send(request).await;
    let cookies: Vec<&str> =
        answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    assert_eq!(cookies.len(), 2);
    for cookie in cookies {
        assert!(cookie.contains("; Secure") && cookie.contains("; SameSite=Strict"), "{cookie}");
        assert!(cookie.starts_with("shuniu_csrf=") || cookie.contains("; HttpOnly"), "{cookie}");
    }
}

#[tokio::test]
async fn readiness_tells_what_is_down_and_a_core_that_is_down_does_not_stop_the_center() {
    let bank = Bank::open().await;
    assert_eq!(bank.send(get("/readyz")).await.status, StatusCode::OK);
    bank.world.image_store_is_lost();
    let answer = bank.send(get("/readyz")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    let body = answer.json();
    assert_eq!(
        (body["ready"].as_bool(), body["blobs"].as_str(), body["database"].as_str()),
        (Some(false), Some("down"), Some("ok"))
    );
    assert_eq!(bank.send(get("/livez")).await.status, StatusCode::OK, "it lives all the same");
    let closed = Bank::open().await;
    closed.world.journal().db.close().await;
    let answer = closed.send(get("/readyz")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["database"], "down", "commands are not taken");
    let mut bank = Bank::open().await;
    bank.world.core_goes_down().await;
    let body = bank.send(get("/readyz")).await.ok();
    assert_eq!((body["ready"].as_bool(), body["core"].as_str()), (Some(true), Some("degraded")), "{body}");
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = serde_json::to_value(web::openapi()).expect("a document");
    let text = document.to_string();
    let mut seen = 0;
    for link in text.split("\"$ref\":\"").skip(1) {
        let link = link.split('"').next().unwrap_or_default();
        let name = link.strip_prefix("#/components/schemas/").unwrap_or_else(|| panic!("{link}"));
        assert!(document["components"]["schemas"][name].is_object(), "{link} leads nowhere");
        seen += 1;
    }
    assert!(seen > 100, "{seen} references");
    for name in [
        "Lease",
        "Task",
        "SliceTask",
        "CheckTask",
        "RefusalReviewTask",
        "AuthorizeTask",
        "NumberedFrame",
        "Frame",
        "StationMessage",
        "Pong",
    ] {
        assert!(document["components"]["schemas"][name].is_object(), "{name} is no component");
    }
    for name in ["ItemState", "Stage", "Action", "Duty", "QueueName", "ReasonCode", "PresenceState", "ProblemCode"] {
        assert!(document["components"]["schemas"][name]["enum"].is_array(), "{name} is no closed list");
    }
}

#[tokio::test]
async fn errors_of_the_protocol_are_problems_too_in_the_language_that_is_asked_for() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let mut request = get("/api/v1/nothing/here");
    request.headers_mut().insert(header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9".parse().expect("a header"));
    let answer = bank.send(request).await;
    let body = answer.json();
    assert_eq!((answer.status, body["code"].as_str()), (StatusCode::NOT_FOUND, Some("not_found")));
    assert_eq!(body["title"], body["title_zh"]);
    assert_eq!(body["trace_id"].as_str().map(str::len), Some(32));
    let answer = teller.delete("/processing/items").await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed"));
    assert_eq!(answer.json()["title"], answer.json()["title_en"]);
    let mut request = teller.request(Method::POST, "/api/v1/processing/items", &teller.key(), Some(&json!({})));
    request.headers_mut().insert(header::CONTENT_TYPE, "text/plain".parse().expect("a header"));
    assert_eq!(bank.send(request).await.code(), "unsupported_media_type");
    let long = json!({ "business_type": "x".repeat(1 << 20) });
    assert_eq!(teller.post("/processing/items", long).await.code(), "too_large");
}

#[tokio::test]
async fn bad_input_names_its_field_and_is_never_a_fault() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let bodies =
        [json!({}), json!({"business_type": 7}), json!({"business_type": "T01", "superuser": true}), json!([])];
    for (body, field) in bodies.into_iter().zip(["business_type", "business_type", "superuser", "body"]) {
        let answer = teller.post("/processing/items", body).await;
        assert_eq!((answer.code().as_str(), answer.json()["field"].as_str()), ("invalid_field", Some(field)));
    }
    assert_eq!(
        teller.post("/processing/items", json!({"business_type": "'; DROP TABLE items; --"})).await.code(),
        "unknown_business_type"
    );
    for (query, field) in
        [("limit=many", "limit"), ("cursor=%21", "cursor"), ("state=lost", "state"), ("stat=draft", "stat")]
    {
        let answer = teller.get(&format!("/processing/items?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{query}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_same_key_opens_one_item_and_another_input_under_it_is_a_conflict() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let body = json!({ "business_type": "T01" });
    let ask = |body: serde_json::Value| {
        bank.send(teller.request(Method::POST, "/api/v1/processing/items", "one-key-for-all", Some(&body)))
    };
    let first = ask(body.clone()).await;
    assert_eq!((first.status, first.header("idempotency-outcome")), (StatusCode::CREATED, ""));
    let second = ask(body).await;
    assert_eq!((second.status, second.header("idempotency-outcome")), (StatusCode::CREATED, "already_done"));
    assert_eq!(first.json(), second.json());
    let third = ask(json!({ "business_type": "T02" })).await;
    assert_eq!((third.status, third.code().as_str()), (StatusCode::CONFLICT, "conflicts_with_earlier"));
    let listed = teller.get("/processing/items?mine=true").await.ok();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_list_is_paged_to_its_end_without_a_row_twice() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    for _ in 0..7 {
        teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = teller.get(&format!("/processing/items?limit=3&cursor={cursor}")).await.ok();
        let items = page["items"].as_array().expect("items").clone();
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|item| item["item_id"].as_str().expect("an id").to_owned()));
        match page["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (7, 7));
}

#[tokio::test]
async fn an_edit_names_the_version_that_it_was_made_from() {
    let bank = Bank::open().await;
    let administrator = bank.signed("administrator").await;
    let id = bank.world.institutions["OUT1"].clone();
    let read = administrator.get(&format!("/organization/institutions/{id}")).await;
    let tag = read.header("etag").to_owned();
    assert_eq!(tag, "\"1\"");
    let path = format!("/api/v1/organization/institutions/{id}/names");
    let body = json!({ "name_zh": "新名", "name_en": "New name" });
    let edit = |tag: Option<&str>| {
        let mut request = administrator.request(Method::PUT, &path, &administrator.key(), Some(&body));
        if let Some(tag) = tag {
            request.headers_mut().insert(header::IF_MATCH, tag.parse().expect("a header"));
        }
        bank.send(request)
    };
    assert_eq!(edit(None).await.code(), "version_missing");
    let done = edit(Some(&tag)).await;
    assert_eq!((done.status, done.header("etag")), (StatusCode::OK, "\"2\""), "{}", done.text());
    assert_eq!(edit(Some(&tag)).await.code(), "stale_version");
    assert_eq!(edit(Some("\"never\"")).await.code(), "stale_version");
}

#[tokio::test]
async fn an_item_of_another_outlet_does_not_exist_for_a_teller() {
    let bank = Bank::open().await;
    let (teller, other) = (bank.signed("teller").await, bank.signed("other_teller").await);
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id");
    let picture = picture(&bank, 5).await;
    for answer in [
        other.get(&format!("/processing/items/{id}")).await,
        other.get(&format!("/processing/items/{id}/trace")).await,
        other.post(&format!("/processing/items/{id}/submit"), json!({})).await,
        other.post(&format!("/processing/items/{id}/withdraw"), json!({ "reason_code": "W01" })).await,
        other.upload(&format!("/processing/items/{id}/pages?kind=voucher_front"), &other.key(), picture).await,
    ] {
        assert_eq!((answer.status, answer.code().as_str()), (StatusCode::NOT_FOUND, "not_found"), "{}", answer.text());
    }
}

#[tokio::test]
async fn the_machines_that_run_it_are_told_how_it_is() {
    let bank = Bank::open().await;
    assert_eq!(bank.send(get("/livez")).await.status, StatusCode::OK);
    let ready = bank.send(get("/readyz")).await.ok();
    assert_eq!((ready["ready"].as_bool(), ready["core"].as_str()), (Some(true), Some("ok")), "{ready}");
    assert_eq!(bank.send(get("/metrics")).await.status, StatusCode::OK);
    let document = bank.send(get("/api/openapi.json")).await.ok();
    assert!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    let submit = &document["paths"]["/api/v1/processing/items/{item_id}/submit"]["post"];
    assert_eq!(submit["x-permission"], "item.submit");
    for endpoint in web::inventory() {
        let operation = &document["paths"][&endpoint.path][endpoint.method.to_lowercase()];
        assert_eq!(operation["x-permission"], endpoint.needs.text(), "{endpoint:?}");
        assert!(operation["responses"]["default"].is_object(), "{endpoint:?}");
    }
}
