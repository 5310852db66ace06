use super::super::station;
use super::super::wire::{Decided, FencedReason};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::authorizing;
use std::sync::Arc;

/// Sends the item back to be checked again, by another checker.
#[utoipa::path(post, path = "/processing/authorizing/{work_item_id}/send-back", operation_id = "send_back", request_body = FencedReason, responses((status = 200, body = Decided)))]
pub(crate) async fn send_back(
    allowed: Allowed<act::AuthorizeItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<FencedReason>,
) -> Reply<Response> {
    let command = key.command("processing.item.authorize", allowed.actor(), Subject::of(&work_item), &body);
    let FencedReason { fence, reason_code, note } = body.value;
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, code, note) = (Arc::clone(&permit), target.clone(), reason_code.clone(), note.clone());
        Box::pin(async move { authorizing::send_back(cx, &permit, &target, fence, (&code, note.as_deref())).await })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
