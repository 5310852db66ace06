//! Holiday tables for the calendar, in the JSON form that the product imports.
//!
//! The year 2026 has the days of the State Council's notice.
//! For other years a demonstration must run too, so they get the statutory days whose date is fixed and nothing else;
//! a real bank imports the notice.

/// One year's table, ready to be imported.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HolidayYear {
    pub year: i16,
    /// Whether the days are those of the official notice.
    pub official: bool,
    /// The holiday-cn form: `{"year":…,"days":[{"name","date","isOffDay"}]}`.
    pub json: String,
}

/// Name, first and last day off, then the make-up working days (month, day).
type Holiday = (&'static str, (u8, u8), (u8, u8), &'static [(u8, u8)]);

const OF_2026: [Holiday; 7] = [
    ("元旦", (1, 1), (1, 3), &[(1, 4)]),
    ("春节", (2, 15), (2, 23), &[(2, 14), (2, 28)]),
    ("清明节", (4, 4), (4, 6), &[]),
    ("劳动节", (5, 1), (5, 5), &[(5, 9)]),
    ("端午节", (6, 19), (6, 21), &[]),
    ("中秋节", (9, 25), (9, 27), &[]),
    ("国庆节", (10, 1), (10, 7), &[(9, 20), (10, 10)]),
];

/// Statutory days that fall on the same date every year.
const FIXED: [Holiday; 3] =
    [("元旦", (1, 1), (1, 1), &[]), ("劳动节", (5, 1), (5, 2), &[]), ("国庆节", (10, 1), (10, 3), &[])];

pub(super) fn holidays(year: i16) -> HolidayYear {
    let official = year == 2026;
    let table: &[Holiday] = if official { &OF_2026 } else { &FIXED };
    let mut days = Vec::new();
    for (name, (month, first), (_, last), make_up) in table {
        for day in *first..=*last {
            days.push(
                serde_json::json!({ "name": name, "date": format!("{year}-{month:02}-{day:02}"), "isOffDay": true }),
            );
        }
        for (month, day) in *make_up {
            days.push(
                serde_json::json!({ "name": name, "date": format!("{year}-{month:02}-{day:02}"), "isOffDay": false }),
            );
        }
    }
    HolidayYear { year, official, json: serde_json::json!({ "year": year, "days": days }).to_string() }
}
