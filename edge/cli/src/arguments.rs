//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Shuniu: an open operations center for banks.
#[derive(clap::Parser)]
#[command(name = "shuniu", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Subcommand,
}

#[derive(clap::Args)]
pub struct ConfigArgument {
    /// The configuration, TOML; `SHUNIU__SECTION__KEY` in the environment goes before it.
    #[arg(long, env = "SHUNIU_CONFIG", default_value = "shuniu.toml")]
    pub config: PathBuf,
}

#[derive(clap::Subcommand)]
pub enum Subcommand {
    /// Serve the API and the console, dispatch work, and run background jobs.
    Serve {
        #[command(flatten)]
        config: ConfigArgument,
        /// Goes before the configuration's address.
        #[arg(long)]
        listen: Option<SocketAddr>,
    },
    /// Run background jobs only, beside servers that share the database.
    Work {
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Bring the database's schema up to date.
    Migrate {
        #[command(flatten)]
        config: ConfigArgument,
    },
    /// Walk every chain of the journal and name what is wrong.
    Verify {
        #[command(flatten)]
        config: ConfigArgument,
        #[arg(long)]
        json: bool,
    },
    /// Print the OpenAPI document.
    Openapi,
    /// Print the state machines as a document with a diagram of each.
    States,
    /// Print which duty may do what, and which duties exclude each other.
    Matrix,
    /// Try a core banking system against the contract of `docs/core-connector.md`.
    Conformance {
        /// Address of the core's adapter.
        #[arg(long)]
        core: String,
        /// A TOML file that names the prepared accounts.
        #[arg(long)]
        accounts: PathBuf,
    },
    /// Business type definitions.
    #[command(subcommand)]
    Definitions(Definitions),
    /// Issue the one-time codes of the first two administrators; refused once anybody has a password.
    Bootstrap {
        #[command(flatten)]
        config: ConfigArgument,
        /// Two employee numbers.
        #[arg(num_args = 2, required = true)]
        employees: Vec<String>,
    },
    /// The configuration.
    #[command(subcommand)]
    Config(Configuration),
    /// Figures of the center's work.
    #[command(subcommand)]
    Report(Report),
}

#[derive(clap::Subcommand)]
pub enum Report {
    /// How well was keyed, from the product's own verdicts.
    Keying {
        #[command(flatten)]
        config: ConfigArgument,
        #[arg(long)]
        json: bool,
    },
}

#[derive(clap::Subcommand)]
pub enum Definitions {
    /// Load files as new versions; the same file again changes nothing.
    Load {
        #[command(flatten)]
        config: ConfigArgument,
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

#[derive(clap::Subcommand)]
pub enum Configuration {
    /// Print the configuration in force, without secrets.
    Show {
        #[command(flatten)]
        config: ConfigArgument,
        /// Also say where each value comes from.
        #[arg(long)]
        origin: bool,
    },
}
