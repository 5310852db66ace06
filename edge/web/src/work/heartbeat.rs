//! Signs of life of a station that has no WebSocket.

use super::wire::HeldWire;
use crate::App;
use crate::extract::{Json, Session};
use crate::problem::Reply;
use crate::wire::time;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignOfLife {
    /// The page was visible or somebody touched it since the last one.
    active: bool,
}

/// What is held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Holds {
    leases: Vec<HeldWire>,
}

/// Renews what one's session holds, and answers it.
#[utoipa::path(post, path = "/work/heartbeat", operation_id = "heartbeat", request_body = SignOfLife, responses((status = 200, body = Holds)))]
pub(crate) async fn heartbeat(session: Session, State(app): State<App>, body: Json<SignOfLife>) -> Reply<Json<Holds>> {
    let held = app.engine.heartbeat(&session.person_id, &session.session_id, body.value.active).await?;
    let wire = |held: work::HeldUntil| HeldWire {
        work_item_id: held.work_item_id.to_string(),
        fence: held.fence,
        expires_at: time(held.expires_at),
    };
    Ok(Json::of(Holds { leases: held.into_iter().map(wire).collect() }))
}
