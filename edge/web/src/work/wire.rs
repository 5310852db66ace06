//! Shapes of the work area.

use crate::wire::time;
use serde::Serialize;
use utoipa::ToSchema;
use work::{BreakReason, Presence, PresenceState};

/// Whether a person is there for work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Presence)]
pub(crate) struct PresenceWire {
    #[schema(example = "ready")]
    state: &'static str,
    reason: Option<&'static str>,
    since: String,
    queues: Vec<String>,
    /// How many items at once; each queue has a bound of its own beside it.
    capacity: u32,
    /// Work given and not shown, in a row.
    missed: i64,
}

impl PresenceWire {
    /// Of a person who has never been there.
    pub fn absent(now: kernel::Instant) -> Self {
        Self {
            state: PresenceState::SignedOut.as_str(),
            reason: None,
            since: time(now),
            queues: Vec::new(),
            capacity: work::CAPACITY_MAX,
            missed: 0,
        }
    }
}

impl From<&Presence> for PresenceWire {
    fn from(presence: &Presence) -> Self {
        let Presence { state, reason, since, queues, capacity, missed } = presence;
        Self {
            state: state.as_str(),
            reason: reason.map(BreakReason::as_str),
            since: time(*since),
            queues: queues.clone(),
            capacity: *capacity,
            missed: *missed,
        }
    }
}

/// A hold on work, complete enough for the station to begin without another request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Lease)]
pub(crate) struct LeaseWire {
    pub work_item_id: String,
    pub queue: String,
    /// Sent back with every act; grows with each hold.
    pub fence: i64,
    pub expires_at: String,
    pub due_at: String,
    pub overdue: bool,
    pub wait_seconds: i64,
    pub priority_class: i64,
    /// The station's own shape: `SliceTask`, `CheckTask`, `RefusalReviewTask` or `AuthorizeTask`, told apart by `kind`.
    #[schema(value_type = Object)]
    pub task: serde_json::Value,
}

/// What is held and until when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HeldWire {
    pub work_item_id: String,
    pub fence: i64,
    pub expires_at: String,
}
