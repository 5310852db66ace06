//! What may be shown of a personal value to somebody whose work does not need the whole of it.

use kernel::normalize::FieldKind;

/// The masked form: the last four of a number, the first character of a name; amounts, dates and counts are not personal.
pub fn mask(kind: FieldKind, text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    match kind {
        FieldKind::Amount | FieldKind::CapitalAmount | FieldKind::Date | FieldKind::Count | FieldKind::BankCode => {
            text.to_owned()
        }
        FieldKind::Account | FieldKind::IdNumber => {
            let shown = if characters.len() > 8 { 4 } else { characters.len() / 3 };
            let hidden = characters.len() - shown;
            format!("{}{}", "*".repeat(hidden), characters[hidden..].iter().collect::<String>())
        }
        FieldKind::Name | FieldKind::Text => match characters.split_first() {
            None => String::new(),
            Some((first, rest)) => format!("{first}{}", "*".repeat(rest.len().min(6))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_what_tells_things_apart_and_no_more() {
        let table = [
            (FieldKind::Account, "6222021234567890123", "***************0123"),
            (FieldKind::Account, "12345", "****5"),
            (FieldKind::IdNumber, "11010519491231002X", "**************002X"),
            (FieldKind::Name, "王小明", "王**"),
            (FieldKind::Name, "", ""),
            (FieldKind::Text, "兰州黄河物资贸易有限公司", "兰******"),
            (FieldKind::Amount, "1,234.50", "1,234.50"),
        ];
        for (kind, text, expected) in table {
            assert_eq!(mask(kind, text), expected);
        }
    }
}
