//! What surrounds every request, outermost first: observation, security headers, the check of origin, the time limit, the record of refusals.

mod headers;
mod observe;
mod origin;
mod record;
mod trace;

pub(crate) use headers::headers;
pub(crate) use observe::observe;
pub(crate) use origin::{check_csrf, check_origin, same_origin};
pub(crate) use record::{Attempt, record};
pub(crate) use trace::TraceId;

use crate::problem::Problem;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::time::Duration;

/// Ordinary requests; an upload over a slow line has [`UPLOAD_SECONDS_MAX`].
const REQUEST_SECONDS_MAX: u64 = 30;
const UPLOAD_SECONDS_MAX: u64 = 180;

/// Gives up waiting for a request. What it started in the database still ends whole.
pub(crate) async fn time_limit(request: Request, next: Next) -> Response {
    let json = request
        .headers()
        .get(axum::http::header::CONTENT_TYPE)
        .is_none_or(|value| value.as_bytes().starts_with(b"application/json"));
    let seconds = if json { REQUEST_SECONDS_MAX } else { UPLOAD_SECONDS_MAX };
    match tokio::time::timeout(Duration::from_secs(seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::of_time_out().into_response(),
    }
}
