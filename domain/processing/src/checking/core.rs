//! What the core says of names and accounts before anyone decides.
//!
//! A question is kept with the values that it is about, sealed; its answer holds for these values alone.
//! Until the core has answered, a rule that needs the answer is neither passed nor failed, and nobody passes the item.

use super::Decided;
use crate::checks::{self, Facts, fact_name};
use crate::definition::{self, BusinessType};
use crate::item::{self, Item, State};
use crate::keying;
use journal::{Answer, Cx, Failure, Journal};
use kernel::normalize::{FieldKind, normalize};
use kernel::{Code, ItemId, Refusal, WorkItemId};
use ledger::{AccountNo, CoreConnector, NameCheck};
use permission::{Permit, act};
use serde_json::json;
use std::collections::HashMap;
use storage::jobs::{self, NewJob};
use storage::vault::{Private, Sealed, Vault};
use storage::{Conn, Fault, Tx, sql};

/// The job that asks the core before anyone decides.
pub const ASK_CORE_JOB: &str = "processing.ask_core";

/// Up to five minutes apart: an outage of hours passes before a person must look.
const ATTEMPTS_MAX: u32 = 60;

/// Whether an account has a name.
struct Question {
    fact: String,
    account: String,
    name: String,
}

impl Question {
    /// The values in one text; an account number has no line break.
    fn about(&self) -> Private {
        Private::new(format!("{}\n{}", self.account, self.name))
    }
}

/// A question as it was put down.
struct Asked {
    fact: String,
    sealed: Sealed,
    about: Private,
    /// `passed`, `failed`, or `unknown` while the core has not answered.
    outcome: String,
}

fn questions(definition: &BusinessType, values: &HashMap<String, String>) -> Vec<Question> {
    let question = |(spec, name, account): (&_, &str, &str)| Question {
        fact: fact_name(spec),
        account: normalize(FieldKind::Account, account),
        name: name.to_owned(),
    };
    checks::asked_of_core(definition, values).map(question).collect()
}

fn context(item_id: &ItemId, fact: &str) -> String {
    format!("item_facts/{item_id}/{fact}")
}

async fn asked(conn: &mut Conn, vault: &Vault, item_id: &ItemId) -> Result<Vec<Asked>, Fault> {
    let rows = conn.all(sql("SELECT fact, about, outcome FROM item_facts WHERE item_id = $1").bind(item_id)).await?;
    rows.iter()
        .map(|row| {
            let (fact, sealed) = (row.text("fact")?, Sealed(row.bytes("about")?));
            let about = vault.open_value(&sealed, &context(item_id, &fact))?;
            Ok(Asked { fact, sealed, about, outcome: row.text("outcome")? })
        })
        .collect()
}

/// What the core answered about these values; an answer about others is none.
pub async fn facts(
    conn: &mut Conn,
    vault: &Vault,
    item_id: &ItemId,
    definition: &BusinessType,
    values: &HashMap<String, String>,
) -> Result<Facts, Fault> {
    let questions = questions(definition, values);
    if questions.is_empty() {
        return Ok(Facts::new());
    }
    let asked = asked(conn, vault, item_id).await?;
    let answer = |question: &Question| {
        let same = asked.iter().find(|row| row.fact == question.fact && row.about == question.about())?;
        (same.outcome != "unknown").then(|| (question.fact.clone(), same.outcome == "passed"))
    };
    Ok(questions.iter().filter_map(answer).collect())
}

/// Refuses while the core owes an answer about the values: silence is no consent.
pub(super) fn refuse_unanswered(
    definition: &BusinessType,
    values: &HashMap<String, String>,
    facts: &Facts,
) -> Result<(), Refusal> {
    let open = checks::asked_of_core(definition, values).find(|(spec, ..)| !facts.contains_key(&fact_name(spec)));
    let Some((spec, ..)) = open else { return Ok(()) };
    let refusal = Refusal::detailed(
        Code::Unavailable,
        "核心系统尚未答复户名与账号是否相符，已再次询问",
        "the core has not answered yet whether the name matches the account, and is asked again",
    );
    Err(refusal.at(spec.fields[0].clone()))
}

