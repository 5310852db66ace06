use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use crate::wire::id;
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
pub(crate) struct Reassignment {
    person_id: String,
    reason: String,
}

/// Reserves work for one person, whoever holds it now.
#[utoipa::path(post, path = "/work/items/{work_item_id}/reassign", operation_id = "reassign_work", request_body = Reassignment, responses((status = 204)))]
pub(crate) async fn reassign(
    allowed: Allowed<act::SuperviseWork>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<Reassignment>,
) -> Reply<Response> {
    let command = key.command("work.item.reassign", allowed.actor(), Subject::of(&work_item), &body);
    let Reassignment { person_id, reason } = &body.value;
    let (to, today) = (id("person_id", person_id)?, crate::today(allowed.session.now)?);
    let outcome = app.engine.reassign(command, &allowed, &work_item, &to, reason, today).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
