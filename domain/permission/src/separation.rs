//! Separation of duties: one mechanism for dispatch, for acts and for the database.
//!
//! A [`Rule`] names acts of which one person may do only one on one subject.
//! Doing an act, or being handed the work for it, writes the row (subject, rule, person, side); the primary key is (subject, rule, person).
//! The insert passes when the row is new or the side is the same, and is refused otherwise.
//! Relatives get rows too, for whom they stand, so that the same primary key keeps them out.
//!
//! The design speaks of pairs of acts. A rule here is a set of acts, any two of which are a pair: the seven steps of an item are one row
//! instead of twenty-one, and doing one step writes one row instead of six.

use journal::{Answer, Cx};
use kernel::{Code, PersonId, Refusal};
use organization::Duty;
use organization::Duty::*;
use storage::{Conn, Fault, Tx, sql};

/// An act that some rule separates from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hand {
    /// The outlet's half: opening, pages, sending, taking back, and saying what came of it.
    /// The trade lets one teller do all of these, and no step of the center (`domain.md` 1.2).
    Capture,
    FirstKey,
    SecondKey,
    ThirdKey,
    /// Keying the second, third or fourth part of what an item's fields are cut into ([`Hand::keying`]).
    FirstKeyPart2,
    FirstKeyPart3,
    FirstKeyPart4,
    SecondKeyPart2,
    SecondKeyPart3,
    SecondKeyPart4,
    ThirdKeyPart2,
    ThirdKeyPart3,
    ThirdKeyPart4,
    Check,
    ReviewRefusal,
    Authorize,
    /// A supervisor's decision on the item: who does a step and when, resuming it, posting it once more, sending it back to its outlet.
    Supervise,
}

impl Hand {
    pub const ALL: &'static [Hand] = &[
        Self::Capture,
        Self::FirstKey,
        Self::SecondKey,
        Self::ThirdKey,
        Self::FirstKeyPart2,
        Self::FirstKeyPart3,
        Self::FirstKeyPart4,
        Self::SecondKeyPart2,
        Self::SecondKeyPart3,
        Self::SecondKeyPart4,
        Self::ThirdKeyPart2,
        Self::ThirdKeyPart3,
        Self::ThirdKeyPart4,
        Self::Check,
        Self::ReviewRefusal,
        Self::Authorize,
        Self::Supervise,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Capture => "capture",
            Self::FirstKey => "first_key",
            Self::SecondKey => "second_key",
            Self::ThirdKey => "third_key",
            Self::FirstKeyPart2 => "first_key_part_2",
            Self::FirstKeyPart3 => "first_key_part_3",
            Self::FirstKeyPart4 => "first_key_part_4",
            Self::SecondKeyPart2 => "second_key_part_2",
            Self::SecondKeyPart3 => "second_key_part_3",
            Self::SecondKeyPart4 => "second_key_part_4",
            Self::ThirdKeyPart2 => "third_key_part_2",
            Self::ThirdKeyPart3 => "third_key_part_3",
            Self::ThirdKeyPart4 => "third_key_part_4",
            Self::Check => "check",
            Self::ReviewRefusal => "review_refusal",
            Self::Authorize => "authorize",
            Self::Supervise => "supervise",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|hand| hand.as_str() == text)
    }

    /// The hand of one reading (1 to 3) of the part at `place` (from 0) among all parts that the item's fields are cut into.
    ///
    /// Each part has hands of its own, so that the rule of one hand per item lets nobody key two parts of an item, whatever their seat.
    /// Whole fields are keyed with the hands of the first part. `None` outside three readings and [`PARTS_MAX`] parts.
    pub fn keying(pass: i64, place: usize) -> Option<Self> {
        let parts = match pass {
            1 => [Self::FirstKey, Self::FirstKeyPart2, Self::FirstKeyPart3, Self::FirstKeyPart4],
            2 => [Self::SecondKey, Self::SecondKeyPart2, Self::SecondKeyPart3, Self::SecondKeyPart4],
            3 => [Self::ThirdKey, Self::ThirdKeyPart2, Self::ThirdKeyPart3, Self::ThirdKeyPart4],
            _ => return None,
        };
        parts.get(place).copied()
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::Capture => "受理",
            Self::FirstKey | Self::FirstKeyPart2 | Self::FirstKeyPart3 | Self::FirstKeyPart4 => "一录",
            Self::SecondKey | Self::SecondKeyPart2 | Self::SecondKeyPart3 | Self::SecondKeyPart4 => "二录",
            Self::ThirdKey | Self::ThirdKeyPart2 | Self::ThirdKeyPart3 | Self::ThirdKeyPart4 => "三录",
            Self::Check => "要素审核",
            Self::ReviewRefusal => "退票复核",
            Self::Authorize => "授权",
            Self::Supervise => "值班处理",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::Capture => "taking in",
            Self::FirstKey | Self::FirstKeyPart2 | Self::FirstKeyPart3 | Self::FirstKeyPart4 => "first keying",
            Self::SecondKey | Self::SecondKeyPart2 | Self::SecondKeyPart3 | Self::SecondKeyPart4 => "second keying",
            Self::ThirdKey | Self::ThirdKeyPart2 | Self::ThirdKeyPart3 | Self::ThirdKeyPart4 => "third keying",
            Self::Check => "the element check",
            Self::ReviewRefusal => "the review of the refusal",
            Self::Authorize => "the authorization",
            Self::Supervise => "a supervisor's decision",
        }
    }
}

