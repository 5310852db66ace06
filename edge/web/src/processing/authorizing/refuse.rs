use super::super::station;
use super::super::wire::{Decided, PageBox, place};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::authorizing;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefuseBody {
    fence: i64,
    #[schema(value_type = crate::words::ReasonCode)]
    reason_code: String,
    note: Option<String>,
    #[serde(rename = "box")]
    drawn: Option<PageBox>,
}

/// Does not release the item: it goes back to its outlet with the reason and the place on the image.
#[utoipa::path(post, path = "/processing/authorizing/{work_item_id}/refuse", operation_id = "refuse_authorization", request_body = RefuseBody, responses((status = 200, body = Decided)))]
pub(crate) async fn refuse(
    allowed: Allowed<act::AuthorizeItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<RefuseBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.authorize", allowed.actor(), Subject::of(&work_item), &body);
    let RefuseBody { fence, reason_code, note, drawn } = body.value;
    let place = drawn.as_ref().map(|one| place("box", one)).transpose()?.unwrap_or_default();
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, place) = (Arc::clone(&permit), target.clone(), place.clone());
        let (code, note) = (reason_code.clone(), note.clone());
        Box::pin(async move { authorizing::refuse(cx, &permit, &target, fence, (&code, note.as_deref()), place).await })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
