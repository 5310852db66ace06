//! The bank calendar: which days are worked, and how long working time takes.
//!
//! Invariants:
//! - A year without an official table is refused, never guessed: a deadline computed over a wrong holiday is a broken promise.
//! - Working time passes only in the opening hours of working days.
//!
//! The tables are those of the State Council's yearly notice in the JSON form of the holiday-cn project, which the bank imports each autumn.
//! Deliberately absent: daylight saving, other countries' holidays, and the core's own day end.

mod date;
mod hours;

pub use date::{BusinessDate, TimeZone, Weekday};
pub use hours::{MINUTES_PER_DAY, OpenSpan, OpeningHours, parse_minute};

use crate::clock::{Instant, MICROS_PER_MINUTE};
use std::collections::{BTreeMap, BTreeSet};

/// Why a date, a table or a working time could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("not a date; write YYYY-MM-DD")]
    NotADate,
    #[error("the date lies outside the years 1 to 9999")]
    OutOfRange,
    #[error(
        "opening hours are written 08:30-11:30,13:30-17:00: in order, without overlap, and open at some time of the week"
    )]
    OpeningHours,
    #[error("there is no holiday table for {0}; import it before working days of that year are computed")]
    YearMissing(i16),
    #[error("the holiday table cannot be read: {0}")]
    MalformedTable(String),
    #[error("the holiday table of {0} has no days; the official notice is not out yet")]
    EmptyTable(i16),
    #[error("the holiday table of {year} has a wrong or repeated date: {date}")]
    TableDate { year: i16, date: String },
    #[error("there are two holiday tables for {0}")]
    DuplicateTable(i16),
}

/// What the calendar's owner must do soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarWarning {
    /// The table of this year is needed and not there.
    TableMissing { year: i16 },
}

/// The days of one year's official notice that differ from Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayTable {
    year: i16,
    /// Days off are `true`, make-up working days `false`; some lie in the last days of the year before.
    days: BTreeMap<BusinessDate, bool>,
}

/// The published JSON; keys that are not named here (papers, schema) carry no days.
#[derive(serde::Deserialize)]
struct TableFile {
    year: i16,
    days: Vec<TableDay>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct TableDay {
    date: String,
    is_off_day: bool,
}

impl HolidayTable {
    /// Reads the holiday-cn form, `{"year":2026,"days":[{"name":"…","date":"2026-10-01","isOffDay":true}]}`.
    ///
    /// Refuses a table without days, which is what is published until the notice is out, so that it cannot pass for a year without holidays.
    pub fn parse(json: &str) -> Result<Self, CalendarError> {
        let file: TableFile = serde_json::from_str(json).map_err(|e| CalendarError::MalformedTable(e.to_string()))?;
        let year = file.year;
        if file.days.is_empty() {
            return Err(CalendarError::EmptyTable(year));
        }
        let mut days = BTreeMap::new();
        for TableDay { date: text, is_off_day } in file.days {
            let date =
                BusinessDate::parse(&text).ok().filter(|date| (i32::from(date.year()) - i32::from(year)).abs() <= 1);
            let repeated = date.is_none_or(|date| days.insert(date, is_off_day).is_some());
            if repeated {
                return Err(CalendarError::TableDate { year, date: text });
            }
        }
        Ok(Self { year, days })
    }

    pub fn year(&self) -> i16 {
        self.year
    }
}

/// Working days of a bank in one time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    tables: BTreeMap<i16, HolidayTable>,
    /// Minute since midnight at which the day closes early.
    half_days: BTreeMap<BusinessDate, u16>,
    closed_days: BTreeSet<BusinessDate>,
}

impl Calendar {
    /// A calendar of China from the official `tables`, the bank's own `half_days` (date and the minute since midnight at
    /// which it closes) and `closed_days` on top of the official ones.
    /// Refuses two tables for a year.
    pub fn new(
        tables: Vec<HolidayTable>,
        half_days: BTreeMap<BusinessDate, u16>,
        closed_days: BTreeSet<BusinessDate>,
    ) -> Result<Self, CalendarError> {
        let mut by_year = BTreeMap::new();
        for table in tables {
            let year = table.year;
            if by_year.insert(year, table).is_some() {
                return Err(CalendarError::DuplicateTable(year));
            }
        }
        Ok(Self { zone: TimeZone::SHANGHAI, tables: by_year, half_days, closed_days })
    }

    pub fn zone(&self) -> TimeZone {
        self.zone
    }

    /// Whether the bank works on `date`; refuses a year without a table.
    pub fn is_working_day(&self, date: BusinessDate) -> Result<bool, CalendarError> {
        let year = date.year();
        if !self.tables.contains_key(&year) {
            return Err(CalendarError::YearMissing(year));
        }
        if self.closed_days.contains(&date) {
            return Ok(false);
        }
        // The notice of the coming year may rearrange the last days of December; it is the later word, so it is asked first.
        let is_off_day = [year + 1, year, year - 1]
            .into_iter()
            .filter_map(|year| self.tables.get(&year))
            .find_map(|table| table.days.get(&date).copied());
        Ok(match is_off_day {
            Some(is_off_day) => !is_off_day,
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        })
    }

