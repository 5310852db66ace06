//! Runs named steps one after the other and tells at the end what became of each.

use crate::interrupts::Interrupts;
use crate::problem::{Problem, Result};
use crate::process::{self, cut};
use crate::progress::{Progress, spoken};
use crate::tree::Tree;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// What became of a step that did not go wrong.
pub enum Done {
    /// It was carried out; the note says how much, such as a number of tests.
    Passed(String),
    /// It was not carried out; the note says why and how to have it.
    Skipped(String),
}

/// What a step is given.
pub struct Bench<'a> {
    pub tree: &'a Tree,
    pub progress: &'a Progress,
    pub interrupts: &'a Interrupts,
    /// Whether tools that take minutes to build may be installed.
    pub install: bool,
    name: &'static str,
}

impl Bench<'_> {
    /// Runs a command with its output in the step's log; answers the number of tests that the log speaks of.
    pub fn run(&self, command: Command) -> Result<Done> {
        self.run_as(self.name, command)
    }

    /// The same, for a step with more than one command: each has a log of its own.
    pub fn run_as(&self, log_name: &str, command: Command) -> Result<Done> {
        let log = self.tree.log(log_name);
        process::run(command, &log, self.progress, self.interrupts)?;
        let text = std::fs::read_to_string(&log).unwrap_or_default();
        Ok(Done::Passed(tests_spoken_of(&text).map(|count| format!("{count} tests")).unwrap_or_default()))
    }
}

/// One step: its name on the command line and in the log folder, its title, what it needs, what it does.
pub struct Step {
    pub name: &'static str,
    pub title: &'static str,
    pub needs: &'static [&'static str],
    pub act: fn(&Bench<'_>) -> Result<Done>,
}

enum Verdict {
    Passed,
    Failed,
    Skipped,
}

struct Row {
    name: &'static str,
    title: &'static str,
    verdict: Verdict,
    took: Duration,
    note: String,
}

/// Runs all steps, goes on after a failure where a step does not need the failed one, and prints the summary.
///
/// The last line is `N passed, N failed[, N skipped]`, counted in steps.
pub fn run(tree: &Tree, interrupts: &Interrupts, steps: &[Step], install: bool) -> ExitCode {
    let mut rows: Vec<Row> = Vec::new();
    for step in steps {
        if interrupts.raised() {
            break;
        }
        let row = match missing(step, &rows) {
            Some(needed) => Row::without(step, format!("needs the step `{needed}`, which did not pass")),
            None => carry_out(tree, interrupts, step, install),
        };
        rows.push(row);
    }
    summary(&rows);
    let all_ran = rows.len() == steps.len();
    let failed = rows.iter().any(|row| matches!(row.verdict, Verdict::Failed));
    if all_ran && !failed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A needed step that ran and did not pass; one that was left out on purpose is no obstacle.
fn missing(step: &Step, rows: &[Row]) -> Option<&'static str> {
    let not_passed = |row: &&Row| step.needs.contains(&row.name) && !matches!(row.verdict, Verdict::Passed);
    rows.iter().find(not_passed).map(|row| row.name)
}

fn carry_out(tree: &Tree, interrupts: &Interrupts, step: &Step, install: bool) -> Row {
    let progress = Progress::begin(step.title);
    let bench = Bench { tree, progress: &progress, interrupts, install, name: step.name };
    let (verdict, mark, note) = match (step.act)(&bench) {
        Ok(Done::Passed(note)) => (Verdict::Passed, "ok  ", note),
        Ok(Done::Skipped(why)) => (Verdict::Skipped, "skip", why),
        Err(problem) => {
            progress.end("FAIL", "");
            println!("{problem}\n");
            let first = cut(problem.to_string().lines().next().unwrap_or_default(), 120);
            return Row::new(step, Verdict::Failed, progress.elapsed(), first);
        }
    };
    progress.end(mark, &note);
    Row::new(step, verdict, progress.elapsed(), note)
}

impl Row {
    fn new(step: &Step, verdict: Verdict, took: Duration, note: String) -> Self {
        Self { name: step.name, title: step.title, verdict, took, note }
    }

    fn without(step: &Step, why: String) -> Self {
        println!("skip {}  {why}", step.title);
        Self::new(step, Verdict::Skipped, Duration::ZERO, why)
    }
}

fn summary(rows: &[Row]) {
    let width = rows.iter().map(|row| row.title.chars().count()).max().unwrap_or_default();
    println!("\nSummary");
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for row in rows {
        let word = match row.verdict {
            Verdict::Passed => {
                passed += 1;
                "passed"
            }
            Verdict::Failed => {
                failed += 1;
                "FAILED"
            }
            Verdict::Skipped => {
                skipped += 1;
                "skipped"
            }
        };
        let padding = " ".repeat(width - row.title.chars().count());
        // A long story was told when it happened.
        let note = row.note.lines().next().unwrap_or_default();
        let line = format!("  {}{padding}  {word:<7}  {:>12}  {note}", row.title, spoken(row.took));
        println!("{}", line.trim_end());
    }
    println!();
    let skipped = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    println!("{passed} passed, {failed} failed{skipped}");
}

