//! What a customer writes on a voucher, and how each value reads as a perfect clerk would key it.

use kernel::calendar::BusinessDate;
use kernel::capital::{Prefix, to_capital};
use kernel::{Currency, Money};

use crate::province::{Account, Accounts};
use crate::random::Random;
use crate::words::{BANK_ZH, PURPOSES, SUB_BRANCH_ZH, WAGE_DEPARTMENTS};

/// Who pays or is paid, as the voucher names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: String,
    pub account: String,
    pub bank: String,
}

impl Party {
    fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            account: account.number.clone(),
            bank: format!("{BANK_ZH}{}{SUB_BRANCH_ZH}", account.branch_zh),
        }
    }
}

/// One department of a payroll summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WageLine {
    pub department: &'static str,
    pub people: u32,
    pub amount: Money,
}

/// One voucher's contents; each form shows its part of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    pub date: BusinessDate,
    pub serial: String,
    pub payer: Party,
    pub payee: Party,
    pub amount: Money,
    /// Differs from `amount` on a voucher whose words and figures do not agree.
    pub amount_in_words: Money,
    pub purpose: String,
    pub payment_code: String,
    /// Whose personal seal stands beside the company's.
    pub signer: String,
    pub wages: Vec<WageLine>,
}

impl Contents {
    /// What some company wants done on `today` or shortly before, drawn from the accounts that the core knows.
    pub fn draw(business_type: &str, accounts: &Accounts, today: BusinessDate, random: &mut Random) -> Self {
        let payer = accounts.company(random);
        // Wages go to people; the rest mostly to companies.
        let payee = if business_type == "R01" && random.chance(1, 4) {
            accounts.person(random)
        } else {
            accounts.company_other_than(payer, random)
        };
        let wages = if business_type == "P01" { draw_wages(random) } else { Vec::new() };
        let cny = Currency::CNY;
        let amount = match business_type {
            "P01" => Money::from_minor(wages.iter().map(|line| line.amount.minor()).sum(), cny),
            _ => draw_amount(random),
        };
        let days_before = *random.pick(&[0, 0, 0, 0, 1, 2]);
        Self {
            date: today.add_days(-days_before).unwrap_or(today),
            serial: random.digits(8),
            payer: Party::of(payer),
            payee: Party::of(payee),
            amount,
            amount_in_words: amount,
            purpose: (*random.pick(&PURPOSES)).to_owned(),
            payment_code: random.digits(16),
            signer: payer.signer.clone(),
            wages,
        }
    }

    /// Writes another amount in words than in figures, as a tired bookkeeper does: one digit is off or two are swapped.
    pub fn spoil_words(&mut self, random: &mut Random) {
        let written = self.amount.minor();
        let place = 10_i64.pow(u32::try_from(random.between(2, 4)).unwrap_or(2));
        let changed = if written > 2 * place && random.chance(1, 2) { written - place } else { written + place };
        self.amount_in_words = Money::from_minor(changed, self.amount.currency());
    }

    /// The amount in words as it is written, without 人民币, which the form prints.
    pub fn words(&self) -> String {
        to_capital(self.amount_in_words, Prefix::None).expect("vouchers are in CNY, positive and far below the limit")
    }

    pub fn figures(&self) -> Figures {
        Figures::of(self.amount)
    }

    /// Year, month and day in figures.
    pub fn date_parts(&self) -> [String; 3] {
        [self.date.year().to_string(), format!("{:02}", self.date.month()), format!("{:02}", self.date.day())]
    }

    /// Year, month and day in capitals.
    pub fn capital_date_parts(&self) -> [String; 3] {
        let year = self.date.year().to_string().chars().filter_map(|c| c.to_digit(10)).map(capital_digit).collect();
        let number = |value: i8| u32::from(value.unsigned_abs());
        [year, capital_month(number(self.date.month())), capital_day(number(self.date.day()))]
    }

    pub fn cheque_no(&self) -> String {
        // The first eight are the printing batch, the last eight count.
        format!("10203099 {}", self.serial)
    }

    pub fn period(&self) -> String {
        let (year, month) = (self.date.year(), self.date.month());
        let (year, month) = if month == 1 { (year - 1, 12) } else { (year, month - 1) };
        format!("{year}年{month:02}月")
    }

    pub fn head_count(&self) -> u32 {
        self.wages.iter().map(|line| line.people).sum()
    }

    pub(super) fn payment_order_value(&self, field: &str) -> Option<String> {
        Some(match field {
            "payee_account" => self.payee.account.clone(),
            "payer_name" => self.payer.name.clone(),
            other => return self.common_value(other),
        })
    }

    pub(super) fn cheque_value(&self, field: &str) -> Option<String> {
        Some(match field {
            "cheque_no" => self.cheque_no().replace(' ', ""),
            "payment_code" => self.payment_code.clone(),
            other => return self.common_value(other),
        })
    }

