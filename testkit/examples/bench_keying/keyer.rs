//! Keyers who press Enter by the clock and wait for the next slice.

use crate::{Options, Outcome, bank, histogram};
use demo::client::wire::{Event, Lease, Saying, Task};
use demo::client::{Client, Stream};
use demo::province::PASSWORD;
use hdrhistogram::Histogram;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Barrier;
use tokio::time::{Instant, interval, sleep_until, timeout_at};

/// Longer than any entry may take: whoever has no slice by then finds the queue empty.
const GIVE_UP: Duration = Duration::from_secs(20);
const TOGETHER: usize = 8;

/// What was measured.
pub struct Times {
    pub task: Histogram<u64>,
    pub image: Histogram<u64>,
    /// Entries that were due while the keyer had nothing to key.
    pub starved: u64,
    pub refused: u64,
}

/// Signs everybody in, lets everybody begin together, and joins what they measured.
pub async fn run(url: &str, options: &Options, warm_up: Duration) -> Outcome<Times> {
    let numbers: Vec<String> = bank::keyers(options).collect();
    let mut seats = Vec::new();
    for group in numbers.chunks(TOGETHER) {
        let opened = group.iter().map(|number| Seat::take(url, number));
        for seat in futures_util::future::join_all(opened).await {
            seats.push(seat?);
        }
    }
    let all_there = Arc::new(Barrier::new(seats.len()));
    let mut random = StdRng::seed_from_u64(options.seed);
    let mut working = tokio::task::JoinSet::new();
    for seat in seats {
        let phase = options.every.mul_f64(random.random_range(0.0..1.0));
        working.spawn(seat.works(options.clone(), warm_up, phase, Arc::clone(&all_there)));
    }
    let mut all = Times { task: histogram(), image: histogram(), starved: 0, refused: 0 };
    while let Some(ended) = working.join_next().await {
        let times = ended??;
        all.task.add(&times.task)?;
        all.image.add(&times.image)?;
        all.starved += times.starved;
        all.refused += times.refused;
    }
    Ok(all)
}

/// A keyer with an open stream.
struct Seat {
    client: Arc<Client>,
    stream: Stream,
    lease: Option<Lease>,
}

impl Seat {
    async fn take(url: &str, employee_no: &str) -> Outcome<Self> {
        let client = Arc::new(Client::new(url)?);
        client.sign_in(employee_no, PASSWORD).await?;
        let stream = Stream::open(&client, None).await?;
        let ready = json!({ "state": "ready", "capacity": 1, "queues": ["keying"] });
        let _: Value = client.send(Method::PUT, "/work/presence/me", &ready).await?;
        Ok(Self { client, stream, lease: None })
    }

    async fn works(
        mut self,
        options: Options,
        warm_up: Duration,
        phase: Duration,
        all_there: Arc<Barrier>,
    ) -> Outcome<Times> {
        let mut times = Times { task: histogram(), image: histogram(), starved: 0, refused: 0 };
        self.next_slice(Instant::now() + GIVE_UP).await?;
        self.look().await?;
        // A keyer who waits for the others keeps the stream alive.
        self.alive_while(all_there.wait()).await?;
        let begun = Instant::now();
        let (measured_from, end) = (begun + warm_up, begun + warm_up + Duration::from_secs(options.seconds));
        let mut due = begun + phase;
        while due < end {
            self.alive_while(sleep_until(due)).await?;
            let measured = due >= measured_from;
            let Some(lease) = self.lease.take() else {
                times.starved += u64::from(measured);
                self.next_slice(due + options.every).await?;
                self.look().await?;
                due += options.every;
                continue;
            };
            let refused = self.enter(lease, options.every).await?;
            times.refused += u64::from(measured && refused);
            self.next_slice(due + GIVE_UP).await?;
            let opened = Instant::now();
            self.look().await?;
            if measured && self.lease.is_some() {
                times.task.saturating_record(micros(opened - due));
                times.image.saturating_record(micros(due.elapsed()));
            }
            due += options.every;
        }
        Ok(times)
    }

    /// Confirms the slice, the stream heard meanwhile: the next task may come before the answer does.
    async fn enter(&mut self, lease: Lease, elapsed: Duration) -> Outcome<bool> {
        let Task::Slice(slice) = &lease.task else { return Err("keyers get slices".into()) };
        // Every keyer types the same, so both passes agree.
        let value = match slice.field.code.as_str() {
            "amount" => "128.50",
            "payee_account" => "6200001562621001",
            _ => "代发入账",
        };
        let body = json!({
            "fence": lease.fence, "value": value, "unreadable": false, "elapsed_ms": elapsed.as_millis() as u64, "keystrokes": 9,
        });
        let client = Arc::clone(&self.client);
        let path = format!("/processing/keying/{}/entry", lease.work_item_id);
        let sent = async move { client.act(&path, &body).await };
        tokio::pin!(sent);
        loop {
            tokio::select! {
                answer = &mut sent => return match answer {
                    Ok(()) => Ok(false),
                    Err(demo::client::ClientError::Refused { status, .. }) if status.is_client_error() => Ok(true),
                    Err(error) => Err(error.into()),
                },
                heard = self.hear() => heard?,
            }
        }
    }

    /// Waits for the next task, no longer than until `end`.
    async fn next_slice(&mut self, end: Instant) -> Outcome<()> {
        let mut beats = interval(Duration::from_secs(1));
        while self.lease.is_none() {
            tokio::select! {
                _ = beats.tick() => self.beat().await?,
                heard = timeout_at(end, self.hear()) => match heard {
                    Ok(heard) => heard?,
                    Err(_) => return Ok(()),
                },
            }
        }
        Ok(())
    }

    async fn alive_while<T>(&mut self, waiting: impl Future<Output = T>) -> Outcome<()> {
        tokio::pin!(waiting);
        let mut beats = interval(Duration::from_secs(1));
        loop {
            tokio::select! {
                _ = &mut waiting => return Ok(()),
                _ = beats.tick() => self.beat().await?,
                heard = self.hear() => heard?,
            }
        }
    }

    async fn beat(&mut self) -> Outcome<()> {
        Ok(self.stream.say(&Saying::Heartbeat { active: true, t: 0 }).await?)
    }

    async fn hear(&mut self) -> Outcome<()> {
        let frame = self.stream.next().await?.ok_or("the server closed a stream")?;
        match frame.event {
            Event::Hello { leases } => self.lease = leases.into_iter().next(),
            Event::Assigned { lease } => self.lease = Some(*lease),
            Event::Released { work_item_id } => {
                if self.lease.as_ref().is_some_and(|lease| lease.work_item_id == work_item_id) {
                    self.lease = None;
                }
            }
            Event::Other => {}
        }
        Ok(())
    }

    /// Shows the slice: its picture, and the word to the server that it is seen.
    async fn look(&mut self) -> Outcome<()> {
        let Some(lease) = &self.lease else { return Ok(()) };
        let Task::Slice(slice) = &lease.task else { return Err("keyers get slices".into()) };
        self.stream.say(&Saying::Ack { work_item_id: &lease.work_item_id, fence: lease.fence }).await?;
        self.client.look_at(&slice.image_url).await?;
        Ok(())
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
