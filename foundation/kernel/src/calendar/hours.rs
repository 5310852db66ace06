//! When an institution is open, by weekday.

use super::CalendarError;
use jiff::civil::Weekday;

/// Minutes of a whole day; the latest closing time, written `24:00`.
pub const MINUTES_PER_DAY: u16 = 24 * 60;

/// An uninterrupted stretch of opening, in minutes since midnight: open at `open`, closed at `close`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenSpan {
    open: u16,
    close: u16,
}

impl OpenSpan {
    /// Refuses a span that is empty, turned round or longer than the day.
    pub fn new(open: u16, close: u16) -> Result<Self, CalendarError> {
        if open < close && close <= MINUTES_PER_DAY {
            Ok(Self { open, close })
        } else {
            Err(CalendarError::OpeningHours)
        }
    }

    /// Minutes since midnight.
    pub fn open(self) -> u16 {
        self.open
    }

    /// Minutes since midnight; the first minute that is closed again.
    pub fn close(self) -> u16 {
        self.close
    }

    /// What remains of the span on a day that closes at `minute`.
    pub(super) fn until(self, minute: u16) -> Option<Self> {
        Self::new(self.open, self.close.min(minute)).ok()
    }
}

/// Reads `HH:MM` into minutes since midnight; `24:00` is the end of the day.
pub fn parse_minute(text: &str) -> Result<u16, CalendarError> {
    let read = |part: &str| match part.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Some(u16::from(tens - b'0') * 10 + u16::from(ones - b'0')),
        _ => None,
    };
    let (hours, minutes) = text.split_once(':').ok_or(CalendarError::OpeningHours)?;
    match (read(hours), read(minutes)) {
        (Some(hours), Some(minutes)) if minutes < 60 && hours * 60 + minutes <= MINUTES_PER_DAY => {
            Ok(hours * 60 + minutes)
        }
        _ => Err(CalendarError::OpeningHours),
    }
}

/// Opening hours of a week, and those of a make-up working day (调休上班), which falls on a weekend.
///
/// Only the calendar knows whether a day is worked at all; hours on a Saturday do not make it a working day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningHours {
    /// Monday first.
    week: [Vec<OpenSpan>; 7],
    make_up: Vec<OpenSpan>,
}

impl OpeningHours {
    /// `week` begins with Monday.
    /// Refuses spans of a day that overlap or are not in order, and hours that are never open.
    pub fn new(week: [Vec<OpenSpan>; 7], make_up: Vec<OpenSpan>) -> Result<Self, CalendarError> {
        let in_order = |spans: &Vec<OpenSpan>| spans.windows(2).all(|pair| pair[0].close <= pair[1].open);
        let ever_open = week.iter().any(|spans| !spans.is_empty());
        if ever_open && week.iter().all(in_order) && in_order(&make_up) {
            return Ok(Self { week, make_up });
        }
        Err(CalendarError::OpeningHours)
    }

    /// The same hours from Monday to Friday and on make-up days, in the form of [`Self::parse_day`].
    pub fn weekdays(text: &str) -> Result<Self, CalendarError> {
        let day = Self::parse_day(text)?;
        let week = std::array::from_fn(|index| if index < 5 { day.clone() } else { Vec::new() });
        Self::new(week, day)
    }

    /// Reads the hours of one day, `08:30-11:30,13:30-17:00`; an empty text is a closed day.
    pub fn parse_day(text: &str) -> Result<Vec<OpenSpan>, CalendarError> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let read_span = |span: &str| {
            let (open, close) = span.split_once('-').ok_or(CalendarError::OpeningHours)?;
            OpenSpan::new(parse_minute(open)?, parse_minute(close)?)
        };
        text.split(',').map(read_span).collect()
    }

    /// The hours of a working day on `weekday`; a worked weekend day without hours of its own has the make-up hours.
    pub(super) fn on(&self, weekday: Weekday) -> &[OpenSpan] {
        let own = &self.week[usize::from(weekday.to_monday_zero_offset().unsigned_abs())];
        match weekday {
            Weekday::Saturday | Weekday::Sunday if own.is_empty() => &self.make_up,
            _ => own,
        }
    }
}
