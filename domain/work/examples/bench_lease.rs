//! How fast the best work is leased with a long queue behind it.
//!
//! `cargo run --release -p work --example bench_lease -- --database sqlite --waiting 100000 --workers 8 --seconds 10 --seed 1`
//!
//! One JSON object per line on stdout, talk on stderr. Two cases in one run:
//! - `…/8-workers`: leases alone. Everybody sits down at once: each of very many ready people is given the best item, and keeps it.
//! - `…/8-workers-with-completion`: each worker is a person who leases the best item and completes it, again and again, as in the middle of a day.
//!
//! The rate counts leases, the percentiles time them alone. Beside each stands a bound of the same run: turns of as many transactions,
//! each of which changes one row, the least that any lease and any completion must cost on this machine and disk.
//! What is used up in a case is put back by nobody before its end: `size` is the length at its start.
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
/// Items, and people, written in one transaction before the measurement.
const FILLED_TOGETHER: u64 = 500;
/// People who sit down, for each second of leases alone: more than any machine serves.
const PEOPLE_PER_SECOND: u64 = 8_000;

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

/// The items from `first` on, as many as `count`: of many outlets, classes and deadlines, in the order of a shuffled deck.
async fn fill(journal: &Journal, seed: u64, first: u64, count: u64) -> Result<(), Failure> {
    eprintln!("putting {count} items into the queue");
    let mut random = StdRng::seed_from_u64(seed + first);
    let now = SystemClock.now();
    let outlets: Vec<InstitutionId> = (0..400).map(|_| InstitutionId::new(now)).collect();
    let (mut next, end) = (first, first + count);
    while next < end {
        let batch: Vec<NewWork> = (next..end.min(next + FILLED_TOGETHER))
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

/// People who are ready, each in a session of their own: the statement that finds work asks for it.
async fn operators(journal: &Journal, count: u64) -> Result<Vec<Taker>, Failure> {
    let now = SystemClock.now();
    let taker = |_| Taker {
        person: PersonId::new(now),
        session: SessionId::new(now),
        node: "bench".into(),
        home: InstitutionId::new(now),
        outsourced: false,
        capacity: 1,
    };
    let takers: Vec<Taker> = (0..count).map(taker).collect();
    for together in takers.chunks(FILLED_TOGETHER as usize) {
        let together: Vec<_> = together.iter().map(|it| (it.person.clone(), it.session.clone())).collect();
        let write = journal.db.write::<(), Fault, _>(move |tx| {
            let together = together.clone();
            Box::pin(async move {
                for (person, session) in &together {
                    let statement = sql("INSERT INTO presence (person_id, session_id, node, state, since, queues, capacity, heartbeat_at, active_at)
                                         VALUES ($1, $2, 'bench', 'ready', $3, 'keying', 1, $3, $3)");
                    tx.execute_one(statement.bind(person).bind(session).bind(now)).await?;
                }
                Ok(())
            })
        });
        write.await?;
    }
    Ok(takers)
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

fn wants() -> [Want; 1] {
    [Want { queue: QUEUE.to_owned(), count: 1 }]
}

/// Microseconds of every lease until `end`, each completed before the next.
async fn worker(journal: Journal, takers: Vec<Taker>, end: Instant) -> Result<Vec<u64>, Failure> {
    let taker = &takers[0];
    let mut times = Vec::new();
    loop {
        let begun = SystemClock.now();
        if begun >= end {
            return Ok(times);
        }
        let taken = work::take(&journal, taker, &wants(), 1, begun, &[]).await?;
        let Some(lease) = taken.leases.first() else { return Ok(times) };
        times.push(u64::try_from(SystemClock.now().since(begun)).unwrap_or(0));
        complete(&journal, taker, lease).await?;
    }
}

/// Microseconds of every lease until `end`, one for each taker.
async fn usher(journal: Journal, takers: Vec<Taker>, end: Instant) -> Result<Vec<u64>, Failure> {
    let mut times = Vec::new();
    for taker in &takers {
        let begun = SystemClock.now();
        if begun >= end {
            return Ok(times);
        }
        if work::take(&journal, taker, &wants(), 1, begun, &[]).await?.leases.is_empty() {
            return Ok(times);
        }
        times.push(u64::try_from(SystemClock.now().since(begun)).unwrap_or(0));
    }
    Ok(times)
}

/// The bound: what the same database commits for the same workers when each transaction of a turn changes one row and no more.
async fn bare_worker(
    journal: Journal,
    takers: Vec<Taker>,
    end: Instant,
    transactions: u32,
) -> Result<Vec<u64>, Failure> {
    let mut times = Vec::new();
    while SystemClock.now() < end {
        let begun = SystemClock.now();
        for _ in 0..transactions {
            let person = takers[0].person.clone();
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
    Lease,
    LeaseAndComplete,
    Bare { transactions: u32 },
}

/// Runs one worker for each list of people until the time is over.
async fn round(journal: &Journal, teams: &[Vec<Taker>], time: Duration, turn: Turn) -> Result<Vec<Vec<u64>>, Failure> {
    let end = SystemClock.now().plus_micros(i64::try_from(time.as_micros()).unwrap_or(i64::MAX));
    let start = |team: &Vec<Taker>| match turn {
        Turn::Lease => tokio::spawn(usher(journal.clone(), team.clone(), end)),
        Turn::LeaseAndComplete => tokio::spawn(worker(journal.clone(), team.clone(), end)),
        Turn::Bare { transactions } => tokio::spawn(bare_worker(journal.clone(), team.clone(), end, transactions)),
    };
    let workers: Vec<_> = teams.iter().map(start).collect();
    let mut times = Vec::new();
    for worker in workers {
        times.push(worker.await.map_err(|error| Fault::Panicked(error.to_string()))??);
    }
    Ok(times)
}

fn turns(times: &[Vec<u64>]) -> u64 {
    times.iter().map(|of_worker| of_worker.len() as u64).sum()
}

fn per_second(times: &[Vec<u64>], begun: Instant) -> i64 {
    i64::try_from(turns(times)).unwrap_or(i64::MAX) * 1_000_000 / SystemClock.now().since(begun).max(1)
}

/// The people of `options.workers` workers, `each` of them.
async fn teams(journal: &Journal, options: &Options, each: u64) -> Result<Vec<Vec<Taker>>, Failure> {
    let people = operators(journal, options.workers * each).await?;
    Ok(people.chunks(each as usize).map(<[Taker]>::to_vec).collect())
}

/// Both cases, each with the whole queue before it.
async fn measure(journal: &Journal, options: &Options) -> Result<(), Failure> {
    fill(journal, options.seed, 0, options.waiting).await?;
    let pairs = teams(journal, options, 1).await?;
    let used = round(journal, &pairs, WARM_UP, Turn::LeaseAndComplete).await?;
    let each = (PEOPLE_PER_SECOND * options.seconds).div_ceil(options.workers);
    let crowds = teams(journal, options, each).await?;
    fill(journal, options.seed, options.waiting, turns(&used)).await?;
    let note =
        "leases alone: each of very many ready people is given the best item; the bound is a transaction of one row";
    let used = case(journal, options, &crowds, (Turn::Lease, 1), ("", note)).await?;
    fill(journal, options.seed, options.waiting * 2, used).await?;
    let note = "lease of the best item and its completion in turn; the rate counts leases, the percentiles time them; \
                the bound is two transactions of one row each";
    case(journal, options, &pairs, (Turn::LeaseAndComplete, 2), ("-with-completion", note)).await?;
    Ok(())
}

/// Measures and prints one case; answers how many items it used.
async fn case(
    journal: &Journal,
    options: &Options,
    teams: &[Vec<Taker>],
    (turn, transactions): (Turn, u32),
    (name, note): (&str, &str),
) -> Result<u64, Failure> {
    eprintln!("measuring for {} s{name}", options.seconds);
    let begun = SystemClock.now();
    let times = round(journal, teams, Duration::from_secs(options.seconds), turn).await?;
    let rate = per_second(&times, begun);
    eprintln!("measuring the bound for {} s", BOUND.as_secs());
    let begun = SystemClock.now();
    let bound = per_second(&round(journal, teams, BOUND, Turn::Bare { transactions }).await?, begun);
    let mut histogram = Histogram::<u64>::new_with_bounds(1, 60_000_000, 3).expect("a minute in microseconds");
    for time in times.iter().flatten() {
        histogram.saturating_record(*time);
    }
    let millis = |quantile: f64| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
    let line = serde_json::json!({
        "bench": "lease",
        "case": format!("{}/{}-workers{name}", journal.db.engine_name(), options.workers),
        "rate_per_s": rate,
        "p50_ms": millis(0.5),
        "p95_ms": millis(0.95),
        "p99_ms": millis(0.99),
        "p999_ms": millis(0.999),
        "seconds": options.seconds,
        "size": options.waiting,
        "seed": options.seed,
        "peer": "bound: as many transactions of one row each, same database, same workers, same run",
        "peer_value": bound,
        "ratio": rate as f64 / bound.max(1) as f64,
        "note": note,
    });
    println!("{line}");
    Ok(turns(&times))
}
