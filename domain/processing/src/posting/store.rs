//! What is known of every try to post.

use journal::{Answer, Journal};
use kernel::{Instant, ItemId};
use ledger::Attempt;
use storage::{Conn, Fault, Tx, sql};

/// A decision to post and what became of it.
#[derive(Debug, Clone)]
pub struct Attempted {
    pub posting_key: String,
    pub outcome: String,
    pub core_reference: Option<String>,
    pub refusal_code: Option<String>,
    pub tries: i64,
    pub last_at: Instant,
}

pub(super) async fn insert_fresh(tx: &mut Tx, posting_key: &str, item_id: &ItemId, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO posting_attempts (posting_key, item_id, attempt, outcome, first_at, last_at) VALUES ($1, $2, 'fresh', 'open', $3, $3)")
            .bind(posting_key)
            .bind(item_id)
            .bind(now),
    )
    .await
}

/// Writes that something may be sent now, and answers what was known before. Durable before the core is called.
pub(super) async fn begin_try(journal: &Journal, posting_key: &str) -> Answer<Attempt> {
    let (key, now) = (posting_key.to_owned(), journal.now());
    let before = journal
        .db
        .write::<String, Fault, _>(move |tx| {
            let key = key.clone();
            Box::pin(async move {
                let row = tx
                    .one(sql("SELECT attempt FROM posting_attempts WHERE posting_key = $1").bind(key.as_str()).for_update())
                    .await?;
                tx.execute_one(
                    sql("UPDATE posting_attempts SET attempt = 'unknown', tries = tries + 1, last_at = $2 WHERE posting_key = $1")
                        .bind(key.as_str())
                        .bind(now),
                )
                .await?;
                row.text("attempt")
            })
        })
        .await?;
    Ok(Attempt::parse(&before).ok_or_else(|| Fault::inconsistent(format!("attempt `{before}`")))?)
}

/// The try ended without an answer; what is known of it afterwards.
pub(super) async fn note_open(journal: &Journal, posting_key: &str, attempt: Attempt) -> Answer<()> {
    let key = posting_key.to_owned();
    let text = attempt.as_str();
    change(journal, move || {
        sql("UPDATE posting_attempts SET attempt = $2 WHERE posting_key = $1 AND outcome = 'open'")
            .bind(key.as_str())
            .bind(text)
    })
    .await
}

pub(super) async fn note_conflict(journal: &Journal, posting_key: &str) -> Answer<()> {
    let key = posting_key.to_owned();
    change(journal, move || {
        sql("UPDATE posting_attempts SET outcome = 'conflict' WHERE posting_key = $1").bind(key.as_str())
    })
    .await
}

async fn change(journal: &Journal, statement: impl Fn() -> storage::Sql + Send + 'static) -> Answer<()> {
    journal
        .db
        .write::<(), Fault, _>(move |tx| {
            let statement = statement();
            Box::pin(async move {
                tx.execute(statement).await?;
                Ok(())
            })
        })
        .await?;
    Ok(())
}

pub(super) async fn end(
    tx: &mut Tx,
    posting_key: &str,
    outcome: &str,
    core_reference: Option<&str>,
    refusal_code: Option<&str>,
    now: Instant,
) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE posting_attempts SET outcome = $2, core_reference = $3, refusal_code = $4, last_at = $5 WHERE posting_key = $1")
            .bind(posting_key)
            .bind(outcome)
            .bind(core_reference)
            .bind(refusal_code)
            .bind(now),
    )
    .await
}

/// Every decision to post an item, in order.
pub async fn attempts_of(conn: &mut Conn, item_id: &ItemId) -> Result<Vec<Attempted>, Fault> {
    let rows = conn
        .all(sql("SELECT * FROM posting_attempts WHERE item_id = $1 ORDER BY first_at, posting_key").bind(item_id))
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Attempted {
                posting_key: row.text("posting_key")?,
                outcome: row.text("outcome")?,
                core_reference: row.opt_text("core_reference")?,
                refusal_code: row.opt_text("refusal_code")?,
                tries: row.int("tries")?,
                last_at: row.instant("last_at")?,
            })
        })
        .collect()
}
