//! The rules of a business type over keyed values.
//!
//! Double entry finds what two people read differently; these rules find what both read right and the customer wrote wrong.

use crate::definition::{BusinessType, CheckRule, CheckSpec};
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
    let normalized: Option<Vec<String>> = spec
        .fields
        .iter()
        .map(|code| {
            let field = definition.field(code)?;
            let value = values.get(code).filter(|value| !value.trim().is_empty())?;
            Some(normalize(field.kind, value))
        })
        .collect();
    let passed = normalized.and_then(|values| holds(spec, definition, &values, today, facts));
    let outcome = match passed {
        Some(true) => Outcome::Passed,
        Some(false) => Outcome::Failed,
        None => Outcome::Skipped,
    };
    let (zh, en) = words(spec.rule);
    Check { rule: spec.rule.as_str(), fields: spec.fields.clone(), outcome, zh, en }
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
    })
}

fn words(rule: CheckRule) -> (String, String) {
    let (zh, en) = match rule {
        CheckRule::WordsEqualFigures => ("大写金额与小写金额一致", "amount in words equals figures"),
        CheckRule::AccountCheckDigit => ("账号校验位正确", "account check digit is right"),
        CheckRule::BankCode => ("行号校验位正确", "bank code check digit is right"),
        CheckRule::CitizenId => ("身份证号码有效", "citizen id is valid"),
        CheckRule::DateNotFuture => ("日期不晚于今天", "date is not in the future"),
        CheckRule::DateWithinDays(days) => {
            return (format!("日期在 {days} 天提示付款期内"), format!("date is within {days} days"));
        }
        CheckRule::NameMatchesAccount => ("户名与账号相符", "name matches the account"),
    };
    (zh.to_owned(), en.to_owned())
}