/// Puts the questions about the values down and enqueues the job that asks them; what is answered is not asked again.
async fn ask(
    tx: &mut Tx,
    vault: &Vault,
    now: kernel::Instant,
    item_id: &ItemId,
    questions: &[Question],
) -> Result<(), Fault> {
    let asked = asked(tx, vault, item_id).await?;
    let mut is_open = false;
    for question in questions {
        let same = asked.iter().find(|row| row.fact == question.fact && row.about == question.about());
        is_open |= same.is_none_or(|row| row.outcome == "unknown");
        if same.is_some() {
            continue;
        }
        let about = vault.seal(&question.about(), &context(item_id, &question.fact))?;
        tx.execute(
            sql("INSERT INTO item_facts (item_id, fact, about, outcome, at) VALUES ($1, $2, $3, 'unknown', $4)
                 ON CONFLICT (item_id, fact) DO UPDATE SET about = excluded.about, outcome = excluded.outcome, at = excluded.at")
                .bind(item_id)
                .bind(question.fact.as_str())
                .bind(about)
                .bind(now),
        )
        .await?;
    }
    if !is_open {
        return Ok(());
    }
    let job = NewJob {
        kind: ASK_CORE_JOB,
        payload: json!({ "item_id": item_id.as_str() }),
        // A job that runs now may have read the questions before this one was put down.
        dedup_key: Some(format!("{item_id}/{}", now.micros())),
        run_at: now,
        attempts_max: ATTEMPTS_MAX,
    };
    jobs::enqueue(tx, now, job).await?;
    Ok(())
}

/// Asks about what was keyed; the answer is there when the checker or the authorizer looks.
pub(crate) async fn ask_core(cx: &mut Cx<'_>, item: &Item, definition: &BusinessType) -> Answer<()> {
    let vault = cx.vault.clone();
    let questions = questions(definition, &keyed_values(cx.tx, &vault, &item.item_id).await?);
    if !questions.is_empty() {
        ask(cx.tx, &vault, cx.now, &item.item_id, &questions).await?;
    }
    Ok(())
}

/// Asks about the values that a checker is about to pass, unless the core has answered about these.
/// Call it before [`super::pass`], which refuses while an answer is owed; a refusal keeps nothing, so it cannot ask by itself.
/// Who does not hold the work asks nothing here, and is told so by the command.
pub async fn ask_before_pass(
    journal: &Journal,
    core: &dyn CoreConnector,
    permit: &Permit<act::CheckItem>,
    work_item: &WorkItemId,
    fence: i64,
    decided: &[Decided],
) -> Answer<()> {
    let mut reader = journal.db.reader().await?;
    let held = match work::peek(&mut reader, permit.person_id(), work_item, fence, journal.now()).await {
        Ok(held) => held,
        Err(Failure::Refused(_)) => return Ok(()),
        Err(failure) => return Err(failure),
    };
    let Ok(item_id) = ItemId::parse(&held.subject) else { return Ok(()) };
    let item = item::read(&mut reader, &item_id).await?;
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let mut values = keyed_values(&mut reader, &journal.vault, &item_id).await?;
    let passed = super::passed_values(&mut reader, &journal.vault, &item_id).await?;
    values.extend(passed.into_iter().map(|(code, value)| (code, value.reveal().to_owned())));
    values.extend(decided.iter().map(|field| (field.code.clone(), field.value.reveal().to_owned())));
    let known = facts(&mut reader, &journal.vault, &item_id, &definition, &values).await?;
    drop(reader);
    if item.state != State::Checking || refuse_unanswered(&definition, &values, &known).is_ok() {
        return Ok(());
    }
    let (vault, now, id) = (journal.vault.clone(), journal.now(), item_id.clone());
    journal
        .db
        .write::<(), Fault, _>(move |tx| {
            let (vault, id, questions) = (vault.clone(), id.clone(), questions(&definition, &values));
            Box::pin(async move { ask(tx, &vault, now, &id, &questions).await })
        })
        .await?;
    if let Err(failure) = run_ask_core(journal, core, &item_id).await {
        tracing::info!(%failure, "the core does not answer a checker at once; the job goes on asking");
    }
    Ok(())
}

/// Asks the core what is still open about the item, and keeps its answers. `Err` means: not answered, run again.
pub async fn run_ask_core(journal: &Journal, core: &dyn CoreConnector, item_id: &ItemId) -> Answer<()> {
    let mut reader = journal.db.reader().await?;
    let item = item::read(&mut reader, item_id).await?;
    let asked = asked(&mut reader, &journal.vault, item_id).await?;
    drop(reader);
    if item.state != State::Checking {
        return Ok(());
    }
    let mut trouble = None;
    for row in asked.into_iter().filter(|row| row.outcome == "unknown") {
        let (account, name) = row.about.reveal().split_once('\n').unwrap_or_default();
        let answer = match AccountNo::parse(account) {
            Ok(account) => core.name_check(&account, name).await,
            Err(_) => Ok(NameCheck::UnknownAccount),
        };
        match answer {
            Ok(NameCheck::Match) => keep(journal, item_id, row, "passed").await?,
            Ok(NameCheck::Mismatch | NameCheck::UnknownAccount) => keep(journal, item_id, row, "failed").await?,
            Err(error) => trouble = Some(error),
        }
    }
    match trouble {
        Some(error) => Err(Fault::inconsistent(format!("the core did not answer about a name: {error}")).into()),
        None => Ok(()),
    }
}

/// Keeps an answer, unless another question was put down since this one was asked.
async fn keep(journal: &Journal, item_id: &ItemId, row: Asked, outcome: &'static str) -> Answer<()> {
    let (item_id, now) = (item_id.clone(), journal.now());
    journal
        .db
        .write::<(), Fault, _>(move |tx| {
            let answer =
                sql("UPDATE item_facts SET outcome = $4, at = $5 WHERE item_id = $1 AND fact = $2 AND about = $3")
                    .bind(&item_id)
                    .bind(row.fact.as_str())
                    .bind(row.sealed.clone())
                    .bind(outcome)
                    .bind(now);
            Box::pin(async move {
                tx.execute(answer).await?;
                Ok(())
            })
        })
        .await?;
    Ok(())
}

/// The values that the current slices say, by field.
async fn keyed_values(conn: &mut Conn, vault: &Vault, item_id: &ItemId) -> Result<HashMap<String, String>, Fault> {
    let slices = keying::slices_of(conn, item_id).await?;
    let fields = keying::joined(vault, slices)?.into_iter().filter(|field| field.state.has_value());
    Ok(fields.filter_map(|field| Some((field.field, field.value?.reveal().to_owned()))).collect())
}
