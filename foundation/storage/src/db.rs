//! A database of either engine: how it is opened, how it is read, how a command writes.

use crate::embedded::Embedded;
use crate::postgres_readers::Readers;
use crate::postgres_together::{Shared, share};
use crate::postgres_writers::Writers;
use crate::sqlite_writer::{Last, Step, Work, write_all};
use crate::{Fault, Reader, Tx, migrations};
use futures_util::FutureExt as _;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgPool, SqlitePool};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::pin::Pin;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};

pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How often a write is tried before it is given up.
const ATTEMPTS_MAX: u32 = 8;
/// Commands that may wait for the SQLite writer, or to share a transaction, before callers wait themselves.
const INBOX_MAX: usize = 1024;
const SQLITE_READERS: u32 = 8;
/// Connections of the pool: one listens, the others ring, migrate, and serve tests.
const POSTGRES_POOL: u32 = 4;

/// Which database to open.
#[derive(Debug, Clone)]
pub enum Database {
    /// An embedded file; `durable` is false only in tests, where a power cut loses nothing of value.
    Sqlite { path: PathBuf, durable: bool },
    /// A `postgres://` address; `schema` puts all tables into a schema of that name.
    Postgres { url: String, schema: Option<String> },
}

impl Database {
    /// Reads `postgres://…` or a file path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres { url: text.to_owned(), schema: None }
        } else {
            Self::Sqlite { path: PathBuf::from(text.strip_prefix("sqlite://").unwrap_or(text)), durable: true }
        }
    }
}

/// What a command's error must tell the writer.
pub trait WriteError: From<Fault> + Send + 'static {
    fn fault(&self) -> Option<&Fault>;
}

impl WriteError for Fault {
    fn fault(&self) -> Option<&Fault> {
        Some(self)
    }
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Sqlite {
        writer: mpsc::Sender<Box<dyn Work>>,
        /// Its other end goes when the writer's thread has ended.
        writes: watch::Receiver<()>,
        readers: SqlitePool,
    },
    /// `space` keeps installations in one database apart where schemas do not.
    /// The pool listens, and serves whoever acts as the database's owner.
    Postgres {
        writers: Arc<Writers>,
        together: mpsc::Sender<Box<dyn Shared>>,
        readers: Arc<Readers>,
        pool: PgPool,
        space: Arc<str>,
    },
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.engine {
            Engine::Sqlite { .. } => "Db(sqlite)",
            Engine::Postgres { .. } => "Db(postgres)",
        })
    }
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub async fn open(database: &Database) -> Result<Self, Fault> {
        match database {
            Database::Sqlite { path, durable } => open_sqlite(path, *durable).await,
            Database::Postgres { url, schema } => open_postgres(url, schema.as_deref()).await,
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// `sqlite` or `postgres`, for reports and benchmarks; no domain code branches on it.
    pub fn engine_name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite { .. } => "sqlite",
            Engine::Postgres { .. } => "postgres",
        }
    }

    /// A connection that only reads what is committed.
    pub async fn reader(&self) -> Result<Reader, Fault> {
        Ok(match &self.engine {
            Engine::Sqlite { readers, .. } => Reader::sqlite(readers.acquire().await?),
            Engine::Postgres { readers, .. } => Reader::postgres(readers.lend().await?),
        })
    }

    /// Runs `work` in a write transaction and commits it when it answers `Ok`.
    ///
    /// The closure may run again (serialization failure, deadlock, busy), so it clones what it consumes.
    /// It never runs again after a commit whose reply was lost: that is [`Fault::OutcomeUnknown`], and the caller decides.
    /// It runs to its end even when the caller is dropped: a closed connection never cuts a command in half.
    pub async fn write<T, E, F>(&self, mut work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => {
                let (reply, answer) = oneshot::channel();
                let command = Command { work, outcome: None, reply };
                writer.send(Box::new(command)).await.map_err(|_| Fault::Stopped)?;
                answer.await.map_err(|_| Fault::Stopped)?
            }
            Engine::Postgres { writers, .. } => {
                let writers = Arc::clone(writers);
                let handle = tokio::spawn(async move { write_postgres(&writers, &mut work).await });
                handle.await.map_err(|error| Fault::Panicked(error.to_string()))?
            }
        }
    }

    /// The same for a short command of which many come at once and none waits for what another changes.
    /// On PostgreSQL those that come while others are under way share a transaction, and so one wait for the disk;
    /// when one of them fails, each runs in a transaction of its own. On SQLite every command does.
    pub async fn write_together<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
        F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
    {
        let Engine::Postgres { together, .. } = &self.engine else { return self.write(work).await };
        let (reply, answer) = oneshot::channel();
        let command = Command { work, outcome: None, reply };
        together.send(Box::new(command)).await.map_err(|_| Fault::Stopped)?;
        answer.await.map_err(|_| Fault::Stopped)?
    }

    /// Whether commands are taken: not after [`Db::close`], and not when the writer has ended by itself.
    /// It asks nobody, so it says nothing about a database that is not reached.
    pub fn takes_writes(&self) -> bool {
        match &self.engine {
            Engine::Sqlite { writer, .. } => !writer.is_closed(),
            Engine::Postgres { writers, .. } => writers.take_commands(),
        }
    }

    /// Takes no more commands, waits for those under way and in the inbox, and closes the connections.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite { writer, writes, readers } => {
                // An error in either says that the writer has ended: it was closed before.
                drop(writer.send(Box::new(Last)).await);
                drop(writes.clone().changed().await);
                readers.close().await;
            }
            Engine::Postgres { writers, readers, pool, .. } => {
                writers.close().await;
                readers.close().await;
                pool.close().await;
            }
        }
    }

    /// The pool, for tests that act as the database's owner.
    pub fn postgres_pool(&self) -> Option<&PgPool> {
        match &self.engine {
            Engine::Postgres { pool, .. } => Some(pool),
            Engine::Sqlite { .. } => None,
        }
    }
}

