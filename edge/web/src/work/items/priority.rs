use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prioritization {
    /// 0 is served first, 4 last.
    priority_class: i64,
    reason: String,
}

/// Puts work into another class.
#[utoipa::path(post, path = "/work/items/{work_item_id}/priority", operation_id = "prioritize_work", request_body = Prioritization, responses((status = 204)))]
pub(crate) async fn prioritize(
    allowed: Allowed<act::SuperviseWork>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<Prioritization>,
) -> Reply<Response> {
    let command = key.command("work.item.set_priority", allowed.actor(), Subject::of(&work_item), &body);
    let Prioritization { priority_class, reason } = &body.value;
    let outcome = app.engine.set_priority(command, &allowed, &work_item, *priority_class, reason).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
