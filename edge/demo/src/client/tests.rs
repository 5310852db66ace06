//! The client against a listener that only records and answers: headers, repeats and frames, not the product's rules.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::wire::{Event, Saying, Task};
use super::*;

/// What the listener was asked: path, then the headers that matter.
#[derive(Debug, Clone, Default)]
struct Asked {
    path: String,
    cookies: String,
    csrf: Option<String>,
    key: Option<String>,
    origin: Option<String>,
}

type Log = Arc<Mutex<Vec<Asked>>>;

fn record(log: &Log, path: &str, headers: &HeaderMap) {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    log.lock().unwrap().push(Asked {
        path: path.to_owned(),
        cookies: text("cookie").unwrap_or_default(),
        csrf: text("x-csrf-token"),
        key: text("idempotency-key"),
        origin: text("origin"),
    });
}

async fn sign_in(State(log): State<Log>, request: Request) -> Response {
    record(&log, request.uri().path(), request.headers());
    let cookies = [
        (header::SET_COOKIE, "shuniu_session=s1; HttpOnly; SameSite=Strict; Path=/"),
        (header::SET_COOKIE, "shuniu_csrf=c1; SameSite=Strict; Path=/"),
    ];
    (axum::response::AppendHeaders(cookies), axum::Json(json!({ "permissions": ["slice.key_first"] }))).into_response()
}

async fn accept(State(log): State<Log>, request: Request) -> Response {
    record(&log, request.uri().path(), request.headers());
    axum::Json(json!({ "accepted": true })).into_response()
}

async fn refuse(State(log): State<Log>, request: Request) -> Response {
    record(&log, request.uri().path(), request.headers());
    let problem = json!({ "code": "poor_image", "title_en": "The image quality is not sufficient.", "trace_id": "t1" });
    (StatusCode::UNPROCESSABLE_ENTITY, axum::Json(problem)).into_response()
}

async fn push(State(log): State<Log>, headers: HeaderMap, uri: axum::http::Uri, upgrade: WebSocketUpgrade) -> Response {
    record(&log, &uri.to_string(), &headers);
    upgrade.on_upgrade(async |mut socket| {
        let frame = json!({ "seq": 3, "type": "assigned", "lease": { "work_item_id": "wi_1", "fence": 2,
            "task": { "kind": "slice", "field": { "code": "amount" }, "image_url": "/api/v1/archive/links/t" } } });
        socket.send(Message::text(frame.to_string())).await.unwrap();
        // What the client says comes back inside a frame, so that the test can see it.
        let said = socket.recv().await.unwrap().unwrap().into_text().unwrap();
        let echo = json!({ "seq": 4, "type": "released", "work_item_id": said.to_string(), "why": "withdrawn" });
        socket.send(Message::text(echo.to_string())).await.unwrap();
    })
}

async fn listener() -> (String, Log) {
    let log = Log::default();
    let router = Router::new()
        .route("/api/v1/identity/sessions", post(sign_in))
        .route("/api/v1/processing/keying/wi_1/entry", post(accept))
        .route("/api/v1/processing/items/itm_1/pages", post(refuse))
        .route("/api/v1/work/stream", get(push))
        .with_state(log.clone());
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(socket, router).await.unwrap() });
    (format!("http://{address}"), log)
}

#[tokio::test]
async fn a_command_carries_the_session_the_token_and_a_key_of_its_own() {
    let (base, log) = listener().await;
    let client = Client::new(&base).unwrap();
    let me = client.sign_in("200003", "secret").await.unwrap();
    assert_eq!(me.permissions, ["slice.key_first"]);
    for _ in 0..2 {
        client.act("/processing/keying/wi_1/entry", &json!({ "fence": 1 })).await.unwrap();
    }
    let asked = log.lock().unwrap().clone();
    assert_eq!(asked[0].csrf, None);
    for entry in &asked[1..] {
        assert_eq!(entry.csrf.as_deref(), Some("c1"));
        assert!(entry.cookies.contains("shuniu_session=s1"));
    }
    assert!(asked[1].key.is_some() && asked[1].key != asked[2].key);
}

#[tokio::test]
async fn a_refusal_keeps_its_code_and_is_not_sent_again() {
    let (base, log) = listener().await;
    let client = Client::new(&base).unwrap();
    let refused =
        client.upload("/processing/items/itm_1/pages?kind=receipt", vec![1], "image/jpeg", "a.jpg").await.unwrap_err();
    assert_eq!(refused.code(), "poor_image");
    assert!(!refused.is_signed_out());
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn the_stream_belongs_to_the_session_brings_work_and_goes_on_from_the_last_frame() {
    let (base, log) = listener().await;
    let client = Client::new(&base).unwrap();
    client.sign_in("200003", "secret").await.unwrap();
    let mut stream = Stream::open(&client, Some(2)).await.unwrap();
    let frame = stream.next().await.unwrap().unwrap();
    let Event::Assigned { lease } = frame.event else { panic!("{frame:?}") };
    assert!(matches!(lease.task, Task::Slice(_)));
    assert_eq!(stream.last_seq, 3);
    stream.say(&Saying::Ack { work_item_id: "wi_1", fence: 2 }).await.unwrap();
    let frame = stream.next().await.unwrap().unwrap();
    let Event::Released { work_item_id: said } = frame.event else { panic!("{frame:?}") };
    assert_eq!(said, r#"{"type":"ack","work_item_id":"wi_1","fence":2}"#);
    assert!(stream.next().await.map_or(true, |frame| frame.is_none()));
    let asked = log.lock().unwrap().last().unwrap().clone();
    assert_eq!(asked.path, "/api/v1/work/stream?resume=2");
    assert!(asked.cookies.contains("shuniu_session=s1"));
    assert_eq!(asked.origin.as_deref(), Some(base.as_str()));
}

#[tokio::test]
async fn a_command_is_sent_again_under_its_key_when_the_line_breaks() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    let keys = tokio::spawn(async move {
        let mut keys = Vec::new();
        for answer in [false, true] {
            let (mut line, _) = socket.accept().await.unwrap();
            let mut bytes = vec![0; 4_096];
            let length = line.read(&mut bytes).await.unwrap();
            let head = String::from_utf8_lossy(&bytes[..length]).to_ascii_lowercase();
            keys.push(head.lines().find_map(|line| line.strip_prefix("idempotency-key: ").map(str::to_owned)));
            if answer {
                line.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").await.unwrap();
            }
        }
        keys
    });
    Client::new(&format!("http://{address}")).unwrap().act("/x", &json!({})).await.unwrap();
    let keys = keys.await.unwrap();
    assert!(keys[0].is_some());
    assert_eq!(keys[0], keys[1]);
}
