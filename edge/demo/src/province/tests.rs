use super::*;
use kernel::calendar::{HolidayTable, OpeningHours};
use kernel::checksum::{bank_code, luhn};
use std::collections::{BTreeMap, BTreeSet};

fn province() -> Province {
    Province::generate(DEFAULT_SEED, BusinessDate::new(2026, 11, 23).unwrap()).unwrap()
}

#[test]
fn a_seed_gives_one_province_and_another_seed_other_people() {
    let day = BusinessDate::new(2026, 11, 23).unwrap();
    assert_eq!(province(), province());
    assert_ne!(Province::generate(1, day).unwrap().people, Province::generate(2, day).unwrap().people);
}

#[test]
fn the_province_has_the_size_it_promises() {
    let province = province();
    let count = |class| province.institutions.iter().filter(|institution| institution.class == class).count();
    assert_eq!(
        [Class::Province, Class::Center, Class::SubCenter, Class::Tier2Branch, Class::SubBranch, Class::Outlet]
            .map(count),
        [1, 1, 4, 14, 60, 400]
    );
    assert_eq!(province.people.len(), 2_000);
    let signing_in = province.people.iter().filter(|person| person.sign_in != SignIn::None).count();
    assert_eq!(signing_in, 85);
}

#[test]
fn codes_names_and_numbers_are_unique() {
    let province = province();
    let unique = |texts: Vec<&str>| texts.iter().collect::<BTreeSet<_>>().len() == texts.len();
    assert!(unique(province.institutions.iter().map(|i| i.code.as_str()).collect()));
    assert!(unique(province.institutions.iter().map(|i| i.name_zh.as_str()).collect()));
    assert!(unique(province.institutions.iter().map(|i| i.name_en.as_str()).collect()));
    assert!(unique(province.institutions.iter().filter_map(|i| i.cnaps.as_deref()).collect()));
    assert!(unique(province.people.iter().map(|p| p.employee_no.as_str()).collect()));
    let accounts = province.accounts.companies.iter().chain(&province.accounts.people);
    assert!(unique(accounts.map(|a| a.number.as_str()).collect()));
}

#[test]
fn check_digits_are_right_and_hours_can_be_read() {
    let province = province();
    for institution in &province.institutions {
        if let Some(cnaps) = &institution.cnaps {
            assert_eq!(bank_code::check(cnaps), Ok(()));
        }
        assert!(OpeningHours::parse_day(institution.opening_weekends).is_ok());
        assert!(OpeningHours::weekdays(institution.opening_weekdays).is_ok());
    }
    for account in province.accounts.companies.iter().chain(&province.accounts.people) {
        assert_eq!(luhn::check(&account.number), Ok(()));
        assert_eq!(account.number.len(), 19);
    }
}

#[test]
fn parents_stand_before_their_children() {
    let province = province();
    let mut seen = BTreeSet::new();
    for institution in &province.institutions {
        assert!(institution.parent.as_ref().is_none_or(|parent| seen.contains(parent)), "{}", institution.code);
        seen.insert(institution.code.clone());
    }
}

#[test]
fn appointments_and_relatives_name_known_people_and_institutions() {
    let province = province();
    let people: BTreeSet<&str> = province.people.iter().map(|p| p.employee_no.as_str()).collect();
    for appointment in &province.appointments {
        assert!(people.contains(appointment.employee_no.as_str()));
        assert!(province.institution(&appointment.institution).is_some(), "{}", appointment.institution);
    }
    for relative in &province.relatives {
        assert!(people.contains(relative.first.as_str()) && people.contains(relative.second.as_str()));
    }
}

#[test]
fn only_vendors_people_are_outsourced_and_they_key_or_manage_seats() {
    let province = province();
    let posts: BTreeMap<&str, &str> = province.appointments.iter().map(|a| (a.employee_no.as_str(), a.post)).collect();
    for person in &province.people {
        assert_eq!(person.vendor.is_some(), person.category == Category::Outsourced);
        if person.category == Category::Outsourced {
            assert!(matches!(posts[person.employee_no.as_str()], "keyer" | "vendor_site_manager"));
        }
    }
}

#[test]
fn the_simulation_leaves_the_visitors_seats_free() {
    let province = province();
    let simulated = province.signing_in("keyer", false);
    assert_eq!(simulated.len(), 35);
    assert!(simulated.iter().all(|person| person.sign_in == SignIn::Simulated));
    assert_eq!(province.signing_in("keyer", true).len(), 38);
}

#[test]
fn a_visitor_finds_a_seat_of_every_kind() {
    let province = province();
    let visitors = province.visitors();
    assert_eq!(visitors.len(), province.people.iter().filter(|person| person.sign_in == SignIn::Visitor).count());
    assert_eq!(visitors[0].employee_no, "500001");
    assert!(visitors.iter().any(|visitor| visitor.employee_no == "700001" && visitor.try_en.contains("vendor")));
}

#[test]
fn every_calendar_is_one_that_the_product_imports() {
    for calendar in province().calendars {
        let table = HolidayTable::parse(&calendar.json).unwrap();
        assert_eq!(table.year(), calendar.year);
    }
}

#[test]
fn the_holidays_of_2026_are_those_of_the_public_table() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reference/holiday-cn/2026.json");
    let Ok(public) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: there is no public holiday table beside this checkout");
        return;
    };
    assert_eq!(HolidayTable::parse(&public), HolidayTable::parse(&calendars::holidays(2026).json));
}
