//! What the core is asked to do, in types that cannot be unbalanced.

use std::fmt;

use kernel::Money;
use kernel::calendar::BusinessDate;

/// Longest account number in characters; longer than any in use in China.
const ACCOUNT_CHARACTERS_MAX: usize = 32;
const KEY_CHARACTERS_MAX: usize = 80;
/// Longest summary, reference or reason in characters; cores keep no more.
const TEXT_CHARACTERS_MAX: usize = 200;
const POSTINGS_MAX: usize = 1_000;
/// Characters of an account number that a mask leaves readable.
const MASK_SHOWS: usize = 4;

/// Why something is not a voucher or a part of one.
/// The texts name no account, person or amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VoucherError {
    #[error("an account number has 1 to 32 characters of A-Z a-z 0-9 -")]
    AccountNo,
    #[error("a posting key has 1 to 80 characters of A-Z a-z 0-9 - _ . : and begins with a letter or digit")]
    Key,
    #[error("the amount of a posting is above zero")]
    Amount,
    #[error("debit and credit of a posting are different accounts")]
    SameAccount,
    #[error("a voucher has 1 to 1000 postings")]
    PostingCount,
    #[error("a summary, reference or reason has at most 200 characters")]
    TextTooLong,
}

/// An account number of the core (C2 data): readable only through [`AccountNo::reveal`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNo(String);

impl AccountNo {
    pub fn parse(text: &str) -> Result<Self, VoucherError> {
        let good = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if text.is_empty() || text.len() > ACCOUNT_CHARACTERS_MAX || !text.chars().all(good) {
            return Err(VoucherError::AccountNo);
        }
        Ok(Self(text.to_owned()))
    }

    /// The number itself, for the core and for stores that encrypt it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The last four characters behind dots; short numbers show nothing.
    pub fn masked(&self) -> String {
        match self.0.len().checked_sub(MASK_SHOWS) {
            Some(hidden) if hidden >= MASK_SHOWS => format!("…{}", &self.0[hidden..]),
            _ => "…".to_owned(),
        }
    }
}

impl fmt::Debug for AccountNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountNo({})", self.masked())
    }
}

/// The name of one intended movement of money; the core acts on it once, whatever happens on the way.
///
/// Made of the outlet, the business date and the item's number (trade practice, `domain.md` 1.3),
/// with a further part for each new decision after a refusal.
/// It travels in addresses and logs, so it holds nothing personal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostingKey(String);

impl PostingKey {
    pub fn parse(text: &str) -> Result<Self, VoucherError> {
        let good = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        // ".." would climb in an address.
        let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !begins || text.len() > KEY_CHARACTERS_MAX || !text.chars().all(good) {
            return Err(VoucherError::Key);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PostingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One amount from one account to another; the debit account pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    debit: AccountNo,
    credit: AccountNo,
    amount: Money,
    summary: String,
}

impl Posting {
    pub fn new(
        debit: AccountNo,
        credit: AccountNo,
        amount: Money,
        summary: impl Into<String>,
    ) -> Result<Self, VoucherError> {
        if amount.minor() <= 0 {
            return Err(VoucherError::Amount);
        }
        if debit == credit {
            return Err(VoucherError::SameAccount);
        }
        Ok(Self { debit, credit, amount, summary: short(summary.into())? })
    }

    pub fn debit(&self) -> &AccountNo {
        &self.debit
    }

    pub fn credit(&self) -> &AccountNo {
        &self.credit
    }

    pub fn amount(&self) -> Money {
        self.amount
    }

    /// What the customer reads on a statement (摘要).
    pub fn summary(&self) -> &str {
        &self.summary
    }
}

/// Postings that happen together or not at all, taken in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voucher {
    business_date: BusinessDate,
    postings: Vec<Posting>,
    reference: String,
}

impl Voucher {
    /// `reference` is our id of the voucher, so that the core's books lead back to the item.
    pub fn new(
        business_date: BusinessDate,
        postings: Vec<Posting>,
        reference: impl Into<String>,
    ) -> Result<Self, VoucherError> {
        if postings.is_empty() || postings.len() > POSTINGS_MAX {
            return Err(VoucherError::PostingCount);
        }
        Ok(Self { business_date, postings, reference: short(reference.into())? })
    }

