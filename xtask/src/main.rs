//! `cargo xtask`: what one does with this repository beside writing it: try it, prove it, measure it, keep it tidy.
//!
//! It knows no crate of the product; it starts their programs. Everything may be repeated, and what is already there stays.
//! It never asks a question, because half of its runs have nobody to answer.

mod apt;
mod bench;
mod chromium;
mod demo;
mod generate;
mod interrupts;
mod postgres;
mod problem;
mod process;
mod progress;
mod report;
mod steps;
mod test;
mod tidy;
mod tree;

use clap::{Parser, Subcommand};
use interrupts::Interrupts;
use postgres::{Cluster, Durability};
use problem::{Explain as _, Result};
use progress::Progress;
use std::process::{Command, ExitCode};
use tree::Tree;

/// Try it, prove it, measure it, keep it tidy.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Line {
    #[command(subcommand)]
    command: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Builds everything and runs the whole product with a bank in it.
    Demo(demo::Arguments),
    /// Checks everything that must hold before a change may land.
    Test(test::Arguments),
    /// Checks the house rules alone.
    Tidy {
        /// Records the fingerprints of new migrations, which from then on never change.
        #[arg(long)]
        record_migrations: bool,
    },
    /// Makes the files that are made from others.
    Generate {
        /// Changes nothing; fails when one is out of date.
        #[arg(long)]
        check: bool,
    },
    /// Measures speed beside a peer; without a name, lists what can be measured.
    Bench(bench::Arguments),
    /// Figures of what the demonstration has done.
    Report(report::Arguments),
    /// Runs a command with a PostgreSQL of its own in SHUNIU_TEST_DATABASE; without a command, until Ctrl-C.
    Postgres {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
}

fn main() -> ExitCode {
    let line = Line::parse();
    match run(&line.command) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: &Verb) -> Result<ExitCode> {
    let tree = Tree::here();
    let interrupts = Interrupts::watch()?;
    match verb {
        Verb::Demo(arguments) => demo::run(&tree, &interrupts, arguments),
        Verb::Test(arguments) => test::run(&tree, &interrupts, arguments),
        Verb::Bench(arguments) => bench::run(&tree, &interrupts, arguments),
        Verb::Report(arguments) => report::run(&tree, arguments),
        Verb::Tidy { record_migrations: true } => told(tidy::record_migrations(&tree)?, "recorded"),
        Verb::Tidy { record_migrations: false } => {
            println!("{}", tidy::check(&tree)?);
            Ok(ExitCode::SUCCESS)
        }
        Verb::Generate { check: true } => {
            generate::build(&tree)?;
            generate::check(&tree).map(|_| ExitCode::SUCCESS)
        }
        Verb::Generate { check: false } => told(generate::write(&tree)?, "changed"),
        Verb::Postgres { command } => with_postgres(&tree, &interrupts, command),
    }
}

fn told(count: usize, what: &str) -> Result<ExitCode> {
    println!("{count} {what}");
    Ok(ExitCode::SUCCESS)
}

fn with_postgres(tree: &Tree, interrupts: &Interrupts, words: &[String]) -> Result<ExitCode> {
    let programs = postgres::programs(tree, &Progress::silent(), interrupts)?;
    let cluster = Cluster::start(&programs, Durability::Scratch)?;
    let Some((program, arguments)) = words.split_first() else {
        println!("{}", cluster.url());
        while !interrupts.raised() {
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let mut command = Command::new(program);
    command.args(arguments).env(postgres::VARIABLE, cluster.url());
    let status = command.status().explain(|| format!("{program} cannot be started"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
