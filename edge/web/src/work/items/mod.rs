//! Work items: giving back, and what supervisors do with them.

pub mod hand_back;
pub mod list;
pub mod priority;
pub mod reassign;
