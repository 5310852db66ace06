//! A Chromium and fonts with Chinese characters, for the browser tests.

use crate::apt;
use crate::interrupts::Interrupts;
use crate::problem::{Explain, Problem, Result};
use crate::process;
use crate::progress::Progress;
use crate::tree::Tree;
use std::path::PathBuf;
use std::process::Command;

const NAMES: [&str; 5] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
/// Names a browser that is not on the search path.
pub const VARIABLE: &str = "SHUNIU_CHROMIUM";

/// The browser to test with; installs it and the fonts where we may.
///
/// # Errors
/// Something is missing and cannot be installed: the problem says how to.
pub fn ready(tree: &Tree, progress: &Progress, interrupts: &Interrupts) -> Result<PathBuf> {
    let browser = found()?;
    let fonts = has_chinese_fonts();
    if let (Some(browser), true) = (&browser, fonts) {
        return Ok(browser.clone());
    }
    let mut packages = Vec::new();
    if browser.is_none() {
        packages.push("chromium");
    }
    if !fonts {
        packages.extend(["fontconfig", "fonts-noto-cjk"]);
    }
    apt::install(&packages, tree, progress, interrupts)
        .explain(|| format!("the browser tests lack {}", packages.join(", ")))?;
    found()?.ok_or_else(|| Problem::new("chromium was installed and is still not on the search path"))
}

fn found() -> Result<Option<PathBuf>> {
    let Some(named) = std::env::var_os(VARIABLE) else {
        return Ok(NAMES.iter().find_map(|name| process::find(name)));
    };
    let named = PathBuf::from(named);
    if named.is_file() {
        return Ok(Some(named));
    }
    Err(Problem::new(format!("{VARIABLE} names {}, which is not a file", named.display())))
}

/// Without them every Chinese character is a box of the same width, and a layout test proves nothing.
fn has_chinese_fonts() -> bool {
    process::output(Command::new("fc-list").args([":lang=zh", "family"])).is_ok_and(|said| !said.trim().is_empty())
}
