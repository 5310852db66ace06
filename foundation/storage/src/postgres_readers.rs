//! The connections to PostgreSQL that only read.
//!
//! A pool asks a connection whether it lives before it lends it and again when it comes back: two round trips beside the one of most readings.
//! Here only one that has rested is asked; one that is lost in the middle of a reading is replaced, and the reading begins anew.

use crate::Fault;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

/// Readings that may be under way at once.
const CONNECTIONS_MAX: usize = 12;
/// How long a reading waits for the right to a connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// After this long a connection is asked whether it lives: a server that restarts takes about as long.
const RESTED: Duration = Duration::from_secs(1);

pub(crate) struct Readers {
    options: PgConnectOptions,
    /// The one used last is used first, so that a quiet server reads on few warm connections.
    idle: Mutex<Vec<Idle>>,
    free: Arc<Semaphore>,
}

struct Idle {
    conn: PgConnection,
    since: Instant,
}

impl Readers {
    pub fn new(options: PgConnectOptions) -> Self {
        // What only reads cannot write, whatever its statement says.
        let options = options.options([("default_transaction_read_only", "on")]);
        Self { options, idle: Mutex::default(), free: Arc::new(Semaphore::new(CONNECTIONS_MAX)) }
    }

    /// An idle connection that lives, or a new one.
    pub async fn lend(self: &Arc<Self>) -> Result<Lent, Fault> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.free).acquire_owned());
        let permit = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| Fault::Stopped)?;
        let conn = match self.living().await {
            Some(conn) => conn,
            None => self.options.connect().await?,
        };
        Ok(Lent { conn: Some(conn), home: Arc::clone(self), _permit: permit })
    }

    async fn living(&self) -> Option<PgConnection> {
        loop {
            let Idle { mut conn, since } = self.take_idle()?;
            if since.elapsed() < RESTED {
                return Some(conn);
            }
            match conn.ping().await {
                Ok(()) => return Some(conn),
                Err(error) => tracing::debug!(%error, "an idle connection has died"),
            }
        }
    }

    /// Lends no more and closes the connections, after the readings under way.
    pub async fn close(&self) {
        // An error says that it has been closed before.
        if let Ok(all) = self.free.acquire_many(CONNECTIONS_MAX as u32).await {
            self.free.close();
            drop(all);
        }
        while let Some(idle) = self.take_idle() {
            if let Err(error) = idle.conn.close().await {
                tracing::debug!(%error, "a connection was closed from the other side");
            }
        }
    }

    fn take_idle(&self) -> Option<Idle> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        // A panic while the lock was held leaves a list that is whole: each change is one step.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that goes back by itself. A reading that was dropped half way leaves its answer in the connection,
/// which the driver reads to the end before the next statement.
pub(crate) struct Lent {
    /// Gone when it was lost and no other could be had, or when it went back.
    conn: Option<PgConnection>,
    home: Arc<Readers>,
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    /// A new connection in the place of one that is lost.
    pub async fn renew(&mut self) -> Result<(), Fault> {
        self.conn = None;
        self.conn = Some(self.home.options.connect().await?);
        Ok(())
    }

    /// # Errors
    /// It was lost, and no other could be had.
    pub fn conn(&mut self) -> Result<&mut PgConnection, Fault> {
        self.conn.as_mut().ok_or(Fault::Database(sqlx::Error::PoolTimedOut))
    }
}

impl std::fmt::Debug for Lent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lent")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(conn) = self.conn.take() {
            self.home.idle().push(Idle { conn, since: Instant::now() });
        }
    }
}
