use super::super::wire::NoteBody;
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

/// Brings a suspended item back to the checkers.
#[utoipa::path(post, path = "/processing/items/{item_id}/resume", operation_id = "resume_item", request_body = NoteBody, responses((status = 200, body = ItemWire)))]
pub(crate) async fn resume(
    allowed: Allowed<acts::ResumeItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<NoteBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.resume", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target, note) = (Arc::clone(&allowed.permit), item_id.clone(), body.value.note);
    act(&app, &item_id, command, move |cx| {
        let (permit, target, note) = (Arc::clone(&permit), target.clone(), note.clone());
        Box::pin(async move { processing::authorizing::resume(cx, &permit, &target, &note).await })
    })
    .await
}
