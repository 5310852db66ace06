use super::super::wire::PresenceWire;
use crate::App;
use crate::extract::{Allowed, Json};
use crate::problem::Reply;
use axum::extract::State;
use permission::act;

/// One's own presence as it is stored; the stream tells it as it changes, with what is held.
#[utoipa::path(get, path = "/work/presence/me", operation_id = "read_presence", responses((status = 200, body = PresenceWire)))]
pub(crate) async fn read(allowed: Allowed<act::TakeWork>, State(app): State<App>) -> Reply<Json<PresenceWire>> {
    let mut reader = app.journal.db.reader().await?;
    let now = allowed.session.now;
    let row = work::presence_of(&mut reader, allowed.person_id()).await?;
    let wire = row.map_or_else(|| PresenceWire::absent(now), |row| PresenceWire::from(&row.seen(0, now)));
    Ok(Json::of(wire))
}
