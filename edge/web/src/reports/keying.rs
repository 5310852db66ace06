use crate::App;
use crate::extract::{Allowed, Json, Query};
use crate::problem::Reply;
use crate::wire::{PersonRef, date, time};
use axum::extract::State;
use kernel::calendar::TimeZone;
use kernel::{BusinessDate, Code, Instant, Refusal};
use organization::staff;
use permission::act;
use processing::report::{self, KeyingReport, PersonTally, Tally};
use serde::{Deserialize, Serialize};
use storage::Conn;
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
    /// Slices that were cut; absent, as `to_third` and `to_checker` are, for who sees some keyers only.
    #[schema(required)]
    fields: Option<i64>,
    /// Wrong entries of one person per ten thousand judged.
    #[schema(required)]
    single_error_per_10000: Option<i64>,
    #[schema(required)]
    third_error_per_10000: Option<i64>,
    /// By slices with a known answer.
    #[schema(required)]
    seeded_error_per_10000: Option<i64>,
    /// Slices whose first two entries differed.
    #[schema(required)]
    to_third: Option<i64>,
    /// Slices that three people could not settle.
    #[schema(required)]
    to_checker: Option<i64>,
    single: TallyWire,
    third: TallyWire,
    seeded: TallyWire,
    /// Who keyed in this time, most entries first.
    people: Vec<KeyerLine>,
}

/// One keyer's share.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyerLine {
    person: PersonRef,
    /// The firm of an outsourced seat.
    #[schema(required)]
    vendor: Option<String>,
    keyed: TallyWire,
    #[schema(required)]
    error_per_10000: Option<i64>,
    seeded: TallyWire,
    #[schema(required)]
    seeded_error_per_10000: Option<i64>,
    /// At the speed of the time spent on slices; absent where no time was told.
    #[schema(required)]
    fields_per_hour: Option<i64>,
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
    let today = crate::today(allowed.session.now)?;
    let day = |field: &str, text: Option<&str>| text.map_or(Ok(today), |text| date(field, text));
    let (from, to) = (day("from", span.from.as_deref())?, day("to", span.to.as_deref())?);
    let (from, until) = bounds(from, to)?;
    let mut reader = app.journal.db.reader().await?;
    let found = report::keying_seen(&mut reader, &allowed, from, until).await?;
    Ok(Json::of(wire(&mut reader, found, from, until).await?))
}

fn bounds(from: BusinessDate, to: BusinessDate) -> Result<(Instant, Instant), Refusal> {
    if !(0..400).contains(&from.days_until(to)) {
        return Err(Refusal::field("to", "须不早于起始日且不超过 400 天", "it lies 0 to 399 days after the beginning"));
    }
    let zone = TimeZone::SHANGHAI;
    Ok((zone.instant(from, 0), zone.instant(to, kernel::calendar::MINUTES_PER_DAY)))
}

async fn wire(conn: &mut Conn, found: KeyingReport, from: Instant, until: Instant) -> Reply<KeyingReportWire> {
    let KeyingReport { single, third, seeded, center, mut people } = found;
    people.sort_by_key(|person| std::cmp::Reverse(person.keyed.entries));
    let mut lines = Vec::with_capacity(people.len());
    for person in people {
        lines.push(line(conn, person).await?);
    }
    Ok(KeyingReportWire {
        from: time(from),
        until: time(until),
        fields: center.map(|center| center.slices),
        single_error_per_10000: single.wrong_per_10000(),
        third_error_per_10000: third.wrong_per_10000(),
        seeded_error_per_10000: seeded.wrong_per_10000(),
        to_third: center.map(|center| center.to_third),
        to_checker: center.map(|center| center.to_checker),
        single: single.into(),
        third: third.into(),
        seeded: seeded.into(),
        people: lines,
    })
}

async fn line(conn: &mut Conn, tally: PersonTally) -> Reply<KeyerLine> {
    let PersonTally { person_id, outsourced: _, keyed, seeded, elapsed_ms, keystrokes: _ } = tally;
    let person = staff::find(conn, &person_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let vendor = match &person.vendor_id {
        Some(vendor) => staff::find_vendor(conn, vendor).await?.map(|vendor| vendor.name),
        None => None,
    };
    let entries = keyed.entries + seeded.entries;
    Ok(KeyerLine {
        person: PersonRef::from(&person),
        vendor,
        error_per_10000: keyed.wrong_per_10000(),
        keyed: keyed.into(),
        seeded_error_per_10000: seeded.wrong_per_10000(),
        seeded: seeded.into(),
        fields_per_hour: (elapsed_ms > 0).then(|| entries * MILLIS_PER_HOUR / elapsed_ms),
    })
}

const MILLIS_PER_HOUR: i64 = 3_600_000;
