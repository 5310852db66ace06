use super::{home_of, take_work_from, take_work_from_all};
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::{PersonId, SessionId};
use permission::act;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevokeBody {
    reason: String,
}

/// Ends all sessions of a person, such as when a device is lost.
#[utoipa::path(
    post,
    path = "/identity/people/{person_id}/sessions/revoke",
    operation_id = "revoke_sessions",
    request_body = RevokeBody,
    responses((status = 204))
)]
pub(crate) async fn revoke(
    allowed: Allowed<act::RevokeSession>,
    key: Key,
    State(app): State<App>,
    At(person): At<PersonId>,
    body: Json<RevokeBody>,
) -> Reply<Response> {
    let command = key.command("identity.session.revoke_all", allowed.actor(), Subject::of(&person), &body);
    allowed.covers(&home_of(&app, &person).await?)?;
    let reason = body.value.reason;
    let held = {
        let mut reader = app.journal.db.reader().await?;
        let sessions = identity::session::list(&mut reader, &app.rules, &person, allowed.session.now).await?;
        sessions.into_iter().map(|session| session.session_id).collect::<Vec<_>>()
    };
    let target = person.clone();
    let outcome = app
        .journal
        .run(command, move |cx| Box::pin(identity::session::revoke_all(cx, target.clone(), None, reason.clone())))
        .await?;
    take_work_from_all(&app, &person, &held, &outcome).await?;
    answer(outcome, |_| StatusCode::NO_CONTENT)
}

/// Ends one session of another person, such as one left open at a seat.
#[utoipa::path(
    post,
    path = "/identity/people/{person_id}/sessions/{session_id}/revoke",
    operation_id = "revoke_session",
    request_body = RevokeBody,
    responses((status = 204))
)]
pub(crate) async fn revoke_one(
    allowed: Allowed<act::RevokeSession>,
    key: Key,
    State(app): State<App>,
    At((person, session)): At<(PersonId, SessionId)>,
    body: Json<RevokeBody>,
) -> Reply<Response> {
    let command = key.command("identity.session.revoke", allowed.actor(), Subject::of(&session), &body);
    allowed.covers(&home_of(&app, &person).await?)?;
    let (whose, target, reason) = (person.clone(), session.clone(), body.value.reason);
    let outcome = app
        .journal
        .run(command, move |cx| Box::pin(identity::session::revoke(cx, whose.clone(), target.clone(), reason.clone())))
        .await?;
    take_work_from(&app, &person, &session, &outcome).await?;
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
