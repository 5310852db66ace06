//! The bank's calendar.

use crate::App;
use crate::extract::{Allowed, Json, Query};
use crate::problem::Reply;
use crate::wire::date;
use axum::extract::State;
use organization::calendar;
use permission::act;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Span {
    /// The first date, such as `2026-01-01`.
    from: String,
    /// The last date; at most 400 days.
    to: String,
}

/// A date of the calendar.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CalendarDay {
    date: String,
    working: bool,
    name: Option<String>,
    /// `HH:MM` at which a half-day closes.
    closes_at: Option<String>,
}

/// Which dates are worked.
#[utoipa::path(get, path = "/organization/calendar", operation_id = "read_calendar", params(Span), responses((status = 200, body = Vec<CalendarDay>)))]
pub(crate) async fn days(
    _: Allowed<act::ViewOrganization>,
    State(app): State<App>,
    Query(span): Query<Span>,
) -> Reply<Json<Vec<CalendarDay>>> {
    let (from, to) = (date("from", &span.from)?, date("to", &span.to)?);
    let mut reader = app.journal.db.reader().await?;
    let days = calendar::days(&mut reader, from, to).await?;
    let day = |day: calendar::Day| CalendarDay {
        date: day.date.to_string(),
        working: day.working,
        name: day.name,
        closes_at: day.closes_minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60)),
    };
    Ok(Json::of(days.into_iter().map(day).collect()))
}
