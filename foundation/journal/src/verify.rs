//! Walks every chain and names what is wrong, down to the row.
//!
//! The chains alone show edits, deletions inside a chain, insertions, reorderings and swaps, and a head that does not fit its tail.
//! Chains may grow while they are walked: what does not fit its head is looked at again, between two readings of the head that are the same.
//! A whole chain rewritten with new hashes, or cut at its tail together with its head row, needs the signed checkpoints to be seen.

use crate::append::{Link, commitment, private_context};
use kernel::hash::{Digest, HashSuite};
use std::collections::HashMap;
use storage::vault::{Sealed, Vault};
use storage::{Conn, Db, Fault, Row, sql};

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub subject: String,
    pub seq: i64,
    pub entry_id: Option<String>,
    pub what: Wrong,
}

/// The ways in which a row can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Wrong {
    #[error("the entry's content does not match its hash: it was edited")]
    Edited,
    #[error("the entry does not follow its predecessor: one was inserted, swapped or edited")]
    BrokenLink,
    #[error("entries are missing before this one")]
    Gap,
    #[error("the chain's head row is missing")]
    HeadMissing,
    #[error("the chain's head row does not match its last entry: the tail was cut or the head was edited")]
    HeadMismatch,
    #[error("the chain has a head row but no entries")]
    EntriesMissing,
    #[error("a personal value does not match the hash in its entry")]
    PrivateEdited,
    #[error("the entry names a hash suite that is not known")]
    UnknownSuite,
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Report {
    pub chains: u64,
    pub entries: u64,
    pub private_values: u64,
    pub problems: Vec<Problem>,
}

/// Entries read per step of the walk.
const STEP: i64 = 5_000;

/// Verifies every chain of the database. `vault` opens personal values; without it only the entries are checked.
pub async fn verify(db: &Db, vault: Option<&Vault>) -> Result<Report, Fault> {
    let mut reader = db.reader().await?;
    let mut report = Report::default();
    let mut heads = heads(&mut reader).await?;
    let mut chain = Chain::default();
    let mut doubtful = Vec::new();
    let mut from = (String::new(), 0i64);
    loop {
        let rows = step(&mut reader, &from).await?;
        let Some(last) = rows.last() else { break };
        from = (last.text("subject")?, last.int("seq")?);
        for row in &rows {
            let subject = row.text("subject")?;
            if subject != chain.subject {
                doubtful.extend(chain.finish(&mut heads));
                chain = Chain::starting(subject);
                report.chains += 1;
            }
            chain.take(row, &mut report)?;
        }
    }
    doubtful.extend(chain.finish(&mut heads));
    doubtful.extend(heads.into_keys());
    for subject in doubtful {
        report.problems.extend(compare_head(&mut reader, subject).await?);
    }
    if let Some(vault) = vault {
        verify_private(&mut reader, vault, &mut report).await?;
    }
    report.problems.sort();
    Ok(report)
}

type Heads = HashMap<String, (i64, Vec<u8>)>;

async fn heads(conn: &mut Conn) -> Result<Heads, Fault> {
    let rows = conn.all(sql("SELECT subject, seq, hash FROM journal_heads")).await?;
    rows.iter().map(|row| Ok((row.text("subject")?, (row.int("seq")?, row.bytes("hash")?)))).collect()
}

