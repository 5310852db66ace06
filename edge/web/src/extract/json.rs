//! JSON bodies: read whole, within the limit, with the name of the field that is wrong.

use crate::App;
use crate::problem::{Problem, Reply};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::hash::{Digest, HashSuite};
use kernel::{Code, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A body whose digest is part of a command's input hash.
pub trait Digested {
    fn digest(&self) -> Digest;
}

/// A JSON body, or a JSON answer. An empty body reads as `{}`.
#[derive(Debug, Clone)]
pub struct Json<T> {
    pub value: T,
    digest: Digest,
}

impl<T> Json<T> {
    /// An answer.
    pub fn of(value: T) -> Self {
        Self { value, digest: Digest::zero(HashSuite::Sha256) }
    }
}

impl<T> Digested for Json<T> {
    fn digest(&self) -> Digest {
        self.digest
    }
}

impl Digested for Bytes {
    fn digest(&self) -> Digest {
        HashSuite::Sha256.digest(&[self])
    }
}

/// The body of a command that needs no words.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Reply<Self> {
        let is_json = media_type_is_json(&request);
        let bytes = match Bytes::from_request(request, app).await {
            Ok(bytes) => bytes,
            Err(rejection) => return Err(unread(rejection.status())),
        };
        if !bytes.is_empty() && !is_json {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let text: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        Ok(Self { value: read(text)?, digest: HashSuite::Sha256.digest(&[&bytes]) })
    }
}

/// A body that was too large keeps its status; one that broke off is malformed.
pub(crate) fn unread(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::of_status(status);
    }
    Refusal::detailed(Code::MalformedRequest, "内容不完整", "the body is incomplete").into()
}

fn media_type_is_json(request: &Request) -> bool {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}

fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Refusal> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        refusal(&path, error.inner())
    })?;
    reader.end().map_err(|error| refusal(".", &error))?;
    refuse_nul(text)?;
    Ok(value)
}

/// U+0000 stands in no text that a person writes, and PostgreSQL stores none.
pub(crate) fn nul(path: &str) -> Refusal {
    Refusal::field(shown(path), "含有不可用的字符（U+0000）", "it holds a character that cannot be used (U+0000)")
}

/// JSON can write U+0000 only as an escape; bodies without one, which are all but the broken, cost one look.
fn refuse_nul(text: &[u8]) -> Result<(), Refusal> {
    const ESCAPE: &[u8] = b"\\u0000";
    if !text.windows(ESCAPE.len()).any(|window| window == ESCAPE) {
        return Ok(());
    }
    let value: Value = serde_json::from_slice(text).map_err(|error| refusal(".", &error))?;
    place_of_nul(&value, "").map_or(Ok(()), |path| Err(nul(if path.is_empty() { "body" } else { &path })))
}

