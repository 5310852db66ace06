//! Posting: the one step in which money moves, once.
//!
//! The decision to post and the job that does it commit together.
//! Before anything is sent, the attempt is written as unknown; a process that dies in between leaves the truth behind,
//! and the next try asks the core before it sends again.

mod store;

use crate::checking;
use crate::definition::{self, AccountSource, BusinessType, PostingTemplate};
use crate::item::{self, Item, Move, Reason, State};
use journal::{Answer, Command, Cx, Journal, Receipt, Recorded, Subject};
use kernel::normalize::{FieldKind, normalize};
use kernel::{BusinessDate, ItemId, Money, Refusal};
use ledger::{AccountNo, CoreConnector, Posting, PostingKey, Settled, Voucher};
use serde_json::{Value, json};
use std::collections::HashMap;
use storage::Fault;
use storage::jobs::{self, NewJob};
use storage::vault::Private;

pub use store::{Attempted, OUTCOMES, attempts_of};

/// The job's name in the table of who listens.
pub const JOB: &str = "processing.post_item";

/// A posting whose outcome is not known is asked for again and again, up to five minutes apart; then a person must look.
const ATTEMPTS_MAX: u32 = 60;

/// Moves the item to posting under a fresh key, and enqueues the job.
/// The posting is of the day on which it is decided: a decision made anew after the core closed a day falls on the next one.
/// What makes no voucher is refused here, to the person who decides, and not found out by the job.
pub(crate) async fn begin(
    cx: &mut Cx<'_>,
    item: &mut Item,
    by: Move,
    kind: &'static str,
    mut more: Value,
    note: Option<&str>,
) -> Answer<Receipt> {
    let definition = definition::find(cx.tx, &item.type_code, item.type_version).await?;
    let values = checking::passed_values(cx.tx, &cx.vault.clone(), &item.item_id).await?;
    let day = checking::today(cx.tx, cx.now).await?;
    voucher(item, &definition, &values, day)?;
    item.posting_round += 1;
    more["business_date"] = json!(day.to_string());
    more["posting_key"] = json!(item.posting_key());
    let receipt = item::apply_saying(cx, item, by, kind, more, note).await?;
    store::insert_fresh(cx.tx, &item.posting_key(), &item.item_id, day, cx.now).await?;
    let job = NewJob {
        kind: JOB,
        payload: json!({ "item_id": item.item_id.as_str(), "posting_key": item.posting_key() }),
        dedup_key: Some(item.posting_key()),
        run_at: cx.now,
        attempts_max: ATTEMPTS_MAX,
    };
    jobs::enqueue(cx.tx, cx.now, job).await?;
    Ok(receipt)
}

/// Posts the item, or finds out what became of an earlier try. `Err` means: not known yet, run again.
pub async fn run(journal: &Journal, core: &dyn CoreConnector, item_id: &ItemId, posting_key: &str) -> Answer<()> {
    let mut reader = journal.db.reader().await?;
    let item = item::read(&mut reader, item_id).await?;
    if item.state != State::Posting || item.posting_key() != posting_key {
        return Ok(());
    }
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let values = checking::passed_values(&mut reader, &journal.vault, item_id).await?;
    let day = store::day_of(&mut reader, posting_key).await?;
    drop(reader);
    let voucher = voucher(&item, &definition, &values, day)?;
    let key = PostingKey::parse(posting_key).map_err(|error| Fault::inconsistent(error.to_string()))?;
    let this = store::begin_try(journal, posting_key).await?;
    let settled = ledger::settle(core, &voucher, &key, this.before).await;
    match settled {
        Settled::Open { attempt, cause } => {
            store::note_open(journal, posting_key, this.number, attempt).await?;
            Err(Fault::inconsistent(format!("the core's answer is not known yet: {cause}")).into())
        }
        Settled::Conflict => record(journal, item_id, posting_key, Ended::Conflict).await,
        Settled::Posted { core_reference, .. } => {
            record(journal, item_id, posting_key, Ended::Posted(core_reference.0)).await
        }
        Settled::Refused { code, .. } => {
            record(journal, item_id, posting_key, Ended::Refused(code.as_str().to_owned())).await
        }
    }
}

/// How a posting ended, as far as the item is concerned.
#[derive(Debug, Clone)]
enum Ended {
    Posted(String),
    Refused(String),
    /// The core has something else under the key: asking again cannot help, a person compares its books and decides.
    Conflict,
}

