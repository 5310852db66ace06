//! From a teller's scanner to the core's books, through the API and its stream alone.

use crate::bank::{Bank, Client, picture};
use axum::http::StatusCode;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The router behind a real socket, and the engine's own rounds.
async fn listen(bank: &Bank) -> SocketAddr {
    let address = listen_without_rounds(bank).await;
    let engine = std::sync::Arc::clone(&bank.app.engine);
    tokio::spawn(async move { engine.run().await });
    address
}

/// Nothing happens here but what a request causes.
async fn listen_without_rounds(bank: &Bank) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = bank.router.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

async fn connect(address: SocketAddr, client: &Client<'_>, query: &str, origin: Option<&str>) -> Result<Socket, Error> {
    let mut request = format!("ws://{address}/api/v1/work/stream{query}").into_client_request()?;
    request.headers_mut().insert("cookie", client.cookies().parse().expect("a header"));
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().expect("a header"));
    }
    tokio_tungstenite::connect_async(request).await.map(|(socket, _)| socket)
}

/// The next frame of a type; others are passed over.
async fn frame(socket: &mut Socket, wanted: &str) -> Value {
    let waiting = async {
        loop {
            let message = socket.next().await.expect("the stream goes on").expect("a message");
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            if frame["type"] == wanted {
                return frame;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(10), waiting).await.unwrap_or_else(|_| panic!("no `{wanted}` came"))
}

/// Sets a person ready at a stream of their own.
async fn ready(address: SocketAddr, client: &Client<'_>) -> Socket {
    let mut socket = connect(address, client, "", None).await.expect("a stream");
    assert_eq!(frame(&mut socket, "hello").await["resumed"], false);
    client.put("/work/presence/me", json!({ "state": "ready" })).await.ok();
    socket
}

/// A draft with its page, sent to the center.
async fn submitted(bank: &Bank, teller: &Client<'_>, seed: u64) -> String {
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id").to_owned();
    let path = format!("/processing/items/{id}/pages?kind=voucher_front&keep_warnings=true");
    let added = teller.upload(&path, &teller.key(), picture(bank, seed).await).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    let sent = teller.post(&format!("/processing/items/{id}/submit"), json!({})).await.ok();
    assert_eq!(sent["state"], "submitted");
    bank.world.drain().await;
    bank.app.engine.wake();
    id
}

/// Keys what comes until the values are all entered once by this person.
async fn key_all(socket: &mut Socket, client: &Client<'_>, values: &HashMap<&str, String>) {
    for _ in 0..values.len() {
        let lease = frame(socket, "assigned").await["lease"].clone();
        let (task, work) = (&lease["task"], lease["work_item_id"].as_str().expect("an id"));
        assert_eq!(task["kind"], "slice");
        for hidden in ["item_no", "institution", "item_id"] {
            assert!(!lease.to_string().contains(&format!("\"{hidden}\"")), "a keyer learns `{hidden}`: {lease}");
        }
        let image = client.get(task["image_url"].as_str().expect("a link").trim_start_matches("/api/v1")).await;
        assert_eq!((image.status, image.header("content-type")), (StatusCode::OK, "image/jpeg"));
        let value = &values[task["field"]["code"].as_str().expect("a field")];
        let body =
            json!({ "fence": lease["fence"], "value": value, "unreadable": false, "elapsed_ms": 900, "keystrokes": 9 });
        let answer = client.post(&format!("/processing/keying/{work}/entry"), body).await;
        assert_eq!(answer.ok(), json!({ "accepted": true }));
    }
}

#[tokio::test]
async fn a_voucher_goes_from_the_outlet_to_the_books_and_every_step_is_in_its_trace() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let teller = bank.signed("teller").await;
    let id = submitted(&bank, &teller, 11).await;
    let values = world::voucher_values("60000.00", "陆万元整");
    for name in ["keyer_a", "keyer_b"] {
        let keyer = bank.signed(name).await;
        let mut socket = ready(address, &keyer).await;
        key_all(&mut socket, &keyer, &values).await;
    }
    bank.world.drain().await;
    let checker = bank.signed("checker").await;
    let mut socket = ready(address, &checker).await;
    let lease = frame(&mut socket, "assigned").await["lease"].clone();
    assert_eq!(lease["task"]["item"]["item_id"], id.as_str());
    let page = lease["task"]["pages"][0]["page_id"].as_str().expect("a page").to_owned();
    let fresh = checker.post(&format!("/archive/pages/{page}/links"), json!({ "form": "display" })).await.ok();
    let link = fresh["url"].as_str().expect("a link").trim_start_matches("/api/v1").to_owned();
    assert_eq!(checker.get(&link).await.status, StatusCode::OK);
    assert_eq!(checker.get(&link).await.code(), "link_expired", "a link opens once");
    let work = lease["work_item_id"].as_str().expect("an id");
    let passed = checker
        .post(&format!("/processing/checking/{work}/pass"), json!({ "fence": lease["fence"], "fields": [] }))
        .await
        .ok();
    assert_eq!(passed["item_state"], "authorizing");
    approve(&bank, address, &page).await;
    bank.world.drain().await;
    let item = teller.get(&format!("/processing/items/{id}")).await.ok();
    assert_eq!((item["state"].as_str(), item["stage"].as_str()), (Some("posted"), Some("confirming")), "{item}");
    assert_eq!(item["amount"], json!({ "minor": "6000000", "currency": "CNY" }));
    assert!(item["core_reference"].is_string());
    assert_eq!(item["can"]["withdraw"]["allowed"], false);
    let account = item["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .find(|field| field["code"] == "payer_account")
        .expect("a field");
    assert_eq!(account["masked"], true, "{account}");
    let mut outlet = connect(address, &teller, "", None).await.expect("a stream");
    frame(&mut outlet, "hello").await;
    assert_eq!(teller.post(&format!("/processing/items/{id}/confirm"), json!({})).await.ok()["state"], "confirmed");
    assert_eq!(frame_of_state(&mut outlet, "confirmed").await["item_id"], id.as_str());
    trace_is_whole(&bank, &teller, &id).await;
}

async fn approve(bank: &Bank, address: SocketAddr, page: &str) {
    let authorizer = bank.signed("authorizer").await;
    let mut socket = ready(address, &authorizer).await;
    let lease = frame(&mut socket, "assigned").await["lease"].clone();
    let task = &lease["task"];
    assert_eq!((task["kind"].as_str(), task["amount_capital"].as_str()), (Some("authorize"), Some("人民币陆万元整")));
    let work = lease["work_item_id"].as_str().expect("an id");
    let path = format!("/processing/authorizing/{work}/approve");
    let ticked: Vec<&Value> = task["checklist"].as_array().expect("a list").iter().map(|point| &point["id"]).collect();
    let body = json!({ "fence": lease["fence"], "checklist": ticked, "displayed_pages": [page] });
    assert_eq!(authorizer.post(&path, body.clone()).await.code(), "page_not_viewed");
    assert_eq!(task["pages"][0]["page_id"], page);
    let image = task["pages"][0]["image_url"].as_str().expect("a link").trim_start_matches("/api/v1");
    assert_eq!(authorizer.get(image).await.status, StatusCode::OK);
    let unseen = json!({ "fence": lease["fence"], "checklist": ticked, "displayed_pages": [] });
    assert_eq!(authorizer.post(&path, unseen).await.code(), "page_not_viewed", "fetched, and not on the screen");
    assert_eq!(authorizer.post(&path, body).await.ok()["item_state"], "posting");
}

async fn frame_of_state(socket: &mut Socket, state: &str) -> Value {
    loop {
        let news = frame(socket, "item").await;
        if news["state"] == state {
            return news;
        }
    }
}

/// How often the item was keyed: four fields twice, and now and then one of them once more to measure with.
async fn keyed(bank: &Bank, id: &str) -> usize {
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    let statement = storage::sql("SELECT pass FROM keyings WHERE item_id = $1").bind(id);
    let passes = reader.all(statement).await.expect("reads");
    let blind = passes.iter().filter(|row| row.int("pass").expect("a number") > 0).count();
    assert_eq!(blind, 8);
    passes.len()
}

async fn trace_is_whole(bank: &Bank, teller: &Client<'_>, id: &str) {
    let trace = teller.get(&format!("/processing/items/{id}/trace")).await.ok();
    let steps = trace["steps"].as_array().expect("steps");
    let of = |kind: &str| steps.iter().filter(|step| step["kind"] == kind).count();
    for (kind, times) in [
        ("processing.item.open", 1),
        ("processing.item.add_page", 1),
        ("processing.item.submit", 1),
        ("processing.item.slice", 1),
        ("processing.slice.key", keyed(bank, id).await),
        ("processing.item.settle_keys", 1),
        ("processing.item.check", 1),
        ("processing.item.authorize", 1),
        ("processing.item.post", 1),
        ("processing.item.confirm", 1),
    ] {
        assert_eq!(of(kind), times, "{kind}: {trace}");
    }
    for step in steps {
        let (zh, en) = (step["summary_zh"].as_str().expect("words"), step["summary_en"].as_str().expect("words"));
        assert!(!zh.contains(|letter: char| letter.is_ascii_lowercase()), "a code in {zh}");
        assert!(!en.contains('_'), "a code in {en}");
        assert_ne!(step["kind"], en, "it has no words");
        assert!(step.get("payload").is_none(), "a teller does not read the journal: {step}");
    }
    let keyed = steps.iter().find(|step| step["kind"] == "processing.slice.key").expect("keyed");
    let auditor = bank.signed("auditor").await;
    let read = auditor.get(&format!("/processing/items/{id}/trace")).await.ok();
    let read = read["steps"].as_array().expect("steps");
    assert_eq!(read.len(), steps.len());
    assert!(read.iter().all(|step| step["payload"].is_object()), "an auditor does");
    let names: Vec<&str> = ["name_zh", "name_en"].iter().filter_map(|name| keyed["post"][name].as_str()).collect();
    assert_eq!(names.len(), 2, "the post is named: {}", keyed["post"]);
    let seqs: Vec<i64> = steps.iter().filter_map(|step| step["seq"].as_i64()).collect();
    assert_eq!(seqs, (1..=i64::try_from(steps.len()).expect("few")).collect::<Vec<_>>());
    // Long enough that no id and no microsecond holds it by chance.
    assert!(!trace.to_string().contains("6222020000"), "an account number is in the trace");
    let report =
        journal::verify::verify(&bank.world.journal().db, Some(&bank.world.journal().vault)).await.expect("walked");
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

#[tokio::test]
async fn who_holds_work_of_an_item_that_is_withdrawn_is_told_by_the_withdrawal_itself() {
    let bank = Bank::open().await;
    let address = listen_without_rounds(&bank).await;
    let teller = bank.signed("teller").await;
    let id = submitted(&bank, &teller, 21).await;
    // One slice of the item is on an outsourced seat, the others are fetched ahead by an employee.
    let (seat, keyer) = (bank.signed("vendor_a").await, bank.signed("keyer_a").await);
    let mut screens = Vec::new();
    for client in [&seat, &keyer] {
        let mut socket = ready(address, client).await;
        let lease = frame(&mut socket, "assigned").await["lease"].clone();
        screens.push((socket, lease["work_item_id"].as_str().expect("an id").to_owned(), lease["fence"].clone()));
    }
    let key = teller.key();
    let body = json!({ "reason_code": "W01" });
    let path = format!("/api/v1/processing/items/{id}/withdraw");
    for outcome in ["", "already_done"] {
        let request = teller.request(axum::http::Method::POST, &path, &key, Some(&body));
        let answer = bank.send(request).await;
        assert_eq!(answer.header("idempotency-outcome"), outcome);
        assert_eq!(answer.ok()["state"], "withdrawn");
    }
    for ((socket, work, fence), client) in screens.iter_mut().zip([&seat, &keyer]) {
        let released = loop {
            let released = frame(socket, "released").await;
            if released["work_item_id"] == work.as_str() {
                break released;
            }
        };
        assert_eq!(released["why"], "cancelled", "{}", client.name);
        let body = json!({ "fence": fence, "value": "1", "unreadable": false, "elapsed_ms": 900, "keystrokes": 1 });
        let late = client.post(&format!("/processing/keying/{work}/entry"), body).await;
        assert_eq!(
            late.code(),
            "not_your_work",
            "what is under way when the word comes is refused, not lost in silence"
        );
    }
}

#[tokio::test]
async fn a_checker_s_screen_is_told_of_the_withdrawal_and_has_the_next_item_in_the_same_breath() {
    let bank = Bank::open().await;
    let address = listen_without_rounds(&bank).await;
    let teller = bank.signed("teller").await;
    let values = world::voucher_values("10.00", "壹拾元整");
    let mut items = Vec::new();
    for seed in [31, 32] {
        let item = bank.world.keyable(seed).await;
        bank.world.keyed(&item, &values).await;
        items.push(item.to_string());
    }
    // Its capacity is two items at once: with one the next must come by the withdrawal.
    let checker = bank.signed("checker").await;
    let mut socket = connect(address, &checker, "", None).await.expect("a stream");
    frame(&mut socket, "hello").await;
    checker.put("/work/presence/me", json!({ "state": "ready", "capacity": 1 })).await.ok();
    let lease = frame(&mut socket, "assigned").await["lease"].clone();
    let first = lease["task"]["item"]["item_id"].as_str().expect("an id").to_owned();
    teller.post(&format!("/processing/items/{first}/withdraw"), json!({ "reason_code": "W01" })).await.ok();
    let released = frame(&mut socket, "released").await;
    assert_eq!((&released["work_item_id"], &released["why"]), (&lease["work_item_id"], &json!("cancelled")));
    let next = frame(&mut socket, "assigned").await["lease"]["task"]["item"]["item_id"].clone();
    assert!(items.iter().any(|item| next == item.as_str()) && next != first.as_str(), "{next}");
}

#[tokio::test]
async fn a_stream_of_another_origin_or_without_a_session_is_refused() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let status = |result: Result<Socket, Error>| match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    };
    assert_eq!(status(connect(address, &keyer, "", Some("https://evil.example")).await), 403);
    let mut nobody = bank.signed("keyer_b").await;
    nobody.token = "guessed".into();
    assert_eq!(status(connect(address, &nobody, "", None).await), 401);
    assert!(connect(address, &keyer, "", Some(&format!("http://{address}"))).await.is_ok());
}

#[tokio::test]
async fn a_station_that_was_cut_off_hears_what_it_missed_and_signs_of_life_are_answered() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut socket = ready(address, &keyer).await;
    let last = frame(&mut socket, "presence").await["seq"].as_u64().expect("a number");
    socket
        .send(Message::text(json!({ "type": "heartbeat", "active": true, "t": 41 }).to_string()))
        .await
        .expect("sent");
    assert_eq!(frame(&mut socket, "pong").await["t"], 41);
    drop(socket);
    let teller = bank.signed("teller").await;
    let mut again = connect(address, &keyer, &format!("?resume={last}"), None).await.expect("a stream");
    assert_eq!(frame(&mut again, "hello").await["resumed"], true);
    submitted(&bank, &teller, 12).await;
    let assigned = frame(&mut again, "assigned").await;
    assert!(assigned["seq"].as_u64() > Some(last), "{assigned}");
    again.send(Message::text("{\"type\":\"shutdown\"}")).await.expect("sent");
    let closed = tokio::time::timeout(Duration::from_secs(10), async {
        while let Some(message) = again.next().await {
            if let Ok(Message::Close(frame)) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    });
    assert_eq!(closed.await.expect("it is closed"), Some(1003), "what we do not take ends the stream");
}

#[tokio::test]
async fn a_station_without_a_socket_says_by_request_that_it_shows_its_work_and_has_not_missed_it() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut stream = ready(address, &keyer).await;
    let teller = bank.signed("teller").await;
    submitted(&bank, &teller, 13).await;
    let lease = frame(&mut stream, "assigned").await["lease"].clone();
    let shown = json!({ "work_item_id": lease["work_item_id"], "fence": lease["fence"] });
    let other = json!({ "work_item_id": kernel::WorkItemId::new(bank.world.journal().now()).as_str(), "fence": 1 });
    let body = json!({ "active": true, "shown": [shown, other] });
    let held = keyer.post("/work/heartbeat", body.clone()).await.ok();
    assert!(held["leases"].as_array().expect("a list").iter().any(|it| it["work_item_id"] == lease["work_item_id"]));
    let seen = shown_at(&bank, &lease).await;
    assert!(seen.is_some(), "the hold knows that its work was shown");
    keyer.post("/work/heartbeat", body).await.ok();
    assert_eq!(shown_at(&bank, &lease).await, seen, "a repeat changes nothing");
    let odd = json!({ "active": true, "shown": [{ "work_item_id": "itm_odd", "fence": 1 }] });
    assert_eq!(keyer.post("/work/heartbeat", odd).await.json()["field"], "shown");
}

