//! Commands on whichever engine is under test.

mod racing;