/// How many tests a log speaks of, over all runners that the steps use; `None` when it speaks of none.
fn tests_spoken_of(log: &str) -> Option<u64> {
    let counts: Vec<u64> = log.lines().filter_map(|line| count_in(line.trim())).collect();
    (!counts.is_empty()).then(|| counts.iter().sum())
}

fn count_in(line: &str) -> Option<u64> {
    let number_before = |text: &str, word: &str| -> Option<u64> {
        let end = text.find(word)?;
        text[..end].trim_end().rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    if line.starts_with("Summary [") {
        return number_before(line, " passed");
    }
    if line.starts_with("test result: ok.") || line.starts_with("Tests ") {
        return number_before(line, " passed");
    }
    let node = line.strip_prefix("# pass ").or_else(|| line.strip_prefix("ℹ pass "))?;
    node.trim().parse().ok()
}

/// Picks the steps that were asked for by name, in the order in which they run.
pub fn only(steps: Vec<Step>, names: &[String]) -> Result<Vec<Step>> {
    if names.is_empty() {
        return Ok(steps);
    }
    if let Some(unknown) = names.iter().find(|name| !steps.iter().any(|step| step.name == **name)) {
        let known: Vec<&str> = steps.iter().map(|step| step.name).collect();
        return Err(Problem::new(format!("there is no step `{unknown}`; there are: {}", known.join(", "))));
    }
    Ok(steps.into_iter().filter(|step| names.iter().any(|name| name == step.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_every_runner_are_read() {
        let cases = [
            ("     Summary [   1.234s] 42 tests run: 42 passed (2 slow), 1 skipped", Some(42)),
            ("     Summary [   1.234s] 42 tests run: 40 passed, 2 failed, 1 skipped", Some(40)),
            ("test result: ok. 7 passed; 0 failed; 0 ignored", Some(7)),
            ("      Tests  31 passed (31)", Some(31)),
            ("# pass 5", Some(5)),
            ("ℹ pass 6", Some(6)),
            ("test result: ok. 1 passed; 0 failed\ntest result: ok. 2 passed; 0 failed", Some(3)),
            ("Compiling kernel v0.1.0", None),
        ];
        for (log, expected) in cases {
            assert_eq!(tests_spoken_of(log), expected, "{log}");
        }
    }

    fn step(name: &'static str, needs: &'static [&'static str], act: fn(&Bench<'_>) -> Result<Done>) -> Step {
        Step { name, title: name, needs, act }
    }

    #[test]
    fn a_step_does_not_run_when_the_one_it_needs_failed_or_was_skipped() {
        let steps = [
            step("built", &[], |_| Ok(Done::Passed(String::new()))),
            step("broken", &[], |_| Err(Problem::new("it is broken"))),
            step("after", &["built", "broken"], |_| Ok(Done::Passed(String::new()))),
            step("free", &["built"], |_| Ok(Done::Passed(String::new()))),
        ];
        let rows: Vec<Row> = steps[..2]
            .iter()
            .zip([Verdict::Passed, Verdict::Failed])
            .map(|(step, verdict)| Row::new(step, verdict, Duration::ZERO, String::new()))
            .collect();
        assert_eq!(missing(&steps[2], &rows), Some("broken"));
        assert_eq!(missing(&steps[3], &rows), None);
    }

    #[test]
    fn a_failed_step_makes_the_whole_run_fail() {
        let tree = Tree::here();
        let interrupts = Interrupts::watch().expect("signals can be watched");
        let good = [step("good", &[], |_| Ok(Done::Passed(String::new())))];
        let bad = [step("bad", &[], |_| Err(Problem::new("no")))];
        let code = |steps: &[Step]| format!("{:?}", run(&tree, &interrupts, steps, false));
        assert_eq!(code(&good), format!("{:?}", ExitCode::SUCCESS));
        assert_eq!(code(&bad), format!("{:?}", ExitCode::FAILURE));
    }

    #[test]
    fn an_unknown_step_is_refused_with_the_names_of_the_known() {
        let steps = vec![step("fmt", &[], |_| Ok(Done::Passed(String::new())))];
        let refused = only(steps, &["formt".to_owned()]).err().map(|problem| problem.to_string());
        assert_eq!(refused.as_deref(), Some("there is no step `formt`; there are: fmt"));
    }
}
