//! Dates as people write them.

use super::fold::is_dash;
use crate::calendar::BusinessDate;
use crate::capital;

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

/// Years of two figures from this one on are of the last century.
const CENTURY_TURN: i16 = 80;

/// Reads `2026-01-02`, `20260102`, `25/12/2018` (day first), `25-12-18`, `30 DEC 17`, `Mar 5, 2018`, `2026年1月2日` and
/// the capital form of instruments, `贰零贰陆年零壹月零贰日`.
pub(super) fn read(folded: &str) -> Option<BusinessDate> {
    if folded.contains('年') {
        return read_chinese(folded);
    }
    let parts = split(folded)?;
    let (year, month, day) = match parts.as_slice() {
        [all] if all.len() == 8 && is_number(all) => (&all[..4], &all[4..6], &all[6..]),
        [first, second, third] if first.len() == 4 && is_number(first) => {
            (first.as_str(), second.as_str(), third.as_str())
        }
        // A month's name shows itself; of figures alone the day comes first.
        [first, second, third] if is_number(first) => (third.as_str(), second.as_str(), first.as_str()),
        [first, second, third] => (third.as_str(), first.as_str(), second.as_str()),
        _ => return None,
    };
    BusinessDate::new(read_year(year)?, read_month(month)?, read_day(day)?).ok()
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Runs of digits and runs of letters, in capitals; `None` when anything but a separator stands between them.
fn split(folded: &str) -> Option<Vec<String>> {
    let is_separator = |c: char| is_dash(c) || matches!(c, ' ' | '/' | '.' | ',');
    if !folded.chars().all(|c| c.is_ascii_alphanumeric() || is_separator(c)) {
        return None;
    }
    let chars: Vec<char> = folded.to_ascii_uppercase().chars().collect();
    let same_run = |a: &char, b: &char| {
        a.is_ascii_digit() == b.is_ascii_digit() && a.is_ascii_alphabetic() == b.is_ascii_alphabetic()
    };
    let runs = chars.chunk_by(same_run).map(|run| run.iter().collect::<String>());
    Some(runs.filter(|run| !run.starts_with(is_separator)).collect())
}

fn read_year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok().filter(|_| is_number(text))?;
    match text.len() {
        4 => Some(year),
        2 if year < CENTURY_TURN => Some(2000 + year),
        2 => Some(1900 + year),
        _ => None,
    }
}

fn read_month(text: &str) -> Option<i8> {
    let named = MONTHS.iter().zip(1..).find(|(name, _)| text.len() >= 3 && name.starts_with(text));
    named.map(|(_, month)| month).or_else(|| read_day(text))
}

fn read_day(text: &str) -> Option<i8> {
    text.parse().ok().filter(|_| is_number(text) && text.len() <= 2)
}

fn read_chinese(folded: &str) -> Option<BusinessDate> {
    let compact: String = folded.chars().filter(|c| *c != ' ').collect();
    let (year, rest) = compact.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let day = rest.strip_suffix(['日', '号']).unwrap_or(rest);
    BusinessDate::new(read_chinese_year(year)?, read_small(month)?, read_small(day)?).ok()
}

/// Four figures or four numerals, read one by one.
fn read_chinese_year(text: &str) -> Option<i16> {
    if text.chars().count() != 4 {
        return None;
    }
    let figure = |c: char| match c.to_digit(10) {
        Some(value) => i16::try_from(value).ok(),
        None => {
            capital::parse_number(&c.to_string()).ok().filter(|value| *value < 10).and_then(|v| i16::try_from(v).ok())
        }
    };
    text.chars().try_fold(0, |year, c| Some(year * 10 + figure(c)?))
}

/// A month or a day in figures or numerals, with the 零 that instruments put before it.
fn read_small(text: &str) -> Option<i8> {
    read_day(text).or_else(|| capital::parse_number(text).ok().and_then(|value| i8::try_from(value).ok()))
}
