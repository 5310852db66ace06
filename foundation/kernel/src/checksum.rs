//! Check digits of the numbers that people copy by hand: they catch a slip before it costs a search.
//!
//! Each number has a `check`, which gives the reason for a refusal, and a `check_digit`, which completes a generated number.
//! A number that passes is well formed; whether it was ever issued is for its register to say.
//! Texts are taken as they are kept: half-width, without spaces, letters in capitals (see [`crate::normalize`]).
//! The reasons name places, never the number itself, because they reach logs.
//!
//! Deliberately absent: the 15-digit citizen id (void since 2013), and the id of foreign permanent residents.

/// Why a number is not well formed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChecksumError {
    #[error("the number has {found} characters instead of {least} to {most}")]
    Length { least: usize, most: usize, found: usize },
    /// `position` counts characters from 1.
    #[error("character {position} cannot stand there")]
    Character { position: usize },
    #[error("the check digit should be {expected}")]
    CheckDigit { expected: char },
    #[error("the first two digits name no province")]
    Region,
    #[error("the birth date does not exist")]
    BirthDate,
}

/// Refuses a text whose count of characters is outside `least..=most`, and gives the count.
fn check_length(text: &str, least: usize, most: usize) -> Result<usize, ChecksumError> {
    let found = text.chars().count();
    if (least..=most).contains(&found) { Ok(found) } else { Err(ChecksumError::Length { least, most, found }) }
}

/// The values of the characters of `text`, each found in `alphabet`.
fn values(text: &str, alphabet: &str) -> Result<Vec<u32>, ChecksumError> {
    let value_of = |c: char| alphabet.chars().zip(0..).find(|(letter, _)| *letter == c).map(|(_, value)| value);
    text.chars()
        .enumerate()
        .map(|(index, c)| value_of(c).ok_or(ChecksumError::Character { position: index + 1 }))
        .collect()
}

const DIGITS: &str = "0123456789";

/// The digit for a value below ten.
fn digit(value: u32) -> char {
    char::from_digit(value, 10).expect("every caller reduces the value below ten")
}

/// Splits off the last character; the callers have checked that there is one.
fn split_last(text: &str) -> Option<(&str, char)> {
    let last = text.chars().next_back()?;
    Some((&text[..text.len() - last.len_utf8()], last))
}

/// Compares the last character with what the others demand.
fn compare_last(text: &str, expected: fn(&str) -> Result<char, ChecksumError>) -> Result<(), ChecksumError> {
    let Some((payload, last)) = split_last(text) else { return Ok(()) };
    let expected = expected(payload)?;
    if last == expected { Ok(()) } else { Err(ChecksumError::CheckDigit { expected }) }
}

/// The 18-digit citizen identity number of GB 11643-1999: region, birth date, order, check digit by ISO 7064 MOD 11-2.
pub mod citizen_id {
    use super::{ChecksumError, DIGITS, check_length, compare_last, values};

    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECK_DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];
    /// Province codes of GB/T 2260; 81, 82 and 83 also stand on residence permits of Hong Kong, Macao and Taiwan people.
    const PROVINCES: [u32; 35] = [
        11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62,
        63, 64, 65, 71, 81, 82, 83,
    ];
    /// The standard's own example was born in 1880; nobody older holds a number.
    const BIRTH_YEAR_LEAST: u32 = 1800;

    /// Checks length, characters, province, birth date and check digit, in this order.
    pub fn check(text: &str) -> Result<(), ChecksumError> {
        check_length(text, 18, 18)?;
        let allowed_last = text.chars().nth(17).is_some_and(|c| c.is_ascii_digit() || c == 'X');
        let payload: String = text.chars().take(17).collect();
        let digits = values(&payload, DIGITS)?;
        if !allowed_last {
            return Err(ChecksumError::Character { position: 18 });
        }
        if !PROVINCES.contains(&number(&digits[0..2])) {
            return Err(ChecksumError::Region);
        }
        if !is_date(number(&digits[6..10]), number(&digits[10..12]), number(&digits[12..14])) {
            return Err(ChecksumError::BirthDate);
        }
        compare_last(text, check_digit)
    }

    /// The eighteenth character for the first seventeen.
    pub fn check_digit(payload: &str) -> Result<char, ChecksumError> {
        check_length(payload, 17, 17)?;
        let sum: u32 = values(payload, DIGITS)?.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
        Ok(CHECK_DIGITS[(sum % 11) as usize])
    }

    fn number(digits: &[u32]) -> u32 {
        digits.iter().fold(0, |value, digit| value * 10 + digit)
    }

    fn is_date(year: u32, month: u32, day: u32) -> bool {
        let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
        let (Ok(year_number), Ok(month), Ok(day)) = parts else { return false };
        year >= BIRTH_YEAR_LEAST && jiff::civil::Date::new(year_number, month, day).is_ok()
    }
}

