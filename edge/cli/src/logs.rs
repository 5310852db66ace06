//! Log lines: JSON on stderr, or plain text where a person looks.

use std::io::IsTerminal as _;
use tracing_subscriber::EnvFilter;

/// Starts logging. `RUST_LOG` chooses what; personal data never reach it.
pub fn start() -> Result<(), String> {
    let filter = match std::env::var("RUST_LOG") {
        Ok(text) => EnvFilter::try_new(&text).map_err(|error| format!("RUST_LOG: {error}"))?,
        Err(_) => EnvFilter::new("info,sqlx=warn,hyper=warn,reqwest=warn"),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started =
        if std::io::stderr().is_terminal() { lines.try_init() } else { lines.json().flatten_event(true).try_init() };
    started.map_err(|error| error.to_string())
}
