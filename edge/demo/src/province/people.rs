//! 2,000 people: tellers of 400 outlets, the center's stations, branch offices, and the staff of two vendors.
//!
//! Employee numbers tell the post of those who can sign in: 1… teller, 2… keyer, 25… third keyer, 3… checker,
//! 35… refusal reviewer, 4… authorizer, 5… duty supervisor, 6… center manager, 7… outsourced, 9… administrator, 95… auditor.

use super::accounts::person_name;
use super::institutions::{CENTER_CODE, Class, Institution, PROVINCE_CODE, sub_center_code};
use crate::random::Random;
use crate::words::VENDORS;
use kernel::calendar::BusinessDate;

/// How a person is bound to the bank; the text is that of the product's interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    Employee,
    Dispatched,
    Outsourced,
}

/// Whether a person gets a password, and who uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    None,
    /// The simulation works as this person.
    Simulated,
    /// Kept free for whoever tries the product; the simulation leaves the seat alone.
    Visitor,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Vendor {
    pub code: &'static str,
    pub name_zh: &'static str,
    pub name_en: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Person {
    /// Six digits, unique.
    pub employee_no: String,
    pub name: String,
    pub category: Category,
    /// The vendor's code, for outsourced people only.
    pub vendor: Option<&'static str>,
    /// Code of the home institution.
    pub home: String,
    pub sign_in: SignIn,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Appointment {
    pub employee_no: String,
    /// Code of the post, which is the text of its duty.
    pub post: &'static str,
    pub institution: String,
    #[serde(serialize_with = "super::shown::date")]
    pub from: BusinessDate,
}

/// Two people who declared that they are related; it holds in both directions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Relative {
    pub first: String,
    pub second: String,
    pub relation: &'static str,
}

/// What [`generate`] makes.
pub(super) struct Staff {
    pub people: Vec<Person>,
    pub appointments: Vec<Appointment>,
    pub relatives: Vec<Relative>,
}

pub(super) const TOTAL: usize = 2_000;
/// Outlets whose two first tellers can sign in.
const OUTLETS_SIGNING_IN: usize = 8;
const TELLERS_PER_OUTLET: usize = 3;

/// One group of the center: how many hold the post, and how many of these work in the simulation or are for visitors.
struct Group {
    post: &'static str,
    division: &'static str,
    first_no: u32,
    count: u32,
    simulated: u32,
    visitors: u32,
    category: Category,
}

const fn group(
    post: &'static str,
    division: &'static str,
    first_no: u32,
    counts: [u32; 3],
    category: Category,
) -> Group {
    let [count, simulated, visitors] = counts;
    Group { post, division, first_no, count, simulated, visitors, category }
}

const GROUPS: [Group; 14] = [
    group("keyer", "keying", 200_001, [60, 12, 2], Category::Employee),
    group("third_keyer", "keying", 250_001, [12, 4, 1], Category::Employee),
    group("keyer", "keying", 700_001, [120, 23, 1], Category::Outsourced),
    group("vendor_site_manager", "keying", 790_001, [2, 0, 1], Category::Outsourced),
    group("element_checker", "checking", 300_001, [45, 9, 1], Category::Employee),
    group("refusal_reviewer", "checking", 350_001, [6, 2, 1], Category::Employee),
    group("authorizer", "authorizing", 400_001, [20, 5, 1], Category::Employee),
    group("duty_supervisor", "duty", 500_001, [6, 1, 1], Category::Employee),
    group("center_manager", "", 600_001, [1, 0, 1], Category::Employee),
    group("error_handler", "duty", 510_001, [3, 0, 0], Category::Employee),
    group("quality_inspector", "duty", 520_001, [2, 0, 0], Category::Employee),
    group("system_administrator", "province", 900_001, [1, 0, 1], Category::Employee),
    group("organization_administrator", "province", 900_002, [1, 0, 1], Category::Employee),
    group("auditor", "province", 950_001, [1, 0, 1], Category::Employee),
];

/// Posts of a tier-2 branch's office.
const BRANCH_OFFICE: [&str; 4] = ["branch_manager", "accountant", "clearing_clerk", "archive_clerk"];

pub(super) fn vendors() -> Vec<Vendor> {
    let codes = ["V01", "V02"];
    codes.into_iter().zip(VENDORS).map(|(code, name)| Vendor { code, name_zh: name.zh, name_en: name.en }).collect()
}

/// Collects people while keeping their numbers unique.
struct Roll {
    random: Random,
    since: BusinessDate,
    next_no: u32,
    staff: Staff,
}

impl Roll {
    fn appoint(&mut self, number: u32, post: &'static str, institution: &str, category: Category, sign_in: SignIn) {
        let employee_no = number.to_string();
        // The two vendors share the seats in turn.
        let vendor = (category == Category::Outsourced).then(|| if number.is_multiple_of(2) { "V02" } else { "V01" });
        self.staff.appointments.push(Appointment {
            employee_no: employee_no.clone(),
            post,
            institution: institution.to_owned(),
            from: self.since,
        });
        self.staff.people.push(Person {
            employee_no,
            name: person_name(&mut self.random),
            category,
            vendor,
            home: institution.to_owned(),
            sign_in,
        });
    }

    /// One more of those who serve at an outlet or in an office, with the next running number.
    fn appoint_next(&mut self, post: &'static str, institution: &str, sign_in: SignIn) {
        self.next_no += 1;
        let dispatched = post == "teller" && sign_in == SignIn::None && self.random.chance(1, 5);
        let category = if dispatched { Category::Dispatched } else { Category::Employee };
        self.appoint(self.next_no, post, institution, category, sign_in);
    }
}

pub(super) fn generate(seed: u64, institutions: &[Institution], since: BusinessDate) -> Staff {
    let staff = Staff { people: Vec::new(), appointments: Vec::new(), relatives: Vec::new() };
    let mut roll = Roll { random: Random::stream(seed, "people"), since, next_no: 100_000, staff };
    let outlets = || institutions.iter().filter(|institution| institution.class == Class::Outlet);
    // First the tellers who sign in, so that their numbers run from 100001.
    for (order, outlet) in outlets().take(OUTLETS_SIGNING_IN).enumerate() {
        let first = if order == 0 { SignIn::Visitor } else { SignIn::Simulated };
        roll.appoint_next("teller", &outlet.code, first);
        roll.appoint_next("teller", &outlet.code, SignIn::Simulated);
    }
    for (order, outlet) in outlets().enumerate() {
        roll.appoint_next("outlet_supervisor", &outlet.code, SignIn::None);
        let present = if order < OUTLETS_SIGNING_IN { 2 } else { 0 };
        for _ in present..TELLERS_PER_OUTLET {
            roll.appoint_next("teller", &outlet.code, SignIn::None);
        }
    }
    for institution in institutions {
        match institution.class {
            Class::SubBranch => roll.appoint_next("branch_manager", &institution.code, SignIn::None),
            Class::Tier2Branch => {
                BRANCH_OFFICE.iter().for_each(|post| roll.appoint_next(post, &institution.code, SignIn::None))
            }
            _ => {}
        }
    }
    for group in &GROUPS {
        appoint_group(&mut roll, group);
    }
    while roll.staff.people.len() < TOTAL {
        roll.appoint_next("reconciler", PROVINCE_CODE, SignIn::None);
    }
    declare_relatives(&mut roll.staff);
    roll.staff
}

fn appoint_group(roll: &mut Roll, group: &Group) {
    let institution = match group.division {
        "province" => PROVINCE_CODE.to_owned(),
        "" => CENTER_CODE.to_owned(),
        division => sub_center_code(division),
    };
    for order in 0..group.count {
        let sign_in = match order {
            order if order < group.visitors => SignIn::Visitor,
            order if order < group.visitors + group.simulated => SignIn::Simulated,
            _ => SignIn::None,
        };
        let dispatched = group.post == "keyer" && sign_in == SignIn::None && order % 3 == 0;
        let category =
            if dispatched && group.category == Category::Employee { Category::Dispatched } else { group.category };
        roll.appoint(group.first_no + order, group.post, &institution, category, sign_in);
    }
}

/// A few families, chosen so that the exclusion of relatives can be seen at the stations.
fn declare_relatives(staff: &mut Staff) {
    let families = [
        ("200003", "300002", "配偶"),
        ("300003", "400002", "兄弟姐妹"),
        ("100003", "300004", "父母子女"),
        ("200004", "200005", "配偶"),
        ("100005", "400003", "配偶"),
    ];
    staff.relatives.extend(families.map(|(first, second, relation)| Relative {
        first: first.to_owned(),
        second: second.to_owned(),
        relation,
    }));
}