async fn shown_at(bank: &Bank, lease: &Value) -> Option<i64> {
    let id = lease["work_item_id"].as_str().expect("an id");
    let mut reader = bank.world.journal().db.reader().await.expect("a reader");
    let row = reader.one(storage::sql("SELECT acked_at FROM work_items WHERE work_item_id = $1").bind(id)).await;
    row.expect("the row").opt_int("acked_at").expect("an instant")
}

#[tokio::test]
async fn streams_end_when_the_server_is_about_to_stop() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut socket = ready(address, &keyer).await;
    bank.stop.send_replace(true);
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while let Some(message) = socket.next().await {
            if let Ok(Message::Close(frame)) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    });
    assert_eq!(ended.await.expect("it ends"), Some(1001));
}

#[tokio::test]
async fn a_revoked_session_hears_nothing_more() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut socket = ready(address, &keyer).await;
    let path = format!("/identity/people/{}/sessions/revoke", bank.world.person("keyer_a"));
    let administrator = bank.signed("system_administrator").await;
    assert_eq!(administrator.post(&path, json!({ "reason": "离岗" })).await.status, StatusCode::NO_CONTENT);
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        while let Some(message) = socket.next().await {
            if let Ok(Message::Close(frame)) = message {
                return frame.map(|frame| u16::from(frame.code));
            }
        }
        None
    });
    assert_eq!(ended.await.expect("it ends"), Some(1008));
}

