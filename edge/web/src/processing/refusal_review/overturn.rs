use super::super::station;
use super::super::wire::Decided;
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::authorizing;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OverturnBody {
    fence: i64,
    note: String,
}

/// Does not agree: the item is checked again, with the note.
#[utoipa::path(post, path = "/processing/refusal-review/{work_item_id}/overturn", operation_id = "overturn_refusal", request_body = OverturnBody, responses((status = 200, body = Decided)))]
pub(crate) async fn overturn(
    allowed: Allowed<act::ReviewRefusal>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<OverturnBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.review_refusal", allowed.actor(), Subject::of(&work_item), &body);
    let OverturnBody { fence, note } = body.value;
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, note) = (Arc::clone(&permit), target.clone(), note.clone());
        Box::pin(async move { authorizing::overturn_refusal(cx, &permit, &target, fence, &note).await })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
