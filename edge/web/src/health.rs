//! For the machines that run the product: is it alive, can it work, what has it counted, what does it offer.

use crate::App;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use storage::sql;

/// The process runs.
pub(crate) async fn live() -> Response {
    axum::Json(json!({"alive": true})).into_response()
}

/// Whether requests can be served. A core that is down does not stop the center: postings wait, so it is only named.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let database = database(&app).await;
    let blobs = blobs(&app).await;
    let core = core(&app).await;
    let ready = database && blobs;
    let word = |good: bool| if good { "ok" } else { "down" };
    let body = json!({
        "ready": ready,
        "database": word(database),
        "blobs": word(blobs),
        "core": if core { Value::from("ok") } else { Value::from("degraded") },
        "demo": app.settings.demo,
    });
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(body)).into_response()
}

/// It answers, and commands can be written: an embedded database reads on when its writer has ended.
async fn database(app: &App) -> bool {
    if !app.journal.db.takes_writes() {
        tracing::warn!("the database takes no commands");
        return false;
    }
    let found = async { app.journal.db.reader().await?.one(sql("SELECT 1 AS one")).await }.await;
    found.inspect_err(|fault| tracing::warn!(%fault, "the database does not answer")).is_ok()
}

async fn blobs(app: &App) -> bool {
    app.blobs.answers().await.inspect_err(|fault| tracing::warn!(%fault, "the blob store does not answer")).is_ok()
}

/// A question that no core has an answer to: any answer shows that it is there.
async fn core(app: &App) -> bool {
    let key = ledger::PostingKey::parse("readiness");
    let Ok(key) = key else { return false };
    app.core.query(&key).await.is_ok()
}

/// The Prometheus text form of what was counted.
pub(crate) async fn measures(State(app): State<App>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.measures.render()).into_response()
}

/// The OpenAPI document.
pub(crate) async fn document(document: Arc<str>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document.to_string()).into_response()
}
