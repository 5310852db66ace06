use super::{ItemWire, act};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, Nothing};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::ItemId;
use permission::act as acts;
use std::sync::Arc;

/// Sends a captured item to the center.
#[utoipa::path(post, path = "/processing/items/{item_id}/submit", operation_id = "submit_item", request_body = Nothing, responses((status = 200, body = ItemWire)))]
pub(crate) async fn submit(
    allowed: Allowed<acts::SubmitItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let command = key.command("processing.item.submit", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target) = (Arc::clone(&allowed.permit), item_id.clone());
    act(&app, &item_id, command, move |cx| {
        let (permit, target) = (Arc::clone(&permit), target.clone());
        Box::pin(async move { processing::item::submit(cx, &permit, &target).await })
    })
    .await
}
