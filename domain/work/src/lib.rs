//! The work engine: who gets which work, when, and who never may.
//!
//! Invariants:
//! - Work is pushed. A ready person never sits idle while an item that they may take waits longer than a second.
//! - An item is held by one person at a time, for seconds that are renewed while their browser lives; a stale hold cannot act.
//! - Whoever is handed work has its separation marks written in the same transaction, and every act writes them again.
//! - Work that comes back keeps its waiting time. Waiting work rises, step by step, to the first class: nothing starves.
//! - Order within a queue is class after ageing, then due instant, then id; it is an index, so that taking the best costs the same
//!   whatever waits behind it.
//! - Every hold that ended is kept, with how it ended. Commands on work and changes of presence are journaled; signs of life are not.
//!
//! The engine knows no bank area: queues, subjects, hands, deadlines and tasks are given to it.
//!
//! Deliberately absent: working-time arithmetic (deadlines and instants of promotion come computed), what a task means, wire shapes,
//! and forecasting.

mod board;
mod engine;
mod item;
mod lease;
mod model;
mod peek;
mod presence;
mod store;

pub use board::{
    BoardPerson, DayOfPerson, HalfHour, QueueLine, WorkFilter, WorkLine, half_hours, own_day, people, queues, rows,
};
pub use engine::{Engine, Frame, HeldUntil, Listener, NAME_FREE_AFTER_MICROS, Numbered, Start, Stream, TICK_MILLIS};
pub use item::{
    POSITION_MAX, cancel, cancel_subject, complete, enqueue, hand_back, handed_back_by, held, position, reassign,
    set_priority,
};
pub use lease::{Expired, Missed, Taken, Taker, Want, expire, release_session, renew, take};
pub use model::{
    AGEING_PERCENT, CLASS_LAST, Held, HoldEnd, LEASE_MICROS, Lease, NewWork, QueueSpec, State, Step, TRANSITIONS,
    ageing_share, limit_micros,
};
pub use peek::{peek, peek_by_person, was_queued};
pub use presence::{
    BreakReason, CAPACITY_MAX, Move, Presence, PresenceChange, PresenceRow, PresenceState, Standing,
    TRANSITIONS as PRESENCE_TRANSITIONS, find as presence_of,
};
