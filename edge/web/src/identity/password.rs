//! Changing one's own password.

use crate::App;
use crate::extract::{AnySession, Json, Key, Peer, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use identity::password::{self, Change};
use serde::Deserialize;
use storage::vault::Private;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PasswordChange {
    old: String,
    new: String,
}

/// Changes one's own password, and ends one's other sessions.
#[utoipa::path(post, path = "/identity/password", operation_id = "change_password", request_body = PasswordChange, responses((status = 204)))]
pub(crate) async fn change(
    session: AnySession,
    key: Key,
    State(app): State<App>,
    Peer(address): Peer,
    body: Json<PasswordChange>,
) -> Reply<Response> {
    let PasswordChange { old, new } = body.value;
    let change = Change {
        actor: session.actor(),
        key: key.into_text(),
        session_id: session.session_id.clone(),
        address,
        old: Private::new(old),
        new: Private::new(new),
    };
    answer(password::change(&app.journal, &app.rules, change).await?, |()| StatusCode::NO_CONTENT)
}
