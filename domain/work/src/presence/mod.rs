//! Presence: signed out, ready, busy, wrap-up, on a break for a reason.
//!
//! A change is a command and is journaled in the person's chain; signs of life and holds are not commands.
//! A person works in one session at a time: setting oneself ready in another one moves there.

mod model;
pub(crate) mod store;

pub(crate) use model::HEARTBEAT_KEPT_EVERY_MICROS;
pub use model::{
    BreakReason, CAPACITY_MAX, Move, Presence, PresenceChange, PresenceRow, PresenceState, Standing, TRANSITIONS,
};

use journal::{Answer, Cx, Entry, Recorded};
use kernel::{Instant, PersonId, SessionId};
use serde_json::json;
use storage::{Conn, Fault};

/// Where a change of presence comes from.
#[derive(Debug, Clone)]
pub(crate) struct At {
    pub person: PersonId,
    pub session: SessionId,
    pub node: String,
}

/// The stored presence; `None` for a person who has never been there.
pub async fn find(conn: &mut Conn, person: &PersonId) -> Result<Option<PresenceRow>, Fault> {
    store::find(conn, person).await
}

/// Writes what the person asked for; the queues have been checked against their rights by the engine.
pub(crate) async fn change(
    mut cx: Cx<'_>,
    at: At,
    standing: Standing,
    queues: Vec<String>,
    capacity: u32,
) -> Answer<Recorded<Presence>> {
    let before = store::lock(cx.tx, &at.person).await?;
    let row = PresenceRow {
        person: at.person,
        session: at.session,
        node: at.node,
        standing,
        since: since(before.as_ref(), standing, cx.now),
        queues,
        capacity,
        missed: 0,
        wrap_up_until: None,
    };
    store::put(cx.tx, &row, cx.now).await?;
    let seen = row.seen(0, cx.now);
    Ok(record(&mut cx, before.as_ref(), &row).await?.map(|()| seen))
}

/// Writes what the engine decided: a break after missed work or absence, or the end of a presence that nobody keeps up.
/// Does nothing but record when the person has moved to another session meanwhile.
pub(crate) async fn force(
    mut cx: Cx<'_>,
    person: PersonId,
    session: SessionId,
    standing: Standing,
) -> Answer<Recorded<()>> {
    let Some(before) = store::lock(cx.tx, &person).await? else {
        let entry = Entry::new(&person, kind(standing), json!({"unchanged": true}));
        return Ok(cx.append(entry).await?.done(()));
    };
    let row = if before.session == session && before.standing != Standing::SignedOut {
        PresenceRow { standing, since: since(Some(&before), standing, cx.now), wrap_up_until: None, ..before.clone() }
    } else {
        before.clone()
    };
    store::put(cx.tx, &row, cx.now).await?;
    record(&mut cx, Some(&before), &row).await
}

fn since(before: Option<&PresenceRow>, standing: Standing, now: Instant) -> Instant {
    before.filter(|before| before.standing == standing).map_or(now, |before| before.since)
}

async fn record(cx: &mut Cx<'_>, before: Option<&PresenceRow>, after: &PresenceRow) -> Answer<Recorded<()>> {
    let payload = json!({
        "before": before.map(|row| json!({"state": row.standing.as_str(), "reason": row.standing.reason().map(BreakReason::as_str)})),
        "after": {"state": after.standing.as_str(), "reason": after.standing.reason().map(BreakReason::as_str)},
        "queues": after.queues,
        "capacity": after.capacity,
        "missed": after.missed,
    });
    Ok(cx.append(Entry::new(&after.person, kind(after.standing), payload)).await?.done(()))
}

const fn kind(standing: Standing) -> &'static str {
    match standing {
        Standing::SignedOut => "work.presence.sign_out",
        Standing::Ready => "work.presence.ready",
        Standing::Break(_) => "work.presence.break",
    }
}
