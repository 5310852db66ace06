//! How well was keyed, from the product's own verdicts.
//!
//! An entry is wrong when the third key or the checker settled against it, or when a seeded slice's known answer differs.
//! Two keyers who read the same wrong thing are not seen here; a report against outside truth finds them.

mod outcomes;

pub use outcomes::{FieldOutcome, field_outcomes};

use kernel::{Instant, PersonId};
use storage::{Conn, Fault, Row, sql};

/// Entries of one kind, and how many were wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub entries: i64,
    pub wrong: i64,
    /// Not judged yet, or judged by nobody.
    pub open: i64,
}

impl Tally {
    /// Wrong entries per ten thousand judged, as the trade counts; `None` when nothing was judged.
    pub fn wrong_per_10000(&self) -> Option<i64> {
        let judged = self.entries - self.open;
        (judged > 0).then(|| self.wrong * 10_000 / judged)
    }
}

/// The keying of a time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyingReport {
    /// First and second passes: what one person alone would have let through.
    pub single: Tally,
    pub third: Tally,
    pub seeded: Tally,
    pub slices: i64,
    pub to_third: i64,
    pub to_checker: i64,
    pub people: Vec<PersonTally>,
}

/// One keyer's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonTally {
    pub person_id: PersonId,
    pub outsourced: bool,
    pub keyed: Tally,
    pub seeded: Tally,
    pub elapsed_ms: i64,
    pub keystrokes: i64,
}

/// What people keyed under a condition, by person and pass.
macro_rules! keyed {
    ($condition:literal) => {
        concat!(
            "SELECT person_id, outsourced, pass, COUNT(*) AS entries,
                    CAST(SUM(CASE WHEN verdict = 'wrong' THEN 1 ELSE 0 END) AS BIGINT) AS wrong,
                    CAST(SUM(CASE WHEN verdict IN ('pending', 'open') THEN 1 ELSE 0 END) AS BIGINT) AS open,
                    CAST(SUM(elapsed_ms) AS BIGINT) AS elapsed_ms, CAST(SUM(keystrokes) AS BIGINT) AS keystrokes
             FROM keyings WHERE ",
            $condition,
            " GROUP BY person_id, outsourced, pass ORDER BY person_id, pass"
        )
    };
}

/// One keyer's share since `from`; nothing when they keyed nothing. Every keying station asks for it after each slice.
pub async fn keying_of(conn: &mut Conn, person: &PersonId, from: Instant) -> Result<Option<PersonTally>, Fault> {
    let rows = conn.all(sql(keyed!("person_id = $1 AND at >= $2")).bind(person).bind(from)).await?;
    let mut report = KeyingReport::default();
    for row in &rows {
        add(&mut report, row)?;
    }
    Ok(report.people.pop())
}

/// Counts what was keyed from `from` to just before `until`.
pub async fn keying(conn: &mut Conn, from: Instant, until: Instant) -> Result<KeyingReport, Fault> {
    let rows = conn.all(sql(keyed!("at >= $1 AND at < $2")).bind(from).bind(until)).await?;
    let mut report = KeyingReport::default();
    for row in &rows {
        add(&mut report, row)?;
    }
    let slices = conn
        .one(
            sql("SELECT COUNT(*) AS slices,
                        CAST(COALESCE(SUM(CASE WHEN state IN ('third', 'settled_by_third', 'unsettled') THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_third,
                        CAST(COALESCE(SUM(CASE WHEN state = 'unsettled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_checker
                 FROM slices WHERE created_at >= $1 AND created_at < $2 AND key_mode <> 'none'")
            .bind(from)
            .bind(until),
        )
        .await?;
    report.slices = slices.int("slices")?;
    report.to_third = slices.int("to_third")?;
    report.to_checker = slices.int("to_checker")?;
    Ok(report)
}

fn add(report: &mut KeyingReport, row: &Row) -> Result<(), Fault> {
    let tally = Tally { entries: row.int("entries")?, wrong: row.int("wrong")?, open: row.int("open")? };
    let person_id: PersonId = row.id("person_id")?;
    if report.people.last().is_none_or(|person| person.person_id != person_id) {
        report.people.push(PersonTally {
            person_id,
            outsourced: row.bool("outsourced")?,
            keyed: Tally::default(),
            seeded: Tally::default(),
            elapsed_ms: 0,
            keystrokes: 0,
        });
    }
    let (all, own) = match row.int("pass")? {
        0 => (&mut report.seeded, true),
        3 => (&mut report.third, false),
        _ => (&mut report.single, false),
    };
    plus(all, tally);
    if let Some(person) = report.people.last_mut() {
        plus(if own { &mut person.seeded } else { &mut person.keyed }, tally);
        person.elapsed_ms += row.int("elapsed_ms")?;
        person.keystrokes += row.int("keystrokes")?;
    }
    Ok(())
}

fn plus(to: &mut Tally, more: Tally) {
    to.entries += more.entries;
    to.wrong += more.wrong;
    to.open += more.open;
}
