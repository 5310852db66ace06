//! What is keyed, as values.

use crate::definition::{FieldSpec, KeyMode};
use crate::queues;
use kernel::{Code, Instant, ItemId, KeyingId, PageId, PersonId, Refusal, SliceId};
use storage::vault::{Private, Sealed};

/// Where a slice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SliceState {
    /// Waits for its first or second pass.
    Keying,
    /// Two passes differ; waits for the third.
    Third,
    /// Two passes say the same.
    Agreed,
    SettledByThird,
    /// Keyed once, as its key mode asks.
    Single,
    /// Three passes differ, or nobody can read it: the checker decides.
    Unsettled,
    /// Not keyed, as its key mode asks: the checker types it.
    Unkeyed,
    /// Its page was captured again.
    Superseded,
}

impl SliceState {
    pub const ALL: &'static [SliceState] = &[
        Self::Keying,
        Self::Third,
        Self::Agreed,
        Self::SettledByThird,
        Self::Single,
        Self::Unsettled,
        Self::Unkeyed,
        Self::Superseded,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keying => "keying",
            Self::Third => "third",
            Self::Agreed => "agreed",
            Self::SettledByThird => "settled_by_third",
            Self::Single => "single",
            Self::Unsettled => "unsettled",
            Self::Unkeyed => "unkeyed",
            Self::Superseded => "superseded",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }

    /// Whether a value may be taken without the checker's own.
    pub const fn has_value(self) -> bool {
        matches!(self, Self::Agreed | Self::SettledByThird | Self::Single)
    }
}

/// Which reading of a slice an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pass {
    Seeded,
    First,
    Second,
    Third,
}

impl Pass {
    pub const fn number(self) -> i64 {
        match self {
            Self::Seeded => 0,
            Self::First => 1,
            Self::Second => 2,
            Self::Third => 3,
        }
    }

    pub const fn of(number: i64) -> Option<Self> {
        match number {
            0 => Some(Self::Seeded),
            1 => Some(Self::First),
            2 => Some(Self::Second),
            3 => Some(Self::Third),
            _ => None,
        }
    }

    /// What a keyer is told: a seeded slice looks like a first pass.
    pub const fn shown(self) -> i64 {
        match self {
            Self::Seeded => 1,
            other => other.number(),
        }
    }

    /// Refuses work of another queue than the pass is keyed from.
    pub(super) fn check_queue(self, queue: &str) -> Result<(), Refusal> {
        let expected = if self == Self::Third { queues::THIRD_KEYING } else { queues::KEYING };
        if queue == expected { Ok(()) } else { Err(Refusal::new(Code::NotYourWork)) }
    }
}

/// How an entry turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Not compared yet.
    Pending,
    Right,
    Wrong,
    /// Compared, and nobody knows: the checker decided from the image.
    Open,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Open => "open",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Right, Self::Wrong, Self::Open].into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// What a keyer sends.
#[derive(Debug, Clone)]
pub struct Entry {
    pub value: Private,
    /// The keyer says that the slice cannot be read; the value is empty then.
    pub unreadable: bool,
    /// From the slice on the screen to the confirmation.
    pub elapsed_ms: i64,
    pub keystrokes: i64,
}

impl Entry {
    /// Refuses what cannot be an entry of the field. Whether it is right is not judged: that would tell the keyer something.
    pub(super) fn check(&self, field: &FieldSpec) -> Result<(), Refusal> {
        let value = self.value.reveal();
        if value.chars().count() > field.max_length {
            return Err(super::too_long(field.max_length));
        }
        if value.chars().any(char::is_control) {
            return Err(Refusal::field("value", "含有不可见字符", "it has control characters"));
        }
        if self.unreadable != value.trim().is_empty() && (self.unreadable || field.required) {
            return Err(super::empty());
        }
        let plausible = (0..=86_400_000).contains(&self.elapsed_ms) && (0..=100_000).contains(&self.keystrokes);
        if !plausible {
            return Err(Refusal::field("elapsed_ms", "计时数据无效", "the measured time or keystrokes cannot be"));
        }
        Ok(())
    }
}

/// A slice as commands see it.
#[derive(Debug, Clone)]
pub struct Slice {
    pub slice_id: SliceId,
    pub item_id: ItemId,
    pub field: String,
    /// 0 for a whole field, else which part of it, from 1.
    pub part: i64,
    pub page_id: PageId,
    pub blob_id: Option<kernel::BlobId>,
    pub width: i64,
    pub height: i64,
    pub key_mode: KeyMode,
    pub state: SliceState,
    pub(super) value: Option<Sealed>,
}

/// A slice about to be written.
#[derive(Debug, Clone)]
pub(crate) struct NewSlice {
    pub slice_id: SliceId,
    pub item_id: ItemId,
    pub field: String,
    pub part: i64,
    pub page_id: PageId,
    pub blob_id: Option<kernel::BlobId>,
    pub width: i64,
    pub height: i64,
    pub key_mode: KeyMode,
    pub state: SliceState,
}

/// One entry as it is kept.
#[derive(Debug, Clone)]
pub struct KeyingRow {
    pub keying_id: KeyingId,
    pub slice_id: SliceId,
    pub item_id: ItemId,
    pub field: String,
    pub pass: Pass,
    pub person_id: PersonId,
    pub value: Private,
    pub unreadable: bool,
    pub elapsed_ms: i64,
    pub keystrokes: i64,
    pub verdict: Verdict,
    pub at: Instant,
}