/// The unified social credit code of organizations, 18 characters, GB 32100-2015.
///
/// The check digit inside it (ninth character of the organization code) is not checked: codes taken over from older registers break it.
pub mod credit_code {
    use super::{ChecksumError, check_length, compare_last, values};

    /// Values 0 to 30; I, O, S, V and Z are left out because they look like digits or like each other.
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    /// Powers of three modulo 31.
    const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    /// The region code, which is digits only.
    const REGION: std::ops::Range<usize> = 2..8;

    /// Checks length, characters and check digit, in this order.
    pub fn check(text: &str) -> Result<(), ChecksumError> {
        check_length(text, 18, 18)?;
        values(text, ALPHABET)?;
        compare_last(text, check_digit)
    }

    /// The eighteenth character for the first seventeen.
    pub fn check_digit(payload: &str) -> Result<char, ChecksumError> {
        check_length(payload, 17, 17)?;
        let values = values(payload, ALPHABET)?;
        if let Some(letter) = values[REGION].iter().position(|value| *value > 9) {
            return Err(ChecksumError::Character { position: REGION.start + letter + 1 });
        }
        let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        let check_value = (31 - sum % 31) % 31;
        Ok(ALPHABET.chars().nth(check_value as usize).expect("the alphabet has 31 letters"))
    }
}

/// Bank card numbers, 10 to 19 digits, ISO/IEC 7812-1: the formula of Luhn.
pub mod luhn {
    use super::{ChecksumError, DIGITS, check_length, compare_last, digit, values};

    /// Checks length, characters and check digit, in this order.
    pub fn check(text: &str) -> Result<(), ChecksumError> {
        check_length(text, 10, 19)?;
        values(text, DIGITS)?;
        compare_last(text, check_digit)
    }

    /// The last digit for the 9 to 18 before it.
    pub fn check_digit(payload: &str) -> Result<char, ChecksumError> {
        check_length(payload, 9, 18)?;
        // Every second digit counts double, beginning beside the check digit; the digits of the double are added.
        let weigh = |(index, value): (usize, u32)| if index % 2 == 0 { value * 2 / 10 + value * 2 % 10 } else { value };
        let sum: u32 = values(payload, DIGITS)?.into_iter().rev().enumerate().map(weigh).sum();
        Ok(digit((10 - sum % 10) % 10))
    }
}

/// The 12-digit bank code of CNAPS (支付系统行号): ISO 7064 MOD 11,10.
///
/// A few codes in use break the rule, so a failed check is a reason to look the code up, not to deny that it exists.
pub mod bank_code {
    use super::{ChecksumError, DIGITS, check_length, compare_last, digit, values};

    /// Checks length, characters and check digit, in this order.
    pub fn check(text: &str) -> Result<(), ChecksumError> {
        check_length(text, 12, 12)?;
        values(text, DIGITS)?;
        compare_last(text, check_digit)
    }

    /// The twelfth digit for the first eleven.
    pub fn check_digit(payload: &str) -> Result<char, ChecksumError> {
        check_length(payload, 11, 11)?;
        let product = values(payload, DIGITS)?.into_iter().fold(10, |product, value| {
            let sum = (product + value) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        Ok(digit((11 - product) % 10))
    }
}

#[cfg(test)]
mod tests;
