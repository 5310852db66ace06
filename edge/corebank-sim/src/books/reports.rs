//! What audit and reconciliation read: every line in order, sums that must agree, the end of a day.

use sqlx::SqliteConnection;

use super::answer::core_reference;
use super::posting::is_closed;
use super::{Books, BooksError, Result, check};
use crate::wire::{
    CurrencyTotals, DayEndReply, DayTurnover, LedgerEntry, LedgerLine, LedgerQuery, LedgerReply, Minor, TotalsReply,
};

const PAGE_LINES_DEFAULT: i64 = 1_000;
const PAGE_LINES_MAX: i64 = 10_000;

type EntryRow = (i64, i64, String, String, i64, String, String, i64, String, String, String, i64, String);

impl Books {
    /// Lines after a sequence number, oldest first; numbers have no gaps.
    pub async fn ledger(&self, query: &LedgerQuery) -> Result<LedgerReply> {
        let limit = query.limit.unwrap_or(PAGE_LINES_DEFAULT);
        if !(1..=PAGE_LINES_MAX).contains(&limit) {
            return Err(BooksError::Invalid(format!("limit is 1 to {PAGE_LINES_MAX}")));
        }
        let rows: Vec<EntryRow> = sqlx::query_as(
            "SELECT l.seq, l.line, l.debit, l.credit, l.amount_minor, l.currency, l.summary, v.number, \
             v.idempotency_key, v.kind, v.business_date, v.answered_at, v.reference \
             FROM ledger_line l JOIN voucher v ON v.number = l.voucher WHERE l.seq > $1 ORDER BY l.seq LIMIT $2",
        )
        .bind(query.after)
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
        let lines: Vec<LedgerEntry> = rows.into_iter().map(entry).collect();
        let next = lines.last().map(|last| last.line.seq).filter(|_| full);
        Ok(LedgerReply { lines, next })
    }

    /// Per currency: the lines and both sides of the accounts.
    pub async fn totals(&self) -> Result<TotalsReply> {
        let mut connection = self.readers.acquire().await?;
        let totals = totals(&mut connection).await?;
        Ok(TotalsReply { balanced: totals.iter().all(|t| t.balanced), totals })
    }

    /// Closes a business date and every earlier one; the same date twice gives the same reply.
    pub async fn end_day(&self, business_date: &str) -> Result<DayEndReply> {
        check::date(business_date)?;
        let mut tx = self.write().await?;
        let earlier: Option<(i64,)> = sqlx::query_as("SELECT closed_at FROM day_end WHERE business_date = $1")
            .bind(business_date)
            .fetch_optional(&mut *tx)
            .await?;
        if earlier.is_none() && is_closed(&mut tx, business_date).await? {
            return Err(BooksError::Refused { code: "day_closed", text: "a later business date is closed" });
        }
        let closed_at = earlier.map_or_else(|| self.clock.now().micros(), |(at,)| at);
        if earlier.is_none() {
            sqlx::query("INSERT INTO day_end (business_date, closed_at) VALUES ($1, $2)")
                .bind(business_date)
                .bind(closed_at)
                .execute(&mut *tx)
                .await?;
        }
        let totals = totals(&mut tx).await?;
        let reply = DayEndReply {
            business_date: business_date.to_owned(),
            closed_at,
            repeated: earlier.is_some(),
            turnover: turnover(&mut tx, business_date).await?,
            balanced: totals.iter().all(|t| t.balanced),
            totals,
        };
        tx.commit().await?;
        Ok(reply)
    }
}

fn entry(row: EntryRow) -> LedgerEntry {
    let (seq, line, debit, credit, amount, currency, summary, number, key, kind, business_date, posted_at, reference) =
        row;
    LedgerEntry {
        line: LedgerLine { seq, line, debit, credit, amount_minor: Minor(amount), currency, summary },
        core_reference: core_reference(&business_date, number),
        idempotency_key: key,
        kind,
        business_date,
        posted_at,
        reference,
    }
}

async fn totals(connection: &mut SqliteConnection) -> Result<Vec<CurrencyTotals>> {
    let rows: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT a.currency, coalesce(l.lines, 0), coalesce(l.amount, 0), sum(a.debit_minor), sum(a.credit_minor) \
         FROM account a LEFT JOIN (SELECT currency, count(*) AS lines, sum(amount_minor) AS amount \
         FROM ledger_line GROUP BY currency) l ON l.currency = a.currency GROUP BY a.currency ORDER BY a.currency",
    )
    .fetch_all(connection)
    .await?;
    let totals = |(currency, lines, amount, debit, credit)| CurrencyTotals {
        currency,
        lines,
        amount_minor: Minor(amount),
        debit_minor: Minor(debit),
        credit_minor: Minor(credit),
        balanced: debit == credit && debit == amount,
    };
    Ok(rows.into_iter().map(totals).collect())
}

async fn turnover(connection: &mut SqliteConnection, business_date: &str) -> Result<Vec<DayTurnover>> {
    let rows: Vec<(String, i64, i64)> = sqlx::query_as(
        "SELECT l.currency, count(*), sum(l.amount_minor) FROM ledger_line l JOIN voucher v ON v.number = l.voucher \
         WHERE v.business_date = $1 GROUP BY l.currency ORDER BY l.currency",
    )
    .bind(business_date)
    .fetch_all(connection)
    .await?;
    let day = |(currency, lines, amount)| DayTurnover { currency, lines, amount_minor: Minor(amount) };
    Ok(rows.into_iter().map(day).collect())
}
