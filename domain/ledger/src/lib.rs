//! The product's side of the core, the bank's accounting system: what is sent to it, and what its silence means.
//!
//! Invariants:
//! - A posting is one debit account, one credit account, one amount above zero; a voucher is a list of postings.
//!   Imbalance has no spelling.
//! - Money moves in the core alone, once per [`PostingKey`].
//! - After a try whose outcome is unknown the core is asked before anything is sent again ([`settle`]).
//! - Account numbers are in no address, no log line and no error text; [`AccountNo`] masks itself.
//!
//! Deliberately absent: balances and books of our own (the core has them), choice of accounts (posting templates of the
//! business type), waiting between tries (jobs), permission to post (the caller has decided).
//!
//! The contract that a core meets through its adapter is `docs/core-connector.md`; [`conformance`] tests it.

pub mod conformance;
mod connector;
mod http;
mod refusal;
mod settle;
mod voucher;

pub use connector::{
    Account, AccountStatus, Asking, ConnectorError, CoreConnector, CoreReference, NameCheck, PostingOutcome,
    QueryOutcome,
};
pub use http::{HttpCore, HttpCoreConfig, HttpCoreError};
pub use refusal::RefusalCode;
pub use settle::{Attempt, Found, Progress, Settled, settle, settle_reversal};
pub use voucher::{AccountNo, Posting, PostingKey, Reversal, Voucher, VoucherError};
