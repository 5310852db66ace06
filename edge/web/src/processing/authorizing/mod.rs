//! The authorizing station: releasing above a limit, or not.

pub mod approve;
pub mod refuse;
pub mod send_back;
