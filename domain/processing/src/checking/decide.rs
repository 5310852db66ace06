//! The checker's decisions.

use super::task::{keyed, texts};
use crate::checks::{self, Outcome};
use crate::definition::{self, BusinessType, FieldSpec};
use crate::item::{self, Item, Move};
use crate::reasons::{self, Use};
use crate::{authorizing, keying, posting};
use journal::{Answer, Cx, Recorded};
use kernel::normalize::{FieldKind, minor_units, normalize};
use kernel::{Code, ItemId, PageId, Refusal, WorkItemId};
use permission::{Permit, act};
use serde_json::{Value, json};
use std::collections::HashMap;
use storage::vault::{Private, Sealed, Vault};
use storage::{Conn, Fault, Tx, sql};
use work::Held;

/// A field as the checker passes it.
#[derive(Debug, Clone)]
pub struct Decided {
    pub code: String,
    pub value: Private,
    /// Why it was hard: `handwriting`, `image`, `template` or `rule`.
    pub cause: Option<String>,
}

/// Why a field was hard to read, as a checker says it.
pub const CAUSES: &[&str] = &["handwriting", "image", "template", "rule"];

/// The checker passes the item: to the authorizer above the type's limit, else to posting.
/// An amount, an account or a date that the checker alone says goes to the authorizer whatever the amount,
/// because two people answer for each of these (trade practice, `domain.md` 1.5).
/// Refused while a required field has no value or a rule fails.
pub async fn pass(
    mut cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    decided: &[Decided],
) -> Answer<Recorded<String>> {
    let held = work::held(&mut cx, permit.person_id(), work_item, fence).await?;
    let mut item = checked_item(&mut cx, &held).await?;
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    let values = settle_values(&mut cx, &item, &definition, decided).await?;
    let today = super::today(cx.tx, cx.now).await?;
    let said = texts(&values);
    let facts = super::facts(cx.tx, &cx.vault.clone(), &item.item_id, &definition, &said).await?;
    refuse_failed(&definition, &checks::evaluate(&definition, &said, today, &facts))?;
    super::core::refuse_unanswered(&definition, &said, &facts)?;
    let amount = amount_minor(&definition, &item, &values)?;
    item.amount_minor = Some(amount);
    item.reason = None;
    // What makes no voucher is the checker's to mend, also when somebody else decides after.
    posting::voucher(&item, &definition, &values, today)?;
    store_values(&mut cx, &item.item_id, &values, decided).await?;
    judge_keyings(&mut cx, &item, &definition, &values).await?;
    keying::delete_draft(cx.tx, work_item).await?;
    work::complete(&mut cx, &held).await?;
    let alone = by_checker_alone(&definition, &keyed(&mut cx, &item.item_id).await?, &values);
    let alone: Vec<_> = alone.iter().map(|field| field.code.as_str()).collect();
    let changed: Vec<_> = decided.iter().map(|it| it.code.as_str()).collect();
    let more = json!({ "work_item": work_item.as_str(), "changed": changed, "checker_alone": alone });
    let receipt = if definition.authorize.applies_to(amount) || !alone.is_empty() {
        let receipt = item::apply(&mut cx, &mut item, Move::PassToAuthorize, "processing.item.check", more).await?;
        authorizing::enqueue(&mut cx, &item).await?;
        receipt
    } else {
        posting::begin(&mut cx, &mut item, Move::PassToPosting, "processing.item.check", more, None).await?
    };
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The item goes back to its outlet for completion.
pub async fn return_to_outlet(
    cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    reason: (&str, Option<&str>),
    boxes: Value,
) -> Answer<Recorded<String>> {
    leave(cx, permit, work_item, fence, reason, Use::Return, Move::Return, json!({ "boxes": boxes })).await
}

/// The outlet scans the named pages again; what does not stand on them keeps its values.
pub async fn ask_rescan(
    cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    reason: (&str, Option<&str>),
    pages: &[PageId],
    boxes: Value,
) -> Answer<Recorded<String>> {
    if pages.is_empty() {
        return Err(Refusal::field("pages", "请选择需要补扫的影像页", "choose the pages to scan again").into());
    }
    let pages: Vec<_> = pages.iter().map(|page| page.as_str()).collect();
    let more = json!({ "pages": pages, "boxes": boxes });
    leave(cx, permit, work_item, fence, reason, Use::Rescan, Move::AskRescan, more).await
}

/// The checker finds that the item must be refused; a second person looks before it is.
pub async fn propose_refusal(
    cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    reason: (&str, Option<&str>),
) -> Answer<Recorded<String>> {
    leave(cx, permit, work_item, fence, reason, Use::Refuse, Move::ProposeRefusal, json!({})).await
}

/// The item waits for something outside; a supervisor resumes it.
pub async fn suspend(
    cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    reason: (&str, Option<&str>),
) -> Answer<Recorded<String>> {
    leave(cx, permit, work_item, fence, reason, Use::Suspend, Move::Suspend, json!({})).await
}

#[expect(
    clippy::too_many_arguments,
    reason = "the four ways off the straight path share one body; each argument is one word of the decision"
)]
async fn leave(
    mut cx: Cx<'_>,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    (code, note): (&str, Option<&str>),
    wanted: Use,
    by: Move,
    mut more: Value,
) -> Answer<Recorded<String>> {
    let held = work::held(&mut cx, permit.person_id(), work_item, fence).await?;
    let mut item = checked_item(&mut cx, &held).await?;
    let mut reason = reasons::check(code, note, wanted)?;
    reason.boxes = more["boxes"].clone();
    item.reason = Some(reason);
    keying::delete_draft(cx.tx, work_item).await?;
    if by == Move::Return {
        // After a rescan what does not stand on the new pages keeps its value: slicing forgets field by field.
        forget_values(cx.tx, &item.item_id).await?;
    }
    work::complete(&mut cx, &held).await?;
    more["work_item"] = json!(work_item.as_str());
    let receipt = item::apply(&mut cx, &mut item, by, "processing.item.check", more).await?;
    if by == Move::ProposeRefusal {
        authorizing::enqueue_refusal_review(&mut cx, &item).await?;
    }
    Ok(receipt.done(item.state.as_str().to_owned()))
}

