//! Runs due jobs on this node.

use super::{LeasedJob, fail, finish, lease, release_node};
use crate::{Db, Fault};
use kernel::Clock;
use kernel::clock::MICROS_PER_SECOND;
use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

pub type JobFuture = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// What runs a kind of job. The error text is kept with the job and holds no personal data.
pub type Handler = Arc<dyn Fn(LeasedJob) -> JobFuture + Send + Sync>;

/// A job must end within its lease, or another node runs it again.
const LEASE_MICROS: i64 = 60 * MICROS_PER_SECOND;
const IDLE_WAIT: Duration = Duration::from_millis(100);

/// The table of who listens, and the loop that serves it.
pub struct Runner {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    /// Names this process in the leases it takes; the same after a restart, and of no other process.
    pub node: String,
    pub handlers: HashMap<&'static str, Handler>,
}

impl Runner {
    /// Runs jobs on `lanes` lanes until `stop` turns true; a job under way is finished first.
    /// What this node ran when it was killed is due again at once, without waiting for its lease to end.
    pub async fn run(self: Arc<Self>, lanes: usize, stop: watch::Receiver<bool>) {
        self.take_up().await;
        let lanes: Vec<_> = (0..lanes)
            .map(|_| {
                let (runner, stop) = (Arc::clone(&self), stop.clone());
                tokio::spawn(async move { runner.lane(stop).await })
            })
            .collect();
        for lane in lanes {
            if let Err(error) = lane.await {
                tracing::error!(%error, "a job lane ended");
            }
        }
    }

    async fn take_up(&self) {
        let node = self.node.clone();
        let released = self.db.write::<_, Fault, _>(move |tx| {
            let node = node.clone();
            Box::pin(async move { release_node(tx, &node).await })
        });
        match released.await {
            Ok(0) => {}
            Ok(jobs) => tracing::info!(jobs, "taking up what ran when this node ended"),
            // Then they wait for their leases to end.
            Err(fault) => tracing::error!(%fault, "the job table cannot be read"),
        }
    }

    async fn lane(&self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            match self.run_one().await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = tokio::time::sleep(IDLE_WAIT) => {}
                        _ = stop.changed() => {}
                    }
                }
                Err(fault) => {
                    tracing::error!(%fault, "the job table cannot be read");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Runs every job that is due now; tests call this so that nothing broken stays enqueued unnoticed.
    pub async fn drain(&self) -> Result<u64, Fault> {
        let mut ran = 0;
        while self.run_one().await? {
            ran += 1;
        }
        Ok(ran)
    }

    /// Runs the job that is due longest; `false` when none is due.
    pub async fn run_one(&self) -> Result<bool, Fault> {
        let (now, node) = (self.clock.now(), self.node.clone());
        let leased = self
            .db
            .write::<_, Fault, _>(move |tx| {
                let node = node.clone();
                Box::pin(async move { lease(tx, now, &node, LEASE_MICROS).await })
            })
            .await?;
        let Some(job) = leased else { return Ok(false) };
        let outcome = match self.handlers.get(job.kind.as_str()) {
            Some(handler) => self.guarded(handler, job.clone()).await,
            None => Err(format!("no handler for `{}` on this node", job.kind)),
        };
        self.settle(job, outcome).await?;
        Ok(true)
    }

    async fn guarded(&self, handler: &Handler, job: LeasedJob) -> Result<(), String> {
        tokio::spawn(handler(job)).await.unwrap_or_else(|error| Err(format!("panicked: {error}")))
    }

    async fn settle(&self, job: LeasedJob, outcome: Result<(), String>) -> Result<(), Fault> {
        let now = self.clock.now();
        if let Err(error) = &outcome {
            tracing::warn!(job = %job.job_id, kind = job.kind, attempt = job.attempt, error, "a job failed");
        }
        let (id, kind) = (job.job_id.clone(), job.kind.clone());
        let ours = self
            .db
            .write::<_, Fault, _>(move |tx| {
                let (job, outcome) = (job.clone(), outcome.clone());
                Box::pin(async move {
                    match outcome {
                        Ok(()) => finish(tx, &job, now).await,
                        Err(error) => fail(tx, &job, now, &error).await,
                    }
                })
            })
            .await?;
        if !ours {
            tracing::warn!(job = %id, kind, "the lease of a job went to another node before it ended");
        }
        Ok(())
    }
}
