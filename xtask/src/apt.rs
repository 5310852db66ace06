//! Debian packages: installed where we may, else named in a command that does it.

use crate::interrupts::Interrupts;
use crate::problem::{Problem, Result};
use crate::process;
use crate::progress::Progress;
use crate::tree::Tree;
use std::process::Command;

/// Installs `packages` when we are root on a system with apt.
///
/// # Errors
/// We may not: the problem then is the exact command; or apt itself fails.
pub fn install(packages: &[&str], tree: &Tree, progress: &Progress, interrupts: &Interrupts) -> Result<()> {
    if process::find("apt-get").is_none() || !process::is_root() {
        return Err(Problem::new(how(packages)));
    }
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt(&["update"]), &tree.log("apt-update"), progress, interrupts)?;
    let mut words = vec!["install", "-y", "--no-install-recommends"];
    words.extend_from_slice(packages);
    process::run(apt(&words), &tree.log("apt-install"), progress, interrupts)
}

/// The command that installs `packages`, for a person to type.
pub fn how(packages: &[&str]) -> String {
    let list = packages.join(" ");
    let apt = process::find("apt-get").is_some();
    let sudo = if process::is_root() { "" } else { "sudo " };
    if apt {
        format!("install it with: {sudo}apt-get update && {sudo}apt-get install -y {list}")
    } else {
        format!("install what Debian calls: {list}")
    }
}
