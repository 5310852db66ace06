//! Posting, reversing, and telling what became of a key.
//!
//! A key is answered once: posted or refused.
//! A refusal is recorded like a posting, because a request that was delayed on its way could otherwise still be
//! posted after its sender had been told "refused".

use std::collections::HashMap;

use sqlx::SqliteConnection;

use super::answer::{Answer, Answered, answer_of};
use super::{Books, BooksError, Result, check};
use crate::behavior::Switch;
use crate::wire::{LedgerLine, LineRequest, PostedReply, PostingRequest, ReversalRequest};

/// Most lines of one voucher.
const VOUCHER_LINES_MAX: usize = 1_000;
/// Largest amount of one line, a hundred trillion yuan: sums over the whole books stay far inside 64 bits.
const AMOUNT_MINOR_MAX: i64 = 10_000_000_000_000_000;
/// Keys of opening entries; nobody else may use them.
const OPENING_PREFIX: &str = "opening:";

/// Why a posting is refused; the text names no account and no person.
pub(super) struct Refusal {
    pub code: String,
    pub text: String,
}

impl Refusal {
    fn new(code: &str, text: &str) -> Self {
        Self { code: code.to_owned(), text: text.to_owned() }
    }
}

/// What one key asks for, whichever way it came.
pub(super) struct Asked<'a> {
    pub key: &'a str,
    pub kind: &'static str,
    /// Canonical text; a repeat has the same one.
    pub request: String,
    pub business_date: Option<&'a str>,
    pub reference: &'a str,
    pub reverses: Option<&'a str>,
}

impl Books {
    /// Posts a voucher, or records why not, or repeats the earlier answer.
    pub async fn post(&self, request: &PostingRequest, switch: &Switch) -> Result<Answered> {
        check_posting(request)?;
        let asked = Asked {
            key: &request.idempotency_key,
            kind: "posting",
            request: serde_json::to_string(request)?,
            business_date: Some(&request.business_date),
            reference: &request.reference,
            reverses: None,
        };
        let mut tx = self.write().await?;
        if let Some(earlier) = repeat(&mut tx, &asked).await? {
            return Ok(earlier);
        }
        let refusal = match told_refusal(switch) {
            Some(refusal) => Some(refusal),
            None => self.refusal_of(&mut tx, &request.business_date, &request.voucher).await?,
        };
        self.record(&mut tx, &asked, refusal, &request.voucher).await?;
        finish(tx, asked.key, switch).await
    }

    /// Posts the opposite of a posted voucher, once.
    pub async fn reverse(&self, original: &str, request: &ReversalRequest, switch: &Switch) -> Result<Answered> {
        check::key(original)?;
        check_new_key(&request.idempotency_key)?;
        check::free_text("reason", &request.reason)?;
        if let Some(date) = &request.business_date {
            check::date(date)?;
        }
        let mut tx = self.write().await?;
        let found = answer_of(&mut tx, original, true).await?;
        let (lines, original_date, reference) = match &found {
            Some((Answer::Posted(posted), _)) => {
                (opposite(posted, &request.reason), Some(posted.business_date.clone()), posted.reference.clone())
            }
            _ => (Vec::new(), None, String::new()),
        };
        let business_date = request.business_date.clone().or(original_date);
        let asked = Asked {
            key: &request.idempotency_key,
            kind: "reversal",
            request: format!("{original} {}", serde_json::to_string(request)?),
            business_date: business_date.as_deref(),
            reference: &reference,
            reverses: Some(original),
        };
        if let Some(earlier) = repeat(&mut tx, &asked).await? {
            return Ok(earlier);
        }
        let refusal = match told_refusal(switch).or_else(|| not_reversible(found.as_ref().map(|(answer, _)| answer))) {
            Some(refusal) => Some(refusal),
            None => self.refusal_of(&mut tx, business_date.as_deref().unwrap_or_default(), &lines).await?,
        };
        self.record(&mut tx, &asked, refusal, &lines).await?;
        finish(tx, asked.key, switch).await
    }

    /// What became of a key; `None` when it was never seen.
    pub async fn query(&self, key: &str) -> Result<Option<Answer>> {
        check::key(key)?;
        let mut connection = self.readers.acquire().await?;
        Ok(answer_of(&mut connection, key, true).await?.map(|(answer, _)| answer))
    }

