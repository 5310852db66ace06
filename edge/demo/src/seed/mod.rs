//! Loads the province into an empty product and into the simulated core, through the same domain commands that a bank would use.
//!
//! It runs before the server, once: the same seed again changes nothing, another one into a loaded product is refused.

mod bank;
mod core;
mod error;
mod settings;

pub use error::SeedError;
pub use settings::Settings;

use crate::province::{Province, Visitor};
use journal::Journal;
use kernel::{Clock, SystemClock};
use std::sync::Arc;
use storage::cipher::FileMasterKey;
use storage::vault::Vault;
use storage::{Database, Db};

/// What the loader leaves for whoever tries the product.
#[derive(Debug, serde::Serialize)]
pub struct Seeded {
    pub sign_ins: Vec<Visitor>,
}

/// Opens the product's database, migrates it, and loads everything that is not there yet.
pub async fn run(settings: &Settings, core_url: &str, province: &Province) -> Result<Seeded, SeedError> {
    let master = FileMasterKey::read(&settings.master_key_file)?;
    let db = Db::open(&Database::parse(&settings.database)).await?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let vault = Vault::open(&db, &master, "fields", clock.now()).await?;
    let journal = Journal { db, clock, vault };
    bank::load(&journal, province).await?;
    core::open_accounts(core_url, province, journal.now()).await?;
    journal.db.close().await;
    Ok(Seeded { sign_ins: province.visitors() })
}
