//! The element check: one person compares what was keyed with the whole image, differences first, and decides.

mod decide;
mod task;

pub(crate) use decide::forget_values;
pub use decide::{CAUSES, Decided, ask_rescan, pass, passed_values, propose_refusal, return_to_outlet, suspend};
pub use task::{Candidate, CheckTask, FieldView, save_draft, task};

use crate::checks::{Facts, fact_name};
use crate::definition::{BusinessType, CheckRule};
use crate::item::Item;
use crate::queues;
use journal::{Answer, Cx};
use kernel::{BusinessDate, ItemId};
use ledger::{AccountNo, CoreConnector, NameCheck};
use permission::Hand;
use serde_json::json;
use std::collections::HashMap;
use storage::jobs::{self, NewJob};
use storage::{Conn, Fault, sql};

/// The job that asks the core before anyone decides.
pub const ASK_CORE_JOB: &str = "processing.ask_core";

pub(crate) async fn enqueue(cx: &mut Cx<'_>, item: &Item) -> Answer<()> {
    let new = queues::work_on(item, queues::CHECKING, Hand::Check, cx.now, json!({}));
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

/// Asks for the core's knowledge of accounts and names; the answer is there when the checker or the authorizer looks.
pub(crate) async fn ask_core(cx: &mut Cx<'_>, item: &Item, definition: &BusinessType) -> Answer<()> {
    if !definition.checks.iter().any(|spec| spec.rule == CheckRule::NameMatchesAccount) {
        return Ok(());
    }
    let job = NewJob {
        kind: ASK_CORE_JOB,
        payload: json!({ "item_id": item.item_id.as_str() }),
        dedup_key: Some(format!("{}/{}", item.item_id, item.version)),
        run_at: cx.now,
        attempts_max: 5,
    };
    jobs::enqueue(cx.tx, cx.now, job).await?;
    Ok(())
}

/// Runs the rules that only the core can answer, and keeps its answers.
pub async fn run_ask_core(journal: &journal::Journal, core: &dyn CoreConnector, item_id: &ItemId) -> Answer<()> {
    let mut reader = journal.db.reader().await?;
    let item = crate::item::read(&mut reader, item_id).await?;
    let definition = crate::definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let values = keyed_values(&mut reader, &journal.vault, item_id).await?;
    drop(reader);
    for spec in definition.checks.iter().filter(|spec| spec.rule == CheckRule::NameMatchesAccount) {
        let (Some(name), Some(account)) = (values.get(&spec.fields[0]), values.get(&spec.fields[1])) else { continue };
        let digits = kernel::normalize::normalize(kernel::normalize::FieldKind::Account, account);
        let Ok(account) = AccountNo::parse(&digits) else { continue };
        let outcome = match core.name_check(&account, name).await {
            Ok(NameCheck::Match) => "passed",
            Ok(NameCheck::Mismatch | NameCheck::UnknownAccount) => "failed",
            Err(_) => "unknown",
        };
        let (item_id, fact, now) = (item_id.clone(), fact_name(spec), journal.now());
        journal
            .db
            .write::<(), Fault, _>(move |tx| {
                let (item_id, fact) = (item_id.clone(), fact.clone());
                Box::pin(async move {
                    tx.execute(
                        sql("INSERT INTO item_facts (item_id, fact, outcome, at) VALUES ($1, $2, $3, $4)
                             ON CONFLICT (item_id, fact) DO UPDATE SET outcome = excluded.outcome, at = excluded.at")
                        .bind(item_id)
                        .bind(fact)
                        .bind(outcome)
                        .bind(now),
                    )
                    .await?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

/// What the core answered about an item; an unknown answer is no answer.
pub async fn facts(conn: &mut Conn, item_id: &ItemId) -> Result<Facts, Fault> {
    let rows = conn
        .all(sql("SELECT fact, outcome FROM item_facts WHERE item_id = $1 AND outcome <> 'unknown'").bind(item_id))
        .await?;
    rows.iter().map(|row| Ok((row.text("fact")?, row.text("outcome")? == "passed"))).collect()
}

/// The values that the current slices say, by field.
async fn keyed_values(
    conn: &mut Conn,
    vault: &storage::vault::Vault,
    item_id: &ItemId,
) -> Result<HashMap<String, String>, Fault> {
    let slices = crate::keying::slices_of(conn, item_id).await?;
    let fields = crate::keying::joined(vault, slices)?.into_iter();
    Ok(fields.filter_map(|field| Some((field.field, field.value?.reveal().to_owned()))).collect())
}

/// The bank's day for rules about dates.
pub(crate) async fn today(conn: &mut Conn, now: kernel::Instant) -> Answer<BusinessDate> {
    let calendar = queues::calendar(conn, now).await?;
    Ok(queues::business_date(&calendar, now)?)
}
