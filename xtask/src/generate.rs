//! `cargo xtask generate`: files that are made from others, and the check that nobody forgot to make them again.

use crate::problem::{Explain as _, Problem, Result};
use crate::process;
use crate::steps::Done;
use crate::test::PROCESSES;
use crate::tree::{self, Tree};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A file that is committed and never written by hand.
struct Generated {
    /// From the root of the checkout.
    path: &'static str,
    /// Makes its content; the second argument is the folder with what was made before it in this run.
    make: fn(&Tree, &Path) -> Result<String>,
}

/// In the order in which one is made from the other. A new one is a new row.
const FILES: [Generated; 3] = [
    Generated { path: "docs/generated/openapi.json", make: openapi },
    Generated { path: "console/src/api/generated/schema.d.ts", make: typescript },
    Generated { path: "docs/generated/states.md", make: states },
];

/// Makes every file anew, in place.
pub fn write(tree: &Tree) -> Result<usize> {
    build(tree)?;
    make_all(tree, |path, content| {
        let file = tree.root.join(path);
        let changed = fs::read_to_string(&file).ok().as_deref() != Some(content);
        if changed {
            put(&file, content)?;
        }
        Ok(changed)
    })
}

/// Makes every file beside the committed one and names those that differ.
pub fn check(tree: &Tree) -> Result<Done> {
    let mut stale = Vec::new();
    make_all(tree, |path, content| {
        let committed = fs::read_to_string(tree.root.join(path)).unwrap_or_default();
        if let Some(difference) = first_difference(&committed, content) {
            stale.push(format!("{path}, {difference}"));
        }
        Ok(false)
    })?;
    if stale.is_empty() {
        return Ok(Done::Passed(format!("{} files", FILES.len())));
    }
    Err(Problem::new(format!("not up to date: {}\nmake them again with: cargo xtask generate", stale.join("; "))))
}

/// Builds the programs that know what is to be written.
pub fn build(tree: &Tree) -> Result<()> {
    let mut command = Command::new(tree::cargo());
    command.args(["build", "--quiet", "--bins"]).args(PROCESSES).current_dir(&tree.root);
    process::output(&mut command).map(drop)
}

fn make_all(tree: &Tree, mut take: impl FnMut(&str, &str) -> Result<bool>) -> Result<usize> {
    let scratch = tree.scratch("generated");
    let mut changed = 0;
    for file in &FILES {
        let content = (file.make)(tree, &scratch).explain(|| format!("{} cannot be made", file.path))?;
        put(&scratch.join(file.path), &content)?;
        changed += usize::from(take(file.path, &content)?);
    }
    Ok(changed)
}

fn put(file: &Path, content: &str) -> Result<()> {
    let folder = file.parent().map(Path::to_owned).unwrap_or_default();
    fs::create_dir_all(&folder).explain(|| format!("{} cannot be created", folder.display()))?;
    fs::write(file, content).explain(|| format!("{} cannot be written", file.display()))
}

/// The server's own description of its interface.
fn openapi(tree: &Tree, _: &Path) -> Result<String> {
    process::output(Command::new(tree.binary("shuniu")).arg("openapi"))
}

/// A diagram of every state machine.
fn states(tree: &Tree, _: &Path) -> Result<String> {
    process::output(Command::new(tree.binary("shuniu")).arg("states"))
}

/// The client's types, from that description.
fn typescript(tree: &Tree, scratch: &Path) -> Result<String> {
    let tool = tree.console().join("tools/node_modules/.bin/openapi-typescript");
    let out = scratch.join("schema.d.ts");
    let mut command = Command::new(tool);
    command.arg(scratch.join(FILES[0].path)).arg("--output").arg(&out).current_dir(tree.console());
    process::output(&mut command)?;
    fs::read_to_string(&out).explain(|| format!("{} cannot be read", out.display()))
}

fn first_difference(committed: &str, made: &str) -> Option<String> {
    if committed == made {
        return None;
    }
    if committed.is_empty() {
        return Some("which is missing".to_owned());
    }
    let same = committed.lines().zip(made.lines()).take_while(|(old, new)| old == new).count();
    Some(format!("from line {}", same + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_file_is_told_by_its_first_line_that_differs() {
        let cases = [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some("from line 2")),
            ("a\n", "a\nb\n", Some("from line 2")),
            ("", "a\n", Some("which is missing")),
        ];
        for (committed, made, expected) in cases {
            assert_eq!(first_difference(committed, made).as_deref(), expected, "{committed:?} {made:?}");
        }
    }
}
