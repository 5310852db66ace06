use super::take_work_from;
use crate::App;
use crate::extract::{At, Json, Key, Nothing, Session, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::SessionId;

/// Ends another of one's own sessions, such as one left open at another seat.
#[utoipa::path(delete, path = "/identity/sessions/{session_id}", operation_id = "end_session", responses((status = 204)))]
pub(crate) async fn end(
    session: Session,
    key: Key,
    State(app): State<App>,
    At(id): At<SessionId>,
    body: Json<Nothing>,
) -> Reply<Response> {
    let command = key.command("identity.session.sign_out", session.actor(), Subject::of(&id), &body);
    let ended = id.clone();
    let outcome = app.journal.run(command, move |cx| Box::pin(identity::session::sign_out(cx, id.clone()))).await?;
    take_work_from(&app, &session.person_id, &ended, &outcome).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
