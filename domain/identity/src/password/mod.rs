//! Passwords: the rules for them, their hashes, and how one is changed.

mod hasher;
mod model;
pub(crate) mod store;
#[cfg(test)]
mod tests;

pub use hasher::{HashParameters, Hasher, PasswordHash};
pub use model::{DemonstrationOnly, PasswordPolicy};

use crate::session::{self, Ending};
use crate::{Rules, attempts, secret};
use journal::{Actor, Answer, Command, Cx, Entry, Journal, Outcome, Receipt, Recorded, Subject};
use kernel::hash::{Digest, HashSuite};
use kernel::{Code, PersonId, Refusal, SessionId};
use organization::{Person, staff};
use serde_json::json;
use storage::vault::Private;
use storage::{Conn, Fault};

/// A request of a signed-in person to change their own password.
#[derive(Debug, Clone)]
pub struct Change {
    /// The person, in the session's seat.
    pub actor: Actor,
    /// The idempotency key.
    pub key: String,
    /// The session that asks; it goes on, all others of the person end.
    pub session_id: SessionId,
    /// Where the request comes from.
    pub address: String,
    pub old: Private,
    pub new: Private,
}

/// Changes a password, given the old one, and ends the person's other sessions.
///
/// The key's input hash is the session and not what was sent: a fast hash of a password must not be stored.
/// So a repeat is told from another input by the new password itself: one that was never set under the key conflicts.
/// Refuses a wrong old password (counted like a wrong sign-in), a weak new one, and one of the last few.
pub async fn change(journal: &Journal, rules: &Rules, change: Change) -> Answer<Outcome<()>> {
    let Change { actor, key, session_id, address, old, new } = change;
    let person_id = actor.person.clone().ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    let command = Command {
        name: "identity.password.change",
        actor,
        key,
        input_hash: without_secrets(session_id.as_str()),
        subject: Subject::of(&person_id),
    };
    let mut reader = journal.db.reader().await?;
    let person = staff::find(&mut reader, &person_id).await?.ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    let found = store::find(&mut reader, &person_id).await?.ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    let last = store::history(&mut reader, &person_id, rules.password.history).await?;
    drop(reader);
    if let Some(earlier) = journal.earlier::<()>(&command).await? {
        // Comparing a password is a guess at it, also under a key that is known.
        attempts::admit(journal, &rules.attempts, &person.employee_no, &address).await?;
        let outcome = repeated(&rules.hasher, earlier, &last, &new).await?;
        if matches!(outcome, Outcome::AlreadyDone(())) {
            attempts::clear(journal, &person.employee_no).await?;
        }
        return Ok(outcome);
    }
    let verdict = match rules.password.check(&new, &person.employee_no, Some(&person.name)) {
        Err(refusal) => Err(refusal),
        Ok(()) => {
            attempts::admit(journal, &rules.attempts, &person.employee_no, &address).await?;
            decide(journal, rules, &person, &found, &last, &old, &new).await?
        }
    };
    let history = rules.password.history;
    journal
        .run(command, move |cx| {
            let (person_id, session_id, verdict) = (person_id.clone(), session_id.clone(), verdict.clone());
            Box::pin(replace(cx, person_id, session_id, found.version, history, verdict))
        })
        .await
}

/// The new password's hash, or why there is none. All hashing of a change happens here.
async fn decide(
    journal: &Journal,
    rules: &Rules,
    person: &Person,
    found: &store::Credential,
    last: &[PasswordHash],
    old: &Private,
    new: &Private,
) -> Answer<Result<PasswordHash, Refusal>> {
    if !rules.hasher.verify(old, Some(&found.hash)).await? {
        return Ok(Err(Refusal::new(Code::WrongCredentials).at("old")));
    }
    attempts::clear(journal, &person.employee_no).await?;
    fresh(&rules.hasher, last, new).await
}

