//! What a core can be asked, and what its answers and its silence mean.

use std::fmt;

use futures_util::future::BoxFuture;
use kernel::{Currency, Instant, Money};

use crate::refusal::RefusalCode;
use crate::voucher::{AccountNo, PostingKey, Reversal, Voucher};

/// The core's own number of a posted voucher.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CoreReference(pub String);

impl fmt::Display for CoreReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The one answer that a key gets, for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostingOutcome {
    Posted {
        core_reference: CoreReference,
        /// The core's clock.
        at: Instant,
    },
    /// Nothing moved and nothing will under this key; a new decision takes a new key.
    Refused {
        code: RefusalCode,
        /// The core's sentence. What the posting step keeps is the code, and people read the bank's reason for it.
        text: String,
    },
}

/// What a core knows of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueryOutcome {
    /// The core has not answered this key; a try may still be on its way.
    NeverSeen,
    Posted {
        core_reference: CoreReference,
        at: Instant,
        /// What was posted, to be held against what was meant.
        voucher: Voucher,
        /// The key that this one undid.
        reverses: Option<PostingKey>,
    },
    Refused {
        code: RefusalCode,
        text: String,
    },
}

/// Why there is no answer.
/// The texts name the kind of trouble only: no address, account or person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectorError {
    /// Bytes went out and no answer can be relied on: the reply was lost, late, or no reply of the contract.
    /// The work may have been done, may be done later, or never; ask before anything is repeated.
    #[error("the outcome is unknown: {0}")]
    Unknown(String),
    /// No connection came about; not one byte of the request left.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The core answered that the request breaks the contract; repeating it will not help.
    #[error("the contract is broken: {0}")]
    Protocol(String),
    /// The key belongs to another request; a person must look.
    #[error("the key was used for another request")]
    KeyConflict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    /// Pays nothing out (止付).
    StopPayment,
    /// Neither pays nor receives (冻结).
    Frozen,
    Closed,
}

/// An account as the core tells it; the name is C2 data and stays out of `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub number: AccountNo,
    pub name: String,
    pub status: AccountStatus,
    pub currency: Currency,
    /// Credits less debits: what the bank owes the customer.
    pub balance: Money,
    /// Set aside by holds.
    pub held: Money,
    /// What may be paid out: balance less held.
    pub available: Money,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("number", &self.number).field("status", &self.status).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameCheck {
    Match,
    Mismatch,
    UnknownAccount,
}

/// The outcome of asking a core.
pub type Asking<'a, T> = BoxFuture<'a, Result<T, ConnectorError>>;

/// A core, or its adapter; the contract is `docs/core-connector.md`.
///
/// Post and reverse through [`crate::settle`] and [`crate::settle_reversal`], which know when to ask first.
pub trait CoreConnector: Send + Sync {
    /// Posts all of the voucher or nothing; under one key at most once.
    fn post<'a>(&'a self, voucher: &'a Voucher, key: &'a PostingKey) -> Asking<'a, PostingOutcome>;

    /// What became of a key, of a posting or of a reversal.
    fn query<'a>(&'a self, key: &'a PostingKey) -> Asking<'a, QueryOutcome>;

    /// Posts the opposite of a posted voucher under a key of its own.
    fn reverse<'a>(&'a self, reversal: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome>;

    /// The account's standing; `None` when there is no such account.
    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>>;

    /// Whether the name belongs to the account; the core compares, and tells no name.
    fn name_check<'a>(&'a self, number: &'a AccountNo, name: &'a str) -> Asking<'a, NameCheck>;
}