async fn record(journal: &Journal, item_id: &ItemId, posting_key: &str, ended: Ended) -> Answer<()> {
    let command = Command::of_machine("processing.item.post", "posting", posting_key, Subject::of(item_id));
    let (item_id, posting_key) = (item_id.clone(), posting_key.to_owned());
    journal
        .run(command, move |cx| {
            let (item_id, posting_key, ended) = (item_id.clone(), posting_key.clone(), ended.clone());
            Box::pin(async move { record_in(cx, &item_id, &posting_key, ended).await })
        })
        .await?;
    Ok(())
}

async fn record_in(mut cx: Cx<'_>, item_id: &ItemId, posting_key: &str, ended: Ended) -> Answer<Recorded<()>> {
    let mut item = item::for_work(&mut cx, item_id.as_str()).await?;
    let kind = "processing.item.post";
    let receipt = match ended {
        Ended::Posted(core_reference) => {
            store::end(cx.tx, posting_key, "posted", Some(&core_reference), None, cx.now).await?;
            let more = json!({ "posting_key": posting_key, "core_reference": core_reference });
            item.core_reference = Some(core_reference);
            item::apply(&mut cx, &mut item, Move::Post, kind, more).await?
        }
        Ended::Refused(code) => {
            store::end(cx.tx, posting_key, "refused", None, Some(&code), cx.now).await?;
            fail(&mut cx, &mut item, posting_key, &code).await?
        }
        Ended::Conflict => {
            store::end(cx.tx, posting_key, "conflict", None, None, cx.now).await?;
            fail(&mut cx, &mut item, posting_key, KEY_CONFLICT).await?
        }
    };
    Ok(receipt.done(()))
}

async fn fail(cx: &mut Cx<'_>, item: &mut Item, posting_key: &str, code: &str) -> Answer<Receipt> {
    // People are told the bank's reason; the core's code is for those who read the journal, and, with the attempt, for who decides next.
    item.reason = Some(Reason { code: reason_of(code).to_owned(), note: None, boxes: Value::Null });
    let more = json!({ "posting_key": posting_key, "core_code": code });
    item::apply(cx, item, Move::FailPosting, "processing.item.post", more).await
}

/// What is said of a key under which the core has something else; no code of the core.
const KEY_CONFLICT: &str = "key_conflict";

/// The bank's reason for a core's code.
fn reason_of(core_code: &str) -> &'static str {
    match core_code {
        "insufficient_funds" => "R14",
        "account_closed" | "account_frozen" | "stop_payment" => "R15",
        "name_mismatch" | "unknown_account" => "R08",
        "day_closed" => "R23",
        "amount_too_large" => "R17",
        "wrong_currency" => "P02",
        KEY_CONFLICT => "P01",
        _ => "P03",
    }
}

/// The voucher of what was passed; refused with the field that does not make one.
pub(crate) fn voucher(
    item: &Item,
    definition: &BusinessType,
    values: &HashMap<String, Private>,
    day: BusinessDate,
) -> Answer<Voucher> {
    let fault = |what: String| Fault::inconsistent(format!("posting of {}: {what}", item.item_id));
    let account = |source: &AccountSource| -> Answer<AccountNo> {
        match source {
            AccountSource::Internal(account) => {
                Ok(AccountNo::parse(account).map_err(|error| fault(error.to_string()))?)
            }
            AccountSource::Field(code) => {
                let text = normalize(FieldKind::Account, values.get(code).map_or("", |value| value.reveal()));
                Ok(AccountNo::parse(&text).map_err(|_| no_account(code))?)
            }
        }
    };
    let template = &definition.posting;
    let minor = item.amount_minor.ok_or_else(|| fault("no amount".into()))?;
    let (debit, credit) = (account(&template.debit)?, account(&template.credit)?);
    if debit == credit {
        return Err(one_account(template).into());
    }
    let amount = Money::from_minor(minor, item.currency);
    let posting = Posting::new(debit, credit, amount, template.summary.clone());
    let posting = posting.map_err(|error| fault(error.to_string()))?;
    Ok(Voucher::new(day, vec![posting], item.item_no.clone()).map_err(|error| fault(error.to_string()))?)
}

fn no_account(field: &str) -> Refusal {
    Refusal::field(
        field,
        "不是有效的账号，请更正，或退回网点",
        "this is no account number; correct it, or return the item to its outlet",
    )
}

fn one_account(template: &PostingTemplate) -> Refusal {
    let field = [&template.credit, &template.debit].into_iter().find_map(|source| match source {
        AccountSource::Field(code) => Some(code.as_str()),
        AccountSource::Internal(_) => None,
    });
    Refusal::field(
        field.unwrap_or("posting"),
        "收款与付款为同一账户，请更正，或退回网点",
        "payer and payee are one account; correct it, or return the item to its outlet",
    )
}
