//! Links: made for one session, good for two minutes, opened once.

pub mod issue;
pub mod open;

use crate::App;
use crate::extract::Signed;
use crate::problem::Reply;
use archive::link::{self, SECONDS_MAX, Target};
use kernel::Instant;
use kernel::calendar::TimeZone;

/// The address of a fresh link for the session.
pub(crate) fn address(app: &App, session: &Signed, target: &Target) -> Reply<String> {
    let token = link::issue(&app.journal.vault, target, &session.session_id, app.journal.now(), SECONDS_MAX)?;
    Ok(format!("{}/archive/links/{token}", crate::BASE))
}

/// What is drawn over an image: the seat and the minute in Beijing time, in ASCII because the letters are a bitmap font.
pub(crate) fn watermark(seat: Option<&str>, employee_no: &str, now: Instant) -> String {
    let zone = TimeZone::SHANGHAI;
    let minute = zone.minute_at(now);
    let date = zone.date_at(now).map(|date| date.to_string()).unwrap_or_default();
    format!("{} {employee_no} {date} {:02}:{:02}", seat.unwrap_or("-"), minute / 60, minute % 60)
}
