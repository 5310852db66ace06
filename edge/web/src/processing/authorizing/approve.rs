use super::super::station;
use super::super::wire::Decided;
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::{PageId, WorkItemId};
use permission::act;
use processing::authorizing::{self, Looked};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApproveBody {
    fence: i64,
    /// Ids of the points that were ticked.
    checklist: Vec<String>,
    /// Ids of the pages that were on the screen since the item was handed to the person, not of those that were only fetched ahead.
    displayed_pages: Vec<String>,
}

/// Releases the item to posting.
/// Every required page was on the person's screen and was served to them since the item was handed to them (give or take five seconds
/// between clocks), and every point is ticked.
#[utoipa::path(post, path = "/processing/authorizing/{work_item_id}/approve", operation_id = "approve_authorization", request_body = ApproveBody, responses((status = 200, body = Decided)))]
pub(crate) async fn approve(
    allowed: Allowed<act::AuthorizeItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<ApproveBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.authorize", allowed.actor(), Subject::of(&work_item), &body);
    let ApproveBody { fence, checklist: ticked, displayed_pages } = body.value;
    // What is no page's id was no page on the screen.
    let displayed = displayed_pages.iter().filter_map(|page| PageId::parse(page).ok()).collect();
    let looked = Looked { ticked, displayed };
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, looked) = (Arc::clone(&permit), target.clone(), looked.clone());
        Box::pin(async move { authorizing::approve(cx, &permit, &target, fence, &looked).await })
    })
    .await?;
    answer(outcome, |state| Json::of(Decided::new(state)))
}
