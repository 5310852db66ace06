use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::reasons::{self, Use};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandBack {
    fence: i64,
    #[schema(value_type = crate::words::ReasonCode)]
    reason_code: String,
    note: Option<String>,
}

/// Gives held work back to its queue; it keeps its waiting time and does not come back to this person.
#[utoipa::path(post, path = "/work/items/{work_item_id}/hand-back", operation_id = "hand_back", request_body = HandBack, responses((status = 204)))]
pub(crate) async fn hand_back(
    allowed: Allowed<act::TakeWork>,
    key: Key,
    State(app): State<App>,
    At(id): At<WorkItemId>,
    body: Json<HandBack>,
) -> Reply<Response> {
    let command = key.command("work.item.hand_back", allowed.actor(), Subject::of(&id), &body);
    let HandBack { fence, reason_code, note } = &body.value;
    reasons::check(reason_code, note.as_deref(), Use::HandBack)?;
    let outcome = app.engine.hand_back(command, &allowed, &id, *fence, reason_code, note.as_deref()).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
