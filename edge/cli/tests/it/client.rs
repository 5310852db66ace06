//! A person's browser, as far as these tests need one: it repeats a command under its key until somebody answers.

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::cookie::{CookieStore as _, Jar};
use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A killed server is back within seconds; a command that nobody answers for so long is a failure of the test.
const PATIENCE: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(80);

/// A signed-in person.
pub struct Browser {
    http: reqwest::Client,
    jar: Arc<Jar>,
    base: Url,
    pub person_id: String,
}

/// What the server said in the end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    /// How often the command was sent.
    pub sent: u32,
    /// It was a repeat: the server had done it and its answer was lost.
    pub already_done: bool,
}

impl Answer {
    pub fn is_done(&self) -> bool {
        self.status.is_success()
    }

    /// The refusal's code, for messages.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

#[derive(Clone)]
pub enum Body {
    Json(Value),
    Image(Vec<u8>),
}

impl Browser {
    pub async fn signs_in(base: &str, employee_no: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder().cookie_provider(jar.clone()).timeout(Duration::from_secs(20));
        let http = http.build().expect("a client");
        let mut browser = Self { http, jar, base: base.parse().expect("an address"), person_id: String::new() };
        let body = json!({ "employee_no": employee_no, "password": demo::province::PASSWORD, "seat": "S-1" });
        let me = browser.command(Method::POST, "/identity/sessions", Body::Json(body)).await;
        assert!(me.is_done(), "{employee_no} signs in: {me:?}");
        browser.person_id = me.body["person_id"].as_str().expect("an id").to_owned();
        browser
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.command(Method::POST, path, Body::Json(body)).await
    }

    /// Sends a command under one key until it is answered. A fault (5xx) is no answer: the same key is sent again.
    pub async fn command(&self, method: Method, path: &str, body: Body) -> Answer {
        let key = format!("{:032x}", rand::random::<u128>());
        let begun = std::time::Instant::now();
        for sent in 1.. {
            let mut request = self.http.request(method.clone(), self.address(path)).header("Idempotency-Key", &key);
            if let Some(token) = self.cookie("shuniu_csrf") {
                request = request.header("X-CSRF-Token", token);
            }
            request = match body.clone() {
                Body::Json(value) => request.json(&value),
                Body::Image(bytes) => request.header("Content-Type", "image/png").body(bytes),
            };
            match read(request).await {
                Ok(answer) if !answer.status.is_server_error() => return Answer { sent, ..answer },
                trouble => assert!(begun.elapsed() < PATIENCE, "nobody answered {path}: {trouble:?}"),
            }
            tokio::time::sleep(AGAIN).await;
        }
        unreachable!("the loop ends by an answer or a panic")
    }

    /// Reads; `None` when the line broke or a fault came.
    pub async fn get(&self, path: &str) -> Option<Value> {
        let answer = read(self.http.get(self.address(path))).await.ok()?;
        answer.is_done().then_some(answer.body)
    }

    fn address(&self, path: &str) -> Url {
        self.base.join(&format!("/api/v1{path}")).expect("an address")
    }

    fn cookies(&self) -> String {
        let header = self.jar.cookies(&self.address("/"));
        header.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.cookies().split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    }

    /// Opens the stream of work.
    pub async fn stream(&self) -> Result<Stream, Error> {
        let mut address = self.address("/work/stream");
        address.set_scheme("ws").expect("a scheme");
        let mut request = address.as_str().into_client_request()?;
        request.headers_mut().insert("cookie", self.cookies().parse().expect("a header"));
        Ok(Stream(connect_async(request).await?.0))
    }
}

async fn read(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let status = response.status();
    let already_done = response.headers().get("idempotency-outcome").is_some();
    let body = serde_json::from_slice(&response.bytes().await?).unwrap_or_default();
    Ok(Answer { status, body, sent: 0, already_done })
}

/// The open stream of a person.
pub struct Stream(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Stream {
    /// The next frame; `None` when the stream is over, however it ended.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            match self.0.next().await? {
                Ok(Message::Text(text)) => return serde_json::from_str(&text).ok(),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub async fn say(&mut self, what: Value) -> Result<(), Error> {
        self.0.send(Message::text(what.to_string())).await
    }
}
