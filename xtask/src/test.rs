//! `cargo xtask test`: everything that must hold before a change may land, in the order that fails soonest.

use crate::interrupts::Interrupts;
use crate::postgres::{self, Cluster, Durability};
use crate::problem::{Problem, Result};
use crate::process;
use crate::steps::{self, Bench, Done, Step};
use crate::tree::{self, Tree};
use crate::{chromium, generate, tidy};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

#[derive(clap::Args)]
pub struct Arguments {
    /// Leaves out PostgreSQL and the browser.
    #[arg(long)]
    quick: bool,
    /// Carries out only these steps (`--list` names them).
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    only: Vec<String>,
    /// Names the steps and stops.
    #[arg(long)]
    list: bool,
    /// Installs cargo-deny when it is missing (some minutes, once); on a CI machine it is always installed.
    #[arg(long)]
    install: bool,
}

/// The product's own processes, which the browser tests and the demonstration start.
pub const PROCESSES: [&str; 6] = ["-p", "cli", "-p", "corebank-sim", "-p", "demo"];
/// Crates whose tests never open a database; the second engine has nothing to add there.
const WITHOUT_DATABASE: [&str; 3] = ["kernel", "corebank-sim", "xtask"];
/// cargo-deny is a tool, not a library: a minor version is enough to make its verdicts repeatable.
const CARGO_DENY: &str = "^0.20";

pub fn run(tree: &Tree, interrupts: &Interrupts, arguments: &Arguments) -> Result<ExitCode> {
    let all = steps().into_iter().filter(|step| !arguments.quick || !["postgres", "e2e"].contains(&step.name));
    let chosen = steps::only(all.collect(), &arguments.only)?;
    if arguments.list {
        for step in &chosen {
            println!("{:<18} {}", step.name, step.title);
        }
        return Ok(ExitCode::SUCCESS);
    }
    println!("Logs: {}\n", tree.log("…").parent().unwrap_or(&tree.target).display());
    Ok(steps::run(tree, interrupts, &chosen, arguments.install || tree::is_ci()))
}

fn steps() -> Vec<Step> {
    let step = |name, title, needs, act| Step { name, title, needs, act };
    vec![
        step("fmt", "Rust is formatted", &[], fmt),
        step("tidy", "The house rules hold", &[], house_rules),
        step("console-install", "Packages of the console", &[], console_install),
        step("console-lint", "Lints of the console", &["console-install"], |bench| npm(bench, "lint")),
        step("console-types", "Types of the console", &["console-install"], |bench| npm(bench, "typecheck")),
        step("console-test", "Tests of the console", &["console-install"], |bench| npm(bench, "test")),
        step("console-build", "The console is built", &["console-install"], |bench| npm(bench, "build")),
        step("clippy", "Lints of Rust", &[], clippy),
        step("sqlite", "Tests on SQLite", &[], on_sqlite),
        step("postgres", "Tests on PostgreSQL", &[], on_postgres),
        step("doc", "Examples in the documentation", &[], doc_tests),
        step("binaries", "Programs of the product", &[], binaries),
        step("drift", "Generated files are up to date", &["binaries", "console-install"], drift),
        step("e2e", "Browser tests", &["binaries", "console-build"], in_the_browser),
        step("deny", "Licenses, sources, advisories", &[], deny),
    ]
}

/// A cargo command whose output is meant for a file, and which on a CI machine takes the lock file as it is.
fn cargo(bench: &Bench<'_>, words: &[&str]) -> Command {
    let mut command = Command::new(tree::cargo());
    command.args(words).current_dir(&bench.tree.root).env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1");
    if tree::is_ci() && words[0] != "fmt" {
        command.arg("--locked");
    }
    command
}

fn fmt(bench: &Bench<'_>) -> Result<Done> {
    bench.run(cargo(bench, &["fmt", "--all", "--check", "--", "--color", "never"]))
}

fn house_rules(bench: &Bench<'_>) -> Result<Done> {
    tidy::check(bench.tree).map(Done::Passed)
}

fn console_install(bench: &Bench<'_>) -> Result<Done> {
    let mut command = Command::new("node");
    command.args(["tools/ensure.mjs", "."]).current_dir(bench.tree.console());
    bench.run(command)
}

fn npm(bench: &Bench<'_>, script: &str) -> Result<Done> {
    bench.run(npm_command(bench.tree, script))
}

