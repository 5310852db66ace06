use super::take_work_from;
use crate::App;
use crate::extract::{AnySession, Json, Key, Nothing, answer, take_back};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use journal::Subject;

/// Signs out; what the session held goes back to its queues at once.
#[utoipa::path(delete, path = "/identity/sessions/current", operation_id = "sign_out", responses((status = 204)))]
pub(crate) async fn sign_out(
    session: AnySession,
    key: Key,
    State(app): State<App>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let id = session.session_id.clone();
    let command = key.command("identity.session.sign_out", session.actor(), Subject::of(&id), &body);
    let outcome = app.journal.run(command, move |cx| Box::pin(identity::session::sign_out(cx, id.clone()))).await?;
    take_work_from(&app, &session.person_id, &session.session_id, &outcome).await?;
    let mut headers = HeaderMap::new();
    take_back(&mut headers);
    answer(outcome, |()| (StatusCode::NO_CONTENT, headers))
}
