//! The name of a node, held by one process at a time.
//!
//! Under its name a node's holds are written, and at its start it gives back what its name held: two processes under one name
//! would take each other's work away.

use super::Engine;
use journal::Answer;
use kernel::Instant;
use kernel::clock::MICROS_PER_SECOND;
use std::sync::atomic::Ordering;
use storage::{Fault, sql};

/// A name whose process has not said for so long that it lives is free: four times the time between two signs.
pub const NAME_FREE_AFTER_MICROS: i64 = 4 * MICROS_PER_SECOND;

/// What became of [`Engine::start`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Start {
    Begun,
    /// Another process holds the name and showed life a moment ago. Nothing was touched; a killed one's name is free
    /// [`NAME_FREE_AFTER_MICROS`] after its last sign.
    NameTaken,
}

impl Engine {
    /// Takes the name unless another process that lives has it.
    pub(super) async fn take_name(&self, now: Instant) -> Answer<bool> {
        let (node, process) = (self.node.clone(), self.process.clone());
        let taken = self.journal.db.write::<u64, Fault, _>(move |tx| {
            let statement = sql("INSERT INTO nodes (node, process, heartbeat_at) VALUES ($1, $2, $3)
                 ON CONFLICT (node) DO UPDATE SET process = excluded.process, heartbeat_at = excluded.heartbeat_at
                 WHERE nodes.process = excluded.process OR nodes.heartbeat_at < $4");
            let free = now.plus_micros(-NAME_FREE_AFTER_MICROS);
            let statement = statement.bind(node.as_str()).bind(process.as_str()).bind(now).bind(free);
            Box::pin(async move { tx.execute(statement).await })
        });
        let taken = taken.await? == 1;
        self.is_named.store(taken, Ordering::Relaxed);
        Ok(taken)
    }

    /// Says that the process of this name lives. One that was silent for so long that another took the name stops working under it.
    pub(super) async fn keep_name(&self, now: Instant) -> Answer<()> {
        if !self.is_named.load(Ordering::Relaxed) {
            return Ok(());
        }
        let (node, process) = (self.node.clone(), self.process.clone());
        let kept = self.journal.db.write::<u64, Fault, _>(move |tx| {
            let statement = sql("UPDATE nodes SET heartbeat_at = $3 WHERE node = $1 AND process = $2");
            let statement = statement.bind(node.as_str()).bind(process.as_str()).bind(now);
            Box::pin(async move { tx.execute(statement).await })
        });
        if kept.await? == 0 {
            self.is_named.store(false, Ordering::Relaxed);
            self.name_lost.notify_one();
        }
        Ok(())
    }

    /// The process ends in order: its name is free at once.
    pub async fn free_name(&self) -> Answer<()> {
        self.is_named.store(false, Ordering::Relaxed);
        let (node, process) = (self.node.clone(), self.process.clone());
        let freed = self.journal.db.write::<u64, Fault, _>(move |tx| {
            let statement = sql("DELETE FROM nodes WHERE node = $1 AND process = $2");
            let statement = statement.bind(node.as_str()).bind(process.as_str());
            Box::pin(async move { tx.execute(statement).await })
        });
        freed.await?;
        Ok(())
    }
}