    pub fn business_date(&self) -> BusinessDate {
        self.business_date
    }

    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Whether both move the same money on the same day for the same reference.
    /// Summaries do not count: cores shorten them.
    pub fn moves_the_same(&self, other: &Voucher) -> bool {
        let Voucher { business_date, postings, reference } = self;
        *business_date == other.business_date
            && *reference == other.reference
            && postings.len() == other.postings.len()
            && postings.iter().zip(&other.postings).all(|(ours, theirs)| {
                let Posting { debit, credit, amount, summary: _ } = ours;
                *debit == theirs.debit && *credit == theirs.credit && *amount == theirs.amount
            })
    }
}

/// The order to undo a posted voucher (冲正), under a key of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    original: PostingKey,
    business_date: BusinessDate,
    reason: String,
}

impl Reversal {
    /// `business_date` is the day on which the reversal is booked: the original's, or a later one when that is closed.
    pub fn new(
        original: PostingKey,
        business_date: BusinessDate,
        reason: impl Into<String>,
    ) -> Result<Self, VoucherError> {
        Ok(Self { original, business_date, reason: short(reason.into())? })
    }

    pub fn original(&self) -> &PostingKey {
        &self.original
    }

    pub fn business_date(&self) -> BusinessDate {
        self.business_date
    }

    pub fn reason(&self) -> &str {
        &self.reason
    }
}

fn short(text: String) -> Result<String, VoucherError> {
    if text.chars().count() > TEXT_CHARACTERS_MAX { Err(VoucherError::TextTooLong) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Currency;

    fn account(text: &str) -> AccountNo {
        AccountNo::parse(text).unwrap()
    }

    fn yuan(minor: i64) -> Money {
        Money::from_minor(minor, Currency::CNY)
    }

    #[test]
    fn a_posting_has_two_accounts_and_an_amount_above_zero() {
        let table = [
            ("A", "B", 1, Ok(())),
            ("A", "B", 0, Err(VoucherError::Amount)),
            ("A", "B", -1, Err(VoucherError::Amount)),
            ("A", "A", 1, Err(VoucherError::SameAccount)),
        ];
        for (debit, credit, amount, expected) in table {
            let posting = Posting::new(account(debit), account(credit), yuan(amount), "货款");
            assert_eq!(posting.map(drop), expected, "{debit} {credit} {amount}");
        }
    }

    #[test]
    fn a_voucher_without_postings_is_none() {
        let day = BusinessDate::new(2026, 11, 23).unwrap();
        assert_eq!(Voucher::new(day, Vec::new(), "vch_1").map(drop), Err(VoucherError::PostingCount));
    }

    #[test]
    fn an_account_number_shows_at_most_its_end() {
        assert_eq!(format!("{:?}", account("6222020200112230098")), "AccountNo(…0098)");
        assert_eq!(format!("{:?}", account("1234567")), "AccountNo(…)");
        for bad in ["", "62 22", "６２２２", "a/b"] {
            assert_eq!(AccountNo::parse(bad).map(drop), Err(VoucherError::AccountNo), "{bad}");
        }
    }

    #[test]
    fn a_posting_key_needs_no_escape_in_an_address() {
        assert!(PostingKey::parse("3201-20261123:0001.2").is_ok());
        for bad in ["", "..", ".", "-a", "a/b", "a b", "键", &"k".repeat(81)] {
            assert_eq!(PostingKey::parse(bad), Err(VoucherError::Key), "{bad}");
        }
    }

    #[test]
    fn two_vouchers_move_the_same_whatever_their_summaries_say() {
        let day = BusinessDate::new(2026, 11, 23).unwrap();
        let voucher = |amount, summary: &str, reference: &str| {
            Voucher::new(day, vec![Posting::new(account("A"), account("B"), yuan(amount), summary).unwrap()], reference)
                .unwrap()
        };
        assert!(voucher(5, "货款", "v").moves_the_same(&voucher(5, "货", "v")));
        assert!(!voucher(5, "货款", "v").moves_the_same(&voucher(6, "货款", "v")));
        assert!(!voucher(5, "货款", "v").moves_the_same(&voucher(5, "货款", "w")));
    }
}
