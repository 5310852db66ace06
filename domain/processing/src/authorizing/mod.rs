//! Second decisions: the authorizer above a limit, and the second look at a refusal.

mod similar;

pub use similar::{SIMILAR_DAYS, similar};

use crate::checking;
use crate::definition::{self, BusinessType};
use crate::item::{self, Item, Move, Note, Reason, State};
use crate::reasons::{self, Use};
use crate::{keying, posting, queues};
use journal::{Answer, Cx, EntryRow, Recorded, Subject};
use kernel::clock::MICROS_PER_SECOND;
use kernel::{Code, ItemId, PageId, Refusal, WorkItemId};
use permission::{Hand, Permit, act, separation};
use serde_json::{Value, json};
use work::Held;

pub(crate) async fn enqueue(cx: &mut Cx<'_>, item: &Item) -> Answer<()> {
    let new = queues::work_on(item, queues::AUTHORIZING, Hand::Authorize, cx.now, json!({}));
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

pub(crate) async fn enqueue_refusal_review(cx: &mut Cx<'_>, item: &Item) -> Answer<()> {
    let new = queues::work_on(item, queues::REFUSAL_REVIEW, Hand::ReviewRefusal, cx.now, json!({}));
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

/// How far the clocks of two nodes may be apart: one hands the work over, another may serve the image. 5 s.
const CLOCKS_APART_MICROS: i64 = 5 * MICROS_PER_SECOND;

/// What an authorizer says to have looked at, as the station kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Ids of the points of the checklist that were ticked.
    pub ticked: Vec<String>,
    /// Pages that were on the screen.
    pub displayed: Vec<PageId>,
}

/// Releases the item to posting.
///
/// Refused unless every required page was on this person's screen, as the station says in `looked`, and was served to them since the item
/// was handed to them (give or take five seconds between clocks), as the record of openings says: the station fetches pages ahead, and its word alone proves nothing.
/// Refused also unless every point of the checklist is ticked.
pub async fn approve(
    mut cx: Cx<'_>,
    permit: &Permit<act::AuthorizeItem>,
    work_item: &WorkItemId,
    fence: i64,
    looked: &Looked,
) -> Answer<Recorded<String>> {
    let (held, mut item) = held_item(&mut cx, permit, work_item, fence, queues::AUTHORIZING).await?;
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    let displayed = displayed_pages(&mut cx, permit, &held, &definition, looked).await?;
    if let Some(point) = definition.checklist.iter().find(|point| !looked.ticked.contains(&point.id)) {
        return Err(Refusal::field(
            "checklist",
            format!("“{}”尚未勾选", point.zh),
            format!("\"{}\" is not ticked", point.en),
        )
        .into());
    }
    work::complete(&mut cx, &held).await?;
    let more = json!({ "work_item": work_item.as_str(), "displayed_pages": displayed, "checklist": looked.ticked });
    let receipt = posting::begin(&mut cx, &mut item, Move::Authorize, "processing.item.authorize", more, None).await?;
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The required pages of held work, each displayed and served to its holder; refused at the first that was not.
async fn displayed_pages(
    cx: &mut Cx<'_>,
    permit: &Permit<act::AuthorizeItem>,
    held: &Held,
    definition: &BusinessType,
    looked: &Looked,
) -> Answer<Vec<String>> {
    let since = held.leased_at.plus_micros(-CLOCKS_APART_MICROS);
    let mut displayed = Vec::new();
    for page in archive::page::current(cx.tx, &held.subject).await? {
        let Some(spec) = definition.page(&page.kind).filter(|spec| spec.required) else { continue };
        let person = permit.person_id();
        let was_displayed = looked.displayed.contains(&page.page_id);
        if !was_displayed || !archive::link::was_served_to(cx.tx, &page.page_id, person, since).await? {
            return Err(Refusal::detailed(Code::PageNotViewed, &spec.name_zh, &spec.name_en).into());
        }
        displayed.push(page.page_id.to_string());
    }
    Ok(displayed)
}

/// The authorizer does not release it: it goes back to its outlet with the reason, and the place on the image.
pub async fn refuse(
    mut cx: Cx<'_>,
    permit: &Permit<act::AuthorizeItem>,
    work_item: &WorkItemId,
    fence: i64,
    (code, note): (&str, Option<&str>),
    place: Value,
) -> Answer<Recorded<String>> {
    let (held, mut item) = held_item(&mut cx, permit, work_item, fence, queues::AUTHORIZING).await?;
    let mut reason = reasons::check(code, note, Use::Return)?;
    if !place.is_null() {
        reason.boxes = Value::Array(vec![place.clone()]);
    }
    item.reason = Some(reason);
    work::complete(&mut cx, &held).await?;
    checking::forget_values(cx.tx, &item.item_id).await?;
    let more = json!({ "work_item": work_item.as_str(), "box": place });
    let receipt = item::apply(&mut cx, &mut item, Move::Return, "processing.item.authorize", more).await?;
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The authorizer finds an element wrong: it is checked again.
pub async fn send_back(
    mut cx: Cx<'_>,
    permit: &Permit<act::AuthorizeItem>,
    work_item: &WorkItemId,
    fence: i64,
    (code, note): (&str, Option<&str>),
) -> Answer<Recorded<String>> {
    let (held, mut item) = held_item(&mut cx, permit, work_item, fence, queues::AUTHORIZING).await?;
    item.reason = Some(reasons::check(code, note, Use::SendBack)?);
    work::complete(&mut cx, &held).await?;
    let more = json!({ "work_item": work_item.as_str() });
    let receipt = item::apply(&mut cx, &mut item, Move::SendBack, "processing.item.authorize", more).await?;
    checking::enqueue(&mut cx, &item).await?;
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The second person agrees: the item is refused, and that ends it.
pub async fn uphold_refusal(
    mut cx: Cx<'_>,
    permit: &Permit<act::ReviewRefusal>,
    work_item: &WorkItemId,
    fence: i64,
) -> Answer<Recorded<String>> {
    let (held, mut item) = held_item(&mut cx, permit, work_item, fence, queues::REFUSAL_REVIEW).await?;
    work::complete(&mut cx, &held).await?;
    item::release_scans(cx.tx, &item.item_id).await?;
    let more = json!({ "work_item": work_item.as_str() });
    let receipt = item::apply(&mut cx, &mut item, Move::UpholdRefusal, "processing.item.review_refusal", more).await?;
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The second person does not agree: the item is checked again, with the note.
pub async fn overturn_refusal(
    mut cx: Cx<'_>,
    permit: &Permit<act::ReviewRefusal>,
    work_item: &WorkItemId,
    fence: i64,
    note: &str,
) -> Answer<Recorded<String>> {
    let (held, mut item) = held_item(&mut cx, permit, work_item, fence, queues::REFUSAL_REVIEW).await?;
    if note.trim().is_empty() || note.chars().count() > reasons::NOTE_MAX {
        return Err(Refusal::new(Code::ReasonRequired).at("note").into());
    }
    work::complete(&mut cx, &held).await?;
    item.reason = None;
    let more = json!({ "work_item": work_item.as_str() });
    let kind = "processing.item.review_refusal";
    let receipt = item::apply_saying(&mut cx, &mut item, Move::OverturnRefusal, kind, more, Some(note.trim())).await?;
    checking::enqueue(&mut cx, &item).await?;
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// A supervisor brings a suspended item back: to the keyers while a slice of it is still open, to the second look at the refusal
/// that was proposed when it was suspended there, else to the checkers.
pub async fn resume(
    mut cx: Cx<'_>,
    permit: &Permit<act::ResumeItem>,
    item_id: &ItemId,
    note: &str,
) -> Answer<Recorded<i64>> {
    let mut item = item::for_command(&mut cx, permit, item_id).await?;
    let proposed = proposed_before_suspension(&mut cx, item_id).await?;
    let is_keyed = keying::open_slices(cx.tx, item_id).await? == 0;
    let by = match (&proposed, is_keyed) {
        (Some(_), _) => Move::ResumeReview,
        (None, true) => Move::Resume,
        (None, false) => Move::ResumeKeying,
    };
    item.after(by)?;
    let note = required_note(note)?;
    supervise(&mut cx, permit, item_id).await?;
    item.reason = proposed;
    let kind = "processing.item.resume";
    let receipt = item::apply_saying(&mut cx, &mut item, by, kind, json!({}), Some(note)).await?;
    match by {
        Move::ResumeReview => enqueue_refusal_review(&mut cx, &item).await?,
        Move::ResumeKeying => keying::enqueue_open(&mut cx, &item).await?,
        _ => checking::enqueue(&mut cx, &item).await?,
    }
    Ok(receipt.done(item.version))
}

/// The refusal that a second person was to look at when the item was suspended, as the journal keeps it: the item itself names why it
/// was suspended. A note that was erased since stays away.
async fn proposed_before_suspension(cx: &mut Cx<'_>, item_id: &ItemId) -> Answer<Option<Reason>> {
    let entries = journal::by_subject(cx.tx, &Subject::of(item_id)).await?;
    let last = |by: Move| entries.iter().rev().find(|entry| entry.payload["move"] == by.as_str());
    let in_review = |entry: &EntryRow| entry.payload["before"] == State::RefusalReview.as_str();
    if !last(Move::Suspend).is_some_and(in_review) {
        return Ok(None);
    }
    let Some(proposal) = last(Move::ProposeRefusal) else { return Ok(None) };
    let Some(code) = proposal.payload["reason_code"].as_str() else { return Ok(None) };
    let kept = journal::private_values(cx.tx, &cx.vault, &proposal.entry_id).await?;
    let note = kept.into_iter().find(|(field, _)| field == item::NOTE).map(|(_, note)| Note::Said(note));
    Ok(Some(Reason { code: code.to_owned(), note, boxes: Value::Null }))
}

/// A supervisor decides to post once more what the core refused; it is a new decision with a new posting key.
pub async fn retry_posting(
    mut cx: Cx<'_>,
    permit: &Permit<act::ResumeItem>,
    item_id: &ItemId,
    note: &str,
) -> Answer<Recorded<i64>> {
    let mut item = item::for_command(&mut cx, permit, item_id).await?;
    item.after(Move::RetryPosting)?;
    let note = required_note(note)?;
    supervise(&mut cx, permit, item_id).await?;
    item.reason = None;
    let kind = "processing.item.retry_posting";
    let receipt = posting::begin(&mut cx, &mut item, Move::RetryPosting, kind, json!({}), Some(note)).await?;
    Ok(receipt.done(item.version))
}

/// A supervisor sends a suspended item, or one that the core refused, back to its outlet.
pub async fn return_by_supervisor(
    mut cx: Cx<'_>,
    permit: &Permit<act::ResumeItem>,
    item_id: &ItemId,
    (code, note): (&str, Option<&str>),
) -> Answer<Recorded<i64>> {
    let mut item = item::for_command(&mut cx, permit, item_id).await?;
    if !matches!(item.state, State::Suspended | State::PostFailed) {
        let en = format!(
            "a supervisor returns only what is suspended or was refused by the core, not what is {}",
            item.state.as_str()
        );
        return Err(Refusal::detailed(Code::WrongState, format!("该业务目前为“{}”", item.state.zh()), en).into());
    }
    item.reason = Some(reasons::check(code, note, Use::Return)?);
    supervise(&mut cx, permit, item_id).await?;
    checking::forget_values(cx.tx, item_id).await?;
    let receipt = item::apply(&mut cx, &mut item, Move::Return, "processing.item.return", json!({})).await?;
    Ok(receipt.done(item.version))
}

/// The supervisor's decision is the other half of a checker's suspension, and of the check and the authorization that led to a posting:
/// who took one of these, or any other step of the item, decides nothing more about it (`domain.md` 1.2, 1.3).
async fn supervise(cx: &mut Cx<'_>, permit: &Permit<act::ResumeItem>, item_id: &ItemId) -> Answer<()> {
    separation::take_hand(cx, permit.person_id(), Hand::Supervise, item_id.as_str()).await
}

fn required_note(note: &str) -> Result<&str, Refusal> {
    let note = note.trim();
    if note.is_empty() || note.chars().count() > reasons::NOTE_MAX {
        return Err(Refusal::new(Code::ReasonRequired).at("note"));
    }
    Ok(note)
}

async fn held_item<A: permission::Act>(
    cx: &mut Cx<'_>,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
    queue: &str,
) -> Answer<(Held, Item)> {
    let held = work::held(cx, permit.person_id(), work_item, fence).await?;
    if held.queue != queue {
        return Err(Refusal::new(Code::NotYourWork).into());
    }
    let item = item::for_work(cx, &held.subject).await?;
    Ok((held, item))
}
