//! The SQL of presence.

use super::model::{BreakReason, Presence, PresenceRow, PresenceState, Standing};
use kernel::{Instant, PersonId, SessionId};
use serde_json::{Value, json};
use storage::{Conn, Fault, Row, Tx, sql};

const SEPARATOR: &str = " ";

pub(crate) fn presence(row: &Row) -> Result<PresenceRow, Fault> {
    let (state, reason) = (row.text("state")?, row.opt_text("reason")?);
    let standing = Standing::parse(&state, reason.as_deref())
        .ok_or_else(|| Fault::inconsistent(format!("presence `{state}` with reason {reason:?}")))?;
    Ok(PresenceRow {
        person: row.id("person_id")?,
        session: row.id("session_id")?,
        node: row.text("node")?,
        standing,
        since: row.instant("since")?,
        queues: row.text("queues")?.split_whitespace().map(str::to_owned).collect(),
        capacity: u32::try_from(row.int("capacity")?).unwrap_or(1),
        missed: row.int("missed")?,
        wrap_up_until: row.opt_instant("wrap_up_until")?,
    })
}

/// A presence as a repeat of its change is told it.
impl journal::Reply for Presence {
    fn keep(&self) -> String {
        let Self { state, reason, since, queues, capacity, missed, until } = self;
        json!({
            "state": state.as_str(),
            "reason": reason.map(BreakReason::as_str),
            "since": since.micros(),
            "queues": queues,
            "capacity": capacity,
            "missed": missed,
            "until": until.map(Instant::micros),
        })
        .to_string()
    }

    fn again(kept: &str) -> Option<Self> {
        let kept: Value = serde_json::from_str(kept).ok()?;
        let reason = kept["reason"].as_str();
        Some(Self {
            state: PresenceState::parse(kept["state"].as_str()?)?,
            reason: reason.and_then(BreakReason::parse),
            since: Instant::from_micros(kept["since"].as_i64()?),
            queues: kept["queues"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            capacity: u32::try_from(kept["capacity"].as_i64()?).ok()?,
            missed: kept["missed"].as_i64()?,
            until: kept["until"].as_i64().map(Instant::from_micros),
        })
    }
}

pub(crate) async fn find(conn: &mut Conn, person: &PersonId) -> Result<Option<PresenceRow>, Fault> {
    let statement =
        sql("SELECT person_id, session_id, node, state, reason, since, queues, capacity, missed, wrap_up_until
                         FROM presence WHERE person_id = $1");
    conn.optional(statement.bind(person)).await?.as_ref().map(presence).transpose()
}

pub(crate) async fn lock(tx: &mut Tx, person: &PersonId) -> Result<Option<PresenceRow>, Fault> {
    let statement =
        sql("SELECT person_id, session_id, node, state, reason, since, queues, capacity, missed, wrap_up_until
                         FROM presence WHERE person_id = $1");
    tx.optional(statement.bind(person).for_update()).await?.as_ref().map(presence).transpose()
}

/// Everybody whom a node speaks with.
pub(crate) async fn on_node(conn: &mut Conn, node: &str) -> Result<Vec<PresenceRow>, Fault> {
    let statement =
        sql("SELECT person_id, session_id, node, state, reason, since, queues, capacity, missed, wrap_up_until
                         FROM presence WHERE node = $1 AND state <> 'signed_out'");
    conn.all(statement.bind(node)).await?.iter().map(presence).collect()
}

pub(crate) async fn put(tx: &mut Tx, row: &PresenceRow, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO presence (person_id, session_id, node, state, reason, since, queues, capacity, missed, wrap_up_until, heartbeat_at, active_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
             ON CONFLICT (person_id) DO UPDATE SET session_id = excluded.session_id, node = excluded.node, state = excluded.state,
                 reason = excluded.reason, since = excluded.since, queues = excluded.queues, capacity = excluded.capacity,
                 missed = excluded.missed, wrap_up_until = excluded.wrap_up_until,
                 heartbeat_at = excluded.heartbeat_at, active_at = excluded.active_at")
        .bind(&row.person)
        .bind(&row.session)
        .bind(row.node.as_str())
        .bind(row.standing.as_str())
        .bind(row.standing.reason().map(|reason| reason.as_str()))
        .bind(row.since)
        .bind(row.queues.join(SEPARATOR))
        .bind(i64::from(row.capacity))
        .bind(row.missed)
        .bind(row.wrap_up_until)
        .bind(now),
    )
    .await
}

/// The node that now speaks with the session in which the person works.
pub(crate) async fn move_to_node(tx: &mut Tx, person: &PersonId, session: &SessionId, node: &str) -> Result<(), Fault> {
    tx.execute(
        sql("UPDATE presence SET node = $3 WHERE person_id = $1 AND session_id = $2 AND node <> $3")
            .bind(person)
            .bind(session)
            .bind(node),
    )
    .await?;
    tx.execute(
        sql("UPDATE work_items SET node = $3 WHERE person_id = $1 AND session_id = $2 AND state = 'leased' AND node <> $3")
            .bind(person)
            .bind(session)
            .bind(node),
    )
    .await?;
    Ok(())
}

pub(crate) async fn set_wrap_up(tx: &mut Tx, person: &PersonId, until: Instant) -> Result<(), Fault> {
    tx.execute(sql("UPDATE presence SET wrap_up_until = $2 WHERE person_id = $1").bind(person).bind(until)).await?;
    Ok(())
}

/// One statement for all whom the node speaks with; they are those whom it has not signed out.
pub(crate) async fn keep_heartbeats(tx: &mut Tx, node: &str, now: Instant) -> Result<(), Fault> {
    tx.execute(
        sql("UPDATE presence SET heartbeat_at = $2 WHERE node = $1 AND state <> 'signed_out'").bind(node).bind(now),
    )
    .await?;
    Ok(())
}

/// People whom no node has heard of since `before`, because theirs has stopped.
pub(crate) async fn unheard(conn: &mut Conn, before: Instant) -> Result<Vec<PresenceRow>, Fault> {
    let statement =
        sql("SELECT person_id, session_id, node, state, reason, since, queues, capacity, missed, wrap_up_until
                         FROM presence WHERE state <> 'signed_out' AND heartbeat_at < $1 ORDER BY person_id LIMIT 64");
    conn.all(statement.bind(before)).await?.iter().map(presence).collect()
}
