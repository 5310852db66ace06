//! Stations whose stream is at one node while their requests reach another, as behind a balancer that shares requests out.
//!
//! The database says where a stream is. A node that hears a sign of life of a stream which is not its own writes it down there,
//! and the node with the stream takes it up within a second; a change of presence is written for the node with the stream.

use super::Engine;
use crate::lease;
use crate::model::LEASE_MICROS;
use journal::Answer;
use kernel::clock::MICROS_PER_SECOND;
use kernel::{Instant, PersonId, SessionId};
use storage::{Conn, Fault, Tx, sql};

/// Signs of life older than this say nothing any more.
const HEARD_MICROS: i64 = 5 * MICROS_PER_SECOND;
/// A stream that was opened so long ago belongs to a session that has ended.
const FORGOTTEN_MICROS: i64 = 7 * 24 * 3_600 * MICROS_PER_SECOND;

/// The stream of a session is at this node from now on.
pub(super) async fn opened(tx: &mut Tx, session: &SessionId, node: &str, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO work_streams (session_id, node, opened_at) VALUES ($1, $2, $3)
             ON CONFLICT (session_id) DO UPDATE SET node = excluded.node, opened_at = excluded.opened_at")
        .bind(session)
        .bind(node)
        .bind(now),
    )
    .await
}

async fn node_of(conn: &mut Conn, session: &SessionId) -> Result<Option<String>, Fault> {
    let row = conn.optional(sql("SELECT node FROM work_streams WHERE session_id = $1").bind(session)).await?;
    row.map(|row| row.text("node")).transpose()
}

impl Engine {
    /// Whether the session's stream is open here.
    pub(super) fn has_stream(&self, session: &SessionId) -> bool {
        self.hub.known().channels.get(session).is_some_and(|channel| channel.closed_at.is_none())
    }

    /// The node with the session's stream; this one while there is none.
    pub(super) async fn node_with_stream(&self, session: &SessionId) -> Answer<String> {
        if self.has_stream(session) {
            return Ok(self.node.clone());
        }
        let found = node_of(&mut *self.journal.db.reader().await?, session).await?;
        Ok(found.unwrap_or_else(|| self.node.clone()))
    }

    /// A sign of life of a stream that is not here: keeps what is held, and tells the node with the stream.
    pub(super) async fn heard_for_another(
        &self,
        person: &PersonId,
        session: &SessionId,
        active: bool,
        now: Instant,
    ) -> Answer<Instant> {
        let until = now.plus_micros(LEASE_MICROS);
        lease::renew(&self.journal.db, person, session, until).await?;
        let session = session.clone();
        let told = self.journal.db.write::<u64, Fault, _>(move |tx| {
            let statement =
                sql("UPDATE work_streams SET beat_at = $2, active_at = CASE WHEN $3 THEN $2 ELSE active_at END
                                 WHERE session_id = $1");
            let statement = statement.bind(&session).bind(now).bind(active);
            Box::pin(async move { tx.execute(statement).await })
        });
        told.await?;
        Ok(until)
    }

    /// Takes up what other nodes heard of the streams here.
    pub(super) async fn hear_of_ours(&self, now: Instant) -> Answer<()> {
        let statement = sql("SELECT session_id, beat_at, active_at FROM work_streams WHERE node = $1 AND beat_at > $2");
        let statement = statement.bind(self.node.as_str()).bind(now.plus_micros(-HEARD_MICROS));
        let rows = self.journal.db.reader().await?.all(statement).await?;
        let mut known = self.hub.known();
        let known = &mut *known;
        for row in &rows {
            let session: SessionId = row.id("session_id")?;
            let Some(channel) = known.channels.get(&session) else { continue };
            let operator = known.people.get_mut(&channel.person).filter(|operator| operator.row.session == session);
            if let Some(operator) = operator {
                operator.last_beat = operator.last_beat.max(row.instant("beat_at")?);
                operator.last_active =
                    row.opt_instant("active_at")?.map_or(operator.last_active, |at| operator.last_active.max(at));
            }
        }
        Ok(())
    }

    /// Forgets streams of sessions that ended without a word.
    pub(super) async fn forget_streams(&self, now: Instant) -> Answer<()> {
        let before = now.plus_micros(-FORGOTTEN_MICROS);
        let forgotten = self.journal.db.write::<u64, Fault, _>(move |tx| {
            let statement = sql("DELETE FROM work_streams WHERE opened_at < $1").bind(before);
            Box::pin(async move { tx.execute(statement).await })
        });
        forgotten.await?;
        Ok(())
    }
}
