//! The demonstration: an invented province, the vouchers its customers bring, and simulated people who work in it.
//!
//! Invariants:
//! - Everything is a function of a seed; two programs that share the seed agree without talking to each other.
//! - Simulated outlets and people use the product's public interface only, with the rights of the posts they hold.
//! - What is really written on a voucher reaches simulated people through a folder beside the product, never through it.
//!
//! Deliberately absent: access to the product's database but for the loader in [`seed`], and anything a real bank would run.

pub mod client;
pub mod command;
pub mod definitions;
pub mod documents;
pub mod mistakes;
pub mod outlets;
pub mod people;
pub mod province;
pub mod random;
pub mod receipts;
pub mod report;
pub mod samples;
pub mod seed;
pub mod truth;
pub mod words;
