//! What every command that touches the product opens first.

use crate::config::Config;
use crate::error::CliError;
use journal::Journal;
use kernel::{Clock, SystemClock};
use std::sync::Arc;
use storage::blobs::Blobs;
use storage::cipher::{FileMasterKey, MasterKey};
use storage::vault::Vault;
use storage::{Database, Db};
use tokio::signal::unix::{SignalKind, signal};

/// The opened product.
pub struct Process {
    pub journal: Journal,
    pub blobs: Blobs,
}

/// Opens database, keys and blob store, and brings the schema up to date.
pub async fn open(config: &Config) -> Result<Process, CliError> {
    let master: Arc<dyn MasterKey> = Arc::new(FileMasterKey::read(&config.keys.master_key_file)?);
    let db = Db::open(&Database::parse(&config.database.url)).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let vault = Vault::open(&db, &*master, "fields", clock.now()).await?;
    let blobs = Blobs::local(&config.blobs.folder, master, true)?;
    Ok(Process { journal: Journal { db, clock, vault }, blobs })
}

/// Returns at the first SIGTERM or Ctrl-C.
pub async fn told_to_stop() -> Result<(), CliError> {
    let process = |error: std::io::Error| CliError::Process(format!("signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(process)?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(process),
        _ = terminate.recv() => Ok(()),
    }
}
