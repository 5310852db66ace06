//! Whether a person is there for work. Pure.

use kernel::{Code, Instant, PersonId, Refusal, SessionId, Transitions};

/// Signs of life are kept this often for the other nodes; what a node speaks with itself it knows by the second.
pub(crate) const HEARTBEAT_KEPT_EVERY_MICROS: i64 = 10_000_000;

/// The most items that one person may ask to hold at once.
pub const CAPACITY_MAX: u32 = 4;

/// Why a person takes no work although signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BreakReason {
    Break,
    Meal,
    Training,
    Meeting,
    Fault,
    /// Set by the engine: twice in a row work was given and not shown.
    Missed,
    /// Set by the engine: no sign of the person for a minute.
    Away,
}

impl BreakReason {
    pub const ALL: &'static [BreakReason] =
        &[Self::Break, Self::Meal, Self::Training, Self::Meeting, Self::Fault, Self::Missed, Self::Away];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Meal => "meal",
            Self::Training => "training",
            Self::Meeting => "meeting",
            Self::Fault => "fault",
            Self::Missed => "missed",
            Self::Away => "away",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|reason| reason.as_str() == text)
    }

    /// A person chooses among these; the others are the engine's.
    pub const fn is_chosen(self) -> bool {
        !matches!(self, Self::Missed | Self::Away)
    }
}

/// What is stored of a presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    SignedOut,
    Ready,
    Break(BreakReason),
}

impl Standing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Ready => "ready",
            Self::Break(_) => "break",
        }
    }

    pub const fn reason(self) -> Option<BreakReason> {
        match self {
            Self::Break(reason) => Some(reason),
            Self::SignedOut | Self::Ready => None,
        }
    }

    pub(crate) fn parse(state: &str, reason: Option<&str>) -> Option<Self> {
        match (state, reason) {
            ("signed_out", None) => Some(Self::SignedOut),
            ("ready", None) => Some(Self::Ready),
            ("break", Some(reason)) => BreakReason::parse(reason).map(Self::Break),
            _ => None,
        }
    }
}

/// What a person is seen to be: the standing, together with what they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PresenceState {
    SignedOut,
    Ready,
    /// Holds work.
    Busy,
    /// Finished the last item held and is left in peace for some seconds.
    WrapUp,
    Break,
}

impl PresenceState {
    pub const ALL: &'static [PresenceState] = &[Self::SignedOut, Self::Ready, Self::Busy, Self::WrapUp, Self::Break];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Ready => "ready",
            Self::Busy => "busy",
            Self::WrapUp => "wrap_up",
            Self::Break => "break",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }

    /// What is seen of a standing, given how many items are held and when the wrap-up ends.
    pub fn of(standing: Standing, held: usize, wrap_up_until: Option<Instant>, now: Instant) -> Self {
        match standing {
            Standing::SignedOut => Self::SignedOut,
            Standing::Break(_) => Self::Break,
            Standing::Ready if held > 0 => Self::Busy,
            Standing::Ready if wrap_up_until.is_some_and(|until| now < until) => Self::WrapUp,
            Standing::Ready => Self::Ready,
        }
    }
}

/// What changes a presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    SetReady,
    TakeBreak,
    SignOut,
    Receive,
    FinishLast,
    WrapUpEnds,
}

/// The life of a presence, as the console shows it. A break or a sign-out is open at any time: nobody is kept by a machine.
pub const TRANSITIONS: Transitions<PresenceState, Move> = Transitions {
    name: "presence",
    rows: &[
        (PresenceState::SignedOut, Move::SetReady, PresenceState::Ready),
        (PresenceState::SignedOut, Move::TakeBreak, PresenceState::Break),
        (PresenceState::SignedOut, Move::SignOut, PresenceState::SignedOut),
        (PresenceState::Ready, Move::SetReady, PresenceState::Ready),
        (PresenceState::Ready, Move::TakeBreak, PresenceState::Break),
        (PresenceState::Ready, Move::SignOut, PresenceState::SignedOut),
        (PresenceState::Ready, Move::Receive, PresenceState::Busy),
        (PresenceState::Busy, Move::SetReady, PresenceState::Busy),
        (PresenceState::Busy, Move::Receive, PresenceState::Busy),
        (PresenceState::Busy, Move::FinishLast, PresenceState::WrapUp),
        (PresenceState::Busy, Move::TakeBreak, PresenceState::Break),
        (PresenceState::Busy, Move::SignOut, PresenceState::SignedOut),
        (PresenceState::WrapUp, Move::WrapUpEnds, PresenceState::Ready),
        (PresenceState::WrapUp, Move::SetReady, PresenceState::Ready),
        (PresenceState::WrapUp, Move::TakeBreak, PresenceState::Break),
        (PresenceState::WrapUp, Move::SignOut, PresenceState::SignedOut),
        (PresenceState::Break, Move::SetReady, PresenceState::Ready),
        (PresenceState::Break, Move::TakeBreak, PresenceState::Break),
        (PresenceState::Break, Move::SignOut, PresenceState::SignedOut),
    ],
};

