//! Short commands that share a transaction on PostgreSQL.
//!
//! What comes while others are under way is taken together: one `BEGIN`, one `COMMIT`, one wait for the disk.
//! When one of them fails, nothing of the shared transaction stands, and each runs again alone, as with the embedded database's writer.

use crate::db::BoxFuture;
use crate::postgres_writers::Writers;
use crate::sqlite_writer::{Step, Work};
use crate::{Fault, Tx};
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};

/// Commands that share one commit.
const SHARED_MAX: usize = 16;
/// Shared transactions that may be under way at once: one works in the database while the other waits for the disk.
const LANES: usize = 2;

/// A command that can share a transaction.
pub(crate) trait Shared: Work {
    /// Runs the command in a transaction of its own, with new attempts as for any other, and answers its caller.
    fn alone<'a>(self: Box<Self>, writers: &'a Writers) -> BoxFuture<'a, ()>;
}

/// Runs what comes through the inbox until nobody can send any more.
pub(crate) async fn share(writers: Arc<Writers>, mut inbox: mpsc::Receiver<Box<dyn Shared>>) {
    let lanes = Arc::new(Semaphore::new(LANES));
    // The semaphore is never closed.
    while let Ok(lane) = Arc::clone(&lanes).acquire_owned().await {
        let mut batch = Vec::with_capacity(SHARED_MAX);
        if inbox.recv_many(&mut batch, SHARED_MAX).await == 0 {
            return;
        }
        let writers = Arc::clone(&writers);
        tokio::spawn(async move {
            run(&writers, batch).await;
            drop(lane);
        });
    }
}

/// How a shared transaction ended.
enum End {
    Committed,
    RolledBack,
    /// The line broke between the commit and its reply: nothing may be run again.
    Unknown(Fault),
}

async fn run(writers: &Writers, mut batch: Vec<Box<dyn Shared>>) {
    if batch.len() > 1 {
        match commit_together(writers, &mut batch).await {
            End::Committed => return batch.into_iter().for_each(|work| work.answer(Ok(()))),
            End::Unknown(fault) => {
                let text = fault.to_string();
                let unknown = || Fault::OutcomeUnknown(Box::new(Fault::Io(std::io::Error::other(text.clone()))));
                return batch.into_iter().for_each(|work| work.answer(Err(unknown())));
            }
            End::RolledBack => {}
        }
    }
    futures_util::future::join_all(batch.into_iter().map(|work| work.alone(writers))).await;
}

async fn commit_together(writers: &Writers, batch: &mut [Box<dyn Shared>]) -> End {
    let mut begun = match writers.begin().await {
        Ok(begun) => begun,
        Err(fault) => {
            tracing::debug!(%fault, "no transaction to share; each command asks for one");
            return End::RolledBack;
        }
    };
    let is_whole = run_all(&mut begun.tx, batch).await;
    match begun.tx.control(if is_whole { "COMMIT" } else { "ROLLBACK" }).await {
        Ok(()) => writers.give_back(begun),
        // The connection is dropped with `begun`. A commit that the server refused in so many words is none.
        Err(fault) if is_whole => {
            return match fault.at_commit() {
                fault @ Fault::OutcomeUnknown(_) => End::Unknown(fault),
                _ => End::RolledBack,
            };
        }
        Err(fault) => tracing::debug!(%fault, "a shared transaction ended with its connection"),
    }
    if is_whole { End::Committed } else { End::RolledBack }
}

/// Stops at the first that fails: the others would find a transaction that takes nothing more.
async fn run_all(tx: &mut Tx, batch: &mut [Box<dyn Shared>]) -> bool {
    for work in batch {
        if work.run(tx).await == Step::RollBack {
            return false;
        }
    }
    true
}
