//! Faults: what went wrong in the machine, as opposed to what was refused to a user.

use rusqlite::ErrorCode;
use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};

/// A fault below the domain. Users never see its text; they see an incident number.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// From the writer of an embedded database.
    #[error("embedded database: {0}")]
    Embedded(#[from] rusqlite::Error),
    #[error("migration: {0}")]
    Migration(sqlx::migrate::MigrateError),
    /// The schema was made by migrations that are not those of this program.
    #[error(
        "this database was made by another version of the program: its migration {migration} is not one of this version. \
         Nothing was changed. A demonstration is made anew by `cargo xtask demo --fresh`; \
         otherwise run the version that made it, or restore a backup that this version made"
    )]
    OtherVersion { migration: i64 },
    #[error("blob store: {0}")]
    Blobs(#[from] object_store::Error),
    #[error("input/output: {0}")]
    Io(#[from] std::io::Error),
    /// A stored value that the code cannot have written.
    #[error("stored data is inconsistent: {0}")]
    Inconsistent(String),
    #[error("key store: {0}")]
    Keys(String),
    /// The connection went between the commit and its reply: the command is done, or it is not.
    /// Only who can look for what it would have left may run it again, such as a command with its idempotency key.
    #[error("whether it was committed is not known: {0}")]
    OutcomeUnknown(Box<Fault>),
    #[error("the writer has stopped")]
    Stopped,
    #[error("a command panicked: {0}")]
    Panicked(String),
}

impl From<sqlx::migrate::MigrateError> for Fault {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError::{VersionMismatch, VersionMissing};
        match error {
            VersionMismatch(migration) | VersionMissing(migration) => Self::OtherVersion { migration },
            error => Self::Migration(error),
        }
    }
}

impl Fault {
    pub fn inconsistent(what: impl Into<String>) -> Self {
        Self::Inconsistent(what.into())
    }

    /// Whether the same closure may succeed when run again: serialization failure, deadlock, busy, or a unique race.
    pub fn is_retryable(&self) -> bool {
        if let Self::Embedded(rusqlite::Error::SqliteFailure(inner, _)) = self {
            return matches!(inner.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked);
        }
        let Self::Database(error) = self else { return false };
        match error {
            sqlx::Error::Database(inner) => {
                let code = inner.code().unwrap_or_default();
                // 40001 serialization failure, 40P01 deadlock, 55P03 lock not available, 23505 unique race on PostgreSQL;
                // 5 busy, 6 locked and their extended forms on SQLite.
                matches!(code.as_ref(), "40001" | "40P01" | "55P03" | "23505" | "5" | "6" | "261" | "262" | "517")
            }
            // A connection that PostgreSQL closed under us before the commit was sent; later it is `OutcomeUnknown`.
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => true,
            _ => false,
        }
    }

    /// Whether PostgreSQL is no longer at the other end: the line broke, or the server said that it ends.
    pub(crate) fn is_lost_connection(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Io(_)) => true,
            // 57P01 an administrator ends the connection, 57P02 a crash of another, 57P03 not yet up again.
            Self::Database(sqlx::Error::Database(inner)) => {
                matches!(inner.code().unwrap_or_default().as_ref(), "57P01" | "57P02" | "57P03")
            }
            _ => false,
        }
    }

    /// What a fault means that came in answer to a commit: the server's own word is certain, its silence is not.
    pub(crate) fn at_commit(self) -> Self {
        match self {
            Self::Database(sqlx::Error::Database(_)) | Self::Embedded(_) => self,
            fault => Self::OutcomeUnknown(Box::new(fault)),
        }
    }

    /// Whether a unique constraint refused the row; the domain turns this into its refusal.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(inner)) => inner.is_unique_violation(),
            Self::Embedded(rusqlite::Error::SqliteFailure(inner, _)) => {
                matches!(inner.extended_code, SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY)
            }
            _ => false,
        }
    }
}
