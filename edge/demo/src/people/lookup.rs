//! Which item a pushed slice belongs to, and what is written on it.
//!
//! A keyer must not know, and the product does not say: a slice names neither item nor customer.
//! The simulation needs it to find the truth, so it asks as a duty supervisor, whose list of work shows item numbers.
//! What a visitor captured has no truth of its own; the supervisor looks whether it is one of the samples.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use crate::client::wire::{ItemDetail, Listing, WorkRow};
use crate::client::{Client, ClientError};
use crate::samples::Samples;
use crate::truth::{Truth, TruthStore};

/// The supervisor's view, kept between questions.
pub struct Lookup {
    client: Client,
    employee_no: String,
    password: String,
    /// By work item.
    known: Mutex<HashMap<String, Known>>,
    truth: TruthStore,
    samples: Samples,
    /// Items that are none of the samples, by number.
    strange: Mutex<HashSet<String>>,
    /// One question at a time: forty keyers would otherwise ask the same at once.
    asking: tokio::sync::Mutex<()>,
}

/// An item as work and tasks name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub item_id: String,
    pub item_no: String,
}

/// Above this many the oldest knowledge is of no use.
const KNOWN_MOST: usize = 20_000;
const QUEUES: [&str; 2] = ["keying", "third_keying"];
/// A lease may reach its keyer a moment before the list shows it.
const TRIES: u32 = 3;

impl Lookup {
    /// Signs the supervisor in.
    pub async fn open(
        base: &str,
        employee_no: &str,
        password: &str,
        truth: TruthStore,
        samples: Samples,
    ) -> Result<Self, ClientError> {
        let client = Client::new(base)?;
        client.sign_in(employee_no, password).await?;
        Ok(Self {
            client,
            employee_no: employee_no.to_owned(),
            password: password.to_owned(),
            known: Mutex::default(),
            truth,
            samples,
            strange: Mutex::default(),
            asking: tokio::sync::Mutex::new(()),
        })
    }

    /// The duty supervisor's session, which [`Self::item`] renews when it has ended.
    pub fn supervisor(&self) -> &Client {
        &self.client
    }

    /// What is written on an item: told by the outlet that sent it, or known because it is one of the samples.
    pub async fn truth(&self, item: &Known) -> Result<Option<Truth>, ClientError> {
        match self.truth.read(&item.item_no) {
            Ok(None) => self.recognize(item).await,
            Ok(told) => Ok(told),
            Err(error) => {
                // The item is then left to real people, as one without truth is.
                tracing::warn!(%error, "a truth file could not be read");
                Ok(None)
            }
        }
    }

    async fn recognize(&self, item: &Known) -> Result<Option<Truth>, ClientError> {
        let strange = || self.strange.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if strange().contains(&item.item_no) {
            return Ok(None);
        }
        let detail: ItemDetail = self.client.get(&format!("/processing/items/{}", item.item_id)).await?;
        let truth = self.samples.recognize(&detail).cloned();
        match &truth {
            Some(truth) => {
                if let Err(error) = self.truth.write(&item.item_no, truth) {
                    tracing::warn!(%error, "what a sample says could not be kept; it is looked at again");
                }
            }
            None => {
                strange().insert(item.item_no.clone());
            }
        }
        Ok(truth)
    }

    /// The item, or `None` when the list does not show this work.
    pub async fn item(&self, work_item_id: &str) -> Result<Option<Known>, ClientError> {
        for attempt in 0..TRIES {
            if let Some(found) = self.remembered(work_item_id) {
                return Ok(Some(found));
            }
            let turn = self.asking.lock().await;
            // Whoever asked before us may have brought the answer.
            if let Some(found) = self.remembered(work_item_id) {
                return Ok(Some(found));
            }
            self.ask().await?;
            drop(turn);
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Ok(self.remembered(work_item_id))
    }

    /// Reads what is being worked on, and signs in again when the session has ended.
    async fn ask(&self) -> Result<(), ClientError> {
        match self.read_lists().await {
            Err(error) if error.is_signed_out() => {
                self.client.sign_in(&self.employee_no, &self.password).await?;
                self.read_lists().await
            }
            other => other,
        }
    }

    async fn read_lists(&self) -> Result<(), ClientError> {
        for queue in QUEUES {
            let mut cursor = String::new();
            loop {
                let path = format!("/work/items?queue={queue}&state=working&limit=200{cursor}");
                let rows: Listing<WorkRow> = self.client.get(&path).await?;
                self.remember(rows.items);
                match rows.next {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        Ok(())
    }

    fn remembered(&self, work_item_id: &str) -> Option<Known> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(work_item_id).cloned()
    }

    fn remember(&self, rows: Vec<WorkRow>) {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() > KNOWN_MOST {
            known.clear();
        }
        known.extend(
            rows.into_iter()
                .map(|WorkRow { work_item_id, item_id, item_no }| (work_item_id, Known { item_id, item_no })),
        );
    }
}
