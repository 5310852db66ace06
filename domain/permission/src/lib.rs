//! The one enforcement kernel: who may do what, and who may never do both.
//!
//! Invariants:
//! - An act needs a [`Permit`], and only [`Rights::permit`] makes one; what the policy does not name is refused.
//! - The policy is one table, [`policy::POLICY`], printed as a committed matrix.
//! - No person does two incompatible acts on one subject. The rules are one table, [`separation::RULES`]; doing an act, or being handed the
//!   work for it, writes a row that the database holds unique, so that two racing acts cannot both pass and even a statement by hand cannot.
//! - No role, flag or configuration changes either; there is no superuser.
//!
//! Deliberately absent: roles that a bank edits at run time. Posts are organized by the bank; what a duty may do is reviewed here.

pub mod action;
pub mod appointment;
pub mod kinship;
pub mod policy;
pub mod rights;
pub mod separation;

pub use action::{Act, Action, act};
pub use policy::Scope;
pub use rights::{Grant, Permit, Rights};
pub use separation::Hand;
