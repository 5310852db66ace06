//! Migrations go forward only: numbered, explained, in the columns both engines share, and never changed once recorded.

use super::{Finding, Text};
use crate::problem::{Explain as _, Result};
use crate::tree::Tree;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const FOLDER: &str = "foundation/storage/migrations/";
/// `fingerprint  file`, one line for each migration that some database may already have run.
const RECORD: &str = "xtask/migrations.sha256";
/// Types that one of the engines lacks, rounds, or reads differently.
const FOREIGN_TYPES: [&str; 14] = [
    "REAL",
    "FLOAT",
    "DOUBLE",
    "NUMERIC",
    "DECIMAL",
    "TIMESTAMP",
    "TIMESTAMPTZ",
    "DATE",
    "TIME",
    "SERIAL",
    "VARCHAR",
    "JSONB",
    "BYTEA",
    "UUID",
];

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let recorded = recorded(texts);
    let files: Vec<&Text> = texts.iter().filter(|text| is_migration(text)).collect();
    let mut found = Vec::new();
    let mut numbers = BTreeMap::new();
    for text in &files {
        match number(text.name()) {
            None => found.push(finding(&text.path, 0, "is named `NNNN_what_for.sql`")),
            Some(number) => {
                if let Some(other) = numbers.insert(number, text.name()) {
                    found.push(finding(&text.path, 0, format!("has the number of `{other}`")));
                }
            }
        }
        if !text.content.starts_with("-- ") {
            found.push(finding(&text.path, 1, "opens with a sentence that says why"));
        }
        found.extend(foreign_types(text));
        found.extend(changed(text, &recorded));
    }
    let gone = recorded.keys().filter(|name| !files.iter().any(|text| text.name() == **name));
    found.extend(gone.map(|name| finding(RECORD, 0, format!("`{name}` was recorded and is gone"))));
    found
}

fn finding(file: &str, line: usize, said: impl Into<String>) -> Finding {
    Finding { file: file.to_owned(), line, rule: "migration", said: said.into() }
}

fn is_migration(text: &Text) -> bool {
    text.path.starts_with(FOLDER) && text.path.ends_with(".sql")
}

fn number(name: &str) -> Option<u32> {
    let (digits, rest) = name.split_once('_')?;
    (digits.len() == 4 && rest.len() > ".sql".len()).then(|| digits.parse().ok())?
}

fn foreign_types(text: &Text) -> Vec<Finding> {
    let mut found = Vec::new();
    for (index, line) in text.content.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default();
        let mut words = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        if let Some(word) = words.find(|word| FOREIGN_TYPES.contains(word)) {
            let said = format!("`{word}`: only BIGINT, TEXT, BLOB and BOOLEAN mean the same on both engines");
            found.push(finding(&text.path, index + 1, said));
        }
    }
    found
}

fn changed(text: &Text, recorded: &BTreeMap<&str, &str>) -> Option<Finding> {
    let said = match recorded.get(text.name()) {
        Some(known) if *known == fingerprint(&text.content) => return None,
        Some(_) => {
            "was changed after it was recorded; write a new migration (or, when it never left your branch, delete its line in xtask/migrations.sha256 and record it again)"
        }
        None => "is not recorded yet; when it is final: cargo xtask tidy --record-migrations",
    };
    Some(finding(&text.path, 0, said))
}

fn recorded(texts: &[Text]) -> BTreeMap<&str, &str> {
    let record = texts.iter().find(|text| text.path == RECORD).map(|text| text.content.as_str()).unwrap_or_default();
    record.lines().filter_map(|line| line.split_once("  ")).map(|(hash, name)| (name.trim(), hash)).collect()
}

fn fingerprint(content: &str) -> String {
    Sha256::digest(content.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes every character");
        text
    })
}

/// Writes the fingerprints of migrations that have none; answers how many.
pub fn record(tree: &Tree, texts: &[Text]) -> Result<usize> {
    let known = recorded(texts);
    let new: Vec<&Text> = texts.iter().filter(|text| is_migration(text) && !known.contains_key(text.name())).collect();
    let mut lines: BTreeMap<&str, String> = known.iter().map(|(name, hash)| (*name, (*hash).to_owned())).collect();
    lines.extend(new.iter().map(|text| (text.name(), fingerprint(&text.content))));
    let content: String = lines.iter().map(|(name, hash)| format!("{hash}  {name}\n")).collect();
    std::fs::write(tree.root.join(RECORD), content).explain(|| format!("{RECORD} cannot be written"))?;
    Ok(new.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "-- Why.\nCREATE TABLE a (b BIGINT);\n";

    fn said(texts: &[(&str, &str)]) -> Vec<String> {
        let texts: Vec<Text> = texts.iter().map(|(path, content)| Text::new(path, content)).collect();
        check(&texts).into_iter().map(|finding| finding.said).collect()
    }

    fn one(name: &str, content: &str) -> Vec<String> {
        let record = format!("{}  {name}\n", fingerprint(content));
        said(&[(&format!("{FOLDER}{name}"), content), (RECORD, &record)])
    }

    #[test]
    fn a_recorded_migration_in_good_form_passes() {
        assert!(one("1001_first.sql", GOOD).is_empty());
    }

    #[test]
    fn name_reason_and_types_are_checked() {
        assert_eq!(one("first.sql", GOOD), ["is named `NNNN_what_for.sql`"]);
        assert_eq!(one("1001_first.sql", "CREATE TABLE a (b BIGINT);\n"), ["opens with a sentence that says why"]);
        let foreign = one("1001_first.sql", "-- A REAL reason.\nCREATE TABLE a (b REAL, c_DATE TEXT);\n");
        assert_eq!(foreign, ["`REAL`: only BIGINT, TEXT, BLOB and BOOLEAN mean the same on both engines"]);
    }

    #[test]
    fn two_migrations_never_share_a_number() {
        let (a, b) = (format!("{FOLDER}1001_a.sql"), format!("{FOLDER}1001_b.sql"));
        let hash = fingerprint(GOOD);
        let record = format!("{hash}  1001_a.sql\n{hash}  1001_b.sql\n");
        assert_eq!(said(&[(&a, GOOD), (&b, GOOD), (RECORD, &record)]), ["has the number of `1001_a.sql`"]);
    }

    #[test]
    fn a_recorded_migration_is_neither_changed_nor_removed() {
        let path = format!("{FOLDER}1001_a.sql");
        let record = format!("{}  1001_a.sql\n", fingerprint("-- Other.\n"));
        assert!(said(&[(&path, GOOD), (RECORD, &record)])[0].starts_with("was changed after it was recorded"));
        assert_eq!(said(&[(RECORD, &record)]), ["`1001_a.sql` was recorded and is gone"]);
        assert!(said(&[(&path, GOOD)])[0].starts_with("is not recorded yet"));
    }
}
