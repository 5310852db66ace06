//! How well was keyed, measured against what is really written: the truth that the product never sees.
//!
//! Double keying is judged here and not by the product, because two people who read the same wrong thing agree.

use crate::seed::{SeedError, Settings};
use crate::truth::{TruthError, TruthStore};
use kernel::normalize::normalize;
use kernel::{Clock as _, SystemClock};
use processing::keying::{Pass, SliceState};
use processing::report::{FieldOutcome, field_outcomes};
use serde::Serialize;
use std::collections::BTreeMap;
use storage::cipher::FileMasterKey;
use storage::vault::Vault;
use storage::{Database, Db};

/// Items read in one step.
const STEP: i64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Product(#[from] SeedError),
    #[error(transparent)]
    Truth(#[from] TruthError),
}

/// Fields looked at and found wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Rate {
    pub fields: u64,
    pub wrong: u64,
    /// As the trade counts; absent while nothing was looked at.
    pub wrong_per_10000: Option<u64>,
}

impl Rate {
    fn count(&mut self, right: bool) {
        self.fields += 1;
        self.wrong += u64::from(!right);
        self.wrong_per_10000 = Some(self.wrong * 10_000 / self.fields);
    }
}

/// The rates of one business type.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rates {
    /// Every first and second reading by itself.
    pub single: Rate,
    /// Fields on which two readings agreed.
    pub double: Rate,
    /// Fields settled by two or by the third reading.
    pub after_third: Rate,
    /// Fields as the checker passed them.
    pub after_check: Rate,
    /// Fields that went to a third reading, and those that the checker had to decide.
    pub to_third: u64,
    pub to_checker: u64,
    /// Readings called unreadable.
    pub unreadable: u64,
}

impl Rates {
    fn add(&mut self, outcome: &FieldOutcome, truth: &str) {
        let truth = normalize(outcome.kind, truth);
        let right = |text: &str| normalize(outcome.kind, text) == truth;
        for (pass, reading) in &outcome.readings {
            match (pass, reading) {
                (Pass::First | Pass::Second, Some(text)) => self.single.count(right(text.reveal())),
                (_, None) => self.unreadable += 1,
                _ => {}
            }
        }
        self.to_third += u64::from(
            outcome.readings.iter().any(|(pass, _)| *pass == Pass::Third) || outcome.state == SliceState::Third,
        );
        self.to_checker += u64::from(outcome.state == SliceState::Unsettled);
        if let Some(settled) = &outcome.settled {
            let good = right(settled.reveal());
            if outcome.state == SliceState::Agreed {
                self.double.count(good);
            }
            if matches!(outcome.state, SliceState::Agreed | SliceState::SettledByThird) {
                self.after_third.count(good);
            }
        }
        if let Some(passed) = &outcome.passed {
            self.after_check.count(right(passed.reveal()));
        }
    }
}

/// Reads every item that has a truth file; the key `all` holds the sum.
pub async fn keying(settings: &Settings, truth: &TruthStore) -> Result<BTreeMap<String, Rates>, ReportError> {
    let master = FileMasterKey::read(&settings.master_key_file).map_err(SeedError::from)?;
    let db = Db::open(&Database::parse(&settings.database)).await.map_err(SeedError::from)?;
    let vault = Vault::open(&db, &master, "fields", SystemClock.now()).await.map_err(SeedError::from)?;
    let mut rates: BTreeMap<String, Rates> = BTreeMap::new();
    let mut reader = db.reader().await.map_err(SeedError::from)?;
    let mut after = String::new();
    loop {
        let (outcomes, last) = field_outcomes(&mut reader, &vault, &after, STEP).await.map_err(SeedError::from)?;
        for outcome in &outcomes {
            let written = truth.read(&outcome.item_no)?;
            let Some(text) = written.as_ref().and_then(|truth| truth.fields.get(&outcome.field)) else { continue };
            rates.entry("all".into()).or_default().add(outcome, text);
            rates.entry(outcome.type_code.clone()).or_default().add(outcome, text);
        }
        match last {
            Some(last) => after = last,
            None => return Ok(rates),
        }
    }
}

/// The table for people.
pub fn lines(rates: &BTreeMap<String, Rates>) -> String {
    let mut out = format!(
        "{:<6}{:>22}{:>22}{:>22}{:>22}{:>10}{:>12}\n",
        "", "single", "double", "after third key", "after the checker", "to third", "to checker"
    );
    let show = |rate: &Rate| {
        let per = rate.wrong_per_10000.map_or_else(|| "-".into(), |per| per.to_string());
        format!("{} of {} ({per})", rate.wrong, rate.fields)
    };
    for (code, it) in rates {
        out.push_str(&format!(
            "{code:<6}{:>22}{:>22}{:>22}{:>22}{:>10}{:>12}\n",
            show(&it.single),
            show(&it.double),
            show(&it.after_third),
            show(&it.after_check),
            it.to_third,
            it.to_checker
        ));
    }
    out.push_str("wrong fields of fields, in brackets per 10,000, against what is really written\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::normalize::FieldKind;
    use storage::vault::Private;

    fn outcome(state: SliceState, readings: &[(Pass, &str)], settled: Option<&str>) -> FieldOutcome {
        FieldOutcome {
            item_no: "1-20261123-00001".into(),
            type_code: "R01".into(),
            field: "amount".into(),
            kind: FieldKind::Amount,
            state,
            readings: readings
                .iter()
                .map(|(pass, text)| (*pass, (*text != "?").then(|| Private::new(*text))))
                .collect(),
            settled: settled.map(Private::new),
            passed: None,
        }
    }

    #[test]
    fn two_who_agree_on_a_wrong_thing_are_counted_against_double_keying() {
        let mut rates = Rates::default();
        rates.add(&outcome(SliceState::Agreed, &[(Pass::First, "1.00"), (Pass::Second, "1")], Some("1.00")), "1.00");
        rates.add(&outcome(SliceState::Agreed, &[(Pass::First, "2.00"), (Pass::Second, "2.00")], Some("2.00")), "1.00");
        let by_third = [(Pass::First, "1.00"), (Pass::Second, "7.00"), (Pass::Third, "1.00")];
        rates.add(&outcome(SliceState::SettledByThird, &by_third, Some("1.00")), "1.00");
        rates.add(
            &outcome(SliceState::Unsettled, &[(Pass::First, "?"), (Pass::Second, "?"), (Pass::Third, "?")], None),
            "1.00",
        );
        assert_eq!((rates.single.fields, rates.single.wrong), (6, 3));
        assert_eq!((rates.double.fields, rates.double.wrong), (2, 1));
        assert_eq!((rates.after_third.fields, rates.after_third.wrong), (3, 1));
        assert_eq!((rates.to_third, rates.to_checker, rates.unreadable), (2, 1, 3));
    }
}
