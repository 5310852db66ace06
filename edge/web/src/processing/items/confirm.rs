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

/// Says at the outlet that the posted result is what the voucher asked for.
#[utoipa::path(post, path = "/processing/items/{item_id}/confirm", operation_id = "confirm_item", request_body = Nothing, responses((status = 200, body = ItemWire)))]
pub(crate) async fn confirm(
    allowed: Allowed<acts::ConfirmItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let command = key.command("processing.item.confirm", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target) = (Arc::clone(&allowed.permit), item_id.clone());
    act(&app, &item_id, command, move |cx| {
        let (permit, target) = (Arc::clone(&permit), target.clone());
        Box::pin(async move { processing::item::confirm(cx, &permit, &target).await })
    })
    .await
}
