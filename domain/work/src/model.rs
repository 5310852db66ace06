//! What work is: queues, the life of a work item, holds. Pure.

use kernel::clock::MICROS_PER_SECOND;
use kernel::{Instant, InstitutionId, PersonId, SliceId, Transitions, WorkItemId};
use permission::{Action, Hand};

/// How long a hold lasts without a sign of life: 4 s, so that a dead browser's work is with somebody else within 5 s.
pub const LEASE_MICROS: i64 = 4 * MICROS_PER_SECOND;

/// The last class of priority; 0 is the first.
pub const CLASS_LAST: i64 = 4;

/// The part of its time limit after which waiting work rises a class, in percent (`domain.md` 1.9, trade practice).
pub const AGEING_PERCENT: i64 = 80;

/// A queue as the areas above declare it; the engine knows no bank area.
#[derive(Debug, Clone, Copy)]
pub struct QueueSpec {
    /// Stable name in the API and in the rows, such as `keying`.
    pub code: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    /// What a person must be permitted to do to receive its work.
    pub action: Action,
    /// How many of its items one person may hold at once: one, or more where the next ones are fetched ahead.
    pub capacity: u32,
    /// How long a person is left in peace after finishing the last item held.
    pub wrap_up_seconds: i64,
}

/// Work to be done by somebody.
#[derive(Debug, Clone)]
pub struct NewWork {
    /// [`QueueSpec::code`].
    pub queue: &'static str,
    /// What the separation of duties is about, such as the id of a processing item.
    pub subject: String,
    /// Where it came from; nobody at home there receives it.
    pub origin: InstitutionId,
    pub hand: Hand,
    /// The one slice that the work shows, where it shows no more.
    pub slice: Option<SliceId>,
    /// Not for people of a firm.
    pub internal_only: bool,
    /// 0 is served first, [`CLASS_LAST`] last.
    pub priority_class: i64,
    /// The end of its time limit; the order within a class.
    pub due_at: Instant,
    /// When it rises its first class, in working time; absent means after [`AGEING_PERCENT`] of the time to `due_at` by the clock.
    pub promote_at: Option<Instant>,
    /// What the station needs; opaque here, and without personal data.
    pub task: serde_json::Value,
}

impl NewWork {
    /// When the work rises its first class; `None` in the first class, which has nothing above it.
    pub fn first_promotion(&self, now: Instant) -> Option<Instant> {
        if self.priority_class == 0 {
            return None;
        }
        Some(self.promote_at.unwrap_or_else(|| now.plus_micros(ageing_share(limit_micros(now, self.due_at)))))
    }
}

/// The time limit of work that came at `enqueued_at`; a minute at least, so that ageing has a step where work came late already.
pub fn limit_micros(enqueued_at: Instant, due_at: Instant) -> i64 {
    due_at.since(enqueued_at).max(kernel::clock::MICROS_PER_MINUTE)
}

/// [`AGEING_PERCENT`] of a time limit.
pub fn ageing_share(limit_micros: i64) -> i64 {
    limit_micros / 100 * AGEING_PERCENT
}

/// The state of a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Waits in its queue.
    Ready,
    /// One person holds it, for some seconds at a time.
    Leased,
    Done,
    /// Its subject went another way.
    Cancelled,
}

impl State {
    pub const ALL: &'static [State] = &[Self::Ready, Self::Leased, Self::Done, Self::Cancelled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Leased => "leased",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }

    pub(crate) const fn zh(self) -> &'static str {
        match self {
            Self::Ready => "等待分配",
            Self::Leased => "办理中",
            Self::Done => "已办结",
            Self::Cancelled => "已撤销",
        }
    }

    pub(crate) const fn en(self) -> &'static str {
        match self {
            Self::Ready => "it waits",
            Self::Leased => "somebody works on it",
            Self::Done => "it is done",
            Self::Cancelled => "it was cancelled",
        }
    }
}

/// What can happen to a work item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Lease,
    /// The hold ends without a result: expired, released or handed back.
    GiveBack,
    /// A supervisor says who shall do it.
    Reassign,
    Prioritize,
    Complete,
    Cancel,
}

/// The life of a work item.
pub const TRANSITIONS: Transitions<State, Step> = Transitions {
    name: "work_item",
    rows: &[
        (State::Ready, Step::Lease, State::Leased),
        (State::Ready, Step::Reassign, State::Ready),
        (State::Ready, Step::Prioritize, State::Ready),
        (State::Ready, Step::Cancel, State::Cancelled),
        (State::Leased, Step::GiveBack, State::Ready),
        (State::Leased, Step::Reassign, State::Ready),
        (State::Leased, Step::Prioritize, State::Leased),
        (State::Leased, Step::Complete, State::Done),
        (State::Leased, Step::Cancel, State::Cancelled),
    ],
};

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldEnd {
    Done,
    /// The person gave it back, with a reason.
    HandedBack,
    /// No sign of life, or never shown.
    Expired,
    /// The session closed, or the person went on a break.
    Released,
    Reassigned,
    Cancelled,
}

