//! An appointment: a person in a post at an institution for a time.

use crate::institution::Institution;
use crate::post::Post;
use kernel::calendar::BusinessDate;
use kernel::{AppointmentId, InstitutionId, PersonId, PostId};

/// A person in a post at an institution, in force on every date from `from` up to, not including, `until`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    pub appointment_id: AppointmentId,
    pub person_id: PersonId,
    pub post_id: PostId,
    pub institution_id: InstitutionId,
    pub from: BusinessDate,
    /// The first date on which it is no longer in force; the same as `from` for one that was called off before it began.
    pub until: Option<BusinessDate>,
    /// Why it was ended before its time, or at all.
    pub ended_reason: Option<String>,
}

impl Appointment {
    pub fn is_in_force(&self, on: BusinessDate) -> bool {
        self.from <= on && self.until.is_none_or(|until| on < until)
    }

    /// Whether both are in force on some date.
    pub fn overlaps(&self, from: BusinessDate, until: Option<BusinessDate>) -> bool {
        let starts_in_time = until.is_none_or(|until| self.from < until);
        let lasts_long_enough = self.until.is_none_or(|own| from < own);
        let is_ever_in_force = self.until.is_none_or(|own| self.from < own);
        starts_in_time && lasts_long_enough && is_ever_in_force
    }
}

/// What an administrator enters for a new appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAppointment {
    pub person_id: PersonId,
    pub post_id: PostId,
    pub institution_id: InstitutionId,
    pub from: BusinessDate,
    /// The first date on which it is no longer in force.
    pub until: Option<BusinessDate>,
}

/// An appointment in force, with what it is to and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentAppointment {
    pub appointment: Appointment,
    pub post: Post,
    pub institution: Institution,
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Instant;

    fn day(n: i8) -> BusinessDate {
        BusinessDate::new(2026, 3, n).expect("a date")
    }

    #[test]
    fn two_times_overlap_when_one_date_lies_in_both() {
        let at = Instant::from_micros(0);
        let held = |from, until: Option<i8>| Appointment {
            appointment_id: AppointmentId::new(at),
            person_id: PersonId::new(at),
            post_id: PostId::new(at),
            institution_id: InstitutionId::new(at),
            from: day(from),
            until: until.map(day),
            ended_reason: None,
        };
        type Time = (i8, Option<i8>);
        let cases: [(Time, Time, bool, &str); 9] = [
            ((5, Some(10)), (10, Some(12)), false, "begins on the day the other ends"),
            ((5, Some(10)), (9, Some(12)), true, "the last day is shared"),
            ((5, Some(10)), (1, Some(5)), false, "ends on the day the other begins"),
            ((5, Some(10)), (1, Some(6)), true, "the first day is shared"),
            ((5, Some(10)), (6, Some(7)), true, "inside"),
            ((5, None), (20, None), true, "two without an end"),
            ((5, None), (1, Some(5)), false, "before one without an end"),
            ((5, Some(10)), (1, None), true, "around"),
            ((5, Some(5)), (1, None), false, "called off before it began"),
        ];
        for ((from, until), (other_from, other_until), expected, case) in cases {
            assert_eq!(held(from, until).overlaps(day(other_from), other_until.map(day)), expected, "{case}");
        }
    }
}
