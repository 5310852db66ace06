//! Versions of things that are edited: `ETag` out, `If-Match` in.

use crate::App;
use crate::problem::{Problem, Reply};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, header};
use kernel::{Code, Refusal};

/// The version that the editor saw; a request without it is refused.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub i64);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Reply<Self> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else {
            return Err(Refusal::new(Code::VersionMissing).into());
        };
        let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
        // A tag that we never gave out matches nothing.
        version.map(Self).ok_or_else(|| Refusal::new(Code::StaleVersion).into())
    }
}

/// The header that tells a version.
pub fn etag(version: i64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{version}\""))]
}
