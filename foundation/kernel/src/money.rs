//! Exact money: an integer of minor units with its currency.
//!
//! Nothing here rounds without being told how, and nothing adds two currencies.
//! There is no conversion between currencies: a rate is a business matter with a source and a date.

pub use crate::currency::{Currency, CurrencyError};
use std::cmp::Ordering;
use std::fmt;

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("an amount is empty")]
    Empty,
    /// `position` counts characters from 1.
    #[error("an amount is digits with an optional point; character {position} does not fit")]
    Malformed { position: usize },
    /// `position` counts characters from 1.
    #[error(
        "thousands are separated every three digits or not at all; the separator at character {position} is misplaced"
    )]
    MisplacedSeparator { position: usize },
    #[error("{currency} has {allowed} digits after the point, the amount has more")]
    TooManyDecimals { currency: Currency, allowed: u8 },
    #[error("the amount is larger than can be kept")]
    OutOfRange,
    #[error("{left} and {right} are different currencies")]
    MixedCurrency { left: Currency, right: Currency },
    #[error("an amount cannot be divided by zero")]
    DivisionByZero,
}

/// How a division that does not come out even is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero (四舍五入), the custom of interest and fees.
    HalfUp,
    /// To the nearest; a half goes to the even neighbor, so that many roundings do not drift.
    HalfEven,
    /// Toward zero: the excess is dropped.
    Down,
    /// Away from zero: any excess counts whole.
    Up,
}

/// An amount in minor units of one currency, such as 分 of CNY.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    pub const fn from_minor(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    pub const fn zero(currency: Currency) -> Self {
        Self::from_minor(0, currency)
    }

    /// Minor units; negative for a reversal or an overdraft.
    pub const fn minor(self) -> i64 {
        self.minor
    }

    pub const fn currency(self) -> Currency {
        self.currency
    }

    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Reads an amount of major units, `-1,234.56` or `1234.5`, exactly.
    ///
    /// Refuses spaces, signs other than one leading `-`, full-width digits, a bare point, thousands separators that are
    /// not every three digits, and more decimals than the currency has, even when they are zeros.
    pub fn parse_major(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, unsigned, offset) = match text.strip_prefix('-') {
            Some(rest) => (true, rest, 1),
            None => (false, text, 0),
        };
        if unsigned.is_empty() {
            return Err(if negative { MoneyError::Malformed { position: 1 } } else { MoneyError::Empty });
        }
        if let Some(found) = unsigned.chars().position(|c| !c.is_ascii_digit() && c != ',' && c != '.') {
            return Err(MoneyError::Malformed { position: offset + found + 1 });
        }
        let (whole, decimals) = match unsigned.split_once('.') {
            Some((whole, decimals)) => (whole, Some((decimals, offset + whole.len() + 1))),
            None => (unsigned, None),
        };
        let whole_value = read_whole(whole, offset)?;
        let fraction = match decimals {
            Some((decimals, point)) => read_decimals(decimals, point, currency)?,
            None => 0,
        };
        let magnitude = whole_value
            .checked_mul(i128::from(currency.minor_per_major()))
            .and_then(|minor| minor.checked_add(fraction))
            .ok_or(MoneyError::OutOfRange)?;
        Self::from_wide(if negative { -magnitude } else { magnitude }, currency)
    }

    /// The amount without thousands separators, `-1234.56`: what files and the API carry.
    pub fn to_plain(self) -> String {
        self.written("")
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_add(other.minor).map(|m| Self::from_minor(m, self.currency)).ok_or(MoneyError::OutOfRange)
    }

    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_sub(other.minor).map(|m| Self::from_minor(m, self.currency)).ok_or(MoneyError::OutOfRange)
    }

    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.minor.checked_neg().map(|m| Self::from_minor(m, self.currency)).ok_or(MoneyError::OutOfRange)
    }

    /// Order of two amounts of one currency; amounts of two currencies have none.
    pub fn checked_cmp(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The total of `amounts`, all of which must be of `currency`; zero when there are none.
    pub fn sum(amounts: impl IntoIterator<Item = Money>, currency: Currency) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Divides into `parts` amounts that differ by at most one minor unit and add up to the whole; the larger come first.
    pub fn split(self, parts: u32) -> Result<Vec<Self>, MoneyError> {
        let count = i64::from(parts);
        if count == 0 {
            return Err(MoneyError::DivisionByZero);
        }
        let (share, rest) = (self.minor / count, self.minor % count);
        let minor_of = |index: i64| if index < rest.abs() { share + rest.signum() } else { share };
        Ok((0..count).map(|index| Self::from_minor(minor_of(index), self.currency)).collect())
    }

    /// The amount times `numerator / denominator`, rounded once as named: `3.85 %` is `385 / 10_000`.
    pub fn mul_ratio(self, numerator: i64, denominator: i64, rounding: Rounding) -> Result<Self, MoneyError> {
        if denominator == 0 {
            return Err(MoneyError::DivisionByZero);
        }
        // Two i64 multiply without overflow in i128, so the only rounding is the one asked for.
        let product = i128::from(self.minor) * i128::from(numerator) * i128::from(denominator.signum());
        let divisor = i128::from(denominator).abs();
        Self::from_wide(divide(product, divisor, rounding), self.currency)
    }

    fn from_wide(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        i64::try_from(minor).map(|minor| Self { minor, currency }).map_err(|_| MoneyError::OutOfRange)
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::MixedCurrency { left: self.currency, right: other.currency })
    }

    fn written(self, separator: &str) -> String {
        let per_major = self.currency.minor_per_major().unsigned_abs();
        let magnitude = self.minor.unsigned_abs();
        let whole = (magnitude / per_major).to_string();
        let mut text = String::with_capacity(whole.len() * 4 / 3 + 6);
        if self.minor < 0 {
            text.push('-');
        }
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push_str(separator);
            }
            text.push(digit);
        }
        let width = usize::from(self.currency.minor_units());
        if width > 0 {
            text.push_str(&format!(".{:0width$}", magnitude % per_major));
        }
        text
    }
}

