//! A bell between the server nodes of one database: something has changed, look.
//!
//! It carries no fact. A ring may get lost when a connection breaks, so whoever listens looks from time to time without one.
//! It is rung beside a command and not in it: PostgreSQL lets transactions that notify commit one after the other only.

use crate::db::Engine;
use crate::{Db, Fault};
use sqlx::postgres::PgListener;

/// Hears the rings of one bell.
pub struct Rings {
    /// Absent where no other node can share the database.
    listener: Option<PgListener>,
}

impl std::fmt::Debug for Rings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rings(..)")
    }
}

impl Db {
    /// Rings `bell` for all nodes on this database, the ringing one among them; `by` tells who rang.
    /// An embedded database has one node, which need not be told.
    pub async fn ring(&self, bell: &str, by: &str) -> Result<(), Fault> {
        if let Engine::Postgres { pool, space, .. } = self.engine() {
            let rung = sqlx::query("SELECT pg_notify($1, $2)").bind(format!("{space}.{bell}")).bind(by);
            rung.execute(pool).await?;
        }
        Ok(())
    }

    /// Begins to hear `bell`.
    pub async fn rings(&self, bell: &str) -> Result<Rings, Fault> {
        let Engine::Postgres { pool, space, .. } = self.engine() else { return Ok(Rings { listener: None }) };
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(&format!("{space}.{bell}")).await?;
        Ok(Rings { listener: Some(listener) })
    }
}

impl Rings {
    /// Waits for the next ring; answers who rang. On an embedded database it waits for ever.
    pub async fn next(&mut self) -> Result<String, Fault> {
        match &mut self.listener {
            Some(listener) => Ok(listener.recv().await?.payload().to_owned()),
            None => std::future::pending().await,
        }
    }
}
