//! The product over HTTP: one folder per area, one file per verb.
//!
//! A file of a verb holds its wire types, its documentation and its handler; shapes that several verbs share are in the area's `wire.rs`.
//!
//! Invariants:
//! - An endpoint comes into the router only with a guard in its signature; see [`area`]. The inventory of all of them is generated.
//! - A command carries an idempotency key and answers what became of it; a refusal is never answered as done.
//! - Bad input is refused in words that name the field and repeat nothing of the value; it is never a fault.
//! - A fault shows an incident number and nothing else.
//! - Logs and metrics name the route's template, never the address, the query or the body.
//!
//! Deliberately absent: decisions. Handlers read the request, call one function of the domain, and write the answer;
//! what may be done is decided below, so that no other door leads around it.

mod app;
pub mod area;
mod console;
pub mod extract;
mod health;
mod layers;
pub mod measures;
mod problem;
mod router;
mod wire;
mod words;

mod archive;
mod identity;
mod jobs;
mod journal;
mod organization;
mod processing;
mod reports;
mod work;

pub use app::{App, Parts, Settings};
pub use area::{Endpoint, Kind, Needs};
pub use problem::{MEDIA_TYPE, Problem, Reply};
pub use processing::item_news;
pub use router::{BASE, inventory, openapi, router};

use kernel::{BusinessDate, Instant, Refusal};

/// The bank's calendar day at `now`: what appointments are dated by.
fn today(now: Instant) -> Result<BusinessDate, Refusal> {
    let zone = kernel::calendar::TimeZone::SHANGHAI;
    zone.date_at(now).map_err(|error| ::organization::calendar::refusal(&error))
}
