//! Posting: the one step in which money moves, once.
//!
//! The decision to post and the job that does it commit together.
//! Before anything is sent, the attempt is written as unknown; a process that dies in between leaves the truth behind,
//! and the next try asks the core before it sends again.

mod store;

use crate::checking;
use crate::definition::{self, AccountSource, BusinessType};
use crate::item::{self, Item, Move, Reason, State};
use journal::{Answer, Command, Cx, Journal, Receipt, Recorded, Subject};
use kernel::normalize::{FieldKind, normalize};
use kernel::{ItemId, Money};
use ledger::{AccountNo, CoreConnector, Posting, PostingKey, Settled, Voucher};
use serde_json::{Value, json};
use std::collections::HashMap;
use storage::Fault;
use storage::jobs::{self, NewJob};
use storage::vault::Private;

pub use store::{Attempted, attempts_of};

/// The job's name in the table of who listens.
pub const JOB: &str = "processing.post_item";

/// A posting whose outcome is not known is asked for again and again, up to five minutes apart; then a person must look.
const ATTEMPTS_MAX: u32 = 60;

/// Moves the item to posting under a fresh key, and enqueues the job.
pub(crate) async fn begin(
    cx: &mut Cx<'_>,
    item: &mut Item,
    by: Move,
    kind: &'static str,
    mut more: Value,
) -> Answer<Receipt> {
    item.posting_round += 1;
    more["posting_key"] = json!(item.posting_key());
    let receipt = item::apply(cx, item, by, kind, more).await?;
    store::insert_fresh(cx.tx, &item.posting_key(), &item.item_id, cx.now).await?;
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
    drop(reader);
    let voucher = voucher(&item, &definition, &values)?;
    let key = PostingKey::parse(posting_key).map_err(|error| Fault::inconsistent(error.to_string()))?;
    let before = store::begin_try(journal, posting_key).await?;
    let settled = ledger::settle(core, &voucher, &key, before).await;
    match settled {
        Settled::Open { attempt, cause } => {
            store::note_open(journal, posting_key, attempt).await?;
            Err(Fault::inconsistent(format!("the core's answer is not known yet: {cause}")).into())
        }
        Settled::Conflict => {
            store::note_conflict(journal, posting_key).await?;
            Err(Fault::inconsistent("the core knows this posting key with another content; a person must look").into())
        }
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
            item.reason = Some(Reason {
                code: reason_of(&code).to_owned(),
                note: Some(format!("core: {code}")),
                boxes: Value::Null,
            });
            let more = json!({ "posting_key": posting_key, "core_code": code });
            item::apply(&mut cx, &mut item, Move::FailPosting, kind, more).await?
        }
    };
    Ok(receipt.done(()))
}

/// The bank's reason for a core's code.
fn reason_of(core_code: &str) -> &'static str {
    match core_code {
        "insufficient_funds" => "R14",
        "account_closed" | "account_frozen" | "stop_payment" => "R15",
        "name_mismatch" | "unknown_account" => "R08",
        "day_closed" => "R23",
        _ => "R99",
    }
}

fn voucher(item: &Item, definition: &BusinessType, values: &HashMap<String, Private>) -> Answer<Voucher> {
    let fault = |what: String| Fault::inconsistent(format!("posting of {}: {what}", item.item_id));
    let account = |source: &AccountSource| {
        let text = match source {
            AccountSource::Internal(account) => account.clone(),
            AccountSource::Field(code) => {
                normalize(FieldKind::Account, values.get(code).map_or("", |value| value.reveal()))
            }
        };
        AccountNo::parse(&text).map_err(|error| fault(error.to_string()))
    };
    let minor = item.amount_minor.ok_or_else(|| fault("no amount".into()))?;
    let posting = Posting::new(
        account(&definition.posting.debit)?,
        account(&definition.posting.credit)?,
        Money::from_minor(minor, item.currency),
        definition.posting.summary.clone(),
    );
    let posting = posting.map_err(|error| fault(error.to_string()))?;
    Ok(Voucher::new(item.business_date, vec![posting], item.item_no.clone())
        .map_err(|error| fault(error.to_string()))?)
}
