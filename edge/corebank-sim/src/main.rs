//! `corebank-sim`: serves a simulated core until it is told to stop.
//!
//! Prints one JSON object with its address on stdout; everything else goes to stderr.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

/// A simulated core: double-entry books behind HTTP, and faults on demand (see docs/core-connector.md).
#[derive(Parser)]
#[command(name = "corebank-sim", version)]
struct Arguments {
    /// Address to listen on; port 0 takes a free one. It has no sign-in: keep it on the loopback address.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// SQLite file of the books; created when missing.
    #[arg(long)]
    database: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(filter)
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the simulated core stopped");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let config = corebank_sim::Config {
        listen: arguments.listen,
        database: arguments.database,
        clock: Arc::new(kernel::SystemClock),
    };
    let (address, handle) = corebank_sim::serve(config).await?;
    let line = serde_json::json!({ "listening": address.to_string(), "url": format!("http://{address}") });
    writeln!(std::io::stdout(), "{line}")?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    handle.stop().await?;
    Ok(())
}
