//! The bank calendar's tables: the official notice of each year, and the bank's own exceptions.
//!
//! How working time is computed stands in [`kernel::calendar`]; this module keeps what it is computed from.
//! Deliberately absent: exceptions of single institutions, whose opening hours and closing date say the same.

mod model;
mod store;
#[cfg(test)]
mod tests;

pub use model::{Day, Exception, Imported};

use crate::check;
use journal::{Answer, Cx, Entry, Recorded, Subject};
use kernel::calendar::{BusinessDate, Calendar, CalendarError, HolidayTable, MINUTES_PER_DAY};
use kernel::hash::HashSuite;
use kernel::{Code, Refusal};
use serde_json::json;
use std::ops::RangeInclusive;
use storage::{Conn, Fault};

/// Imports a year's official notice in the holiday-cn JSON form; a corrected notice replaces the earlier table.
///
/// Refuses text that is not such a table, a table without days (the notice is not out yet), and wrong or repeated dates.
pub async fn import_holidays(mut cx: Cx<'_>, text: String) -> Answer<Recorded<Imported>> {
    let table = HolidayTable::parse(&text).map_err(|error| unreadable(&error))?;
    let file: store::TableFile =
        serde_json::from_str(&text).map_err(|error| unreadable(&CalendarError::MalformedTable(error.to_string())))?;
    let replaced = store::replace_table(cx.tx, &file, cx.now).await?;
    let imported = Imported { year: table.year(), days: i64::try_from(file.days.len()).unwrap_or(i64::MAX), replaced };
    let payload = json!({
        "days": imported.days,
        "replaced": replaced,
        "digest": HashSuite::Sha256.digest(&[text.as_bytes()]).to_string(),
    });
    let entry = Entry::named(chain(imported.year), "organization.calendar.import_holidays", payload);
    Ok(cx.append(entry).await?.done(imported))
}

fn unreadable(error: &CalendarError) -> Refusal {
    let zh = match error {
        CalendarError::EmptyTable(year) => format!("{year} 年节假日表没有内容，放假通知可能尚未发布"),
        CalendarError::TableDate { year, date } => format!("{year} 年节假日表中的日期有误或重复：{date}"),
        _ => "不是 holiday-cn 格式的节假日表".to_owned(),
    };
    Refusal::field("table", zh, error.to_string())
}

fn chain(year: i16) -> Subject {
    Subject::named(format!("calendar/{year}"))
}

/// Closes the bank on a date, or closes it early, for an occasion of its own; replaces what was set for that date.
pub async fn set_exception(
    mut cx: Cx<'_>,
    date: BusinessDate,
    exception: Exception,
    name: String,
) -> Answer<Recorded<()>> {
    let name = check::name("name", &name)?;
    let closes_minute = match exception {
        Exception::Closed => None,
        Exception::HalfDay { closes_minute } => Some(closes_minute),
    };
    if closes_minute.is_some_and(|minute| minute == 0 || minute >= MINUTES_PER_DAY) {
        return Err(
            Refusal::field("closes_minute", "须在 00:01 至 23:59 之间", "it lies between 00:01 and 23:59").into()
        );
    }
    store::set_exception(cx.tx, date, exception, &name).await?;
    let payload = json!({"date": date.to_string(), "closes_minute": closes_minute, "name": name});
    let entry = Entry::named(chain(date.year()), "organization.calendar.set_exception", payload);
    Ok(cx.append(entry).await?.done(()))
}

/// Takes an exception back; the official calendar holds again.
pub async fn clear_exception(mut cx: Cx<'_>, date: BusinessDate) -> Answer<Recorded<()>> {
    if !store::delete_exception(cx.tx, date).await? {
        return Err(Refusal::new(Code::NotFound).into());
    }
    let payload = json!({"date": date.to_string()});
    let entry = Entry::named(chain(date.year()), "organization.calendar.clear_exception", payload);
    Ok(cx.append(entry).await?.done(()))
}

/// The calendar of the given years, as far as they are imported.
///
/// Ask for one year more than is needed: a notice may rearrange the last days of the year before it.
pub async fn load(conn: &mut Conn, years: RangeInclusive<i16>) -> Result<Calendar, Fault> {
    let tables = store::tables(conn, *years.start(), *years.end()).await?;
    let (half_days, closed) = store::split(&store::exceptions(conn).await?);
    Calendar::new(tables, half_days, closed).map_err(|error| Fault::inconsistent(error.to_string()))
}

/// What is known of each date from `from` to `to`, both included, at most 400 days.
///
/// Refuses a year whose table is missing, and dates that are turned round or too far apart.
pub async fn days(conn: &mut Conn, from: BusinessDate, to: BusinessDate) -> Answer<Vec<Day>> {
    if !(0..400).contains(&from.days_until(to)) {
        return Err(
            Refusal::field("to", "须不早于起始日且不超过 400 天", "it lies 0 to 399 days after the beginning").into()
        );
    }
    let calendar = load(conn, from.year() - 1..=to.year() + 1).await?;
    let names = store::names(conn, from, to).await?;
    let exceptions = store::exceptions(conn).await?;
    let mut days = Vec::new();
    let mut date = from;
    while date <= to {
        let own = exceptions.get(&date);
        let closes_minute = own.and_then(|(exception, _)| match exception {
            Exception::HalfDay { closes_minute } => Some(*closes_minute),
            Exception::Closed => None,
        });
        days.push(Day {
            date,
            working: calendar.is_working_day(date).map_err(|error| refusal(&error))?,
            name: own.map(|(_, name)| name.clone()).or_else(|| names.get(&date).cloned()),
            closes_minute,
        });
        date = date.add_days(1).map_err(|error| refusal(&error))?;
    }
    Ok(days)
}

/// What a user is told when the calendar cannot answer.
pub fn refusal(error: &CalendarError) -> Refusal {
    match error {
        CalendarError::YearMissing(year) => Refusal::with(Code::CalendarYearMissing, year),
        other => Refusal::field("date", "日期不正确", other.to_string()),
    }
}
