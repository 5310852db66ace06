//! The table `one_time_codes`.

use crate::secret;
use kernel::{Instant, PersonId};
use storage::{Conn, Fault, Row, Sql, Tx, sql};

/// A stored code.
#[derive(Clone)]
pub(super) struct Issued {
    hash: Vec<u8>,
    expires_at: Instant,
    is_used: bool,
}

impl Issued {
    pub fn is(&self, typed_hash: &[u8; 32]) -> bool {
        secret::same(&self.hash, typed_hash)
    }

    pub fn is_good(&self, now: Instant) -> bool {
        !self.is_used && now < self.expires_at
    }
}

fn issued(row: &Row) -> Result<Issued, Fault> {
    Ok(Issued {
        hash: row.bytes("code_hash")?,
        expires_at: row.instant("expires_at")?,
        is_used: row.opt_instant("used_at")?.is_some(),
    })
}

fn by_person(person: &PersonId) -> Sql {
    sql("SELECT code_hash, expires_at, used_at FROM one_time_codes WHERE person_id = $1").bind(person)
}

pub(super) async fn find(conn: &mut Conn, person: &PersonId) -> Result<Option<Issued>, Fault> {
    conn.optional(by_person(person)).await?.map(|row| issued(&row)).transpose()
}

pub(super) async fn lock(tx: &mut Tx, person: &PersonId) -> Result<Option<Issued>, Fault> {
    tx.optional(by_person(person).for_update()).await?.map(|row| issued(&row)).transpose()
}

/// Puts a person's code in place of the one there was.
pub(super) async fn put(
    tx: &mut Tx,
    person: &PersonId,
    hash: &[u8; 32],
    expires_at: Instant,
    now: Instant,
) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO one_time_codes (person_id, code_hash, issued_at, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (person_id) DO UPDATE
             SET code_hash = excluded.code_hash, issued_at = excluded.issued_at, expires_at = excluded.expires_at, used_at = NULL")
        .bind(person)
        .bind(hash.as_slice())
        .bind(now)
        .bind(expires_at),
    )
    .await
}

pub(super) async fn use_up(tx: &mut Tx, person: &PersonId, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE one_time_codes SET used_at = $2 WHERE person_id = $1 AND used_at IS NULL").bind(person).bind(now),
    )
    .await
}

/// Makes every code void.
pub(super) async fn delete_all(tx: &mut Tx) -> Result<(), Fault> {
    tx.execute(sql("DELETE FROM one_time_codes")).await?;
    Ok(())
}
