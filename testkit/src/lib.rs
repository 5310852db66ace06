//! What the tests of every crate start from: a fresh database of the engine under test, and a journal on a settable clock.
//!
//! `SHUNIU_TEST_DATABASE` chooses the engine: absent or `sqlite` means an embedded file, a `postgres://` address means a schema of its own there.
//! It knows no domain crate, so that a domain crate's tests build without their neighbors; the bank with its people is in `world`.

use journal::Journal;
use kernel::{Clock as _, Instant, SettableClock};
use std::sync::Arc;
use storage::cipher::FileMasterKey;
use storage::vault::Vault;
use storage::{Database, Db};

/// Monday 2026-11-23 10:00 in Shanghai: a working day, inside opening hours.
pub const MONDAY_MORNING: Instant = Instant::from_micros(1_795_399_200_000_000);

/// Keeps the test's files until the test ends.
pub struct Guard {
    pub folder: tempfile::TempDir,
}

/// A fresh, migrated database of the engine under test.
pub async fn database() -> (Guard, Db) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let database = match std::env::var("SHUNIU_TEST_DATABASE") {
        Ok(url) if url.starts_with("postgres") => {
            let name = format!("test_{:016x}", rand::random::<u64>());
            Database::Postgres { url, schema: Some(name) }
        }
        _ => Database::Sqlite { path: folder.path().join("shuniu.db"), durable: false },
    };
    let db = Db::open(&database).await.expect("the test database opens");
    (Guard { folder }, db)
}

/// A journal on a fresh database, with the clock that moves it.
pub struct Desk {
    pub guard: Guard,
    pub journal: Journal,
    pub clock: Arc<SettableClock>,
}

/// A master key that is the same in every test.
pub fn master_key() -> FileMasterKey {
    FileMasterKey::from_bytes(vec![7; 32]).expect("32 bytes")
}

/// A journal on a fresh database, at [`MONDAY_MORNING`].
pub async fn desk() -> Desk {
    let (guard, db) = database().await;
    let clock = Arc::new(SettableClock::new(MONDAY_MORNING));
    let vault = Vault::open(&db, &master_key(), "fields", clock.now()).await.expect("the vault opens");
    let journal = Journal { db, clock: Arc::clone(&clock) as Arc<dyn kernel::Clock>, vault };
    Desk { guard, journal, clock }
}
