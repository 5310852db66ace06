//! The built console inside the binary.
//!
//! Files whose names hold a hash of their content never change and are kept by browsers for a year;
//! every other address shows the console's entry page, because the console finds its pages by itself.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../console/dist"]
#[allow_missing = true]
struct Files;

const ENTRY: &str = "index.html";
/// The folder in which the build puts files with a hash in their name.
const HASHED: &str = "assets/";

/// Serves a file of the console, or its entry page.
pub(crate) async fn serve(request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") {
        return StatusCode::NOT_FOUND.into_response();
    }
    let known = request.headers().get(header::IF_NONE_MATCH);
    let found = if path.is_empty() { None } else { Files::get(path) };
    match (found, Files::get(ENTRY)) {
        (Some(file), _) => answer(path, &file, known),
        // A file that is gone is gone; only page addresses, which have no dot, lead to the entry page.
        (None, _) if path.rsplit('/').next().is_some_and(|name| name.contains('.')) => {
            StatusCode::NOT_FOUND.into_response()
        }
        (None, Some(entry)) => answer(ENTRY, &entry, known),
        (None, None) => (StatusCode::NOT_FOUND, "The console was not built into this binary.\n").into_response(),
    }
}

fn answer(path: &str, file: &EmbeddedFile, known: Option<&HeaderValue>) -> Response {
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let caching = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, caching.to_owned())];
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let media_type = [(header::CONTENT_TYPE, file.metadata.mimetype().to_owned())];
    (headers, media_type, Body::from(file.data.to_vec())).into_response()
}
