//! One file per group of commands.

pub mod bank;
pub mod conformance;
pub mod database;
pub mod documents;
pub mod report;
pub mod serve;
