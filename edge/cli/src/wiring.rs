//! The table of who listens: each kind of job with what runs it.
//!
//! News goes upwards here and nowhere else: a domain crate enqueues a job and does not know who runs it.

use journal::Journal;
use kernel::ItemId;
use ledger::CoreConnector;
use processing::jobs::Machine;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use storage::blobs::Blobs;
use storage::jobs::{Handler, LeasedJob, Runner};
use tokio::sync::watch;
use work::Engine;

/// How often keys, links and sessions that no longer matter are forgotten.
const HOUSEKEEPING: Duration = Duration::from_secs(600);

/// The runner of this node's jobs.
pub fn runner(
    journal: &Journal,
    blobs: &Blobs,
    core: &Arc<dyn CoreConnector>,
    engine: Option<&Arc<Engine>>,
    node: &str,
) -> Runner {
    let machine = Machine { journal: journal.clone(), blobs: blobs.clone(), core: Arc::clone(core) };
    let engine = engine.cloned();
    let processing: Handler = Arc::new(move |job: LeasedJob| {
        let (machine, engine) = (machine.clone(), engine.clone());
        Box::pin(async move {
            let done = machine.run(&job).await.map_err(|failure| failure.to_string());
            if let Some(engine) = engine {
                announce(&machine.journal, &engine, &job).await;
            }
            done
        })
    });
    let handlers: HashMap<&'static str, Handler> =
        processing::jobs::KINDS.iter().map(|kind| (*kind, Arc::clone(&processing))).collect();
    Runner { db: journal.db.clone(), clock: Arc::clone(&journal.clock), node: node.to_owned(), handlers }
}

/// Tells stations that there may be work, and the item's outlet that it moved.
async fn announce(journal: &Journal, engine: &Engine, job: &LeasedJob) {
    engine.wake();
    let Some(item_id) = job.payload["item_id"].as_str().and_then(|text| ItemId::parse(text).ok()) else { return };
    let read = async {
        let item = processing::item::read(&mut *journal.db.reader().await?, &item_id).await?;
        let news = web::item_news(&journal.vault, &item)?;
        Ok::<_, storage::Fault>((item.institution_id, news))
    };
    match read.await {
        Ok((institution, news)) => engine.news(&institution, news),
        Err(fault) => tracing::warn!(%fault, "an item's news could not be told"),
    }
}

/// Forgets what has served its time, until told to stop. Each round is bounded by what the last one left.
pub async fn housekeeping(journal: Journal, rules: identity::Rules, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let (now, ours) = (journal.now(), rules.clone());
        let forgotten = journal
            .db
            .write::<u64, storage::Fault, _>(move |tx| {
                let rules = ours.clone();
                Box::pin(async move {
                    let keys = journal::forget_keys(tx, now).await?;
                    let links = archive::link::forget_used(tx, now).await?;
                    Ok(keys + links + identity::forget(tx, &rules, now).await?)
                })
            })
            .await;
        match forgotten {
            Ok(rows) => tracing::debug!(rows, "housekeeping"),
            Err(fault) => tracing::error!(%fault, "housekeeping failed"),
        }
        tokio::select! {
            () = tokio::time::sleep(HOUSEKEEPING) => {}
            _ = stop.changed() => {}
        }
    }
}
