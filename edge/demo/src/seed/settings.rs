//! The few lines of the server's configuration that the loader needs.

use super::SeedError;
use std::path::{Path, PathBuf};

/// Where the product keeps what the loader fills.
#[derive(Debug, Clone)]
pub struct Settings {
    pub database: String,
    pub master_key_file: PathBuf,
}

#[derive(serde::Deserialize)]
struct Document {
    database: DatabaseTable,
    keys: KeysTable,
    demo: Option<DemoTable>,
}

#[derive(serde::Deserialize)]
struct DatabaseTable {
    url: String,
}

#[derive(serde::Deserialize)]
struct KeysTable {
    master_key_file: PathBuf,
}

#[derive(serde::Deserialize)]
struct DemoTable {
    enabled: bool,
}

impl Settings {
    /// Reads the server's configuration; refuses one that is not a demonstration's, because the passwords loaded are public.
    pub fn read(path: &Path) -> Result<Self, SeedError> {
        let refused = |what: String| SeedError::Settings { path: path.display().to_string(), what };
        let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        let document: Document = toml::from_str(&text).map_err(|error| refused(error.message().to_owned()))?;
        if !document.demo.is_some_and(|demo| demo.enabled) {
            return Err(refused(
                "`[demo] enabled = true` is missing; a province with known passwords is loaded nowhere else".into(),
            ));
        }
        Ok(Self { database: document.database.url, master_key_file: document.keys.master_key_file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Settings, SeedError> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shuniu.toml");
        std::fs::write(&path, text).expect("written");
        Settings::read(&path)
    }

    #[test]
    fn a_configuration_without_the_demonstration_s_flag_is_refused() {
        let tables = "[database]\nurl = \"sqlite://x.db\"\n[keys]\nmaster_key_file = \"k\"\n";
        assert!(read(tables).is_err());
        assert!(read(&format!("{tables}[demo]\nenabled = false\n")).is_err());
        assert!(read(&format!("{tables}[demo]\nenabled = true\n")).is_ok());
        assert!(read("not toml").is_err());
    }
}
