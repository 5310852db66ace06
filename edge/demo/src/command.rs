//! What the commands of `shuniu-demo` do that is neither drawing nor simulating: writing files, reading folders.

use std::io::Write;
use std::path::Path;

use kernel::calendar::BusinessDate;

use crate::documents::forms::FORMS;
use crate::documents::{Condition, Document, Order, draw_business_type, make};
use crate::province::Province;
use crate::random::Random;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("an image could not be packed: {0}")]
    Image(#[from] image::ImageError),
    #[error("the calendar: {0}")]
    Calendar(#[from] kernel::calendar::CalendarError),
    #[error("the output could not be written: {0}")]
    Output(#[from] std::io::Error),
    #[error("the output could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

/// What `documents` is asked for.
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    pub folder: &'a Path,
    pub count: u64,
    pub seed: u64,
    pub today: BusinessDate,
    /// Also write each page as PNG, for looking at without the losses of JPEG.
    pub png: bool,
    /// Each kind in turn, without flaws, and each in a size of its own.
    pub samples: bool,
}

/// Writes `R01-000007.jpg` and, beside it, `R01-000007.key.json` with the fields and flaws; gives the file names' stems.
pub fn write_documents(batch: &Batch) -> Result<Vec<String>, CommandError> {
    let at = |path: &Path, source| CommandError::File { path: path.display().to_string(), source };
    std::fs::create_dir_all(batch.folder).map_err(|source| at(batch.folder, source))?;
    let province = Province::generate(batch.seed, batch.today)?;
    let mut random = Random::stream(batch.seed, "documents");
    let mut stems = Vec::new();
    for number in 0..batch.count {
        let drawn = draw_business_type(&mut random);
        let (business_type, condition) = match batch.samples {
            true => (FORMS[usize::try_from(number).unwrap_or(0) % FORMS.len()].business_type, Condition::Corrected),
            false => (drawn, Condition::AsFound),
        };
        let order = Order { business_type, seed: random.bits(), today: batch.today, condition };
        let Some(mut document) = make(&order, &province.accounts) else { continue };
        if batch.samples {
            document.widen(u32::try_from(number).unwrap_or(0));
        }
        let stem = format!("{}-{number:06}", document.business_type);
        let write = |ending: &str, bytes: &[u8]| {
            let path = batch.folder.join(format!("{stem}.{ending}"));
            std::fs::write(&path, bytes).map_err(|source| at(&path, source))
        };
        write("jpg", &document.to_jpeg()?)?;
        write("key.json", &key_file(&document)?)?;
        if batch.png {
            let path = batch.folder.join(format!("{stem}.png"));
            document.page.save(&path)?;
        }
        stems.push(stem);
    }
    Ok(stems)
}

/// The truth beside an image: its fields at the top level, as the receipts' files have them, and its flaws.
fn key_file(document: &Document) -> Result<Vec<u8>, CommandError> {
    let mut object = serde_json::Map::new();
    for (field, value) in &document.fields {
        object.insert(field.clone(), value.clone().into());
    }
    object.insert("_business_type".into(), document.business_type.into());
    object.insert("_flaws".into(), serde_json::to_value(&document.flaws)?);
    Ok(serde_json::to_vec_pretty(&object)?)
}

/// Prints the province: all of it as JSON, or its counts and sign-ins in words.
pub fn print_province(province: &Province, json: bool, out: &mut impl Write) -> Result<(), CommandError> {
    if json {
        serde_json::to_writer_pretty(&mut *out, province)?;
        writeln!(out)?;
        return Ok(());
    }
    let Province { seed, institutions, posts, vendors, people, appointments, relatives, accounts, calendars } =
        province;
    writeln!(
        out,
        "seed {seed}: {} institutions, {} people, {} appointments",
        institutions.len(),
        people.len(),
        appointments.len()
    )?;
    writeln!(
        out,
        "{} posts, {} vendors, {} declared relations, {} calendars",
        posts.len(),
        vendors.len(),
        relatives.len(),
        calendars.len()
    )?;
    writeln!(out, "{} company and {} personal accounts", accounts.companies.len(), accounts.people.len())?;
    for post in posts {
        let numbers: Vec<&str> =
            province.signing_in(post, true).iter().map(|person| person.employee_no.as_str()).collect();
        if !numbers.is_empty() {
            writeln!(out, "{post}: {}", numbers.join(" "))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipts::read_folder;
    use crate::samples::Samples;

    #[test]
    fn samples_have_no_flaws_and_each_is_known_by_its_size() {
        let folder = std::env::temp_dir().join(format!("shuniu-samples-{}", std::process::id()));
        let today = BusinessDate::new(2026, 11, 23).expect("a date");
        let written = write_documents(&Batch { folder: &folder, count: 6, seed: 3, today, png: false, samples: true })
            .expect("written");
        assert_eq!(written.len(), 6);
        let samples = Samples::read(std::slice::from_ref(&folder)).expect("reads");
        for document in read_folder(&folder).expect("reads") {
            assert!(document.flaws.is_empty(), "{}", document.name);
            let (width, height) = image::image_dimensions(&document.path).expect("an image");
            let item = serde_json::json!({
                "item_id": "itm", "item_no": "1", "business_type": { "code": document.business_type }, "state": "keying",
                "pages": [{ "page_id": "pag", "width": width, "height": height }],
            });
            let known = samples.recognize(&serde_json::from_value(item).expect("an item"));
            assert_eq!(known.map(|truth| &truth.fields), Some(&document.fields), "{}", document.name);
        }
        std::fs::remove_dir_all(&folder).expect("removed");
    }
}
