//! One work item: putting it into its queue, acting on it while it is held, ending it, and what a supervisor may change.
//!
//! Every act on held work goes through [`held`], which locks the row, checks person and fence, and writes the separation mark again.

pub(crate) mod store;

pub use store::{cancel, handed_back_by};

use crate::model::{AGEING_PERCENT, CLASS_LAST, Held, HoldEnd, NewWork, Step, TRANSITIONS, ageing_share, limit_micros};
use journal::{Answer, Cx, Entry, Failure, Receipt, Subject};
use kernel::calendar::BusinessDate;
use kernel::{Code, Instant, PersonId, Refusal, WorkItemId};
use organization::staff::Person;
use permission::rights::Reach;
use permission::{Action, Hand, Permit, Rights, act, separation};
use serde_json::json;
use storage::vault::Private;
use storage::{Conn, Fault, Tx};
use store::ItemRow;

/// How far [`position`] counts.
pub const POSITION_MAX: i64 = 1_000;

/// Puts work into its queue, in the transaction of the command that causes it; wake the engine after the commit.
/// A priority class outside 0 to 4 is a fault.
pub async fn enqueue(tx: &mut Tx, now: Instant, new: NewWork) -> Result<WorkItemId, Fault> {
    let id = WorkItemId::new(now);
    store::insert(tx, &id, now, &new).await?;
    Ok(id)
}

/// The work that `person` holds under `fence`, locked until the command ends.
///
/// Refuses [`Code::NotFound`] for an unknown id, [`Code::NotYourWork`] for what nobody or somebody else holds,
/// [`Code::LeaseLost`] for an old fence or a hold that has run out, and [`Code::SeparationOfDuties`] when the mark of the hand
/// cannot be written again.
/// The slice rule of outsourced seats needs no second look: its mark was written with the hold, and its key allows one slice.
pub async fn held(cx: &mut Cx<'_>, person: &PersonId, id: &WorkItemId, fence: i64) -> Answer<Held> {
    let row = store::lock(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let Some(hold) = row.hold.filter(|hold| &hold.person == person) else {
        return Err(Refusal::new(Code::NotYourWork).into());
    };
    if row.fence != fence || hold.lease_until < cx.now {
        return Err(Refusal::new(Code::LeaseLost).into());
    }
    separation::take_hand(cx, person, row.hand, &row.subject).await?;
    Ok(Held {
        work_item_id: row.work_item_id,
        person: hold.person,
        queue: row.queue,
        subject: row.subject,
        hand: row.hand,
        slice: row.slice,
        fence: row.fence,
        task: row.task,
        origin: row.origin,
        due_at: row.due_at,
        enqueued_at: row.enqueued_at,
        leased_at: hold.leased_at,
    })
}

/// Ends held work as done; the entry is the caller's. Tell the engine after the commit, and the person has the next one.
pub async fn complete(cx: &mut Cx<'_>, held: &Held) -> Answer<()> {
    Ok(store::done(cx.tx, &held.work_item_id, cx.now).await?)
}

/// Ends whatever waits or is held for a subject, because the subject went another way.
/// Answers each work item with the person who held it; tell the engine after the commit, and it tells them.
pub async fn cancel_subject(
    tx: &mut Tx,
    now: Instant,
    subject: &str,
) -> Result<Vec<(WorkItemId, Option<PersonId>)>, Fault> {
    let mut cancelled = Vec::new();
    for row in store::lock_open(tx, subject).await? {
        if row.hold.is_some() {
            store::end_hold(tx, &row.work_item_id, now, HoldEnd::Cancelled, None).await?;
        }
        store::cancel(tx, now, &row.work_item_id).await?;
        cancelled.push((row.work_item_id, row.hold.map(|hold| hold.person)));
    }
    Ok(cancelled)
}

/// Gives held work back to its queue with a reason code; it keeps its waiting time and does not come back to this person.
/// Answers what was held. Tell the engine after the commit (`Engine::handed_back`).
/// What the person wrote beside the code is kept with the entry as a private value.
pub async fn hand_back(
    cx: &mut Cx<'_>,
    person: &PersonId,
    id: &WorkItemId,
    fence: i64,
    reason_code: &str,
    note: Option<&str>,
) -> Answer<(Held, Receipt)> {
    if reason_code.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonRequired).at("reason_code").into());
    }
    let held = held(cx, person, id, fence).await?;
    store::end_hold(cx.tx, id, cx.now, HoldEnd::HandedBack, Some(reason_code)).await?;
    store::to_ready(cx.tx, id).await?;
    store::assign(cx.tx, id, None).await?;
    let payload = json!({"work_item_id": id.as_str(), "queue": held.queue, "fence": fence, "reason_code": reason_code});
    let mut entry = Entry::named(Subject::named(held.subject.as_str()), "work.item.hand_back", payload);
    if let Some(note) = note.map(str::trim).filter(|note| !note.is_empty()) {
        entry = entry.with_private("note", Private::new(note));
    }
    let receipt = cx.append(entry).await?;
    Ok((held, receipt))
}

