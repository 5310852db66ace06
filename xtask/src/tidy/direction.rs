//! Who may know whom: foundation ← domain ← edge, and which libraries stay behind one crate.
//!
//! The order is DESIGN section 2's; a crate that is not in it is refused until somebody decides where it stands.

use super::Finding;
use crate::problem::{Explain as _, Result};
use crate::process;
use crate::tree::{self, Tree};
use serde::Deserialize;
use std::process::Command;

/// Crates from the ground up. A crate may know those on lower floors only, so neighbors of one floor never import each other.
const FLOORS: [&[&str]; 15] = [
    &["kernel"],
    &["storage"],
    &["journal"],
    &["organization"],
    &["identity"],
    &["permission"],
    &["approvals"],
    &["work", "archive", "ledger"],
    &["processing", "remote_authorization", "clearing", "reconciliation", "risk"],
    &["control", "people"],
    &["web", "screening"],
    &["demo"],
    &["cli"],
    &["testkit"],
    &["world"],
];

/// Crates that stand apart from the floors, with all of ours that they may know.
const APART: [(&str, &[&str]); 2] = [
    // The other side of the contract: it shares the clock with the product and nothing else.
    ("corebank-sim", &["kernel"]),
    ("xtask", &[]),
];

/// What the tests of every crate may stand on, or opposite to.
const TEST_WORLD: [&str; 3] = ["testkit", "world", "corebank-sim"];

/// A library, and the only crates that may be built on it.
const KEPT: [(&str, &[&str]); 12] = [
    ("axum", &["web", "cli", "corebank-sim"]),
    ("tower-http", &["web"]),
    ("utoipa", &["web"]),
    ("utoipa-axum", &["web"]),
    ("rust-embed", &["web"]),
    ("clap", &["cli", "corebank-sim", "demo", "screening", "xtask"]),
    ("reqwest", &["storage", "ledger", "web", "cli", "demo"]),
    ("sqlx", &["storage", "corebank-sim"]),
    ("rusqlite", &["storage"]),
    ("object_store", &["storage", "screening"]),
    ("uuid", &["kernel", "demo"]),
    ("jiff", &["kernel"]),
];

/// What `cargo metadata` says of one of our crates.
#[derive(Deserialize)]
struct Member {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `null` for what the product is built on, else `dev` or `build`.
    kind: Option<String>,
    /// Present for our own crates.
    path: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Member>,
}

pub fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let mut command = Command::new(tree::cargo());
    command.args(["metadata", "--no-deps", "--format-version", "1", "--offline"]).current_dir(&tree.root);
    let said = process::output(&mut command)?;
    let metadata: Metadata = serde_json::from_str(&said).explain(|| "cargo metadata cannot be read".to_owned())?;
    Ok(metadata.packages.iter().flat_map(breaches).collect())
}

fn breaches(member: &Member) -> Vec<Finding> {
    let known = floor(&member.name).is_some() || APART.iter().any(|(name, _)| *name == member.name);
    if !known {
        let said = "has no floor in xtask/src/tidy/direction.rs; decide where it stands";
        return vec![finding(&member.name, said.to_owned())];
    }
    member
        .dependencies
        .iter()
        .filter_map(|dependency| refused(&member.name, dependency))
        .map(|said| finding(&member.name, said))
        .collect()
}

fn finding(member: &str, said: String) -> Finding {
    Finding { file: format!("crate {member}"), line: 0, rule: "direction", said }
}

fn refused(member: &str, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    if dependency.path.is_some() {
        let test_world = dependency.kind.as_deref() == Some("dev") && TEST_WORLD.contains(&name);
        return (!test_world && !may_know(member, name)).then(|| format!("may not know `{name}`: arrows go down only"));
    }
    // What is not shipped may be built on anything.
    if dependency.kind.is_some() || ["testkit", "world"].contains(&member) {
        return None;
    }
    let (_, keepers) = KEPT.iter().find(|(library, _)| *library == name)?;
    (!keepers.contains(&member)).then(|| format!("may not be built on `{name}`; only {} may", keepers.join(", ")))
}

fn may_know(member: &str, other: &str) -> bool {
    if let Some((_, known)) = APART.iter().find(|(name, _)| *name == member) {
        return known.contains(&other);
    }
    if TEST_WORLD.contains(&member) && other == "corebank-sim" {
        return true;
    }
    matches!((floor(member), floor(other)), (Some(above), Some(below)) if below < above)
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|crates| crates.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(member: &str, dependency: &str, kind: Option<&str>, ours: bool) -> Vec<String> {
        let dependency = Dependency {
            name: dependency.to_owned(),
            kind: kind.map(str::to_owned),
            path: ours.then(|| "somewhere".to_owned()),
        };
        let member = Member { name: member.to_owned(), dependencies: vec![dependency] };
        breaches(&member).into_iter().map(|finding| finding.said).collect()
    }

    #[test]
    fn arrows_between_our_crates_go_down_only() {
        let allowed = [
            ("processing", "work"),
            ("work", "kernel"),
            ("web", "processing"),
            ("cli", "web"),
            ("corebank-sim", "kernel"),
        ];
        for (member, other) in allowed {
            assert!(said(member, other, None, true).is_empty(), "{member} may know {other}");
        }
        let refused = [
            ("kernel", "storage"),
            ("work", "archive"),
            ("work", "processing"),
            ("processing", "web"),
            ("corebank-sim", "storage"),
            ("xtask", "kernel"),
            ("web", "cli"),
            ("web", "testkit"),
            ("cli", "corebank-sim"),
        ];
        for (member, other) in refused {
            assert_eq!(said(member, other, None, true), [format!("may not know `{other}`: arrows go down only")]);
        }
    }

    #[test]
    fn tests_may_stand_on_the_test_world_and_still_not_point_upward() {
        assert!(said("work", "testkit", Some("dev"), true).is_empty());
        assert!(said("ledger", "corebank-sim", Some("dev"), true).is_empty());
        assert_eq!(said("ledger", "corebank-sim", None, true).len(), 1);
        assert_eq!(said("work", "processing", Some("dev"), true).len(), 1);
    }

    #[test]
    fn a_library_stays_behind_the_crates_that_keep_it() {
        assert!(said("storage", "sqlx", None, false).is_empty());
        assert!(said("processing", "sqlx", Some("dev"), false).is_empty());
        assert_eq!(
            said("processing", "sqlx", None, false),
            ["may not be built on `sqlx`; only storage, corebank-sim may"]
        );
        assert_eq!(said("work", "axum", None, false).len(), 1);
    }

    #[test]
    fn a_crate_that_nobody_placed_is_refused() {
        assert_eq!(said("utils", "kernel", None, true).len(), 1);
    }
}
