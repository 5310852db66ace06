//! How a command runs: once for its key, with its entry, and refused in the open.

use crate::append::append;
use crate::{Actor, Answer, Cx, Entry, Failure, Recorded, Subject};
use kernel::hash::{Digest, HashSuite};
use kernel::{Clock, Code, Id, Instant, Refusal};
use serde_json::json;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use storage::vault::{Private, Sealed, Vault};
use storage::{BoxFuture, Conn, Db, Fault, Tx, sql};

/// How long a key is remembered at least: 24 hours.
pub const KEY_MICROS_MIN: i64 = 24 * 3_600 * 1_000_000;

/// Attempts of a command whose commits were not answered; a server that is gone for longer is told to the caller.
const COMMITS_MAX: u32 = 3;

/// A request to change something.
#[derive(Debug, Clone)]
pub struct Command {
    /// `<area>.<noun>.<verb>`.
    pub name: &'static str,
    pub actor: Actor,
    /// Chosen by the caller, one per intended change.
    pub key: String,
    /// Digest of everything the caller sent.
    pub input_hash: Digest,
    /// What the caller wants to change, for the record of a refusal.
    pub subject: Subject,
}

impl Command {
    /// A command of the machine itself; the natural key of the work is its idempotency key.
    pub fn of_machine(name: &'static str, part: &str, key: impl Into<String>, subject: Subject) -> Self {
        let key = key.into();
        let input_hash = HashSuite::Sha256.digest(&[key.as_bytes()]);
        Self { name, actor: Actor::system(part), key, input_hash, subject }
    }
}

/// What became of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Done(T),
    /// The same command with the same input was done before; this was its reply.
    AlreadyDone(T),
    /// The same key came with a different input; nothing was done.
    ConflictsWithEarlier,
}

impl<T> Outcome<T> {
    /// The value, whether new or repeated; a conflict becomes its refusal.
    pub fn value(self) -> Result<T, Refusal> {
        match self {
            Self::Done(value) | Self::AlreadyDone(value) => Ok(value),
            Self::ConflictsWithEarlier => Err(Refusal::new(Code::ConflictsWithEarlier)),
        }
    }
}

/// A reply that can be kept beside the key and given again, as it was: what a repeat is told may not depend on what happened since.
/// It is kept sealed, because it may say what a person wrote.
pub trait Reply: Sized + Send + 'static {
    fn keep(&self) -> String;
    fn again(kept: &str) -> Option<Self>;
}

impl Reply for () {
    fn keep(&self) -> String {
        String::new()
    }
    fn again(kept: &str) -> Option<Self> {
        kept.is_empty().then_some(())
    }
}

/// Two values of one command, such as what its client is answered and whom else to tell.
impl<A: Reply, B: Reply> Reply for (A, B) {
    fn keep(&self) -> String {
        serde_json::json!([self.0.keep(), self.1.keep()]).to_string()
    }
    fn again(kept: &str) -> Option<Self> {
        let (first, second): (String, String) = serde_json::from_str(kept).ok()?;
        Some((A::again(&first)?, B::again(&second)?))
    }
}

impl Reply for i64 {
    fn keep(&self) -> String {
        self.to_string()
    }
    fn again(kept: &str) -> Option<Self> {
        kept.parse().ok()
    }
}

impl Reply for String {
    fn keep(&self) -> String {
        self.clone()
    }
    fn again(kept: &str) -> Option<Self> {
        Some(kept.to_owned())
    }
}

impl<K: kernel::id::Kind> Reply for Id<K> {
    fn keep(&self) -> String {
        self.to_string()
    }
    fn again(kept: &str) -> Option<Self> {
        Id::parse(kept).ok()
    }
}

/// The journal of a database: the one door through which commands go.
#[derive(Clone)]
pub struct Journal {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub vault: Vault,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({:?})", self.db)
    }
}

