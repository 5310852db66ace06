//! `cargo xtask bench NAME --json`: speed, measured on what is shipped and beside a peer.
//!
//! Each benchmark is a file here that gets ready what it needs, and an example of `testkit` that does the work.
//! The example prints one JSON object per line on stdout and talks on stderr; both pass through untouched.

mod keying;
mod lease;

use crate::interrupts::Interrupts;
use crate::postgres::{self, Cluster, Durability};
use crate::problem::{Explain as _, Problem, Result};
use crate::process;
use crate::progress::Progress;
use crate::tree::{self, Tree};
use std::process::{Command, ExitCode, Stdio};

#[derive(clap::Args)]
pub struct Arguments {
    /// Which benchmark; without a name they are listed.
    name: Option<String>,
    /// Prints one JSON object per case on stdout and nothing else.
    #[arg(long)]
    json: bool,
    /// Passed on to the benchmark: its own options.
    #[arg(last = true)]
    options: Vec<String>,
}

/// A benchmark: how it is called, what it measures, how it is run.
struct Benchmark {
    name: &'static str,
    measures: &'static str,
    run: fn(&Ready<'_>) -> Result<ExitCode>,
}

const BENCHMARKS: [Benchmark; 2] = [
    Benchmark { name: "lease", measures: lease::MEASURES, run: lease::run },
    Benchmark { name: "keying", measures: keying::MEASURES, run: keying::run },
];

/// What a benchmark is given.
struct Ready<'a> {
    tree: &'a Tree,
    interrupts: &'a Interrupts,
    json: bool,
    options: &'a [String],
}

pub fn run(tree: &Tree, interrupts: &Interrupts, arguments: &Arguments) -> Result<ExitCode> {
    let Some(name) = &arguments.name else {
        for benchmark in &BENCHMARKS {
            println!("{:<10} {}", benchmark.name, benchmark.measures);
        }
        return Ok(ExitCode::SUCCESS);
    };
    let benchmark = BENCHMARKS.iter().find(|benchmark| benchmark.name == name).ok_or_else(|| {
        let known: Vec<&str> = BENCHMARKS.iter().map(|benchmark| benchmark.name).collect();
        Problem::new(format!("there is no benchmark `{name}`; there are: {}", known.join(", ")))
    })?;
    (benchmark.run)(&Ready { tree, interrupts, json: arguments.json, options: &arguments.options })
}

impl Ready<'_> {
    /// A PostgreSQL of its own whose commits wait for the disk, as production's do.
    fn postgres(&self) -> Result<Cluster> {
        // Progress goes to stdout, which belongs to the JSON lines; a word on stderr must do here.
        eprintln!("starting a PostgreSQL of its own");
        let programs = postgres::programs(self.tree, &Progress::silent(), self.interrupts)?;
        Cluster::start(&programs, Durability::Durable)
    }

    /// Builds `words` in release, its output on stderr.
    fn build(&self, words: &[&str]) -> Result<()> {
        let mut command = Command::new(tree::cargo());
        command.args(["build", "--release"]).args(words).current_dir(&self.tree.root).stdout(Stdio::null());
        let status = command.status().explain(|| "cargo cannot be started".to_owned())?;
        if status.success() { Ok(()) } else { Err(Problem::new("the release build failed; see above")) }
    }

    /// Runs an example of `testkit` to its end, stopping it with us.
    fn example(&self, name: &str, environment: &[(&str, String)]) -> Result<ExitCode> {
        self.build(&["-p", "testkit", "--example", name])?;
        let mut command = Command::new(self.tree.target.join("release/examples").join(name));
        command.args(self.options).current_dir(&self.tree.root).stdin(Stdio::null());
        if self.json {
            command.arg("--json");
        }
        command.envs(environment.iter().map(|(name, value)| (*name, value)));
        command.env("SHUNIU_BINARIES", self.tree.target.join("release"));
        command.env("SHUNIU_BENCH_SCRATCH", self.tree.scratch("bench"));
        let status = command.status().explain(|| format!("{name} cannot be started"))?;
        if self.interrupts.raised() {
            return Err(Problem::new("stopped by Ctrl-C"));
        }
        if status.success() {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Problem::new(format!("the benchmark ended with {}", process::ending(status))))
    }
}
