//! What two keyed texts have in common when they mean the same: the form in which blind entries are compared.
//!
//! Two people who read one slice write it with full-width or half-width characters, with or without separators, 零 or 〇;
//! none of that is an error of either (trade practice, `domain.md` 1.2, rule 2).
//!
//! Invariants:
//! - Normalizing twice is normalizing once.
//! - A text that is not of its kind is folded like free text and kept, never dropped: a keyer's slip must stay visible as a mismatch.
//!
//! Deliberately absent: judging. Whether an account exists or a date is plausible is for the checks of the business type.

mod date;
mod fold;
mod number;

pub use fold::fold_width;
pub use number::minor_units;

/// What a field holds, which decides how its texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// An amount in Arabic figures.
    Amount,
    /// An amount in Chinese capital numerals, in CNY.
    CapitalAmount,
    /// A calendar date.
    Date,
    /// An account or card number.
    Account,
    /// The 12-digit bank code of CNAPS.
    BankCode,
    /// The name of a person or an organization.
    Name,
    /// Free text such as a purpose.
    Text,
    /// The number of an identity document, or a unified social credit code.
    IdNumber,
    /// A whole number of pieces.
    Count,
}

/// The form of `text` in which it is compared with another entry of the same field.
///
/// | kind | form |
/// |---|---|
/// | `Amount` | `1234.50`: no separators, no currency mark, two decimals or as many as are needed |
/// | `CapitalAmount` | minor units, `123450`; figures keyed there are kept, so digits alone always count minor units |
/// | `Date` | `2026-01-02`; of two figures the first is the day, years of two figures are 1980 to 2079 |
/// | `Account`, `BankCode`, `IdNumber` | no spaces or dashes, capital letters |
/// | `Name` | as `Text`, in capital letters, with `·` for every middle dot |
/// | `Text` | half-width, single spaces, none between Chinese characters, 零 for 〇 |
/// | `Count` | digits without separators, leading zeros and measure word |
pub fn normalize(kind: FieldKind, text: &str) -> String {
    let folded = fold::fold_text(text);
    match kind {
        FieldKind::Amount => number::plain_amount(&folded).unwrap_or(folded),
        FieldKind::CapitalAmount => number::capital_minor(&folded).unwrap_or(folded),
        FieldKind::Date => date::read(&folded).map_or(folded, |date| date.to_string()),
        FieldKind::Account | FieldKind::BankCode | FieldKind::IdNumber => fold::fold_code(text),
        FieldKind::Name => fold::fold_name(&folded),
        FieldKind::Text => folded,
        FieldKind::Count => number::count(&folded).unwrap_or(folded),
    }
}

#[cfg(test)]
mod tests;
