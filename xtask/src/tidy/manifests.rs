//! What every `Cargo.toml` must say.

use super::{Finding, Text};

pub fn check(texts: &[Text]) -> Vec<Finding> {
    let manifests = texts.iter().filter(|text| text.name() == "Cargo.toml");
    manifests
        .flat_map(
            |text| if text.path == "Cargo.toml" { unexplained(text) } else { unlinted(text).into_iter().collect() },
        )
        .collect()
}

/// Every dependency of the workspace says on the line above what it is for; our own crates need no excuse.
fn unexplained(text: &Text) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut inside = false;
    let mut above = "";
    for (index, line) in text.content.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        }
        let entry = inside && line.contains('=') && !line.starts_with(['#', ' ', '[', ']']);
        if entry && !line.contains("path =") && !above.starts_with('#') {
            let name = line.split('=').next().unwrap_or_default().trim();
            let said = format!("`{name}` has no line above it that says what it is for");
            found.push(Finding { file: text.path.clone(), line: index + 1, rule: "dependency-reason", said });
        }
        above = line;
    }
    found
}

/// A crate that does not take the workspace's lints is outside the house rules.
fn unlinted(text: &Text) -> Option<Finding> {
    let linted = text.content.contains("[lints]\nworkspace = true");
    (!linted).then(|| Finding {
        file: text.path.clone(),
        line: 0,
        rule: "lints",
        said: "says `[lints] workspace = true`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_without_a_reason_is_refused() {
        let text = "[workspace.dependencies]\n# Ours.\nkernel = { path = \"k\" }\nwork = { path = \"w\" }\n\n# JSON.\nserde_json = \"1\"\nhex = \"0.4\"\n[lints]\na = 1\n";
        let found = check(&[Text::new("Cargo.toml", text)]);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].line, found[0].rule), (8, "dependency-reason"));
    }

    #[test]
    fn a_crate_takes_the_lints_of_the_workspace() {
        assert_eq!(check(&[Text::new("domain/work/Cargo.toml", "[package]\n")]).len(), 1);
        assert!(check(&[Text::new("domain/work/Cargo.toml", "[package]\n\n[lints]\nworkspace = true\n")]).is_empty());
    }
}
