//! What the outlet does: open, capture, submit, withdraw, confirm.

use super::model::{Item, Move, State, Withdrawn};
use super::{apply, for_command, store};
use crate::definition::{self, BusinessType};
use crate::reasons::{self, Use};
use archive::capture::StoredPage;
use archive::page::Page;
use journal::{Answer, Cx, Entry, Recorded};
use kernel::{Code, Instant, ItemId, PageId, Refusal};
use permission::{Hand, Permit, act, separation};
use serde_json::json;
use storage::jobs::{self, NewJob};

/// Opens an item of a business type at the teller's outlet.
pub async fn open(mut cx: Cx<'_>, permit: &Permit<act::CaptureItem>, type_code: &str) -> Answer<Recorded<ItemId>> {
    let institution_id = permit.institution()?.clone();
    let institution = organization::institution::find(cx.tx, &institution_id).await?;
    let institution = institution.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let calendar = crate::queues::calendar(cx.tx, cx.now).await?;
    let business_date = crate::queues::business_date(&calendar, cx.now)?;
    let definition = definition::in_force(cx.tx, type_code, business_date).await?;
    let definition =
        definition.ok_or_else(|| Refusal::naming(Code::UnknownBusinessType, type_code).at("business_type"))?;
    let serial = store::next_serial(cx.tx, &institution_id, business_date).await?;
    let item = Item {
        item_id: ItemId::new(cx.now),
        item_no: format!("{}-{}-{serial:05}", institution.code, business_date.to_string().replace('-', "")),
        type_code: definition.code,
        type_version: definition.version,
        institution_path: institution.path,
        institution_id,
        captured_by: permit.person_id().clone(),
        state: State::Draft,
        version: 1,
        business_date,
        priority_class: definition.priority_class,
        currency: definition.currency,
        amount_minor: None,
        submitted_at: None,
        due_at: None,
        reason: None,
        posting_round: 0,
        core_reference: None,
        created_at: cx.now,
        updated_at: cx.now,
    };
    store::insert(cx.tx, &item).await?;
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item.item_id.as_str()).await?;
    let payload = json!({
        "item_no": item.item_no, "business_type": item.type_code, "type_version": item.type_version,
        "business_date": business_date.to_string(),
    });
    let receipt = cx.append(Entry::new(&item.item_id, "processing.item.open", payload)).await?;
    Ok(receipt.done(item.item_id))
}

/// Adds captured pages, or puts one in the place of `replaces`; after a return or a rescan a page of a kind that is full replaces the oldest current one of that kind.
pub async fn add_page(
    mut cx: Cx<'_>,
    permit: &Permit<act::CaptureItem>,
    item_id: &ItemId,
    kind: &str,
    pages: &[StoredPage],
    replaces: Option<&PageId>,
) -> Answer<Recorded<String>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    takes_pages(&item)?;
    // Whoever handles the pages has seen the whole voucher, and takes no step of the center on it.
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    let spec = definition
        .page(kind)
        .ok_or_else(|| Refusal::field("kind", "该业务没有这种影像页", "this business has no page of that kind"))?;
    let mut current: Vec<_> =
        archive::page::current(cx.tx, item_id.as_str()).await?.into_iter().filter(|page| page.kind == kind).collect();
    let mut ids = Vec::with_capacity(pages.len());
    if let Some(old) = replaces {
        let page = one_for_another(pages, &current, old)?;
        ids.push(archive::page::replace(&mut cx, old, page, permit.person_id()).await?.to_string());
    }
    for page in pages.iter().skip(ids.len()) {
        let full = current.len() >= spec.max as usize;
        if full && item.state == State::Draft {
            let (zh, en) = (
                format!("“{}”最多 {} 页", spec.name_zh, spec.max),
                format!("\"{}\" has {} at most", spec.name_en, spec.max),
            );
            return Err(Refusal::detailed(Code::TooManyPages, zh, en).at("kind").into());
        }
        let id = if full {
            let oldest = current.remove(0);
            archive::page::replace(&mut cx, &oldest.page_id, page, permit.person_id()).await?
        } else {
            archive::page::add(&mut cx, item_id.as_str(), kind, page, permit.person_id()).await?
        };
        ids.push(id.to_string());
        current = archive::page::current(cx.tx, item_id.as_str())
            .await?
            .into_iter()
            .filter(|page| page.kind == kind)
            .collect();
    }
    touch(&mut cx, &mut item).await?;
    let payload = json!({ "kind": kind, "pages": ids, "version": item.version });
    let receipt = cx.append(Entry::new(item_id, "processing.item.add_page", payload)).await?;
    Ok(receipt.done(ids.join(",")))
}

