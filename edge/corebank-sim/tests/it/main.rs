//! The simulated core as its clients meet it, over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod behavior;
mod books;
mod process;
mod world;