/// How many pieces of work a person holds.
async fn held_by(bank: &Bank, name: &str) -> i64 {
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    let count = storage::sql("SELECT COUNT(*) AS n FROM work_items WHERE person_id = $1 AND state = 'leased'");
    reader.one(count.bind(bank.world.person(name))).await.expect("a row").int("n").expect("a number")
}

#[tokio::test]
async fn a_revocation_that_conflicts_with_an_earlier_one_takes_nothing_from_the_session() {
    let bank = Bank::open().await;
    let address = listen_without_rounds(&bank).await;
    let (teller, other) = (bank.signed("teller").await, bank.signed("other_teller").await);
    submitted(&bank, &teller, 61).await;
    let keyer = bank.signed("keyer_a").await;
    let _socket = ready(address, &keyer).await;
    let holds = held_by(&bank, "keyer_a").await;
    assert!(holds > 0);
    let administrator = bank.signed("system_administrator").await;
    let session_of = async |name: &str| {
        let path = format!("/identity/sessions?person={}", bank.world.person(name));
        administrator.get(&path).await.ok()[0]["session_id"].as_str().expect("an id").to_owned()
    };
    let (key, body) = (administrator.key(), json!({ "reason": "设备遗失" }));
    for (name, status) in [("other_teller", StatusCode::NO_CONTENT), ("keyer_a", StatusCode::CONFLICT)] {
        let (person, session) = (bank.world.person(name), session_of(name).await);
        let path = format!("/api/v1/identity/people/{person}/sessions/{session}/revoke");
        let request = administrator.request(axum::http::Method::POST, &path, &key, Some(&body));
        assert_eq!(bank.send(request).await.status, status, "{name}");
        assert_eq!(held_by(&bank, "keyer_a").await, holds, "{name}");
    }
    assert_eq!(other.get("/identity/me").await.code(), "unauthenticated");
    let path =
        format!("/identity/people/{}/sessions/{}/revoke", bank.world.person("keyer_a"), session_of("keyer_a").await);
    assert_eq!(administrator.post(&path, body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(held_by(&bank, "keyer_a").await, 0, "one that is done takes it back");
}

#[tokio::test]
async fn a_late_repeat_of_revoking_all_sessions_touches_none_that_began_since() {
    let bank = Bank::open().await;
    let address = listen_without_rounds(&bank).await;
    let teller = bank.signed("teller").await;
    submitted(&bank, &teller, 62).await;
    let lost = bank.signed("keyer_a").await;
    let _lost = ready(address, &lost).await;
    let administrator = bank.signed("system_administrator").await;
    let path = format!("/api/v1/identity/people/{}/sessions/revoke", bank.world.person("keyer_a"));
    let (key, body) = (administrator.key(), json!({ "reason": "设备遗失" }));
    let revoke = || bank.send(administrator.request(axum::http::Method::POST, &path, &key, Some(&body)));
    assert_eq!(revoke().await.status, StatusCode::NO_CONTENT);
    assert_eq!(held_by(&bank, "keyer_a").await, 0);
    let again = bank.signed("keyer_a").await;
    // The lost browser used it up: keys are the person's.
    again.key();
    let _socket = ready(address, &again).await;
    let holds = held_by(&bank, "keyer_a").await;
    assert!(holds > 0);
    let repeat = revoke().await;
    assert_eq!((repeat.status, repeat.header("idempotency-outcome")), (StatusCode::NO_CONTENT, "already_done"));
    assert_eq!(held_by(&bank, "keyer_a").await, holds);
}

/// The id of the only post that a person holds.
async fn appointment(bank: &Bank, name: &str) -> String {
    let administrator = bank.signed("administrator").await;
    let staff = administrator.get(&format!("/organization/staff/{}", bank.world.person(name))).await.ok();
    staff["posts"][0]["appointment_id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn who_loses_the_post_loses_the_work_on_the_screen_its_image_and_all_that_would_follow() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut socket = ready(address, &keyer).await;
    let teller = bank.signed("teller").await;
    submitted(&bank, &teller, 51).await;
    let lease = frame(&mut socket, "assigned").await["lease"].clone();
    let ended = format!("/api/v1/organization/appointments/{}", appointment(&bank, "keyer_a").await);
    let administrator = bank.signed("administrator").await;
    let body = json!({ "reason": "轮岗" });
    let request = administrator.request(axum::http::Method::DELETE, &ended, &administrator.key(), Some(&body));
    assert_eq!(bank.send(request).await.status, StatusCode::NO_CONTENT);
    let (mut released, mut signed_out) = (false, false);
    while !(released && signed_out) {
        let message = socket.next().await.expect("the stream goes on").expect("a message");
        let Message::Text(text) = message else { continue };
        let frame: Value = serde_json::from_str(&text).expect("JSON");
        released |= frame["type"] == "released" && frame["why"] == "released";
        signed_out |= frame["presence"]["state"] == "signed_out";
    }
    let image = lease["task"]["image_url"].as_str().expect("a link").trim_start_matches("/api/v1").to_owned();
    let answer = keyer.get(&image).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::FORBIDDEN, "not_permitted"));
    submitted(&bank, &teller, 52).await;
    let quiet = tokio::time::timeout(Duration::from_secs(2), frame(&mut socket, "assigned"));
    assert!(quiet.await.is_err(), "work still comes");
}

#[tokio::test]
async fn a_post_that_ended_without_a_command_here_is_noticed_while_the_stream_is_open() {
    let bank = Bank::open().await;
    let address = listen(&bank).await;
    let keyer = bank.signed("keyer_a").await;
    let mut socket = ready(address, &keyer).await;
    // As midnight does it, or another node.
    let (id, today) = (appointment(&bank, "keyer_a").await, bank.world.today());
    let ended = bank.world.run("test.end", move |cx| {
        let id = kernel::AppointmentId::parse(&id).expect("an id");
        Box::pin(organization::appointment::end(cx, id, today, "轮岗".into()))
    });
    ended.await.expect("ended");
    let beat = Message::text(json!({ "type": "heartbeat", "active": true, "t": 0 }).to_string());
    socket.send(beat).await.expect("sent");
    let out = async {
        loop {
            let message = socket.next().await.expect("the stream goes on").expect("a message");
            let Message::Text(text) = message else { continue };
            let frame: Value = serde_json::from_str(&text).expect("JSON");
            if frame["presence"]["state"] == "signed_out" {
                return;
            }
            let alive = json!({ "type": "heartbeat", "active": true, "t": 1 }).to_string();
            socket.send(Message::text(alive)).await.expect("sent");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(25), out).await.expect("noticed");
}

#[tokio::test]
async fn who_speaks_by_requests_alone_loses_what_they_hold_with_their_post_as_fast_as_by_a_stream() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    submitted(&bank, &teller, 72).await;
    let keyer = bank.signed("keyer_a").await;
    let sessions = keyer.get("/identity/sessions").await.ok();
    let session = kernel::SessionId::parse(sessions[0]["session_id"].as_str().expect("an id")).expect("an id");
    // The stream is at another node, which does nothing more.
    let journal = bank.world.journal().clone();
    let other = work::Engine::with_seed(journal, processing::queues::QUEUES.to_vec(), "another", 8);
    assert_eq!(other.start().await.expect("starts"), work::Start::Begun);
    let rights = bank.world.rights("keyer_a").await;
    let permit = rights.permit::<permission::act::TakeWork>(None).expect("may take work");
    let listener =
        work::Listener { rights: rights.clone(), session: session.clone(), institutions: vec![], board: false };
    let _stream = other.connect(listener, None).await.expect("a stream");
    let subject = journal::Subject::of(bank.world.person("keyer_a"));
    let command = journal::Command::of_machine("test.ready", "test", "ready-elsewhere", subject);
    let ready = work::PresenceChange::ready();
    other.set_presence(command, &permit, &rights, &session, ready).await.expect("ready");
    let speaks = async |seconds: i64| {
        for _ in 0..seconds {
            bank.world.desk.clock.advance_seconds(1);
            keyer.post("/work/heartbeat", json!({ "active": true })).await.ok();
        }
        held_by(&bank, "keyer_a").await
    };
    assert!(speaks(40).await > 0, "kept by signs of life alone");
    // As midnight does it, or another node.
    let (id, today) = (appointment(&bank, "keyer_a").await, bank.world.today());
    let ended = bank.world.run("test.end", move |cx| {
        let id = kernel::AppointmentId::parse(&id).expect("an id");
        Box::pin(organization::appointment::end(cx, id, today, "轮岗".into()))
    });
    ended.await.expect("ended");
    assert_eq!(speaks(15).await, 0, "back within fifteen seconds");
    assert_eq!(keyer.get("/work/presence/me").await.code(), "not_permitted");
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    let row = work::presence_of(&mut reader, bank.world.person("keyer_a")).await.expect("reads").expect("a row");
    assert_eq!(row.standing, work::Standing::SignedOut);
}

#[tokio::test]
async fn no_act_is_offered_that_the_marks_of_the_item_would_refuse() {
    let bank = Bank::open().await;
    let item = bank.world.keyable(82).await;
    bank.world.keyed(&item, &world::voucher_values("10.00", "壹拾元整")).await;
    bank.world.suspends("checker").await.expect("work").expect("suspends");
    let (supervisor, path) = (bank.signed("supervisor").await, format!("/processing/items/{item}"));
    let offered = async || supervisor.get(&path).await.ok()["can"]["resume"].clone();
    assert_eq!(offered().await["allowed"], true);
    // As of somebody who checked it before they took another post.
    let (person, subject) = (bank.world.person("supervisor").clone(), item.clone());
    let marked = bank.world.run("test.hand", move |mut cx| {
        let (person, subject) = (person.clone(), subject.clone());
        Box::pin(async move {
            permission::separation::take_hand(&mut cx, &person, permission::Hand::Check, subject.as_str()).await?;
            Ok(cx.append(journal::Entry::new(&subject, "test.hand", json!({}))).await?.done(()))
        })
    });
    marked.await.expect("marked");
    let offer = offered().await;
    assert_eq!(offer["allowed"], false);
    let answer = supervisor.post(&format!("{path}/resume"), json!({ "note": "查证相符" })).await;
    assert_eq!(answer.code(), "separation_of_duties");
    assert_eq!(offer["reason_zh"], answer.json()["title_zh"], "the reason is that of the refusal");
}
