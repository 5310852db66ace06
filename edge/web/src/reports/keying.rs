use crate::App;
use crate::extract::{Allowed, Json, Query};
use crate::problem::Reply;
use crate::wire::{date, time};
use axum::extract::State;
use kernel::calendar::TimeZone;
use kernel::{BusinessDate, Instant, Refusal};
use permission::act;
use processing::report::{self, KeyingReport, Tally};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Span {
    /// The first date; today when absent.
    from: Option<String>,
    /// The last date; today when absent.
    to: Option<String>,
}

/// How well was keyed, by the product's own verdicts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyingReport)]
pub(crate) struct KeyingReportWire {
    from: String,
    until: String,
    /// Slices that were keyed.
    fields: i64,
    /// Wrong entries of one person per ten thousand judged.
    single_error_per_10000: Option<i64>,
    third_error_per_10000: Option<i64>,
    /// By slices with a known answer.
    seeded_error_per_10000: Option<i64>,
    /// Slices whose first two entries differed.
    to_third: i64,
    /// Slices that three people could not settle.
    to_checker: i64,
    single: TallyWire,
    third: TallyWire,
    seeded: TallyWire,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tally)]
pub(crate) struct TallyWire {
    entries: i64,
    wrong: i64,
    /// Not judged yet.
    open: i64,
}

impl From<Tally> for TallyWire {
    fn from(tally: Tally) -> Self {
        let Tally { entries, wrong, open } = tally;
        Self { entries, wrong, open }
    }
}

/// Keying quality of some days, today by default.
#[utoipa::path(get, path = "/reports/keying", operation_id = "report_keying", params(Span), responses((status = 200, body = KeyingReportWire)))]
pub(crate) async fn report(
    allowed: Allowed<act::ViewReport>,
    State(app): State<App>,
    Query(span): Query<Span>,
) -> Reply<Json<KeyingReportWire>> {
    // The report counts the whole center; a part of it would look whole and be wrong.
    if !allowed.reach().bank {
        return Err(permission::Action::ViewReport.refused().into());
    }
    let today = crate::today(allowed.session.now)?;
    let day = |field: &str, text: Option<&str>| text.map_or(Ok(today), |text| date(field, text));
    let (from, to) = (day("from", span.from.as_deref())?, day("to", span.to.as_deref())?);
    let (from, until) = bounds(from, to)?;
    let mut reader = app.journal.db.reader().await?;
    let found = report::keying(&mut reader, from, until).await?;
    Ok(Json::of(wire(found, from, until)))
}

fn bounds(from: BusinessDate, to: BusinessDate) -> Result<(Instant, Instant), Refusal> {
    if !(0..400).contains(&from.days_until(to)) {
        return Err(Refusal::field("to", "须不早于起始日且不超过 400 天", "it lies 0 to 399 days after the beginning"));
    }
    let zone = TimeZone::SHANGHAI;
    Ok((zone.instant(from, 0), zone.instant(to, kernel::calendar::MINUTES_PER_DAY)))
}

fn wire(found: KeyingReport, from: Instant, until: Instant) -> KeyingReportWire {
    let KeyingReport { single, third, seeded, slices, to_third, to_checker, people: _ } = found;
    KeyingReportWire {
        from: time(from),
        until: time(until),
        fields: slices,
        single_error_per_10000: single.wrong_per_10000(),
        third_error_per_10000: third.wrong_per_10000(),
        seeded_error_per_10000: seeded.wrong_per_10000(),
        to_third,
        to_checker,
        single: single.into(),
        third: third.into(),
        seeded: seeded.into(),
    }
}
