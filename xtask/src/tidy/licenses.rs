//! Licenses and sources of everything we build on, by the lists of deny.toml, without any tool that must be installed.
//!
//! `cargo deny` reads the same file and checks more (advisories, duplicates); this holds where it is not installed.

use super::{Finding, Text};
use crate::problem::{Explain as _, Problem, Result};
use crate::process;
use crate::tree::{self, Tree};
use serde::Deserialize;
use std::process::Command;

/// The part of deny.toml that is read here.
#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

/// A license that is accepted of one crate only.
#[derive(Deserialize)]
struct Exception {
    #[serde(alias = "name")]
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Option<Resolve>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    /// An SPDX expression.
    license: Option<String>,
    /// `null` for our own crates.
    source: Option<String>,
}

/// How cargo names the public registry in its own files.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn check(tree: &Tree, texts: &[Text]) -> Result<Vec<Finding>> {
    let policy =
        texts.iter().find(|text| text.path == "deny.toml").ok_or_else(|| Problem::new("deny.toml is missing"))?;
    let policy: Policy = toml::from_str(&policy.content).explain(|| "deny.toml cannot be read".to_owned())?;
    let metadata = metadata(tree)?;
    let built: Vec<String> =
        metadata.resolve.into_iter().flat_map(|resolve| resolve.nodes).map(|node| node.id).collect();
    let packages = metadata.packages.iter().filter(|package| built.contains(&package.id));
    Ok(packages.filter_map(|package| refused(package, &policy.licenses)).collect())
}

/// Everything that is built for this machine; other systems' packages need not be present to be judged there.
fn metadata(tree: &Tree) -> Result<Metadata> {
    let version = process::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
    let mut command = Command::new(tree::cargo());
    command.args(["metadata", "--format-version", "1", "--filter-platform", host]).current_dir(&tree.root);
    serde_json::from_str(&process::output(&mut command)?).explain(|| "cargo metadata cannot be read".to_owned())
}

fn refused(package: &Package, licenses: &Licenses) -> Option<Finding> {
    let source = package.source.as_deref()?;
    let finding =
        |rule, said| Some(Finding { file: format!("crate {} {}", package.name, package.version), line: 0, rule, said });
    if source != REGISTRY {
        return finding("source", format!("comes from {source}, not from the public registry"));
    }
    let Some(expression) = package.license.as_deref() else {
        return finding("license", "says no license".to_owned());
    };
    let excepted = licenses.exceptions.iter().filter(|exception| exception.package == package.name);
    let allowed: Vec<&str> =
        licenses.allow.iter().chain(excepted.flat_map(|exception| &exception.allow)).map(String::as_str).collect();
    match satisfied(expression, &allowed) {
        Some(true) => None,
        Some(false) => finding("license", format!("`{expression}` is not among the licenses that deny.toml allows")),
        None => finding("license", format!("`{expression}` is no license expression")),
    }
}

/// Whether an SPDX expression can be met with the licenses in `allowed`; `None` when it cannot be read.
fn satisfied(expression: &str, allowed: &[&str]) -> Option<bool> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = alternatives(&mut rest, allowed)?;
    rest.is_empty().then_some(met)
}

fn alternatives(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = conjunction(rest, allowed)?;
    while let ["OR", after @ ..] = *rest {
        *rest = after;
        met |= conjunction(rest, allowed)?;
    }
    Some(met)
}

fn conjunction(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    let mut met = license(rest, allowed)?;
    while let ["AND", after @ ..] = *rest {
        *rest = after;
        met &= license(rest, allowed)?;
    }
    Some(met)
}

fn license(rest: &mut &[&str], allowed: &[&str]) -> Option<bool> {
    match *rest {
        ["(", after @ ..] => {
            *rest = after;
            let met = alternatives(rest, allowed)?;
            let [")", after @ ..] = *rest else { return None };
            *rest = after;
            Some(met)
        }
        ["OR" | "AND" | "WITH" | ")", ..] | [] => None,
        [name, "WITH", exception, after @ ..] => {
            *rest = after;
            Some(allowed.contains(&format!("{name} WITH {exception}").as_str()) || allowed.contains(name))
        }
        [name, after @ ..] => {
            *rest = after;
            Some(allowed.contains(name))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn license_expressions_are_met_by_what_is_allowed() {
        let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
        let cases = [
            ("MIT", Some(true)),
            ("MIT/Apache-2.0", Some(true)),
            ("GPL-3.0", Some(false)),
            ("GPL-3.0 OR MIT", Some(true)),
            ("GPL-3.0 AND MIT", Some(false)),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some(true)),
            ("(MIT OR Apache-2.0) AND GPL-2.0", Some(false)),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", Some(true)),
            ("MIT OR", None),
            ("(MIT", None),
        ];
        for (expression, expected) in cases {
            assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
        }
    }

    fn judged(license: Option<&str>, source: Option<&str>) -> Option<&'static str> {
        let package = Package {
            id: String::new(),
            name: "odd".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.map(str::to_owned),
            source: source.map(str::to_owned),
        };
        let exception = Exception { package: "odd".to_owned(), allow: vec!["MPL-2.0".to_owned()] };
        let licenses = Licenses { allow: vec!["MIT".to_owned()], exceptions: vec![exception] };
        refused(&package, &licenses).map(|finding| finding.rule)
    }

    #[test]
    fn a_foreign_source_or_license_is_refused_and_our_own_crates_are_not_judged() {
        assert_eq!(judged(Some("MIT"), Some(REGISTRY)), None);
        assert_eq!(judged(Some("MPL-2.0"), Some(REGISTRY)), None);
        assert_eq!(judged(Some("GPL-3.0"), Some(REGISTRY)), Some("license"));
        assert_eq!(judged(None, Some(REGISTRY)), Some("license"));
        assert_eq!(judged(Some("MIT"), Some("git+https://example.com/x")), Some("source"));
        assert_eq!(judged(None, None), None);
    }
}
