use crate::App;
use crate::extract::{Allowed, At, Json, Key, Nothing, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::{ItemId, PageId};
use permission::act;
use std::sync::Arc;

/// Takes a page out of an item at its outlet; its bytes and its record stay.
#[utoipa::path(delete, path = "/processing/items/{item_id}/pages/{page_id}", operation_id = "remove_page", responses((status = 204)))]
pub(crate) async fn remove(
    allowed: Allowed<act::CaptureItem>,
    key: Key,
    State(app): State<App>,
    At((item_id, page_id)): At<(ItemId, PageId)>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let command = key.command("processing.item.remove_page", allowed.actor(), Subject::of(&item_id), &body);
    let permit = Arc::clone(&allowed.permit);
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, item_id, page_id) = (Arc::clone(&permit), item_id.clone(), page_id.clone());
            Box::pin(async move { processing::item::remove_page(cx, &permit, &item_id, &page_id).await })
        })
        .await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
