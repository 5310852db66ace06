//! Statements and the connections they run on.
//!
//! The type of the connection says what may be done: a [`Reader`] cannot write, a [`Tx`] is inside a command.
//! Decisions take a [`Tx`] or a [`Conn`] of one, never a replica.

use crate::embedded::Embedded;
use crate::postgres_readers::Lent;
use crate::{Bind, Fault, Row, Value};
use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, Sqlite};
use std::borrow::Cow;
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

/// Where [`Sql::skip_locked`] takes effect inside a statement. A comment, so that the other engine passes over it.
pub const SKIP_LOCKED: &str = "/* skip locked */";

/// Starts a statement.
///
/// Where a limit is bound, the text says `LIMIT $2 + 0`: SQLite plans a statement anew whenever a bare placeholder of a limit is bound.
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
    /// Keys never change, so the lock leaves them free: rows that point here can be written meanwhile, and their foreign keys wait for nobody.
    #[must_use]
    pub fn for_update(mut self) -> Self {
        self.lock = Lock::Update;
        self
    }

    /// Locks the selected rows and passes over those that others hold: the way a queue is emptied by many.
    /// Where the rows are selected inside another statement, [`SKIP_LOCKED`] stands in its text at the end of that selection.
    #[must_use]
    pub fn skip_locked(mut self) -> Self {
        self.lock = Lock::SkipLocked;
        self
    }

    pub(crate) fn text(&self) -> &'static str {
        self.text
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }

    fn postgres_text(&self) -> Cow<'static, str> {
        match self.lock {
            Lock::None => self.text.into(),
            Lock::Update => format!("{} FOR NO KEY UPDATE", self.text).into(),
            Lock::SkipLocked if self.text.contains(SKIP_LOCKED) => {
                self.text.replace(SKIP_LOCKED, "FOR NO KEY UPDATE SKIP LOCKED").into()
            }
            Lock::SkipLocked => format!("{} FOR NO KEY UPDATE SKIP LOCKED", self.text).into(),
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
    Embedded(Box<Embedded>),
    Sqlite(PoolConnection<Sqlite>),
    /// One of the writers' connections.
    PostgresOwned(Box<PgConnection>),
    /// One of the readers' connections.
    Postgres(Lent),
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
            Inner::Embedded(conn) => conn.all(&statement),
            Inner::Sqlite(conn) => {
                let rows = bind_all!(sqlx::query(statement.text), statement.values).fetch_all(&mut **conn).await?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Inner::PostgresOwned(conn) => postgres_all(conn, statement).await,
            Inner::Postgres(conn) => {
                let again = statement.clone();
                match postgres_all(conn.conn()?, statement).await {
                    // Reading twice is reading once.
                    Err(fault) if fault.is_lost_connection() => {
                        conn.renew().await?;
                        postgres_all(conn.conn()?, again).await
                    }
                    rows => rows,
                }
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
            Inner::Embedded(conn) => conn.run(&statement),
            Inner::Sqlite(conn) => {
                let query = bind_all!(sqlx::query(statement.text), statement.values);
                Ok(query.execute(&mut **conn).await?.rows_affected())
            }
            Inner::PostgresOwned(conn) => postgres_run(conn, statement).await,
            // Readers have no way to run anything.
            Inner::Postgres(conn) => postgres_run(conn.conn()?, statement).await,
        }
    }
}

async fn postgres_all(conn: &mut PgConnection, statement: Sql) -> Result<Vec<Row>, Fault> {
    let rows = match statement.postgres_text() {
        Cow::Borrowed(text) => bind_all!(sqlx::query(text), statement.values).fetch_all(conn).await?,
        Cow::Owned(text) => bind_all!(sqlx::query(AssertSqlSafe(text)), statement.values).fetch_all(conn).await?,
    };
    Ok(rows.into_iter().map(Row::Postgres).collect())
}

async fn postgres_run(conn: &mut PgConnection, statement: Sql) -> Result<u64, Fault> {
    let done = match statement.postgres_text() {
        Cow::Borrowed(text) => bind_all!(sqlx::query(text), statement.values).execute(conn).await?,
        Cow::Owned(text) => bind_all!(sqlx::query(AssertSqlSafe(text)), statement.values).execute(conn).await?,
    };
    Ok(done.rows_affected())
}

/// A connection inside a write transaction; whoever holds it never commits, the one who opened it does.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
}

impl Tx {
    pub(crate) fn embedded(conn: Embedded) -> Self {
        Self { conn: Conn { inner: Inner::Embedded(Box::new(conn)) } }
    }

    pub(crate) fn postgres(conn: PgConnection) -> Self {
        Self { conn: Conn { inner: Inner::PostgresOwned(Box::new(conn)) } }
    }

    pub(crate) fn into_postgres(self) -> Option<PgConnection> {
        match self.conn.inner {
            Inner::PostgresOwned(conn) => Some(*conn),
            Inner::Embedded(_) | Inner::Sqlite(_) | Inner::Postgres(_) => None,
        }
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

    pub(crate) fn postgres(conn: Lent) -> Self {
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
