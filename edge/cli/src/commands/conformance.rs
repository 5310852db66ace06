//! Tries a core against the contract.

use crate::error::CliError;
use kernel::{BusinessDate, Clock as _, Currency, SystemClock};
use ledger::conformance::{self, ConformanceAccounts};
use ledger::{AccountNo, HttpCore, HttpCoreConfig};
use serde::Deserialize;
use std::path::Path;
use std::process::ExitCode;

/// The prepared accounts, as the file names them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    business_date: String,
    closed_date: Option<String>,
    currency: String,
    payer: String,
    payer_name: String,
    payee: String,
    unknown: String,
    frozen: Option<String>,
    stopped: Option<String>,
    closed: Option<String>,
    other_currency: Option<String>,
}

/// Prints what was kept, skipped and broken. Exit code 1 when anything was broken.
pub async fn run(core: &str, accounts: &Path) -> Result<ExitCode, CliError> {
    let text =
        std::fs::read_to_string(accounts).map_err(|error| CliError::File { path: accounts.to_owned(), error })?;
    let document: Document = toml::from_str(&text).map_err(|error| usage(error.message()))?;
    let connector = HttpCore::new(&HttpCoreConfig::new(core))?;
    let report = conformance::run(&connector, prepared(document)?).await;
    println!("{report}");
    Ok(if report.conforms() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn usage(what: impl std::fmt::Display) -> CliError {
    CliError::Usage(format!("the file of prepared accounts: {what}"))
}

fn prepared(document: Document) -> Result<ConformanceAccounts, CliError> {
    let date = |text: &str| BusinessDate::parse(text).map_err(usage);
    let account = |text: &str| AccountNo::parse(text).map_err(usage);
    Ok(ConformanceAccounts {
        run: format!("conformance-{}", SystemClock.now().micros()),
        business_date: date(&document.business_date)?,
        closed_date: document.closed_date.as_deref().map(date).transpose()?,
        currency: Currency::parse(&document.currency).map_err(usage)?,
        payer: account(&document.payer)?,
        payer_name: document.payer_name,
        payee: account(&document.payee)?,
        unknown: account(&document.unknown)?,
        frozen: document.frozen.as_deref().map(account).transpose()?,
        stopped: document.stopped.as_deref().map(account).transpose()?,
        closed: document.closed.as_deref().map(account).transpose()?,
        other_currency: document.other_currency.as_deref().map(account).transpose()?,
    })
}
