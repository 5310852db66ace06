//! A person's own figures of today.

use crate::App;
use crate::extract::{Allowed, Json};
use crate::problem::Reply;
use crate::wire::time;
use axum::extract::State;
use kernel::Instant;
use kernel::calendar::TimeZone;
use permission::{Action, act};
use processing::report::{self, PersonTally};
use serde::Serialize;
use utoipa::ToSchema;

/// A rate of less work in hand than this says nothing yet.
const TELLING_SECONDS: i64 = 60;

/// One's own figures of today.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnDay {
    done: i64,
    keystrokes: Option<i64>,
    /// Done per hour of work in hand.
    per_hour: Option<i64>,
    /// Of a thousand entries that were judged, how many were right.
    accuracy_permille: Option<i64>,
    handed_back: i64,
    missed: i64,
    by_half_hour: Vec<OwnHalfHour>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OwnHalfHour {
    from: String,
    done: i64,
}

/// How one's own day goes.
#[utoipa::path(get, path = "/work/own-day", operation_id = "own_day", responses((status = 200, body = OwnDay)))]
pub(crate) async fn own_day(allowed: Allowed<act::TakeWork>, State(app): State<App>) -> Reply<Json<OwnDay>> {
    let now = allowed.session.now;
    let since = beginning_of_day(now)?;
    let mut reader = app.journal.db.reader().await?;
    let day = work::own_day(&mut reader, allowed.person_id(), since).await?;
    let rights = permission::Rights::load(&mut reader, allowed.person_id(), crate::today(now)?).await?;
    let keys = rights.may(Action::KeySlice) || rights.may(Action::ThirdKeySlice);
    let tally = if keys { report::keying_of(&mut reader, allowed.person_id(), since).await? } else { None };
    let half_hour = |(from, done): (Instant, i64)| OwnHalfHour { from: time(from), done };
    Ok(Json::of(OwnDay {
        done: day.done,
        keystrokes: tally.as_ref().map(|tally| tally.keystrokes),
        per_hour: (day.handle_seconds >= TELLING_SECONDS).then(|| day.done * 3_600 / day.handle_seconds),
        accuracy_permille: tally.as_ref().and_then(accuracy),
        handed_back: day.handed_back,
        missed: day.missed,
        by_half_hour: day.by_half_hour.into_iter().map(half_hour).collect(),
    }))
}

/// The instant at which the bank's day began.
pub(super) fn beginning_of_day(now: Instant) -> Reply<Instant> {
    Ok(TimeZone::SHANGHAI.instant(crate::today(now)?, 0))
}

fn accuracy(tally: &PersonTally) -> Option<i64> {
    let judged = tally.keyed.entries - tally.keyed.open + tally.seeded.entries - tally.seeded.open;
    let wrong = tally.keyed.wrong + tally.seeded.wrong;
    (judged > 0).then(|| (judged - wrong) * 1_000 / judged)
}
