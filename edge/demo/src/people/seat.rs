//! One simulated person at a station: signs in, goes ready, keeps the stream alive, works what is pushed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval};

use super::lookup::Lookup;
use super::pace::Speed;
use super::work::{Worker, perform};
use crate::client::wire::{Event, Lease, Saying};
use crate::client::{Client, ClientError, Stream};
use crate::mistakes::Mistakes;
use crate::random::Random;

/// What all seats share.
pub struct Shared {
    pub base: String,
    pub password: String,
    pub speed: Speed,
    pub mistakes: Mistakes,
    pub lookup: Lookup,
}

/// One person.
pub struct Seat {
    pub shared: Arc<Shared>,
    pub employee_no: String,
    pub random: Random,
    /// The browser with its session, which outlives a broken line.
    pub client: Option<Arc<Client>>,
}

const HEARTBEAT: Duration = Duration::from_millis(1_000);
/// Leases outlive a closed stream by a second and a half.
const RESUME_AFTER: Duration = Duration::from_millis(300);
/// First pause after trouble; it doubles up to the last.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
const PAUSE_LAST: Duration = Duration::from_secs(30);

impl Seat {
    /// Works until the process ends; trouble is told, waited out, and begun anew.
    pub async fn run(mut self) {
        let mut pause = PAUSE_FIRST;
        loop {
            let began = Instant::now();
            match self.shift().await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(employee = %self.employee_no, %error, "the shift broke off");
                    // A sign-in is dear, and only so many are taken from one address in a minute: the session is kept.
                    if error.is_signed_out() {
                        self.client = None;
                    }
                }
            }
            // A shift that went well for a while earns a short pause again.
            pause = if began.elapsed() > Duration::from_secs(60) { PAUSE_FIRST } else { (pause * 2).min(PAUSE_LAST) };
            let apart = Duration::from_millis(self.random.below(2_000));
            tokio::time::sleep(pause + apart).await;
        }
    }

    /// From signing in to trouble; a stream that merely closes is resumed in the same session.
    async fn shift(&mut self) -> Result<(), ClientError> {
        let client = self.signed_in().await?;
        let worker =
            Arc::new(Worker { client, shared: self.shared.clone(), reasons: Vec::new() }.with_reasons().await?);
        let mut stream = Stream::open(&worker.client, None).await?;
        let ready = json!({ "state": "ready", "capacity": 1 });
        let _: Value = worker.client.send(Method::PUT, "/work/presence/me", &ready).await?;
        let mut desk = Desk::default();
        loop {
            self.serve(&worker, &mut stream, &mut desk).await?;
            tracing::debug!(employee = %self.employee_no, "the stream closed; it is resumed");
            tokio::time::sleep(RESUME_AFTER).await;
            stream = Stream::open(&worker.client, Some(stream.last_seq)).await?;
        }
    }

    async fn signed_in(&mut self) -> Result<Arc<Client>, ClientError> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = Arc::new(Client::new(&self.shared.base)?);
        client.sign_in(&self.employee_no, &self.shared.password).await?;
        self.client = Some(client.clone());
        Ok(client)
    }

    /// Heartbeats and work side by side until the server closes the stream; work that it took back is dropped.
    async fn serve(&mut self, worker: &Arc<Worker>, stream: &mut Stream, desk: &mut Desk) -> Result<(), ClientError> {
        let mut ticks = interval(HEARTBEAT);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let began = Instant::now();
        loop {
            tokio::select! {
                _ = ticks.tick() => {
                    let t = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
                    stream.say(&Saying::Heartbeat { active: true, t }).await?;
                }
                Some(ended) = desk.working.join_next() => match ended {
                    Ok((work_item_id, outcome)) => {
                        desk.running.remove(&work_item_id);
                        self.tell(&work_item_id, outcome)?;
                    }
                    Err(error) if error.is_cancelled() => {}
                    Err(error) => tracing::error!(%error, "a piece of work broke down"),
                },
                frame = stream.next() => {
                    let Some(frame) = frame? else { return Ok(()) };
                    let leases = match frame.event {
                        Event::Hello { leases } => leases,
                        Event::Assigned { lease } => vec![*lease],
                        Event::Released { work_item_id } => {
                            desk.drop_work(&work_item_id);
                            continue;
                        }
                        Event::Other => continue,
                    };
                    for lease in leases {
                        let ack = Saying::Ack { work_item_id: &lease.work_item_id, fence: lease.fence };
                        stream.say(&ack).await?;
                        desk.begin(lease, worker, Random::new(self.random.bits()));
                    }
                }
            }
        }
    }

    /// A refusal is part of the trade and only told; a broken line or an ended session ends the shift.
    fn tell(&self, work_item_id: &str, outcome: Result<(), ClientError>) -> Result<(), ClientError> {
        match outcome {
            Ok(()) => Ok(()),
            Err(error) if error.is_signed_out() => Err(error),
            Err(error @ ClientError::Refused { .. }) => {
                tracing::info!(employee = %self.employee_no, work_item_id, %error, "refused");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// What lies on a person's desk.
#[derive(Default)]
struct Desk {
    working: JoinSet<(String, Result<(), ClientError>)>,
    /// By work item: the fence it was begun under, and the hold on its running.
    running: HashMap<String, (i64, AbortHandle)>,
}

impl Desk {
    /// A lease that is told again, as after a resumed stream, is not begun again; under a new fence it replaces the old.
    fn begin(&mut self, lease: Lease, worker: &Arc<Worker>, mut random: Random) {
        let key = (lease.work_item_id.clone(), lease.fence);
        if self.running.get(&key.0).is_some_and(|(fence, _)| *fence == key.1) {
            return;
        }
        self.drop_work(&key.0);
        let worker = worker.clone();
        let handle = self.working.spawn(async move {
            let outcome = perform(&worker, &lease, &mut random).await;
            (lease.work_item_id, outcome)
        });
        self.running.insert(key.0, (key.1, handle));
    }

    fn drop_work(&mut self, work_item_id: &str) {
        if let Some((_, work)) = self.running.remove(work_item_id) {
            work.abort();
        }
    }
}
