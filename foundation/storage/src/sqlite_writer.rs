//! The one writer of an embedded database, with group commit.
//!
//! Up to [`BATCH_MAX`] commands share one transaction and so one disk sync; each has a savepoint of its own, and answers wait for the commit.
//! When the shared transaction fails, each command is run again alone, so that one bad disk block or one panic cannot fail its neighbors.

use crate::db::BoxFuture;
use crate::{Fault, Tx};
use tokio::sync::mpsc;

/// Commands that share one commit.
const BATCH_MAX: usize = 64;

/// What to do with a command's savepoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Keep,
    RollBack,
}

/// A command on its way through the writer.
pub(crate) trait Work: Send {
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Step>;
    /// The command's answer goes out; `Err` replaces it when the commit failed.
    fn answer(self: Box<Self>, committed: Result<(), Fault>);
    /// Whether the inbox closes behind it; what is in it already still runs.
    fn is_last(&self) -> bool {
        false
    }
}

/// Asks the writer to end.
pub(crate) struct Last;

impl Work for Last {
    fn run<'a>(&'a mut self, _: &'a mut Tx) -> BoxFuture<'a, Step> {
        Box::pin(async { Step::Keep })
    }

    fn answer(self: Box<Self>, _: Result<(), Fault>) {}

    fn is_last(&self) -> bool {
        true
    }
}

pub(crate) async fn write_all(mut tx: Tx, mut inbox: mpsc::Receiver<Box<dyn Work>>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while inbox.recv_many(&mut batch, BATCH_MAX).await > 0 {
        if batch.iter().any(|work| work.is_last()) {
            inbox.close();
        }
        match commit_together(&mut tx, &mut batch).await {
            Ok(()) => batch.drain(..).for_each(|work| work.answer(Ok(()))),
            Err(fault) => {
                tracing::warn!(%fault, commands = batch.len(), "a shared commit failed; each command runs alone");
                roll_back(&mut tx).await;
                for mut work in batch.drain(..) {
                    let outcome = commit_alone(&mut tx, &mut work).await;
                    if outcome.is_err() {
                        roll_back(&mut tx).await;
                    }
                    work.answer(outcome);
                }
            }
        }
    }
}

async fn commit_together(tx: &mut Tx, batch: &mut [Box<dyn Work>]) -> Result<(), Fault> {
    tx.control("BEGIN IMMEDIATE").await?;
    for work in batch.iter_mut() {
        tx.control("SAVEPOINT command").await?;
        if work.run(tx).await == Step::RollBack {
            tx.control("ROLLBACK TO command").await?;
        }
        tx.control("RELEASE command").await?;
    }
    tx.control("COMMIT").await
}

async fn commit_alone(tx: &mut Tx, work: &mut Box<dyn Work>) -> Result<(), Fault> {
    tx.control("BEGIN IMMEDIATE").await?;
    match work.run(tx).await {
        Step::Keep => tx.control("COMMIT").await,
        Step::RollBack => tx.control("ROLLBACK").await,
    }
}

async fn roll_back(tx: &mut Tx) {
    // SQLite may have rolled back by itself (full disk); then there is nothing left to undo, and it says so.
    if let Err(fault) = tx.control("ROLLBACK").await {
        tracing::debug!(%fault, "nothing to roll back");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::Engine;
    use crate::{Database, Db, sql};

    /// A command whose answer breaks what is around it: nothing in the product does, and a writer must not die of it unnoticed.
    struct Fatal;

    impl Work for Fatal {
        fn run<'a>(&'a mut self, _: &'a mut Tx) -> BoxFuture<'a, Step> {
            Box::pin(async { Step::Keep })
        }

        fn answer(self: Box<Self>, _: Result<(), Fault>) {
            panic!("the writer itself panics");
        }
    }

    #[tokio::test]
    async fn a_writer_that_has_ended_is_known_to_have_ended_while_reading_goes_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.db");
        let db = Db::open(&Database::Sqlite { path, durable: false }).await.expect("opens");
        assert!(db.takes_writes());
        let Engine::Sqlite { writer, .. } = db.engine() else { panic!("an embedded database was opened") };
        writer.send(Box::new(Fatal)).await.map_err(|_| "closed").expect("taken");
        writer.closed().await;
        assert!(!db.takes_writes());
        db.reader().await.expect("reads").one(sql("SELECT 1 AS one")).await.expect("reads");
        db.close().await;
    }
}
