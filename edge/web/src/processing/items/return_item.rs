use super::super::wire::ReasonBody;
use super::{ItemWire, act};
use crate::App;
use crate::extract::{Allowed, At, Json, Key};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::ItemId;
use permission::act as acts;
use std::sync::Arc;

/// Sends a suspended item, or one that the core refused, back to its outlet.
#[utoipa::path(post, path = "/processing/items/{item_id}/return", operation_id = "return_item", request_body = ReasonBody, responses((status = 200, body = ItemWire)))]
pub(crate) async fn return_item(
    allowed: Allowed<acts::ResumeItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<ReasonBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.return", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target, reason) = (Arc::clone(&allowed.permit), item_id.clone(), body.value);
    act(&app, &item_id, command, move |cx| {
        let (permit, target, reason) = (Arc::clone(&permit), target.clone(), reason.clone());
        Box::pin(async move {
            processing::authorizing::return_by_supervisor(
                cx,
                &permit,
                &target,
                (&reason.reason_code, reason.note.as_deref()),
            )
            .await
        })
    })
    .await
}
