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
    let truth = config.with_file_name("truth");
    let mut command = match arguments.name {
        Name::Keying => Command::new(tree.binary("shuniu-demo")),
    };
    command.args(["report", "--config"]).arg(config).arg("--truth").arg(truth);
    if arguments.json {
        command.arg("--json");
    }
    let status = command.status().explain(|| "`shuniu-demo report` cannot be started".to_owned())?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