/// The amounts, accounts and dates among `values` that differ from what was keyed, or that nobody keyed: one person said them.
pub(super) fn by_checker_alone<'a>(
    definition: &'a BusinessType,
    keyed: &[keying::Joined],
    values: &HashMap<String, Private>,
) -> Vec<&'a FieldSpec> {
    let essential =
        |kind| matches!(kind, FieldKind::Amount | FieldKind::CapitalAmount | FieldKind::Account | FieldKind::Date);
    let text = |spec: &FieldSpec, value: Option<&Private>| {
        normalize(spec.kind, value.map_or("", |value| value.reveal().trim()))
    };
    let differs = |spec: &&FieldSpec| {
        let keyed = keyed.iter().find(|keyed| keyed.field == spec.code && keyed.state.has_value());
        text(spec, values.get(&spec.code)) != text(spec, keyed.and_then(|keyed| keyed.value.as_ref()))
    };
    definition.fields.iter().filter(|spec| essential(spec.kind)).filter(differs).collect()
}

async fn checked_item(cx: &mut Cx<'_>, held: &Held) -> Answer<Item> {
    if held.queue != crate::queues::CHECKING {
        return Err(Refusal::new(Code::NotYourWork).into());
    }
    item::for_work(cx, &held.subject).await
}

/// The value of every field: the checker's where one was given; else what the station showed, which is what was passed before the
/// item was sent back, or what was keyed.
async fn settle_values(
    cx: &mut Cx<'_>,
    item: &Item,
    definition: &BusinessType,
    decided: &[Decided],
) -> Answer<HashMap<String, Private>> {
    let mut values: HashMap<String, Private> = HashMap::new();
    for field in keyed(cx, &item.item_id).await? {
        if let Some(value) = field.value.filter(|_| field.state.has_value()) {
            values.insert(field.field, value);
        }
    }
    values.extend(passed_values(cx.tx, &cx.vault.clone(), &item.item_id).await?);
    for (n, field) in decided.iter().enumerate() {
        let place = format!("fields[{n}]");
        let Some(spec) = definition.field(&field.code) else {
            return Err(Refusal::field(place, "没有这个要素", "there is no such field").into());
        };
        if field.value.reveal().chars().count() > spec.max_length {
            return Err(Refusal::field(
                place,
                format!("最多 {} 个字符", spec.max_length),
                format!("at most {} characters", spec.max_length),
            )
            .into());
        }
        if field.cause.as_deref().is_some_and(|cause| !CAUSES.contains(&cause)) {
            return Err(Refusal::field(place, "原因标记无效", "the cause is not one of the list").into());
        }
        values.insert(field.code.clone(), field.value.clone());
    }
    let missing: Vec<_> = definition
        .fields
        .iter()
        .filter(|spec| spec.required && values.get(&spec.code).is_none_or(|value| value.reveal().trim().is_empty()))
        .collect();
    if !missing.is_empty() {
        let join = |name: fn(&definition::FieldSpec) -> &str| missing.iter().map(|spec| name(spec)).collect::<Vec<_>>();
        let (zh, en) = (join(|spec| &spec.name_zh).join("、"), join(|spec| &spec.name_en).join(", "));
        return Err(Refusal::detailed(Code::FieldsUnsettled, zh, en).at(missing[0].code.clone()).into());
    }
    Ok(values)
}

