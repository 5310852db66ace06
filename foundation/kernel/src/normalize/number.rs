//! Figures: amounts and counts.

use super::FieldKind;
use crate::capital;
use crate::money::{Currency, Money};

/// Marks of currencies that are not codes of ISO 4217, longest first; a mark is not part of the figure.
const MARKS: [&str; 14] = ["人民币", "人民幣", "RMB", "US$", "HK$", "NT$", "RM", "S$", "¥", "$", "€", "£", "₩", "฿"];

/// What is counted on vouchers.
const MEASURE_WORDS: [char; 12] = ['张', '笔', '件', '份', '页', '个', '本', '枚', '户', '人', '项', '次'];

/// The decimal form of an amount, `-1234.50`; `None` when the text is not one.
pub(super) fn plain_amount(folded: &str) -> Option<String> {
    let compact: String = folded.chars().filter(|c| *c != ' ').flat_map(char::to_uppercase).collect();
    let (negative_before, text) = strip_minus(&compact);
    let (negative_after, text) = strip_minus(strip_marks(text));
    if negative_before && negative_after {
        return None;
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    if !decimals.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && decimals.is_empty()) {
        return None;
    }
    let whole = if whole.is_empty() { "0".to_owned() } else { plain_whole(whole)? };
    let decimals = decimals.trim_end_matches('0');
    let is_zero = whole == "0" && decimals.is_empty();
    let sign = if (negative_before || negative_after) && !is_zero { "-" } else { "" };
    Some(format!("{sign}{whole}.{decimals:0<2}"))
}

/// The minor units of a capital amount as text; `None` when it has no single meaning.
pub(super) fn capital_minor(folded: &str) -> Option<String> {
    capital::parse_lenient(folded).ok().map(|minor| minor.to_string())
}

/// Digits of a count; `None` when the text is not one.
pub(super) fn count(folded: &str) -> Option<String> {
    let compact: String = folded.chars().filter(|c| *c != ' ').collect();
    let number = compact.strip_suffix(MEASURE_WORDS).unwrap_or(&compact);
    plain_whole(number).or_else(|| capital::parse_number(number).ok().map(|value| value.to_string()))
}

/// The minor units that a normalized `Amount` or `CapitalAmount` stands for; `None` for other kinds and for texts that are no amount.
///
/// This is how the figure and the capital amount of one voucher are compared with each other.
/// A figure with more decimals than `currency` has is no amount in it.
pub fn minor_units(kind: FieldKind, normalized: &str, currency: Currency) -> Option<i64> {
    match kind {
        FieldKind::Amount => {
            // `100.00` is a whole number of yen: zeros that the normal form adds are not decimals.
            let (whole, decimals) = normalized.split_once('.')?;
            let decimals = decimals.trim_end_matches('0');
            let exact = if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") };
            Money::parse_major(&exact, currency).ok().map(Money::minor)
        }
        FieldKind::CapitalAmount if currency == Currency::CNY => {
            let digits_only = normalized.bytes().all(|b| b.is_ascii_digit());
            normalized.parse().ok().filter(|_| digits_only)
        }
        _ => None,
    }
}

fn strip_minus(text: &str) -> (bool, &str) {
    match text.strip_prefix(super::fold::is_dash) {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// Without the currency's mark or code before the figure, and 元, 整 or the code after it.
fn strip_marks(text: &str) -> &str {
    let is_code = |code: &str| Currency::parse(code).is_ok();
    let mut body = text;
    if let Some(rest) = body.get(..3).filter(|code| is_code(code)).and_then(|code| body.strip_prefix(code)) {
        body = rest;
    }
    for mark in MARKS {
        body = body.strip_prefix(mark).unwrap_or(body);
    }
    let code_start = body.len().saturating_sub(3);
    if let Some(rest) = body.get(code_start..).filter(|code| is_code(code)).and_then(|code| body.strip_suffix(code)) {
        body = rest;
    }
    let body = body.strip_suffix(['整', '正']).unwrap_or(body);
    body.strip_suffix(['元', '圆', '圓']).unwrap_or(body)
}

/// Digits without well-placed thousands separators and leading zeros; `None` when there is anything else.
fn plain_whole(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split(',').collect();
    let is_digits = |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
    let well_placed = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if !well_placed || !groups.iter().all(is_digits) {
        return None;
    }
    let digits = groups.concat();
    let significant = digits.trim_start_matches('0');
    Some(if significant.is_empty() { "0".to_owned() } else { significant.to_owned() })
}