/// Reserves work for one person, whoever holds it now; answers who held it.
///
/// The reservation lapses a minute after it was made when the person is not ready, so that nothing waits for somebody who has gone.
/// Refuses unknown work and an unknown person, work that has ended, an empty reason, and a person who may not do it:
/// without the permission, of a firm where that is not allowed, at home where the work comes from, or with another hand in its subject.
/// The mark of the hand is written now, so that the person can take the work when it reaches them.
///
/// Choosing who does a step is a hand of the item ([`Hand::Supervise`]): whoever chose does no step of it, nor does a relative,
/// and whoever did a step of it does not choose.
pub async fn reassign(
    cx: &mut Cx<'_>,
    permit: &Permit<act::SuperviseWork>,
    id: &WorkItemId,
    to: &PersonId,
    reason: &str,
    today: BusinessDate,
) -> Answer<(Option<PersonId>, Receipt)> {
    reassign_within(cx, &Director::of(permit), id, to, reason, today).await
}

/// Who directs work and how far, which a closure that may run again can own.
#[derive(Debug, Clone)]
pub(crate) struct Director {
    person: PersonId,
    reach: Reach,
}

impl Director {
    pub fn of(permit: &Permit<act::SuperviseWork>) -> Self {
        Self { person: permit.person_id().clone(), reach: permit.reach() }
    }
}

/// [`reassign`] by its director.
pub(crate) async fn reassign_within(
    cx: &mut Cx<'_>,
    by: &Director,
    id: &WorkItemId,
    to: &PersonId,
    reason: &str,
    today: BusinessDate,
) -> Answer<(Option<PersonId>, Receipt)> {
    let row = supervised(cx, by, id, Step::Reassign, reason).await?;
    let person = eligible(cx, &row, to, today).await?;
    let before = row.hold.as_ref().map(|hold| hold.person.clone());
    if before.as_ref() == Some(to) {
        return Err(not_eligible("该任务已在其手中", "it is with that person already"));
    }
    reserve_marks(cx, &row, &person).await?;
    if row.hold.is_some() {
        store::end_hold(cx.tx, id, cx.now, HoldEnd::Reassigned, None).await?;
        store::to_ready(cx.tx, id).await?;
    }
    store::assign(cx.tx, id, Some((to, cx.now))).await?;
    let payload = json!({
        "work_item_id": id.as_str(),
        "queue": row.queue,
        "from": before.as_ref().map(PersonId::as_str),
        "to": to.as_str(),
    });
    let entry = Entry::named(Subject::named(row.subject), "work.item.reassign", payload);
    let receipt = cx.append(entry.with_private("reason", Private::new(reason))).await?;
    Ok((before, receipt))
}

/// Puts work into another class; its ageing starts anew from there.
///
/// Refuses unknown work, work that has ended, a class outside 0 to 4 and an empty reason.
/// It is a hand of the item as [`reassign`] is: with one person ready, choosing when is choosing who.
pub async fn set_priority(
    cx: &mut Cx<'_>,
    permit: &Permit<act::SuperviseWork>,
    id: &WorkItemId,
    class: i64,
    reason: &str,
) -> Answer<Receipt> {
    set_priority_within(cx, &Director::of(permit), id, class, reason).await
}

