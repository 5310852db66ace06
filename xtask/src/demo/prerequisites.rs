//! What must be on the machine before anything is built, and how to get what is not.

use crate::problem::{Problem, Result};
use crate::process;
use std::process::Command;

/// The oldest Node.js that builds the console.
const NODE_MIN: (u32, u32) = (20, 19);

/// Names everything that is missing at once, each with the command that installs it here.
pub fn check() -> Result<()> {
    let system = System::of_this_machine();
    let missing: Vec<String> = [node(system), npm(system), compiler(system)].into_iter().flatten().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join("\n");
    // Root needs no sudo, and a small container has none.
    let list = if process::is_root() { list.replace("sudo ", "") } else { list };
    Err(Problem::new(format!("before the demonstration can be built, this machine needs:\n{list}")))
}

fn node(system: System) -> Option<String> {
    let said = process::output(Command::new("node").arg("--version")).ok();
    let (major, minor) = NODE_MIN;
    let needed = format!("Node.js {major}.{minor} or later");
    match said.as_deref().map(|said| (said.trim(), version(said))) {
        Some((_, Some(found))) if found >= NODE_MIN => None,
        Some((said, _)) => Some(format!("  {needed} (found {said}): {}", system.node())),
        None => Some(format!("  {needed}: {}", system.node())),
    }
}

fn npm(system: System) -> Option<String> {
    let with_node = process::find("node").is_some() && process::find("npm").is_none();
    with_node.then(|| format!("  npm, which comes with Node.js: {}", system.npm()))
}

fn compiler(system: System) -> Option<String> {
    let found = ["cc", "gcc", "clang"].iter().any(|name| process::find(name).is_some());
    (!found).then(|| format!("  a C compiler (SQLite is built from source): {}", system.compiler()))
}

/// `v20.20.2` as (20, 20).
fn version(said: &str) -> Option<(u32, u32)> {
    let mut parts = said.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// What installs packages here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum System {
    Apt,
    Dnf,
    Apk,
    Brew,
    Other,
}

impl System {
    fn of_this_machine() -> Self {
        let managers = [("apt-get", Self::Apt), ("dnf", Self::Dnf), ("apk", Self::Apk), ("brew", Self::Brew)];
        managers
            .into_iter()
            .find(|(program, _)| process::find(program).is_some())
            .map_or(Self::Other, |(_, system)| system)
    }

    fn node(self) -> &'static str {
        match self {
            Self::Apt => {
                "sudo apt-get install -y nodejs npm   (Debian 13, Ubuntu 25.10 or later; on older ones take it from nodejs.org)"
            }
            Self::Dnf => "sudo dnf install -y nodejs npm",
            Self::Apk => "apk add nodejs npm",
            Self::Brew => "brew install node",
            Self::Other => "take it from nodejs.org",
        }
    }

    fn npm(self) -> &'static str {
        match self {
            Self::Apt => "sudo apt-get install -y npm",
            Self::Dnf => "sudo dnf install -y npm",
            Self::Apk => "apk add npm",
            Self::Brew | Self::Other => self.node(),
        }
    }

    fn compiler(self) -> &'static str {
        match self {
            Self::Apt => "sudo apt-get install -y build-essential",
            Self::Dnf => "sudo dnf install -y gcc",
            Self::Apk => "apk add build-base",
            Self::Brew => "xcode-select --install",
            Self::Other => "install gcc or clang",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_node_is_compared_as_numbers() {
        let cases = [
            ("v20.20.2\n", true),
            ("v20.19.0", true),
            ("v100.0.0", true),
            ("v20.9.0", false),
            ("v18.99.0", false),
            ("node", false),
        ];
        for (said, enough) in cases {
            assert_eq!(version(said).is_some_and(|found| found >= NODE_MIN), enough, "{said}");
        }
    }
}