impl Journal {
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Runs `work` once for the command's key.
    ///
    /// `work` may run several times before it commits; what it answers is kept and given again on a repeat.
    /// When the reply to a commit is lost, the key says whether it was done; only where it is not found the work runs again.
    /// A refusal rolls the work back and is recorded on its own, unless the same command was done meanwhile: then it is a repeat.
    pub async fn run<T, F>(&self, command: Command, work: F) -> Answer<Outcome<T>>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let (work, mine) = (Arc::new(work), Mine::default());
        let mut attempts = 1;
        let outcome = loop {
            match self.attempt(&command, Arc::clone(&work), mine.clone()).await {
                // The next attempt looks for the key first, so the work is not done twice.
                Err(Failure::Fault(Fault::OutcomeUnknown(fault))) if attempts < COMMITS_MAX => {
                    tracing::warn!(%fault, command = command.name, "the reply to a commit was lost; looking for its key");
                    attempts += 1;
                }
                outcome => break outcome,
            }
        };
        let Err(Failure::Refused(refusal)) = outcome else { return outcome };
        // Whoever waited for the row that the same command was changing finds it changed and is refused: then the command is done.
        let found = find::<T>(&mut *self.db.reader().await?, &command, &self.vault).await?;
        if let Some(found) = found {
            return Ok(found.unless_mine(&mine));
        }
        Err(self.record_refusal(command, refusal).await?.into())
    }

    async fn attempt<T, F>(&self, command: &Command, work: Arc<F>, mine: Mine) -> Answer<Outcome<T>>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let (now, vault, ours) = (self.now(), self.vault.clone(), command.clone());
        self.db
            .write::<Outcome<T>, Failure, _>(move |tx| {
                let (work, command, vault, mine) = (Arc::clone(&work), ours.clone(), vault.clone(), mine.clone());
                Box::pin(async move {
                    if let Some(found) = find::<T>(tx, &command, &vault).await? {
                        return Ok(found.unless_mine(&mine));
                    }
                    let cx = Cx { tx: &mut *tx, actor: command.actor.clone(), now, vault: vault.clone() };
                    let recorded = work(cx).await?;
                    mine.add(keep_key(tx, &command, &vault, recorded.value.keep(), now).await?);
                    Ok(Outcome::Done(recorded.value))
                })
            })
            .await
    }

    /// What became of the command when it came before, for callers who have much to do before it could run.
    ///
    /// `None` says nothing about a repeat that is running now: [`Journal::run`] decides.
    pub async fn earlier<T: Reply>(&self, command: &Command) -> Result<Option<Outcome<T>>, Fault> {
        let found = find(&mut *self.db.reader().await?, command, &self.vault).await?;
        Ok(found.map(|found| found.outcome))
    }

    /// Records that something was refused, in the chain of the actor's refusals.
    /// Also called for refusals that never reach a command, such as a missing permission.
    /// Answers the refusal marked as recorded; one that is marked already is not recorded again.
    pub async fn record_refusal(&self, command: Command, refusal: Refusal) -> Answer<Refusal> {
        if refusal.is_recorded() {
            return Ok(refusal);
        }
        let (now, vault) = (self.now(), self.vault.clone());
        let chain = Subject::named(format!("refusals/{}", command.actor.name()));
        let payload = json!({
            "subject": command.subject.as_str(),
            "code": refusal.code.as_str(),
            "field": refusal.field,
            "detail": refusal.detail.en,
        });
        self.db
            .write::<(), Failure, _>(move |tx| {
                let entry = Entry::named(chain.clone(), command.name, payload.clone());
                let (actor, vault) = (command.actor.clone(), vault.clone());
                Box::pin(async move {
                    let mut cx = Cx { tx, actor, now, vault };
                    append(&mut cx, entry, true).await?;
                    Ok(())
                })
            })
            .await?;
        Ok(refusal.recorded())
    }
}

/// The kept replies of one call of [`Journal::run`]. Sealing takes a new nonce each time, so each is of one attempt alone.
#[derive(Clone, Default)]
struct Mine(Arc<Mutex<Vec<Sealed>>>);

impl Mine {
    fn add(&self, kept: Sealed) {
        self.kept().push(kept);
    }

    fn contains(&self, kept: &Sealed) -> bool {
        self.kept().iter().any(|mine| mine.0 == kept.0)
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Sealed>> {
        // A panic while the lock was held leaves a list that is whole: each change is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key that was kept, with what its command answered.
struct Found<T> {
    outcome: Outcome<T>,
    kept: Sealed,
}

impl<T> Found<T> {
    /// A key that this very call left is no repeat: the reply to its commit was lost.
    fn unless_mine(self, mine: &Mine) -> Outcome<T> {
        match self.outcome {
            Outcome::AlreadyDone(value) if mine.contains(&self.kept) => Outcome::Done(value),
            outcome => outcome,
        }
    }
}

async fn find<T: Reply>(conn: &mut Conn, command: &Command, vault: &Vault) -> Result<Option<Found<T>>, Fault> {
    let found = conn
        .optional(
            sql("SELECT input_hash, reply FROM idempotency_keys WHERE actor = $1 AND command = $2 AND key = $3")
                .bind(command.actor.name())
                .bind(command.name)
                .bind(command.key.as_str()),
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let kept = Sealed(row.bytes("reply")?);
    if row.bytes("input_hash")? != command.input_hash.bytes {
        return Ok(Some(Found { outcome: Outcome::ConflictsWithEarlier, kept }));
    }
    let reply = T::again(vault.open_value(&kept, &place(command))?.reveal())
        .ok_or_else(|| Fault::inconsistent(format!("kept reply of {} cannot be read", command.name)))?;
    Ok(Some(Found { outcome: Outcome::AlreadyDone(reply), kept }))
}

/// What a sealed reply is bound to.
fn place(command: &Command) -> String {
    format!("idempotency_keys/reply/{}/{}/{}", command.actor.name(), command.name, command.key)
}

/// Two racing repeats whose work does not stand in each other's way meet here: the second insert fails on the primary key,
/// and its closure runs again and finds the first. Where the work does, [`Journal::run`] looks again before it believes a refusal.
async fn keep_key(tx: &mut Tx, command: &Command, vault: &Vault, reply: String, now: Instant) -> Result<Sealed, Fault> {
    let sealed = vault.seal(&Private::new(reply), &place(command))?;
    let kept = Sealed(sealed.0.clone());
    tx.execute_one(
        sql(
            "INSERT INTO idempotency_keys (actor, command, key, input_hash, reply, at) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(command.actor.name())
        .bind(command.name)
        .bind(command.key.as_str())
        .bind(command.input_hash.bytes.as_slice())
        .bind(sealed)
        .bind(now),
    )
    .await?;
    Ok(kept)
}

/// Forgets keys older than the bound; bounded itself, so that a job can call it again and again.
pub async fn forget_keys(tx: &mut Tx, now: Instant) -> Result<u64, Fault> {
    tx.execute(sql("DELETE FROM idempotency_keys WHERE at < $1").bind(now.plus_micros(-KEY_MICROS_MIN))).await
}
