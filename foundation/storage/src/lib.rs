//! The two databases, background jobs and encrypted blobs.
//!
//! Invariants:
//! - Only this crate knows which engine runs; a domain file holds one SQL text for both.
//! - A write is a closure that may run again; it commits whole or not at all, and it is not cut short when its caller goes away.
//! - On SQLite all writes pass one writer with group commit; readers have connections of their own that cannot write.
//! - Nothing leaves the process unencrypted for the blob store.
//!
//! Deliberately absent: repositories, query builders, an event bus, knowledge of any bank word.

mod bell;
pub mod blobs;
mod bucket_http;
pub mod cipher;
mod conn;
mod db;
mod embedded;
mod fault;
pub mod jobs;
mod migrations;
pub mod page;
mod postgres_readers;
mod postgres_together;
mod postgres_writers;
mod row;
mod sqlite_writer;
mod value;
pub mod vault;

pub use bell::Rings;
pub use conn::{Conn, Reader, SKIP_LOCKED, Sql, Tx, sql};
pub use db::{BoxFuture, Database, Db, WriteError};
pub use fault::Fault;
pub use migrations::schema;
pub use page::{Cursor, Page};
pub use row::Row;
pub use value::{Bind, Value};
