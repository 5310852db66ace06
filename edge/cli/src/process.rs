//! What every command that touches the product opens first.

use crate::config::{BlobsSection, BucketSection, Config};
use crate::error::CliError;
use journal::Journal;
use kernel::{Clock, SystemClock};
use std::sync::Arc;
use storage::blobs::{Blobs, Bucket};
use storage::cipher::{FileMasterKey, MasterKey};
use storage::vault::{Private, Vault};
use storage::{Database, Db};
use tokio::signal::unix::{SignalKind, signal};

/// The opened product.
pub struct Process {
    pub journal: Journal,
    pub blobs: Blobs,
}

/// Opens database, keys and blob store, and brings the schema up to date.
pub async fn open(config: &Config) -> Result<Process, CliError> {
    let opening = |what: &str, place: String| {
        let what = format!("{what} {place}");
        move |fault| CliError::Opening { what, fault }
    };
    let key_file = &config.keys.master_key_file;
    let master = FileMasterKey::read(key_file).map_err(opening("the master key", key_file.display().to_string()))?;
    let master: Arc<dyn MasterKey> = Arc::new(master);
    let db = Db::open(&Database::parse(&config.database.url)).await;
    let db = db.map_err(opening("the database", config.database.shown()))?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let vault = Vault::open(&db, &*master, "fields", clock.now()).await;
    let vault = vault.map_err(opening("the data keys in", config.database.shown()))?;
    let blobs = match &config.blobs {
        BlobsSection::Folder(section) => Blobs::local(&section.folder, master, true),
        BlobsSection::Bucket(bucket) => Blobs::bucket(&opened(bucket)?, master),
    };
    let blobs = blobs.map_err(opening("the image store", config.blobs.shown()))?;
    Ok(Process { journal: Journal { db, clock, vault }, blobs })
}

/// The bucket with its secret read from the file that the configuration names.
fn opened(section: &BucketSection) -> Result<Bucket, CliError> {
    let BucketSection { endpoint, region, bucket, access_key_id, secret_access_key_file } = section;
    let path = secret_access_key_file;
    let secret = std::fs::read_to_string(path).map_err(|error| CliError::File { path: path.clone(), error })?;
    Ok(Bucket {
        endpoint: endpoint.clone(),
        region: region.clone(),
        name: bucket.clone(),
        access_key_id: access_key_id.clone(),
        secret_access_key: Private::new(secret.trim()),
    })
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

/// The machine's name, as its operating system has it; `localhost` where it does not say.
pub fn host_name() -> String {
    let asked = || {
        std::process::Command::new("hostname").output().map(|said| String::from_utf8_lossy(&said.stdout).into_owned())
    };
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| asked()).unwrap_or_default();
    match name.trim() {
        "" => "localhost".into(),
        name => name.to_owned(),
    }
}