async fn open_sqlite(path: &std::path::Path, durable: bool) -> Result<Db, Fault> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if durable { SqliteSynchronous::Full } else { SqliteSynchronous::Off })
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .statement_cache_capacity(512);
    let mut connection = options.connect().await?;
    migrations::run_sqlite(&mut connection).await?;
    connection.close().await?;
    let (writer, inbox) = mpsc::channel(INBOX_MAX);
    let (tx, runtime) = (Tx::embedded(Embedded::open(path, durable)?), Handle::current());
    let (lives, writes) = watch::channel(());
    // A thread of its own: its statements and disk syncs would hold up whatever shares a thread with them.
    std::thread::Builder::new().name("sqlite-writer".into()).spawn(move || {
        let _lives = lives;
        runtime.block_on(write_all(tx, inbox));
    })?;
    let readers =
        SqlitePoolOptions::new().max_connections(SQLITE_READERS).connect_with(options.read_only(true)).await?;
    Ok(Db { engine: Engine::Sqlite { writer, writes, readers } })
}

async fn open_postgres(url: &str, schema: Option<&str>) -> Result<Db, Fault> {
    let mut options = PgConnectOptions::from_str(url)?.statement_cache_capacity(512);
    if let Some(schema) = schema {
        options = options.options([("search_path", schema)]);
    }
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_POOL)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.clone())
        .await?;
    migrations::run_postgres(&pool, schema).await?;
    let (writers, readers) = (Arc::new(Writers::new(options.clone())), Arc::new(Readers::new(options)));
    let (together, inbox) = mpsc::channel(INBOX_MAX);
    tokio::spawn(share(Arc::clone(&writers), inbox));
    let space = schema.unwrap_or("public").into();
    Ok(Db { engine: Engine::Postgres { writers, together, readers, pool, space } })
}

/// A command waiting in an inbox with its typed answer.
struct Command<T, E, F> {
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Command<T, E, F>
where
    T: Send + 'static,
    E: WriteError,
    F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
{
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Step> {
        Box::pin(async move {
            let outcome = guarded(&mut self.work, tx).await;
            let step = if outcome.is_ok() { Step::Keep } else { Step::RollBack };
            self.outcome = Some(outcome);
            step
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), Fault>) {
        let outcome = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(Fault::Stopped.into()),
            (Err(fault), _) => Err(fault.into()),
        };
        // The caller may have gone away; the command stands all the same.
        drop(self.reply.send(outcome));
    }
}

impl<T, E, F> Shared for Command<T, E, F>
where
    T: Send + 'static,
    E: WriteError,
    F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + 'static,
{
    fn alone<'a>(mut self: Box<Self>, writers: &'a Writers) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let outcome = write_postgres(writers, &mut self.work).await;
            // The caller may have gone away; the command stands all the same.
            drop(self.reply.send(outcome));
        })
    }
}

async fn guarded<T, E, F>(work: &mut F, tx: &mut Tx) -> Result<T, E>
where
    E: WriteError,
    F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
{
    // The closure runs code of its own before it answers its future: that must be caught as well, or a panic ends the writer.
    match AssertUnwindSafe(async { work(tx).await }).catch_unwind().await {
        Ok(outcome) => outcome,
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            Err(Fault::Panicked(text).into())
        }
    }
}

async fn write_postgres<T, E, F>(writers: &Writers, work: &mut F) -> Result<T, E>
where
    E: WriteError,
    F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
{
    let mut attempt = 1;
    loop {
        match attempt_postgres(writers, work).await {
            Err(error) if attempt < ATTEMPTS_MAX && error.fault().is_some_and(Fault::is_retryable) => {
                let spread = rand::random_range(0..=(2u64 << attempt));
                tokio::time::sleep(Duration::from_millis(spread)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

async fn attempt_postgres<T, E, F>(writers: &Writers, work: &mut F) -> Result<T, E>
where
    E: WriteError,
    F: for<'a> FnMut(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
{
    let mut begun = writers.begin().await?;
    let outcome = guarded(work, &mut begun.tx).await;
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    if let Err(fault) = begun.tx.control(end).await {
        // Whether the server saw the end is not known: the connection is dropped with `begun` and not used again.
        return match outcome {
            Ok(_) => Err(fault.at_commit().into()),
            Err(error) => Err(error),
        };
    }
    writers.give_back(begun);
    outcome
}
