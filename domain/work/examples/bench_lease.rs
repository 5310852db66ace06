//! How fast the best work is leased with a long queue behind it.
//!
//! `cargo run --release -p work --example bench_lease -- --database sqlite --waiting 100000 --workers 8 --seconds 10 --seed 1`
//!
//! One JSON object per line on stdout, talk on stderr. Each worker is a person of their own who leases the best item and completes it, again and again;
//! the rate counts leases, the percentiles time them alone. Beside it stands a bound of the same run: turns of two transactions that
//! change one row each, the least that any lease and any completion must cost on this machine and disk. What is used up is put back by nobody: `size` is the length at the start.
//! `--database` takes `sqlite`, a file, or a `postgres://` address, in which it makes the schema `bench_lease` and drops it again. One second of warm-up.

use hdrhistogram::Histogram;
use journal::{Actor, Cx, Failure, Journal};
use kernel::{Clock, Instant, InstitutionId, PersonId, SessionId, SystemClock};
use permission::Hand;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use storage::cipher::FileMasterKey;
use storage::vault::Vault;
use storage::{Database, Db, Fault, sql};
use work::{Lease, NewWork, Taker, Want};

const QUEUE: &str = "keying";
const WARM_UP: Duration = Duration::from_secs(1);
/// How long the bound is measured, right after.
const BOUND: Duration = Duration::from_secs(3);
/// Items enqueued in one transaction while the queue is filled.
const FILLED_TOGETHER: u64 = 500;

struct Options {
    database: String,
    waiting: u64,
    workers: u64,
    seconds: u64,
    seed: u64,
}

fn options() -> Options {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let given: HashMap<&str, &str> =
        args.chunks(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.get(1)?.as_str()))).collect();
    let known = ["--database", "--waiting", "--workers", "--seconds", "--seed"];
    if !args.len().is_multiple_of(2) || given.keys().any(|key| !known.contains(key)) {
        eprintln!(
            "usage: bench_lease [--database sqlite|FILE|postgres://…] [--waiting N] [--workers N] [--seconds N] [--seed N]"
        );
        std::process::exit(2);
    }
    let number = |key: &str, default| given.get(key).map_or(default, |text| text.parse().expect("a number"));
    Options {
        database: given.get("--database").copied().unwrap_or("sqlite").to_owned(),
        waiting: number("--waiting", 100_000),
        workers: number("--workers", 8),
        seconds: number("--seconds", 10),
        seed: number("--seed", 1),
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let options = options();
    let folder = std::env::temp_dir().join(format!("shuniu-bench-{}", std::process::id()));
    let database = match options.database.as_str() {
        "sqlite" => Database::Sqlite { path: folder.join("bench.db"), durable: true },
        address => match Database::parse(address) {
            Database::Postgres { url, .. } => Database::Postgres { url, schema: Some("bench_lease".into()) },
            file => file,
        },
    };
    // What a former run left behind is thrown away with its schema.
    drop_schema(&Db::open(&database).await?).await?;
    let db = Db::open(&database).await?;
    let master = FileMasterKey::from_bytes(vec![7; 32])?;
    let vault = Vault::open(&db, &master, "fields", SystemClock.now()).await?;
    let journal = Journal { db, clock: Arc::new(SystemClock), vault };
    eprintln!("putting {} items into the queue", options.waiting);
    fill(&journal, &options).await?;
    measure(&journal, &options).await?;
    drop_schema(&journal.db).await?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(Fault::from)?;
    }
    Ok(())
}

async fn drop_schema(db: &Db) -> Result<(), Fault> {
    if db.postgres_pool().is_some() {
        let dropped = db.write::<(), Fault, _>(|tx| {
            Box::pin(async move { tx.execute(sql("DROP SCHEMA bench_lease CASCADE")).await.map(|_| ()) })
        });
        dropped.await?;
    }
    db.close().await;
    Ok(())
}

/// Items of many outlets, classes and deadlines, in the order of a shuffled deck.
async fn fill(journal: &Journal, options: &Options) -> Result<(), Failure> {
    let mut random = StdRng::seed_from_u64(options.seed);
    let now = SystemClock.now();
    let outlets: Vec<InstitutionId> = (0..400).map(|_| InstitutionId::new(now)).collect();
    let mut next = 0;
    while next < options.waiting {
        let batch: Vec<NewWork> = (next..options.waiting.min(next + FILLED_TOGETHER))
            .map(|number| NewWork {
                queue: QUEUE,
                subject: format!("itm_{number:026}"),
                origin: outlets[random.random_range(0..outlets.len())].clone(),
                hand: Hand::FirstKey,
                slice: None,
                internal_only: false,
                priority_class: random.random_range(1..=4),
                due_at: now.plus_seconds(random.random_range(600..7_200)),
                promote_at: None,
                task: serde_json::json!({"slice_id": format!("slc_{number:026}"), "pass": 1}),
            })
            .collect();
        next += batch.len() as u64;
        let write = journal.db.write::<(), Fault, _>(move |tx| {
            let batch = batch.clone();
            Box::pin(async move {
                for new in batch {
                    work::enqueue(tx, now, new).await?;
                }
                Ok(())
            })
        });
        write.await?;
    }
    Ok(())
}

