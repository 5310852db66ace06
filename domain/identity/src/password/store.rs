//! The tables `credentials` and `password_history`.

use super::PasswordHash;
use kernel::{Instant, PersonId};
use storage::{Conn, Fault, Row, Sql, Tx, sql};

/// A person's present password.
#[derive(Debug, Clone)]
pub(crate) struct Credential {
    pub hash: PasswordHash,
    pub version: i64,
}

fn credential(row: &Row) -> Result<Credential, Fault> {
    Ok(Credential { hash: PasswordHash::stored(row.text("password_hash")?), version: row.int("version")? })
}

fn by_person(person: &PersonId) -> Sql {
    sql("SELECT password_hash, version FROM credentials WHERE person_id = $1").bind(person)
}

pub(crate) async fn find(conn: &mut Conn, person: &PersonId) -> Result<Option<Credential>, Fault> {
    conn.optional(by_person(person)).await?.map(|row| credential(&row)).transpose()
}

pub(crate) async fn lock(tx: &mut Tx, person: &PersonId) -> Result<Option<Credential>, Fault> {
    tx.optional(by_person(person).for_update()).await?.map(|row| credential(&row)).transpose()
}

pub(crate) async fn any(conn: &mut Conn) -> Result<bool, Fault> {
    Ok(conn.optional(sql("SELECT person_id FROM credentials LIMIT 1")).await?.is_some())
}

/// The last passwords, the present one first.
pub(crate) async fn history(conn: &mut Conn, person: &PersonId, limit: i64) -> Result<Vec<PasswordHash>, Fault> {
    let rows = conn
        .all(
            sql("SELECT password_hash FROM password_history WHERE person_id = $1 ORDER BY version DESC LIMIT $2 + 0")
                .bind(person)
                .bind(limit),
        )
        .await?;
    rows.iter().map(|row| Ok(PasswordHash::stored(row.text("password_hash")?))).collect()
}

/// Sets a person's password after `before`, the version that was found, and keeps it among the last `history`.
pub(crate) async fn set(
    tx: &mut Tx,
    person: &PersonId,
    hash: &PasswordHash,
    before: i64,
    history: i64,
    now: Instant,
) -> Result<(), Fault> {
    let version = before + 1;
    let statement = if before == 0 {
        sql(
            "INSERT INTO credentials (person_id, password_hash, must_change, changed_at, version) VALUES ($1, $2, FALSE, $3, $4)",
        )
    } else {
        sql("UPDATE credentials SET password_hash = $2, must_change = FALSE, changed_at = $3, version = $4
             WHERE person_id = $1 AND version = $4 - 1")
    };
    tx.execute_one(statement.bind(person).bind(hash.as_str()).bind(now).bind(version)).await?;
    tx.execute_one(
        sql("INSERT INTO password_history (person_id, version, password_hash) VALUES ($1, $2, $3)")
            .bind(person)
            .bind(version)
            .bind(hash.as_str()),
    )
    .await?;
    tx.execute(
        sql("DELETE FROM password_history WHERE person_id = $1 AND version <= $2").bind(person).bind(version - history),
    )
    .await?;
    Ok(())
}

/// Whether the person has a credential to be marked.
pub(super) async fn require_change(tx: &mut Tx, person: &PersonId) -> Result<bool, Fault> {
    Ok(tx.execute(sql("UPDATE credentials SET must_change = TRUE WHERE person_id = $1").bind(person)).await? == 1)
}
