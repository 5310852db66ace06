//! Pages of an item at its outlet.

pub mod add;
pub mod remove;
