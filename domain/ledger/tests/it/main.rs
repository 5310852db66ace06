//! The connector against the simulated core, served in this process over real sockets.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod conformance;
mod faults;
mod world;
