//! The rules of a business type over keyed values.
//!
//! Double entry finds what two people read differently; these rules find what both read right and the customer wrote wrong.

use crate::definition::{BusinessType, CheckRule, CheckSpec, FieldSpec};
use kernel::normalize::{FieldKind, minor_units, normalize};
use kernel::{BusinessDate, checksum};
use std::collections::HashMap;

/// How a rule came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    /// A value that the rule needs is not there, or the core has not answered yet.
    Skipped,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Passed, Self::Failed, Self::Skipped];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// A rule with its outcome, in words for the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub rule: &'static str,
    pub fields: Vec<String>,
    pub outcome: Outcome,
    pub zh: String,
    pub en: String,
}

/// What the core said before, by fact name (see [`fact_name`]): `Some(true)` is a match.
pub type Facts = HashMap<String, bool>;

/// Names the fact that a rule waits for.
pub fn fact_name(spec: &CheckSpec) -> String {
    format!("{}({})", spec.rule.as_str(), spec.fields.join(","))
}

/// The values of the rules that only the core can answer: each rule's name and account, where both are given.
pub(crate) fn asked_of_core<'a>(
    definition: &'a BusinessType,
    values: &'a HashMap<String, String>,
) -> impl Iterator<Item = (&'a CheckSpec, &'a str, &'a str)> {
    let given = |code: &String| values.get(code).map(|value| value.trim()).filter(|value| !value.is_empty());
    let asked = definition.checks.iter().filter(|spec| spec.rule == CheckRule::NameMatchesAccount);
    asked.filter_map(move |spec| Some((spec, given(spec.fields.first()?)?, given(spec.fields.get(1)?)?)))
}

/// Applies every rule of the type to `values` (field code to text as keyed).
pub fn evaluate(
    definition: &BusinessType,
    values: &HashMap<String, String>,
    today: BusinessDate,
    facts: &Facts,
) -> Vec<Check> {
    definition.checks.iter().map(|spec| check(definition, spec, values, today, facts)).collect()
}

fn check(
    definition: &BusinessType,
    spec: &CheckSpec,
    values: &HashMap<String, String>,
    today: BusinessDate,
    facts: &Facts,
) -> Check {
    let passed = match spec.rule {
        CheckRule::SumEquals => adds_up(spec, definition, values),
        _ => all_given(spec, definition, values).and_then(|values| holds(spec, definition, &values, today, facts)),
    };
    let outcome = match passed {
        Some(true) => Outcome::Passed,
        Some(false) => Outcome::Failed,
        None => Outcome::Skipped,
    };
    let (zh, en) = words(spec, definition);
    Check { rule: spec.rule.as_str(), fields: spec.fields.clone(), outcome, zh, en }
}

/// The normalized values of a rule's fields; `None` when one of them is not there.
fn all_given(spec: &CheckSpec, definition: &BusinessType, values: &HashMap<String, String>) -> Option<Vec<String>> {
    spec.fields.iter().map(|code| given(definition.field(code)?, values)).collect()
}

fn given(field: &FieldSpec, values: &HashMap<String, String>) -> Option<String> {
    let value = values.get(&field.code).filter(|value| !value.trim().is_empty())?;
    Some(normalize(field.kind, value))
}

/// Whether the first field is the sum of the others, in whole minor units or pieces.
/// What is no number, and a sum beyond all numbers, is not equal; nothing is rounded.
fn adds_up(spec: &CheckSpec, definition: &BusinessType, values: &HashMap<String, String>) -> Option<bool> {
    let fields: Vec<&FieldSpec> = spec.fields.iter().map(|code| definition.field(code)).collect::<Option<_>>()?;
    let (total, addends) = fields.split_first()?;
    let number = |field: &FieldSpec, text: &str| match field.kind {
        FieldKind::Count => text.parse::<i64>().ok(),
        kind => minor_units(kind, text, definition.currency),
    };
    let total = number(total, &given(total, values)?);
    let mut sum = Some(0_i64);
    for field in addends {
        match given(field, values) {
            Some(text) => sum = sum.zip(number(field, &text)).and_then(|(sum, more)| sum.checked_add(more)),
            None if field.required => return None,
            None => {}
        }
    }
    Some(sum.is_some() && sum == total)
}

fn holds(
    spec: &CheckSpec,
    definition: &BusinessType,
    values: &[String],
    today: BusinessDate,
    facts: &Facts,
) -> Option<bool> {
    let first = values.first()?;
    Some(match spec.rule {
        CheckRule::WordsEqualFigures => {
            let words = minor_units(FieldKind::CapitalAmount, first, definition.currency);
            let figures = minor_units(FieldKind::Amount, values.get(1)?, definition.currency);
            words.is_some() && words == figures
        }
        CheckRule::AccountCheckDigit => checksum::luhn::check(first).is_ok(),
        CheckRule::BankCode => checksum::bank_code::check(first).is_ok(),
        CheckRule::CitizenId => checksum::citizen_id::check(first).is_ok(),
        CheckRule::DateNotFuture => first.parse::<BusinessDate>().is_ok_and(|date| date <= today),
        CheckRule::DateWithinDays(days) => {
            first.parse::<BusinessDate>().is_ok_and(|date| (0..=days).contains(&date.days_until(today)))
        }
        CheckRule::NameMatchesAccount => *facts.get(&fact_name(spec))?,
        // Takes fields that may be empty, and is answered before.
        CheckRule::SumEquals => return None,
    })
}

