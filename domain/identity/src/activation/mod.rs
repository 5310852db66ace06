//! One-time codes: issued by an administrator, or to the first two administrators by the machine's owner; used once to set a password.

mod model;
mod store;
#[cfg(test)]
mod tests;

pub use model::OneTimeCode;

use crate::password::{self, PasswordHash};
use crate::rules::today;
use crate::session::{self, Ending};
use crate::{Rules, attempts};
use journal::{Actor, Answer, Command, Cx, Entry, Journal, Outcome, Recorded, Subject};
use kernel::{Code, Instant, PersonId, Refusal, SessionId};
use organization::post::Category;
use organization::{Person, staff};
use serde_json::json;
use storage::vault::Private;

const SECONDS_PER_HOUR: i64 = 3_600;

/// Issues a code to a person, which makes an earlier one void; the person's password, if there is one, holds until the code is used.
///
/// `None` when the command was done before: the code was shown then and is nowhere kept; issue another under a new key.
/// Refuses an unknown person, one who has left, and oneself: who may issue codes must not take over an account unseen.
pub async fn issue(
    journal: &Journal,
    rules: &Rules,
    command: Command,
    person: PersonId,
) -> Answer<Option<OneTimeCode>> {
    let (code, hours) = (OneTimeCode::generate(), rules.password.code_valid_hours);
    let hash = code.hash();
    let outcome = journal.run(command, move |cx| Box::pin(put(cx, person.clone(), hash, hours))).await?;
    match outcome {
        Outcome::Done(()) => Ok(Some(code)),
        Outcome::AlreadyDone(()) => Ok(None),
        Outcome::ConflictsWithEarlier => Err(Refusal::new(Code::ConflictsWithEarlier).into()),
    }
}

async fn put(mut cx: Cx<'_>, person_id: PersonId, hash: [u8; 32], hours: i64) -> Answer<Recorded<()>> {
    if cx.actor.person.as_ref() == Some(&person_id) {
        let (zh, en) = ("不能为本人签发启用码", "nobody issues a code to themselves");
        return Err(Refusal::detailed(Code::NotPermitted, zh, en).into());
    }
    let person = staff::find(cx.tx, &person_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    check_present(&person, cx.now)?;
    let expires_at = cx.now.plus_seconds(hours * SECONDS_PER_HOUR);
    store::put(cx.tx, &person_id, &hash, expires_at, cx.now).await?;
    let payload = json!({"expires_at": expires_at.to_rfc3339()});
    Ok(cx.append(Entry::new(&person_id, "identity.activation.issue", payload)).await?.done(()))
}

fn check_present(person: &Person, now: Instant) -> Answer<()> {
    if person.is_present(today(now)?) {
        return Ok(());
    }
    Err(Refusal::detailed(Code::WrongState, "该人员已离职", "the person has left").into())
}

/// Issues codes to the first two administrators, on the machine itself; answers them in the order given.
///
/// May be repeated, with the same or other people, until the first of them has set a password; each time all earlier codes become void.
/// Refuses one person twice, people who are unknown, not employees or gone, and a bank in which anybody has a password.
pub async fn bootstrap(journal: &Journal, rules: &Rules, people: [PersonId; 2]) -> Answer<[OneTimeCode; 2]> {
    let codes = [OneTimeCode::generate(), OneTimeCode::generate()];
    let (hashes, hours) = ([codes[0].hash(), codes[1].hash()], rules.password.code_valid_hours);
    let key = SessionId::new(journal.now()).to_string();
    let command =
        Command::of_machine("identity.activation.bootstrap", "bootstrap", key, Subject::named("identity/bootstrap"));
    journal.run(command, move |cx| Box::pin(put_first(cx, people.clone(), hashes, hours))).await?.value()?;
    Ok(codes)
}

async fn put_first(mut cx: Cx<'_>, people: [PersonId; 2], hashes: [[u8; 32]; 2], hours: i64) -> Answer<Recorded<()>> {
    if people[0] == people[1] {
        return Err(Refusal::field("people", "两名管理员不能是同一人", "the two administrators are one person").into());
    }
    if password::store::any(cx.tx).await? {
        return Err(Refusal::detailed(Code::WrongState, "已有人员设置过密码", "somebody has a password already").into());
    }
    store::delete_all(cx.tx).await?;
    let expires_at = cx.now.plus_seconds(hours * SECONDS_PER_HOUR);
    for (id, hash) in people.iter().zip(&hashes) {
        let person = staff::find(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound).at("people"))?;
        check_present(&person, cx.now)?;
        if person.category != Category::Employee {
            let (zh, en) = (person.category.name_zh(), person.category.name_en());
            return Err(Refusal::detailed(Code::WrongPersonCategory, zh, en).at("people").into());
        }
        store::put(cx.tx, id, hash, expires_at, cx.now).await?;
    }
    let payload = json!({
        "people": people.iter().map(PersonId::as_str).collect::<Vec<_>>(),
        "expires_at": expires_at.to_rfc3339(),
    });
    let entry = Entry::named(Subject::named("identity/bootstrap"), "identity.activation.bootstrap", payload);
    Ok(cx.append(entry).await?.done(()))
}

