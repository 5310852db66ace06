//! Which item a pushed slice belongs to.
//!
//! A keyer must not know, and the product does not say: a slice names neither item nor customer.
//! The simulation needs it to find the truth, so it asks as a duty supervisor, whose list of work shows item numbers.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use crate::client::wire::{Listing, WorkRow};
use crate::client::{Client, ClientError};

/// The supervisor's view, kept between questions.
pub struct Lookup {
    client: Client,
    employee_no: String,
    password: String,
    known: Mutex<HashMap<String, String>>,
    /// One question at a time: forty keyers would otherwise ask the same at once.
    asking: tokio::sync::Mutex<()>,
}

/// Above this many the oldest knowledge is of no use.
const KNOWN_MOST: usize = 20_000;
const QUEUES: [&str; 2] = ["keying", "third_keying"];
/// A lease may reach its keyer a moment before the list shows it.
const TRIES: u32 = 3;

impl Lookup {
    /// Signs the supervisor in.
    pub async fn open(base: &str, employee_no: &str, password: &str) -> Result<Self, ClientError> {
        let client = Client::new(base)?;
        client.sign_in(employee_no, password).await?;
        Ok(Self {
            client,
            employee_no: employee_no.to_owned(),
            password: password.to_owned(),
            known: Mutex::default(),
            asking: tokio::sync::Mutex::new(()),
        })
    }

    /// The item's number, or `None` when the list does not show this work.
    pub async fn item_no(&self, work_item_id: &str) -> Result<Option<String>, ClientError> {
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

    fn remembered(&self, work_item_id: &str) -> Option<String> {
        self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(work_item_id).cloned()
    }

    fn remember(&self, rows: Vec<WorkRow>) {
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.len() > KNOWN_MOST {
            known.clear();
        }
        known.extend(rows.into_iter().map(|row| (row.work_item_id, row.item_no)));
    }
}
