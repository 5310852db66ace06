use super::Keyer;
use crate::App;
use crate::extract::{At, Either, Json};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{Refusal, WorkItemId};
use processing::keying;
use serde::Deserialize;
use storage::vault::Private;
use utoipa::ToSchema;

/// Characters of a draft at most; no field is longer.
const DRAFT_CHARS_MAX: usize = 1_000;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftText {
    fence: i64,
    text: String,
}

/// Keeps what has been typed so far; it survives a refresh and a crash of the browser.
#[utoipa::path(put, path = "/processing/keying/{work_item_id}/draft", operation_id = "save_keying_draft", request_body = DraftText, responses((status = 204)))]
pub(crate) async fn draft(
    keyer: Keyer,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<DraftText>,
) -> Reply<StatusCode> {
    let DraftText { fence, text } = body.value;
    if text.chars().count() > DRAFT_CHARS_MAX {
        return Err(Refusal::field(
            "text",
            format!("最多 {DRAFT_CHARS_MAX} 个字符"),
            format!("at most {DRAFT_CHARS_MAX} characters"),
        )
        .into());
    }
    let text = Private::new(text);
    match &keyer {
        Either::One(permit, _) => keying::save_draft(&app.journal, permit, &work_item, fence, text).await?,
        Either::Other(permit, _) => keying::save_draft(&app.journal, permit, &work_item, fence, text).await?,
    }
    Ok(StatusCode::NO_CONTENT)
}
