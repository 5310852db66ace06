//! Sessions: signing in, being recognized by a token, being listed, and ending.
//!
//! A new sign-in does not end the others; the person sees them all and may end them.

mod model;
mod store;
#[cfg(test)]
mod tests;

pub use model::{Ending, Session, SessionPolicy, SignIn, SignedIn};

use crate::password::store::Credential;
use crate::rules::today;
use crate::{Rules, Token, attempts, password, secret};
use journal::{Actor, Answer, Command, Cx, Entry, Journal, Recorded, Subject};
use kernel::{Code, Instant, PersonId, Refusal, SessionId};
use organization::{Person, appointment, staff};
use serde_json::json;
use storage::vault::Private;
use storage::{Conn, Db, Fault, Tx};
use store::{NewSession, Stored};

/// Characters of a seat number at most.
const SEAT_CHARS_MAX: usize = 32;

/// Signs a person in.
///
/// Refuses, in this order: a seat that is none, too many attempts from the address, a locked-out number, a wrong number or password (in the same
/// words and after the same work), and a person who holds no appointment today. Each refusal is recorded.
/// Not idempotent: who does not get the answer signs in again, and the lost session ends by itself.
pub async fn sign_in(journal: &Journal, rules: &Rules, request: SignIn) -> Answer<SignedIn> {
    let SignIn { employee_no, password, seat, address } = request;
    let seat = checked_seat(seat)?;
    attempts::admit(journal, &rules.attempts, &employee_no, &address).await?;
    let found = lookup(&mut *journal.db.reader().await?, &employee_no).await?;
    let stored = found.as_ref().map(|(_, credential)| &credential.hash);
    let matches = rules.hasher.verify(&password, stored).await?;
    let Some((person, credential)) = found.clone().filter(|_| matches) else {
        let refusal = Refusal::new(Code::WrongCredentials);
        let subject = found.map(|(person, _)| Subject::of(&person.person_id));
        journal.record_refusal(attempts::refused_attempt(subject), refusal.clone()).await?;
        return Err(refusal.into());
    };
    let opening = Opening { person, credential, seat, address, token: Token::generate(), csrf: Token::generate() };
    open(journal, rules, opening).await
}

/// The seat as it may stand in lists and in the journal; an empty one is none.
fn checked_seat(seat: Option<String>) -> Result<Option<String>, Refusal> {
    let Some(seat) = seat.map(|seat| seat.trim().to_owned()).filter(|seat| !seat.is_empty()) else { return Ok(None) };
    if seat.chars().count() > SEAT_CHARS_MAX || seat.chars().any(char::is_control) {
        let (zh, en) = (format!("最多 {SEAT_CHARS_MAX} 个字符"), format!("at most {SEAT_CHARS_MAX} characters"));
        return Err(Refusal::field("seat", zh, en));
    }
    Ok(Some(seat))
}

async fn lookup(conn: &mut Conn, employee_no: &str) -> Result<Option<(Person, Credential)>, Fault> {
    let Some(person) = staff::find_by_employee_no(conn, employee_no).await? else { return Ok(None) };
    let credential = password::store::find(conn, &person.person_id).await?;
    Ok(credential.map(|credential| (person, credential)))
}

/// A verified sign-in on its way to a session.
#[derive(Clone)]
struct Opening {
    person: Person,
    credential: Credential,
    seat: Option<String>,
    address: String,
    token: Token,
    csrf: Token,
}

async fn open(journal: &Journal, rules: &Rules, opening: Opening) -> Answer<SignedIn> {
    let person_id = opening.person.person_id.clone();
    let command = Command {
        name: "identity.session.sign_in",
        actor: Actor::person(person_id.clone()).at(None, Some(opening.person.home.clone()), opening.seat.clone()),
        // A key that never comes again.
        key: SessionId::new(journal.now()).to_string(),
        input_hash: password::without_secrets(""),
        subject: Subject::of(&person_id),
    };
    let ours = opening.clone();
    let outcome = journal.run(command, move |cx| Box::pin(begin(cx, ours.clone()))).await?;
    let session_id = outcome.value()?;
    let stored = store::find(&mut *journal.db.reader().await?, &session_id).await?;
    let session = stored.map(|stored| judged(stored, rules, journal.now()));
    // Ended by someone else between the two statements.
    let session = session.ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    Ok(SignedIn { token: opening.token, csrf: opening.csrf, session })
}

async fn begin(mut cx: Cx<'_>, opening: Opening) -> Answer<Recorded<SessionId>> {
    let Opening { person, credential, seat, address, token, csrf } = opening;
    let person_id = &person.person_id;
    let now_there = password::store::lock(cx.tx, person_id).await?;
    if !now_there.is_some_and(|now_there| password::same_hash(&now_there.hash, &credential.hash)) {
        return Err(Refusal::new(Code::WrongCredentials).into());
    }
    let date = today(cx.now)?;
    if !person.is_present(date) || appointment::current(cx.tx, person_id, date).await?.is_empty() {
        return Err(Refusal::new(Code::NoCurrentAppointment).into());
    }
    attempts::clear_within(cx.tx, &person.employee_no).await?;
    let session_id = SessionId::new(cx.now);
    let (token_hash, csrf_hash) = (token.hash(), csrf.hash());
    let new = NewSession {
        session_id: &session_id,
        person_id,
        token_hash: &token_hash,
        csrf_hash: &csrf_hash,
        seat: seat.as_deref(),
        address: &address,
    };
    store::insert(cx.tx, new, cx.now).await?;
    let payload = json!({"person": person_id.as_str(), "address": address});
    Ok(cx.append(Entry::new(&session_id, "identity.session.sign_in", payload)).await?.done(session_id))
}

