use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use crate::processing::announce;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::{Outcome, Subject};
use kernel::WorkItemId;
use permission::act;
use processing::handing_back;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandBack {
    fence: i64,
    #[schema(value_type = crate::words::ReasonCode)]
    reason_code: String,
    note: Option<String>,
}

/// Gives held work back to its queue; it keeps its waiting time and does not come back to this person.
///
/// When three people gave it back for the same reason that lies in the item, such as an unclear image, the item is suspended
/// and a supervisor decides; a slice that only measures keyers ends alone.
#[utoipa::path(post, path = "/work/items/{work_item_id}/hand-back", operation_id = "hand_back", request_body = HandBack, responses((status = 204)))]
pub(crate) async fn hand_back(
    allowed: Allowed<act::TakeWork>,
    key: Key,
    State(app): State<App>,
    At(id): At<WorkItemId>,
    body: Json<HandBack>,
) -> Reply<Response> {
    let command = key.command("work.item.hand_back", allowed.actor(), Subject::of(&id), &body);
    let (permit, target, said) = (Arc::clone(&allowed.permit), id.clone(), body.value);
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, target, said) = (Arc::clone(&permit), target.clone(), said.clone());
            Box::pin(async move {
                let HandBack { fence, reason_code, note } = &said;
                handing_back::hand_back(cx, &permit, &target, *fence, (reason_code, note.as_deref())).await
            })
        })
        .await?;
    if let Outcome::Done(done) = &outcome {
        app.engine.handed_back(allowed.person_id(), &id).await?;
        app.engine.cancelled(&done.ended).await?;
        if let Some(item_id) = &done.suspended {
            announce(&app, item_id).await?;
        }
    }
    answer(outcome, |_| StatusCode::NO_CONTENT)
}