/// The path of the first text or name with U+0000 in it. As deep as the parser lets a body be.
fn place_of_nul(value: &Value, path: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(all) => all.iter().enumerate().find_map(|(n, one)| place_of_nul(one, &format!("{path}[{n}]"))),
        Value::Object(members) => members.iter().find_map(|(name, one)| {
            let path = join(path, name);
            if name.contains('\0') { Some(path) } else { place_of_nul(one, &path) }
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Says where and in which way the text is wrong, in words of our own: the parser's words may repeat the value.
fn refusal(path: &str, error: &serde_json::Error) -> Refusal {
    if !error.is_data() {
        let (line, column) = (error.line(), error.column());
        let zh = format!("JSON 第 {line} 行第 {column} 列有误");
        return Refusal::detailed(
            Code::MalformedRequest,
            zh,
            format!("the JSON is wrong at line {line}, column {column}"),
        );
    }
    wrong_input(path, &error.to_string())
}

/// The refusal of a value that does not fit its shape; `message` is the deserializer's.
pub(crate) fn wrong_input(path: &str, message: &str) -> Refusal {
    let path = shown(path);
    let parent = if path == "." || path == "?" { "" } else { path.as_str() };
    let named = |rest: &str| rest.split('`').next().unwrap_or_default().to_owned();
    if let Some(rest) = message.strip_prefix("missing field `") {
        return Refusal::field(join(parent, &named(rest)), "缺少此项", "it is missing");
    }
    if let Some(rest) = message.strip_prefix("unknown field `") {
        // The path ends with the unknown field already.
        let name = shown(&named(rest));
        let path = if parent.ends_with(&name) { parent.to_owned() } else { join(parent, &name) };
        return Refusal::field(path, "没有此项", "there is no such field");
    }
    Refusal::field(if parent.is_empty() { "body" } else { parent }, "类型或格式不正确", "its type or form is wrong")
}

fn join(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

/// A path as it may be said: a step that does not look like a name was made up by the client, and nobody knows what was typed there.
fn shown(path: &str) -> String {
    const STEP_CHARS_MAX: usize = 40;
    let is_name = |step: &str| {
        step.len() <= STEP_CHARS_MAX
            && step.starts_with(|first: char| first.is_ascii_alphabetic() || first == '[')
            && step.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'[' | b']'))
    };
    let steps: Vec<&str> =
        path.split('.').map(|step| if step.is_empty() || is_name(step) { step } else { "?" }).collect();
    steps.join(".").chars().take(120).collect()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.value).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Order {
        #[expect(dead_code, reason = "only its reading is tested")]
        note: String,
        lines: Vec<Line>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Line {
        #[expect(dead_code, reason = "only its reading is tested")]
        count: u8,
    }

    fn refused(text: &str) -> (Code, Option<String>, String) {
        let refusal = read::<Order>(text.as_bytes()).map(|order| order.lines.len()).expect_err(text);
        (refusal.code, refusal.field.clone(), refusal.en())
    }

    #[test]
    fn a_text_with_u_0000_is_refused_by_its_place_and_one_that_only_shows_the_escape_is_not() {
        let cases = [
            (r#"{"note":"a\u0000b","lines":[]}"#, Some("note")),
            (r#"{"note":"\\u0000","lines":[]}"#, None),
            (r#"{"note":"\\\u0000","lines":[]}"#, Some("note")),
        ];
        for (text, field) in cases {
            let found = read::<Order>(text.as_bytes()).err().map(|refusal| refusal.field.unwrap_or_default());
            assert_eq!(found.as_deref(), field, "{text}");
        }
        let deep: Value = serde_json::from_str(r#"{"a":[{"b":1},{"b":"\u0000"}]}"#).expect("JSON");
        assert_eq!(place_of_nul(&deep, "").as_deref(), Some("a[1].b"));
    }

    #[test]
    fn every_wrong_body_names_its_field_and_none_is_echoed() {
        let cases = [
            (r#"{"note":"a"}"#, Code::InvalidField, Some("lines")),
            (r#"{"note":"a","lines":[{"count":1},{}]}"#, Code::InvalidField, Some("lines[1].count")),
            (r#"{"note":"a","lines":[{"count":"张三"}]}"#, Code::InvalidField, Some("lines[0].count")),
            (r#"{"note":"a","lines":[{"count":300}]}"#, Code::InvalidField, Some("lines[0].count")),
            (r#"{"note":"a","lines":[],"more":1}"#, Code::InvalidField, Some("more")),
            (r#"{"note":"a","lines":[{"count":1,"<b>":1}]}"#, Code::InvalidField, Some("lines[0].?")),
            ("[]", Code::InvalidField, Some("body")),
            (r#"{"note":"a""#, Code::MalformedRequest, None),
            (r#"{"note":"a","lines":[]} x"#, Code::MalformedRequest, None),
        ];
        for (text, code, field) in cases {
            let (found, at, en) = refused(text);
            assert_eq!((found, at.as_deref()), (code, field), "{text}");
            assert!(!en.contains("张三") && !en.contains('<'), "{en}");
        }
    }
}
