//! A day of the bank calendar as people see it.

use kernel::calendar::BusinessDate;

/// A date with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: BusinessDate,
    pub working: bool,
    /// The holiday or the bank's own occasion, where the day has one.
    pub name: Option<String>,
    /// Minutes since midnight at which a half-day closes.
    pub closes_minute: Option<u16>,
}

/// The bank's own exception from the official calendar, for all institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exception {
    /// Closed all day.
    Closed,
    /// Closes early, at this minute since midnight, 1 to 1439.
    HalfDay { closes_minute: u16 },
}

/// What an import changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    pub year: i16,
    /// Days in the table.
    pub days: i64,
    /// Whether the year had a table before.
    pub replaced: bool,
}

impl journal::Reply for Imported {
    fn keep(&self) -> String {
        format!("{} {} {}", self.year, self.days, u8::from(self.replaced))
    }

    fn again(kept: &str) -> Option<Self> {
        let mut parts = kept.split(' ');
        let year = parts.next()?.parse().ok()?;
        let days = parts.next()?.parse().ok()?;
        let replaced = parts.next()? == "1";
        Some(Self { year, days, replaced })
    }
}
