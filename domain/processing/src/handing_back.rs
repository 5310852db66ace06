//! Work that its holder cannot do goes back to its queue, and not round without end.
//!
//! When so many people as [`PEOPLE_MAX`] gave the same piece back for the same reason, the next would do the same:
//! the item is suspended under that reason, its open work ends, and a supervisor decides (trade practice: a side state needs an owner).
//! Only a reason that lies in the item is counted ([`reasons::ReasonCode::is_of_item`]):
//! that three seats broke down, or that three people are related to the customer, says nothing about the voucher.

use crate::item::{self, Item, Move};
use crate::keying::{self, Pass};
use crate::reasons::{self, Use};
use journal::{Answer, Cx, Entry, Recorded, Subject};
use kernel::{ItemId, PersonId, WorkItemId};
use permission::{Permit, act};
use serde_json::json;
use work::Held;

/// How many people give one piece of work back for one reason before a supervisor has it.
pub const PEOPLE_MAX: i64 = 3;

/// What came of a hand-back beside itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandedBack {
    /// The item, where it was suspended.
    pub suspended: Option<ItemId>,
    /// The work that ended with it, each with who held it: the engine tells them (`work::Engine::cancelled`).
    pub ended: Vec<(WorkItemId, Option<PersonId>)>,
}

/// A repeat is answered without what ended: whoever held it may hold other work by now, and what was not told the next round finds.
impl journal::Reply for HandedBack {
    fn keep(&self) -> String {
        self.suspended.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    fn again(kept: &str) -> Option<Self> {
        let suspended = if kept.is_empty() { None } else { Some(ItemId::parse(kept).ok()?) };
        Some(Self { suspended, ended: Vec::new() })
    }
}

/// Gives held work back with a reason; it keeps its waiting time and does not come back to this person.
pub async fn hand_back(
    mut cx: Cx<'_>,
    permit: &Permit<act::TakeWork>,
    work_item: &WorkItemId,
    fence: i64,
    (code, note): (&str, Option<&str>),
) -> Answer<Recorded<HandedBack>> {
    let reason = reasons::check(code, note, Use::HandBack)?;
    let (held, receipt) = work::hand_back(&mut cx, permit.person_id(), work_item, fence, code, note).await?;
    let counts = reasons::find(code).is_some_and(|reason| reason.is_of_item);
    if !counts || work::handed_back_by(cx.tx, work_item, code).await? < PEOPLE_MAX {
        return Ok(receipt.done(HandedBack::default()));
    }
    let mut item = item::for_work(&mut cx, &held.subject).await?;
    if held.task["pass"] == json!(Pass::Seeded.number()) || item.after(Move::Suspend).is_err() {
        // A slice with a known answer measures keyers; the item does not wait for it.
        return end_alone(&mut cx, &held, &reason.code).await;
    }
    item.reason = Some(reason);
    suspend(&mut cx, &mut item, &held).await
}

/// Ends the piece that nobody can do, and leaves its item where it is.
async fn end_alone(cx: &mut Cx<'_>, held: &Held, reason_code: &str) -> Answer<Recorded<HandedBack>> {
    work::cancel(cx.tx, cx.now, &held.work_item_id).await?;
    keying::delete_draft(cx.tx, &held.work_item_id).await?;
    let payload = json!({
        "work_item": held.work_item_id.as_str(),
        "queue": held.queue,
        "people": PEOPLE_MAX,
        "reason_code": reason_code,
    });
    let entry = Entry::named(Subject::named(held.subject.as_str()), "work.item.cancel", payload);
    Ok(cx.append(entry).await?.done(HandedBack::default()))
}

async fn suspend(cx: &mut Cx<'_>, item: &mut Item, held: &Held) -> Answer<Recorded<HandedBack>> {
    let ended = work::cancel_subject(cx.tx, cx.now, &held.subject).await?;
    for (work_item, _) in &ended {
        keying::delete_draft(cx.tx, work_item).await?;
    }
    let more = json!({
        "work_item": held.work_item_id.as_str(),
        "queue": held.queue,
        "people": PEOPLE_MAX,
        "work_ended": ended.len(),
    });
    let receipt = item::apply(cx, item, Move::Suspend, "processing.item.suspend", more).await?;
    Ok(receipt.done(HandedBack { suspended: Some(item.item_id.clone()), ended }))
}
