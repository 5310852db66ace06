//! What simulated people decide when they see a piece of work: pure functions of the work, the truth and chance.

use crate::client::wire::{AuthorizeTask, CheckField, CheckTask, Reason};
use crate::documents::Flaw;
use crate::mistakes::Mistakes;
use crate::random::Random;
use crate::truth::Truth;

/// How a keyer answers a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keyed {
    Value(String),
    /// 看不清.
    Unreadable,
    /// Given back: this document is for real people.
    HandBack,
}

/// How a checker ends a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checked {
    Pass(Vec<Settled>),
    Return(String),
    Rescan(String, Vec<String>),
    Refuse(String),
    HandBack,
}

/// One field as the checker settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub code: String,
    pub value: String,
    /// Why it was unsure, where it was.
    pub cause: Option<&'static str>,
}

/// How an authorizer ends an authorization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authorized {
    Approve { checklist: Vec<String> },
    Refuse(String),
    HandBack,
}

// Reasons of `domain.md` 1.10.
const IMAGE_UNCLEAR: &str = "R01";
const WORDS_FIGURES: &str = "R05";
const SEAL_MISSING: &str = "R10";
const PURPOSE_NOT_ALLOWED: &str = "R21";
const OTHER: &str = "R99";

/// Of 10,000 checks, those that a checker proposes to refuse for good.
const REFUSALS_PER_10_000: u64 = 50;
/// Of 10,000 fields, those at which a checker takes a wrong candidate.
const CHECKER_SLIPS_PER_10_000: u64 = 5;
/// Of 100 authorizations, those refused.
const AUTHORIZER_REFUSALS_PERCENT: u64 = 2;

/// What a keyer types for a slice of an item with this truth.
pub fn keying(field: &str, truth: Option<&Truth>, mistakes: Mistakes, random: &mut Random) -> Keyed {
    let Some(truth) = truth.filter(|truth| !truth.fields.is_empty()) else { return Keyed::HandBack };
    // Of a blurred page, a third can still be guessed.
    if truth.flaws.contains(&Flaw::Blurred) && random.chance(2, 3) {
        return Keyed::Unreadable;
    }
    match truth.fields.get(field) {
        Some(value) => Keyed::Value(mistakes.key(value, random)),
        None => Keyed::Unreadable,
    }
}

/// What a checker does with an item: bad images are scanned again, bad vouchers go back, the rest passes as it is written.
pub fn check(task: &CheckTask, truth: Option<&Truth>, random: &mut Random) -> Checked {
    let Some(truth) = truth.filter(|truth| !truth.fields.is_empty()) else { return Checked::HandBack };
    let reasons = &task.reasons;
    if truth.flaws.iter().any(|flaw| matches!(flaw, Flaw::Blurred | Flaw::Skewed)) {
        let pages = task.pages.iter().filter(|page| !page.superseded).map(|page| page.page_id.clone()).collect();
        return Checked::Rescan(reason_for("rescan", IMAGE_UNCLEAR, reasons), pages);
    }
    if truth.flaws.contains(&Flaw::WordsDiffer) {
        return Checked::Return(reason_for("return", WORDS_FIGURES, reasons));
    }
    if truth.flaws.contains(&Flaw::SealMissing) {
        return Checked::Return(reason_for("return", SEAL_MISSING, reasons));
    }
    if random.chance(REFUSALS_PER_10_000, 10_000) {
        return Checked::Refuse(reason_for("refuse", PURPOSE_NOT_ALLOWED, reasons));
    }
    Checked::Pass(task.fields.iter().map(|field| settle(field, truth, random)).collect())
}

fn settle(field: &CheckField, truth: &Truth, random: &mut Random) -> Settled {
    let right = truth.fields.get(&field.code).or(field.value.as_ref()).cloned().unwrap_or_default();
    let other = field.candidates.iter().map(|candidate| &candidate.value).find(|value| **value != right);
    let value = match other {
        Some(other) if random.chance(CHECKER_SLIPS_PER_10_000, 10_000) => other.clone(),
        _ => right,
    };
    let unsure = matches!(field.state.as_str(), "unsettled" | "failed_rule");
    Settled { code: field.code.clone(), value, cause: unsure.then_some("handwriting") }
}

/// Whether a proposed refusal stands: four in five do.
pub fn uphold(random: &mut Random) -> bool {
    random.chance(4, 5)
}

/// What an authorizer does who has looked at every page: ticks every line, and refuses now and then.
pub fn authorize(task: &AuthorizeTask, truth: Option<&Truth>, reasons: &[Reason], random: &mut Random) -> Authorized {
    let Some(truth) = truth.filter(|truth| !truth.fields.is_empty()) else { return Authorized::HandBack };
    if truth.flaws.contains(&Flaw::SealMissing) {
        return Authorized::Refuse(reason_for("return", SEAL_MISSING, reasons));
    }
    if random.chance(AUTHORIZER_REFUSALS_PERCENT, 100) {
        return Authorized::Refuse(reason_for("return", PURPOSE_NOT_ALLOWED, reasons));
    }
    Authorized::Approve { checklist: task.checklist.iter().map(|line| line.id.clone()).collect() }
}