    /// What must be imported: this year's table at once, next year's from 1 October on.
    pub fn warning(&self, today: BusinessDate) -> Option<CalendarWarning> {
        let missing = |year: i16| !self.tables.contains_key(&year);
        let next_year = today.year() + 1;
        if missing(today.year()) {
            return Some(CalendarWarning::TableMissing { year: today.year() });
        }
        (today.month() >= 10 && missing(next_year)).then_some(CalendarWarning::TableMissing { year: next_year })
    }

    /// The first working day after `date`.
    pub fn next_working_day(&self, date: BusinessDate) -> Result<BusinessDate, CalendarError> {
        self.seek_working_day(date.add_days(1)?, 1)
    }

    /// The last working day before `date`.
    pub fn previous_working_day(&self, date: BusinessDate) -> Result<BusinessDate, CalendarError> {
        self.seek_working_day(date.add_days(-1)?, -1)
    }

    /// The day on whose books something at `instant` stands: that day if it is worked, else the next working day (trade practice).
    pub fn business_date_at(&self, instant: Instant) -> Result<BusinessDate, CalendarError> {
        self.seek_working_day(self.zone.date_at(instant)?, 1)
    }

    /// When an institution with `hours` is open on `date`: nothing on a day off, less on a half-day.
    pub fn open_spans(&self, date: BusinessDate, hours: &OpeningHours) -> Result<Vec<OpenSpan>, CalendarError> {
        if !self.is_working_day(date)? {
            return Ok(Vec::new());
        }
        let closes = self.half_days.get(&date).copied().unwrap_or(MINUTES_PER_DAY);
        Ok(hours.on(date.weekday()).iter().filter_map(|span| span.until(closes)).collect())
    }

    /// Whether an institution with `hours` is open at `instant`.
    pub fn is_open_at(&self, instant: Instant, hours: &OpeningHours) -> Result<bool, CalendarError> {
        let minute = self.zone.minute_at(instant);
        let spans = self.open_spans(self.zone.date_at(instant)?, hours)?;
        Ok(spans.iter().any(|span| (span.open()..span.close()).contains(&minute)))
    }

    /// The instant at which `minutes` of working time after `from` have passed: how deadlines are set.
    ///
    /// An end that falls on a closing time is that closing time, not the next opening; zero minutes change nothing.
    pub fn add_working_minutes(
        &self,
        from: Instant,
        minutes: u32,
        hours: &OpeningHours,
    ) -> Result<Instant, CalendarError> {
        let mut left_micros = i64::from(minutes) * MICROS_PER_MINUTE;
        let mut date = self.zone.date_at(from)?;
        if left_micros == 0 {
            return Ok(from);
        }
        loop {
            for (open, close) in self.open_instants(date, hours)? {
                let start = open.max(from);
                let available = close.since(start);
                if left_micros <= available {
                    return Ok(start.plus_micros(left_micros));
                }
                left_micros -= available.max(0);
            }
            date = date.add_days(1)?;
        }
    }

    /// Whole minutes of working time from `from` to `to`; negative when `to` is earlier.
    pub fn working_minutes_between(
        &self,
        from: Instant,
        to: Instant,
        hours: &OpeningHours,
    ) -> Result<i64, CalendarError> {
        if to < from {
            return self.working_minutes_between(to, from, hours).map(|minutes| -minutes);
        }
        let last = self.zone.date_at(to)?;
        let mut date = self.zone.date_at(from)?;
        let mut micros = 0;
        while date <= last {
            for (open, close) in self.open_instants(date, hours)? {
                micros += close.min(to).since(open.max(from)).max(0);
            }
            date = date.add_days(1)?;
        }
        Ok(micros / MICROS_PER_MINUTE)
    }

    fn open_instants(
        &self,
        date: BusinessDate,
        hours: &OpeningHours,
    ) -> Result<Vec<(Instant, Instant)>, CalendarError> {
        let spans = self.open_spans(date, hours)?;
        let instants = |span: OpenSpan| (self.zone.instant(date, span.open()), self.zone.instant(date, span.close()));
        Ok(spans.into_iter().map(instants).collect())
    }

    /// `date` if it is worked, else the nearest working day in steps of `step` days; ends at the first year without a table.
    fn seek_working_day(&self, mut date: BusinessDate, step: i64) -> Result<BusinessDate, CalendarError> {
        while !self.is_working_day(date)? {
            date = date.add_days(step)?;
        }
        Ok(date)
    }
}

#[cfg(test)]
mod tests;
