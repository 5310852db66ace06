//! The outermost layer: names the request, logs and measures it, and writes problem documents.
//!
//! Logs and metrics carry the route's template, never the address itself: an address may hold an id, a query what was searched for.

use super::TraceId;
use crate::extract::take_back;
use crate::problem::{Content, MEDIA_TYPE, Problem};
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use std::time::Instant as Stopwatch;
use tracing::Instrument as _;

/// Label of requests that no route took.
const NO_ROUTE: &str = "(none)";

pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let trace = TraceId::of(request.headers());
    let method = request.method().as_str().to_owned();
    let chinese = prefers_chinese(request.headers());
    let is_api = request.uri().path().starts_with("/api/");
    let route = request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned();
    let span = tracing::info_span!("request", trace_id = %trace.0, method, route);
    let begun = Stopwatch::now();
    let response = next.run(request).instrument(span.clone()).await;
    let response = span.in_scope(|| finish(response, &trace, chinese, is_api));
    let took = begun.elapsed();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, micros = took.as_micros(), "answered"));
    metrics::counter!("http_requests_total", "method" => method.clone(), "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("http_request_seconds", "method" => method, "route" => route).record(took);
    response
}

/// Writes the document of a problem, and turns the bare errors of the protocol into problems.
fn finish(mut response: Response, trace: &TraceId, chinese: bool, is_api: bool) -> Response {
    let status = response.status();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => Some(problem),
        None => (is_api && (status.is_client_error() || status.is_server_error())).then(|| Problem::of_status(status)),
    };
    let mut response = match problem {
        Some(problem) => document(problem.content(), response, trace, chinese),
        None => response,
    };
    if let Ok(value) = HeaderValue::from_str(&trace.0) {
        response.headers_mut().insert(HeaderName::from_static("trace-id"), value);
    }
    response
}

fn document(content: &Content, bare: Response, trace: &TraceId, chinese: bool) -> Response {
    let Content { status, code, title_zh, title_en, field, retry_after, more, ends_session, refusal: _ } = content;
    let mut body = json!({
        "type": format!("urn:shuniu:problem:{code}"),
        "title": if chinese { title_zh } else { title_en },
        "title_zh": title_zh,
        "title_en": title_en,
        "status": status.as_u16(),
        "code": code,
        "trace_id": trace.0,
    });
    if let Value::Object(members) = &mut body {
        if let Some(field) = field {
            members.insert("field".into(), Value::String(field.clone()));
        }
        members.extend(more.clone());
    }
    let mut response = (*status, Body::from(body.to_string())).into_response();
    *response.headers_mut() = kept(bare.headers());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(if chinese { "zh-CN" } else { "en" }));
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    if *status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Cookie realm=\"shuniu\""));
    }
    if *ends_session {
        take_back(headers);
    }
    response
}

/// The headers of the bare response that still hold for the document.
fn kept(headers: &HeaderMap) -> HeaderMap {
    let mut kept = headers.clone();
    kept.remove(header::CONTENT_TYPE);
    kept.remove(header::CONTENT_LENGTH);
    kept
}

/// Whether the language that the client wants most is Chinese; weights are not compared, lists come in order of preference.
fn prefers_chinese(headers: &HeaderMap) -> bool {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    wanted.trim_start().get(..2).is_some_and(|language| language.eq_ignore_ascii_case("zh"))
}
