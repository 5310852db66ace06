use crate::App;
use crate::extract::{Allowed, Json, Paging, Query, cursor};
use crate::problem::Reply;
use crate::wire::{Listing, time};
use axum::extract::State;
use permission::act;
use serde::Serialize;
use storage::jobs::{self, DeadJob};
use utoipa::ToSchema;

/// A job that was given up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadJob)]
pub(crate) struct DeadJobWire {
    job_id: String,
    /// What it does, such as `processing.post_item`.
    name: String,
    attempts: i64,
    last_error: String,
    failed_at: String,
    /// Ids only.
    payload: serde_json::Value,
}

impl From<DeadJob> for DeadJobWire {
    fn from(job: DeadJob) -> Self {
        let DeadJob { job_id, kind, payload, attempts, last_error, ended_at } = job;
        Self { job_id: job_id.into(), name: kind, attempts, last_error, failed_at: time(ended_at), payload }
    }
}

/// The dead-letter list, newest first.
#[utoipa::path(get, path = "/jobs/dead", operation_id = "list_dead_jobs", params(Paging), responses((status = 200, body = Listing<DeadJobWire>)))]
pub(crate) async fn dead(
    _: Allowed<act::ViewJob>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Reply<Json<Listing<DeadJobWire>>> {
    let after = cursor(paging.cursor.as_deref())?;
    let mut reader = app.journal.db.reader().await?;
    let page = jobs::dead(&mut reader, after.as_ref(), paging.limit.rows()).await?;
    Ok(Json::of(Listing::of(page, DeadJobWire::from)))
}
