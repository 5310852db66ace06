//! One's own presence.

pub mod change;
pub mod read;