/// What a repeat is told: the same when its password is one of the last that were set, else that it conflicts.
pub(crate) async fn repeated(
    hasher: &Hasher,
    earlier: Outcome<()>,
    last: &[PasswordHash],
    new: &Private,
) -> Answer<Outcome<()>> {
    for used in last {
        if hasher.verify(new, Some(used)).await? {
            return Ok(earlier);
        }
    }
    Ok(Outcome::ConflictsWithEarlier)
}

/// The hash of a password that is none of the last ones.
pub(crate) async fn fresh(
    hasher: &Hasher,
    last: &[PasswordHash],
    new: &Private,
) -> Answer<Result<PasswordHash, Refusal>> {
    for used in last {
        if hasher.verify(new, Some(used)).await? {
            return Ok(Err(Refusal::new(Code::PasswordReused).at("password")));
        }
    }
    Ok(Ok(hasher.hash(new).await?))
}

/// The input hash of a command whose input holds secrets.
pub(crate) fn without_secrets(public: &str) -> Digest {
    HashSuite::Sha256.digest(&[public.as_bytes()])
}

async fn replace(
    mut cx: Cx<'_>,
    person_id: PersonId,
    session_id: SessionId,
    version: i64,
    history: i64,
    verdict: Result<PasswordHash, Refusal>,
) -> Answer<Recorded<()>> {
    let hash = verdict?;
    let now_there = store::lock(cx.tx, &person_id).await?.map(|credential| credential.version);
    if now_there != Some(version) {
        // Changed by another request while this one was hashing: what was verified is no longer the password.
        return Err(Refusal::new(Code::WrongCredentials).at("old").into());
    }
    store::set(cx.tx, &person_id, &hash, version, history, cx.now).await?;
    let sessions_ended = session::end_all(&mut cx, &person_id, Some(&session_id), Ending::PasswordChanged).await?;
    let entry = Entry::new(&person_id, "identity.password.change", json!({"sessions_ended": sessions_ended}));
    Ok(cx.append(entry).await?.done(()))
}

/// Makes a person choose a new password at the next request, such as when the present one may be known to others.
///
/// Refuses a person without a password.
pub async fn require_change(mut cx: Cx<'_>, person: PersonId) -> Answer<Recorded<()>> {
    if !store::require_change(cx.tx, &person).await? {
        return Err(Refusal::new(Code::NotFound).into());
    }
    Ok(cx.append(Entry::new(&person, "identity.password.require_change", json!({}))).await?.done(()))
}

/// Sets the passwords of the demonstration's people, in one entry; impossible without the demonstration's flag.
///
/// Refuses a person who has a password already.
pub async fn set_initial(
    cx: &mut Cx<'_>,
    rules: &Rules,
    rows: &[(PersonId, PasswordHash)],
    _proof: DemonstrationOnly,
) -> Answer<Receipt> {
    for (person, hash) in rows {
        if store::find(cx.tx, person).await?.is_some() {
            return Err(has_password().into());
        }
        if staff::find(cx.tx, person).await?.is_none() {
            return Err(Refusal::new(Code::NotFound).at("person").into());
        }
        store::set(cx.tx, person, hash, 0, rules.password.history, cx.now).await?;
    }
    let ids: Vec<&str> = rows.iter().map(|(person, _)| person.as_str()).collect();
    let payload = json!({"rows": rows.len(), "digest": without_secrets(&ids.join("\n")).to_string()});
    Ok(cx
        .append(Entry::named(Subject::named("identity/demonstration"), "identity.password.set_initial", payload))
        .await?)
}

pub(crate) fn has_password() -> Refusal {
    Refusal::detailed(Code::WrongState, "已设置过密码", "there is a password already")
}

/// Whether a person can sign in at all.
pub async fn is_set(conn: &mut Conn, person: &PersonId) -> Result<bool, Fault> {
    Ok(store::find(conn, person).await?.is_some())
}

/// Whether two stored hashes are the same, in constant time.
pub(crate) fn same_hash(a: &PasswordHash, b: &PasswordHash) -> bool {
    secret::same(a.as_str().as_bytes(), b.as_str().as_bytes())
}
