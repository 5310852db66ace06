use super::{ItemWire, first_answer};
use crate::App;
use crate::extract::{Allowed, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
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
        .run(command, move |mut cx| {
            let (permit, code) = (Arc::clone(&permit), code.clone());
            Box::pin(async move {
                let opened = processing::item::open(cx.part(), &permit, &code).await?;
                let first = first_answer(cx.tx, &cx.vault, opened.value(), cx.now).await?;
                Ok(opened.map(|_| first))
            })
        })
        .await?;
    answer(outcome, |first| (StatusCode::CREATED, first))
}