impl HoldEnd {
    pub const ALL: &'static [HoldEnd] =
        &[Self::Done, Self::HandedBack, Self::Expired, Self::Released, Self::Reassigned, Self::Cancelled];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::HandedBack => "handed_back",
            Self::Expired => "expired",
            Self::Released => "released",
            Self::Reassigned => "reassigned",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|end| end.as_str() == text)
    }
}

/// A person's hold on a work item, as the station receives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Lease {
    pub work_item_id: WorkItemId,
    pub queue: String,
    pub subject: String,
    pub hand: Hand,
    pub slice: Option<SliceId>,
    pub origin: InstitutionId,
    /// Grows with every hold; an act under an old one is refused.
    pub fence: i64,
    pub expires_at: Instant,
    pub priority_class: i64,
    pub due_at: Instant,
    pub enqueued_at: Instant,
    pub leased_at: Instant,
    /// When the station said that it shows it.
    pub acked_at: Option<Instant>,
    pub task: serde_json::Value,
}

/// Proof, within one transaction, that the person holds the work item: only [`crate::held`] makes it, and it locked the row.
#[derive(Debug, Clone)]
pub struct Held {
    pub work_item_id: WorkItemId,
    pub person: PersonId,
    pub queue: String,
    pub subject: String,
    pub hand: Hand,
    pub slice: Option<SliceId>,
    pub fence: i64,
    pub task: serde_json::Value,
    pub origin: InstitutionId,
    pub due_at: Instant,
    pub enqueued_at: Instant,
    pub leased_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_as_it_is() {
        for ended in [State::Done, State::Cancelled] {
            assert_eq!(TRANSITIONS.actions(ended).count(), 0, "{ended:?}");
        }
    }

    #[test]
    fn only_what_somebody_holds_can_be_completed() {
        for state in State::ALL {
            assert_eq!(TRANSITIONS.next(*state, Step::Complete).is_ok(), *state == State::Leased, "{state:?}");
        }
    }

    #[test]
    fn the_database_knows_the_same_states_and_ends() {
        let schema = include_str!("../../../foundation/storage/migrations/1006_work.sql");
        let list = |words: Vec<&str>| format!("('{}')", words.join("', '"));
        let states = |ended: bool| {
            let such = State::ALL.iter().filter(|state| matches!(state, State::Done | State::Cancelled) == ended);
            list(such.map(|state| state.as_str()).collect())
        };
        let check =
            format!("CASE WHEN ended_at IS NULL THEN state IN {} ELSE state IN {} END", states(false), states(true));
        assert!(schema.contains(&check));
        let without_result = HoldEnd::ALL.iter().filter(|end| **end != HoldEnd::Done);
        assert!(schema.contains(&list(without_result.map(|end| end.as_str()).collect())));
        assert!(schema.contains(&format!("'{}', NULL", HoldEnd::Done.as_str())));
        assert!(schema.contains(&list(crate::BreakReason::ALL.iter().map(|reason| reason.as_str()).collect())));
        assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
        assert!(HoldEnd::ALL.iter().all(|end| HoldEnd::parse(end.as_str()) == Some(*end)));
    }

    #[test]
    fn work_ages_at_four_fifths_of_its_limit_and_the_first_class_does_not_age() {
        let now = Instant::from_micros(0);
        let work = |class, due_seconds, promote_at| NewWork {
            queue: "keying",
            subject: "itm".into(),
            origin: InstitutionId::new(now),
            hand: Hand::FirstKey,
            slice: None,
            internal_only: false,
            priority_class: class,
            due_at: now.plus_seconds(due_seconds),
            promote_at,
            task: serde_json::Value::Null,
        };
        let cases = [
            (3, 600, None, Some(480)),
            (1, 600, Some(now.plus_seconds(500)), Some(500)),
            (0, 600, None, None),
            (0, 600, Some(now.plus_seconds(500)), None),
            // Overdue when it came: the limit is taken as one minute.
            (4, -5, None, Some(48)),
        ];
        for (class, due, promote_at, expected) in cases {
            let found = work(class, due, promote_at).first_promotion(now);
            assert_eq!(found, expected.map(|seconds| now.plus_seconds(seconds)), "class {class}, due {due}");
        }
    }
}