    /// Writes the one row of the key and, unless refused, its lines; triggers move the balances.
    pub(super) async fn record(
        &self,
        tx: &mut SqliteConnection,
        asked: &Asked<'_>,
        refusal: Option<Refusal>,
        lines: &[LineRequest],
    ) -> Result<()> {
        let (code, text) = refusal.map(|refusal| (refusal.code, refusal.text)).unzip();
        let posted = code.is_none();
        let (number,): (i64,) = sqlx::query_as(
            "INSERT INTO voucher (idempotency_key, kind, request, state, business_date, answered_at, reference, \
             reverses, refusal_code, refusal_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING number",
        )
        .bind(asked.key)
        .bind(asked.kind)
        .bind(&asked.request)
        .bind(if posted { "posted" } else { "refused" })
        .bind(asked.business_date)
        .bind(self.clock.now().micros())
        .bind(asked.reference)
        .bind(asked.reverses.filter(|_| posted))
        .bind(code)
        .bind(text)
        .fetch_one(&mut *tx)
        .await?;
        if !posted {
            return Ok(());
        }
        for (line, at) in lines.iter().zip(1_i64..) {
            sqlx::query(
                "INSERT INTO ledger_line (voucher, line, debit, credit, amount_minor, currency, summary) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(number)
            .bind(at)
            .bind(&line.debit)
            .bind(&line.credit)
            .bind(line.amount_minor.0)
            .bind(&line.currency)
            .bind(&line.summary)
            .execute(&mut *tx)
            .await?;
        }
        Ok(())
    }

    /// The first rule that the lines break, taken in their order; `None` when they may be posted.
    pub(super) async fn refusal_of(
        &self,
        tx: &mut SqliteConnection,
        business_date: &str,
        lines: &[LineRequest],
    ) -> Result<Option<Refusal>> {
        if is_closed(tx, business_date).await? {
            return Ok(Some(Refusal::new("day_closed", "the business date is closed")));
        }
        let mut accounts: HashMap<&str, Standing> = HashMap::new();
        for line in lines {
            for number in [line.debit.as_str(), line.credit.as_str()] {
                if !accounts.contains_key(number) {
                    let Some(standing) = standing(tx, number).await? else {
                        return Ok(Some(Refusal::new("unknown_account", "an account of the voucher does not exist")));
                    };
                    accounts.insert(number, standing);
                }
            }
            if let Some(refusal) = apply(&mut accounts, line) {
                return Ok(Some(refusal));
            }
        }
        Ok(None)
    }
}

/// What the rules need to know of an account while a voucher is worked through.
struct Standing {
    customer: bool,
    status: String,
    currency: String,
    debit_minor: i64,
    credit_minor: i64,
    held_minor: i64,
}

async fn standing(tx: &mut SqliteConnection, number: &str) -> Result<Option<Standing>> {
    let row: Option<(String, String, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT kind, status, currency, debit_minor, credit_minor, held_minor FROM account WHERE number = $1",
    )
    .bind(number)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|(kind, status, currency, debit_minor, credit_minor, held_minor)| Standing {
        customer: kind == "customer",
        status,
        currency,
        debit_minor,
        credit_minor,
        held_minor,
    }))
}

/// Moves one line's amount between the standings, or says which rule it breaks.
fn apply(accounts: &mut HashMap<&str, Standing>, line: &LineRequest) -> Option<Refusal> {
    let amount = line.amount_minor.0;
    for (number, debited) in [(line.debit.as_str(), true), (line.credit.as_str(), false)] {
        let Some(account) = accounts.get_mut(number) else {
            return Some(Refusal::new("unknown_account", "an account of the voucher does not exist"));
        };
        if account.currency != line.currency {
            return Some(Refusal::new("wrong_currency", "an account of the voucher is in another currency"));
        }
        match (account.status.as_str(), debited) {
            ("closed", _) => return Some(Refusal::new("account_closed", "an account of the voucher is closed")),
            ("frozen", _) => return Some(Refusal::new("account_frozen", "an account of the voucher is frozen")),
            ("stop_payment", true) => {
                return Some(Refusal::new("stop_payment", "payments from the debit account are stopped"));
            }
            _ => {}
        }
        let turnover = if debited { &mut account.debit_minor } else { &mut account.credit_minor };
        let Some(moved) = turnover.checked_add(amount).filter(|_| amount <= AMOUNT_MINOR_MAX) else {
            return Some(Refusal::new("amount_too_large", "the amount exceeds what an account can hold"));
        };
        *turnover = moved;
        let available = account.credit_minor - account.debit_minor;
        if debited && account.customer && available < account.held_minor {
            return Some(Refusal::new("insufficient_funds", "the available balance does not cover the amount"));
        }
    }
    None
}

