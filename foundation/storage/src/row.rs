//! A result row of either engine, read by column name.

use crate::Fault;
use kernel::calendar::BusinessDate;
use kernel::{Id, Instant};
use sqlx::Row as _;

/// A row; every accessor names the column in its fault.
#[derive(Debug)]
pub enum Row {
    Sqlite(sqlx::sqlite::SqliteRow),
    Postgres(sqlx::postgres::PgRow),
}

macro_rules! get {
    ($row:expr, $column:expr, $type:ty) => {
        match $row {
            Row::Sqlite(row) => row.try_get::<$type, _>($column),
            Row::Postgres(row) => row.try_get::<$type, _>($column),
        }
        .map_err(|error| Fault::inconsistent(format!("column `{}`: {error}", $column)))
    };
}

impl Row {
    pub fn int(&self, column: &str) -> Result<i64, Fault> {
        get!(self, column, i64)
    }

    pub fn opt_int(&self, column: &str) -> Result<Option<i64>, Fault> {
        get!(self, column, Option<i64>)
    }

    pub fn text(&self, column: &str) -> Result<String, Fault> {
        get!(self, column, String)
    }

    pub fn opt_text(&self, column: &str) -> Result<Option<String>, Fault> {
        get!(self, column, Option<String>)
    }

    pub fn bytes(&self, column: &str) -> Result<Vec<u8>, Fault> {
        get!(self, column, Vec<u8>)
    }

    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>, Fault> {
        get!(self, column, Option<Vec<u8>>)
    }

    pub fn bool(&self, column: &str) -> Result<bool, Fault> {
        get!(self, column, bool)
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
