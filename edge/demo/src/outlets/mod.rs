//! Simulated outlets: tellers who take vouchers in at their counters and mind what the center makes of them.
//!
//! They write the truth of each document into a folder for the simulated people, before the document is sent.

pub mod counter;
pub mod plan;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::task::JoinSet;

use crate::client::wire::Reason;
use crate::client::{Client, ClientError};
use crate::people::pace::Speed;
use crate::province::{Accounts, Province};
use crate::random::Random;
use crate::receipts::{FolderError, read_folder};
use crate::truth::{TruthError, TruthStore};
use counter::Counter;

/// What the simulation of outlets is started with.
#[derive(Debug, Clone)]
pub struct OutletsConfig {
    pub url: String,
    pub password: String,
    pub seed: u64,
    pub speed: Speed,
    pub truth: PathBuf,
    /// Real images, with or without truth beside them.
    pub documents: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum OutletError {
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Truth(#[from] TruthError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("{name}: {source}")]
    File { name: String, source: std::io::Error },
    #[error("an image could not be packed: {0}")]
    Image(#[from] image::ImageError),
    #[error("the drawing of a voucher broke off: {0}")]
    Drawing(#[from] tokio::task::JoinError),
    #[error("the calendar: {0}")]
    Calendar(#[from] kernel::calendar::CalendarError),
    #[error("there is no form for {0}")]
    NoForm(&'static str),
}

/// What all counters share.
pub struct Shared {
    pub url: String,
    pub password: String,
    pub speed: Speed,
    pub truth: TruthStore,
    pub accounts: Accounts,
    drawing: tokio::sync::Mutex<()>,
    reasons: OnceCell<Vec<Reason>>,
}

impl Shared {
    /// The catalog of reasons, asked for once.
    async fn reasons(&self, client: &Client) -> Result<Vec<Reason>, ClientError> {
        self.reasons.get_or_try_init(|| client.reasons()).await.cloned()
    }
}

/// The product takes 60 sign-ins a minute from one address; simulated people and visitors need their part of them.
const OPENING_APART: Duration = Duration::from_secs(4);

/// Runs every counter until the future is dropped.
pub async fn run(config: OutletsConfig, province: &Province) -> Result<(), OutletError> {
    let truth = TruthStore::open(&config.truth)?;
    let sent = truth.files_sent()?;
    let files = match &config.documents {
        Some(folder) => read_folder(folder)?,
        None => Vec::new(),
    };
    let tellers = province.signing_in("teller", false);
    tracing::info!(counters = tellers.len(), files = files.len(), sent_before = sent.len(), "simulated outlets open");
    let shared = Arc::new(Shared {
        url: config.url,
        password: config.password,
        speed: config.speed,
        truth,
        accounts: province.accounts.clone(),
        drawing: tokio::sync::Mutex::new(()),
        reasons: OnceCell::new(),
    });
    // Each start brings other customers: with the seed alone it would send the same vouchers twice.
    let sent_before = shared.truth.count()?;
    let mut counters = JoinSet::new();
    for (order, teller) in tellers.iter().enumerate() {
        counters.spawn(
            Counter {
                shared: shared.clone(),
                employee_no: teller.employee_no.clone(),
                random: Random::stream(config.seed.wrapping_add(sent_before), &teller.employee_no),
                files: plan::share(&files, &sent, order, tellers.len()),
                taken: 0,
                client: None,
            }
            .run(),
        );
        tokio::time::sleep(OPENING_APART).await;
    }
    while let Some(ended) = counters.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a simulated counter broke down");
        }
    }
    Ok(())
}
