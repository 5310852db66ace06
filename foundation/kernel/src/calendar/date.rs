//! The bank's accounting day as a value, and where its midnight lies.

use super::CalendarError;
use crate::clock::{Instant, MICROS_PER_MINUTE, MICROS_PER_SECOND};
use jiff::civil::Date;
use std::fmt;

pub use jiff::civil::Weekday;

const HOURS_PER_DAY: i64 = 24;
const MICROS_PER_DAY: i64 = HOURS_PER_DAY * 60 * MICROS_PER_MINUTE;
const EPOCH: Date = Date::constant(1970, 1, 1);

/// A day of the bank's books (营业日期), years 1 to 9999; it is not an instant and has no hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BusinessDate(Date);

impl BusinessDate {
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, CalendarError> {
        Date::new(year, month, day).map_err(|_| CalendarError::NotADate).and_then(Self::within_years)
    }

    /// Reads `YYYY-MM-DD` and nothing else: this is the stored and the transmitted form.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        let bytes = text.as_bytes();
        let well_formed = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !well_formed {
            return Err(CalendarError::NotADate);
        }
        text.parse::<Date>().map_err(|_| CalendarError::NotADate).and_then(Self::within_years)
    }

    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// The day `days` later, or earlier when negative; calendar days, not working days.
    pub fn add_days(self, days: i64) -> Result<Self, CalendarError> {
        let span = jiff::Span::new().try_days(days).map_err(|_| CalendarError::OutOfRange)?;
        self.0.checked_add(span).map_err(|_| CalendarError::OutOfRange).and_then(Self::within_years)
    }

    /// Calendar days from `self` to `later`; negative when `later` is earlier.
    pub fn days_until(self, later: Self) -> i64 {
        self.0.duration_until(later.0).as_hours() / HOURS_PER_DAY
    }

    fn within_years(date: Date) -> Result<Self, CalendarError> {
        if (1..=9999).contains(&date.year()) { Ok(Self(date)) } else { Err(CalendarError::OutOfRange) }
    }
}

impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_string())
    }
}

impl std::str::FromStr for BusinessDate {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::parse(text)
    }
}

/// A fixed distance from UTC.
///
/// China has kept +08:00 without daylight saving since 1992, so no time zone database is needed;
/// instants of the summers of 1986 to 1991 show an hour early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone {
    offset_micros: i64,
}

impl TimeZone {
    /// Asia/Shanghai, Beijing time.
    pub const SHANGHAI: TimeZone = TimeZone { offset_micros: 8 * 3_600 * MICROS_PER_SECOND };

    /// The wall calendar's day at `instant`.
    pub fn date_at(self, instant: Instant) -> Result<BusinessDate, CalendarError> {
        let days = self.local_micros(instant).div_euclid(i128::from(MICROS_PER_DAY));
        let days = i64::try_from(days).map_err(|_| CalendarError::OutOfRange)?;
        BusinessDate(EPOCH).add_days(days)
    }

    /// The wall clock's minute at `instant`, 0 to 1439.
    pub fn minute_at(self, instant: Instant) -> u16 {
        let minute = self.local_micros(instant).rem_euclid(i128::from(MICROS_PER_DAY)) / i128::from(MICROS_PER_MINUTE);
        u16::try_from(minute).expect("a day has 1440 minutes")
    }

    /// The instant at which `minute` of `date` begins; 1440 is the next midnight.
    pub fn instant(self, date: BusinessDate, minute: u16) -> Instant {
        let days = EPOCH.duration_until(date.0).as_hours() / HOURS_PER_DAY;
        // The years 1 to 9999 span less than 2^59 microseconds.
        Instant::from_micros(days * MICROS_PER_DAY + i64::from(minute) * MICROS_PER_MINUTE - self.offset_micros)
    }

    /// Wider than the instant, so that the ends of its range do not overflow.
    fn local_micros(self, instant: Instant) -> i128 {
        i128::from(instant.micros()) + i128::from(self.offset_micros)
    }
}