/// The most parts into which the fields of one item are cut together: two accounts in two parts each.
pub const PARTS_MAX: usize = 4;

/// What a rule's rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectKind {
    /// One processing item.
    Item,
}

/// Acts of which one person may do only one on one subject.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub subject: SubjectKind,
    pub hands: &'static [Hand],
    /// Where the rule comes from.
    pub basis: &'static str,
}

/// The rule that an item passes through as many people as it has steps.
pub const ONE_HAND_PER_ITEM: &str = "one_hand_per_item";

/// The rule that an outsourced seat sees at most one slice of an item; its sides are slice ids.
pub const ONE_SLICE_PER_OUTSOURCED_SEAT: &str = "one_slice_per_outsourced_seat";

/// The rules over acts. A new rule is a new row here.
pub const RULES: &[Rule] = &[Rule {
    id: ONE_HAND_PER_ITEM,
    subject: SubjectKind::Item,
    hands: Hand::ALL,
    basis: "entry is separate from review and from authorization on every item; no person appears twice among the steps of an item",
}];

/// Duties that no person, nor relatives between them, may hold at the same time.
#[derive(Debug)]
pub struct DutyRule {
    pub one: &'static [Duty],
    pub other: &'static [Duty],
    pub basis: &'static str,
}

/// The duties of entry, of review, and of accounting, as the rules below group them.
const ENTRY: &[Duty] = &[Teller, Keyer, ThirdKeyer];
const REVIEW: &[Duty] = &[ElementChecker, RefusalReviewer, Authorizer];
const BUSINESS: &[Duty] = &[
    Teller,
    OutletSupervisor,
    Keyer,
    ThirdKeyer,
    ElementChecker,
    RefusalReviewer,
    Authorizer,
    ErrorHandler,
    DutySupervisor,
    CashClerk,
    Accountant,
    ClearingClerk,
    Reconciler,
];

/// The matrix of incompatible duties. A new incompatibility is a new row here.
pub const INCOMPATIBLE_DUTIES: &[DutyRule] = &[
    DutyRule { one: ENTRY, other: REVIEW, basis: "review and authorization are separate from entry" },
    DutyRule { one: &[Keyer], other: &[ThirdKeyer], basis: "the third key settles between two earlier keyers" },
    DutyRule { one: &[ElementChecker], other: &[RefusalReviewer, Authorizer], basis: "a decision has a second person" },
    DutyRule { one: &[RefusalReviewer], other: &[Authorizer], basis: "a decision has a second person" },
    DutyRule {
        one: &[Teller],
        other: &[Keyer, ThirdKeyer, DutySupervisor],
        basis: "outlet staff do no step of the center",
    },
    DutyRule {
        one: &[OutletSupervisor],
        other: &[Keyer, ThirdKeyer, ElementChecker, RefusalReviewer, Authorizer, DutySupervisor],
        basis: "outlet staff do no step of the center",
    },
    DutyRule {
        one: &[DutySupervisor],
        other: &[Keyer, ThirdKeyer, ElementChecker, RefusalReviewer, Authorizer],
        basis: "who dispatches does not key, check or authorize",
    },
    DutyRule {
        one: &[SystemAdministrator, OrganizationAdministrator],
        other: BUSINESS,
        basis: "system administration is separate from business",
    },
    DutyRule {
        one: &[SystemAdministrator],
        other: &[OrganizationAdministrator, Auditor],
        basis: "who keeps the system neither grants rights nor audits",
    },
    DutyRule { one: &[OrganizationAdministrator], other: &[Auditor], basis: "who grants rights does not audit them" },
    DutyRule { one: &[Auditor, QualityInspector], other: BUSINESS, basis: "nobody inspects own work" },
    DutyRule { one: &[Accountant], other: &[Reconciler], basis: "book-keeping is separate from reconciliation" },
    DutyRule { one: &[CashClerk], other: &[ArchiveClerk], basis: "cash is separate from accounting archives" },
    DutyRule {
        one: &[ArchiveClerk],
        other: &[Accountant, Keyer, ThirdKeyer],
        basis: "keeping the archive is separate from accounting entry",
    },
    DutyRule {
        one: &[SealKeeper],
        other: &[TestKeyKeeper, BlankVoucherKeeper],
        basis: "seals, test keys and blank vouchers have three keepers",
    },
    DutyRule {
        one: &[TestKeyKeeper],
        other: &[BlankVoucherKeeper],
        basis: "seals, test keys and blank vouchers have three keepers",
    },
    DutyRule {
        one: &[RiskMonitor],
        other: &[RiskVerifier, QualityInspector],
        basis: "identification, verification and quality control are separate",
    },
    DutyRule {
        one: &[RiskVerifier],
        other: &[QualityInspector],
        basis: "identification, verification and quality control are separate",
    },
    DutyRule { one: &[VendorSiteManager], other: BUSINESS, basis: "a vendor's manager takes no step of the bank" },
];

