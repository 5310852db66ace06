//! Reports for people at a terminal.

use crate::config::Config;
use crate::error::CliError;
use crate::process;
use kernel::Instant;
use processing::report::{CenterTally, KeyingReport, Tally, keying as read};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Field error rates of everything keyed so far.
pub async fn keying(config: &Config, as_json: bool) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    let mut reader = process.journal.db.reader().await?;
    let report = read(&mut reader, Instant::from_micros(0), Instant::from_micros(i64::MAX)).await?;
    if as_json {
        println!("{}", to_json(&report));
    } else {
        print_lines(&report);
    }
    Ok(ExitCode::SUCCESS)
}

fn to_json(report: &KeyingReport) -> Value {
    let tally = |tally: &Tally| json!({ "entries": tally.entries, "wrong": tally.wrong, "open": tally.open, "wrong_per_10000": tally.wrong_per_10000() });
    let CenterTally { slices, to_third, to_checker } = report.center.unwrap_or_default();
    json!({
        "slices": slices, "to_third": to_third, "to_checker": to_checker,
        "single": tally(&report.single), "third": tally(&report.third), "seeded": tally(&report.seeded),
    })
}

fn print_lines(report: &KeyingReport) {
    let rate = |tally: &Tally| tally.wrong_per_10000().map_or_else(|| "-".into(), |rate| rate.to_string());
    println!("{:<28}{:>10}{:>10}{:>14}", "", "entries", "wrong", "per 10,000");
    for (name, tally) in
        [("first and second pass", &report.single), ("third pass", &report.third), ("seeded slices", &report.seeded)]
    {
        println!("{name:<28}{:>10}{:>10}{:>14}", tally.entries, tally.wrong, rate(tally));
    }
    let CenterTally { slices, to_third, to_checker } = report.center.unwrap_or_default();
    println!("{slices} slices, {to_third} went to a third keyer, {to_checker} to the checker");
}
