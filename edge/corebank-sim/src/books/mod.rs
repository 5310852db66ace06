//! The books: accounts, vouchers, ledger lines, in one SQLite file.
//!
//! One writer at a time, each change in one immediate transaction, on disk before it is answered.

mod accounts;
mod answer;
mod check;
mod posting;
mod reports;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use kernel::Clock;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, Transaction};

pub use answer::{Answer, Answered};

/// How long a write waits for another process that holds the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const READERS_MAX: u32 = 4;

/// Why the books did not do what was asked, other than a recorded refusal of a posting.
#[derive(Debug, thiserror::Error)]
pub enum BooksError {
    /// The request breaks the contract; nothing was looked at.
    #[error("{0}")]
    Invalid(String),
    /// There is no such account, hold or key.
    #[error("{text}")]
    NotFound { code: &'static str, text: &'static str },
    /// The key, account or hold exists with other content.
    #[error("{text}")]
    Conflict { code: &'static str, text: &'static str },
    /// A rule of the books forbids it.
    #[error("{text}")]
    Refused { code: &'static str, text: &'static str },
    /// The behavior in force made the work fail before it was committed; nothing happened.
    #[error("told to fail before the commit")]
    FailedAsTold,
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("a request has no text form: {0}")]
    Text(#[from] serde_json::Error),
    /// What is stored breaks the books' own rules.
    #[error("the books are damaged: {0}")]
    Damaged(&'static str),
}

pub type Result<T> = std::result::Result<T, BooksError>;

/// The open books.
pub struct Books {
    writer: SqlitePool,
    readers: SqlitePool,
    clock: Arc<dyn Clock>,
}

impl Books {
    /// Opens the file and creates what is missing in it.
    pub async fn open(file: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answered posting survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::raw_sql(include_str!("../schema.sql")).execute(&writer).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS_MAX).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers, clock })
    }

    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }

    async fn write(&self) -> Result<Transaction<'_, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}
