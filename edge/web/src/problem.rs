//! Problem documents (RFC 9457): how a refusal and a fault reach a client.
//!
//! A refusal keeps its code, its field and its sentence in both languages.
//! A fault becomes an incident number; its text goes to the log, never to the client.
//! The document is written by [`crate::layers::observe`], which knows the trace and the language that the client reads.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use journal::Failure;
use kernel::{Clock as _, Code, IncidentId, Refusal, SystemClock};
use serde_json::{Map, Value};
use storage::Fault;

/// The media type of problem documents.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What a client is told when it did not get what it asked for.
#[derive(Debug, Clone)]
pub struct Problem(Box<Content>);

#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub status: StatusCode,
    pub code: &'static str,
    pub title_zh: String,
    pub title_en: String,
    pub field: Option<String>,
    /// Seconds, for `Retry-After`.
    pub retry_after: Option<u64>,
    /// Further members of the document, such as the findings on a page.
    pub more: Map<String, Value>,
    /// Whether the cookies of a dead session are taken back.
    pub ends_session: bool,
    /// What the document says, where it is a refusal of the catalog.
    pub refusal: Option<Refusal>,
}

/// What handlers answer.
pub type Reply<T> = Result<T, Problem>;

impl Problem {
    pub(crate) fn content(&self) -> &Content {
        &self.0
    }

    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    pub fn code(&self) -> &'static str {
        self.0.code
    }

    /// Adds a member to the document.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.0.more.insert(name.to_owned(), value);
        self
    }

    /// Also tells the browser to forget its session.
    #[must_use]
    pub fn ending_session(mut self) -> Self {
        self.0.ends_session = true;
        self
    }

    /// What is no refusal: a fault, or an outcome that is not known.
    pub fn of_protocol(status: StatusCode, code: &'static str, zh: &str, en: &str) -> Self {
        Self(Box::new(Content {
            status,
            code,
            title_zh: zh.to_owned(),
            title_en: en.to_owned(),
            field: None,
            retry_after: None,
            more: Map::new(),
            ends_session: false,
            refusal: None,
        }))
    }

    /// The problem of a response that axum or a limit answered by itself.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Refusal::new(Code::NotFound).into(),
            StatusCode::METHOD_NOT_ALLOWED => Refusal::new(Code::MethodNotAllowed).into(),
            StatusCode::PAYLOAD_TOO_LARGE => {
                Refusal::detailed(Code::TooLarge, "超过该接口的上限", "above the limit of this address").into()
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::new(Code::UnsupportedMediaType).into(),
            other if other.is_server_error() => incident(other, &format_args!("answered {other} without a cause")),
            other => {
                let refusal = Refusal::detailed(Code::MalformedRequest, "格式不正确", "it is malformed");
                let mut problem = Self::from(refusal);
                problem.0.status = other;
                problem
            }
        }
    }

    /// The answer to a request that took too long. Whether it was done is not known, and it says so.
    pub(crate) fn of_time_out() -> Self {
        let (zh, en) = (
            "处理超时，结果未知。请用同一个 Idempotency-Key 重试，不会重复办理。",
            "It took too long and its outcome is not known. Send it again with the same Idempotency-Key; nothing is done twice.",
        );
        Self::of_protocol(StatusCode::GATEWAY_TIMEOUT, "timed_out", zh, en)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let waits = matches!(refusal.code, Code::LockedOut | Code::RateLimited);
        Self(Box::new(Content {
            status: StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::BAD_REQUEST),
            code: refusal.code.as_str(),
            title_zh: refusal.zh(),
            title_en: refusal.en(),
            field: refusal.field.clone(),
            retry_after: waits.then(|| refusal.detail.en.parse().ok()).flatten(),
            more: Map::new(),
            ends_session: false,
            refusal: Some(refusal),
        }))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        if let Fault::OutcomeUnknown(_) = fault {
            tracing::error!(%fault, "the outcome of a request is not known");
            return Self::of_time_out();
        }
        let overloaded = matches!(fault, Fault::Stopped) || fault.is_retryable();
        if overloaded {
            tracing::error!(%fault, "the storage could not take a request");
            let mut problem = Self::from(Refusal::detailed(Code::Unavailable, "数据存储", "the storage"));
            problem.0.retry_after = Some(1);
            return problem;
        }
        incident(StatusCode::INTERNAL_SERVER_ERROR, &fault)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Fault(fault) => fault.into(),
        }
    }
}

/// Logs a fault under a new incident number and answers the number.
pub(crate) fn incident(status: StatusCode, cause: &dyn std::fmt::Display) -> Problem {
    let incident = IncidentId::new(SystemClock.now());
    tracing::error!(%incident, %cause, "a request failed");
    let zh = format!("系统出现故障，已登记（{incident}）。请稍后重试；若仍失败，请把该编号告知运维人员。");
    let en = format!(
        "Something failed and was recorded ({incident}). Try again later; if it fails again, tell the operators this number."
    );
    Problem::of_protocol(status, "fault", &zh, &en).with("incident", Value::String(incident.to_string()))
}

impl IntoResponse for Problem {
    /// An empty response that carries the content; [`crate::layers::observe`] writes the document.
    fn into_response(self) -> Response {
        let mut response = self.0.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The shape of a problem document, for the OpenAPI document.
#[derive(Debug, utoipa::ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct ProblemDocument {
    /// `urn:shuniu:problem:<code>`.
    pub r#type: String,
    /// In the language of `Accept-Language`: Chinese when it begins with `zh`, else English.
    pub title: String,
    pub title_zh: String,
    pub title_en: String,
    pub status: u16,
    #[schema(value_type = crate::words::ProblemCode)]
    pub code: String,
    /// The input's field path, when one field is at fault.
    pub field: Option<String>,
    /// Names the request in the logs.
    pub trace_id: String,
    /// Incident number of a fault.
    pub incident: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_its_status_code_and_sentences() {
        let problem = Problem::from(Refusal::field("amount", "太大", "too large"));
        assert_eq!((problem.status().as_u16(), problem.code()), (422, "invalid_field"));
        assert!(problem.content().title_en.contains("`amount`"));
        assert_eq!(problem.content().field.as_deref(), Some("amount"));
    }

    #[test]
    fn a_fault_shows_an_incident_number_and_nothing_of_its_text() {
        let problem = Problem::from(Fault::inconsistent("row 17 of table secrets"));
        assert_eq!((problem.status().as_u16(), problem.code()), (500, "fault"));
        let shown =
            format!("{} {} {:?}", problem.content().title_zh, problem.content().title_en, problem.content().more);
        assert!(shown.contains("inc_") && !shown.contains("secrets"), "{shown}");
    }

    #[test]
    fn a_storage_that_gave_up_is_unavailable_and_says_when_to_come_back() {
        let problem = Problem::from(Fault::Stopped);
        assert_eq!((problem.status().as_u16(), problem.code()), (503, "unavailable"));
        assert_eq!(problem.content().retry_after, Some(1));
    }

    #[test]
    fn an_outcome_that_is_not_known_is_told_as_such() {
        let problem = Problem::from(Fault::OutcomeUnknown(Box::new(Fault::Stopped)));
        assert_eq!((problem.status().as_u16(), problem.code()), (504, "timed_out"));
        assert!(problem.content().title_en.contains("same Idempotency-Key"));
    }

    #[test]
    fn a_lock_out_says_in_a_header_how_long_it_lasts() {
        assert_eq!(Problem::from(Refusal::with(Code::LockedOut, 30)).content().retry_after, Some(30));
    }
}
