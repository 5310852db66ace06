//! The image service: pages as outlets capture them, what may be shown of them, and to whom.
//!
//! Invariants:
//! - A file is judged before anything of it is kept; what is refused leaves no byte and no row.
//! - A page is immutable. Capturing it again adds a version, and what it replaces stays.
//! - Nothing leaves but through a link that opens once, within two minutes, for the session that asked, and every opening is journaled.
//! - What a station shows carries a visible watermark of the seat and the time.
//!
//! Deliberately absent: which page an item needs, who may see an item (both are their owner's), retention and destruction.

pub mod capture;
pub mod imaging;
pub mod link;
pub mod page;
pub mod words;

mod workers;