/// The session with what the rules say of its password now.
fn judged(stored: Stored, rules: &Rules, now: Instant) -> Session {
    let Stored { mut session, password_changed_at } = stored;
    let has_expired =
        rules.password.expires_after_micros().is_some_and(|micros| now >= password_changed_at.plus_micros(micros));
    session.must_change_password |= has_expired;
    session
}

/// The session of a token.
///
/// Refuses an unknown token, a session that ended, idled out or grew too old, and a person who has left.
/// A caller lets a session with `must_change_password` do nothing but change the password or end.
pub async fn authenticate(conn: &mut Conn, rules: &Rules, token: &str, now: Instant) -> Answer<Session> {
    let refused = || Refusal::new(Code::Unauthenticated);
    let stored = store::by_token(conn, &secret::hash(token)).await?.ok_or_else(refused)?;
    let session = judged(stored, rules, now);
    if !session.holds(&rules.session, now) {
        return Err(refused().into());
    }
    let person = staff::find(conn, &session.person_id).await?.ok_or_else(refused)?;
    if !person.is_present(today(now)?) {
        return Err(refused().into());
    }
    Ok(session)
}

/// Notes that the session was used, at most once in [`SessionPolicy::touch_seconds`]. Not recorded: it is no act of the person.
pub async fn touch(db: &Db, rules: &Rules, session: &Session, now: Instant) -> Result<(), Fault> {
    if now < session.last_seen_at.plus_seconds(rules.session.touch_seconds) {
        return Ok(());
    }
    let id = session.session_id.clone();
    db.write::<(), Fault, _>(move |tx| {
        let id = id.clone();
        Box::pin(async move { store::touch(tx, &id, now).await })
    })
    .await
}

/// The sessions of a person that hold, the newest first.
pub async fn list(conn: &mut Conn, rules: &Rules, person: &PersonId, now: Instant) -> Result<Vec<Session>, Fault> {
    let stored = store::of_person(conn, person).await?;
    let sessions = stored.into_iter().map(|stored| judged(stored, rules, now));
    Ok(sessions.filter(|session| session.holds(&rules.session, now)).collect())
}

/// Ends one of the actor's own sessions: the present one by signing out, or another that should not be.
///
/// Refuses somebody else's session as if it were not there.
pub async fn sign_out(mut cx: Cx<'_>, id: SessionId) -> Answer<Recorded<()>> {
    let stored = store::find(cx.tx, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if cx.actor.person.as_ref() != Some(&stored.session.person_id) {
        return Err(Refusal::new(Code::NotFound).into());
    }
    end_one(&mut cx, &id, Ending::SignedOut).await?;
    Ok(cx.append(Entry::new(&id, "identity.session.sign_out", json!({}))).await?.done(()))
}

/// Ends one session of a person; the caller has the permission to.
///
/// Refuses one that is ended or another person's, and an end without a reason.
pub async fn revoke(mut cx: Cx<'_>, person: PersonId, id: SessionId, reason: String) -> Answer<Recorded<()>> {
    let reason = given(&reason)?;
    let stored = store::find(cx.tx, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if stored.session.person_id != person {
        return Err(Refusal::new(Code::NotFound).into());
    }
    end_one(&mut cx, &id, Ending::Revoked).await?;
    let entry = Entry::new(&id, "identity.session.revoke", json!({}));
    Ok(cx.append(entry.with_private("reason", Private::new(reason))).await?.done(()))
}

/// Ends all sessions of a person but `keep`; answers how many. None is fine: the aim is that there are none.
pub async fn revoke_all(
    mut cx: Cx<'_>,
    person: PersonId,
    keep: Option<SessionId>,
    reason: String,
) -> Answer<Recorded<i64>> {
    let reason = given(&reason)?;
    staff::find(cx.tx, &person).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let ended = end_all(&mut cx, &person, keep.as_ref(), Ending::Revoked).await?;
    let entry = Entry::new(&person, "identity.session.revoke_all", json!({"ended": ended}));
    Ok(cx.append(entry.with_private("reason", Private::new(reason))).await?.done(ended))
}

/// Ends all sessions of a person but `keep` inside a larger command, which says so in its own entry; answers how many.
pub async fn end_all(cx: &mut Cx<'_>, person: &PersonId, keep: Option<&SessionId>, why: Ending) -> Result<i64, Fault> {
    store::end_all(cx.tx, person, keep, why, cx.now).await
}

async fn end_one(cx: &mut Cx<'_>, id: &SessionId, why: Ending) -> Answer<()> {
    if store::end(cx.tx, id, why, cx.now).await? { Ok(()) } else { Err(Refusal::new(Code::NotFound).into()) }
}

fn given(reason: &str) -> Answer<&str> {
    match reason.trim() {
        "" => Err(Refusal::new(Code::ReasonRequired).at("reason").into()),
        reason => Ok(reason),
    }
}

pub(crate) async fn forget(tx: &mut Tx, policy: &SessionPolicy, now: Instant) -> Result<u64, Fault> {
    store::delete_before(tx, now.plus_seconds(-(policy.absolute_seconds + policy.keep_ended_seconds))).await
}
