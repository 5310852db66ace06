//! Commands on whichever engine is under test.

mod lost_replies;
mod racing;
