//! `shuniu`: the product's one binary.
//!
//! Data go to stdout, everything else to stderr.
//! Exit codes: 0 done, 1 found wrong or refused, 2 unusable arguments, 3 a fault.

mod arguments;
mod commands;
mod config;
mod error;
mod logs;
mod process;
mod wiring;

use arguments::{Arguments, Configuration, Definitions, Report, Subcommand};
use clap::Parser as _;
use error::CliError;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = logs::start() {
        eprintln!("shuniu: {error}");
        return ExitCode::from(3);
    }
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("shuniu: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode, CliError> {
    match arguments.command {
        Subcommand::Serve { config, listen } => commands::serve::run(&config::read(&config.config)?, listen).await,
        Subcommand::Work { config } => commands::serve::work(&config::read(&config.config)?).await,
        Subcommand::Migrate { config } => commands::database::migrate(&config::read(&config.config)?).await,
        Subcommand::Verify { config, json } => commands::database::verify(&config::read(&config.config)?, json).await,
        Subcommand::Openapi => commands::documents::openapi(),
        Subcommand::States => commands::documents::states(),
        Subcommand::Matrix => commands::documents::matrix(),
        Subcommand::Conformance { core, accounts } => commands::conformance::run(&core, &accounts).await,
        Subcommand::Definitions(Definitions::Load { config, files }) => {
            commands::bank::definitions(&config::read(&config.config)?, &files).await
        }
        Subcommand::Bootstrap { config, employees } => {
            commands::bank::bootstrap(&config::read(&config.config)?, &employees).await
        }
        Subcommand::Config(Configuration::Show { config, origin }) => commands::documents::show(&config.config, origin),
        Subcommand::Report(Report::Keying { config, json }) => {
            commands::report::keying(&config::read(&config.config)?, json).await
        }
    }
}
