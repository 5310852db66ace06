//! From a keyer's confirmation to the next slice in the browser's hands, end to end against the shipped server, 200 keyers at once.
//!
//! `cargo xtask bench keying --json -- --keyers 200 --every-ms 3000 --seconds 30 --seed 1`
//!
//! Open-loop: each keyer's entries are due at instants that were fixed beforehand, so whoever has to wait is counted from when they would have pressed Enter.
//! A keyer holds one slice at a time here, although stations prefetch: what is timed is the whole way, not the shelf.
//! Server, simulated core and database are processes of their own; `SHUNIU_BINARIES` names the folder of the release build,
//! `SHUNIU_TEST_DATABASE` a PostgreSQL beside the embedded database.

mod bank;
mod keyer;
mod processes;

use hdrhistogram::Histogram;
use std::collections::HashMap;
use std::path::PathBuf;
use std::time::Duration;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The bound of the design, in milliseconds at the 99th percentile.
const BOUND_P99_MS: f64 = 50.0;
const WARM_UP: Duration = Duration::from_secs(5);

/// What is asked for on the command line.
#[derive(Debug, Clone)]
pub struct Options {
    pub keyers: usize,
    /// Between two confirmations of one keyer.
    pub every: Duration,
    pub seconds: u64,
    pub seed: u64,
    json: bool,
}

fn options() -> Outcome<Options> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let json = words.iter().position(|word| word == "--json").map(|at| words.remove(at)).is_some();
    let mut given: HashMap<&str, u64> =
        [("--keyers", 200), ("--every-ms", 3_000), ("--seconds", 30), ("--seed", 1)].into();
    for pair in words.chunks(2) {
        let [name, value] = pair else { return Err(format!("`{}` needs a value", pair[0]).into()) };
        let known = given.get_mut(name.as_str());
        *known.ok_or_else(|| {
            format!("no option `{name}`; there are --keyers, --every-ms, --seconds, --seed, --json")
        })? = value.parse()?;
    }
    Ok(Options {
        keyers: usize::try_from(given["--keyers"])?,
        every: Duration::from_millis(given["--every-ms"]),
        seconds: given["--seconds"],
        seed: given["--seed"],
        json,
    })
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let options = options()?;
    let binaries: PathBuf = std::env::var_os("SHUNIU_BINARIES").map_or_else(|| "target/release".into(), Into::into);
    measure(&options, &binaries, None).await?;
    match std::env::var("SHUNIU_TEST_DATABASE") {
        Ok(cluster) if cluster.starts_with("postgres") => measure(&options, &binaries, Some(&cluster)).await,
        _ => {
            eprintln!("no PostgreSQL: SHUNIU_TEST_DATABASE names none");
            Ok(())
        }
    }
}

/// One engine: a new bank, its server, its keyers; both lines of the result.
async fn measure(options: &Options, binaries: &std::path::Path, cluster: Option<&str>) -> Outcome<()> {
    let engine = if cluster.is_some() { "postgres" } else { "sqlite" };
    let mut installation = processes::Installation::new(binaries, cluster).await?;
    installation.start_core().await?;
    let province = bank::load(&installation, options).await?;
    installation.start_server().await?;
    let entries = options.keyers as u64 * (options.seconds + WARM_UP.as_secs() + 5) * 1_000
        / u64::try_from(options.every.as_millis())?.max(1);
    eprintln!("{engine}: capturing vouchers for {entries} entries");
    bank::fill(&installation, &province, options, entries).await?;
    eprintln!("{engine}: {} keyers sit down", options.keyers);
    let times = keyer::run(&installation.url(), options, WARM_UP).await?;
    let peak_mib = installation.peak_mib();
    installation.end().await?;
    report(options, engine, &times, peak_mib);
    Ok(())
}

fn report(options: &Options, engine: &str, times: &keyer::Times, peak_mib: Option<u64>) {
    let rate = times.task.len() / options.seconds.max(1);
    for (name, histogram, what) in [
        ("", &times.task, "from the instant an entry is due to the next slice's task in the client's hands"),
        ("-with-image", &times.image, "the same until the slice's picture is there too; no bound is set for it"),
    ] {
        let millis = |quantile: f64| histogram.value_at_quantile(quantile) as f64 / 1_000.0;
        let mut line = serde_json::json!({
            "bench": "keying",
            "case": format!("{engine}/{}-keyers{name}", options.keyers),
            "rate_per_s": rate,
            "p50_ms": millis(0.5), "p95_ms": millis(0.95), "p99_ms": millis(0.99), "p999_ms": millis(0.999),
            "seconds": options.seconds, "size": options.keyers, "peak_mib": peak_mib, "seed": options.seed,
            "note": format!(
                "{what}; open loop, one entry per keyer each {} ms, warm-up {} s left out, {} late for want of a slice, {} refused; \
                 clients and server share the machine",
                options.every.as_millis(), WARM_UP.as_secs(), times.starved, times.refused,
            ),
        });
        if name.is_empty() {
            line["peer"] = "bound: p99 50 ms".into();
            line["peer_value"] = BOUND_P99_MS.into();
            line["ratio"] = (BOUND_P99_MS / millis(0.99).max(0.001)).into();
        }
        if options.json {
            println!("{line}");
        } else {
            println!(
                "{:<32} p50 {:>8.2} ms  p95 {:>8.2} ms  p99 {:>8.2} ms  p99.9 {:>8.2} ms  {rate}/s",
                line["case"].as_str().unwrap_or_default(),
                millis(0.5),
                millis(0.95),
                millis(0.99),
                millis(0.999)
            );
        }
    }
}

/// A histogram of microseconds up to a minute.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("a minute in microseconds fits")
}
