//! How well was keyed, from the product's own verdicts.
//!
//! An entry is wrong when the third key or the checker settled against it, or when a seeded slice's known answer differs.
//! Two keyers who read the same wrong thing are not seen here; a report against outside truth finds them.

mod outcomes;

pub use outcomes::{FieldOutcome, field_outcomes};

use journal::Answer;
use kernel::{Instant, PersonId};
use permission::{Action, Permit, act};
use storage::{Conn, Fault, Row, Sql, sql};

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
    /// What is counted by slice and not by keyer; absent in a report of some keyers.
    pub center: Option<CenterTally>,
    pub people: Vec<PersonTally>,
}

/// The slices cut in a time, and how many of them two readings did not settle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CenterTally {
    pub slices: i64,
    pub to_third: i64,
    pub to_checker: i64,
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

/// Counts what was keyed from `from` to just before `until` in the whole bank: for the machine's own operator, who has no post.
pub async fn keying(conn: &mut Conn, from: Instant, until: Instant) -> Result<KeyingReport, Fault> {
    let mut report = counted(conn, sql(keyed!("at >= $1 AND at < $2")).bind(from).bind(until)).await?;
    report.center = Some(center(conn, from, until).await?);
    Ok(report)
}

/// The same as far as the permit reaches: the whole bank, or for a vendor's manager the vendor's own seats (`domain.md` 1.2),
/// without the center's figures. Refuses any other reach: figures cut at a part of the bank would look whole and be wrong.
pub async fn keying_seen(
    conn: &mut Conn,
    permit: &Permit<act::ViewReport>,
    from: Instant,
    until: Instant,
) -> Answer<KeyingReport> {
    if permit.reach().bank {
        return Ok(keying(conn, from, until).await?);
    }
    let Some(vendor) = &permit.person().vendor_id else { return Err(Action::ViewReport.refused().into()) };
    let of_vendor =
        sql(keyed!("at >= $1 AND at < $2 AND person_id IN (SELECT person_id FROM persons WHERE vendor_id = $3)"));
    Ok(counted(conn, of_vendor.bind(from).bind(until).bind(vendor)).await?)
}

async fn counted(conn: &mut Conn, statement: Sql) -> Result<KeyingReport, Fault> {
    let mut report = KeyingReport::default();
    for row in &conn.all(statement).await? {
        add(&mut report, row)?;
    }
    Ok(report)
}

async fn center(conn: &mut Conn, from: Instant, until: Instant) -> Result<CenterTally, Fault> {
    let statement = sql("SELECT COUNT(*) AS slices,
                    CAST(COALESCE(SUM(CASE WHEN state IN ('third', 'settled_by_third', 'unsettled') THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_third,
                    CAST(COALESCE(SUM(CASE WHEN state = 'unsettled' THEN 1 ELSE 0 END), 0) AS BIGINT) AS to_checker
             FROM slices WHERE created_at >= $1 AND created_at < $2 AND key_mode <> 'none'");
    let row = conn.one(statement.bind(from).bind(until)).await?;
    Ok(CenterTally { slices: row.int("slices")?, to_third: row.int("to_third")?, to_checker: row.int("to_checker")? })
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
