//! The background work of this area, by name.

use crate::{checking, posting, slicing};
use journal::{Answer, Journal};
use kernel::ItemId;
use ledger::CoreConnector;
use std::sync::Arc;
use storage::Fault;
use storage::blobs::Blobs;
use storage::jobs::LeasedJob;

/// The kinds of job that [`Machine::run`] knows.
pub const KINDS: &[&str] = &[slicing::JOB, checking::ASK_CORE_JOB, posting::JOB];

/// What the jobs work with.
#[derive(Clone)]
pub struct Machine {
    pub journal: Journal,
    pub blobs: Blobs,
    pub core: Arc<dyn CoreConnector>,
}

impl Machine {
    /// Runs one job; it may run twice.
    pub async fn run(&self, job: &LeasedJob) -> Answer<()> {
        let item_id = job.payload["item_id"].as_str().and_then(|text| ItemId::parse(text).ok());
        let item_id = item_id.ok_or_else(|| Fault::inconsistent(format!("job {} names no item", job.job_id)))?;
        match job.kind.as_str() {
            slicing::JOB => {
                let version = job.payload["version"].as_i64().unwrap_or_default();
                slicing::run(&self.journal, &self.blobs, &item_id, version).await
            }
            checking::ASK_CORE_JOB => checking::run_ask_core(&self.journal, &*self.core, &item_id).await,
            posting::JOB => {
                let key = job.payload["posting_key"].as_str().unwrap_or_default();
                posting::run(&self.journal, &*self.core, &item_id, key).await
            }
            other => Err(Fault::inconsistent(format!("no job `{other}` in processing")).into()),
        }
    }
}
