//! The tables `calendar_tables`, `calendar_days` and `calendar_exceptions`.

use super::model::Exception;
use kernel::Instant;
use kernel::calendar::{BusinessDate, HolidayTable};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Conn, Fault, Row, Tx, sql};

/// The published shape of a year's table (holiday-cn); read from the import, and written to give the kernel what it reads.
#[derive(Serialize, Deserialize)]
pub(super) struct TableFile {
    pub year: i16,
    pub days: Vec<TableDay>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TableDay {
    pub name: String,
    pub date: String,
    pub is_off_day: bool,
}

/// Puts a year's table in place of the one there was; answers whether there was one.
pub(super) async fn replace_table(tx: &mut Tx, file: &TableFile, now: Instant) -> Result<bool, Fault> {
    let year = i64::from(file.year);
    tx.execute(sql("DELETE FROM calendar_days WHERE year = $1").bind(year)).await?;
    let replaced = tx.execute(sql("DELETE FROM calendar_tables WHERE year = $1").bind(year)).await? == 1;
    tx.execute_one(sql("INSERT INTO calendar_tables (year, imported_at) VALUES ($1, $2)").bind(year).bind(now)).await?;
    for day in &file.days {
        tx.execute_one(
            sql("INSERT INTO calendar_days (year, date, working, name) VALUES ($1, $2, $3, $4)")
                .bind(year)
                .bind(&day.date)
                .bind(!day.is_off_day)
                .bind(&day.name),
        )
        .await?;
    }
    Ok(replaced)
}

pub(super) async fn tables(conn: &mut Conn, first: i16, last: i16) -> Result<Vec<HolidayTable>, Fault> {
    let rows = conn
        .all(
            sql("SELECT year, date, working, name FROM calendar_days WHERE year BETWEEN $1 AND $2 ORDER BY year, date")
                .bind(i64::from(first))
                .bind(i64::from(last)),
        )
        .await?;
    let mut days: BTreeMap<i16, Vec<TableDay>> = BTreeMap::new();
    for row in &rows {
        let year = row.int("year")?;
        let year = i16::try_from(year).map_err(|_| Fault::inconsistent(format!("calendar year {year}")))?;
        let day = TableDay { name: row.text("name")?, date: row.text("date")?, is_off_day: !row.bool("working")? };
        days.entry(year).or_default().push(day);
    }
    days.into_iter().map(|(year, days)| holiday_table(&TableFile { year, days })).collect()
}

fn holiday_table(file: &TableFile) -> Result<HolidayTable, Fault> {
    let wrong = |error: &dyn std::fmt::Display| Fault::inconsistent(format!("holiday table of {}: {error}", file.year));
    let json = serde_json::to_string(file).map_err(|error| wrong(&error))?;
    HolidayTable::parse(&json).map_err(|error| wrong(&error))
}

/// Names of the official notices' days; where two years name a day, the later notice speaks.
pub(super) async fn names(
    conn: &mut Conn,
    from: BusinessDate,
    to: BusinessDate,
) -> Result<BTreeMap<BusinessDate, String>, Fault> {
    let rows = conn
        .all(
            sql("SELECT date, name FROM calendar_days WHERE date BETWEEN $1 AND $2 ORDER BY date, year")
                .bind(from)
                .bind(to),
        )
        .await?;
    rows.iter().map(|row| Ok((row.date("date")?, row.text("name")?))).collect()
}

/// The bank's own exceptions by date, with their names.
pub(super) async fn exceptions(conn: &mut Conn) -> Result<BTreeMap<BusinessDate, (Exception, String)>, Fault> {
    let rows = conn.all(sql("SELECT date, closes_minute, name FROM calendar_exceptions ORDER BY date")).await?;
    rows.iter().map(|row| Ok((row.date("date")?, (exception(row)?, row.text("name")?)))).collect()
}

fn exception(row: &Row) -> Result<Exception, Fault> {
    let Some(minute) = row.opt_int("closes_minute")? else { return Ok(Exception::Closed) };
    let closes_minute = u16::try_from(minute).map_err(|_| Fault::inconsistent(format!("closing minute {minute}")))?;
    Ok(Exception::HalfDay { closes_minute })
}

/// The exceptions in the form in which the kernel takes them: half-days, closed days.
pub(super) fn split(
    exceptions: &BTreeMap<BusinessDate, (Exception, String)>,
) -> (BTreeMap<BusinessDate, u16>, BTreeSet<BusinessDate>) {
    let mut half_days = BTreeMap::new();
    let mut closed = BTreeSet::new();
    for (date, (exception, _)) in exceptions {
        match exception {
            Exception::Closed => {
                closed.insert(*date);
            }
            Exception::HalfDay { closes_minute } => {
                half_days.insert(*date, *closes_minute);
            }
        }
    }
    (half_days, closed)
}

pub(super) async fn set_exception(
    tx: &mut Tx,
    date: BusinessDate,
    exception: Exception,
    name: &str,
) -> Result<(), Fault> {
    let closes_minute = match exception {
        Exception::Closed => None,
        Exception::HalfDay { closes_minute } => Some(i64::from(closes_minute)),
    };
    tx.execute_one(
        sql("INSERT INTO calendar_exceptions (date, closes_minute, name) VALUES ($1, $2, $3)
             ON CONFLICT (date) DO UPDATE SET closes_minute = excluded.closes_minute, name = excluded.name")
        .bind(date)
        .bind(closes_minute)
        .bind(name),
    )
    .await
}

/// Whether there was one.
pub(super) async fn delete_exception(tx: &mut Tx, date: BusinessDate) -> Result<bool, Fault> {
    Ok(tx.execute(sql("DELETE FROM calendar_exceptions WHERE date = $1").bind(date)).await? == 1)
}
