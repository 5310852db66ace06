//! Where things are in this checkout.

use std::path::{Path, PathBuf};

/// The checkout that `xtask` was built from, and the folder where cargo builds.
#[derive(Clone)]
pub struct Tree {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Tree {
    pub fn here() -> Self {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest.parent().unwrap_or(manifest).to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |set| root.join(set));
        Self { root, target }
    }

    pub fn console(&self) -> PathBuf {
        self.root.join("console")
    }

    /// Where the log of a step or of a started program goes.
    pub fn log(&self, name: &str) -> PathBuf {
        self.target.join("xtask/logs").join(format!("{name}.log"))
    }

    /// Scratch space that outlives a run, such as the peers of a benchmark.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }

    /// A binary of the workspace, built in the dev profile.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }
}

/// Whether a machine runs us: nothing may be asked, and what is missing is a failure.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// The cargo that runs us, or the one on the search path.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// A checkout of nothing for a test, removed when the test ends.
#[cfg(test)]
pub struct Scratch(pub Tree);

#[cfg(test)]
impl Scratch {
    pub fn new(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("shuniu-xtask-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&root).expect("the scratch folder can be made");
        Self(Tree { target: root.join("target"), root })
    }
}

#[cfg(test)]
impl Drop for Scratch {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0.root).expect("the scratch folder can be removed");
    }
}