/// [`set_priority`] by its director.
pub(crate) async fn set_priority_within(
    cx: &mut Cx<'_>,
    by: &Director,
    id: &WorkItemId,
    class: i64,
    reason: &str,
) -> Answer<Receipt> {
    if !(0..=CLASS_LAST).contains(&class) {
        return Err(Refusal::field("priority_class", "须为 0 至 4", "it must be 0 to 4").into());
    }
    let row = supervised(cx, by, id, Step::Prioritize, reason).await?;
    let share = ageing_share(limit_micros(row.enqueued_at, row.due_at));
    store::set_class(cx.tx, id, class, (class > 0).then(|| cx.now.plus_micros(share))).await?;
    let payload = json!({
        "work_item_id": id.as_str(),
        "queue": row.queue,
        "before": {"priority_class": row.priority_class, "rank_class": row.rank_class},
        "after": {"priority_class": class, "ageing_percent": AGEING_PERCENT},
    });
    let entry = Entry::named(Subject::named(row.subject), "work.item.set_priority", payload);
    Ok(cx.append(entry.with_private("reason", Private::new(reason))).await?)
}

/// The place of a subject's first waiting work among those who wait in its queue: 1 is next.
/// `None` when nothing of it waits; [`POSITION_MAX`] + 1 stands for anything beyond.
pub async fn position(conn: &mut Conn, subject: &str) -> Result<Option<i64>, Fault> {
    let Some((queue, class, due_at, id)) = store::first_waiting(conn, subject).await? else { return Ok(None) };
    Ok(Some(1 + store::waiting_before(conn, &queue, class, due_at, &id).await?))
}

/// The row that a supervisor wants to change, locked, within reach, in a state that allows it, with the supervisor's mark on its subject.
async fn supervised(cx: &mut Cx<'_>, by: &Director, id: &WorkItemId, step: Step, reason: &str) -> Answer<ItemRow> {
    if reason.trim().is_empty() {
        return Err(Refusal::new(Code::ReasonRequired).at("reason").into());
    }
    let row = store::lock(cx.tx, id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    if !by.reach.bank {
        let path = organization::institution::path_of(cx.tx, &row.origin).await?;
        if !path.is_some_and(|path| by.reach.contains(&path)) {
            return Err(Refusal::new(Code::NotFound).into());
        }
    }
    TRANSITIONS
        .next(row.state, step)
        .map_err(|wrong| Refusal::detailed(Code::WrongState, wrong.state.zh(), wrong.state.en()))?;
    separation::take_hand(cx, &by.person, Hand::Supervise, &row.subject).await?;
    Ok(row)
}

async fn eligible(cx: &mut Cx<'_>, row: &ItemRow, to: &PersonId, today: BusinessDate) -> Answer<Person> {
    let action = store::queue_action(cx.tx, &row.queue).await?;
    let action = action.as_deref().and_then(Action::parse);
    let action = action.ok_or_else(|| Refusal::with(Code::UnknownQueue, &row.queue))?;
    if organization::staff::find(cx.tx, to).await?.is_none() {
        return Err(Refusal::new(Code::NotFound).at("person_id").into());
    }
    let rights = Rights::load(cx.tx, to, today).await?;
    if !rights.may(action) {
        return Err(not_eligible("没有该队列的权限", "they lack the permission of its queue"));
    }
    if row.internal_only && rights.person.category == organization::Category::Outsourced {
        return Err(not_eligible("外包人员不能接触此内容", "it is not for outsourced staff"));
    }
    if rights.person.home == row.origin {
        return Err(not_eligible("业务来自其所在机构", "it comes from their own institution"));
    }
    Ok(rights.person)
}

/// Writes the marks of the hand for the person who shall have the work.
async fn reserve_marks(cx: &mut Cx<'_>, row: &ItemRow, person: &Person) -> Answer<()> {
    match crate::lease::take_marks(cx, person.category, &person.person_id, row.hand, row.slice.as_ref(), &row.subject)
        .await
    {
        Err(Failure::Refused(refusal)) if refusal.code == Code::SeparationOfDuties => {
            Err(not_eligible("其本人或亲属已办理此业务的另一环节", "they or a relative did another step of it"))
        }
        other => other,
    }
}

fn not_eligible(zh: &str, en: &str) -> Failure {
    Refusal::detailed(Code::NotEligible, zh, en).into()
}
