//! The shipped binary as a process: started badly, told to stop, killed under load.
//!
//! The engine is chosen by `SHUNIU_TEST_DATABASE`, as everywhere.
//! Nothing here calls the product's commands: people work over HTTP and WebSocket, the auditor reads rows, files and the core's ledger.

mod auditor;
mod client;
mod kills;
mod people;
mod pictures;
mod stage;
mod starting;
mod stopping;
