//! `shuniu-demo`: makes the demonstration's documents and province, and plays its outlets and people.
//!
//! Data go to stdout, everything else to stderr; the exit code is 0 when all was done.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use demo::command::{Batch, print_province, write_documents};
use demo::mistakes::{self, Mistakes};
use demo::outlets::{self, OutletsConfig};
use demo::people::pace::Speed;
use demo::people::{self, PeopleConfig};
use demo::province::{DEFAULT_SEED, PASSWORD, Province};
use demo::report;
use demo::seed::{self, Settings};
use demo::truth::TruthStore;
use kernel::calendar::{BusinessDate, TimeZone};
use kernel::{Clock, SystemClock};
use tokio::signal::unix::{SignalKind, signal};

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
    /// Play the outlets: take vouchers in, send them, mind what comes back.
    Outlets(OutletsArguments),
    /// Play the center's people: key, check, review and authorize what is pushed to them.
    People(PeopleArguments),
    /// Load the province into an empty product and its accounts into the simulated core.
    Seed(SeedArguments),
    /// Field error rates after one key, two keys and the third, against what is really written.
    Report(ReportArguments),
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
    /// For visitors to capture: without flaws, and each in a size of its own, by which simulated people know it.
    #[arg(long)]
    samples: bool,
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

#[derive(Args)]
struct ReportArguments {
    /// The server's configuration.
    #[arg(long)]
    config: PathBuf,
    /// Folder in which the outlets left what is really written.
    #[arg(long)]
    truth: PathBuf,
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct SeedArguments {
    /// The server's configuration; it must be a demonstration's.
    #[arg(long)]
    config: PathBuf,
    /// Address of the simulated core.
    #[arg(long)]
    core: String,
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
}

/// Where the product is and how the simulation meets it.
#[derive(Args)]
struct MeetingArguments {
    /// Address of the product, such as http://127.0.0.1:8470.
    #[arg(long)]
    url: String,
    /// How many times faster than life.
    #[arg(long, default_value_t = 1)]
    speed: u32,
    /// Seed of the province; the same as the loader's.
    #[arg(long, default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Folder through which outlets tell people what is really written on the documents.
    #[arg(long)]
    truth: PathBuf,
    /// Password of everyone in the demonstration.
    #[arg(long, env = "SHUNIU_DEMO_PASSWORD", default_value = PASSWORD, hide_env_values = true)]
    password: String,
}

#[derive(Args)]
struct OutletsArguments {
    #[command(flatten)]
    meeting: MeetingArguments,
    /// Folder of real images to send as well; NAME.key.json beside NAME.jpg holds what is written on it.
    #[arg(long)]
    documents: Option<PathBuf>,
}

#[derive(Args)]
struct PeopleArguments {
    #[command(flatten)]
    meeting: MeetingArguments,
    /// Employee numbers whose seats are left free, besides those kept for visitors.
    #[arg(long, value_delimiter = ',')]
    except: Vec<String>,
    /// Folder of documents that visitors may capture, with NAME.key.json beside each; may be given several times.
    #[arg(long)]
    samples: Vec<PathBuf>,
    /// Wrong fields in 10,000 when keying; published rates for single keying are near 22.
    #[arg(long, default_value_t = mistakes::PUBLISHED.per_10_000)]
    errors_per_10000: u32,
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
        Command::Seed(arguments) => load(arguments).await,
        Command::Report(arguments) => print_report(&arguments).await,
        Command::Outlets(arguments) => until_told(play_outlets(arguments)).await,
        Command::People(arguments) => until_told(play_people(arguments)).await,
    }
}

/// Runs a simulation until it ends by itself or a signal asks the process to stop.
async fn until_told(simulation: impl Future<Output = Outcome>) -> Outcome {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = simulation => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        _ = terminate.recv() => Ok(()),
    }
}

async fn play_outlets(arguments: OutletsArguments) -> Outcome {
    let OutletsArguments { meeting: MeetingArguments { url, speed, seed, truth, password }, documents } = arguments;
    let province = Province::generate(seed, day_or_today(None)?)?;
    let config = OutletsConfig { url, password, seed, speed: Speed::new(speed), truth, documents };
    Ok(outlets::run(config, &province).await?)
}

async fn play_people(arguments: PeopleArguments) -> Outcome {
    let PeopleArguments { meeting, except, samples, errors_per_10000 } = arguments;
    let MeetingArguments { url, speed, seed, truth, password } = meeting;
    let province = Province::generate(seed, day_or_today(None)?)?;
    let mistakes = Mistakes { per_10_000: errors_per_10000 };
    let except = except.into_iter().collect();
    let config = PeopleConfig { url, password, seed, speed: Speed::new(speed), mistakes, truth, samples, except };
    Ok(people::run(config, &province).await?)
}

async fn load(arguments: SeedArguments) -> Outcome {
    let SeedArguments { config, core, seed } = arguments;
    let province = Province::generate(seed, day_or_today(None)?)?;
    let seeded = seed::run(&Settings::read(&config)?, &core, &province).await?;
    println!("{}", serde_json::to_string(&seeded)?);
    Ok(())
}

async fn print_report(arguments: &ReportArguments) -> Outcome {
    let truth = TruthStore::open(&arguments.truth)?;
    let rates = report::keying(&Settings::read(&arguments.config)?, &truth).await?;
    if arguments.json {
        println!("{}", serde_json::to_string(&rates)?);
    } else {
        print!("{}", report::lines(&rates));
    }
    Ok(())
}

fn day_or_today(date: Option<BusinessDate>) -> Result<BusinessDate, kernel::calendar::CalendarError> {
    date.map_or_else(|| TimeZone::SHANGHAI.date_at(SystemClock.now()), Ok)
}

fn documents(arguments: &DocumentsArguments) -> Outcome {
    let DocumentsArguments { out, count, seed, date, png, samples } = arguments;
    let batch =
        Batch { folder: out, count: *count, seed: *seed, today: day_or_today(*date)?, png: *png, samples: *samples };
    let written = write_documents(&batch)?;
    tracing::info!(documents = written.len(), folder = %out.display(), "written");
    Ok(())
}

fn province(arguments: &ProvinceArguments) -> Outcome {
    let province = Province::generate(arguments.seed, day_or_today(arguments.date)?)?;
    print_province(&province, arguments.json, &mut std::io::stdout().lock())?;
    Ok(())
}
