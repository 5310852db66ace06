//! Shapes of the work area.

use crate::processing::ItemNews;
use crate::processing::tasks::TaskWire;
use crate::wire::time;
use crate::words;
use serde::Serialize;
use utoipa::ToSchema;
use work::{BreakReason, Presence, PresenceState};

/// Whether a person is there for work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Presence)]
pub(crate) struct PresenceWire {
    #[schema(value_type = words::PresenceState)]
    state: &'static str,
    #[schema(value_type = Option<words::BreakReason>)]
    reason: Option<&'static str>,
    since: String,
    #[schema(value_type = Vec<words::QueueName>)]
    queues: Vec<String>,
    /// How many items at once; each queue has a bound of its own beside it.
    capacity: u32,
    /// Work given and not shown, in a row.
    missed: i64,
    /// When a wrap-up ends by itself; whoever sets themselves ready ends it at once.
    until: Option<String>,
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
            until: None,
        }
    }
}

impl From<&Presence> for PresenceWire {
    fn from(presence: &Presence) -> Self {
        let Presence { state, reason, since, queues, capacity, missed, until } = presence;
        Self {
            state: state.as_str(),
            reason: reason.map(BreakReason::as_str),
            since: time(*since),
            queues: queues.clone(),
            capacity: *capacity,
            missed: *missed,
            until: until.map(time),
        }
    }
}

/// A hold on work, complete enough for the station to begin without another request.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Lease)]
pub(crate) struct LeaseWire {
    pub work_item_id: String,
    #[schema(value_type = words::QueueName)]
    pub queue: String,
    /// Sent back with every act; grows with each hold.
    pub fence: i64,
    pub expires_at: String,
    pub due_at: String,
    pub overdue: bool,
    pub wait_seconds: i64,
    pub priority_class: i64,
    /// What the station shows.
    pub task: TaskWire,
}

/// What is held and until when.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HeldWire {
    pub work_item_id: String,
    pub fence: i64,
    pub expires_at: String,
}

/// A frame of the stream with its number, over WebSocket and as server-sent event alike.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NumberedFrame)]
pub(crate) struct NumberedWire {
    /// Rises by one with each frame of a session; a station that was cut off asks for what follows the last it heard.
    pub seq: u64,
    #[serde(flatten)]
    pub frame: FrameWire,
}

/// What the stream says.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Frame)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum FrameWire {
    /// First of all: where one stands, and what one holds.
    Hello {
        presence: PresenceWire,
        leases: Vec<LeaseWire>,
        /// Whether the frames that were missed follow.
        resumed: bool,
    },
    /// Work was given.
    Assigned { lease: Box<LeaseWire> },
    /// Work is no longer held.
    Released {
        work_item_id: String,
        #[schema(value_type = words::HoldEnd)]
        why: &'static str,
    },
    /// One's presence changed.
    Presence { presence: PresenceWire },
    /// Somebody says something, such as a supervisor.
    Message { text_zh: String, text_en: String, from: String },
    /// An item of one's institution changed.
    Item(ItemNews),
    /// Something on the supervisor's board changed.
    Board {},
}

/// The answer to a sign of life, outside the numbering.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Pong {
    Pong {
        /// What the station sent.
        t: i64,
    },
}