/// `npm run SCRIPT` in the console's folder.
pub fn npm_command(tree: &Tree, script: &str) -> Command {
    let mut command = Command::new("npm");
    command.args(["run", script]).current_dir(tree.console()).env("NO_COLOR", "1").env("FORCE_COLOR", "0");
    command
}

fn clippy(bench: &Bench<'_>) -> Result<Done> {
    let mut command = cargo(bench, &["clippy", "--workspace", "--all-targets"]);
    command.args(["--", "-D", "warnings"]);
    bench.run(command)
}

/// cargo-nextest where it is installed: it runs the tests of all crates side by side.
fn cargo_test(bench: &Bench<'_>) -> Command {
    if process::find("cargo-nextest").is_some() {
        cargo(bench, &["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        cargo(bench, &["test", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"])
    }
}

fn on_sqlite(bench: &Bench<'_>) -> Result<Done> {
    let mut command = cargo_test(bench);
    command.env(postgres::VARIABLE, "sqlite");
    bench.run(command)
}

fn on_postgres(bench: &Bench<'_>) -> Result<Done> {
    let programs = match postgres::programs(bench.tree, bench.progress, bench.interrupts) {
        Ok(programs) => programs,
        Err(problem) => return skipped_unless_ci(problem),
    };
    let cluster = Cluster::start(&programs, Durability::Scratch)?;
    let mut command = cargo_test(bench);
    for name in WITHOUT_DATABASE {
        command.args(["--exclude", name]);
    }
    command.env(postgres::VARIABLE, cluster.url());
    bench.run(command)
}

/// Where nobody watches, a check that was not made must not look like one that passed.
fn skipped_unless_ci(problem: Problem) -> Result<Done> {
    if tree::is_ci() { Err(problem) } else { Ok(Done::Skipped(problem.to_string())) }
}

fn doc_tests(bench: &Bench<'_>) -> Result<Done> {
    bench.run(cargo(bench, &["test", "--workspace", "--doc"]))
}

fn binaries(bench: &Bench<'_>) -> Result<Done> {
    let mut command = cargo(bench, &["build", "--bins"]);
    command.args(PROCESSES);
    bench.run(command)
}

fn drift(bench: &Bench<'_>) -> Result<Done> {
    generate::check(bench.tree)
}

fn in_the_browser(bench: &Bench<'_>) -> Result<Done> {
    let browser = match chromium::ready(bench.tree, bench.progress, bench.interrupts) {
        Ok(browser) => browser,
        Err(problem) => return skipped_unless_ci(problem),
    };
    let mut command = npm_command(bench.tree, "e2e");
    command.env(chromium::VARIABLE, browser).env("SHUNIU_BINARIES", bench.tree.target.join("debug"));
    bench.run(command)
}

fn deny(bench: &Bench<'_>) -> Result<Done> {
    let Some(program) = cargo_deny(bench)? else {
        let how = "cargo-deny is not installed (the step `tidy` checks licenses and sources); install it with: cargo xtask test --install";
        return Ok(Done::Skipped(how.to_owned()));
    };
    let check = |what: &[&str]| {
        let mut command = Command::new(&program);
        command.args(["--color", "never", "check"]).args(what).current_dir(&bench.tree.root);
        command
    };
    bench.run_as("deny", check(&["licenses", "bans", "sources"]))?;
    match bench.run_as("deny-advisories", check(&["advisories"])) {
        Ok(_) => Ok(Done::Passed(String::new())),
        Err(problem) if problem.to_string().contains("failed to fetch advisory database") => {
            Ok(Done::Passed("without advisories: their database cannot be reached from here".to_owned()))
        }
        Err(problem) => Err(problem),
    }
}

fn cargo_deny(bench: &Bench<'_>) -> Result<Option<PathBuf>> {
    let tools = bench.tree.scratch("tools");
    let own = tools.join("bin/cargo-deny");
    if let Some(program) = process::find("cargo-deny").or_else(|| own.is_file().then(|| own.clone())) {
        return Ok(Some(program));
    }
    if !bench.install {
        return Ok(None);
    }
    let mut command = Command::new(tree::cargo());
    command
        .args(["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--root"])
        .arg(&tools)
        .env("CARGO_TERM_COLOR", "never");
    bench.run_as("deny-install", command)?;
    Ok(Some(own))
}
