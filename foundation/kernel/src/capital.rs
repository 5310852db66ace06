//! Chinese capital amounts (大写金额), the form of an amount that is hard to forge.
//!
//! The rules are those of the People's Bank's 支付结算办法 (1997), annex one, on filling in instruments and settlement vouchers.
//! The strict reading accepts what the annex allows and nothing else, so it can judge a voucher.
//! The lenient reading accepts what clerks and customers write as long as it has one meaning, so it can compare two keyed texts.
//! Everything the strict reading accepts, the lenient one reads to the same amount.
//!
//! Deliberately absent: negative amounts (no voucher carries one; a reversal is a posting, not a sign), other currencies,
//! 兆 (it means a million to some and a million millions to others), and Arabic figures, which are [`crate::money`]'s.

mod lenient;
mod strict;

pub use lenient::{parse_lenient, parse_number};
pub use strict::parse_strict;

use crate::money::{Currency, Money};

/// Why an amount has no capital form, or a text is not one.
/// Every `position` counts characters of the given text from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CapitalError {
    #[error("capital amounts are written for CNY, not for {0}")]
    NotYuan(Currency),
    #[error("a capital amount has no sign")]
    Negative,
    #[error("a capital amount stays below 100 million million yuan")]
    OutOfRange,
    #[error("a capital amount is empty")]
    Empty,
    #[error("character {position} is not used in capital amounts")]
    UnknownCharacter { position: usize },
    #[error("character {position} cannot stand there")]
    OutOfOrder { position: usize },
    #[error("character {position} can be read in two ways; write every unit and every zero")]
    Ambiguous { position: usize },
    #[error("the amount breaks off after character {position}")]
    Unfinished { position: usize },
    #[error("from character {position} on, the regulation writes this amount otherwise")]
    NotCanonical { position: usize },
}

/// Whether the currency's name is printed before the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Prefix {
    /// The form already has it.
    None,
    /// 人民币, directly before the amount, as the annex wants where the form does not print it.
    Renminbi,
}

/// Amounts below this many minor units (分) have a capital form: 99 万 9999 亿 … 元 9 角 9 分.
pub const MINOR_LIMIT: i64 = 10_000_000_000_000_000;

const RENMINBI: &str = "人民币";
const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
const ZERO: char = '零';
const WHOLE: char = '整';

/// The capital form of an amount in CNY.
///
/// Where the annex leaves a choice, the first form of its examples is written: 零 before 角 when the yuan end in zero
/// (壹仟陆佰捌拾元零叁角贰分), none after a rounded group (壹拾万柒仟元零伍角叁分), no 整 after 角.
pub fn to_capital(amount: Money, prefix: Prefix) -> Result<String, CapitalError> {
    if amount.currency() != Currency::CNY {
        return Err(CapitalError::NotYuan(amount.currency()));
    }
    if amount.is_negative() {
        return Err(CapitalError::Negative);
    }
    if amount.minor() >= MINOR_LIMIT {
        return Err(CapitalError::OutOfRange);
    }
    let glyphs = written(amount.minor().unsigned_abs());
    let printed = glyphs.iter().filter(|glyph| glyph.binding != Binding::MayStand).map(|glyph| glyph.char);
    let head = match prefix {
        Prefix::None => "",
        Prefix::Renminbi => RENMINBI,
    };
    Ok(head.chars().chain(printed).collect())
}

/// How binding a character of the canonical form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Binding {
    /// The annex demands it.
    Stands,
    /// The annex allows to leave it out; we write it.
    MayBeLeftOut,
    /// The annex allows to write it; we leave it out.
    MayStand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Glyph {
    char: char,
    binding: Binding,
}

/// Every form the annex allows for `minor` 分, as one sequence with its optional characters.
fn written(minor: u64) -> Vec<Glyph> {
    let (yuan, jiao, fen) = (minor / 100, minor / 10 % 10, minor % 10);
    let mut glyphs = Vec::with_capacity(40);
    if minor == 0 {
        push(&mut glyphs, ZERO, Binding::Stands);
    }
    write_yuan(yuan, &mut glyphs);
    if yuan > 0 || minor == 0 {
        push(&mut glyphs, '元', Binding::Stands);
    }
    if jiao > 0 {
        if yuan > 0 && yuan.is_multiple_of(10) {
            push(&mut glyphs, ZERO, Binding::MayBeLeftOut);
        }
        push_digit(&mut glyphs, jiao);
        push(&mut glyphs, '角', Binding::Stands);
    }
    match (jiao, fen) {
        (0, 0) => push(&mut glyphs, WHOLE, Binding::Stands),
        (_, 0) => push(&mut glyphs, WHOLE, Binding::MayStand),
        (_, fen) => {
            if jiao == 0 && yuan > 0 {
                push(&mut glyphs, ZERO, Binding::Stands);
            }
            push_digit(&mut glyphs, fen);
            push(&mut glyphs, '分', Binding::Stands);
        }
    }
    glyphs
}

/// Writes the yuan without 元; nothing when there are none.
fn write_yuan(yuan: u64, glyphs: &mut Vec<Glyph>) {
    // Groups of four digits, the highest first; 万亿 is 万 before the 亿 of the next group.
    let groups = [yuan / 1_000_000_000_000, yuan / 100_000_000 % 10_000, yuan / 10_000 % 10_000, yuan % 10_000];
    let mut gap = None;
    for (index, group) in groups.into_iter().enumerate() {
        if group > 0 {
            match (gap, group < 1_000) {
                (None, _) | (Some(Gap::Flush), false) => {}
                (Some(_), true) => push(glyphs, ZERO, Binding::Stands),
                (Some(Gap::RoundedUnits), false) => push(glyphs, ZERO, Binding::MayStand),
                (Some(Gap::EmptyGroup), false) => push(glyphs, ZERO, Binding::MayBeLeftOut),
            }
            write_group(group, glyphs);
            gap = Some(if group.is_multiple_of(10) { Gap::RoundedUnits } else { Gap::Flush });
            if index == 0 || index == 2 {
                push(glyphs, '万', Binding::Stands);
            }
        } else if gap.is_some() {
            gap = Some(Gap::EmptyGroup);
        }
        if index == 1 && gap.is_some() {
            push(glyphs, '亿', Binding::Stands);
        }
    }
}

/// What lies between a group of four digits and the one written before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// The former group ends in a digit that is not zero.
    Flush,
    /// The former group ends in zero.
    RoundedUnits,
    /// A whole group of zeros.
    EmptyGroup,
}

/// Writes 1 to 9999: one 零 for any run of zeros inside, none at the ends.
fn write_group(group: u64, glyphs: &mut Vec<Glyph>) {
    let mut zero_before = None;
    for (place, unit) in [(1_000, Some('仟')), (100, Some('佰')), (10, Some('拾')), (1, None)] {
        let digit = group / place % 10;
        if digit == 0 {
            zero_before = zero_before.map(|_| true);
            continue;
        }
        if zero_before == Some(true) {
            push(glyphs, ZERO, Binding::Stands);
        }
        push_digit(glyphs, digit);
        if let Some(unit) = unit {
            push(glyphs, unit, Binding::Stands);
        }
        zero_before = Some(false);
    }
}

fn push_digit(glyphs: &mut Vec<Glyph>, digit: u64) {
    let char = usize::try_from(digit).ok().and_then(|index| DIGITS.get(index).copied());
    push(glyphs, char.expect("the callers take digits out of numbers"), Binding::Stands);
}

fn push(glyphs: &mut Vec<Glyph>, char: char, binding: Binding) {
    glyphs.push(Glyph { char, binding });
}

#[cfg(test)]
mod tests;
