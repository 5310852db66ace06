//! One entry, in the transaction of the command that it records.

use crate::{Actor, Subject};
use kernel::hash::{Digest, HashSuite};
use kernel::{EntryId, Instant};
use serde_json::{Value, json};
use storage::vault::{Private, Vault};
use storage::{Fault, Tx, sql};

/// The suite of new entries; each entry names its own.
const SUITE: HashSuite = HashSuite::Sha256;

/// The context of a command: its transaction, who acts, and when.
#[derive(Debug)]
pub struct Cx<'t> {
    pub tx: &'t mut Tx,
    pub actor: Actor,
    pub now: Instant,
    pub vault: Vault,
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Entry {
    pub subject: Subject,
    /// `<area>.<noun>.<verb>`, such as `processing.item.submit`.
    pub kind: &'static str,
    /// Before and after, reasons, hashes; nothing personal.
    pub payload: Value,
    /// Personal values by field name; the entry keeps their salted hashes.
    pub private: Vec<(&'static str, Private)>,
}

impl Entry {
    pub fn new<K: kernel::id::Kind>(subject: &kernel::Id<K>, kind: &'static str, payload: Value) -> Self {
        Self { subject: Subject::of(subject), kind, payload, private: Vec::new() }
    }

    pub fn named(subject: Subject, kind: &'static str, payload: Value) -> Self {
        Self { subject, kind, payload, private: Vec::new() }
    }

    #[must_use]
    pub fn with_private(mut self, field: &'static str, value: Private) -> Self {
        self.private.push((field, value));
        self
    }
}

/// Proof that an entry was appended in this transaction.
#[derive(Debug)]
pub struct Receipt {
    pub entry_id: EntryId,
}

impl Receipt {
    /// The command's value, fit to commit.
    pub fn done<T>(self, value: T) -> Recorded<T> {
        Recorded { value }
    }
}

/// A value whose command has its entry; only a [`Receipt`] makes one.
#[derive(Debug)]
pub struct Recorded<T> {
    pub(crate) value: T,
}

impl<T> Recorded<T> {
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The same command with another value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { value: convert(self.value) }
    }
}

impl Cx<'_> {
    /// The same context for a part of the command; the rest goes on in the same transaction.
    pub fn part(&mut self) -> Cx<'_> {
        Cx { tx: &mut *self.tx, actor: self.actor.clone(), now: self.now, vault: self.vault.clone() }
    }

    /// Appends to the subject's chain. The head row is locked until the command ends, so chains never fork.
    pub async fn append(&mut self, entry: Entry) -> Result<Receipt, Fault> {
        append(self, entry, false).await
    }
}

pub(crate) async fn append(cx: &mut Cx<'_>, entry: Entry, refused: bool) -> Result<Receipt, Fault> {
    let Entry { subject, kind, mut payload, private } = entry;
    let head = cx
        .tx
        .optional(sql("SELECT seq, hash FROM journal_heads WHERE subject = $1").bind(subject.as_str()).for_update())
        .await?;
    let (seq, previous_hash) = match &head {
        Some(row) => (row.int("seq")? + 1, row.bytes("hash")?),
        None => (1, Digest::zero(SUITE).bytes.to_vec()),
    };
    let entry_id = EntryId::new(cx.now);
    let opened = commit_to_private(&mut payload, private);
    let link = Link {
        entry_id: entry_id.as_str(),
        subject: subject.as_str(),
        seq,
        kind,
        refused,
        actor: cx.actor.name(),
        post: cx.actor.post.as_ref().map(|id| id.as_str()),
        seat: cx.actor.seat.as_deref(),
        institution: cx.actor.institution.as_ref().map(|id| id.as_str()),
        at: cx.now.micros(),
        payload: &payload.to_string(),
        previous_hash: &previous_hash,
    };
    let hash = link.hash(SUITE);
    insert(cx.tx, &link, hash).await?;
    move_head(cx.tx, &subject, seq, hash).await?;
    keep_private(cx, &entry_id, opened).await?;
    Ok(Receipt { entry_id })
}

/// What an entry's hash covers. Every stored column but the hash itself and the tree index.
pub(crate) struct Link<'a> {
    pub entry_id: &'a str,
    pub subject: &'a str,
    pub seq: i64,
    pub kind: &'a str,
    pub refused: bool,
    pub actor: &'a str,
    pub post: Option<&'a str>,
    pub seat: Option<&'a str>,
    pub institution: Option<&'a str>,
    pub at: i64,
    pub payload: &'a str,
    pub previous_hash: &'a [u8],
}