/// The one page that takes the place of `old`, which stands in the item now and is of the same kind.
fn one_for_another<'p>(pages: &'p [StoredPage], current: &[Page], old: &PageId) -> Answer<&'p StoredPage> {
    if !current.iter().any(|page| &page.page_id == old) {
        return Err(Refusal::new(Code::NotFound).at("replaces").into());
    }
    match pages {
        [page] => Ok(page),
        _ => {
            let (zh, en) = ("重拍一页时只能上传一页", "one page takes the place of one page");
            Err(Refusal::detailed(Code::TooManyPages, zh, en).at("replaces").into())
        }
    }
}

/// Takes a page out before submission; its bytes and its record stay.
pub async fn remove_page(
    mut cx: Cx<'_>,
    permit: &Permit<act::CaptureItem>,
    item_id: &ItemId,
    page: &PageId,
) -> Answer<Recorded<()>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    takes_pages(&item)?;
    // Whoever handles the pages has seen the whole voucher, and takes no step of the center on it.
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    archive::page::remove(&mut cx, item_id.as_str(), page).await?;
    // A page that was taken out is no part of the voucher: another item may need it.
    if let Some(removed) = archive::page::find(cx.tx, page).await? {
        store::release_scan(cx.tx, &removed.digest.to_string(), item_id).await?;
    }
    touch(&mut cx, &mut item).await?;
    let payload = json!({ "page": page.as_str(), "version": item.version });
    let receipt = cx.append(Entry::new(item_id, "processing.item.remove_page", payload)).await?;
    Ok(receipt.done(()))
}

/// Sends a draft, or a returned or rescanned item again. The clock of the time limit starts with the first submission.
pub async fn submit(mut cx: Cx<'_>, permit: &Permit<act::SubmitItem>, item_id: &ItemId) -> Answer<Recorded<i64>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    let by = if item.state == State::Draft { Move::Submit } else { Move::Resubmit };
    item.after(by)?;
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    required_pages(&mut cx, &definition, item_id).await?;
    let calendar = crate::queues::calendar(cx.tx, cx.now).await?;
    before_cut_off(&definition, &calendar, cx.now)?;
    item.submitted_at.get_or_insert(cx.now);
    if item.due_at.is_none() {
        let hours = crate::queues::center_hours(cx.tx).await?;
        item.due_at = Some(crate::queues::due_at(&calendar, &hours, cx.now, definition.time_limit_minutes)?);
    }
    item.reason = None;
    // Submitting is part of capture: whoever sends the item takes no step of the center on it either.
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    let pages = archive::page::current(cx.tx, item_id.as_str()).await?;
    claim_scans(&mut cx, &pages, item_id).await?;
    let digests: Vec<_> =
        pages.iter().map(|page| json!({ "page": page.page_id.as_str(), "digest": page.digest.to_string() })).collect();
    let receipt = apply(&mut cx, &mut item, by, "processing.item.submit", json!({ "pages": digests })).await?;
    jobs::enqueue(
        cx.tx,
        cx.now,
        NewJob {
            kind: crate::slicing::JOB,
            payload: json!({ "item_id": item_id.as_str(), "version": item.version }),
            dedup_key: Some(format!("{item_id}/{}", item.version)),
            run_at: cx.now,
            attempts_max: 8,
        },
    )
    .await?;
    Ok(receipt.done(item.version))
}

/// Takes the item back; open until posting begins.
/// Whatever waits or is held for it ends; hand [`Withdrawn::ended`] to the engine after the commit, so that the stations are told at once.
pub async fn withdraw(
    mut cx: Cx<'_>,
    permit: &Permit<act::WithdrawItem>,
    item_id: &ItemId,
    reason_code: &str,
    note: Option<&str>,
) -> Answer<Recorded<Withdrawn>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    item.after(Move::Withdraw)?;
    item.reason = Some(reasons::check(reason_code, note, Use::Withdraw)?);
    // Withdrawing, confirming and objecting are the outlet's half: whoever does it took no step of the center on the item.
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    let ended = work::cancel_subject(cx.tx, cx.now, item_id.as_str()).await?;
    for (work_item, _) in &ended {
        crate::keying::delete_draft(cx.tx, work_item).await?;
    }
    store::release_scans(cx.tx, item_id).await?;
    let more = json!({ "work_ended": ended.len() });
    let receipt = apply(&mut cx, &mut item, Move::Withdraw, "processing.item.withdraw", more).await?;
    Ok(receipt.done(Withdrawn { version: item.version, ended }))
}

