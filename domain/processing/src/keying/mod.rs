//! Blind keying: each slice is read by people who never learn what another read.
//!
//! First and second pass are keyed by different people; equal after normalization means agreed.
//! A mismatch goes to a third person, who sees the slice and neither value; equal to one of them settles it, and the other is counted wrong.
//! Three that differ are left to the checker with the whole image.
//! A number that no keyer shall see whole is keyed in parts, each like a field of its own and each by other people;
//! the parts are put together after their comparison, and rules such as a check digit look at the whole.
//! About one slice in a hundred is seeded: an answer that is known, by which each keyer is measured without anything being re-checked.

mod compare;
mod model;
mod parts;
mod store;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use model::NewSlice;
pub use model::{Entry, KeyingRow, Pass, Slice, SliceState, Verdict};
pub(crate) use parts::joined;
pub use parts::{Joined, Reading};
pub(crate) use store::{
    delete_draft, draft, fields_of_gone_pages, insert, kept_fields, open, open_slices, set_verdict, slices_of,
    supersede,
};
pub use store::{keyings_between, keyings_of};
pub use task::{KeyingTask, field_of, image, save_draft, task, wider};

use crate::definition::{self, BusinessType, KeyMode};
use crate::item::{self, Item, Move};
use crate::queues;
use compare::Settlement;
use journal::{Answer, Cx, Receipt, Recorded};
use kernel::normalize::{FieldKind, normalize};
use kernel::{Code, KeyingId, PersonId, Refusal, SliceId, WorkItemId};
use permission::{Act, Hand, Permit};
use serde_json::{Value, json};
use storage::Fault;
use storage::vault::Private;

/// One slice in so many is keyed again later with its known answer.
const SEEDED_ONE_IN: u32 = 100;

/// Takes one entry. The answer never says whether it matched.
pub async fn enter<A: Act>(
    mut cx: Cx<'_>,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
    entry: Entry,
) -> Answer<Recorded<()>> {
    let held = work::held(&mut cx, permit.person_id(), work_item, fence).await?;
    let (slice_id, pass) = task::read(&held)?;
    pass.check_queue(&held.queue)?;
    // Many key slices of one item at the same time: what never changes of it is read, and what is each one's own written, before its lock.
    let slice = store::find(cx.tx, &slice_id).await?;
    let definition = definition::of_item(cx.tx, &slice.item_id).await?;
    let field = definition
        .field(&slice.field)
        .ok_or_else(|| Fault::inconsistent(format!("no field {} in {}", slice.field, definition.code)))?;
    entry.check(&field.of_part(slice.part))?;
    let keying_id = KeyingId::new(cx.now);
    store::insert_keying(&mut cx, &keying_id, &slice, pass, permit.person_id(), permit.is_outsourced(), &entry).await?;
    store::delete_draft(cx.tx, work_item).await?;
    work::complete(&mut cx, &held).await?;
    let mut item = item::for_work(&mut cx, &held.subject).await?;
    let slice = store::find_for_update(cx.tx, &slice_id).await?;
    let mut record = json!({
        "slice": slice_id.as_str(), "field": slice.field, "part": slice.part, "pass": pass.number(), "unreadable": entry.unreadable,
        "elapsed_ms": entry.elapsed_ms, "keystrokes": entry.keystrokes, "work_item": work_item.as_str(),
    });
    let is_settled = match pass {
        Pass::Seeded => {
            measure(&mut cx, &slice, &keying_id, field.kind, &entry).await?;
            false
        }
        Pass::First | Pass::Second | Pass::Third => settle(&mut cx, &item, &definition, &slice, &mut record).await?,
    };
    let journaled = journal::Entry::new(&item.item_id, "processing.slice.key", record)
        .with_private("value", Private::new(entry.value.reveal()));
    let receipt = cx.append(journaled).await?;
    if is_settled && item.state == item::State::Keying && store::open_slices(cx.tx, &item.item_id).await? == 0 {
        finish_keying(&mut cx, &mut item, &definition, json!({})).await?;
    }
    Ok(receipt.done(()))
}

/// Compares what has been keyed of a slice so far, and decides what comes next; answers whether the slice needs no further reading.
async fn settle(
    cx: &mut Cx<'_>,
    item: &Item,
    definition: &BusinessType,
    slice: &Slice,
    record: &mut Value,
) -> Answer<bool> {
    let kind = definition.field(&slice.field).map_or(FieldKind::Text, |field| field.kind);
    let keyed = store::keyings_of_slice(cx, slice).await?;
    let settlement = compare::settle(slice.key_mode, kind, &keyed);
    match settlement {
        Settlement::Waiting => Ok(false),
        Settlement::NeedsThird => {
            store::set_state(cx.tx, &slice.slice_id, SliceState::Third).await?;
            enqueue_pass(cx, item, definition, (&slice.slice_id, &slice.field, slice.part), Pass::Third).await?;
            record["outcome"] = json!("mismatch");
            Ok(false)
        }
        Settlement::Settled { state, ref value, ref verdicts } => {
            store::settle(cx, slice, state, value.as_ref()).await?;
            for (keying_id, verdict) in verdicts {
                store::set_verdict(cx.tx, keying_id, *verdict).await?;
            }
            record["outcome"] = json!(state.as_str());
            if state == SliceState::Agreed && rand::random_ratio(1, SEEDED_ONE_IN) {
                seed(cx, item, definition, slice).await?;
            }
            Ok(true)
        }
    }
}

