//! What every other crate speaks in: ids, money, time, refusals, transitions, hashes.
//!
//! Invariants:
//! - Nothing here performs input or output, reads an ambient clock, or knows a bank area.
//! - Every id kind of the product is in [`id`], every refusal code in [`refusal`].
//! - Money is an integer of minor units with its currency; there is no float in this crate.
//!
//! Deliberately absent: serialization of domain types (wire shapes live in `edge/web`), SQL, async.

pub mod calendar;
pub mod capital;
pub mod checksum;
pub mod clock;
pub mod currency;
pub mod hash;
pub mod id;
pub mod money;
pub mod normalize;
pub mod refusal;
pub mod transition;

pub use calendar::{BusinessDate, Calendar};
pub use clock::{Clock, Instant, SettableClock, SystemClock};
pub use id::{
    AppointmentId, BlobId, EntryId, Id, IdError, IncidentId, InstitutionId, ItemId, JobId, KeyingId, PageId, PersonId,
    PostId, SessionId, SliceId, VendorId, WorkItemId,
};
pub use money::{Currency, Money};
pub use refusal::{Code, Refusal};
pub use transition::Transitions;