/// The outlet says that the posted result is what the voucher asked for.
pub async fn confirm(mut cx: Cx<'_>, permit: &Permit<act::ConfirmItem>, item_id: &ItemId) -> Answer<Recorded<i64>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    item.after(Move::Confirm)?;
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    let receipt = apply(&mut cx, &mut item, Move::Confirm, "processing.item.confirm", json!({})).await?;
    Ok(receipt.done(item.version))
}

/// The outlet says that it is not. Nothing is undone by itself, and the item goes no further here: supervisors see it on their first page
/// and the board, and taking it further is the work of the error desk, which comes later.
pub async fn fail_confirmation(
    mut cx: Cx<'_>,
    permit: &Permit<act::ConfirmItem>,
    item_id: &ItemId,
    reason_code: &str,
    note: Option<&str>,
) -> Answer<Recorded<i64>> {
    let mut item = for_command(&mut cx, permit, item_id).await?;
    item.after(Move::FailConfirmation)?;
    item.reason = Some(reasons::check(reason_code, note, Use::ConfirmFailure)?);
    separation::take_hand(&mut cx, permit.person_id(), Hand::Capture, item_id.as_str()).await?;
    let receipt =
        apply(&mut cx, &mut item, Move::FailConfirmation, "processing.item.fail_confirmation", json!({})).await?;
    Ok(receipt.done(item.version))
}

/// The same scan in two items would be the same money twice.
/// The first item that is submitted with a scan keeps it until it ends without posting, also when the page is captured again:
/// what was replaced is still a picture of that voucher.
async fn claim_scans(cx: &mut Cx<'_>, pages: &[archive::page::Page], item_id: &ItemId) -> Answer<()> {
    // In one order for everybody, so that two submissions of the same sheets wait for each other one way only.
    let digests: std::collections::BTreeSet<_> = pages.iter().map(|page| page.digest.to_string()).collect();
    for digest in digests {
        let owner = store::claim_scan(cx.tx, &digest, item_id).await?;
        if &owner != item_id {
            let other = super::read(cx.tx, &owner).await?;
            return Err(Refusal::with(Code::DuplicateItem, other.item_no).at("pages").into());
        }
    }
    Ok(())
}

fn takes_pages(item: &Item) -> Result<(), Refusal> {
    if item.state.takes_pages() {
        return Ok(());
    }
    let en = format!("pages cannot change while the item is {}", item.state.as_str());
    Err(Refusal::detailed(Code::WrongState, format!("该业务目前为“{}”，影像不能变更", item.state.zh()), en))
}

async fn touch(cx: &mut Cx<'_>, item: &mut Item) -> Answer<()> {
    store::update(cx.tx, &cx.vault, item, cx.now).await?;
    item.version += 1;
    Ok(())
}

async fn required_pages(cx: &mut Cx<'_>, definition: &BusinessType, item_id: &ItemId) -> Answer<()> {
    let pages = archive::page::current(cx.tx, item_id.as_str()).await?;
    for spec in definition.pages.iter().filter(|spec| spec.required) {
        if !pages.iter().any(|page| page.kind == spec.kind) {
            return Err(Refusal::detailed(Code::PageMissing, spec.name_zh.clone(), spec.name_en.clone())
                .at("pages")
                .into());
        }
    }
    Ok(())
}

fn before_cut_off(definition: &BusinessType, calendar: &kernel::Calendar, now: Instant) -> Result<(), Refusal> {
    let Some(cut_off) = definition.cut_off_minute else { return Ok(()) };
    if calendar.zone().minute_at(now) < cut_off {
        return Ok(());
    }
    let time = format!("{:02}:{:02}", cut_off / 60, cut_off % 60);
    Err(Refusal::with(Code::OutsideOpeningHours, time))
}
