//! Statements and the connections they run on.
//!
//! The type of the connection says what may be done: a [`Reader`] cannot write, a [`Tx`] is inside a command.
//! Decisions take a [`Tx`] or a [`Conn`] of one, never a replica.

use crate::{Bind, Fault, Row, Value};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, Postgres, Sqlite, SqliteConnection};
use std::ops::{Deref, DerefMut};

/// A statement with its values, in the common dialect: `$1` placeholders; BIGINT, TEXT, BLOB, BOOLEAN.
#[derive(Debug, Clone)]
pub struct Sql {
    text: &'static str,
    values: Vec<Value>,
    lock: Lock,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    /// Row locks where the engine has several writers.
    Update,
    /// Row locks that pass over rows locked by others.
    SkipLocked,
}

/// Starts a statement.
pub fn sql(text: &'static str) -> Sql {
    Sql { text, values: Vec::new(), lock: Lock::None }
}

impl Sql {
    #[must_use]
    pub fn bind(mut self, value: impl Bind) -> Self {
        self.values.push(value.value());
        self
    }

    /// Locks the selected rows until the command ends: what is read here is what is changed.
    #[must_use]
    pub fn for_update(mut self) -> Self {
        self.lock = Lock::Update;
        self
    }

    /// Locks the selected rows and passes over those that others hold: the way a queue is emptied by many.
    #[must_use]
    pub fn skip_locked(mut self) -> Self {
        self.lock = Lock::SkipLocked;
        self
    }

    fn postgres_text(&self) -> std::borrow::Cow<'static, str> {
        match self.lock {
            Lock::None => self.text.into(),
            Lock::Update => format!("{} FOR UPDATE", self.text).into(),
            Lock::SkipLocked => format!("{} FOR UPDATE SKIP LOCKED", self.text).into(),
        }
    }
}

macro_rules! bind_all {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in $values {
            query = match value {
                Value::Int(it) => query.bind(it),
                Value::Text(it) => query.bind(it),
                Value::Bytes(it) => query.bind(it),
                Value::Bool(it) => query.bind(it),
            };
        }
        query
    }};
}

#[derive(Debug)]
enum Inner {
    /// The writer's own connection.
    SqliteOwned(Box<SqliteConnection>),
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// A connection that can be asked.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
}

impl Conn {
    /// All rows of the statement, in its order.
    pub async fn all(&mut self, statement: Sql) -> Result<Vec<Row>, Fault> {
        match &mut self.inner {
            Inner::SqliteOwned(conn) => sqlite_all(conn, statement).await,
            Inner::Sqlite(conn) => sqlite_all(conn, statement).await,
            Inner::Postgres(conn) => {
                let text = statement.postgres_text();
                let rows = match text {
                    std::borrow::Cow::Borrowed(text) => {
                        bind_all!(sqlx::query(text), statement.values).fetch_all(&mut **conn).await?
                    }
                    std::borrow::Cow::Owned(text) => {
                        bind_all!(sqlx::query(AssertSqlSafe(text)), statement.values).fetch_all(&mut **conn).await?
                    }
                };
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The first row, if there is one.
    pub async fn optional(&mut self, statement: Sql) -> Result<Option<Row>, Fault> {
        Ok(self.all(statement).await?.into_iter().next())
    }

    /// The row that must be there.
    pub async fn one(&mut self, statement: Sql) -> Result<Row, Fault> {
        let text = statement.text;
        self.optional(statement).await?.ok_or_else(|| Fault::inconsistent(format!("no row for: {text}")))
    }

    async fn run(&mut self, statement: Sql) -> Result<u64, Fault> {
        match &mut self.inner {
            Inner::SqliteOwned(conn) => {
                let query = bind_all!(sqlx::query(statement.text), statement.values);
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
            Inner::Sqlite(conn) => {
                let query = bind_all!(sqlx::query(statement.text), statement.values);
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
            Inner::Postgres(conn) => {
                let query = bind_all!(sqlx::query(statement.text), statement.values);
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
        }
    }
}

async fn sqlite_all(conn: &mut SqliteConnection, statement: Sql) -> Result<Vec<Row>, Fault> {
    let rows = bind_all!(sqlx::query(statement.text), statement.values).fetch_all(conn).await?;
    Ok(rows.into_iter().map(Row::Sqlite).collect())
}

/// A connection inside a write transaction; whoever holds it never commits, the one who opened it does.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
}

impl Tx {
    pub(crate) fn sqlite(conn: SqliteConnection) -> Self {
        Self { conn: Conn { inner: Inner::SqliteOwned(Box::new(conn)) } }
    }

    pub(crate) fn postgres(conn: PoolConnection<Postgres>) -> Self {
        Self { conn: Conn { inner: Inner::Postgres(conn) } }
    }

    /// Runs a statement that changes rows; answers how many.
    pub async fn execute(&mut self, statement: Sql) -> Result<u64, Fault> {
        self.conn.run(statement).await
    }

    /// Runs a statement that must change exactly one row; anything else is a fault, and the command rolls back.
    pub async fn execute_one(&mut self, statement: Sql) -> Result<(), Fault> {
        let text = statement.text;
        match self.conn.run(statement).await? {
            1 => Ok(()),
            n => Err(Fault::inconsistent(format!("{n} rows instead of one changed by: {text}"))),
        }
    }

    /// Transaction control of this crate's own writers.
    pub(crate) async fn control(&mut self, text: &'static str) -> Result<(), Fault> {
        self.conn.run(sql(text)).await.map(|_| ())
    }

    /// Gives the connection up without returning it to the pool, when its state is not known.
    pub(crate) fn discard(self) {
        if let Inner::Postgres(conn) = self.conn.inner {
            drop(conn.detach());
        }
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// A connection that only reads.
#[derive(Debug)]
pub struct Reader {
    conn: Conn,
}

impl Reader {
    pub(crate) fn sqlite(conn: PoolConnection<Sqlite>) -> Self {
        Self { conn: Conn { inner: Inner::Sqlite(conn) } }
    }

    pub(crate) fn postgres(conn: PoolConnection<Postgres>) -> Self {
        Self { conn: Conn { inner: Inner::Postgres(conn) } }
    }
}

impl Deref for Reader {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
