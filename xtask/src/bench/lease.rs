//! The best item for a ready person, out of very many that wait, on both databases and beside a job queue of others.
//!
//! The peer is graphile-worker on the same durable PostgreSQL with as many workers as we have:
//! what it calls getting and completing a job is what we call a lease and its completion, so it stands beside that case alone.
//! It is installed from its registry into the scratch folder; where it cannot be had, our own lines say so and keep their bound,
//! as those of the embedded database do, which no peer shares.

use super::Ready;
use crate::postgres::Cluster;
use crate::problem::{Explain as _, Problem, Result};
use crate::process;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

pub const MEASURES: &str = "lease of the best item, 100,000 waiting, 1, 8 and 32 workers, SQLite and PostgreSQL";

const WORKERS: [u32; 3] = [1, 8, 32];
const WAITING: &str = "100000";
const SECONDS: &str = "10";
/// How the name of a case ends in which work is completed as well.
const COMPLETED: &str = "-with-completion";
/// A minor version is enough to make its figures repeatable.
const PEER: &str = "graphile-worker@0.18";
const PEER_PROGRAM: &str = include_str!("lease_peer.mjs");

pub fn run(ready: &Ready<'_>) -> Result<ExitCode> {
    ready.build(&["-p", "work", "--example", "bench_lease"])?;
    let cluster = ready.postgres()?;
    let peer = peer_program(ready);
    if let Err(problem) = &peer {
        eprintln!("{PEER} cannot be had: {problem}");
    }
    for workers in WORKERS {
        ours(ready, "sqlite", workers)?.iter().for_each(|line| ready.print(line));
    }
    for workers in WORKERS {
        let mut lines = ours(ready, &cluster.url(), workers)?;
        let rate = peer.as_ref().map_err(ToString::to_string).and_then(|it| theirs(ready, it, &cluster, workers));
        for line in lines.iter_mut().filter(|line| line["case"].as_str().is_some_and(|case| case.ends_with(COMPLETED)))
        {
            match &rate {
                Ok(rate) => beside(line, PEER, *rate),
                Err(why) => {
                    line["note"] = json!(format!("{}; no peer: {why}", line["note"].as_str().unwrap_or_default()));
                }
            }
        }
        lines.iter().for_each(|line| ready.print(line));
    }
    Ok(ExitCode::SUCCESS)
}

/// Our own lines for so many workers; what was given after `--` goes before our own options.
fn ours(ready: &Ready<'_>, database: &str, workers: u32) -> Result<Vec<Value>> {
    let mut command = Command::new(ready.tree.target.join("release/examples/bench_lease"));
    command.args(["--database", database, "--waiting", WAITING, "--seconds", SECONDS]);
    command.args(["--workers", &workers.to_string()]).args(ready.options).stderr(Stdio::inherit());
    // An embedded database on a file system in memory would wait for no disk.
    command.env("TMPDIR", scratch(ready)?);
    let said = process::output(&mut command)?;
    ready.go_on()?;
    let lines: std::result::Result<Vec<Value>, _> = said.lines().map(serde_json::from_str).collect();
    lines.explain(|| "the benchmark says something beside lines of JSON".to_owned())
}

fn scratch(ready: &Ready<'_>) -> Result<PathBuf> {
    let folder = ready.tree.scratch("bench");
    fs::create_dir_all(&folder).explain(|| format!("{} cannot be created", folder.display()))?;
    Ok(folder)
}

/// Puts the peer in the place of the bound that the line stood beside, which goes to the note.
fn beside(line: &mut Value, peer: &str, rate: u64) {
    let ours = line["rate_per_s"].as_u64().unwrap_or_default();
    if let (Some(bound), Some(note)) = (line["peer"].as_str(), line["note"].as_str()) {
        line["note"] = json!(format!("{note}; {bound} {}", line["peer_value"]));
    }
    line["peer"] = json!(peer);
    line["peer_value"] = json!(rate);
    line["ratio"] = json!(ours as f64 / rate.max(1) as f64);
}

/// The peer with its program, installed once.
fn peer_program(ready: &Ready<'_>) -> Result<PathBuf> {
    let folder = scratch(ready)?.join("lease-peer");
    fs::create_dir_all(&folder).explain(|| format!("{} cannot be created", folder.display()))?;
    let program = folder.join("lease_peer.mjs");
    fs::write(&program, PEER_PROGRAM).explain(|| format!("{} cannot be written", program.display()))?;
    if !folder.join("node_modules/graphile-worker").is_dir() {
        eprintln!("installing {PEER} into {}", folder.display());
        let mut npm = Command::new("npm");
        npm.args(["install", "--prefix"]).arg(&folder).args(["--no-audit", "--no-fund", "--silent", PEER]);
        process::output(&mut npm)?;
    }
    Ok(program)
}

/// Jobs per second of the peer, with the same number of jobs waiting.
fn theirs(ready: &Ready<'_>, program: &Path, cluster: &Cluster, workers: u32) -> std::result::Result<u64, String> {
    let mut node = Command::new("node");
    node.arg(program).args([cluster.url().as_str(), WAITING, &workers.to_string(), SECONDS]);
    let said = process::output(node.stderr(Stdio::inherit())).map_err(|problem| problem.to_string())?;
    ready.go_on().map_err(|problem| problem.to_string())?;
    let line: Value = serde_json::from_str(said.trim()).map_err(|error| error.to_string())?;
    line["rate_per_s"].as_u64().ok_or_else(|| "it tells no rate".to_owned())
}

impl Ready<'_> {
    /// One result: JSON, or a row for people.
    fn print(&self, line: &Value) {
        if self.json {
            println!("{line}");
            return;
        }
        let number = |key: &str| line[key].as_f64().unwrap_or_default();
        println!(
            "{:<38} {:>7}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>5.2} x {}",
            line["case"].as_str().unwrap_or_default(),
            line["rate_per_s"].as_u64().unwrap_or_default(),
            number("p50_ms"),
            number("p99_ms"),
            number("ratio"),
            line["peer"].as_str().unwrap_or("-"),
        );
    }

    /// # Errors
    /// Ctrl-C was pressed.
    fn go_on(&self) -> Result<()> {
        if self.interrupts.raised() { Err(Problem::new("stopped by Ctrl-C")) } else { Ok(()) }
    }
}
