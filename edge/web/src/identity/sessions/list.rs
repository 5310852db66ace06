use crate::App;
use crate::extract::{Json, Query, Session};
use crate::problem::Reply;
use crate::wire::{PersonRef, id, time};
use axum::extract::State;
use kernel::{Code, PersonId, Refusal};
use organization::staff;
use permission::act;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Another person's, for who may see sessions.
    person: Option<String>,
}

/// A session that holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionRow {
    session_id: String,
    person: PersonRef,
    seat: Option<String>,
    /// Network address of the sign-in.
    address: String,
    started_at: String,
    last_seen_at: String,
    current: bool,
}

/// One's own sessions; with `person`, that person's, which needs the permission `session.view`.
#[utoipa::path(get, path = "/identity/sessions", operation_id = "list_sessions", params(Whose), responses((status = 200, body = Vec<SessionRow>)))]
pub(crate) async fn list(
    session: Session,
    State(app): State<App>,
    Query(whose): Query<Whose>,
) -> Reply<Json<Vec<SessionRow>>> {
    let person = match whose.person.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => id("person", text)?,
        None => session.person_id.clone(),
    };
    if person != session.person_id {
        may_see(&app, &session, &person).await?;
    }
    let mut reader = app.journal.db.reader().await?;
    let known = staff::find(&mut reader, &person).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let sessions = identity::session::list(&mut reader, &app.rules, &person, session.now).await?;
    let row = |found: identity::Session| SessionRow {
        current: found.session_id == session.session_id,
        session_id: found.session_id.to_string(),
        person: PersonRef::from(&known),
        seat: found.seat,
        address: found.address,
        started_at: time(found.started_at),
        last_seen_at: time(found.last_seen_at),
    };
    Ok(Json::of(sessions.into_iter().map(row).collect()))
}

async fn may_see(app: &App, session: &Session, person: &PersonId) -> Reply<()> {
    let rights = crate::extract::rights(app, &session.person_id, session.now).await?;
    let permit = rights.permit::<act::ViewSession>(session.seat.clone())?;
    Ok(permit.covers(&super::home_of(app, person).await?)?)
}
