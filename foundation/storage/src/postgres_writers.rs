//! The write connections to PostgreSQL.
//!
//! A pool asks a connection whether it lives before it lends it and again when it comes back: two round trips beside the three or four
//! of a short command. Here the command's own `BEGIN` is that question, so nothing is asked twice.

use crate::{Fault, Tx};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Commands that may be under way at once; more only make the database's own queues longer.
const CONNECTIONS_MAX: u32 = 16;
/// How long one attempt of a command waits for the right to a connection; a command tries again as after any fault that may pass,
/// so its caller hears that the database is overloaded after eight times as long.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Writers {
    options: PgConnectOptions,
    /// The one used last is used first, so that a quiet server works on few warm connections.
    idle: Mutex<Vec<PgConnection>>,
    free: Arc<Semaphore>,
}

/// A transaction that has begun, with the right to one of the connections.
pub(crate) struct Begun {
    pub tx: Tx,
    permit: OwnedSemaphorePermit,
}

impl Writers {
    pub fn new(options: PgConnectOptions) -> Self {
        Self { options, idle: Mutex::default(), free: Arc::new(Semaphore::new(CONNECTIONS_MAX as usize)) }
    }

    /// A transaction on an idle connection, or on a new one when there is none or the idle ones have died.
    pub async fn begin(&self) -> Result<Begun, Fault> {
        let waiting = tokio::time::timeout(PATIENCE, Arc::clone(&self.free).acquire_owned());
        let permit = waiting.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| Fault::Stopped)?;
        while let Some(conn) = self.take_idle() {
            let mut tx = Tx::postgres(conn);
            match tx.control("BEGIN").await {
                Ok(()) => return Ok(Begun { tx, permit }),
                // The server was restarted or cut the connection; nothing of the command has been sent yet.
                Err(fault) => tracing::debug!(%fault, "an idle connection has died"),
            }
        }
        let mut tx = Tx::postgres(self.options.connect().await?);
        tx.control("BEGIN").await?;
        Ok(Begun { tx, permit })
    }

    /// Takes a connection back whose transaction has ended. One whose end is not known is dropped instead, and with it closed.
    pub fn give_back(&self, begun: Begun) {
        if let Some(conn) = begun.tx.into_postgres() {
            self.idle().push(conn);
        }
        // Only now may the next one look for an idle connection.
        drop(begun.permit);
    }

    pub fn take_commands(&self) -> bool {
        !self.free.is_closed()
    }

    /// Closes the connections, after the commands under way.
    pub async fn close(&self) {
        // An error says that it has been closed before.
        if let Ok(all) = self.free.acquire_many(CONNECTIONS_MAX).await {
            self.free.close();
            drop(all);
        }
        while let Some(conn) = self.take_idle() {
            if let Err(error) = conn.close().await {
                tracing::debug!(%error, "a connection was closed from the other side");
            }
        }
    }

    fn take_idle(&self) -> Option<PgConnection> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<PgConnection>> {
        // A panic while the lock was held leaves a list that is whole: each change is one step.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
