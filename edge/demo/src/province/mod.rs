//! The demonstration province: institutions, people, appointments, relatives, accounts and calendars of an invented bank.
//!
//! A pure function of its seed: it reads no clock, file or database, so the loader, the simulated outlets and the
//! simulated people each build the same province without talking to each other.
//! Everything refers by codes and numbers; ids are given by whoever loads it.

mod accounts;
mod calendars;
mod institutions;
mod people;
mod shown;
mod visitors;

pub use accounts::{Account, AccountKind, AccountStatus, Accounts, INTERNAL_ACCOUNTS, InternalAccount};
pub use calendars::HolidayYear;
pub use institutions::{Class, Institution};
pub use people::{Appointment, Category, Person, Relative, SignIn, Vendor};
pub use visitors::Visitor;

use kernel::calendar::{BusinessDate, CalendarError};

/// What everyone who can sign in types as password, unless the loader was told another.
/// Nothing but a demonstration ever sets it.
pub const PASSWORD: &str = "demo-shuniu-2026";

/// The seed that the demonstration uses when none is named.
pub const DEFAULT_SEED: u64 = 1;

/// The whole province, in an order in which it can be loaded: parents before children, people before appointments.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Province {
    pub seed: u64,
    pub institutions: Vec<Institution>,
    /// Codes of the standard posts that people are appointed to; a post's code is the text of its duty.
    pub posts: Vec<&'static str>,
    pub vendors: Vec<Vendor>,
    pub people: Vec<Person>,
    pub appointments: Vec<Appointment>,
    pub relatives: Vec<Relative>,
    pub accounts: Accounts,
    pub calendars: Vec<HolidayYear>,
}

impl Province {
    /// The province of a seed. Appointments run from the first day of the year before `today`;
    /// calendars cover that year to two years ahead.
    pub fn generate(seed: u64, today: BusinessDate) -> Result<Self, CalendarError> {
        let year = today.year();
        let since = BusinessDate::new(year - 1, 1, 1)?;
        let institutions = institutions::generate();
        let staff = people::generate(seed, &institutions, since);
        let mut posts: Vec<&'static str> = staff.appointments.iter().map(|appointment| appointment.post).collect();
        posts.sort_unstable();
        posts.dedup();
        Ok(Self {
            seed,
            accounts: accounts::generate(seed),
            calendars: (year - 1..=year + 2).map(calendars::holidays).collect(),
            institutions,
            posts,
            vendors: people::vendors(),
            people: staff.people,
            appointments: staff.appointments,
            relatives: staff.relatives,
        })
    }

    pub fn institution(&self, code: &str) -> Option<&Institution> {
        self.institutions.iter().find(|institution| institution.code == code)
    }

    /// The people who hold a post and can sign in; visitors' seats only when asked for.
    pub fn signing_in(&self, post: &str, visitors_too: bool) -> Vec<&Person> {
        let holders: std::collections::BTreeSet<&str> = self
            .appointments
            .iter()
            .filter(|appointment| appointment.post == post)
            .map(|appointment| appointment.employee_no.as_str())
            .collect();
        let may = |person: &&Person| match person.sign_in {
            SignIn::Simulated => true,
            SignIn::Visitor => visitors_too,
            SignIn::None => false,
        };
        self.people.iter().filter(|person| holders.contains(person.employee_no.as_str())).filter(may).collect()
    }
}

#[cfg(test)]
mod tests;
