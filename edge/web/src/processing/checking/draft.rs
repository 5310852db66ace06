use crate::App;
use crate::extract::{Allowed, At, Json};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{Code, Refusal, WorkItemId};
use permission::act;
use processing::checking;
use serde::Deserialize;
use storage::vault::Private;
use utoipa::ToSchema;

/// Bytes of a draft at most.
const DRAFT_BYTES_MAX: usize = 16 << 10;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckDraft {
    fence: i64,
    /// What the station makes of it; the server only keeps it.
    #[schema(value_type = Object)]
    draft: serde_json::Value,
}

/// Keeps an unfinished decision; it survives a refresh and a crash of the browser.
#[utoipa::path(put, path = "/processing/checking/{work_item_id}/draft", operation_id = "save_check_draft", request_body = CheckDraft, responses((status = 204)))]
pub(crate) async fn draft(
    allowed: Allowed<act::CheckItem>,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<CheckDraft>,
) -> Reply<StatusCode> {
    let CheckDraft { fence, draft } = body.value;
    let text = draft.to_string();
    if text.len() > DRAFT_BYTES_MAX {
        return Err(Refusal::detailed(Code::TooLarge, "草稿超过 16 KB", "a draft has 16 KiB at most")
            .at("draft")
            .into());
    }
    checking::save_draft(&app.journal, &allowed, &work_item, fence, Private::new(text)).await?;
    Ok(StatusCode::NO_CONTENT)
}
