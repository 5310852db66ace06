//! The house rules that a machine can hold up: directions, lengths, words, migrations, licenses.
//!
//! It reads and never writes, except `--record-migrations`, and it needs no network.
//! A rule is a function from what was read to findings; each has a test that shows it refusing something.

mod direction;
mod files;
mod lengths;
mod licenses;
mod links;
mod manifests;
mod migrations;
mod paths;
mod source;
mod words;

use crate::problem::{Problem, Result};
use crate::tree::Tree;
use files::Text;
use std::fmt;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub file: String,
    /// From 1; 0 when it is about the whole file.
    pub line: usize,
    pub rule: &'static str,
    pub said: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, rule, said } = self;
        if *line == 0 { write!(f, "{file}: {rule}: {said}") } else { write!(f, "{file}:{line}: {rule}: {said}") }
    }
}

/// Breaches that are known and for now accepted; the list may only get shorter.
const EXCEPTIONS: &str = "xtask/tidy-exceptions.txt";

/// Carries out every rule; answers a line of figures, or all findings.
pub fn check(tree: &Tree) -> Result<String> {
    let texts = files::read(tree)?;
    let mut found = Vec::new();
    found.extend(direction::check(tree)?);
    found.extend(lengths::check(&texts));
    found.extend(words::check(&texts));
    found.extend(paths::check(&texts, tree));
    found.extend(links::check(&texts, tree));
    found.extend(manifests::check(&texts));
    found.extend(migrations::check(&texts));
    found.extend(licenses::check(tree, &texts)?);
    let exceptions = texts.iter().find(|text| text.path == EXCEPTIONS).map(|text| text.content.as_str());
    let mut left = without_exceptions(found, exceptions.unwrap_or_default());
    if left.is_empty() {
        return Ok(lengths::figures(&texts));
    }
    left.sort();
    let lines: Vec<String> = left.iter().map(ToString::to_string).collect();
    let heading = format!("{} breaches of the house rules (STYLE.md says why they are rules)", left.len());
    Err(Problem::new(format!("{heading}\n{}", lines.join("\n"))))
}

/// Adds the migrations that are not recorded yet.
pub fn record_migrations(tree: &Tree) -> Result<usize> {
    migrations::record(tree, &files::read(tree)?)
}

/// An exception is `rule file`, with `# why` after it; one that excepts nothing is itself a finding.
fn without_exceptions(found: Vec<Finding>, list: &str) -> Vec<Finding> {
    let mut left = found;
    for (number, line) in list.lines().enumerate() {
        let entry = line.split('#').next().unwrap_or_default().trim();
        let Some((rule, file)) = entry.split_once(' ') else { continue };
        let before = left.len();
        left.retain(|finding| !(finding.rule == rule && finding.file == file.trim()));
        if left.len() == before {
            let said = format!("`{entry}` excepts nothing any more; take the line out");
            left.push(Finding { file: EXCEPTIONS.to_owned(), line: number + 1, rule: "exceptions", said });
        }
    }
    left
}

/// Every line of `text` that `breaks` finds fault with, by number from 1.
fn lines_that<'a>(text: &'a str, breaks: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = usize> + 'a {
    text.lines().enumerate().filter(move |(_, line)| breaks(line)).map(|(index, _)| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_tidy() {
        if let Err(problem) = check(&Tree::here()) {
            panic!("{problem}");
        }
    }

    fn finding(rule: &'static str, file: &str) -> Finding {
        Finding { file: file.to_owned(), line: 1, rule, said: String::new() }
    }

    #[test]
    fn an_exception_covers_its_rule_in_its_file_only() {
        let found = vec![finding("length", "a.rs"), finding("length", "b.rs"), finding("words", "a.rs")];
        let left = without_exceptions(found, "length a.rs  # splits with the next change\n");
        assert_eq!(left, [finding("length", "b.rs"), finding("words", "a.rs")]);
    }

    #[test]
    fn an_exception_that_excepts_nothing_must_go() {
        let left = without_exceptions(Vec::new(), "# heading\n\nlength a.rs # was too long\n");
        assert_eq!(left.len(), 1);
        assert_eq!((left[0].rule, left[0].line), ("exceptions", 3));
    }
}
