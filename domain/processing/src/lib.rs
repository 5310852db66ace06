//! Centralized processing: an outlet's voucher is keyed blind, checked, authorized and posted by people who never meet.
//!
//! Invariants:
//! - What a business is, is a [`definition`]; there is no `if` on a business type in this crate.
//! - An item's state changes only along [`item::TRANSITIONS`], and every change writes the item's version and a journal entry.
//! - Every field is keyed by the passes that its key mode asks for; no keyer learns another's value.
//! - No person appears twice among the steps of an item; the `permission` crate holds that, this crate only names the hands.
//! - Money moves in the posting step alone, once, under a key made of outlet, business date and item number.
//!   An outcome that is not known is asked for before anything is sent again.
//! - A rescan adds a version of a page; what it replaces stays.
//!
//! Deliberately absent: seal verification, name lists and call-back (steps of later areas), and any knowledge of HTTP.

pub mod authorizing;
pub mod checking;
pub mod checks;
pub mod definition;
pub mod handing_back;
pub mod item;
pub mod jobs;
pub mod keying;
pub mod mask;
pub mod posting;
pub mod queues;
pub mod reasons;
pub mod report;
pub mod slicing;
