//! The second look at a proposed refusal.

pub mod overturn;
pub mod uphold;