/// A person who is ready: the statement that finds work asks for it.
async fn operator(journal: &Journal) -> Result<Taker, Failure> {
    let now = SystemClock.now();
    let taker = Taker {
        person: PersonId::new(now),
        session: SessionId::new(now),
        node: "bench".into(),
        home: InstitutionId::new(now),
        outsourced: false,
        capacity: 1,
    };
    let (person, session) = (taker.person.clone(), taker.session.clone());
    let write = journal.db.write::<(), Fault, _>(move |tx| {
        let (person, session) = (person.clone(), session.clone());
        Box::pin(async move {
            let statement = sql("INSERT INTO presence (person_id, session_id, node, state, since, queues, capacity, heartbeat_at, active_at)
                                 VALUES ($1, $2, 'bench', 'ready', $3, 'keying', 1, $3, $3)");
            tx.execute_one(statement.bind(&person).bind(&session).bind(now)).await
        })
    });
    write.await?;
    Ok(taker)
}

async fn complete(journal: &Journal, taker: &Taker, lease: &Lease) -> Result<(), Failure> {
    let (person, id, fence, vault) =
        (taker.person.clone(), lease.work_item_id.clone(), lease.fence, journal.vault.clone());
    let write = journal.db.write::<(), Failure, _>(move |tx| {
        let (person, id, vault) = (person.clone(), id.clone(), vault.clone());
        Box::pin(async move {
            let mut cx = Cx { tx, actor: Actor::person(person.clone()), now: SystemClock.now(), vault };
            let held = work::held(&mut cx, &person, &id, fence).await?;
            work::complete(&mut cx, &held).await
        })
    });
    write.await
}

/// Microseconds of every lease until `end`.
async fn worker(journal: Journal, taker: Taker, end: Instant) -> Result<Vec<u64>, Failure> {
    let wants = [Want { queue: QUEUE.to_owned(), count: 1 }];
    let mut times = Vec::new();
    loop {
        let begun = SystemClock.now();
        if begun >= end {
            return Ok(times);
        }
        let taken = work::take(&journal, &taker, &wants, 1, begun, &[]).await?;
        let Some(lease) = taken.leases.first() else { return Ok(times) };
        times.push(u64::try_from(SystemClock.now().since(begun)).unwrap_or(0));
        complete(&journal, &taker, lease).await?;
    }
}

/// The bound: what the same database commits for the same workers when each of the two transactions of a turn changes one row and no more.
async fn bare_worker(journal: Journal, taker: Taker, end: Instant) -> Result<Vec<u64>, Failure> {
    let mut times = Vec::new();
    while SystemClock.now() < end {
        let begun = SystemClock.now();
        for _ in 0..2 {
            let person = taker.person.clone();
            let write = journal.db.write::<(), Fault, _>(move |tx| {
                let person = person.clone();
                Box::pin(async move {
                    tx.execute_one(
                        sql("UPDATE presence SET heartbeat_at = heartbeat_at + 1 WHERE person_id = $1").bind(&person),
                    )
                    .await
                })
            });
            write.await?;
        }
        times.push(u64::try_from(SystemClock.now().since(begun)).unwrap_or(0));
    }
    Ok(times)
}

/// What each worker does.
#[derive(Clone, Copy)]
enum Turn {
    LeaseAndComplete,
    Bare,
}

async fn round(journal: &Journal, takers: &[Taker], time: Duration, turn: Turn) -> Result<Vec<Vec<u64>>, Failure> {
    let end = SystemClock.now().plus_micros(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
    let start = |taker: &Taker| match turn {
        Turn::LeaseAndComplete => tokio::spawn(worker(journal.clone(), taker.clone(), end)),
        Turn::Bare => tokio::spawn(bare_worker(journal.clone(), taker.clone(), end)),
    };
    let workers: Vec<_> = takers.iter().map(start).collect();
    let mut times = Vec::new();
    for worker in workers {
        times.push(worker.await.map_err(|error| Fault::Panicked(error.to_string()))??);
    }
    Ok(times)
}

fn per_second(times: &[Vec<u64>], begun: Instant) -> i64 {
    let turns = times.iter().map(Vec::len).sum::<usize>();
    i64::try_from(turns).unwrap_or(i64::MAX) * 1_000_000 / SystemClock.now().since(begun).max(1)
}

async fn measure(journal: &Journal, options: &Options) -> Result<(), Failure> {
    let mut takers = Vec::new();
    for _ in 0..options.workers {
        takers.push(operator(journal).await?);
    }
    round(journal, &takers, WARM_UP, Turn::LeaseAndComplete).await?;
    eprintln!("measuring for {} s", options.seconds);
    let begun = SystemClock.now();
    let times = round(journal, &takers, Duration::from_secs(options.seconds), Turn::LeaseAndComplete).await?;
    let rate = per_second(&times, begun);
    eprintln!("measuring the bound for {} s", BOUND.as_secs());
    let begun = SystemClock.now();
    let bound = per_second(&round(journal, &takers, BOUND, Turn::Bare).await?, begun);
    let mut histogram = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).expect("a minute in microseconds");
    for time in times.iter().flatten() {
        histogram.saturating_record(*time);
    }
    let millis = |quantile: f64| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
    let line = serde_json::json!({
        "bench": "lease",
        "case": format!("{}/{}-workers", journal.db.engine_name(), options.workers),
        "rate_per_s": rate,
        "p50_ms": millis(0.5),
        "p95_ms": millis(0.95),
        "p99_ms": millis(0.99),
        "p999_ms": millis(0.999),
        "seconds": options.seconds,
        "size": options.waiting,
        "seed": options.seed,
        "peer": "bound: two transactions of one row each per turn, same database, same workers, same run",
        "peer_value": bound,
        "ratio": rate as f64 / bound.max(1) as f64,
        "note": "lease of the best item and its completion in turn; the rate counts leases, the percentiles time them",
    });
    println!("{line}");
    Ok(())
}