/// A request to set a password with a one-time code, by someone who is not signed in.
#[derive(Debug, Clone)]
pub struct Activation {
    /// The idempotency key.
    pub key: String,
    pub employee_no: String,
    /// As it was typed.
    pub code: Private,
    pub password: Private,
    /// Where the request comes from.
    pub address: String,
}

/// Sets a password with a code, uses the code up, and ends all sessions of the person. The person then signs in.
///
/// Refuses a weak or used password, and, in the same words and after the same work, an unknown person and a wrong, used or expired code.
pub async fn activate(journal: &Journal, rules: &Rules, request: Activation) -> Answer<Outcome<()>> {
    let Activation { key, employee_no, code, password, address } = request;
    let hash = model::hash(code.reveal());
    let mut reader = journal.db.reader().await?;
    let person = staff::find_by_employee_no(&mut reader, &employee_no).await?;
    // The name is compared only after the code: else anybody could learn whose number it is.
    rules.password.check(&password, &employee_no, None)?;
    let mut issued = None;
    let mut last = Vec::new();
    if let Some(person) = &person {
        issued = store::find(&mut reader, &person.person_id).await?;
        last = password::store::history(&mut reader, &person.person_id, rules.password.history).await?;
    }
    drop(reader);
    attempts::admit(journal, &rules.attempts, &employee_no, &address).await?;
    let Some(person) = person.filter(|_| issued.as_ref().is_some_and(|issued| issued.is(&hash))) else {
        // The same work as for a good code of a person without a password yet.
        rules.hasher.verify(&password, None).await?;
        let refusal = Refusal::new(Code::OneTimeCodeInvalid);
        journal.record_refusal(attempts::refused_attempt(None), refusal.clone()).await?;
        return Err(refusal.into());
    };
    attempts::clear(journal, &employee_no).await?;
    let command = Command {
        name: "identity.activation.activate",
        actor: Actor::person(person.person_id.clone()),
        key,
        input_hash: password::without_secrets(&employee_no),
        subject: Subject::of(&person.person_id),
    };
    if let Some(earlier) = journal.earlier::<()>(&command).await? {
        return password::repeated(&rules.hasher, earlier, &last, &password).await;
    }
    let verdict = match rules.password.check(&password, &employee_no, Some(&person.name)) {
        Ok(()) => password::fresh(&rules.hasher, &last, &password).await?,
        Err(refusal) => Err(refusal),
    };
    let history = rules.password.history;
    journal.run(command, move |cx| Box::pin(set_password(cx, person.clone(), hash, history, verdict.clone()))).await
}

async fn set_password(
    mut cx: Cx<'_>,
    person: Person,
    hash: [u8; 32],
    history: i64,
    verdict: Result<PasswordHash, Refusal>,
) -> Answer<Recorded<()>> {
    let id = &person.person_id;
    let now = cx.now;
    let issued = store::lock(cx.tx, id).await?;
    if !issued.is_some_and(|issued| issued.is(&hash) && issued.is_good(now)) {
        return Err(Refusal::new(Code::OneTimeCodeInvalid).into());
    }
    check_present(&person, now)?;
    let new = verdict?;
    store::use_up(cx.tx, id, now).await?;
    let before = password::store::lock(cx.tx, id).await?.map_or(0, |credential| credential.version);
    password::store::set(cx.tx, id, &new, before, history, now).await?;
    let sessions_ended = session::end_all(&mut cx, id, None, Ending::PasswordChanged).await?;
    let payload = json!({"is_first": before == 0, "sessions_ended": sessions_ended});
    Ok(cx.append(Entry::new(id, "identity.activation.activate", payload)).await?.done(()))
}
