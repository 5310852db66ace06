//! Nothing in the repository may depend on where it lies, who built it or which mirror served its packages.

use super::{Finding, Text, lines_that};
use crate::tree::Tree;

/// Hosts of package registries: what is fetched is named by package, and the client knows where from.
const HOSTS: [&str; 8] = [
    "registry.npmjs.org",
    "registry.npmmirror.com",
    "registry.yarnpkg.com",
    "static.crates.io",
    "index.crates.io",
    "files.pythonhosted.org",
    "deb.debian.org",
    "mirrors.",
];
const HOMES: [&str; 2] = ["/home/", "/Users/"];

pub fn check(texts: &[Text], tree: &Tree) -> Vec<Finding> {
    let mut places: Vec<String> = HOMES.map(str::to_owned).to_vec();
    places.push(tree.root.to_string_lossy().into_owned());
    if let Some(home) = std::env::var("HOME").ok().filter(|home| home.len() > 1) {
        places.push(format!("{}/", home.trim_end_matches('/')));
    }
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| !text.path.starts_with("xtask/src/tidy/")) {
        found.extend(breaches(
            text,
            "machine-path",
            "a path of one machine; name it from the root of the checkout",
            |line| places.iter().any(|place| names_place(line, place)) || names_shared_absolutely(line),
        ));
        found.extend(breaches(text, "registry-host", "a package is named, never the host it comes from", |line| {
            HOSTS.iter().any(|host| line.contains(host)) || is_resolved_download(text, line)
        }));
    }
    found
}

fn breaches(text: &Text, rule: &'static str, said: &str, breaks: impl Fn(&str) -> bool) -> Vec<Finding> {
    let finding = |line| Finding { file: text.path.clone(), line, rule, said: said.to_owned() };
    lines_that(&text.content, breaks).map(finding).collect()
}

/// The place stands at the beginning of a path, and not in the middle of a longer one such as a URL.
fn names_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + place.len()..].chars().next();
        let begins = before.is_none_or(|c| !(c.is_alphanumeric() || "_-.}".contains(c)));
        let ends = place.ends_with('/') || after.is_none_or(|c| !(c.is_alphanumeric() || c == '_' || c == '-'));
        begins && ends
    })
}

/// The test data beside the checkout is reached as `../shared`, wherever the checkout lies.
fn names_shared_absolutely(line: &str) -> bool {
    line.match_indices("/shared/data").any(|(at, _)| !line[..at].ends_with("..") && !line[..at].ends_with('.'))
}

/// A lock file of npm that names the addresses of its downloads pins a mirror.
fn is_resolved_download(text: &Text, line: &str) -> bool {
    text.name() == "package-lock.json" && line.contains("\"resolved\": \"http")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn rules(path: &str, content: &str) -> Vec<&'static str> {
        let tree = Tree { root: PathBuf::from("/somewhere/bank"), target: PathBuf::new() };
        check(&[Text::new(path, content)], &tree).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_path_of_one_machine_is_refused() {
        let cases: &[(&str, &[&str])] = &[
            ("see /somewhere/bank/data", &["machine-path"]),
            ("see \"/somewhere/bank\"", &["machine-path"]),
            ("see /somewhere/banks", &[]),
            ("cd /home/li/src", &["machine-path"]),
            ("GET /api/v1/home/x and https://example.com/home/x", &[]),
            ("open ../shared/data/images", &[]),
            ("open /mnt/shared/data/images", &["machine-path"]),
        ];
        for (line, expected) in cases {
            assert_eq!(rules("README.md", line), *expected, "{line}");
        }
    }

    #[test]
    fn a_host_of_a_registry_is_refused() {
        assert_eq!(rules("docs/a.md", "from https://registry.npmjs.org/x"), ["registry-host"]);
        assert_eq!(rules("console/package-lock.json", "  \"resolved\": \"https://a.b/x.tgz\","), ["registry-host"]);
        assert!(rules("console/package-lock.json", "  \"version\": \"1.0.0\",").is_empty());
    }
}
