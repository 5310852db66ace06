//! The texts of the checkout: what is committed, and what would be if one committed now.

use super::source::Source;
use crate::problem::{Explain as _, Result};
use crate::process;
use crate::tree::Tree;
use std::path::Path;
use std::process::Command;

/// A text file of the checkout.
pub struct Text {
    /// Relative to the root, with `/`.
    pub path: String,
    pub content: String,
    /// The code without its comments and strings, for Rust files.
    pub source: Option<Source>,
}

pub type Texts = Vec<Text>;

impl Text {
    pub fn new(path: &str, content: &str) -> Self {
        let source = path.ends_with(".rs").then(|| Source::read(path, content));
        Self { path: path.to_owned(), content: content.to_owned(), source }
    }

    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Reads every text file that git knows or would add; without git (an unpacked archive) every file outside build folders.
pub fn read(tree: &Tree) -> Result<Texts> {
    let mut git = Command::new("git");
    git.arg("-C").arg(&tree.root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let mut paths = match process::output(&mut git) {
        Ok(list) => list.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect(),
        Err(_) => walk(&tree.root, "")?,
    };
    paths.sort();
    paths.dedup();
    let mut texts = Vec::new();
    for path in paths {
        let file = tree.root.join(&path);
        // A file that was deleted and is still in git's index is not there to be judged.
        if !file.is_file() {
            continue;
        }
        let raw = std::fs::read(&file).explain(|| format!("{path} cannot be read"))?;
        if let Ok(content) = String::from_utf8(raw) {
            texts.push(Text::new(&path, &content));
        }
    }
    Ok(texts)
}

const BUILT: [&str; 5] = ["target", "node_modules", "data", "dist", ".git"];

fn walk(root: &Path, below: &str) -> Result<Vec<String>> {
    let folder = root.join(below);
    let entries = std::fs::read_dir(&folder).explain(|| format!("{} cannot be read", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let entry = entry.explain(|| format!("{} cannot be read", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type().explain(|| format!("{path} cannot be read"))?;
        if kind.is_file() {
            paths.push(path);
        } else if kind.is_dir() && !BUILT.contains(&name.as_str()) {
            paths.extend(walk(root, &path)?);
        }
    }
    Ok(paths)
}
