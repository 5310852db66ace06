use super::super::station;
use super::super::wire::{Decided, PageBox, boxes};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::checking;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnBody {
    fence: i64,
    #[schema(value_type = crate::words::ReasonCode)]
    reason_code: String,
    note: Option<String>,
    /// Places on the image that the outlet shall look at.
    #[serde(default)]
    boxes: Vec<PageBox>,
}

/// Sends the item back to its outlet for completion.
#[utoipa::path(post, path = "/processing/checking/{work_item_id}/return", operation_id = "return_checked", request_body = ReturnBody, responses((status = 200, body = Decided)))]
pub(crate) async fn return_item(
    allowed: Allowed<act::CheckItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<ReturnBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.check", allowed.actor(), Subject::of(&work_item), &body);
    let ReturnBody { fence, reason_code, note, boxes: drawn } = body.value;
    let places = boxes("boxes", &drawn)?;
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, places) = (Arc::clone(&permit), target.clone(), places.clone());
        let (code, note) = (reason_code.clone(), note.clone());
        Box::pin(async move {
            checking::return_to_outlet(cx, &permit, &target, fence, (&code, note.as_deref()), places).await
        })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
