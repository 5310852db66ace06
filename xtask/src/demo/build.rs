//! Builds the console and the programs, and only what has changed since.

use crate::interrupts::Interrupts;
use crate::problem::{Explain as _, Result};
use crate::process;
use crate::progress::Progress;
use crate::test::{PROCESSES, npm_command};
use crate::tree::{self, Tree};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What the built console depends on.
const SOURCES: [&str; 6] = ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

pub fn all(tree: &Tree, interrupts: &Interrupts) -> Result<()> {
    if is_stale(&tree.console())? {
        let mut install = Command::new("node");
        install.args(["tools/ensure.mjs", "."]).current_dir(tree.console());
        carry_out(tree, interrupts, "packages of the console", "demo-console-install", install)?;
        carry_out(tree, interrupts, "the console", "demo-console-build", npm_command(tree, "build"))?;
    }
    let first = !tree.binary("shuniu").is_file();
    let title =
        if first { "the programs (the first time takes 10 to 15 minutes on two cores)" } else { "the programs" };
    let mut cargo = Command::new(tree::cargo());
    cargo.args(["build", "--bins"]).args(PROCESSES).current_dir(&tree.root).env("CARGO_TERM_COLOR", "never");
    carry_out(tree, interrupts, title, "demo-build", cargo)
}

fn carry_out(tree: &Tree, interrupts: &Interrupts, what: &str, log: &str, command: Command) -> Result<()> {
    let progress = Progress::begin(&format!("build {what}"));
    let outcome = process::run(command, &tree.log(log), &progress, interrupts);
    progress.end(if outcome.is_ok() { "ok  " } else { "FAIL" }, "");
    outcome
}

/// Whether a source of the console is newer than what was built from it.
fn is_stale(console: &Path) -> Result<bool> {
    let Ok(built) = fs::metadata(console.join("dist/index.html")).and_then(|meta| meta.modified()) else {
        return Ok(true);
    };
    for source in SOURCES {
        if newest(&console.join(source))?.is_some_and(|changed| changed > built) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// When the newest file at or below `path` was changed; `None` when there is nothing.
fn newest(path: &Path) -> Result<Option<SystemTime>> {
    let Ok(meta) = fs::metadata(path) else { return Ok(None) };
    let mut latest = meta.modified().explain(|| format!("{} has no time", path.display()))?;
    if meta.is_dir() {
        for entry in fs::read_dir(path).explain(|| format!("{} cannot be read", path.display()))? {
            let entry = entry.explain(|| format!("{} cannot be read", path.display()))?;
            if let Some(below) = newest(&entry.path())? {
                latest = latest.max(below);
            }
        }
    }
    Ok(Some(latest))
}