/// A person's presence as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceRow {
    pub person: PersonId,
    /// The session in which the person works; another one may be signed in but receives nothing.
    pub session: SessionId,
    pub node: String,
    pub standing: Standing,
    pub since: Instant,
    /// Codes of the queues that the person takes work from.
    pub queues: Vec<String>,
    pub capacity: u32,
    /// Work given and not shown, in a row.
    pub missed: i64,
    pub wrap_up_until: Option<Instant>,
}

/// What the API shows of a presence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    pub state: PresenceState,
    pub reason: Option<BreakReason>,
    pub since: Instant,
    pub queues: Vec<String>,
    pub capacity: u32,
    pub missed: i64,
    /// When the present state ends by itself; only wrap-up does.
    pub until: Option<Instant>,
}

impl PresenceRow {
    /// What is seen of it while `held` items are held.
    pub fn seen(&self, held: usize, now: Instant) -> Presence {
        let state = PresenceState::of(self.standing, held, self.wrap_up_until, now);
        Presence {
            state,
            until: self.wrap_up_until.filter(|_| state == PresenceState::WrapUp),
            reason: self.standing.reason(),
            since: self.since,
            queues: self.queues.clone(),
            capacity: self.capacity,
            missed: self.missed,
        }
    }
}

/// What a person asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceChange {
    pub standing: Standing,
    /// Absent means every queue that the person's posts allow.
    pub queues: Option<Vec<String>>,
    /// Absent means [`CAPACITY_MAX`]; each queue has a bound of its own beside it.
    pub capacity: Option<u32>,
}

impl PresenceChange {
    pub fn ready() -> Self {
        Self { standing: Standing::Ready, queues: None, capacity: None }
    }

    pub fn to(standing: Standing) -> Self {
        Self { standing, queues: None, capacity: None }
    }

    pub(crate) fn capacity(&self) -> Result<u32, Refusal> {
        match self.capacity.unwrap_or(CAPACITY_MAX) {
            capacity @ 1..=CAPACITY_MAX => Ok(capacity),
            _ => Err(Refusal::field("capacity", "须为 1 至 4", "it must be 1 to 4")),
        }
    }

    /// Refuses a break whose reason is the engine's.
    pub(crate) fn checked_standing(&self) -> Result<Standing, Refusal> {
        match self.standing {
            Standing::Break(reason) if !reason.is_chosen() => Err(Refusal::new(Code::ReasonRequired).at("reason")),
            standing => Ok(standing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_can_always_stop() {
        for state in PresenceState::ALL {
            assert!(TRANSITIONS.next(*state, Move::TakeBreak).is_ok(), "{state:?}");
            assert!(TRANSITIONS.next(*state, Move::SignOut).is_ok(), "{state:?}");
        }
    }

    #[test]
    fn work_reaches_only_who_is_ready_or_busy() {
        let receiving: Vec<_> =
            PresenceState::ALL.iter().filter(|state| TRANSITIONS.next(**state, Move::Receive).is_ok()).collect();
        assert_eq!(receiving, [&PresenceState::Ready, &PresenceState::Busy]);
    }

    #[test]
    fn what_is_seen_follows_from_standing_holds_and_wrap_up() {
        let now = Instant::from_micros(100);
        let later = Some(Instant::from_micros(101));
        let cases = [
            (Standing::SignedOut, 1, later, PresenceState::SignedOut),
            (Standing::Break(BreakReason::Meal), 1, later, PresenceState::Break),
            (Standing::Ready, 0, None, PresenceState::Ready),
            (Standing::Ready, 0, Some(now), PresenceState::Ready),
            (Standing::Ready, 0, later, PresenceState::WrapUp),
            (Standing::Ready, 2, later, PresenceState::Busy),
        ];
        for (standing, held, wrap_up_until, expected) in cases {
            assert_eq!(PresenceState::of(standing, held, wrap_up_until, now), expected, "{standing:?} {held}");
        }
    }

    #[test]
    fn standings_survive_their_text() {
        let breaks = BreakReason::ALL.iter().map(|reason| Standing::Break(*reason));
        for standing in breaks.chain([Standing::SignedOut, Standing::Ready]) {
            assert_eq!(Standing::parse(standing.as_str(), standing.reason().map(BreakReason::as_str)), Some(standing));
        }
        for (state, reason) in [("busy", None), ("break", None), ("break", Some("lunch")), ("ready", Some("meal"))] {
            assert_eq!(Standing::parse(state, reason), None);
        }
    }
}
