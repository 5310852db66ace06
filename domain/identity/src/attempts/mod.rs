//! Counting of attempts to sign in, to change a password and to use a one-time code.
//!
//! An attempt counts as failed from the moment it is admitted; only the right secret takes it back.
//! Counters are not business state, so they are written without an entry; what they refuse is recorded.

mod model;
mod store;
#[cfg(test)]
mod tests;

pub use model::AttemptPolicy;

use crate::secret;
use journal::{Actor, Answer, Command, Journal, Subject};
use kernel::hash::HashSuite;
use kernel::{Code, Instant, Refusal};
use model::Admission;
use storage::{Fault, Tx};

/// Counts an attempt and lets it through, or refuses it without looking at its secret.
///
/// `number` is what was typed as the employee number.
pub(crate) async fn admit(journal: &Journal, policy: &AttemptPolicy, number: &str, address: &str) -> Answer<()> {
    let (policy, number, now) = (*policy, number_hash(number), journal.now());
    let from = address.to_owned();
    let admission = journal
        .db
        .write::<Admission, Fault, _>(move |tx| {
            let from = from.clone();
            Box::pin(async move { count(tx, &policy, number, &from, now).await })
        })
        .await?;
    let (refusal, is_recorded) = match admission {
        Admission::Open => return Ok(()),
        Admission::Locked { seconds } => (Refusal::with(Code::LockedOut, seconds), true),
        // Recorded once a window: a flood must not become a flood of entries.
        Admission::TooMany { seconds, is_first } => (Refusal::with(Code::RateLimited, seconds), is_first),
    };
    if is_recorded {
        return Err(journal.record_refusal(refused_attempt(None), refusal).await?.into());
    }
    // The entry of its window stands for it.
    Err(refusal.recorded().into())
}

/// The command of an attempt that did not get through. Nobody has shown who they are, so the machine stands as its actor.
pub(crate) fn refused_attempt(subject: Option<Subject>) -> Command {
    Command {
        name: "identity.session.sign_in",
        actor: Actor::system("sign_in"),
        key: String::new(),
        input_hash: HashSuite::Sha256.digest(&[]),
        subject: subject.unwrap_or_else(|| Subject::named("sign_in")),
    }
}

async fn count(
    tx: &mut Tx,
    policy: &AttemptPolicy,
    number: [u8; 32],
    address: &str,
    now: Instant,
) -> Result<Admission, Fault> {
    let window = store::window(tx, address).await?;
    let (window, admission) = policy.enter(Some(window), now);
    store::keep_window(tx, address, window).await?;
    if admission != Admission::Open {
        return Ok(admission);
    }
    let lock = store::lock(tx, &number).await?;
    let (lock, admission) = policy.attempt(Some(lock), now);
    if admission == Admission::Open {
        store::keep_lock(tx, &number, lock).await?;
    }
    Ok(admission)
}

/// Forgets the failures of a number whose secret was right, in a transaction of its own.
pub(crate) async fn clear(journal: &Journal, number: &str) -> Result<(), Fault> {
    let number = number_hash(number);
    journal.db.write::<(), Fault, _>(move |tx| Box::pin(async move { store::delete_lock(tx, &number).await })).await
}

/// The same inside a command.
pub(crate) async fn clear_within(tx: &mut Tx, number: &str) -> Result<(), Fault> {
    store::delete_lock(tx, &number_hash(number)).await
}

fn number_hash(number: &str) -> [u8; 32] {
    secret::hash(&number.trim().to_lowercase())
}

pub(crate) async fn forget(tx: &mut Tx, policy: &AttemptPolicy, now: Instant) -> Result<u64, Fault> {
    store::forget(tx, now.plus_seconds(-policy.forget_after_seconds), now.plus_seconds(-policy.address_window_seconds))
        .await
}