async fn step(conn: &mut Conn, from: &(String, i64)) -> Result<Vec<Row>, Fault> {
    conn.all(
        sql("SELECT entry_id, subject, seq, kind, refused, actor, post, seat, institution_id, at, payload, suite, previous_hash, hash
             FROM journal_entries WHERE (subject, seq) > ($1, $2) ORDER BY subject, seq LIMIT $3 + 0")
        .bind(from.0.as_str())
        .bind(from.1)
        .bind(STEP),
    )
    .await
}

/// The chain that the walk is in.
#[derive(Default)]
struct Chain {
    subject: String,
    seq: i64,
    hash: Vec<u8>,
}

impl Chain {
    fn starting(subject: String) -> Self {
        Self { subject, seq: 0, hash: vec![0; 32] }
    }

    fn take(&mut self, row: &Row, report: &mut Report) -> Result<(), Fault> {
        report.entries += 1;
        let (seq, entry_id) = (row.int("seq")?, row.text("entry_id")?);
        let mut wrong = |what| {
            report.problems.push(Problem {
                subject: self.subject.clone(),
                seq,
                entry_id: Some(entry_id.clone()),
                what,
            });
        };
        let (stored, previous) = (row.bytes("hash")?, row.bytes("previous_hash")?);
        match HashSuite::parse(&row.text("suite")?) {
            None => wrong(Wrong::UnknownSuite),
            Some(suite) if recompute(row, &entry_id, seq, &previous, suite)?.bytes.as_slice() != stored => {
                wrong(Wrong::Edited)
            }
            Some(_) => {}
        }
        if seq != self.seq + 1 {
            wrong(Wrong::Gap);
        } else if previous != self.hash {
            wrong(Wrong::BrokenLink);
        }
        self.seq = seq;
        self.hash = stored;
        Ok(())
    }

    /// The chain's subject when what was walked does not fit the head that was read before.
    fn finish(&self, heads: &mut Heads) -> Option<String> {
        let fits = |(seq, hash): (i64, Vec<u8>)| seq == self.seq && hash == self.hash;
        let is_doubtful = !self.subject.is_empty() && !heads.remove(&self.subject).is_some_and(fits);
        is_doubtful.then(|| self.subject.clone())
    }
}

/// What is wrong between a chain's last entry and its head. Both are written together, so while the head stands still the last entry does.
async fn compare_head(conn: &mut Conn, subject: String) -> Result<Option<Problem>, Fault> {
    let head = "SELECT seq, hash FROM journal_heads WHERE subject = $1";
    let last = "SELECT seq, hash FROM journal_entries WHERE subject = $1 ORDER BY seq DESC LIMIT 1";
    let (head, last) = loop {
        let before = link(conn, head, &subject).await?;
        let last = link(conn, last, &subject).await?;
        if before == link(conn, head, &subject).await? {
            break (before, last);
        }
    };
    let (seq, what) = match (head, last) {
        (None, Some((seq, _))) => (seq, Wrong::HeadMissing),
        (Some((seq, _)), None) => (seq, Wrong::EntriesMissing),
        (Some(head), Some(last)) if head != last => (last.0, Wrong::HeadMismatch),
        _ => return Ok(None),
    };
    Ok(Some(Problem { subject, seq, entry_id: None, what }))
}

async fn link(conn: &mut Conn, text: &'static str, subject: &str) -> Result<Option<(i64, Vec<u8>)>, Fault> {
    let row = conn.optional(sql(text).bind(subject)).await?;
    row.map(|row| Ok((row.int("seq")?, row.bytes("hash")?))).transpose()
}

fn recompute(row: &Row, entry_id: &str, seq: i64, previous: &[u8], suite: HashSuite) -> Result<Digest, Fault> {
    let (post, seat, institution) = (row.opt_text("post")?, row.opt_text("seat")?, row.opt_text("institution_id")?);
    let link = Link {
        entry_id,
        subject: &row.text("subject")?,
        seq,
        kind: &row.text("kind")?,
        refused: row.bool("refused")?,
        actor: &row.text("actor")?,
        post: post.as_deref(),
        seat: seat.as_deref(),
        institution: institution.as_deref(),
        at: row.int("at")?,
        payload: &row.text("payload")?,
        previous_hash: previous,
    };
    Ok(link.hash(suite))
}

async fn verify_private(conn: &mut Conn, vault: &Vault, report: &mut Report) -> Result<(), Fault> {
    let mut from = (String::new(), String::new());
    loop {
        let rows = conn
            .all(
                sql("SELECT p.entry_id, p.field, p.sealed, e.subject, e.seq, e.payload
                     FROM journal_private p JOIN journal_entries e ON e.entry_id = p.entry_id
                     WHERE (p.entry_id, p.field) > ($1, $2) ORDER BY p.entry_id, p.field LIMIT $3 + 0")
                .bind(from.0.as_str())
                .bind(from.1.as_str())
                .bind(STEP),
            )
            .await?;
        let Some(last) = rows.last() else { return Ok(()) };
        from = (last.text("entry_id")?, last.text("field")?);
        for row in &rows {
            report.private_values += 1;
            if !private_fits(row, vault)? {
                report.problems.push(Problem {
                    subject: row.text("subject")?,
                    seq: row.int("seq")?,
                    entry_id: Some(row.text("entry_id")?),
                    what: Wrong::PrivateEdited,
                });
            }
        }
    }
}

fn private_fits(row: &Row, vault: &Vault) -> Result<bool, Fault> {
    let (entry_id, field) = (row.text("entry_id")?, row.text("field")?);
    let Ok(salted) = vault.open_value(&Sealed(row.bytes("sealed")?), &private_context(&entry_id, &field)) else {
        return Ok(false);
    };
    let Some((salt, value)) = salted.reveal().split_once(':') else { return Ok(false) };
    let payload: serde_json::Value = serde_json::from_str(&row.text("payload")?).unwrap_or_default();
    Ok(payload["private"][&field] == commitment(salt, value))
}
