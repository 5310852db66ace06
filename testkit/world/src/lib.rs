//! A small bank with named people, for tests that speak the trade's language.
//!
//! `World::new()` gives a migrated database of the engine under test, a clock that stands still, an outlet, a center, people in their posts,
//! one business type, an image store and a simulated core of its own.
//! Its verbs drive the real commands: `world.captures("teller")`, `world.key(..)`, `world.drain()`.

mod bank;
mod pictures;
mod verbs;

pub use bank::{PEOPLE, TYPE_CODE, World};
pub use verbs::voucher_values;
