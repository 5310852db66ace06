//! What simulated outlets decide: pure functions of an item's state, its document and chance.

use crate::documents::{Condition, Order, draw_business_type};
use crate::random::Random;
use crate::receipts::RealDocument;
use crate::truth::{Source, Truth};
use kernel::calendar::BusinessDate;

/// What a teller does about an item that came back or went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    Confirm,
    /// Put a better page in the place of the present one, then send the item again.
    Replace(Condition),
    /// Send it again as it is: there is nothing better.
    Resubmit,
    Withdraw,
    /// Somebody else's move, or nobody's.
    Wait,
}

/// In a hundred returned vouchers, the customers who do not come back: a frozen account stays frozen, so most give up after two or three times.
const GIVEN_UP_PERCENT: u64 = 30;

/// What to do about an item in a state; `truth` is what was sent, if this simulation sent it.
pub fn react(state: &str, truth: Option<&Truth>, random: &mut Random) -> Reaction {
    match (state, truth) {
        ("posted", Some(_)) => Reaction::Confirm,
        ("rescan" | "returned", Some(truth)) => match truth.source {
            _ if state == "returned" && random.chance(GIVEN_UP_PERCENT, 100) => Reaction::Withdraw,
            Source::Drawn { .. } if state == "rescan" => Reaction::Replace(Condition::Rescanned),
            Source::Drawn { .. } => Reaction::Replace(Condition::Corrected),
            // There is no better picture of a real file, and one without truth is for real people.
            Source::File { .. } if state == "rescan" || truth.fields.is_empty() => Reaction::Wait,
            Source::File { .. } => Reaction::Resubmit,
        },
        // Items that real people made are theirs.
        _ => Reaction::Wait,
    }
}

/// The states in which an outlet has something to do.
pub const STATES_TO_REACT: [&str; 3] = ["posted", "rescan", "returned"];

/// What comes to the counter next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    Customer(Order),
    File(RealDocument),
}

/// Real files first come every other time, so that both kinds are seen from the start.
pub fn next_arrival(files: &mut Vec<RealDocument>, count: u64, today: BusinessDate, random: &mut Random) -> Arrival {
    match files.pop() {
        Some(file) if count.is_multiple_of(2) => Arrival::File(file),
        kept => {
            files.extend(kept);
            let business_type = draw_business_type(random);
            Arrival::Customer(Order { business_type, seed: random.bits(), today, condition: Condition::AsFound })
        }
    }
}

/// The files of one of several outlets: every outlet gets its share, in the order of their names, without those sent before.
pub fn share(files: &[RealDocument], sent: &[String], outlet: usize, outlets: usize) -> Vec<RealDocument> {
    let unsent = files.iter().filter(|file| !sent.contains(&file.name));
    // The plan takes from the end.
    let mut mine: Vec<RealDocument> = unsent.skip(outlet).step_by(outlets.max(1)).cloned().collect();
    mine.reverse();
    mine
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn() -> Truth {
        Truth {
            business_type: "R01".into(),
            source: Source::Drawn { seed: 1, date: "2026-11-23".into() },
            fields: [("amount".to_owned(), "1.00".to_owned())].into(),
            flaws: Vec::new(),
        }
    }

    fn file(name: &str) -> RealDocument {
        RealDocument {
            path: name.into(),
            name: name.into(),
            business_type: "RB1".into(),
            page_kind: "receipt",
            content_type: "image/jpeg",
            fields: Default::default(),
            flaws: Vec::new(),
        }
    }

    #[test]
    fn each_state_has_its_reaction() {
        // The first draw of this seed is not one of those who give up.
        let decided = |state: &str| react(state, Some(&drawn()), &mut Random::new(1));
        assert_eq!(decided("posted"), Reaction::Confirm);
        assert_eq!(decided("rescan"), Reaction::Replace(Condition::Rescanned));
        assert_eq!(decided("returned"), Reaction::Replace(Condition::Corrected));
        assert_eq!(decided("keying"), Reaction::Wait);
        assert_eq!(decided("confirmed"), Reaction::Wait);
    }

    #[test]
    fn items_of_real_people_are_left_alone() {
        for state in STATES_TO_REACT {
            assert_eq!(react(state, None, &mut Random::new(1)), Reaction::Wait, "{state}");
        }
    }

    #[test]
    fn some_returned_vouchers_are_given_up() {
        let mut random = Random::new(2);
        let given_up =
            (0..10_000).filter(|_| react("returned", Some(&drawn()), &mut random) == Reaction::Withdraw).count();
        assert!((2_700..3_300).contains(&given_up), "{given_up}");
    }

    #[test]
    fn a_real_file_without_truth_waits_for_real_people() {
        let source = Source::File { name: "a.jpg".into() };
        let unknown = Truth { source: source.clone(), fields: Default::default(), ..drawn() };
        let known = Truth { source, ..drawn() };
        assert_eq!(react("returned", Some(&unknown), &mut Random::new(1)), Reaction::Wait);
        assert_eq!(react("returned", Some(&known), &mut Random::new(1)), Reaction::Resubmit);
        assert_eq!(react("rescan", Some(&known), &mut Random::new(1)), Reaction::Wait);
    }

    #[test]
    fn outlets_share_the_files_without_those_sent_before() {
        let files: Vec<RealDocument> = ["a", "b", "c", "d", "e"].map(file).into();
        let names =
            |outlet| share(&files, &["b".to_owned()], outlet, 2).into_iter().map(|file| file.name).collect::<Vec<_>>();
        assert_eq!(names(0), ["d", "a"]);
        assert_eq!(names(1), ["e", "c"]);
    }

    #[test]
    fn files_and_customers_take_turns_until_the_files_are_gone() {
        let mut files = vec![file("b"), file("a")];
        let day = BusinessDate::new(2026, 11, 23).unwrap();
        let mut random = Random::new(1);
        let kinds: Vec<bool> =
            (0..5).map(|count| matches!(next_arrival(&mut files, count, day, &mut random), Arrival::File(_))).collect();
        assert_eq!(kinds, [true, false, true, false, false]);
    }
}