    pub(super) fn payroll_value(&self, field: &str) -> Option<String> {
        let line = |index: usize| self.wages.get(index).map(|line| line.amount.to_plain());
        match field {
            "payer_name" => Some(self.payer.name.clone()),
            "period" => Some(self.period()),
            "head_count" => Some(self.head_count().to_string()),
            "subtotal_1" => line(0),
            "subtotal_2" => line(1),
            "subtotal_3" => line(2),
            other => self.common_value(other),
        }
    }

    fn common_value(&self, field: &str) -> Option<String> {
        Some(match field {
            "date" => self.date.to_string(),
            "payer_account" => self.payer.account.clone(),
            "payee_name" => self.payee.name.clone(),
            "amount" => self.amount.to_plain(),
            "amount_words" => self.words(),
            "purpose" => self.purpose.clone(),
            _ => return None,
        })
    }
}

/// An amount in the two ways that forms show figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures(Money);

impl Figures {
    pub fn of(amount: Money) -> Self {
        Self(amount)
    }

    /// For a grid of single digits: `￥` directly before the first, no point.
    pub fn with_sign(self) -> String {
        format!("¥{:03}", self.0.minor())
    }

    /// `12,345.67`.
    pub fn with_thousands(self) -> String {
        self.0.to_string()
    }
}

fn draw_amount(random: &mut Random) -> Money {
    // Most payments are some thousands; a few reach millions and need an authorizer.
    let (least, most) = *random.pick(&[
        (1_000, 99_999),
        (10_000, 999_999),
        (100_000, 4_999_999),
        (1_000_000, 9_999_999),
        (5_000_001, 300_000_000),
    ]);
    let drawn = random.between(least, most);
    // Half of all amounts are whole yuan.
    let minor = if random.chance(1, 2) { drawn - drawn % 100 + 100 } else { drawn };
    Money::from_minor(minor, Currency::CNY)
}

fn draw_wages(random: &mut Random) -> Vec<WageLine> {
    WAGE_DEPARTMENTS
        .into_iter()
        .map(|department| {
            let people = random.between(2, 60);
            let each = random.between(420_000, 1_150_000);
            let amount = Money::from_minor(people * each + random.between(0, 9_999), Currency::CNY);
            WageLine { department, people: u32::try_from(people).unwrap_or(2), amount }
        })
        .collect()
}

fn capital_digit(digit: u32) -> char {
    const DIGITS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];
    DIGITS[(digit % 10) as usize]
}

fn capital_number(value: u32) -> String {
    let (tens, ones) = (value / 10, value % 10);
    let mut text = String::new();
    if tens > 0 {
        text.extend([capital_digit(tens), '拾']);
    }
    if ones > 0 {
        text.push(capital_digit(ones));
    }
    text
}

/// 零 stands before January, February and October, so that nothing can be put before them
/// (the payment settlement rules of the central bank, annex on writing bills).
fn capital_month(month: u32) -> String {
    let zero = if matches!(month, 1 | 2 | 10) { "零" } else { "" };
    format!("{zero}{}", capital_number(month))
}

/// 零 stands before the 1st to the 10th, the 20th and the 30th (the same rules).
fn capital_day(day: u32) -> String {
    let zero = if day < 10 || day.is_multiple_of(10) { "零" } else { "" };
    format!("{zero}{}", capital_number(day))
}

#[cfg(test)]
mod tests {
    use super::{Figures, capital_day, capital_month};
    use kernel::{Currency, Money};

    #[test]
    fn months_and_days_in_capitals_leave_no_room_before_them() {
        let months = [(1, "零壹"), (2, "零贰"), (3, "叁"), (9, "玖"), (10, "零壹拾"), (11, "壹拾壹"), (12, "壹拾贰")];
        for (month, text) in months {
            assert_eq!(capital_month(month), text);
        }
        let days = [
            (1, "零壹"),
            (9, "零玖"),
            (10, "零壹拾"),
            (11, "壹拾壹"),
            (20, "零贰拾"),
            (21, "贰拾壹"),
            (30, "零叁拾"),
            (31, "叁拾壹"),
        ];
        for (day, text) in days {
            assert_eq!(capital_day(day), text);
        }
    }

    #[test]
    fn figures_in_a_grid_keep_the_zeros_of_small_amounts() {
        let shown = |minor| Figures::of(Money::from_minor(minor, Currency::CNY)).with_sign();
        assert_eq!([shown(28_000), shown(5)], ["¥28000", "¥005"]);
    }

    #[test]
    fn figures_with_thousands_have_no_sign() {
        assert_eq!(Figures::of(Money::from_minor(123_456_789, Currency::CNY)).with_thousands(), "1,234,567.89");
    }
}
