//! The world's bank behind the router, and people who are signed in to it.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use identity::{DemonstrationOnly, HashParameters, Rules};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::vault::Private;
use tokio::sync::watch;
use tower::ServiceExt as _;
use web::measures::Measures;
use web::{App, Parts, Settings};
use work::Engine;
use world::{PEOPLE, World};

pub const PASSWORD: &str = "Zhongxin-2026-qiu";
/// What the requests of tests carry, unless they say otherwise.
pub const HOST: &str = "ops.bank";

pub struct Bank {
    pub world: World,
    pub app: App,
    pub router: Router,
    /// Streams end when it is dropped.
    pub stop: watch::Sender<bool>,
}

impl Bank {
    pub async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    pub async fn with(settings: Settings) -> Self {
        let world = World::new().await;
        let mut rules = Rules::new(HashParameters::CHEAP).expect("rules");
        rules.attempts.address_attempts_max = 10_000;
        set_passwords(&world, &rules).await;
        let engine =
            Arc::new(Engine::with_seed(world.journal().clone(), processing::queues::QUEUES.to_vec(), "test", 7));
        assert_eq!(engine.start().await.expect("the engine starts"), work::Start::Begun);
        let (stop, stopping) = watch::channel(false);
        let app = App::new(Parts {
            journal: world.journal().clone(),
            blobs: world.blobs.clone(),
            rules,
            engine,
            core: Arc::clone(&world.core),
            measures: Measures::silent().expect("counters"),
            settings,
            stopping,
        });
        let router = web::router(app.clone());
        Self { world, app, router, stop }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a whole body");
        Answer { status: parts.status, headers: parts.headers, bytes: bytes.to_vec() }
    }

    /// A named person, signed in at a seat of their own.
    pub async fn signed(&self, name: &str) -> Client<'_> {
        let body = json!({ "employee_no": name, "password": PASSWORD, "seat": format!("S-{name}") });
        let request = Request::post("/api/v1/identity/sessions")
            .header(header::HOST, HOST)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
        let cookie = |wanted: &str| {
            let all = answer.headers.get_all(header::SET_COOKIE).iter();
            let found = all.filter_map(|value| value.to_str().ok()).find_map(|text| text.strip_prefix(wanted));
            let value = found.and_then(|rest| rest.split(';').next());
            value.unwrap_or_else(|| panic!("{name} got no cookie {wanted}")).to_owned()
        };
        let (token, csrf) = (cookie("shuniu_session="), cookie("shuniu_csrf="));
        Client { bank: self, name: name.to_owned(), token, csrf, keys: AtomicU32::new(0) }
    }
}

async fn set_passwords(world: &World, rules: &Rules) {
    let hash = rules.hasher.hash(&Private::new(PASSWORD)).await.expect("a hash");
    let rows: Vec<_> = PEOPLE.iter().map(|row| (world.person(row.0).clone(), hash.clone())).collect();
    let rules = rules.clone();
    world
        .run("test.passwords", move |mut cx| {
            let (rules, rows) = (rules.clone(), rows.clone());
            Box::pin(async move {
                let proof = DemonstrationOnly::from_flag(true).expect("the flag is on");
                Ok(identity::password::set_initial(&mut cx, &rules, &rows, proof).await?.done(()))
            })
        })
        .await
        .expect("passwords");
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The code of the problem document; empty when it is none.
    pub fn code(&self) -> String {
        serde_json::from_slice::<Value>(&self.bytes)
            .ok()
            .and_then(|body| body["code"].as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        if self.bytes.is_empty() { Value::Null } else { self.json() }
    }
}

/// A person at a browser.
pub struct Client<'b> {
    pub bank: &'b Bank,
    pub name: String,
    pub token: String,
    pub csrf: String,
    keys: AtomicU32,
}

impl Client<'_> {
    pub fn cookies(&self) -> String {
        format!("shuniu_session={}; shuniu_csrf={}", self.token, self.csrf)
    }

    pub fn key(&self) -> String {
        format!("{}-key-{:04}", self.name, self.keys.fetch_add(1, Ordering::SeqCst))
    }

    /// A request with everything that a proper client sends.
    pub fn request(&self, method: Method, path: &str, key: &str, body: Option<&Value>) -> Request<Body> {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .header(header::HOST, HOST)
            .header(header::COOKIE, self.cookies());
        if method != Method::GET {
            request = request.header("x-csrf-token", &self.csrf).header("idempotency-key", key);
        }
        match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        }
        .expect("a request")
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.bank.send(self.request(Method::GET, &format!("/api/v1{path}"), "", None)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.bank.send(self.request(Method::POST, &format!("/api/v1{path}"), &self.key(), Some(&body))).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.bank.send(self.request(Method::PUT, &format!("/api/v1{path}"), &self.key(), Some(&body))).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.bank.send(self.request(Method::DELETE, &format!("/api/v1{path}"), &self.key(), None)).await
    }

    /// Uploads a picture under a key.
    pub async fn upload(&self, path: &str, key: &str, bytes: Vec<u8>) -> Answer {
        let mut request = self.request(Method::POST, &format!("/api/v1{path}"), key, None);
        request.headers_mut().insert(header::CONTENT_TYPE, "image/png".parse().expect("a header"));
        *request.body_mut() = Body::from(bytes);
        self.bank.send(request).await
    }
}

/// A picture that the quality gate lets pass, as another teller captured it.
pub async fn picture(bank: &Bank, seed: u64) -> Vec<u8> {
    let item = bank.world.captures("other_teller", seed).await;
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    let pages = archive::page::current(&mut reader, item.as_str()).await.expect("pages");
    archive::page::bytes(&mut reader, &bank.world.blobs, &pages[0].original).await.expect("bytes")
}
