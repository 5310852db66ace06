use super::super::station;
use super::super::wire::{Decided, PageBox, boxes, ids};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::{PageId, WorkItemId};
use permission::act;
use processing::checking;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RescanBody {
    fence: i64,
    #[schema(value_type = crate::words::ReasonCode)]
    reason_code: String,
    /// Ids of the pages.
    pages: Vec<String>,
    note: Option<String>,
    #[serde(default)]
    boxes: Vec<PageBox>,
}

/// Asks the outlet to capture pages again; what does not stand on them keeps its values.
#[utoipa::path(post, path = "/processing/checking/{work_item_id}/rescan", operation_id = "ask_rescan", request_body = RescanBody, responses((status = 200, body = Decided)))]
pub(crate) async fn rescan(
    allowed: Allowed<act::CheckItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<RescanBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.check", allowed.actor(), Subject::of(&work_item), &body);
    let RescanBody { fence, reason_code, note, pages: asked, boxes: drawn } = body.value;
    let pages = ids::<PageId>("pages", &asked)?;
    let places = boxes("boxes", &drawn)?;
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, pages, places) = (Arc::clone(&permit), target.clone(), pages.clone(), places.clone());
        let (code, note) = (reason_code.clone(), note.clone());
        Box::pin(async move {
            checking::ask_rescan(cx, &permit, &target, fence, (&code, note.as_deref()), &pages, places).await
        })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
