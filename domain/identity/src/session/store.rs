//! The table `sessions`.

use super::model::{Ending, Session};
use kernel::{Instant, PersonId, SessionId};
use storage::{Conn, Fault, Row, Tx, sql};

/// A session not yet ended, and what its person's password says about it.
pub(super) struct Stored {
    pub session: Session,
    pub password_changed_at: Instant,
}

fn stored(row: &Row) -> Result<Stored, Fault> {
    let csrf_hash = row.bytes("csrf_hash")?;
    let session = Session {
        session_id: row.id("session_id")?,
        person_id: row.id("person_id")?,
        seat: row.opt_text("seat")?,
        address: row.text("address")?,
        started_at: row.instant("started_at")?,
        last_seen_at: row.instant("last_seen_at")?,
        must_change_password: row.bool("must_change")?,
        csrf_hash: csrf_hash.try_into().map_err(|_| Fault::inconsistent("the length of a CSRF hash"))?,
    };
    Ok(Stored { session, password_changed_at: row.instant("changed_at")? })
}

pub(super) async fn by_token(conn: &mut Conn, token_hash: &[u8; 32]) -> Result<Option<Stored>, Fault> {
    conn.optional(
        sql("SELECT s.session_id, s.person_id, s.seat, s.address, s.started_at, s.last_seen_at, s.csrf_hash, c.must_change, c.changed_at
             FROM sessions s JOIN credentials c ON c.person_id = s.person_id
             WHERE s.token_hash = $1 AND s.ended_at IS NULL")
        .bind(token_hash.as_slice()),
    )
    .await?
    .map(|row| stored(&row))
    .transpose()
}

pub(super) async fn find(conn: &mut Conn, id: &SessionId) -> Result<Option<Stored>, Fault> {
    conn.optional(
        sql("SELECT s.session_id, s.person_id, s.seat, s.address, s.started_at, s.last_seen_at, s.csrf_hash, c.must_change, c.changed_at
             FROM sessions s JOIN credentials c ON c.person_id = s.person_id
             WHERE s.session_id = $1 AND s.ended_at IS NULL")
        .bind(id),
    )
    .await?
    .map(|row| stored(&row))
    .transpose()
}

pub(super) async fn of_person(conn: &mut Conn, person: &PersonId) -> Result<Vec<Stored>, Fault> {
    let rows = conn
        .all(
            sql("SELECT s.session_id, s.person_id, s.seat, s.address, s.started_at, s.last_seen_at, s.csrf_hash, c.must_change, c.changed_at
                 FROM sessions s JOIN credentials c ON c.person_id = s.person_id
                 WHERE s.person_id = $1 AND s.ended_at IS NULL ORDER BY s.started_at DESC, s.session_id DESC")
            .bind(person),
        )
        .await?;
    rows.iter().map(stored).collect()
}

/// A session about to begin.
pub(super) struct NewSession<'a> {
    pub session_id: &'a SessionId,
    pub person_id: &'a PersonId,
    pub token_hash: &'a [u8; 32],
    pub csrf_hash: &'a [u8; 32],
    pub seat: Option<&'a str>,
    pub address: &'a str,
}

pub(super) async fn insert(tx: &mut Tx, new: NewSession<'_>, now: Instant) -> Result<(), Fault> {
    let NewSession { session_id, person_id, token_hash, csrf_hash, seat, address } = new;
    tx.execute_one(
        sql("INSERT INTO sessions (session_id, person_id, token_hash, csrf_hash, seat, address, started_at, last_seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $7)")
        .bind(session_id)
        .bind(person_id)
        .bind(token_hash.as_slice())
        .bind(csrf_hash.as_slice())
        .bind(seat)
        .bind(address)
        .bind(now),
    )
    .await
}

pub(super) async fn touch(tx: &mut Tx, id: &SessionId, now: Instant) -> Result<(), Fault> {
    tx.execute(
        sql("UPDATE sessions SET last_seen_at = $2 WHERE session_id = $1 AND last_seen_at < $2 AND ended_at IS NULL")
            .bind(id)
            .bind(now),
    )
    .await?;
    Ok(())
}

/// Whether it had not ended yet.
pub(super) async fn end(tx: &mut Tx, id: &SessionId, why: Ending, now: Instant) -> Result<bool, Fault> {
    let ended = tx
        .execute(
            sql("UPDATE sessions SET ended_at = $2, ended_why = $3 WHERE session_id = $1 AND ended_at IS NULL")
                .bind(id)
                .bind(now)
                .bind(why.as_str()),
        )
        .await?;
    Ok(ended == 1)
}

/// Ends all sessions of a person but `keep`; answers how many.
pub(super) async fn end_all(
    tx: &mut Tx,
    person: &PersonId,
    keep: Option<&SessionId>,
    why: Ending,
    now: Instant,
) -> Result<i64, Fault> {
    let ended = tx
        .execute(
            sql("UPDATE sessions SET ended_at = $2, ended_why = $3
                 WHERE person_id = $1 AND ended_at IS NULL AND ($4 IS NULL OR session_id <> $4)")
            .bind(person)
            .bind(now)
            .bind(why.as_str())
            .bind(keep),
        )
        .await?;
    Ok(i64::try_from(ended).unwrap_or(i64::MAX))
}

pub(super) async fn delete_before(tx: &mut Tx, started_before: Instant) -> Result<u64, Fault> {
    tx.execute(sql("DELETE FROM sessions WHERE started_at < $1").bind(started_before)).await
}
