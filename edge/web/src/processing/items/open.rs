use super::{ItemWire, load};
use crate::App;
use crate::extract::{Allowed, Json, Key, answer, etag};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::{Outcome, Subject};
use kernel::{Code, ItemId, Refusal};
use permission::act;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewItem {
    /// Code of a business type in force.
    #[schema(example = "R01")]
    business_type: String,
}

/// Opens an item of a business type at the teller's outlet.
#[utoipa::path(post, path = "/processing/items", operation_id = "open_item", request_body = NewItem, responses((status = 201, body = ItemWire)))]
pub(crate) async fn open(
    allowed: Allowed<act::CaptureItem>,
    key: Key,
    State(app): State<App>,
    body: Json<NewItem>,
) -> Reply<Response> {
    let command = key.command("processing.item.open", allowed.actor(), Subject::named("processing/items"), &body);
    let (permit, code) = (Arc::clone(&allowed.permit), body.value.business_type);
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, code) = (Arc::clone(&permit), code.clone());
            Box::pin(async move { processing::item::open(cx, &permit, &code).await })
        })
        .await?;
    let (Outcome::Done(item_id) | Outcome::AlreadyDone(item_id)) = &outcome else {
        return Err(Refusal::new(Code::ConflictsWithEarlier).into());
    };
    let wire = load(&app, item_id).await?;
    answer(outcome, |_: ItemId| (StatusCode::CREATED, etag(wire.version), Json::of(wire)))
}