/// The wanted reason where the catalog allows it for this use, else the first that it does.
pub fn reason_for(purpose: &str, wanted: &str, catalog: &[Reason]) -> String {
    let fits = |reason: &&Reason| reason.uses.iter().any(|known| known == purpose);
    let exact = catalog.iter().filter(fits).find(|reason| reason.code == wanted);
    let found = exact.or_else(|| catalog.iter().find(fits));
    found.map_or_else(|| wanted.to_owned(), |reason| reason.code.clone())
}

/// The reason with which work is given back.
pub fn hand_back_reason(catalog: &[Reason]) -> String {
    reason_for("hand_back", OTHER, catalog)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mistakes::PUBLISHED;
    use crate::truth::Source;

    fn truth(flaws: &[Flaw]) -> Truth {
        Truth {
            business_type: "R01".into(),
            source: Source::Drawn { seed: 1, date: "2026-11-23".into() },
            fields: [("amount".to_owned(), "280.00".to_owned())].into(),
            flaws: flaws.to_vec(),
        }
    }

    fn task(state: &str, candidates: &[&str]) -> CheckTask {
        serde_json::from_value(serde_json::json!({
            "item": { "item_id": "itm_1", "item_no": "1", "business_type": { "code": "R01" }, "state": "checking" },
            "pages": [{ "page_id": "old", "superseded": true }, { "page_id": "new" }],
            "fields": [{ "code": "amount", "state": state, "value": "208.00",
                "candidates": candidates.iter().map(|value| serde_json::json!({ "by": "first", "value": value })).collect::<Vec<_>>() }],
            "reasons": [{ "code": "R01", "uses": ["rescan"] }, { "code": "R05", "uses": ["return"] },
                { "code": "R21", "uses": ["refuse", "return"] }],
        }))
        .unwrap()
    }

    /// A seed at which no rare event of the first draws happens.
    fn quiet() -> Random {
        Random::new(1)
    }

    #[test]
    fn a_keyer_types_what_is_written() {
        assert_eq!(keying("amount", Some(&truth(&[])), PUBLISHED, &mut quiet()), Keyed::Value("280.00".into()));
        assert_eq!(keying("address", Some(&truth(&[])), PUBLISHED, &mut quiet()), Keyed::Unreadable);
    }

    #[test]
    fn documents_without_truth_are_left_to_real_people() {
        let empty = Truth { fields: Default::default(), ..truth(&[]) };
        for unknown in [None, Some(&empty)] {
            assert_eq!(keying("amount", unknown, PUBLISHED, &mut quiet()), Keyed::HandBack);
            assert_eq!(check(&task("agreed", &[]), unknown, &mut quiet()), Checked::HandBack);
        }
    }

    #[test]
    fn a_checker_corrects_an_unsettled_field_and_names_the_cause() {
        let settled = Settled { code: "amount".into(), value: "280.00".into(), cause: Some("handwriting") };
        assert_eq!(
            check(&task("unsettled", &["280.00", "208.00"]), Some(&truth(&[])), &mut quiet()),
            Checked::Pass(vec![settled])
        );
    }

    #[test]
    fn each_flaw_has_its_way_back() {
        let decided = |flaw| check(&task("agreed", &[]), Some(&truth(&[flaw])), &mut quiet());
        assert_eq!(decided(Flaw::Blurred), Checked::Rescan("R01".into(), vec!["new".into()]));
        assert_eq!(decided(Flaw::Skewed), Checked::Rescan("R01".into(), vec!["new".into()]));
        assert_eq!(decided(Flaw::WordsDiffer), Checked::Return("R05".into()));
        // R10 is not in this catalog, so the first reason for a return stands in.
        assert_eq!(decided(Flaw::SealMissing), Checked::Return("R05".into()));
    }

    #[test]
    fn an_authorizer_ticks_every_line() {
        let task: AuthorizeTask = serde_json::from_value(serde_json::json!({
            "item": { "item_id": "itm_1", "item_no": "1", "business_type": { "code": "R01" }, "state": "authorizing" },
            "pages": [{ "page_id": "old", "superseded": true }, { "page_id": "new" }],
            "checklist": [{ "id": "seal_present", "zh": "", "en": "" }],
        }))
        .unwrap();
        let approved = Authorized::Approve { checklist: vec!["seal_present".into()] };
        assert_eq!(authorize(&task, Some(&truth(&[])), &[], &mut quiet()), approved);
        let mut random = Random::new(8);
        let refused = (0..10_000)
            .filter(|_| matches!(authorize(&task, Some(&truth(&[])), &[], &mut random), Authorized::Refuse(_)))
            .count();
        assert!((150..250).contains(&refused), "{refused}");
    }

    #[test]
    fn a_reason_outside_the_catalog_is_replaced_by_one_that_fits() {
        let catalog = task("agreed", &[]).reasons;
        assert_eq!(reason_for("refuse", "R05", &catalog), "R21");
        assert_eq!(reason_for("rescan", "R01", &catalog), "R01");
        assert_eq!(reason_for("hand_back", "R99", &[]), "R99");
    }
}
