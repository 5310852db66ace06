//! Institutions: finding, reading, renaming.

pub mod list;
pub mod read;
pub mod rename;
