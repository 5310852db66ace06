//! Folders of real images, with or without the truth beside them.
//!
//! `NAME.jpg` (or png, tif, pdf) may have `NAME.key.json`: an object of field → text, as printed on the paper.
//! Dates and amounts are turned into the form that clerks key; a date that cannot be read as one date is left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kernel::calendar::BusinessDate;

use crate::definitions::{RECEIPT, RECEIPT_PAGE};
use crate::documents::{Flaw, PAGE_KIND, form};

/// One file to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealDocument {
    pub path: PathBuf,
    pub name: String,
    pub business_type: String,
    pub page_kind: &'static str,
    pub content_type: &'static str,
    /// Empty when there is no truth: then simulated people leave it alone.
    pub fields: BTreeMap<String, String>,
    pub flaws: Vec<Flaw>,
}

/// Why a folder could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{path} is not an object of texts: {source}")]
    Key { path: String, source: serde_json::Error },
}

/// The images of a folder in the order of their names; other files are passed over.
pub fn read_folder(folder: &Path) -> Result<Vec<RealDocument>, FolderError> {
    let at = |path: &Path, source| FolderError::File { path: path.display().to_string(), source };
    let mut documents = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|source| at(folder, source))? {
        let path = entry.map_err(|source| at(folder, source))?.path();
        let Some(content_type) = content_type(&path) else { continue };
        let key = path.with_extension("key.json");
        let object = match std::fs::read(&key) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map_err(|source| FolderError::Key { path: key.display().to_string(), source })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => serde_json::Map::new(),
            Err(source) => return Err(at(&key, source)),
        };
        documents.push(document(path, content_type, &object));
    }
    documents.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(documents)
}

fn document(
    path: PathBuf,
    content_type: &'static str,
    object: &serde_json::Map<String, serde_json::Value>,
) -> RealDocument {
    let business_type = object.get("_business_type").and_then(|code| code.as_str()).unwrap_or(RECEIPT).to_owned();
    // An unknown flaw is not this program's to judge; the people then see a good document.
    let flaws = object.get("_flaws").and_then(|list| serde_json::from_value(list.clone()).ok()).unwrap_or_default();
    let fields = object
        .iter()
        .filter(|(field, _)| !field.starts_with('_'))
        .filter_map(|(field, value)| Some((field.clone(), keyed(field, value.as_str()?)?)))
        .collect();
    RealDocument {
        name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        page_kind: if form(&business_type).is_some() { PAGE_KIND } else { RECEIPT_PAGE },
        path,
        business_type,
        content_type,
        fields,
        flaws,
    }
}

fn content_type(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "tif" | "tiff" => Some("image/tiff"),
        "pdf" => Some("application/pdf"),
        _ => None,
    }
}

/// A printed text as a clerk keys it; `None` when there is nothing to key.
fn keyed(field: &str, printed: &str) -> Option<String> {
    let text = printed.trim();
    match field {
        _ if text.is_empty() => None,
        "date" => printed_date(text).map(|date| date.to_string()),
        "total" => Some(text.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect()),
        _ => Some(text.to_owned()),
    }
}

/// Reads the ways in which receipts print a date, a time after it or not; where figures alone leave it open, the day stands first.
fn printed_date(text: &str) -> Option<BusinessDate> {
    let upper = text.to_ascii_uppercase();
    let parts: Vec<&str> = upper.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    if let Some(date) = parts.first().and_then(|part| digits_in_a_row(part)) {
        return Some(date);
    }
    let (first, middle, last) = match parts[..] {
        [first, middle, last, ..] => (first, middle, last),
        _ => return None,
    };
    match (named_month(first), named_month(middle)) {
        (Some(month), _) => dated(last, month, middle),
        (None, Some(month)) if first.len() == 4 => dated(first, month, last),
        (None, Some(month)) => dated(last, month, first),
        (None, None) if first.len() == 4 => dated(first, middle.parse().ok()?, last),
        (None, None) => dated(last, middle.parse().ok()?, first).or_else(|| dated(last, first.parse().ok()?, middle)),
    }
}

fn dated(year: &str, month: i8, day: &str) -> Option<BusinessDate> {
    let year: i16 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    BusinessDate::new(year, month, day.parse().ok()?).ok()
}

fn named_month(part: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    MONTHS.iter().position(|name| part.starts_with(name)).and_then(|place| i8::try_from(place + 1).ok())
}

/// `20180325`, or `25032018`.
fn digits_in_a_row(part: &str) -> Option<BusinessDate> {
    if part.len() != 8 || !part.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let year_first = dated(&part[..4], part[4..6].parse().ok()?, &part[6..]);
    year_first.or_else(|| dated(&part[4..], part[2..4].parse().ok()?, &part[..2]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_receipts_print_them() {
        let read = [
            ("25/12/2018", "2018-12-25"),
            ("18-11-18", "2018-11-18"),
            ("05 MAR 2018", "2018-03-05"),
            ("30 DEC 17", "2017-12-30"),
            ("24-MAR-2018", "2018-03-24"),
            ("2018-03-23", "2018-03-23"),
            ("5/3/2018", "2018-03-05"),
            ("25/12/2018 8:13:39 PM", "2018-12-25"),
            ("(14.02.18)", "2018-02-14"),
            ("MARCH 3, 2018", "2018-03-03"),
            ("12/25/2018", "2018-12-25"),
            ("20180325", "2018-03-25"),
            ("25032018", "2018-03-25"),
        ];
        for (printed, date) in read {
            assert_eq!(keyed("date", printed).as_deref(), Some(date), "{printed}");
        }
        assert_eq!(keyed("date", "31/31/2018"), None);
        assert_eq!(keyed("date", "yesterday"), None);
    }

    #[test]
    fn totals_lose_their_currency_and_separators() {
        assert_eq!(keyed("total", "RM4.00").as_deref(), Some("4.00"));
        assert_eq!(keyed("total", "$1,234.50").as_deref(), Some("1234.50"));
    }

    #[test]
    fn images_without_truth_are_listed_and_other_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in
            [("b.jpg", ""), ("a.png", ""), ("a.key.json", r#"{"total":"RM 2.10","address":""}"#), ("n.txt", "")]
        {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let documents = read_folder(folder.path()).unwrap();
        let names: Vec<&str> = documents.iter().map(|document| document.name.as_str()).collect();
        assert_eq!(names, ["a.png", "b.jpg"]);
        assert_eq!(documents[0].fields, [("total".to_owned(), "2.10".to_owned())].into());
        assert!(documents[1].fields.is_empty());
    }

    #[test]
    fn the_public_receipts_have_a_date_and_a_total_each() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/images/receipts");
        if !folder.exists() {
            eprintln!("skipped: there are no public receipts beside this checkout");
            return;
        }
        for document in read_folder(&folder).unwrap() {
            assert!(document.fields.contains_key("date") && document.fields.contains_key("total"), "{}", document.name);
        }
    }
}
