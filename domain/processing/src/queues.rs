//! The queues of centralized processing, and when work in them is due.

use journal::Answer;
use kernel::calendar::{CalendarError, OpeningHours};
use kernel::{BusinessDate, Calendar, Code, Instant, Refusal};
use organization::InstitutionClass;
use organization::institution::InstitutionFilter;
use permission::{Action, Hand};
use serde_json::Value;
use storage::Conn;
use work::{NewWork, QueueSpec};

pub const KEYING: &str = "keying";
pub const THIRD_KEYING: &str = "third_keying";
pub const CHECKING: &str = "checking";
pub const REFUSAL_REVIEW: &str = "refusal_review";
pub const AUTHORIZING: &str = "authorizing";

/// What the work engine is told at start-up. A keyer holds three slices, so that the next is on the screen before it is asked for.
pub const QUEUES: &[QueueSpec] = &[
    QueueSpec {
        code: KEYING,
        name_zh: "录入",
        name_en: "Keying",
        action: Action::KeySlice,
        capacity: 3,
        wrap_up_seconds: 0,
    },
    QueueSpec {
        code: THIRD_KEYING,
        name_zh: "三录",
        name_en: "Third key",
        action: Action::ThirdKeySlice,
        capacity: 2,
        wrap_up_seconds: 0,
    },
    QueueSpec {
        code: CHECKING,
        name_zh: "要素审核",
        name_en: "Checking",
        action: Action::CheckItem,
        capacity: 2,
        wrap_up_seconds: 0,
    },
    QueueSpec {
        code: REFUSAL_REVIEW,
        name_zh: "退票复核",
        name_en: "Refusal review",
        action: Action::ReviewRefusal,
        capacity: 1,
        wrap_up_seconds: 0,
    },
    QueueSpec {
        code: AUTHORIZING,
        name_zh: "授权",
        name_en: "Authorizing",
        action: Action::AuthorizeItem,
        capacity: 1,
        wrap_up_seconds: 3,
    },
];

/// Work on an item, in the order of the item's own priority and deadline.
pub(crate) fn work_on(item: &crate::item::Item, queue: &'static str, hand: Hand, now: Instant, task: Value) -> NewWork {
    let due_at = item.due_at.unwrap_or(now);
    NewWork {
        queue,
        subject: item.item_id.to_string(),
        origin: item.institution_id.clone(),
        hand,
        slice: None,
        // Who enqueues a slice that outsourced seats may see says so.
        internal_only: true,
        priority_class: item.priority_class,
        due_at,
        promote_at: promote_at(item.submitted_at.unwrap_or(now), due_at),
        task,
    }
}

/// At four fifths of the way to its deadline an item rises one class.
fn promote_at(from: Instant, due: Instant) -> Option<Instant> {
    let span = due.since(from);
    (span > 0).then(|| from.plus_micros(span / 5 * 4))
}

/// The holiday tables around `now`. The year before and the year after are asked for too: a deadline or a late night may reach into them.
pub async fn calendar(conn: &mut Conn, now: Instant) -> Answer<Calendar> {
    let today = kernel::calendar::TimeZone::SHANGHAI.date_at(now).map_err(refusal)?;
    Ok(organization::calendar::load(conn, today.year() - 1..=today.year() + 1).await?)
}

/// The hours in which the center works: the clock of every deadline.
pub(crate) async fn center_hours(conn: &mut Conn) -> Answer<OpeningHours> {
    let filter = InstitutionFilter { under: None, class: Some(InstitutionClass::Center), text: None };
    let found = organization::institution::search(conn, &filter, None, 1).await?.items.into_iter().next();
    let center = found
        .ok_or_else(|| Refusal::detailed(Code::Unavailable, "尚未设置运营中心", "no operations center is set up"))?;
    Ok(center.opening.hours().clone())
}

/// The bank's day at `now`; a missing holiday table is a refusal that names the year.
pub fn business_date(calendar: &Calendar, now: Instant) -> Result<BusinessDate, Refusal> {
    calendar.business_date_at(now).map_err(refusal)
}

/// The instant at which so many working minutes of the center have passed.
pub(crate) fn due_at(
    calendar: &Calendar,
    hours: &OpeningHours,
    now: Instant,
    minutes: u32,
) -> Result<Instant, Refusal> {
    calendar.add_working_minutes(now, minutes, hours).map_err(refusal)
}

fn refusal(error: CalendarError) -> Refusal {
    match error {
        CalendarError::YearMissing(year) => Refusal::with(Code::CalendarYearMissing, year),
        other => Refusal::with(Code::Unavailable, other),
    }
}
