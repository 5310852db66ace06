//! Reading the record.

use crate::Subject;
use crate::append::private_context;
use kernel::{EntryId, Instant};
use storage::vault::{Private, Sealed, Vault};
use storage::{Conn, Fault, Row, sql};

/// An entry as it is stored.
#[derive(Debug, Clone)]
pub struct EntryRow {
    pub entry_id: EntryId,
    pub subject: String,
    pub seq: i64,
    pub kind: String,
    pub refused: bool,
    pub actor: String,
    pub post: Option<String>,
    pub seat: Option<String>,
    pub institution_id: Option<String>,
    pub at: Instant,
    pub payload: serde_json::Value,
    pub hash: String,
}

/// The whole chain of a subject from its beginning.
pub async fn by_subject(conn: &mut Conn, subject: &Subject) -> Result<Vec<EntryRow>, Fault> {
    let rows = conn
        .all(
            sql("SELECT entry_id, subject, seq, kind, refused, actor, post, seat, institution_id, at, payload, suite, hash
                 FROM journal_entries WHERE subject = $1 ORDER BY seq")
            .bind(subject.as_str()),
        )
        .await?;
    rows.iter().map(entry).collect()
}

/// The newest entries of all chains, up to `limit`, before the given instant.
pub async fn latest(conn: &mut Conn, before: Instant, limit: i64) -> Result<Vec<EntryRow>, Fault> {
    let rows = conn
        .all(
            sql("SELECT entry_id, subject, seq, kind, refused, actor, post, seat, institution_id, at, payload, suite, hash
                 FROM journal_entries WHERE at < $1 ORDER BY at DESC, entry_id DESC LIMIT $2 + 0")
            .bind(before)
            .bind(limit),
        )
        .await?;
    rows.iter().map(entry).collect()
}

/// The personal values of an entry that have not been erased.
pub async fn private_values(
    conn: &mut Conn,
    vault: &Vault,
    entry_id: &EntryId,
) -> Result<Vec<(String, Private)>, Fault> {
    let rows = conn
        .all(sql("SELECT field, sealed FROM journal_private WHERE entry_id = $1 ORDER BY field").bind(entry_id))
        .await?;
    rows.iter()
        .map(|row| {
            let field = row.text("field")?;
            let salted =
                vault.open_value(&Sealed(row.bytes("sealed")?), &private_context(entry_id.as_str(), &field))?;
            let (_, value) =
                salted.reveal().split_once(':').ok_or_else(|| Fault::inconsistent("a private value has no salt"))?;
            Ok((field, Private::new(value)))
        })
        .collect()
}

fn entry(row: &Row) -> Result<EntryRow, Fault> {
    let payload = row.text("payload")?;
    Ok(EntryRow {
        entry_id: row.id("entry_id")?,
        subject: row.text("subject")?,
        seq: row.int("seq")?,
        kind: row.text("kind")?,
        refused: row.bool("refused")?,
        actor: row.text("actor")?,
        post: row.opt_text("post")?,
        seat: row.opt_text("seat")?,
        institution_id: row.opt_text("institution_id")?,
        at: row.instant("at")?,
        payload: serde_json::from_str(&payload)
            .map_err(|error| Fault::inconsistent(format!("journal payload: {error}")))?,
        hash: format!("{}:{}", row.text("suite")?, hex::encode(row.bytes("hash")?)),
    })
}
