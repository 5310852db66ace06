use crate::App;
use crate::extract::{Allowed, At, Json, Key, Nothing, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::{Answer, Cx, Entry, Recorded, Subject};
use kernel::{Code, JobId, Refusal};
use permission::act;
use serde_json::json;

/// Gives a dead job a new set of attempts.
#[utoipa::path(post, path = "/jobs/{job_id}/revive", operation_id = "revive_job", request_body = Nothing, responses((status = 204)))]
pub(crate) async fn revive(
    allowed: Allowed<act::ReviveJob>,
    key: Key,
    State(app): State<App>,
    At(job): At<JobId>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let command = key.command("storage.job.revive", allowed.actor(), Subject::of(&job), &body);
    let outcome = app.journal.run(command, move |cx| Box::pin(work(cx, job.clone()))).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}

/// Jobs belong to no domain area, so the entry is written here.
async fn work(mut cx: Cx<'_>, job: JobId) -> Answer<Recorded<()>> {
    if !storage::jobs::revive(cx.tx, &job, cx.now).await? {
        return Err(Refusal::new(Code::NotFound).into());
    }
    Ok(cx.append(Entry::new(&job, "storage.job.revive", json!({}))).await?.done(()))
}