/// `1,234.56`: what people read; the currency is shown beside it by who knows the place.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.written(","))
    }
}

/// Reads the digits before the point; `offset` is how many characters stand before them.
fn read_whole(whole: &str, offset: usize) -> Result<i128, MoneyError> {
    if whole.is_empty() {
        return Err(MoneyError::Malformed { position: offset + 1 });
    }
    let mut position = offset;
    for (index, group) in whole.split(',').enumerate() {
        let well_placed = match (index, whole.contains(',')) {
            (_, false) => true,
            (0, true) => (1..=3).contains(&group.len()),
            (_, true) => group.len() == 3,
        };
        if !well_placed {
            // The separator before a wrong group is the misplaced one; the first group has only one after it.
            let separator = if index == 0 { position + group.len() + 1 } else { position };
            return Err(MoneyError::MisplacedSeparator { position: separator });
        }
        position += group.len() + 1;
    }
    let digits = whole.bytes().filter(u8::is_ascii_digit);
    digits
        .map(|b| i128::from(b - b'0'))
        .try_fold(0_i128, |value, digit| value.checked_mul(10)?.checked_add(digit))
        .ok_or(MoneyError::OutOfRange)
}

/// Reads the digits after the point, which is character `point`, into minor units.
fn read_decimals(decimals: &str, point: usize, currency: Currency) -> Result<i128, MoneyError> {
    if let Some(found) = decimals.bytes().position(|b| !b.is_ascii_digit()) {
        return Err(MoneyError::Malformed { position: point + found + 1 });
    }
    if decimals.is_empty() {
        return Err(MoneyError::Malformed { position: point });
    }
    let allowed = currency.minor_units();
    if decimals.len() > usize::from(allowed) {
        return Err(MoneyError::TooManyDecimals { currency, allowed });
    }
    let padding = std::iter::repeat_n(b'0', usize::from(allowed) - decimals.len());
    Ok(decimals.bytes().chain(padding).fold(0, |value, b| value * 10 + i128::from(b - b'0')))
}

/// `product / divisor` with a positive divisor, rounded as named.
fn divide(product: i128, divisor: i128, rounding: Rounding) -> i128 {
    let (quotient, rest) = (product / divisor, product % divisor);
    // `rest * 2` cannot overflow: the divisor is at most 2^63.
    let away = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest != 0,
        Rounding::HalfUp => rest.abs() * 2 >= divisor,
        Rounding::HalfEven => match (rest.abs() * 2).cmp(&divisor) {
            Ordering::Less => false,
            Ordering::Equal => quotient % 2 != 0,
            Ordering::Greater => true,
        },
    };
    if away { quotient + product.signum() } else { quotient }
}

#[cfg(test)]
mod tests;
