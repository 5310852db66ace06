//! The table `institutions`.

use super::model::{Institution, InstitutionClass, InstitutionFilter, Opening, subtree_pattern};
use crate::check::contains_pattern;
use kernel::calendar::BusinessDate;
use kernel::{Instant, InstitutionId};
use serde::{Deserialize, Serialize};
use storage::{Conn, Cursor, Fault, Row, Sql, Tx, sql};

/// The stored shape of opening hours.
#[derive(Serialize, Deserialize)]
struct StoredOpening {
    week: [String; 7],
    make_up: String,
}

pub(super) fn opening_text(opening: &Opening) -> Result<String, Fault> {
    let stored = StoredOpening { week: opening.week().clone(), make_up: opening.make_up().to_owned() };
    serde_json::to_string(&stored).map_err(|error| Fault::inconsistent(format!("opening hours: {error}")))
}

fn opening_of(text: &str) -> Result<Opening, Fault> {
    let wrong = |error: &dyn std::fmt::Display| Fault::inconsistent(format!("opening hours: {error}"));
    let StoredOpening { week, make_up } = serde_json::from_str(text).map_err(|error| wrong(&error))?;
    Opening::new(week, make_up).map_err(|error| wrong(&error))
}

/// Reads an institution whose columns carry `prefix`.
pub(crate) fn institution(row: &Row, prefix: &str) -> Result<Institution, Fault> {
    let column = |name: &str| format!("{prefix}{name}");
    let closed_on = row.opt_text(&column("closed_on"))?;
    Ok(Institution {
        institution_id: row.id(&column("institution_id"))?,
        code: row.text(&column("code"))?,
        name_zh: row.text(&column("name_zh"))?,
        name_en: row.text(&column("name_en"))?,
        class: row.parsed(&column("class"), InstitutionClass::parse)?,
        parent: row.opt_id(&column("parent_id"))?,
        path: row.text(&column("path"))?,
        cnaps: row.opt_text(&column("cnaps"))?,
        opening: opening_of(&row.text(&column("opening"))?)?,
        closed_on: closed_on.map(|_| row.date(&column("closed_on"))).transpose()?,
        version: row.int(&column("version"))?,
    })
}

fn by_id(id: &InstitutionId) -> Sql {
    sql("SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
         FROM institutions WHERE institution_id = $1")
    .bind(id)
}

pub(super) async fn find(conn: &mut Conn, id: &InstitutionId) -> Result<Option<Institution>, Fault> {
    conn.optional(by_id(id)).await?.map(|row| institution(&row, "")).transpose()
}

pub(crate) async fn lock(tx: &mut Tx, id: &InstitutionId) -> Result<Option<Institution>, Fault> {
    tx.optional(by_id(id).for_update()).await?.map(|row| institution(&row, "")).transpose()
}

pub(super) async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<Institution>, Fault> {
    conn.optional(
        sql("SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
             FROM institutions WHERE code = $1")
        .bind(code),
    )
    .await?
    .map(|row| institution(&row, ""))
    .transpose()
}

pub(super) async fn root(conn: &mut Conn) -> Result<Option<Institution>, Fault> {
    conn.optional(sql(
        "SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
         FROM institutions WHERE parent_id IS NULL",
    ))
    .await?
    .map(|row| institution(&row, ""))
    .transpose()
}

pub(super) async fn children(conn: &mut Conn, parent: &InstitutionId) -> Result<Vec<Institution>, Fault> {
    let rows = conn
        .all(
            sql("SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
                 FROM institutions WHERE parent_id = $1 ORDER BY code")
            .bind(parent),
        )
        .await?;
    rows.iter().map(|row| institution(row, "")).collect()
}

pub(super) async fn subtree(conn: &mut Conn, top: &InstitutionId) -> Result<Vec<Institution>, Fault> {
    let rows = conn
        .all(
            sql("SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
                 FROM institutions WHERE path LIKE $1 ORDER BY path")
            .bind(subtree_pattern(top)),
        )
        .await?;
    rows.iter().map(|row| institution(row, "")).collect()
}

pub(super) async fn search(
    conn: &mut Conn,
    filter: &InstitutionFilter,
    after: Option<&Cursor>,
    rows_max: i64,
) -> Result<Vec<Institution>, Fault> {
    let rows = conn
        .all(
            sql("SELECT institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version
                 FROM institutions
                 WHERE ($1 IS NULL OR path LIKE $1)
                   AND ($2 IS NULL OR class = $2)
                   AND ($3 IS NULL OR LOWER(code) LIKE LOWER($3) ESCAPE '!' OR name_zh LIKE $3 ESCAPE '!'
                        OR LOWER(name_en) LIKE LOWER($3) ESCAPE '!')
                   AND ($4 IS NULL OR code > $4)
                 ORDER BY code LIMIT $5 + 0")
            .bind(filter.under.as_ref().map(subtree_pattern))
            .bind(filter.class.map(InstitutionClass::as_str))
            .bind(filter.text.as_deref().map(contains_pattern))
            .bind(after.map(|cursor| cursor.id.clone()))
            .bind(rows_max),
        )
        .await?;
    rows.iter().map(|row| institution(row, "")).collect()
}

pub(crate) async fn insert(tx: &mut Tx, new: &Institution, now: Instant) -> Result<(), Fault> {
    let Institution { institution_id, code, name_zh, name_en, class, parent, path, cnaps, opening, closed_on, version } =
        new;
    tx.execute_one(
        sql("INSERT INTO institutions (institution_id, code, name_zh, name_en, class, parent_id, path, cnaps, opening, closed_on, version, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind(institution_id)
        .bind(code)
        .bind(name_zh)
        .bind(name_en)
        .bind(class.as_str())
        .bind(parent.as_ref())
        .bind(path)
        .bind(cnaps.as_ref())
        .bind(opening_text(opening)?)
        .bind(*closed_on)
        .bind(*version)
        .bind(now),
    )
    .await
}

pub(super) async fn rename(tx: &mut Tx, id: &InstitutionId, name_zh: &str, name_en: &str) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE institutions SET name_zh = $2, name_en = $3, version = version + 1 WHERE institution_id = $1")
            .bind(id)
            .bind(name_zh)
            .bind(name_en),
    )
    .await
}

pub(super) async fn change_opening(tx: &mut Tx, id: &InstitutionId, opening: &Opening) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE institutions SET opening = $2, version = version + 1 WHERE institution_id = $1")
            .bind(id)
            .bind(opening_text(opening)?),
    )
    .await
}

pub(super) async fn close(tx: &mut Tx, id: &InstitutionId, on: BusinessDate) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE institutions SET closed_on = $2, version = version + 1 WHERE institution_id = $1")
            .bind(id)
            .bind(on),
    )
    .await
}

/// How many children still work on `on`, and how many appointments at the institution last beyond it.
pub(super) async fn still_open(conn: &mut Conn, id: &InstitutionId, on: BusinessDate) -> Result<(i64, i64), Fault> {
    let row = conn
        .one(
            sql("SELECT (SELECT COUNT(*) FROM institutions WHERE parent_id = $1 AND (closed_on IS NULL OR closed_on > $2)) AS children,
                        (SELECT COUNT(*) FROM appointments WHERE institution_id = $1 AND (until_date IS NULL OR until_date > $2)) AS appointments")
            .bind(id)
            .bind(on),
        )
        .await?;
    Ok((row.int("children")?, row.int("appointments")?))
}
