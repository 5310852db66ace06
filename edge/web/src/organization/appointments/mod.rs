//! Appointments: who holds which post, from when until when.

pub mod add;
pub mod end;
