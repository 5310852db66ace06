//! `shuniu-demo`: makes the demonstration's documents and province, and plays its outlets and people.
//!
//! Data go to stdout, everything else to stderr; the exit code is 0 when all was done.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use demo::command::{Batch, print_province, write_documents};
use demo::province::{DEFAULT_SEED, Province};
use kernel::calendar::{BusinessDate, TimeZone};
use kernel::{Clock, SystemClock};

/// The demonstration of Shuniu: an invented province with its vouchers, outlets and people.
#[derive(Parser)]
#[command(name = "shuniu-demo", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Draw vouchers as scanned images, each with the truth beside it.
    Documents(DocumentsArguments),
    /// Print the province: counts and sign-ins, or everything as JSON.
    Province(ProvinceArguments),
}

#[derive(Args)]
struct DocumentsArguments {
    /// Folder to write to; created when missing.
    #[arg(long)]
    out: PathBuf,
    #[arg(long, default_value_t = 12)]
    count: u64,
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Business date on the vouchers, YYYY-MM-DD; today in Beijing when absent.
    #[arg(long)]
    date: Option<BusinessDate>,
    /// Also write PNG files to look at.
    #[arg(long)]
    png: bool,
}

#[derive(Args)]
struct ProvinceArguments {
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    #[arg(long)]
    date: Option<BusinessDate>,
    #[arg(long)]
    json: bool,
}

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,hyper=warn,reqwest=warn"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .init();
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "stopped");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Documents(arguments) => documents(&arguments),
        Command::Province(arguments) => province(&arguments),
    }
}

fn day_or_today(date: Option<BusinessDate>) -> Result<BusinessDate, kernel::calendar::CalendarError> {
    date.map_or_else(|| TimeZone::SHANGHAI.date_at(SystemClock.now()), Ok)
}

fn documents(arguments: &DocumentsArguments) -> Outcome {
    let DocumentsArguments { out, count, seed, date, png } = arguments;
    let batch = Batch { folder: out, count: *count, seed: *seed, today: day_or_today(*date)?, png: *png };
    let written = write_documents(&batch)?;
    tracing::info!(documents = written.len(), folder = %out.display(), "written");
    Ok(())
}

fn province(arguments: &ProvinceArguments) -> Outcome {
    let province = Province::generate(arguments.seed, day_or_today(arguments.date)?)?;
    print_province(&province, arguments.json, &mut std::io::stdout().lock())?;
    Ok(())
}
