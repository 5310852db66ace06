//! Shape of what comes in, before any book is opened.

use super::{BooksError, Result};

/// Longest summary, reference or reason, in characters.
const TEXT_CHARACTERS_MAX: usize = 200;
const KEY_CHARACTERS_MAX: usize = 80;
const ACCOUNT_CHARACTERS_MAX: usize = 32;

fn invalid<T>(text: impl Into<String>) -> Result<T> {
    Err(BooksError::Invalid(text.into()))
}

/// A key travels in addresses, so it is made of characters that need no escape there.
pub fn key(text: &str) -> Result<()> {
    let good = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || text.len() > KEY_CHARACTERS_MAX || !text.chars().all(good) {
        return invalid("a key has 1 to 80 characters of A-Z a-z 0-9 - _ . : and begins with a letter or digit");
    }
    Ok(())
}

pub fn account(text: &str) -> Result<()> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if text.is_empty() || text.len() > ACCOUNT_CHARACTERS_MAX || !text.chars().all(good) {
        return invalid("an account number has 1 to 32 characters of A-Z a-z 0-9 -");
    }
    Ok(())
}

pub fn currency(text: &str) -> Result<()> {
    if text.len() != 3 || !text.chars().all(|c| c.is_ascii_uppercase()) {
        return invalid("a currency is an ISO 4217 code of three capital letters");
    }
    Ok(())
}

pub fn free_text(name: &str, text: &str) -> Result<()> {
    if text.chars().count() > TEXT_CHARACTERS_MAX {
        return invalid(format!("{name} has at most {TEXT_CHARACTERS_MAX} characters"));
    }
    Ok(())
}

/// ISO dates compare as text only when each one exists and is written the same way.
pub fn date(text: &str) -> Result<()> {
    let part = |range: std::ops::Range<usize>| -> Option<u32> {
        let digits = text.get(range)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let shaped = text.len() == 10 && text.get(4..5) == Some("-") && text.get(7..8) == Some("-");
    let known = match (part(0..4), part(5..7), part(8..10)) {
        (Some(year), Some(month), Some(day)) => (1..=days_in(year, month)).contains(&day),
        _ => false,
    };
    if shaped && known { Ok(()) } else { invalid("a business date is a day of the calendar as YYYY-MM-DD") }
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

/// Two spellings of one name: full-width letters, brackets and spaces do not make another customer.
pub fn same_name(left: &str, right: &str) -> bool {
    let folded = |name: &str| -> String {
        name.chars()
            .filter(|c| !c.is_whitespace())
            .map(|c| match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                other => other,
            })
            .flat_map(char::to_uppercase)
            .collect()
    };
    !folded(left).is_empty() && folded(left) == folded(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_that_exists_written_in_full() {
        for good in ["2026-11-23", "2024-02-29", "2000-02-29", "2026-12-31"] {
            assert!(date(good).is_ok(), "{good}");
        }
        for bad in [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-11-31",
            "2026-1-23",
            "20261123",
            "2026-00-10",
            "+026-11-23",
            "",
        ] {
            assert!(date(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_name_is_the_same_in_either_width_and_spacing() {
        assert!(same_name("华东机电（集团） 有限公司", "华东机电(集团)有限公司"));
        assert!(same_name("Acme Ltd", "ＡＣＭＥ　ＬＴＤ"));
        assert!(!same_name("王芳", "王方"));
        assert!(!same_name("", " "));
    }

    #[test]
    fn a_key_needs_no_escape_in_an_address() {
        assert!(key("3201-20261123:itm_01.2").is_ok());
        for bad in ["", "..", "a/b", "a b", "键", &"k".repeat(81)] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }
}
