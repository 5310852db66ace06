//! Schema and journal.

use crate::config::Config;
use crate::error::CliError;
use crate::process;
use serde_json::json;
use std::process::ExitCode;
use std::time::Instant;

/// Opening migrates; this says so.
pub async fn migrate(config: &Config) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    eprintln!("the schema of the {} database is up to date", process.journal.db.engine_name());
    Ok(ExitCode::SUCCESS)
}

/// Walks every chain. Exit code 1 when anything is wrong.
pub async fn verify(config: &Config, as_json: bool) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    let begun = Instant::now();
    let report = journal::verify::verify(&process.journal.db, Some(&process.journal.vault)).await?;
    let seconds = begun.elapsed().as_millis();
    for problem in &report.problems {
        if as_json {
            let line = json!({
                "subject": problem.subject, "seq": problem.seq, "entry_id": problem.entry_id, "what": problem.what.to_string(),
            });
            println!("{line}");
        } else {
            println!("{} #{}: {}", problem.subject, problem.seq, problem.what);
        }
    }
    eprintln!(
        "{} chains, {} entries, {} personal values in {seconds} ms: {}",
        report.chains,
        report.entries,
        report.private_values,
        if report.problems.is_empty() {
            "all as written".to_owned()
        } else {
            format!("{} things are wrong", report.problems.len())
        }
    );
    Ok(if report.problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
