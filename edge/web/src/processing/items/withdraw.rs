use super::super::wire::ReasonBody;
use super::{ItemWire, acted};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::{Outcome, Subject};
use kernel::ItemId;
use permission::act as acts;
use std::sync::Arc;

/// Takes an item back before its posting begins.
#[utoipa::path(post, path = "/processing/items/{item_id}/withdraw", operation_id = "withdraw_item", request_body = ReasonBody, responses((status = 200, body = ItemWire)))]
pub(crate) async fn withdraw(
    allowed: Allowed<acts::WithdrawItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<ReasonBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.withdraw", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target, reason) = (Arc::clone(&allowed.permit), item_id.clone(), body.value);
    let withdrawing = acted(&app, &item_id, command, move |cx| {
        let (permit, target, reason) = (Arc::clone(&permit), target.clone(), reason.clone());
        Box::pin(async move {
            processing::item::withdraw(cx, &permit, &target, &reason.reason_code, reason.note.as_deref()).await
        })
    });
    let outcome = withdrawing.await?;
    // Also on a repeat: the first answer may have been lost before the stations were told, and telling twice changes nothing.
    if let Outcome::Done((_, withdrawn)) | Outcome::AlreadyDone((_, withdrawn)) = &outcome {
        app.engine.cancelled(&withdrawn.ended).await?;
    }
    answer(outcome, |(first, _)| first)
}
