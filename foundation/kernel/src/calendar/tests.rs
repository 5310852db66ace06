use super::*;
use proptest::prelude::*;

/// Days of 2026 that the tests speak of: New Year with a make-up Sunday, the national day with two make-up days.
const TABLE_2026: &str = r#"{"$id": "x", "year": 2026, "papers": [], "days": [
    {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2026-01-02", "isOffDay": true},
    {"name": "元旦", "date": "2026-01-03", "isOffDay": true},
    {"name": "元旦", "date": "2026-01-04", "isOffDay": false},
    {"name": "国庆节", "date": "2026-09-20", "isOffDay": false},
    {"name": "国庆节", "date": "2026-10-01", "isOffDay": true},
    {"name": "国庆节", "date": "2026-10-02", "isOffDay": true},
    {"name": "国庆节", "date": "2026-10-05", "isOffDay": true},
    {"name": "国庆节", "date": "2026-10-06", "isOffDay": true},
    {"name": "国庆节", "date": "2026-10-07", "isOffDay": true},
    {"name": "国庆节", "date": "2026-10-10", "isOffDay": false}]}"#;

/// Makes the last Thursday of 2026 a day off.
const TABLE_2027: &str = r#"{"year": 2027, "days": [
    {"name": "元旦", "date": "2026-12-31", "isOffDay": true}, {"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}"#;

fn day(text: &str) -> BusinessDate {
    BusinessDate::parse(text).expect("the test writes a date")
}

fn at(text: &str) -> Instant {
    Instant::parse_rfc3339(&format!("{}:00+08:00", text.replace(' ', "T"))).expect("the test writes a date and a time")
}

fn calendar_of(tables: &[&str]) -> Calendar {
    let tables = tables.iter().map(|json| HolidayTable::parse(json).expect("valid")).collect();
    let half_days = BTreeMap::from([(day("2026-02-13"), 12 * 60)]);
    Calendar::new(tables, half_days, BTreeSet::from([day("2026-03-18")])).expect("one table a year")
}

fn calendar() -> Calendar {
    calendar_of(&[TABLE_2026])
}

fn counter_hours() -> OpeningHours {
    OpeningHours::weekdays("08:30-11:30,13:30-17:00").expect("valid")
}

#[test]
fn a_date_is_read_in_its_one_form() {
    assert_eq!(day("2026-11-23").to_string(), "2026-11-23");
    assert_eq!((day("2026-11-23").year(), day("2026-11-23").month(), day("2026-11-23").day()), (2026, 11, 23));
    assert_eq!(day("2026-11-23").weekday(), Weekday::Monday);
    assert_eq!(day("2024-02-29").add_days(366), Ok(day("2025-03-01")));
    assert_eq!(day("2026-01-01").add_days(-1), Ok(day("2025-12-31")));
    assert_eq!(day("2026-03-01").days_until(day("2026-02-01")), -28);
    assert_eq!(BusinessDate::new(2026, 2, 29), Err(CalendarError::NotADate));
    assert_eq!(BusinessDate::parse("0000-01-01"), Err(CalendarError::OutOfRange));
    assert_eq!(day("9999-12-31").add_days(1), Err(CalendarError::OutOfRange));
    assert_eq!(day("2026-01-01").add_days(i64::MAX), Err(CalendarError::OutOfRange));
    for text in [
        "",
        "2026-1-2",
        "20260102",
        "2026-02-29",
        "2026-13-01",
        "2026/01/02",
        " 2026-01-02",
        "２026-01-02",
        "-026-01-02",
        "2026-01-02T",
    ] {
        assert_eq!(BusinessDate::parse(text), Err(CalendarError::NotADate), "{text}");
    }
}

#[test]
fn the_day_turns_at_midnight_in_beijing() {
    let zone = TimeZone::SHANGHAI;
    let midnight = zone.instant(day("2026-11-24"), 0);
    assert_eq!(midnight.to_rfc3339(), "2026-11-23T16:00:00.000000Z");
    assert_eq!(zone.date_at(midnight), Ok(day("2026-11-24")));
    assert_eq!(zone.date_at(midnight.plus_micros(-1)), Ok(day("2026-11-23")));
    assert_eq!((zone.minute_at(midnight), zone.minute_at(midnight.plus_micros(-1))), (0, 1439));
    assert_eq!(zone.instant(day("2026-11-23"), MINUTES_PER_DAY), midnight);
    assert_eq!(zone.date_at(at("1969-12-31 23:00")), Ok(day("1969-12-31")));
    assert_eq!(zone.date_at(Instant::from_micros(i64::MAX)), Err(CalendarError::OutOfRange));
    assert_eq!(zone.date_at(Instant::from_micros(i64::MIN)), Err(CalendarError::OutOfRange));
}

#[test]
fn days_are_worked_as_the_notice_says() {
    for (date, worked) in [
        ("2026-01-01", false), // day off on a Thursday
        ("2026-01-03", false), // day off on a Saturday
        ("2026-01-04", true),  // make-up Sunday
        ("2026-01-05", true),  // plain Monday
        ("2026-01-10", false), // plain Saturday
        ("2026-02-13", true),  // half-day
        ("2026-03-18", false), // closed by the bank
        ("2026-10-10", true),  // make-up Saturday
        ("2026-12-31", true),  // until the next notice is out
    ] {
        assert_eq!(calendar().is_working_day(day(date)), Ok(worked), "{date}");
    }
}

#[test]
fn the_next_notice_rearranges_the_last_days_of_december() {
    let both = calendar_of(&[TABLE_2027, TABLE_2026]);
    assert_eq!(both.is_working_day(day("2026-12-31")), Ok(false));
    assert_eq!(both.next_working_day(day("2026-12-30")), Ok(day("2027-01-04")));
}

#[test]
fn a_year_without_a_table_is_refused() {
    let calendar = calendar();
    for year in [2025, 2027] {
        let date = BusinessDate::new(year, 6, 1).expect("a date");
        assert_eq!(calendar.is_working_day(date), Err(CalendarError::YearMissing(year)));
    }
    assert_eq!(calendar.next_working_day(day("2026-12-31")), Err(CalendarError::YearMissing(2027)));
    assert_eq!(calendar.previous_working_day(day("2026-01-04")), Err(CalendarError::YearMissing(2025)));
    let late = at("2026-12-31 16:00");
    assert_eq!(calendar.add_working_minutes(late, 61, &counter_hours()), Err(CalendarError::YearMissing(2027)));
    assert_eq!(
        calendar.working_minutes_between(late, at("2027-01-01 00:00"), &counter_hours()),
        Err(CalendarError::YearMissing(2027))
    );
}

#[test]
fn next_years_table_is_asked_for_from_october_on() {
    let missing = |year| Some(CalendarWarning::TableMissing { year });
    for (today, expected) in [
        ("2026-09-30", None),
        ("2026-10-01", missing(2027)),
        ("2026-12-31", missing(2027)),
        ("2027-01-01", missing(2027)),
        ("2025-12-31", missing(2025)),
    ] {
        assert_eq!(calendar().warning(day(today)), expected, "{today}");
    }
    assert_eq!(calendar_of(&[TABLE_2026, TABLE_2027]).warning(day("2026-12-31")), None);
}

#[test]
fn tables_that_cannot_be_right_are_refused() {
    let of_days = |days: &str| format!(r#"{{"year": 2026, "days": [{days}]}}"#);
    let off = |date: &str| format!(r#"{{"name": "元旦", "date": "{date}", "isOffDay": true}}"#);
    let wrong = |date: &str| Err(CalendarError::TableDate { year: 2026, date: date.to_owned() });
    assert_eq!(HolidayTable::parse(&of_days("")), Err(CalendarError::EmptyTable(2026)));
    assert_eq!(HolidayTable::parse(&of_days(&off("2026-02-30"))), wrong("2026-02-30"));
    assert_eq!(HolidayTable::parse(&of_days(&off("2024-01-01"))), wrong("2024-01-01"));
    assert_eq!(HolidayTable::parse(&of_days(&[off("2026-01-01"), off("2026-01-01")].join(","))), wrong("2026-01-01"));
    let far = format!(r#"{{"year": -32768, "days": [{}]}}"#, off("2026-01-01"));
    assert_eq!(
        HolidayTable::parse(&far),
        Err(CalendarError::TableDate { year: i16::MIN, date: "2026-01-01".to_owned() })
    );
    for json in [
        "",
        "[]",
        r#"{"year": 2026}"#,
        r#"{"year": "2026", "days": []}"#,
        r#"{"year": 2026, "days": [{"date": "2026-01-01"}]}"#,
    ] {
        assert!(matches!(HolidayTable::parse(json), Err(CalendarError::MalformedTable(_))), "{json}");
    }
    let twice = vec![HolidayTable::parse(TABLE_2026).expect("valid"); 2];
    let refused = Calendar::new(twice, BTreeMap::new(), BTreeSet::new()).map(|calendar| calendar.zone());
    assert_eq!(refused, Err(CalendarError::DuplicateTable(2026)));
}

#[test]
fn the_business_date_of_a_closed_day_is_the_next_working_day() {
    for (instant, expected) in [
        ("2026-09-30 23:59", "2026-09-30"),
        ("2026-10-01 00:00", "2026-10-08"),
        ("2026-10-10 09:00", "2026-10-10"),
        ("2026-03-18 09:00", "2026-03-19"),
    ] {
        assert_eq!(calendar().business_date_at(at(instant)), Ok(day(expected)), "{instant}");
    }
    assert_eq!(calendar().previous_working_day(day("2026-10-08")), Ok(day("2026-09-30")));
    assert_eq!(calendar().next_working_day(day("2026-09-30")), Ok(day("2026-10-08")));
}

#[test]
fn working_time_passes_only_while_the_counter_is_open() {
    for (from, minutes, expected) in [
        ("2026-01-05 09:00", 30, "2026-01-05 09:30"),
        ("2026-01-05 09:00", 0, "2026-01-05 09:00"),
        ("2026-01-05 11:15", 15, "2026-01-05 11:30"), // an end on closing time stays there
        ("2026-01-05 11:15", 16, "2026-01-05 13:31"), // over noon
        ("2026-01-05 12:00", 1, "2026-01-05 13:31"),
        ("2026-01-05 07:00", 1, "2026-01-05 08:31"),
        ("2026-01-05 16:59", 2, "2026-01-06 08:31"),   // over night
        ("2026-01-09 16:59", 2, "2026-01-12 08:31"),   // over a weekend
        ("2026-01-01 10:00", 1, "2026-01-04 08:31"),   // from a day off into a make-up Sunday
        ("2026-09-30 16:30", 60, "2026-10-08 09:00"),  // over the national day
        ("2026-02-13 11:29", 2, "2026-02-16 08:31"),   // the half-day has no afternoon
        ("2026-01-05 08:30", 390, "2026-01-05 17:00"), // a whole day
        ("2026-01-05 08:30", 781, "2026-01-07 08:31"),
    ] {
        let (from, expected) = (at(from), at(expected));
        assert_eq!(calendar().add_working_minutes(from, minutes, &counter_hours()), Ok(expected), "{from} + {minutes}");
        let between = calendar().working_minutes_between(from, expected, &counter_hours());
        assert_eq!(between, Ok(i64::from(minutes)), "{from} to {expected}");
    }
}

#[test]
fn a_half_day_ends_in_the_middle_of_a_span() {
    let calendar = calendar();
    let all_day = OpeningHours::weekdays("00:00-24:00").expect("valid");
    let spans = calendar.open_spans(day("2026-02-13"), &all_day).expect("table present");
    assert_eq!(spans, vec![OpenSpan::new(0, 720).expect("valid")]);
    assert_eq!(calendar.is_open_at(at("2026-02-13 11:59"), &all_day), Ok(true));
    assert_eq!(calendar.is_open_at(at("2026-02-13 12:00"), &all_day), Ok(false));
    assert_eq!(calendar.is_open_at(at("2026-01-03 11:00"), &all_day), Ok(false));
}

#[test]
fn opening_hours_differ_by_weekday_and_make_up_days_have_their_own() {
    let read = |text| OpeningHours::parse_day(text).expect("valid");
    let week = [read("09:00-12:00"), read("10:00-12:00"), vec![], vec![], vec![], read("09:00-10:00"), vec![]];
    let hours = OpeningHours::new(week, read("13:00-15:00")).expect("valid");
    let calendar = calendar();
    let spans = |date| calendar.open_spans(day(date), &hours).expect("table present");
    assert_eq!(spans("2026-01-05"), read("09:00-12:00"));
    assert_eq!(spans("2026-01-06"), read("10:00-12:00"));
    assert_eq!(spans("2026-01-07"), vec![]);
    assert_eq!(spans("2026-01-10"), vec![], "hours on a Saturday do not make it a working day");
    assert_eq!(spans("2026-10-10"), read("09:00-10:00"), "a worked Saturday keeps its own hours");
    assert_eq!(spans("2026-01-04"), read("13:00-15:00"), "a worked Sunday has the make-up hours");
}

#[test]
fn opening_hours_that_cannot_be_right_are_refused() {
    for text in [
        "08:30",
        "08:30-08:30",
        "17:00-08:30",
        "08:30-24:01",
        "8:30-11:30",
        "08:30-11:60",
        "08:30-11:30,",
        "08:30–11:30",
        "25:00-26:00",
    ] {
        assert_eq!(OpeningHours::parse_day(text), Err(CalendarError::OpeningHours), "{text}");
    }
    for text in ["08:30-11:30,11:00-17:00", "13:30-17:00,08:30-11:30", ""] {
        assert_eq!(OpeningHours::weekdays(text), Err(CalendarError::OpeningHours), "{text}");
    }
    assert_eq!(parse_minute("24:00"), Ok(MINUTES_PER_DAY));
}

#[test]
fn every_published_table_is_read() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference/holiday-cn");
    let Ok(entries) = std::fs::read_dir(root) else {
        eprintln!("skipped: ../shared/data/reference/holiday-cn is absent");
        return;
    };
    let mut tables = Vec::new();
    for entry in entries {
        let path = entry.expect("readable").path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if stem.parse::<i16>().is_err() {
            continue;
        }
        match HolidayTable::parse(&std::fs::read_to_string(&path).expect("readable")) {
            Ok(table) => tables.push(table),
            Err(error) => assert!(matches!(error, CalendarError::EmptyTable(_)), "{stem}: {error}"),
        }
    }
    assert!(tables.len() >= 10, "the folder holds the tables of many years");
    let years: Vec<i16> = tables.iter().map(HolidayTable::year).collect();
    let calendar = Calendar::new(tables.clone(), BTreeMap::new(), BTreeSet::new()).expect("one table a year");
    for year in years {
        let first = BusinessDate::new(year, 1, 1).expect("a date");
        let worked =
            (0..365).filter(|n| calendar.is_working_day(first.add_days(*n).expect("in range")) == Ok(true)).count();
        assert!((247..=253).contains(&worked), "{year} has {worked} working days");
        assert_eq!(calendar.is_working_day(first), Ok(false), "New Year's Day of {year}");
    }
}

proptest! {
    #[test]
    fn a_date_comes_back_from_its_text_and_from_its_midnight(days in -700_000_i64..2_900_000) {
        let date = day("1970-01-01").add_days(days).expect("in range");
        prop_assert_eq!(BusinessDate::parse(&date.to_string()), Ok(date));
        prop_assert_eq!(TimeZone::SHANGHAI.date_at(TimeZone::SHANGHAI.instant(date, 0)), Ok(date));
        prop_assert_eq!(day("1970-01-01").days_until(date), days);
    }

    #[test]
    fn working_time_added_is_working_time_measured(start in 0_i64..300 * 1_440, seconds in 0_i64..60, minutes in 1_u32..6_000) {
        let calendar = calendar();
        let from = at("2026-01-01 00:00").plus_seconds(start * 60 + seconds);
        let to = calendar.add_working_minutes(from, minutes, &counter_hours()).expect("within 2026");
        prop_assert!(to > from);
        prop_assert_eq!(calendar.working_minutes_between(from, to, &counter_hours()), Ok(i64::from(minutes)));
        prop_assert_eq!(calendar.working_minutes_between(to, from, &counter_hours()), Ok(-i64::from(minutes)));
        // The last minute before the end was worked.
        prop_assert_eq!(calendar.is_open_at(to.plus_micros(-1), &counter_hours()), Ok(true));
    }

    #[test]
    fn a_later_start_never_ends_earlier(start in 0_i64..300 * 1_440, later in 0_i64..10_000, minutes in 0_u32..2_000) {
        let calendar = calendar();
        let from = at("2026-01-01 00:00").plus_seconds(start * 60);
        let end = |from| calendar.add_working_minutes(from, minutes, &counter_hours());
        prop_assert!(end(from).expect("within 2026") <= end(from.plus_seconds(later)).expect("within 2026"));
    }

    #[test]
    fn neighboring_working_days_find_each_other(offset in 10_i64..350) {
        let calendar = calendar();
        let date = day("2026-01-01").add_days(offset).expect("in range");
        let next = calendar.next_working_day(date).expect("within 2026");
        prop_assert!(next > date && calendar.is_working_day(next) == Ok(true));
        let back = calendar.previous_working_day(next).expect("within 2026");
        prop_assert!(back <= date || calendar.is_working_day(date) == Ok(false));
        if calendar.is_working_day(date) == Ok(true) {
            prop_assert_eq!(back, date);
        }
    }
}
