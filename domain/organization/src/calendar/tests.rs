use super::*;
use crate::testing::{Bank, command, date};
use kernel::calendar::OpeningHours;
use std::path::Path;

const NEW_YEAR_2026: &str = r#"{"year": 2026, "papers": [], "days": [
    {"name": "元旦", "date": "2026-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2026-01-02", "isOffDay": true},
    {"name": "元旦", "date": "2026-01-04", "isOffDay": false}]}"#;

async fn import(bank: &Bank, text: &str) -> Imported {
    let text = text.to_owned();
    bank.done(move |cx| Box::pin(import_holidays(cx, text.clone()))).await
}

#[tokio::test]
async fn an_imported_notice_says_which_days_are_worked() {
    let bank = Bank::empty().await;
    assert_eq!(import(&bank, NEW_YEAR_2026).await, Imported { year: 2026, days: 3, replaced: false });
    let calendar = load(&mut *bank.reader().await, 2025..=2027).await.expect("loads");
    for (text, working) in [("2026-01-02", false), ("2026-01-04", true), ("2026-01-05", true), ("2026-01-10", false)] {
        assert_eq!(calendar.is_working_day(date(text)), Ok(working), "{text}");
    }
    assert_eq!(calendar.is_working_day(date("2027-01-04")), Err(CalendarError::YearMissing(2027)));
    let listed = days(&mut *bank.reader().await, date("2026-01-01"), date("2026-01-05")).await.expect("lists");
    let short: Vec<_> = listed.iter().map(|day| (day.working, day.name.as_deref())).collect();
    let holiday = Some("元旦");
    assert_eq!(short, [(false, holiday), (false, holiday), (false, None), (true, holiday), (true, None)]);
}

#[tokio::test]
async fn a_corrected_notice_replaces_the_earlier_one_whole() {
    let bank = Bank::empty().await;
    import(&bank, NEW_YEAR_2026).await;
    let corrected = r#"{"year": 2026, "days": [{"name": "元旦", "date": "2026-01-05", "isOffDay": true}]}"#;
    assert_eq!(import(&bank, corrected).await, Imported { year: 2026, days: 1, replaced: true });
    let calendar = load(&mut *bank.reader().await, 2026..=2026).await.expect("loads");
    assert_eq!(calendar.is_working_day(date("2026-01-05")), Ok(false));
    assert_eq!(calendar.is_working_day(date("2026-01-01")), Ok(true), "a Thursday again");
}

#[tokio::test]
async fn a_table_that_is_none_is_refused_and_changes_nothing() {
    let bank = Bank::empty().await;
    import(&bank, NEW_YEAR_2026).await;
    let texts = [
        "",
        "[]",
        r#"{"year": 2026, "days": []}"#,
        r#"{"year": 2026, "days": [{"name": "x", "date": "2026-02-30", "isOffDay": true}]}"#,
        r#"{"year": 2026, "days": [{"date": "2026-02-20", "isOffDay": true}]}"#,
    ];
    for text in texts {
        let refused = bank.refused(move |cx| Box::pin(import_holidays(cx, text.to_owned()))).await;
        assert_eq!(refused, (Code::InvalidField, Some("table".into())), "{text}");
    }
    let calendar = load(&mut *bank.reader().await, 2026..=2026).await.expect("loads");
    assert_eq!(calendar.is_working_day(date("2026-01-04")), Ok(true));
}

#[tokio::test]
async fn the_banks_own_closed_days_and_half_days_are_set_changed_and_taken_back() {
    let bank = Bank::empty().await;
    import(&bank, NEW_YEAR_2026).await;
    let (day, hours) = (date("2026-02-16"), OpeningHours::weekdays("08:30-17:00").expect("hours"));
    let set = |exception| command(move |cx| Box::pin(set_exception(cx, day, exception, "除夕".into())));
    bank.done(set(Exception::HalfDay { closes_minute: 720 })).await;
    let mut conn = bank.reader().await;
    let spans = load(&mut conn, 2026..=2026).await.expect("loads").open_spans(day, &hours).expect("spans");
    assert_eq!(spans.iter().map(|span| (span.open(), span.close())).collect::<Vec<_>>(), [(510, 720)]);
    let listed = days(&mut conn, day, day).await.expect("lists");
    assert_eq!(listed, [Day { date: day, working: true, name: Some("除夕".into()), closes_minute: Some(720) }]);
    bank.done(set(Exception::Closed)).await;
    assert_eq!(load(&mut conn, 2026..=2026).await.expect("loads").is_working_day(day), Ok(false));
    for minute in [0, 1440] {
        let refused = bank.refused(set(Exception::HalfDay { closes_minute: minute })).await;
        assert_eq!(refused, (Code::InvalidField, Some("closes_minute".into())), "{minute}");
    }
    bank.done(move |cx| Box::pin(clear_exception(cx, day))).await;
    assert_eq!(load(&mut conn, 2026..=2026).await.expect("loads").is_working_day(day), Ok(true));
    assert_eq!(bank.refused(move |cx| Box::pin(clear_exception(cx, day))).await.0, Code::NotFound, "twice");
}

#[tokio::test]
async fn days_of_a_year_without_a_table_and_turned_ranges_are_refused() {
    let bank = Bank::empty().await;
    import(&bank, NEW_YEAR_2026).await;
    let mut conn = bank.reader().await;
    let cases = [
        ("2025-12-31", "2026-01-01", Code::CalendarYearMissing),
        ("2026-01-02", "2026-01-01", Code::InvalidField),
        ("2026-01-01", "2027-02-05", Code::InvalidField),
    ];
    for (from, to, code) in cases {
        let failure = days(&mut conn, date(from), date(to)).await.expect_err("refused");
        assert_eq!(failure.refusal().map(|refusal| refusal.code), Some(code), "{from} to {to}");
    }
}

#[tokio::test]
async fn every_published_table_comes_back_from_the_database_as_the_file_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/reference/holiday-cn");
    if !folder.exists() {
        eprintln!("skipped: no published holiday tables at ../shared/data/reference/holiday-cn");
        return;
    }
    let bank = Bank::empty().await;
    let years = 2024..=2026;
    let mut published = Vec::new();
    for year in years.clone() {
        let text = std::fs::read_to_string(folder.join(format!("{year}.json"))).expect("reads");
        import(&bank, &text).await;
        published.push(HolidayTable::parse(&text).expect("a table"));
    }
    let direct = Calendar::new(published, Default::default(), Default::default()).expect("a calendar");
    let stored = load(&mut *bank.reader().await, years).await.expect("loads");
    let mut day = date("2024-01-01");
    while day <= date("2026-12-31") {
        assert_eq!(stored.is_working_day(day), direct.is_working_day(day), "{day}");
        day = day.add_days(1).expect("a date");
    }
}