/// Why two duties exclude each other; `None` when they do not. Order does not matter.
pub fn incompatible(a: Duty, b: Duty) -> Option<&'static str> {
    let meets = |rule: &DutyRule| {
        (rule.one.contains(&a) && rule.other.contains(&b)) || (rule.one.contains(&b) && rule.other.contains(&a))
    };
    INCOMPATIBLE_DUTIES.iter().find(|rule| meets(rule)).map(|rule| rule.basis)
}

/// Records that `person` does, or is handed, `hand` on `subject`, and keeps the person's relatives out of its counterparts.
/// Refused when the person or a relative has done another act of the same rule.
pub async fn take_hand(cx: &mut Cx<'_>, person: &PersonId, hand: Hand, subject: &str) -> Answer<()> {
    for rule in RULES.iter().filter(|rule| rule.hands.contains(&hand)) {
        take_side(cx, person, rule.id, hand, subject).await?;
    }
    Ok(())
}

/// What [`take_hand`] would say now, without taking anything: for a screen that offers an act or does not.
pub async fn refusal_of_hand(
    conn: &mut Conn,
    person: &PersonId,
    hand: Hand,
    subject: &str,
) -> Result<Option<Refusal>, Fault> {
    for rule in RULES.iter().filter(|rule| rule.hands.contains(&hand)) {
        let statement =
            sql("SELECT COUNT(*) AS n FROM separation_marks WHERE subject = $1 AND rule = $2 AND side <> $4
             AND (person_id = $3 OR person_id IN (SELECT relative_id FROM relatives WHERE person_id = $3)
                  OR person_id IN (SELECT person_id FROM relatives WHERE relative_id = $3))");
        let statement = statement.bind(subject).bind(rule.id).bind(person).bind(hand.as_str());
        if conn.one(statement).await?.int("n")? > 0 {
            return Ok(Some(refusal(hand)));
        }
    }
    Ok(None)
}

/// Records that an outsourced `person` is handed `slice` of `subject`; refused when another slice of it was.
pub async fn take_slice(cx: &mut Cx<'_>, person: &PersonId, slice: &str, subject: &str) -> Answer<()> {
    let written = write(cx.tx, subject, ONE_SLICE_PER_OUTSOURCED_SEAT, person, slice, None, cx.now.micros()).await?;
    if written { Ok(()) } else { Err(Refusal::new(Code::OneSliceOnly).into()) }
}

/// One statement for the person and all relatives, whom it reads where `organization` keeps them: it runs at every lease and every act.
/// A row that is there keeps its side. Only what is new or in the way comes back, so every side that does must be the wanted one;
/// marks that stand already are read and not written again, which is the usual case of an act after its lease.
async fn take_side(cx: &mut Cx<'_>, person: &PersonId, rule: &str, hand: Hand, subject: &str) -> Answer<()> {
    let side = hand.as_str();
    let statement = sql("INSERT INTO separation_marks (subject, rule, person_id, side, stands_for, at)
         SELECT $1, $2, x.person_id, $4, x.stands_for, $5 FROM (
             SELECT $3 AS person_id, NULL AS stands_for
             UNION SELECT relative_id, $3 FROM relatives WHERE person_id = $3
             UNION SELECT person_id, $3 FROM relatives WHERE relative_id = $3) AS x WHERE TRUE
         ON CONFLICT (subject, rule, person_id) DO UPDATE SET stands_for =
             CASE WHEN excluded.stands_for IS NULL AND excluded.side = separation_marks.side THEN NULL
                  ELSE separation_marks.stands_for END
         WHERE separation_marks.side <> excluded.side OR (separation_marks.stands_for IS NOT NULL AND excluded.stands_for IS NULL)
         RETURNING side");
    let statement = statement.bind(subject).bind(rule).bind(person).bind(side).bind(cx.now);
    for row in cx.tx.all(statement).await? {
        if row.text("side")? != side {
            return Err(refusal(hand).into());
        }
    }
    Ok(())
}

fn refusal(hand: Hand) -> Refusal {
    Refusal::detailed(Code::SeparationOfDuties, hand.zh(), hand.en())
}

/// `true` when the row is there with this side afterwards; the primary key decides between racing acts.
/// Whoever stood for a relative and then acts on the same side stands for themselves from then on.
async fn write(
    tx: &mut Tx,
    subject: &str,
    rule: &str,
    person: &PersonId,
    side: &str,
    stands_for: Option<&PersonId>,
    at: i64,
) -> Answer<bool> {
    let changed = tx
        .execute(
            sql("INSERT INTO separation_marks (subject, rule, person_id, side, stands_for, at) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (subject, rule, person_id) DO UPDATE
                 SET stands_for = CASE WHEN excluded.stands_for IS NULL THEN NULL ELSE separation_marks.stands_for END
                 WHERE separation_marks.side = excluded.side")
            .bind(subject)
            .bind(rule)
            .bind(person)
            .bind(side)
            .bind(stands_for)
            .bind(at),
        )
        .await?;
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hands_survive_their_text() {
        for hand in Hand::ALL {
            assert_eq!(Hand::parse(hand.as_str()), Some(*hand));
        }
        assert_eq!(Hand::parse("superuser"), None);
    }

    #[test]
    fn every_reading_of_every_part_is_a_hand_of_its_own() {
        let hands: Vec<_> =
            (1..=3).flat_map(|pass| (0..PARTS_MAX).map(move |place| Hand::keying(pass, place))).collect();
        for (at, hand) in hands.iter().enumerate() {
            assert!(hand.is_some() && !hands[..at].contains(hand), "{hand:?}");
        }
        assert_eq!((Hand::keying(0, 0), Hand::keying(4, 0), Hand::keying(1, PARTS_MAX)), (None, None, None));
    }

    #[test]
    fn incompatibility_is_symmetric_and_no_duty_excludes_itself() {
        for a in Duty::ALL {
            assert_eq!(incompatible(*a, *a), None, "{a:?}");
            for b in Duty::ALL {
                assert_eq!(incompatible(*a, *b), incompatible(*b, *a), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_matrix_of_incompatible_duties_changes_only_on_purpose() {
        let mut lines = Vec::new();
        for (place, a) in Duty::ALL.iter().enumerate() {
            for b in &Duty::ALL[place + 1..] {
                if let Some(basis) = incompatible(*a, *b) {
                    lines.push(format!("{} x {}: {basis}", a.as_str(), b.as_str()));
                }
            }
        }
        insta::assert_snapshot!("incompatible_duties", lines.join("\n"));
    }

    proptest! {
        #[test]
        fn duties_that_may_be_held_together_never_grant_two_hands_of_one_rule(picks in proptest::collection::vec(0..Duty::ALL.len(), 1..6)) {
            let mut held: Vec<Duty> = Vec::new();
            for pick in picks {
                let duty = Duty::ALL[pick];
                if held.iter().all(|other| incompatible(*other, duty).is_none()) {
                    held.push(duty);
                }
            }
            let deciding = [crate::Action::KeySlice, crate::Action::CheckItem, crate::Action::AuthorizeItem];
            let reachable = deciding.iter().filter(|action| {
                held.iter().any(|duty| crate::policy::grants(*duty).iter().any(|(granted, _)| granted == *action))
            }).count();
            prop_assert!(reachable <= 1, "{:?} reach {} steps", held, reachable);
        }
    }
}
