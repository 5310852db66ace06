//! Signs of life of a station that has no WebSocket.

use super::stream::SESSION_CHECK;
use super::wire::HeldWire;
use crate::App;
use crate::extract::{Json, Session, rights};
use crate::problem::Reply;
use crate::wire::time;
use axum::extract::State;
use kernel::{Code, Refusal, WorkItemId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// More than anybody can hold; what comes beyond is not looked at.
const SHOWN_MAX: usize = 16;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignOfLife {
    /// The page was visible or somebody touched it since the last one.
    active: bool,
    /// Work that the station shows and has not said so of before; what is given and never shown counts as missed.
    #[serde(default)]
    shown: Vec<Shown>,
}

/// Work on a station's screen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    work_item_id: String,
    fence: i64,
}

/// What is held.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Holds {
    leases: Vec<HeldWire>,
}

/// Notes what the station shows, renews what one's session holds, and answers it.
///
/// Whoever lost a post meanwhile loses what they hold by it, within the time in which a stream would notice.
/// It may be repeated: work that is shown already, or with somebody else by now, is passed over.
#[utoipa::path(post, path = "/work/heartbeat", operation_id = "heartbeat", request_body = SignOfLife, responses((status = 200, body = Holds)))]
pub(crate) async fn heartbeat(session: Session, State(app): State<App>, body: Json<SignOfLife>) -> Reply<Json<Holds>> {
    let SignOfLife { active, shown } = body.value;
    if app.engine.is_recheck_due(&session.session_id, SESSION_CHECK) {
        app.engine.recheck(&rights(&app, &session.person_id, session.now).await?).await?;
    }
    for Shown { work_item_id, fence } in shown.iter().take(SHOWN_MAX) {
        let id = WorkItemId::parse(work_item_id).map_err(|_| Refusal::new(Code::NotFound).at("shown"))?;
        app.engine.acknowledge(&session.person_id, &id, *fence).await?;
    }
    let held = app.engine.heartbeat(&session.person_id, &session.session_id, active).await?;
    let wire = |held: work::HeldUntil| HeldWire {
        work_item_id: held.work_item_id.to_string(),
        fence: held.fence,
        expires_at: time(held.expires_at),
    };
    Ok(Json::of(Holds { leases: held.into_iter().map(wire).collect() }))
}
