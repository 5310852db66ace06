//! The business types that the demonstration loads, as definition files.
//!
//! They are texts here; the product reads and judges them.
//! Where a form is drawn by this crate, a test holds its slices to the places of the form.

/// A definition file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefinitionFile {
    /// The business type's code, also the file's name.
    pub code: &'static str,
    pub toml: &'static str,
}

/// Every definition, in the order of the codes.
pub const DEFINITIONS: [DefinitionFile; 4] = [
    DefinitionFile { code: "C02", toml: include_str!("../definitions/C02.toml") },
    DefinitionFile { code: "P01", toml: include_str!("../definitions/P01.toml") },
    DefinitionFile { code: "R01", toml: include_str!("../definitions/R01.toml") },
    DefinitionFile { code: RECEIPT, toml: include_str!("../definitions/RB1.toml") },
];

/// The business type that real scanned documents are sent as.
pub const RECEIPT: &str = "RB1";

/// The kind of its page.
pub const RECEIPT_PAGE: &str = "receipt";

#[cfg(test)]
mod tests {
    use super::{DEFINITIONS, RECEIPT};
    use crate::documents::form;
    use crate::province::INTERNAL_ACCOUNTS;
    use std::collections::BTreeSet;
    use toml::{Table, Value};

    fn tables() -> Vec<(&'static str, Table)> {
        DEFINITIONS.iter().map(|file| (file.code, file.toml.parse().unwrap())).collect()
    }

    fn list<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
        table[key].as_array().unwrap().iter().map(|entry| entry.as_table().unwrap()).collect()
    }

    fn rect(field: &Table) -> Vec<u32> {
        field["rect"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| u32::try_from(part.as_integer().unwrap()).unwrap())
            .collect()
    }

    #[test]
    fn slices_are_the_places_of_the_form() {
        for (code, table) in tables() {
            let Some(form) = form(code) else { continue };
            let fields = list(&table, "fields");
            let drawn: BTreeSet<&str> = form.places.iter().map(|place| place.field).collect();
            let defined: BTreeSet<&str> = fields.iter().map(|field| field["code"].as_str().unwrap()).collect();
            assert_eq!(defined, drawn, "{code}");
            for field in fields {
                let name = field["code"].as_str().unwrap();
                assert_eq!(
                    Some(rect(field).as_slice()),
                    form.slice(name).as_ref().map(<[u32; 4]>::as_slice),
                    "{code} {name}"
                );
            }
        }
    }

    #[test]
    fn the_product_takes_every_definition() {
        for file in DEFINITIONS {
            match processing::definition::parse(file.toml) {
                Ok(definition) => assert_eq!(definition.code, file.code),
                Err(error) => panic!("{}: {error}", file.code),
            }
        }
    }

    #[test]
    fn every_slice_lies_on_its_page() {
        for (code, table) in tables() {
            for field in list(&table, "fields") {
                let [x, y, w, h] = rect(field)[..] else { panic!("{code}: a rectangle has four numbers") };
                assert!(w > 0 && h > 0 && x + w <= 10_000 && y + h <= 10_000, "{code} {}", field["code"]);
            }
        }
    }

    #[test]
    fn checks_limits_and_postings_name_fields_that_exist() {
        for (code, table) in tables() {
            let fields: BTreeSet<&str> =
                list(&table, "fields").iter().map(|field| field["code"].as_str().unwrap()).collect();
            for check in list(&table, "checks") {
                for name in check["fields"].as_array().unwrap() {
                    assert!(fields.contains(name.as_str().unwrap()), "{code} {name}");
                }
            }
            assert!(fields.contains(table["authorize"]["amount_field"].as_str().unwrap()));
            let posting = &table["posting"];
            assert!(fields.contains(posting["amount_field"].as_str().unwrap()));
            for side in [&posting["debit"], &posting["credit"]] {
                match (side.get("field").and_then(Value::as_str), side.get("account").and_then(Value::as_str)) {
                    (Some(field), None) => assert!(fields.contains(field), "{code} {field}"),
                    (None, Some(number)) => {
                        let account = INTERNAL_ACCOUNTS.iter().find(|account| account.number == number).unwrap();
                        assert_eq!(Some(account.currency), table["currency"].as_str());
                    }
                    other => panic!("{code}: a side is a field or an account, not {other:?}"),
                }
            }
        }
    }

    #[test]
    fn vendors_staff_see_neither_accounts_nor_codes_nor_whole_pages() {
        for (code, table) in tables() {
            for field in list(&table, "fields") {
                if field["outsourced"].as_bool().unwrap() {
                    assert_ne!(field["kind"].as_str(), Some("account"), "{code}");
                    assert_ne!(field["sensitivity"].as_str(), Some("C3"), "{code}");
                    assert_ne!(rect(field), [0, 0, 10_000, 10_000], "{code}");
                }
                if field["sensitivity"].as_str() == Some("C3") {
                    assert_eq!(field["key_mode"].as_str(), Some("none"), "{code}");
                }
            }
        }
        assert!(tables().iter().any(|(code, _)| *code == RECEIPT));
    }
}
