//! Documents that simulated people know although no simulated outlet sent them: those a visitor captures from the folders at hand.
//!
//! A simulated person has no eyes, and what a visitor captures comes without its truth.
//! The size in pixels tells which document it is: sample vouchers are drawn each in a size of its own,
//! and of the images in a folder those whose size no other image of their business type has are known.
//! Anything else stays for the people at the stations.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::client::wire::ItemDetail;
use crate::receipts::{FolderError, RealDocument, read_folder};
use crate::truth::{Source, Truth};

/// Business type, width and height.
type Look = (String, u32, u32);

/// The documents by how they look; `None` where two look alike.
#[derive(Debug, Default)]
pub struct Samples {
    by_look: HashMap<Look, Option<Truth>>,
}

impl Samples {
    /// Those of the folders that have their truth beside them and a size that can be read. A folder that is gone holds none.
    pub fn read(folders: &[PathBuf]) -> Result<Self, FolderError> {
        let mut samples = Self::default();
        for folder in folders {
            // Where it cannot be told, reading the folder says why.
            if !folder.try_exists().unwrap_or(true) {
                tracing::warn!(folder = %folder.display(), "there is no folder of samples; the people know those of no visitor");
                continue;
            }
            for document in read_folder(folder)? {
                // A file of several pages, or one that is no image, has no single size.
                if let Ok((width, height)) = image::image_dimensions(&document.path) {
                    samples.add(document, width, height);
                }
            }
        }
        Ok(samples)
    }

    fn add(&mut self, document: RealDocument, width: u32, height: u32) {
        let RealDocument { name, business_type, fields, flaws, .. } = document;
        let truth = Truth { business_type: business_type.clone(), source: Source::File { name }, fields, flaws };
        let known = (!truth.fields.is_empty()).then_some(truth);
        self.by_look.entry((business_type, width, height)).and_modify(|alike| *alike = None).or_insert(known);
    }

    /// What is written on an item of one page, if that page is one of these.
    pub fn recognize(&self, item: &ItemDetail) -> Option<&Truth> {
        let mut present = item.pages.iter().filter(|page| !page.superseded);
        let (page, another) = (present.next()?, present.next());
        let look = (item.item.business_type.code.clone(), page.width, page.height);
        if another.is_some() { None } else { self.by_look.get(&look)?.as_ref() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str, fields: &[(&str, &str)]) -> RealDocument {
        RealDocument {
            path: name.into(),
            name: name.into(),
            business_type: "R01".into(),
            page_kind: "voucher_front",
            content_type: "image/jpeg",
            fields: fields.iter().map(|(field, value)| ((*field).into(), (*value).into())).collect(),
            flaws: Vec::new(),
        }
    }

    fn item(business_type: &str, pages: &[(u32, u32, bool)]) -> ItemDetail {
        let page = |(width, height, superseded): &(u32, u32, bool)| serde_json::json!({ "page_id": "pag", "width": width, "height": height, "superseded": superseded });
        let pages: Vec<_> = pages.iter().map(page).collect();
        serde_json::from_value(serde_json::json!({
            "item_id": "itm", "item_no": "1", "business_type": { "code": business_type }, "state": "keying", "pages": pages,
        }))
        .expect("a sample")
    }

    #[test]
    fn a_sample_is_known_by_its_size_and_business_type_alone() {
        let mut samples = Samples::default();
        samples.add(document("a.jpg", &[("amount", "1.00")]), 100, 50);
        samples.add(document("b.jpg", &[("amount", "2.00")]), 101, 50);
        let amount = |item: &ItemDetail| samples.recognize(item).map(|truth| truth.fields["amount"].clone());
        assert_eq!(amount(&item("R01", &[(101, 50, false)])), Some("2.00".into()));
        assert_eq!(amount(&item("R01", &[(102, 50, true), (100, 50, false)])), Some("1.00".into()), "only what counts");
        assert_eq!(amount(&item("C02", &[(100, 50, false)])), None);
        assert_eq!(amount(&item("R01", &[(102, 50, false)])), None);
        assert_eq!(amount(&item("R01", &[(100, 50, false), (100, 50, false)])), None, "two pages");
        assert_eq!(amount(&item("R01", &[])), None);
    }

    #[test]
    fn two_that_look_alike_are_not_guessed_and_one_without_truth_is_not_known() {
        let mut samples = Samples::default();
        for name in ["a.jpg", "b.jpg"] {
            samples.add(document(name, &[("amount", "1.00")]), 100, 50);
        }
        samples.add(document("c.jpg", &[]), 200, 50);
        assert_eq!(samples.recognize(&item("R01", &[(100, 50, false)])), None);
        assert_eq!(samples.recognize(&item("R01", &[(200, 50, false)])), None);
    }

    #[test]
    fn a_folder_that_is_gone_is_empty() {
        let gone = std::env::temp_dir().join(format!("shuniu-no-samples-{}", std::process::id()));
        let samples = Samples::read(&[gone]).expect("a sample");
        assert_eq!(samples.recognize(&item("R01", &[(100, 50, false)])), None);
    }
}
