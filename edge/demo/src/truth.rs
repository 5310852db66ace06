//! What is really written on the documents that simulated outlets send: one file per item, in a folder beside the product.
//!
//! Simulated people read it in place of eyes.
//! It never passes through the product, so that nothing there can lean on it.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::documents::Flaw;

/// Why a truth file could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    #[error("an item number is letters, digits and hyphens")]
    ItemNumber,
    #[error("the truth folder: {0}")]
    File(#[from] io::Error),
    #[error("a truth file is not readable: {0}")]
    Shape(#[from] serde_json::Error),
}

/// Where a document came from, so that it can be made again after a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Source {
    /// Drawn from a seed for a day (ISO).
    Drawn { seed: u64, date: String },
    /// A file of the documents folder, by name.
    File { name: String },
}

/// One item's document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Truth {
    pub business_type: String,
    pub source: Source,
    /// Field → value as a perfect clerk keys it; empty for a document that is left to real people.
    pub fields: BTreeMap<String, String>,
    #[serde(default)]
    pub flaws: Vec<Flaw>,
}

/// The folder.
#[derive(Debug, Clone)]
pub struct TruthStore {
    folder: PathBuf,
}

impl TruthStore {
    /// Creates the folder when it is missing.
    pub fn open(folder: &Path) -> Result<Self, TruthError> {
        std::fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Written whole or not at all: readers may look at any moment.
    pub fn write(&self, item_no: &str, truth: &Truth) -> Result<(), TruthError> {
        let path = self.path(item_no)?;
        let half = path.with_extension("part");
        std::fs::write(&half, serde_json::to_vec_pretty(truth)?)?;
        std::fs::rename(&half, &path)?;
        Ok(())
    }

    /// `None` for an item that no simulated outlet sent.
    pub fn read(&self, item_no: &str) -> Result<Option<Truth>, TruthError> {
        match std::fs::read(self.path(item_no)?) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Names of the real files that earlier runs have sent.
    pub fn files_sent(&self) -> Result<Vec<String>, TruthError> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "json") {
                let truth: Truth = serde_json::from_slice(&std::fs::read(&path)?)?;
                if let Source::File { name } = truth.source {
                    names.push(name);
                }
            }
        }
        Ok(names)
    }

    /// How many items have a truth file.
    pub fn count(&self) -> Result<u64, TruthError> {
        let mut count = 0;
        for entry in std::fs::read_dir(&self.folder)? {
            count += u64::from(entry?.path().extension().is_some_and(|ending| ending == "json"));
        }
        Ok(count)
    }

    fn path(&self, item_no: &str) -> Result<PathBuf, TruthError> {
        // An item number comes from the network and must not name a place elsewhere.
        let plain = !item_no.is_empty() && item_no.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if plain { Ok(self.folder.join(format!("{item_no}.json"))) } else { Err(TruthError::ItemNumber) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth() -> Truth {
        Truth {
            business_type: "RB1".into(),
            source: Source::File { name: "000.jpg".into() },
            fields: [("total".to_owned(), "9.00".to_owned())].into(),
            flaws: vec![Flaw::Blurred],
        }
    }

    #[test]
    fn what_was_written_is_read_and_can_be_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let store = TruthStore::open(folder.path()).unwrap();
        store.write("620101-20261123-0001", &truth()).unwrap();
        assert_eq!(store.read("620101-20261123-0001").unwrap(), Some(truth()));
        let corrected = Truth { flaws: Vec::new(), ..truth() };
        store.write("620101-20261123-0001", &corrected).unwrap();
        assert_eq!(store.read("620101-20261123-0001").unwrap(), Some(corrected));
        assert_eq!(store.files_sent().unwrap(), ["000.jpg"]);
        assert_eq!(store.count().unwrap(), 1);
    }

    #[test]
    fn an_item_of_somebody_else_has_no_truth() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(TruthStore::open(folder.path()).unwrap().read("1").unwrap(), None);
    }

    #[test]
    fn an_item_number_cannot_name_another_place() {
        let folder = tempfile::tempdir().unwrap();
        let store = TruthStore::open(folder.path()).unwrap();
        for item_no in ["../x", "a/b", "", "a.b"] {
            assert!(matches!(store.write(item_no, &truth()), Err(TruthError::ItemNumber)), "{item_no}");
        }
    }
}