impl Link<'_> {
    /// Digest over length-prefixed fields, so that no two entries share an encoding. An absent field differs from an empty one.
    pub fn hash(&self, suite: HashSuite) -> Digest {
        let Link { entry_id, subject, seq, kind, refused, actor, post, seat, institution, at, payload, previous_hash } =
            self;
        let mut bytes = Vec::with_capacity(256 + payload.len());
        bytes.extend_from_slice(b"shuniu journal entry 1\0");
        let mut put = |field: Option<&[u8]>| {
            bytes.push(u8::from(field.is_some()));
            let field = field.unwrap_or_default();
            bytes.extend_from_slice(&(field.len() as u64).to_be_bytes());
            bytes.extend_from_slice(field);
        };
        put(Some(entry_id.as_bytes()));
        put(Some(subject.as_bytes()));
        put(Some(&seq.to_be_bytes()));
        put(Some(kind.as_bytes()));
        put(Some(&[u8::from(*refused)]));
        put(Some(actor.as_bytes()));
        put(post.map(str::as_bytes));
        put(seat.map(str::as_bytes));
        put(institution.map(str::as_bytes));
        put(Some(&at.to_be_bytes()));
        put(Some(payload.as_bytes()));
        put(Some(previous_hash));
        suite.digest(&[&bytes])
    }
}

async fn insert(tx: &mut Tx, link: &Link<'_>, hash: Digest) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO journal_entries (entry_id, subject, seq, kind, refused, actor, post, seat, institution_id, at, payload, suite, previous_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind(link.entry_id)
        .bind(link.subject)
        .bind(link.seq)
        .bind(link.kind)
        .bind(link.refused)
        .bind(link.actor)
        .bind(link.post)
        .bind(link.seat)
        .bind(link.institution)
        .bind(link.at)
        .bind(link.payload)
        .bind(hash.suite.name())
        .bind(link.previous_hash)
        .bind(hash.bytes.as_slice()),
    )
    .await
}

async fn move_head(tx: &mut Tx, subject: &Subject, seq: i64, hash: Digest) -> Result<(), Fault> {
    let statement = if seq == 1 {
        sql("INSERT INTO journal_heads (subject, seq, hash) VALUES ($1, $2, $3)")
    } else {
        sql("UPDATE journal_heads SET seq = $2, hash = $3 WHERE subject = $1 AND seq = $2 - 1")
    };
    tx.execute_one(statement.bind(subject.as_str()).bind(seq).bind(hash.bytes.as_slice())).await
}

/// Puts the salted hashes of personal values into the payload; answers salt and value of each field.
fn commit_to_private(
    payload: &mut Value,
    private: Vec<(&'static str, Private)>,
) -> Vec<(&'static str, String, Private)> {
    if private.is_empty() {
        return Vec::new();
    }
    let mut commitments = serde_json::Map::new();
    let mut opened = Vec::with_capacity(private.len());
    for (field, value) in private {
        let mut salt = [0u8; 16];
        rand::fill(&mut salt);
        let salt = hex::encode(salt);
        commitments.insert(field.to_owned(), Value::String(commitment(&salt, value.reveal())));
        opened.push((field, salt, value));
    }
    if let Value::Object(fields) = payload {
        fields.insert("private".into(), Value::Object(commitments));
    } else {
        *payload = json!({ "value": payload.clone(), "private": commitments });
    }
    opened
}

pub(crate) fn commitment(salt: &str, value: &str) -> String {
    SUITE.digest(&[salt.as_bytes(), b"\0", value.as_bytes()]).to_string()
}

async fn keep_private(
    cx: &mut Cx<'_>,
    entry_id: &EntryId,
    opened: Vec<(&'static str, String, Private)>,
) -> Result<(), Fault> {
    for (field, salt, value) in opened {
        let plain = Private::new(format!("{salt}:{}", value.reveal()));
        let sealed = cx.vault.seal(&plain, &private_context(entry_id.as_str(), field))?;
        cx.tx
            .execute_one(
                sql("INSERT INTO journal_private (entry_id, field, sealed) VALUES ($1, $2, $3)")
                    .bind(entry_id)
                    .bind(field)
                    .bind(sealed),
            )
            .await?;
    }
    Ok(())
}

pub(crate) fn private_context(entry_id: &str, field: &str) -> String {
    format!("journal_private/{entry_id}/{field}")
}
