//! A result row of either engine, read by column name.

use crate::Fault;
use crate::embedded::EmbeddedRow;
use kernel::calendar::BusinessDate;
use kernel::{Id, Instant};
use sqlx::Row as _;
use std::fmt::Display;

/// A row; every accessor names the column in its fault.
#[derive(Debug)]
pub enum Row {
    /// Of the writer of an embedded database.
    Embedded(EmbeddedRow),
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

macro_rules! get {
    ($row:expr, $column:expr, $type:ty, |$embedded:ident| $read:expr) => {
        match $row {
            Row::Embedded($embedded) => $read.map_err(|error| unreadable($column, error)),
            Row::Sqlite(row) => row.try_get::<Option<$type>, _>($column).map_err(|error| unreadable($column, error)),
            Row::Postgres(row) => row.try_get::<Option<$type>, _>($column).map_err(|error| unreadable($column, error)),
        }
    };
}

fn unreadable(column: &str, error: impl Display) -> Fault {
    Fault::inconsistent(format!("column `{column}`: {error}"))
}

fn present<T>(column: &str, value: Option<T>) -> Result<T, Fault> {
    value.ok_or_else(|| unreadable(column, "it is null"))
}

impl Row {
    pub fn int(&self, column: &str) -> Result<i64, Fault> {
        present(column, self.opt_int(column)?)
    }

    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, Fault> {
        get!(self, column, i64, |row| row.int(column))
    }

    pub fn text(&self, column: &str) -> Result<String, Fault> {
        present(column, self.opt_text(column)?)
    }

    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Fault> {
        get!(self, column, String, |row| row.text(column).map(|text| text.map(str::to_owned)))
    }

    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Fault> {
        present(column, self.opt_bytes(column)?)
    }

    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Fault> {
        get!(self, column, Vec<u8>, |row| row.bytes(column).map(|bytes| bytes.map(<[u8]>::to_vec)))
    }

    pub fn bool(&self, column: &str) -> Result<bool, Fault> {
        present(column, get!(self, column, bool, |row| row.int(column).map(|it| it.map(|it| it != 0)))?)
    }

    pub fn instant(&self, column: &str) -> Result<Instant, Fault> {
        self.int(column).map(Instant::from_micros)
    }

    pub fn opt_instant(&self, column: &str) -> Result<Option<Instant>, Fault> {
        Ok(self.opt_int(column)?.map(Instant::from_micros))
    }

    pub fn id<K: kernel::id::Kind>(&self, column: &str) -> Result<Id<K>, Fault> {
        let text = self.text(column)?;
        Id::parse(&text).map_err(|error| Fault::inconsistent(format!("column `{column}`: {error}")))
    }

    pub fn opt_id<K: kernel::id::Kind>(&self, column: &str) -> Result<Option<Id<K>>, Fault> {
        self.opt_text(column)?
            .map(|text| Id::parse(&text).map_err(|error| Fault::inconsistent(format!("column `{column}`: {error}"))))
            .transpose()
    }

    pub fn date(&self, column: &str) -> Result<BusinessDate, Fault> {
        let text = self.text(column)?;
        text.parse().map_err(|error| Fault::inconsistent(format!("column `{column}`: {error}")))
    }

    /// A text column read through a closed list, such as a state.
    pub fn parsed<T>(&self, column: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let text = self.text(column)?;
        parse(&text).ok_or_else(|| Fault::inconsistent(format!("column `{column}` holds unknown `{text}`")))
    }
}
