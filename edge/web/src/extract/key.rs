//! The idempotency key of a command, bound to what the request says.

use super::json::Digested;
use super::version::etag;
use crate::App;
use crate::layers::Attempt;
use crate::problem::{Problem, Reply};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use journal::{Actor, Command, Outcome, Subject};
use kernel::hash::{Digest, HashSuite};
use kernel::{Code, Refusal};
use serde::Serialize;
use storage::Fault;

const HEADER: &str = "idempotency-key";
/// Shorter ones are chosen by hand and meet each other.
const KEY_CHARS_MIN: usize = 8;
const KEY_CHARS_MAX: usize = 128;

/// The `Idempotency-Key` of a request, with the digest of its method, its address and its `If-Match`.
#[derive(Debug, Clone)]
pub struct Key {
    text: String,
    address: Digest,
    attempt: Option<Attempt>,
}

impl Key {
    /// The key alone, for commands that hash no input because it holds secrets.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The command under this key; its input hash covers method, address and body.
    pub fn command(self, name: &'static str, actor: Actor, subject: Subject, body: &impl Digested) -> Command {
        let input_hash = HashSuite::Sha256.digest(&[&self.address.bytes, &body.digest().bytes]);
        if let Some(attempt) = &self.attempt {
            attempt.by(actor.clone());
            attempt.at(name, subject.clone());
        }
        Command { name, actor, key: self.text, input_hash, subject }
    }
}

impl FromRequestParts<App> for Key {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Reply<Self> {
        let Some(header) = parts.headers.get(HEADER) else {
            return Err(Refusal::new(Code::IdempotencyKeyMissing).into());
        };
        let text = header.to_str().ok().filter(|text| is_key(text));
        let Some(text) = text else {
            let (zh, en) = ("须为 8 至 128 个可见 ASCII 字符", "write 8 to 128 visible ASCII characters");
            return Err(Refusal::detailed(Code::MalformedRequest, zh, en).at("Idempotency-Key").into());
        };
        let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
        // The version that an edit was made from is a part of what it says.
        let version = parts.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes);
        let said = [parts.method.as_str().as_bytes(), b"\0", target.as_bytes(), b"\0", version];
        let address = HashSuite::Sha256.digest(&said);
        Ok(Self { text: text.to_owned(), address, attempt: parts.extensions.get().cloned() })
    }
}

fn is_key(text: &str) -> bool {
    (KEY_CHARS_MIN..=KEY_CHARS_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// The answer of a command: `body` makes it from the value, new or repeated; a repeat says so in a header.
pub fn answer<T, R: IntoResponse>(outcome: Outcome<T>, body: impl FnOnce(T) -> R) -> Reply<Response> {
    match outcome {
        Outcome::Done(value) => Ok(body(value).into_response()),
        Outcome::AlreadyDone(value) => {
            let header = (HeaderName::from_static("idempotency-outcome"), HeaderValue::from_static("already_done"));
            Ok(([header], body(value)).into_response())
        }
        Outcome::ConflictsWithEarlier => Err(Refusal::new(Code::ConflictsWithEarlier).into()),
    }
}

/// A JSON answer as it was first given, with its version: a repeat gets it again, whatever happened since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    version: i64,
    body: String,
}

impl FirstAnswer {
    pub fn of(version: i64, body: &impl Serialize) -> Result<Self, Fault> {
        let body = serde_json::to_string(body).map_err(|error| Fault::inconsistent(format!("an answer: {error}")))?;
        Ok(Self { version, body })
    }
}

impl journal::Reply for FirstAnswer {
    fn keep(&self) -> String {
        format!("{} {}", self.version, self.body)
    }

    fn again(kept: &str) -> Option<Self> {
        let (version, body) = kept.split_once(' ')?;
        Some(Self { version: version.parse().ok()?, body: body.to_owned() })
    }
}

impl IntoResponse for FirstAnswer {
    fn into_response(self) -> Response {
        let media_type = [(header::CONTENT_TYPE, "application/json")];
        (etag(self.version), media_type, self.body).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_8_to_128_visible_ascii_characters() {
        let cases = [("12345678", true), ("1234567", false), ("with space", false), ("键键键键键键键键", false)];
        for (text, expected) in cases {
            assert_eq!(is_key(text), expected, "{text}");
        }
        assert!(is_key(&"x".repeat(128)) && !is_key(&"x".repeat(129)));
    }
}
