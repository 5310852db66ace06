//! What the books know of a key, read back in the shape in which it is told.

use sqlx::SqliteConnection;

use super::{BooksError, Result};
use crate::wire::{LedgerLine, Minor, PostedReply, RefusedReply};

/// The one answer of a key.
#[derive(Debug, Clone)]
pub enum Answer {
    Posted(PostedReply),
    Refused(RefusedReply),
}

/// An answer, and whether this request brought it about.
#[derive(Debug, Clone)]
pub struct Answered {
    pub answer: Answer,
    pub repeated: bool,
}

type VoucherRow =
    (i64, String, String, String, Option<String>, i64, String, Option<String>, Option<String>, Option<String>);

/// The answer of a key with the text of its request.
pub(super) async fn answer_of(
    connection: &mut SqliteConnection,
    key: &str,
    repeated: bool,
) -> Result<Option<(Answer, String)>> {
    let row: Option<VoucherRow> = sqlx::query_as(
        "SELECT number, kind, request, state, business_date, answered_at, reference, reverses, refusal_code, \
         refusal_text FROM voucher WHERE idempotency_key = $1",
    )
    .bind(key)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((number, kind, request, _, business_date, answered_at, reference, reverses, code, text)) = row else {
        return Ok(None);
    };
    let idempotency_key = key.to_owned();
    let answer = match (code, text, business_date) {
        (Some(code), Some(text), _) => {
            Answer::Refused(RefusedReply { state: "refused", idempotency_key, code, text, repeated })
        }
        (_, _, Some(business_date)) => Answer::Posted(PostedReply {
            state: "posted",
            idempotency_key,
            core_reference: core_reference(&business_date, number),
            posted_at: answered_at,
            business_date,
            reference,
            kind,
            reverses,
            reversed_by: reversed_by(connection, key).await?,
            postings: lines_of(connection, number).await?,
            repeated,
        }),
        _ => return Err(BooksError::Damaged("a posted voucher has no business date")),
    };
    Ok(Some((answer, request)))
}

async fn reversed_by(connection: &mut SqliteConnection, key: &str) -> Result<Option<String>> {
    let row: Option<(String,)> = sqlx::query_as("SELECT idempotency_key FROM voucher WHERE reverses = $1")
        .bind(key)
        .fetch_optional(connection)
        .await?;
    Ok(row.map(|(key,)| key))
}

async fn lines_of(connection: &mut SqliteConnection, voucher: i64) -> Result<Vec<LedgerLine>> {
    let rows: Vec<(i64, i64, String, String, i64, String, String)> = sqlx::query_as(
        "SELECT seq, line, debit, credit, amount_minor, currency, summary FROM ledger_line WHERE voucher = $1 \
         ORDER BY line",
    )
    .bind(voucher)
    .fetch_all(connection)
    .await?;
    let line = |(seq, line, debit, credit, amount, currency, summary)| LedgerLine {
        seq,
        line,
        debit,
        credit,
        amount_minor: Minor(amount),
        currency,
        summary,
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The core's own number of a voucher, as it is printed on statements.
pub(super) fn core_reference(business_date: &str, number: i64) -> String {
    format!("{}{number:010}", business_date.replace('-', ""))
}
