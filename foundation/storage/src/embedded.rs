//! The writer's connection to an embedded database.
//!
//! A statement runs on the thread that asks for it. The pooled connections of the readers hand each statement to a thread of their own
//! and wait for its answer; for the one writer, whose statements take some microseconds each, two changes of thread cost more than the work.

use crate::conn::Sql;
use crate::{Fault, Row, Value};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value as Stored, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Prepared statements that are kept: more than the product has.
const STATEMENTS_KEPT: usize = 1024;

/// What is worked on should be in memory: with SQLite's default of 2 MiB most of a lease among 100,000 items was reading pages again.
const CACHE_KIB: i64 = 64 << 10;
/// The log is brought into the file after so many pages, 32 MiB: a page that changes with every command is then copied seldom.
const CHECKPOINT_PAGES: i64 = 8 << 10;

/// Names of a statement's columns, in their order.
type Columns = Arc<[Box<str>]>;

#[derive(Debug)]
pub(crate) struct Embedded {
    conn: Connection,
    /// By the statement's text, which is a constant: its address names it.
    columns: HashMap<(usize, usize), Columns>,
}

/// A row that has left its statement.
#[derive(Debug)]
pub struct EmbeddedRow {
    columns: Columns,
    values: Vec<Stored>,
}

impl Embedded {
    pub fn open(path: &Path, durable: bool) -> Result<Self, Fault> {
        let conn = Connection::open(path)?;
        conn.busy_timeout(Duration::from_secs(10))?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", if durable { "FULL" } else { "OFF" })?;
        conn.pragma_update(None, "foreign_keys", true)?;
        conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
        conn.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        // Without it a statement is planned anew whenever a limit or a pattern is bound to it: an eighth of a lease.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
        Ok(Self { conn, columns: HashMap::new() })
    }

    pub fn all(&mut self, statement: &Sql) -> Result<Vec<Row>, Fault> {
        let mut prepared = self.conn.prepare_cached(statement.text())?;
        bind(&mut prepared, statement.values())?;
        let columns = self.columns.entry(name(statement.text())).or_insert_with(|| columns_of(&prepared));
        let mut rows = prepared.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns.len()).map(|place| row.get(place)).collect::<Result<_, _>>()?;
            found.push(Row::Embedded(EmbeddedRow { columns: Arc::clone(columns), values }));
        }
        Ok(found)
    }

    /// Runs the statement; answers how many rows it changed.
    pub fn run(&mut self, statement: &Sql) -> Result<u64, Fault> {
        let mut prepared = self.conn.prepare_cached(statement.text())?;
        bind(&mut prepared, statement.values())?;
        if prepared.column_count() == 0 {
            return Ok(prepared.raw_execute()? as u64);
        }
        let mut rows = prepared.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        Ok(self.conn.changes())
    }
}

fn name(text: &'static str) -> (usize, usize) {
    (text.as_ptr().addr(), text.len())
}

fn columns_of(prepared: &CachedStatement<'_>) -> Columns {
    prepared.column_names().into_iter().map(Box::from).collect()
}

/// Binds by the number in the placeholder: to SQLite `$2` is a name, whose place is the order in which it appears.
fn bind(prepared: &mut CachedStatement<'_>, values: &[Value]) -> Result<(), Fault> {
    for place in 1..=prepared.parameter_count() {
        let number = prepared.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| Fault::inconsistent("a placeholder of a statement has no value"))?;
        prepared.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Int(Some(it)) => ValueRef::Integer(*it),
            Self::Text(Some(it)) => ValueRef::Text(it.as_bytes()),
            Self::Bytes(Some(it)) => ValueRef::Blob(it),
            Self::Bool(Some(it)) => ValueRef::Integer(i64::from(*it)),
            Self::Int(None) | Self::Text(None) | Self::Bytes(None) | Self::Bool(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

impl EmbeddedRow {
    fn get(&self, column: &str) -> Result<&Stored, String> {
        let place = self.columns.iter().position(|name| &**name == column);
        place.and_then(|place| self.values.get(place)).ok_or_else(|| "there is no such column".to_owned())
    }

    pub fn int(&self, column: &str) -> Result<Option<i64>, String> {
        match self.get(column)? {
            Stored::Null => Ok(None),
            Stored::Integer(it) => Ok(Some(*it)),
            other => Err(format!("it is {}", other.data_type())),
        }
    }

    pub fn text(&self, column: &str) -> Result<Option<&str>, String> {
        match self.get(column)? {
            Stored::Null => Ok(None),
            Stored::Text(it) => Ok(Some(it)),
            other => Err(format!("it is {}", other.data_type())),
        }
    }

    pub fn bytes(&self, column: &str) -> Result<Option<&[u8]>, String> {
        match self.get(column)? {
            Stored::Null => Ok(None),
            Stored::Blob(it) => Ok(Some(it)),
            Stored::Text(it) => Ok(Some(it.as_bytes())),
            other => Err(format!("it is {}", other.data_type())),
        }
    }
}
