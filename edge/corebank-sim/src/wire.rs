//! Shapes of the contract as they travel; `docs/core-connector.md` explains each field.
//!
//! Amounts are decimal text of minor units, so that no reader rounds them.
//! Dates are ISO text, instants are microseconds since 1970 in UTC.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// An amount of minor units that travels as canonical decimal text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minor(pub i64);

impl Serialize for Minor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Minor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let value: i64 = text.parse().map_err(|_| D::Error::custom("an amount is decimal text of minor units"))?;
        // "007" or "+7" would make two texts of one amount.
        if value.to_string() == text { Ok(Self(value)) } else { Err(D::Error::custom("an amount is written one way")) }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRequest {
    pub debit: String,
    pub credit: String,
    pub amount_minor: Minor,
    pub currency: String,
    #[serde(default)]
    pub summary: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostingRequest {
    pub idempotency_key: String,
    pub business_date: String,
    pub voucher: Vec<LineRequest>,
    #[serde(default)]
    pub reference: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReversalRequest {
    pub idempotency_key: String,
    pub reason: String,
    /// The day that the reversal belongs to; the original's own day when absent.
    #[serde(default)]
    pub business_date: Option<String>,
}

/// One line of the ledger, as replies and the ledger listing show it.
#[derive(Debug, Clone, Serialize)]
pub struct LedgerLine {
    pub seq: i64,
    pub line: i64,
    pub debit: String,
    pub credit: String,
    pub amount_minor: Minor,
    pub currency: String,
    pub summary: String,
}

/// The answer to a key that was posted.
#[derive(Debug, Clone, Serialize)]
pub struct PostedReply {
    pub state: &'static str,
    pub idempotency_key: String,
    pub core_reference: String,
    pub posted_at: i64,
    pub business_date: String,
    pub reference: String,
    pub kind: String,
    pub reverses: Option<String>,
    pub reversed_by: Option<String>,
    pub postings: Vec<LedgerLine>,
    pub repeated: bool,
}

/// The answer to a key that was refused.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedReply {
    pub state: &'static str,
    pub idempotency_key: String,
    pub code: String,
    pub text: String,
    pub repeated: bool,
}

/// Every reply that is neither: what is wrong, by a stable code.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idempotency_key: Option<String>,
    pub code: &'static str,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    Customer,
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountStatus {
    Active,
    StopPayment,
    Frozen,
    Closed,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAccount {
    pub account: String,
    pub name: String,
    pub currency: String,
    #[serde(default = "customer")]
    pub kind: AccountKind,
    #[serde(default = "active")]
    pub status: AccountStatus,
    #[serde(default = "nothing")]
    pub opening_balance_minor: Minor,
}

fn customer() -> AccountKind {
    AccountKind::Customer
}

fn active() -> AccountStatus {
    AccountStatus::Active
}

fn nothing() -> Minor {
    Minor(0)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenAccounts {
    pub business_date: String,
    pub accounts: Vec<OpenAccount>,
}

#[derive(Debug, Serialize)]
pub struct OpenedReply {
    pub opened: usize,
    pub existing: usize,
}

#[derive(Debug, Serialize)]
pub struct AccountReply {
    pub account: String,
    pub name: String,
    pub kind: AccountKind,
    pub status: AccountStatus,
    pub currency: String,
    pub balance_minor: Minor,
    pub held_minor: Minor,
    pub available_minor: Minor,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountInquiry {
    pub account: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRequest {
    pub status: AccountStatus,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameCheckRequest {
    pub account: String,
    pub name: String,
}

#[derive(Debug, Serialize)]
pub struct NameCheckReply {
    pub account: String,
    pub result: &'static str,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldRequest {
    pub hold_id: String,
    pub amount_minor: Minor,
    #[serde(default)]
    pub reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerQuery {
    #[serde(default)]
    pub after: i64,
    pub limit: Option<i64>,
}

/// A ledger line with its voucher's facts, for reconciliation and audit.
#[derive(Debug, Serialize)]
pub struct LedgerEntry {
    #[serde(flatten)]
    pub line: LedgerLine,
    pub core_reference: String,
    pub idempotency_key: String,
    pub kind: String,
    pub business_date: String,
    pub posted_at: i64,
    pub reference: String,
}

#[derive(Debug, Serialize)]
pub struct LedgerReply {
    pub lines: Vec<LedgerEntry>,
    /// Pass it as `after` to go on; absent at the end.
    pub next: Option<i64>,
}

/// One currency's books: three sums of different origin that must agree.
#[derive(Debug, Serialize)]
pub struct CurrencyTotals {
    pub currency: String,
    pub lines: i64,
    /// Sum of the ledger lines.
    pub amount_minor: Minor,
    /// Sum of the accounts' debit turnover.
    pub debit_minor: Minor,
    /// Sum of the accounts' credit turnover.
    pub credit_minor: Minor,
    pub balanced: bool,
}

#[derive(Debug, Serialize)]
pub struct TotalsReply {
    pub totals: Vec<CurrencyTotals>,
    pub balanced: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DayEndRequest {
    pub business_date: String,
}

#[derive(Debug, Serialize)]
pub struct DayTurnover {
    pub currency: String,
    pub lines: i64,
    pub amount_minor: Minor,
}

#[derive(Debug, Serialize)]
pub struct DayEndReply {
    pub business_date: String,
    pub closed_at: i64,
    pub repeated: bool,
    pub turnover: Vec<DayTurnover>,
    pub totals: Vec<CurrencyTotals>,
    pub balanced: bool,
}