fn refuse_failed(definition: &BusinessType, checks: &[checks::Check]) -> Result<(), Refusal> {
    let failed: Vec<_> = checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
    let Some(first) = failed.first() else { return Ok(()) };
    let zh = failed.iter().map(|check| check.zh.as_str()).collect::<Vec<_>>().join("；");
    let en = failed.iter().map(|check| check.en.as_str()).collect::<Vec<_>>().join("; ");
    let place = first.fields.first().cloned().unwrap_or_else(|| definition.code.clone());
    Err(Refusal::detailed(Code::ChecksFailed, format!("未满足：{zh}"), format!("not true: {en}")).at(place))
}

fn amount_minor(definition: &BusinessType, item: &Item, values: &HashMap<String, Private>) -> Result<i64, Refusal> {
    let code = &definition.posting.amount_field;
    let value = values.get(code).map_or("", |value| value.reveal());
    let minor = minor_units(FieldKind::Amount, &normalize(FieldKind::Amount, value), item.currency);
    minor.filter(|minor| *minor > 0).ok_or_else(|| {
        Refusal::field(
            code.clone(),
            "金额须为大于零的数字，且小数位正确",
            "the amount is a number above zero with the right decimals",
        )
    })
}

async fn store_values(
    cx: &mut Cx<'_>,
    item_id: &ItemId,
    values: &HashMap<String, Private>,
    decided: &[Decided],
) -> Answer<()> {
    for (code, value) in values {
        let by_checker = decided.iter().find(|field| &field.code == code);
        let sealed = cx.vault.seal(value, &context(item_id, code))?;
        cx.tx
            .execute(
                sql(
                    "INSERT INTO item_fields (item_id, field, value, source, cause, at) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (item_id, field) DO UPDATE SET value = excluded.value, at = excluded.at,
                         source = CASE WHEN excluded.source = 'keyed' THEN item_fields.source ELSE excluded.source END,
                         cause = CASE WHEN excluded.source = 'keyed' THEN item_fields.cause ELSE excluded.cause END",
                )
                .bind(item_id)
                .bind(code.as_str())
                .bind(sealed)
                .bind(if by_checker.is_some() { "checker" } else { "keyed" })
                .bind(by_checker.and_then(|field| field.cause.clone()))
                .bind(cx.now),
            )
            .await?;
    }
    Ok(())
}

/// Entries that nobody could judge before are judged by what the checker passed.
async fn judge_keyings(
    cx: &mut Cx<'_>,
    item: &Item,
    definition: &BusinessType,
    values: &HashMap<String, Private>,
) -> Answer<()> {
    let slices = keying::slices_of(cx.tx, &item.item_id).await?;
    for row in keying::keyings_of(cx.tx, &cx.vault.clone(), &item.item_id).await? {
        let slice = slices.iter().find(|slice| slice.slice_id == row.slice_id);
        let (Some(spec), Some(value), Some(slice)) = (definition.field(&row.field), values.get(&row.field), slice)
        else {
            continue;
        };
        // Of a number that was keyed in parts, each reader answers for what stood in the part.
        let truth = spec.portion(&normalize(spec.kind, value.reveal()), slice.part);
        let right = !row.unreadable && normalize(spec.kind, row.value.reveal()) == truth;
        let verdict = if right { keying::Verdict::Right } else { keying::Verdict::Wrong };
        if verdict != row.verdict {
            keying::set_verdict(cx.tx, &row.keying_id, verdict).await?;
        }
    }
    Ok(())
}

/// What the checker passed, by field.
pub async fn passed_values(
    conn: &mut Conn,
    vault: &Vault,
    item_id: &ItemId,
) -> Result<HashMap<String, Private>, Fault> {
    let rows = conn.all(sql("SELECT field, value FROM item_fields WHERE item_id = $1").bind(item_id)).await?;
    rows.iter()
        .map(|row| {
            let field = row.text("field")?;
            let value = vault.open_value(&Sealed(row.bytes("value")?), &context(item_id, &field))?;
            Ok((field, value))
        })
        .collect()
}

/// Forgets passed values when an item is checked anew after a return.
pub(crate) async fn forget_values(tx: &mut Tx, item_id: &ItemId) -> Result<(), Fault> {
    tx.execute(sql("DELETE FROM item_fields WHERE item_id = $1").bind(item_id)).await?;
    Ok(())
}

/// Forgets what was passed of fields that are cut anew, or whose page was taken out: it was said of a page that stands no more.
pub(crate) async fn forget_fields<'a>(
    tx: &mut Tx,
    item_id: &ItemId,
    fields: impl Iterator<Item = &'a str>,
) -> Result<(), Fault> {
    for field in fields {
        tx.execute(sql("DELETE FROM item_fields WHERE item_id = $1 AND field = $2").bind(item_id).bind(field)).await?;
    }
    Ok(())
}

fn context(item_id: &ItemId, field: &str) -> String {
    format!("item_fields/{item_id}/{field}")
}
