//! A document that points at a file points at one that is there.

use super::{Finding, Text};
use crate::tree::Tree;

pub fn check(texts: &[Text], tree: &Tree) -> Vec<Finding> {
    let documents = texts.iter().filter(|text| text.path.ends_with(".md"));
    documents.flat_map(|text| broken(text, &|path| tree.root.join(path.trim_start_matches('/')).exists())).collect()
}

fn broken(text: &Text, exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let folder = text.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut found = Vec::new();
    let mut quoted = false;
    for (index, line) in text.content.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            quoted = !quoted;
        }
        if quoted {
            continue;
        }
        for target in targets(line).filter(|target| !exists(&format!("{folder}/{target}"))) {
            let said = format!("`{target}` is not there");
            found.push(Finding { file: text.path.clone(), line: index + 1, rule: "link", said });
        }
    }
    found
}

/// The files that a line links to; addresses and places within the same page are not files.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|after| {
        let target = after.split([')', ' ']).next()?.split('#').next()?;
        (!target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")).then_some(target)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_missing_file_is_refused() {
        let cases: &[(&str, &[&str])] = &[
            ("see [style](STYLE.md) and [there](STYLE.md#names)", &[]),
            ("see [adding](adding.md)", &["`adding.md` is not there"]),
            ("see [this](#below) and [that](https://example.com/x.md)", &[]),
            ("```\n[quoted](nothing.md)\n```", &[]),
        ];
        for (line, expected) in cases {
            let said: Vec<String> = broken(&Text::new("README.md", line), &|path| path == "/STYLE.md")
                .into_iter()
                .map(|finding| finding.said)
                .collect();
            assert_eq!(said, *expected, "{line}");
        }
        assert!(broken(&Text::new("docs/a.md", "[b](../README.md)"), &|path| path == "docs/../README.md").is_empty());
    }
}
