//! A thin client of the product's interface: cookies, the anti-forgery header, idempotency keys, repeats on a broken line.

mod stream;
pub mod wire;

pub use stream::Stream;

use std::sync::Arc;
use std::time::Duration;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite;

use wire::{Me, Problem, Reason};

/// Why a request did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("refused with {status} {code}: {title} (trace {trace})")]
    Refused { status: StatusCode, code: String, title: String, trace: String },
    #[error("the server could not be reached: {0}")]
    Line(#[from] reqwest::Error),
    #[error("the answer has another shape than agreed: {0}")]
    Shape(#[from] serde_json::Error),
    #[error("the stream broke: {0}")]
    Stream(#[from] Box<tungstenite::Error>),
    #[error("{0} is not an address of the product")]
    Address(String),
}

impl ClientError {
    /// The refusal's stable code; empty for a fault.
    pub fn code(&self) -> &str {
        match self {
            Self::Refused { code, .. } => code,
            _ => "",
        }
    }

    /// Whether signing in again is the cure.
    pub fn is_signed_out(&self) -> bool {
        match self {
            Self::Refused { status, .. } => *status == StatusCode::UNAUTHORIZED,
            Self::Stream(error) => {
                matches!(&**error, tungstenite::Error::Http(answer) if answer.status() == StatusCode::UNAUTHORIZED)
            }
            _ => false,
        }
    }
}

/// A person's signed-in browser, as far as a program needs one.
pub struct Client {
    http: reqwest::Client,
    jar: Arc<Jar>,
    base: Url,
}

/// How often a command is sent again under its key when the line broke.
const REPEATS: u32 = 3;
const CSRF_COOKIE: &str = "shuniu_csrf";

impl Client {
    /// `base` is the address of the product, such as `http://127.0.0.1:8470`.
    pub fn new(base: &str) -> Result<Self, ClientError> {
        let base = Url::parse(base).map_err(|_| ClientError::Address(base.to_owned()))?;
        let jar = Arc::new(Jar::default());
        let http = reqwest::Client::builder().cookie_provider(jar.clone()).timeout(Duration::from_secs(30)).build()?;
        Ok(Self { http, jar, base })
    }

    /// Signs in; the seat is what watermarks and the journal show.
    pub async fn sign_in(&self, employee_no: &str, password: &str) -> Result<Me, ClientError> {
        let seat = format!("SIM-{employee_no}");
        self.send(
            Method::POST,
            "/identity/sessions",
            &json!({ "employee_no": employee_no, "password": password, "seat": seat }),
        )
        .await
    }

    pub async fn sign_out(&self) -> Result<(), ClientError> {
        self.command(Method::DELETE, "/identity/sessions/current", |request| request).await.map(|_| ())
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        let response = accepted(self.http.get(self.address(path)?).send().await?).await?;
        Ok(serde_json::from_slice(&response.bytes().await?)?)
    }

    /// A command with a JSON body; sent again under the same key when the line breaks.
    pub async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let response = self.command(method, path, |request| request.json(body)).await?;
        let bytes = response.bytes().await?;
        // A command without an answer in words answers nothing at all.
        let bytes: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        Ok(serde_json::from_slice(bytes)?)
    }

    /// A command whose answer does not matter beyond its success.
    pub async fn act(&self, path: &str, body: &Value) -> Result<(), ClientError> {
        self.command(Method::POST, path, |request| request.json(body)).await.map(|_| ())
    }

    pub async fn delete(&self, path: &str) -> Result<(), ClientError> {
        self.command(Method::DELETE, path, |request| request).await.map(|_| ())
    }

    /// Sends an image as the body of a command.
    pub async fn upload(
        &self,
        path: &str,
        bytes: Vec<u8>,
        content_type: &str,
        file_name: &str,
    ) -> Result<(), ClientError> {
        self.command(Method::POST, path, |request| {
            request.header("Content-Type", content_type).header("X-File-Name", file_name).body(bytes.clone())
        })
        .await
        .map(|_| ())
    }

    /// Fetches an image link, once, as a browser shows it; gives its size in bytes.
    pub async fn look_at(&self, link: &str) -> Result<usize, ClientError> {
        let address = self.base.join(link).map_err(|_| ClientError::Address(link.to_owned()))?;
        Ok(accepted(self.http.get(address).send().await?).await?.bytes().await?.len())
    }

    pub async fn reasons(&self) -> Result<Vec<Reason>, ClientError> {
        self.get("/processing/reasons").await
    }

    async fn command(
        &self,
        method: Method,
        path: &str,
        with_body: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Response, ClientError> {
        let address = self.address(path)?;
        let key = uuid::Uuid::now_v7().to_string();
        let mut tries = 0;
        loop {
            let mut request = self.http.request(method.clone(), address.clone()).header("Idempotency-Key", &key);
            if let Some(token) = self.cookie(CSRF_COOKIE) {
                request = request.header("X-CSRF-Token", token);
            }
            match with_body(request).send().await {
                Ok(response) => return accepted(response).await,
                Err(error) if tries < REPEATS => {
                    tries += 1;
                    tracing::debug!(%error, tries, "the line broke; the command is sent again under its key");
                    tokio::time::sleep(Duration::from_millis(300 << tries)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn address(&self, path: &str) -> Result<Url, ClientError> {
        self.base.join(&format!("/api/v1{path}")).map_err(|_| ClientError::Address(path.to_owned()))
    }

    /// All cookies as a browser would send them.
    fn cookies(&self) -> String {
        let header = self.jar.cookies(&self.base.join("/api/v1/").unwrap_or_else(|_| self.base.clone()));
        header.and_then(|value| value.to_str().map(str::to_owned).ok()).unwrap_or_default()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let all = self.cookies();
        all.split("; ").find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
    }
}

/// Turns a problem document into an error.
async fn accepted(response: Response) -> Result<Response, ClientError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let bytes = response.bytes().await?;
    // Something between us and the product may answer without a problem document.
    let problem: Problem = serde_json::from_slice(&bytes).unwrap_or_default();
    Err(ClientError::Refused { status, code: problem.code, title: problem.title_en, trace: problem.trace_id })
}

#[cfg(test)]
mod tests;
