//! Several server nodes on one database: what happens at one is news for the people at the others.

use super::Engine;
use std::time::Duration;
use storage::Fault;

/// The bell of this crate.
const BELL: &str = "work";
/// News that follow each other are told together: a busy node completes hundreds of items a second.
const TOLD_EVERY: Duration = Duration::from_millis(20);
/// How long until the bell is tried again after the database could not be reached; the tick looks meanwhile.
const RETRY: Duration = Duration::from_secs(1);

impl Engine {
    /// Tells the other nodes whenever work may have come. A fault is logged: they look by themselves at their next tick.
    pub(super) async fn tell_nodes(&self) {
        loop {
            self.news.notified().await;
            if let Err(fault) = self.journal.db.ring(BELL, &self.node).await {
                tracing::warn!(%fault, "the other nodes could not be told of work");
            }
            tokio::time::sleep(TOLD_EVERY).await;
        }
    }

    /// Looks for work whenever another node says that some may have come.
    pub(super) async fn hear_nodes(&self) {
        loop {
            if let Err(fault) = self.hear_until_cut().await {
                tracing::warn!(%fault, "this node cannot hear the others");
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    async fn hear_until_cut(&self) -> Result<(), Fault> {
        let mut rings = self.journal.db.rings(BELL).await?;
        loop {
            if rings.next().await? != self.node {
                self.bell.notify_one();
            }
        }
    }
}
