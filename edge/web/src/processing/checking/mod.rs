//! The checking station: decisions on the whole item.

pub mod draft;
pub mod pass;
pub mod refuse;
pub mod rescan;
pub mod return_item;
pub mod suspend;
