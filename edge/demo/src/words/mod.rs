//! The word lists of the demonstration: an invented bank in an invented province, with invented people and companies.
//!
//! Every character here can be written in print, and those that customers write also by hand.
//! Whoever adds a word cuts the fonts anew (`fonts/README.md`); a test names the character that is missing.

mod companies;
mod people;
mod places;

pub use companies::{BRANDS, COMPANY_ENDINGS, PURPOSES, TRADES, WAGE_DEPARTMENTS};
pub use people::{GIVEN_FIRST, GIVEN_SECOND, SURNAMES};
pub use places::{
    BANK_EN, BANK_ZH, Branch, CENTER_DIVISIONS, DISTRICTS, Division, Name, PROVINCE, QUARTERS, TIER2_BRANCHES, VENDORS,
};

/// The characters of amounts and dates in words, and of the figures beside them.
pub const CAPITALS: &str = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整年月日";

/// What customers write after the name of the sub-branch that keeps an account.
pub const SUB_BRANCH_ZH: &str = "支行";
