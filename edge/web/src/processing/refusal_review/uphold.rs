use super::super::station;
use super::super::wire::{Decided, Fenced};
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

/// Agrees with the proposed refusal: the item is refused, and that ends it.
#[utoipa::path(post, path = "/processing/refusal-review/{work_item_id}/uphold", operation_id = "uphold_refusal", request_body = Fenced, responses((status = 200, body = Decided)))]
pub(crate) async fn uphold(
    allowed: Allowed<act::ReviewRefusal>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<Fenced>,
) -> Reply<Response> {
    let command = key.command("processing.item.review_refusal", allowed.actor(), Subject::of(&work_item), &body);
    let fence = body.value.fence;
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target) = (Arc::clone(&permit), target.clone());
        Box::pin(async move { authorizing::uphold_refusal(cx, &permit, &target, fence).await })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
