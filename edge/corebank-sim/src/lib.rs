//! A simulated core: the bank's accounting system as the product meets it, outside and behind a contract.
//!
//! It keeps real double-entry books in its own SQLite file and offers the contract of `docs/core-connector.md`.
//! It can be told to be slow, to refuse, to lose replies, to say things twice, to be down.
//!
//! Invariants, held by the database itself (`schema.sql`):
//! - One posting is one debit account, one credit account, one amount; balances move in the same transaction.
//! - A key is answered once, posted or refused, and the answer never changes.
//! - A customer's available balance is never below zero; internal accounts may be overdrawn.
//! - A closed business date takes no more entries; a written line is never changed or deleted.
//!
//! Deliberately absent: sign-in (it listens where it is told and trusts who calls), interest, fees, foreign exchange,
//! the product's own storage and journal (it stands for a foreign system and shares only the clock).

pub mod behavior;
pub mod books;
mod connection;
mod http;
pub mod wire;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use kernel::Clock;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use behavior::Switch;
use books::{Books, BooksError};
use connection::{BreakableListener, Breaker};
use http::Core;

/// Where the core listens and keeps its books.
pub struct Config {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The SQLite file; created when missing.
    pub database: PathBuf,
    pub clock: Arc<dyn Clock>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("the books cannot be opened: {0}")]
    Books(#[from] BooksError),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("serving ended: {0}")]
    Serve(#[from] io::Error),
    #[error("the serving task broke off: {0}")]
    Task(#[from] tokio::task::JoinError),
}

/// A serving core; dropping it leaves the core running until the process ends.
pub struct Handle {
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<io::Result<()>>,
    core: Arc<Core>,
}

impl Handle {
    /// Finishes what has begun, then closes the books.
    pub async fn stop(mut self) -> Result<(), ServeError> {
        if let Some(stop) = self.stop.take()
            && stop.send(()).is_err()
        {
            tracing::debug!("serving had ended before it was told to");
        }
        self.serving.await??;
        self.core.books.close().await;
        Ok(())
    }

    /// Present behavior, for tests that share the process.
    pub fn switch(&self) -> &Switch {
        &self.core.switch
    }
}

/// Opens the books and serves them until the handle stops it.
pub async fn serve(config: Config) -> Result<(SocketAddr, Handle), ServeError> {
    let books = Books::open(&config.database, config.clock).await?;
    let core = Arc::new(Core { books, switch: Switch::default() });
    let cannot_listen = |source| ServeError::Listen { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let (stop, stopped) = oneshot::channel::<()>();
    let service = http::router(core.clone()).into_make_service_with_connect_info::<Breaker>();
    let serving = axum::serve(BreakableListener(listener), service).with_graceful_shutdown(async move {
        // Without a sender nobody will ever stop it: serve until the process ends.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
    });
    let serving = tokio::spawn(serving.into_future());
    Ok((address, Handle { stop: Some(stop), serving, core }))
}
