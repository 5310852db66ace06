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

/// Decides to post once more what the core refused.
#[utoipa::path(post, path = "/processing/items/{item_id}/retry-posting", operation_id = "retry_posting", request_body = NoteBody, responses((status = 200, body = ItemWire)))]
pub(crate) async fn retry(
    allowed: Allowed<acts::ResumeItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    body: Json<NoteBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.retry_posting", allowed.actor(), Subject::of(&item_id), &body);
    let (permit, target, note) = (Arc::clone(&allowed.permit), item_id.clone(), body.value.note);
    act(&app, &item_id, command, move |cx| {
        let (permit, target, note) = (Arc::clone(&permit), target.clone(), note.clone());
        Box::pin(async move { processing::authorizing::retry_posting(cx, &permit, &target, &note).await })
    })
    .await
}
