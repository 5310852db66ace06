//! `cargo xtask report`: figures of what the demonstration has done, read from its database.

use crate::demo;
use crate::generate;
use crate::problem::{Explain as _, Problem, Result};
use crate::tree::Tree;
use std::process::{Command, ExitCode};

#[derive(clap::Args)]
pub struct Arguments {
    /// Which report: `keying` tells the error rates of fields after one key, two keys and the third.
    name: Name,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Name {
    Keying,
}

pub fn run(tree: &Tree, arguments: &Arguments) -> Result<ExitCode> {
    let config = demo::config_file(tree);
    if !config.is_file() {
        return Err(Problem::new("there is no demonstration to report on yet; begin one with: cargo xtask demo"));
    }
    generate::build(tree)?;
    let name = match arguments.name {
        Name::Keying => "keying",
    };
    let mut command = Command::new(tree.binary("shuniu"));
    command.args(["report", name, "--config"]).arg(config);
    if arguments.json {
        command.arg("--json");
    }
    let status = command.status().explain(|| "`shuniu report` cannot be started".to_owned())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
