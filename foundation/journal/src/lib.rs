//! The product's own record: who did what, when, on what, and what was refused.
//!
//! Invariants:
//! - A command commits with its entry or not at all: only [`Cx::append`] makes the [`Receipt`] that a command must return.
//! - Each subject has a chain of its own; an entry names the hash of its predecessor. No command locks a global row.
//! - A refusal is recorded too, in the chain `refusals/<actor>`, in a transaction of its own.
//! - A command's key and input hash are kept; a repeat is answered with the first reply, a different input under the same key is a conflict.
//! - Personal values are not in the hashed text; their salted hashes are. Erasing a value leaves every proof valid.
//!
//! Deliberately absent: subscriptions, search, retention. Reading is by subject, actor or time.

mod actor;
mod append;
mod command;
mod failure;
mod read;
#[cfg(test)]
mod tests;
pub mod verify;

pub use actor::{Actor, Subject};
pub use append::{Cx, Entry, Receipt, Recorded};
pub use command::{Command, Journal, Outcome, Reply, forget_keys};
pub use failure::{Answer, Failure};
pub use read::{EntryRow, by_subject, latest, private_values};
