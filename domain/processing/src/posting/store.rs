//! What is known of every try to post.

use journal::{Answer, Journal};
use kernel::{BusinessDate, Instant, ItemId};
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

pub(super) async fn insert_fresh(
    tx: &mut Tx,
    posting_key: &str,
    item_id: &ItemId,
    day: BusinessDate,
    now: Instant,
) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO posting_attempts (posting_key, item_id, business_date, attempt, outcome, first_at, last_at)
             VALUES ($1, $2, $3, 'fresh', 'open', $4, $4)")
        .bind(posting_key)
        .bind(item_id)
        .bind(day)
        .bind(now),
    )
    .await
}

/// The day that the decision to post was made for.
pub(super) async fn day_of(conn: &mut Conn, posting_key: &str) -> Result<BusinessDate, Fault> {
    let day = sql("SELECT business_date FROM posting_attempts WHERE posting_key = $1");
    conn.one(day.bind(posting_key)).await?.date("business_date")
}

/// A try that has begun: its number, and what was known before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Try {
    pub number: i64,
    pub before: Attempt,
}

/// Writes that something may be sent now, and answers what was known before. Durable before the core is called.
pub(super) async fn begin_try(journal: &Journal, posting_key: &str) -> Answer<Try> {
    let (key, now) = (posting_key.to_owned(), journal.now());
    let (before, number) = journal
        .db
        .write::<(String, i64), Fault, _>(move |tx| {
            let key = key.clone();
            Box::pin(async move {
                let row = tx
                    .one(sql("SELECT attempt, tries FROM posting_attempts WHERE posting_key = $1").bind(key.as_str()).for_update())
                    .await?;
                tx.execute_one(
                    sql("UPDATE posting_attempts SET attempt = 'unknown', tries = tries + 1, last_at = $2 WHERE posting_key = $1")
                        .bind(key.as_str())
                        .bind(now),
                )
                .await?;
                Ok((row.text("attempt")?, row.int("tries")? + 1))
            })
        })
        .await?;
    let before = Attempt::parse(&before).ok_or_else(|| Fault::inconsistent(format!("attempt `{before}`")))?;
    Ok(Try { number, before })
}

/// The try ended without an answer; what is known of it afterwards.
/// Only the last try says so: one that was held up past its lease knows nothing of what a later one has sent.
pub(super) async fn note_open(journal: &Journal, posting_key: &str, number: i64, attempt: Attempt) -> Answer<()> {
    let key = posting_key.to_owned();
    journal
        .db
        .write::<(), Fault, _>(move |tx| {
            let note = sql(
                "UPDATE posting_attempts SET attempt = $2 WHERE posting_key = $1 AND tries = $3 AND outcome = 'open'",
            );
            let note = note.bind(key.as_str()).bind(attempt.as_str()).bind(number);
            Box::pin(async move {
                tx.execute(note).await?;
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

/// What may have come of an attempt, as it is kept.
pub const OUTCOMES: [&str; 4] = ["open", "posted", "refused", "conflict"];

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