pub(super) async fn is_closed(tx: &mut SqliteConnection, business_date: &str) -> Result<bool> {
    let (last,): (Option<String>,) = sqlx::query_as("SELECT max(business_date) FROM day_end").fetch_one(tx).await?;
    Ok(last.is_some_and(|last| business_date <= last.as_str()))
}

fn told_refusal(switch: &Switch) -> Option<Refusal> {
    switch.refusal().map(|code| Refusal { code, text: "refused as the simulated core was told to".to_owned() })
}

fn not_reversible(original: Option<&Answer>) -> Option<Refusal> {
    match original {
        None => Some(Refusal::new("never_seen", "the posting to reverse was never seen")),
        Some(Answer::Refused(_)) => Some(Refusal::new("not_reversible", "the posting to reverse was refused")),
        Some(Answer::Posted(posted)) if posted.kind != "posting" => {
            Some(Refusal::new("not_reversible", "only a posting can be reversed"))
        }
        Some(Answer::Posted(posted)) if posted.reversed_by.is_some() => {
            Some(Refusal::new("already_reversed", "the posting was reversed before"))
        }
        Some(Answer::Posted(_)) => None,
    }
}

/// The lines of a reversal: sides exchanged, last line first, so that funds return before they are needed.
fn opposite(posted: &PostedReply, reason: &str) -> Vec<LineRequest> {
    let turned = |line: &LedgerLine| LineRequest {
        debit: line.credit.clone(),
        credit: line.debit.clone(),
        amount_minor: line.amount_minor,
        currency: line.currency.clone(),
        summary: reason.to_owned(),
    };
    posted.postings.iter().rev().map(turned).collect()
}

/// The earlier answer of the key, when there is one and it was for the same request.
async fn repeat(tx: &mut SqliteConnection, asked: &Asked<'_>) -> Result<Option<Answered>> {
    match answer_of(tx, asked.key, true).await? {
        None => Ok(None),
        Some((answer, request)) if request == asked.request => Ok(Some(Answered { answer, repeated: true })),
        Some(_) => Err(BooksError::Conflict {
            code: "key_conflict",
            text: "the key was used for another request; nothing was done for this one",
        }),
    }
}

async fn finish(mut tx: sqlx::Transaction<'_, sqlx::Sqlite>, key: &str, switch: &Switch) -> Result<Answered> {
    let Some((answer, _)) = answer_of(&mut tx, key, false).await? else {
        return Err(BooksError::Damaged("a key that was just recorded is not there"));
    };
    if switch.take_failure() {
        tx.rollback().await?;
        return Err(BooksError::FailedAsTold);
    }
    tx.commit().await?;
    Ok(Answered { answer, repeated: false })
}

fn check_new_key(key: &str) -> Result<()> {
    check::key(key)?;
    if key.starts_with(OPENING_PREFIX) {
        return Err(BooksError::Invalid(format!("keys that begin with {OPENING_PREFIX} belong to account openings")));
    }
    Ok(())
}

fn check_posting(request: &PostingRequest) -> Result<()> {
    check_new_key(&request.idempotency_key)?;
    check::date(&request.business_date)?;
    check::free_text("reference", &request.reference)?;
    if request.voucher.is_empty() || request.voucher.len() > VOUCHER_LINES_MAX {
        return Err(BooksError::Invalid(format!("a voucher has 1 to {VOUCHER_LINES_MAX} postings")));
    }
    for line in &request.voucher {
        check::account(&line.debit)?;
        check::account(&line.credit)?;
        check::currency(&line.currency)?;
        check::free_text("summary", &line.summary)?;
        if line.amount_minor.0 <= 0 {
            return Err(BooksError::Invalid("an amount is above zero".to_owned()));
        }
        if line.debit == line.credit {
            return Err(BooksError::Invalid("debit and credit are different accounts".to_owned()));
        }
    }
    Ok(())
}

pub(super) fn opening_key(account: &str) -> String {
    format!("{OPENING_PREFIX}{account}")
}