/// Puts one reading of a slice, named by its id, its field and its part, into its queue.
pub(crate) async fn enqueue_pass(
    cx: &mut Cx<'_>,
    item: &Item,
    definition: &BusinessType,
    (slice_id, field, part): (&SliceId, &str, i64),
    pass: Pass,
) -> Answer<()> {
    let place = definition.place_of_part(field, part);
    let hand = Hand::keying(pass.number(), place);
    let hand = hand.ok_or_else(|| Fault::inconsistent(format!("no hand keys part {place}")))?;
    let queue = if pass == Pass::Third { queues::THIRD_KEYING } else { queues::KEYING };
    let task = json!({ "slice_id": slice_id.as_str(), "pass": pass.number() });
    let mut new = queues::work_on(item, queue, hand, cx.now, task);
    new.slice = Some(slice_id.clone());
    // The third reading settles between two, and is the bank's own.
    new.internal_only = pass == Pass::Third || definition.field(field).is_none_or(|field| !field.outsourced);
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

/// Puts every reading that an item still lacks into its queue: its work ended while it was suspended, its entries stand.
pub(crate) async fn enqueue_open(cx: &mut Cx<'_>, item: &Item) -> Answer<()> {
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    for slice in store::slices_of(cx.tx, &item.item_id).await? {
        let wanted: &[Pass] = match (slice.state, slice.key_mode) {
            (SliceState::Keying, KeyMode::Double) => &[Pass::First, Pass::Second],
            (SliceState::Keying, KeyMode::Single) => &[Pass::First],
            (SliceState::Third, _) => &[Pass::Third],
            _ => &[],
        };
        let keyed = store::keyings_of_slice(cx, &slice).await?;
        for pass in wanted.iter().filter(|pass| !keyed.iter().any(|row| row.pass == **pass)) {
            enqueue_pass(cx, item, &definition, (&slice.slice_id, &slice.field, slice.part), *pass).await?;
        }
    }
    Ok(())
}

/// Puts an agreed slice into the queue once more; whoever gets it cannot tell.
async fn seed(cx: &mut Cx<'_>, item: &Item, definition: &BusinessType, slice: &Slice) -> Answer<()> {
    let task = json!({ "slice_id": slice.slice_id.as_str(), "pass": Pass::Seeded.number() });
    let mut new = queues::work_on(item, queues::KEYING, hand(definition, slice, Pass::First)?, cx.now, task);
    new.slice = Some(slice.slice_id.clone());
    new.internal_only = definition.field(&slice.field).is_none_or(|field| !field.outsourced);
    // Seeded slices fill in behind real work.
    new.priority_class = 4;
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

/// The hand of a reading of the slice: each part of the item has its own.
fn hand(definition: &BusinessType, slice: &Slice, pass: Pass) -> Result<Hand, Fault> {
    let place = definition.place_of_part(&slice.field, slice.part);
    Hand::keying(pass.number(), place).ok_or_else(|| Fault::inconsistent(format!("no hand keys part {place}")))
}

async fn measure(cx: &mut Cx<'_>, slice: &Slice, keying_id: &KeyingId, kind: FieldKind, entry: &Entry) -> Answer<()> {
    let known = store::value(cx, slice)?;
    let right = known.is_some_and(|known| {
        !entry.unreadable && normalize(kind, known.reveal()) == normalize(kind, entry.value.reveal())
    });
    store::set_verdict(cx.tx, keying_id, if right { Verdict::Right } else { Verdict::Wrong }).await?;
    Ok(())
}

/// Every slice has been read: the item goes to the checker, and the core is asked what it knows of the accounts.
pub(crate) async fn finish_keying(
    cx: &mut Cx<'_>,
    item: &mut Item,
    definition: &BusinessType,
    more: Value,
) -> Answer<Receipt> {
    item.amount_minor = amount(cx, item, definition).await?;
    let receipt = item::apply(cx, item, Move::SettleKeys, "processing.item.settle_keys", more).await?;
    crate::checking::enqueue(cx, item).await?;
    crate::checking::ask_core(cx, item, definition).await?;
    Ok(receipt)
}

/// The keyed amount in minor units, when the amount's field is settled and readable.
async fn amount(cx: &mut Cx<'_>, item: &Item, definition: &BusinessType) -> Answer<Option<i64>> {
    let field = &definition.posting.amount_field;
    let slices = store::slices_of(cx.tx, &item.item_id).await?;
    let Some(slice) = slices.iter().find(|slice| &slice.field == field) else { return Ok(None) };
    let value = store::value(cx, slice)?;
    Ok(value.and_then(|value| {
        let normalized = normalize(FieldKind::Amount, value.reveal());
        kernel::normalize::minor_units(FieldKind::Amount, &normalized, item.currency)
    }))
}

/// Whether `person` has keyed any slice of the item, in any pass; for tests and for the trace.
pub async fn has_keyed(conn: &mut storage::Conn, item: &kernel::ItemId, person: &PersonId) -> Result<bool, Fault> {
    store::has_keyed(conn, item, person).await
}

impl KeyMode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Double => "double",
            Self::Single => "single",
            Self::None => "none",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Double, Self::Single, Self::None].into_iter().find(|mode| mode.as_str() == text)
    }
}

fn too_long(max: usize) -> Refusal {
    Refusal::field("value", format!("最多 {max} 个字符"), format!("at most {max} characters"))
}

fn empty() -> Refusal {
    Refusal::detailed(Code::InvalidField, "请录入内容，或标记为看不清", "key the value, or mark it as unreadable")
        .at("value")
}
