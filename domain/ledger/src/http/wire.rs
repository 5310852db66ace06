//! Shapes of the contract on the wire, and their meaning in domain types.
//!
//! Replies may carry more fields than are read here: a core may tell more, never less.

use kernel::calendar::BusinessDate;
use kernel::{Currency, Instant, Money};
use serde::{Deserialize, Serialize};

use crate::connector::{Account, AccountStatus, CoreReference, NameCheck, PostingOutcome, QueryOutcome};
use crate::refusal::RefusalCode;
use crate::voucher::{AccountNo, Posting, PostingKey, Reversal, Voucher};

#[derive(Serialize)]
pub struct PostingRequest<'a> {
    idempotency_key: &'a str,
    business_date: String,
    voucher: Vec<LineRequest<'a>>,
    reference: &'a str,
}

#[derive(Serialize)]
struct LineRequest<'a> {
    debit: &'a str,
    credit: &'a str,
    amount_minor: String,
    currency: &'static str,
    summary: &'a str,
}

pub fn posting_request<'a>(voucher: &'a Voucher, key: &'a PostingKey) -> PostingRequest<'a> {
    let line = |posting: &'a Posting| LineRequest {
        debit: posting.debit().reveal(),
        credit: posting.credit().reveal(),
        amount_minor: posting.amount().minor().to_string(),
        currency: posting.amount().currency().code(),
        summary: posting.summary(),
    };
    PostingRequest {
        idempotency_key: key.as_str(),
        business_date: voucher.business_date().to_string(),
        voucher: voucher.postings().iter().map(line).collect(),
        reference: voucher.reference(),
    }
}

#[derive(Serialize)]
pub struct ReversalRequest<'a> {
    idempotency_key: &'a str,
    business_date: String,
    reason: &'a str,
}

pub fn reversal_request<'a>(reversal: &'a Reversal, key: &'a PostingKey) -> ReversalRequest<'a> {
    ReversalRequest {
        idempotency_key: key.as_str(),
        business_date: reversal.business_date().to_string(),
        reason: reversal.reason(),
    }
}

/// The answer of a key, on posting and on querying alike.
#[derive(Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum KeyReply {
    Posted(PostedReply),
    Refused(RefusedReply),
}

impl KeyReply {
    pub fn is_about(&self, key: &PostingKey) -> bool {
        let named = match self {
            Self::Posted(posted) => &posted.idempotency_key,
            Self::Refused(refused) => &refused.idempotency_key,
        };
        named == key.as_str()
    }
}

#[derive(Deserialize)]
pub struct PostedReply {
    idempotency_key: String,
    core_reference: String,
    posted_at: i64,
    business_date: String,
    reference: String,
    reverses: Option<String>,
    postings: Vec<LineReply>,
}

#[derive(Deserialize)]
struct LineReply {
    debit: String,
    credit: String,
    amount_minor: String,
    currency: String,
    summary: String,
}

impl PostedReply {
    pub fn outcome(self) -> PostingOutcome {
        PostingOutcome::Posted {
            core_reference: CoreReference(self.core_reference),
            at: Instant::from_micros(self.posted_at),
        }
    }

    /// `None` when what the core has posted is no voucher in our sense.
    pub fn found(self) -> Option<QueryOutcome> {
        let day = BusinessDate::parse(&self.business_date).ok()?;
        let postings = self.postings.into_iter().map(LineReply::posting).collect::<Option<Vec<_>>>()?;
        let reverses = match self.reverses {
            Some(key) => Some(PostingKey::parse(&key).ok()?),
            None => None,
        };
        Some(QueryOutcome::Posted {
            core_reference: CoreReference(self.core_reference),
            at: Instant::from_micros(self.posted_at),
            voucher: Voucher::new(day, postings, self.reference).ok()?,
            reverses,
        })
    }
}

impl LineReply {
    fn posting(self) -> Option<Posting> {
        let amount = money(&self.amount_minor, Currency::parse(&self.currency).ok()?)?;
        let (debit, credit) = (AccountNo::parse(&self.debit).ok()?, AccountNo::parse(&self.credit).ok()?);
        Posting::new(debit, credit, amount, self.summary).ok()
    }
}

#[derive(Deserialize)]
pub struct RefusedReply {
    idempotency_key: String,
    code: String,
    text: String,
}

impl RefusedReply {
    pub fn outcome(self) -> PostingOutcome {
        PostingOutcome::Refused { code: RefusalCode::parse(&self.code), text: self.text }
    }

    pub fn found(self) -> QueryOutcome {
        QueryOutcome::Refused { code: RefusalCode::parse(&self.code), text: self.text }
    }
}

#[derive(Deserialize)]
pub struct ErrorReply {
    pub code: String,
    idempotency_key: Option<String>,
}

impl ErrorReply {
    pub fn is(&self, code: &str, key: &PostingKey) -> bool {
        self.code == code && self.idempotency_key.as_deref() == Some(key.as_str())
    }
}

#[derive(Serialize)]
pub struct AccountRequest<'a> {
    pub account: &'a str,
}

#[derive(Deserialize)]
pub struct AccountReply {
    account: String,
    name: String,
    status: String,
    currency: String,
    balance_minor: String,
    held_minor: String,
    available_minor: String,
}

impl AccountReply {
    /// `None` when it is about another account or cannot be read.
    pub fn about(self, number: &AccountNo) -> Option<Account> {
        let currency = Currency::parse(&self.currency).ok()?;
        let status = match self.status.as_str() {
            "active" => AccountStatus::Active,
            "stop_payment" => AccountStatus::StopPayment,
            "frozen" => AccountStatus::Frozen,
            "closed" => AccountStatus::Closed,
            _ => return None,
        };
        (self.account == number.reveal()).then_some(())?;
        Some(Account {
            number: number.clone(),
            name: self.name,
            status,
            currency,
            balance: money(&self.balance_minor, currency)?,
            held: money(&self.held_minor, currency)?,
            available: money(&self.available_minor, currency)?,
        })
    }
}

#[derive(Serialize)]
pub struct NameCheckRequest<'a> {
    pub account: &'a str,
    pub name: &'a str,
}

#[derive(Deserialize)]
pub struct NameCheckReply {
    account: String,
    result: String,
}

impl NameCheckReply {
    pub fn about(self, number: &AccountNo) -> Option<NameCheck> {
        match self.result.as_str() {
            _ if self.account != number.reveal() => None,
            "match" => Some(NameCheck::Match),
            "mismatch" => Some(NameCheck::Mismatch),
            _ => None,
        }
    }
}

/// Minor units in their one canonical text.
fn money(minor: &str, currency: Currency) -> Option<Money> {
    let value: i64 = minor.parse().ok()?;
    (value.to_string() == minor).then(|| Money::from_minor(value, currency))
}