fn words(spec: &CheckSpec, definition: &BusinessType) -> (String, String) {
    let (zh, en) = match spec.rule {
        CheckRule::WordsEqualFigures => ("大写金额与小写金额一致", "amount in words equals figures"),
        CheckRule::AccountCheckDigit => ("账号校验位正确", "account check digit is right"),
        CheckRule::BankCode => ("行号校验位正确", "bank code check digit is right"),
        CheckRule::CitizenId => ("身份证号码有效", "citizen id is valid"),
        CheckRule::DateNotFuture => ("日期不晚于今天", "date is not in the future"),
        CheckRule::DateWithinDays(days) => {
            return (format!("日期在 {days} 天提示付款期内"), format!("date is within {days} days"));
        }
        CheckRule::NameMatchesAccount => ("户名与账号相符", "name matches the account"),
        CheckRule::SumEquals => return words_of_sum(spec, definition),
    };
    (zh.to_owned(), en.to_owned())
}

/// Names the fields, because the checker must find the line that is wrong.
fn words_of_sum(spec: &CheckSpec, definition: &BusinessType) -> (String, String) {
    let names = |name: fn(&FieldSpec) -> &str| -> Vec<&str> {
        spec.fields.iter().filter_map(|code| definition.field(code)).map(name).collect()
    };
    let (zh, en) = (names(|field| &field.name_zh), names(|field| &field.name_en));
    let total = |names: &[&str]| names.first().copied().unwrap_or_default().to_owned();
    let addends = |names: &[&str], between: &str| names.get(1..).unwrap_or_default().join(between);
    (
        format!("{}等于{}之和", total(&zh), addends(&zh, "、")),
        format!("{} is the sum of {}", total(&en), addends(&en, ", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::parse;

    const WORLD: &str = include_str!("../../../testkit/world/definitions/T01.toml");

    /// T01 with two lines above its total, the second of which may be left empty.
    fn with_lines() -> BusinessType {
        let line = |code: &str, name: &str, y: u32, required: bool| {
            format!(
                "[[fields]]\ncode = \"{code}\"\nname_zh = \"{name}\"\nname_en = \"{code}\"\nkind = \"amount\"\npage = \"voucher_front\"\n\
                 rect = [500, {y}, 4000, 500]\nkey_mode = \"double\"\nsensitivity = \"C2\"\noutsourced = false\n\
                 required = {required}\nmax_length = 20\n\n"
            )
        };
        let rule = "[[checks]]\nrule = \"sum_equals\"\nfields = [\"amount\", \"line_1\", \"line_2\"]\n\n[authorize]";
        let lines = line("line_1", "第一行", 6000, true) + &line("line_2", "第二行", 7000, false);
        let text = WORLD.replace("[[checks]]", &format!("{lines}[[checks]]")).replace("[authorize]", rule);
        parse(&text).expect("a definition with a sum")
    }

    #[test]
    fn a_total_is_the_sum_of_its_lines_to_the_last_cent() {
        use Outcome::{Failed, Passed, Skipped};
        let definition = with_lines();
        let table = [
            ("300.30", "100.10", "200.20", Passed),
            ("0.30", "0.10", "0.20", Passed),
            ("1,300.00", "￥1,000.00", "３００．００", Passed),
            ("300.30", "100.10", "200.21", Failed),
            ("300.30", "100.10", "200.19", Failed),
            ("300", "100", "200", Passed),
            ("100.10", "100.10", "", Passed),
            ("100.10", "100.11", " ", Failed),
            ("100.10", "", "100.10", Skipped),
            ("", "100.10", "200.20", Skipped),
            ("300.30", "看不清", "200.20", Failed),
            ("300.305", "100.105", "200.20", Failed),
            ("-92233720368547758.08", "92233720368547758.07", "0.01", Failed),
        ];
        let today = BusinessDate::parse("2026-11-23").expect("a date");
        for (total, one, other, expected) in table {
            let values = [("amount", total), ("line_1", one), ("line_2", other)];
            let values = values.into_iter().map(|(code, value)| (code.to_owned(), value.to_owned())).collect();
            let checks = evaluate(&definition, &values, today, &Facts::new());
            let sum = checks.iter().find(|check| check.rule == "sum_equals").expect("the rule");
            assert_eq!(sum.outcome, expected, "{total} = {one} + {other}");
            assert_eq!(sum.zh, "小写金额等于第一行、第二行之和");
            assert_eq!(sum.en, "Amount is the sum of line_1, line_2");
        }
    }
}
