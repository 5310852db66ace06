//! The tables `persons`, `vendors` and `relatives`.

use super::model::{Person, PersonFilter, Relation, Vendor};
use crate::check::contains_pattern;
use crate::institution::subtree_pattern;
use crate::post::Category;
use kernel::calendar::BusinessDate;
use kernel::{Instant, InstitutionId, PersonId, VendorId};
use storage::{Conn, Cursor, Fault, Row, Sql, Tx, sql};

pub(crate) fn person(row: &Row) -> Result<Person, Fault> {
    Ok(Person {
        person_id: row.id("person_id")?,
        employee_no: row.text("employee_no")?,
        name: row.text("name")?,
        category: row.parsed("category", Category::parse)?,
        vendor_id: row.opt_id("vendor_id")?,
        home: row.id("home_id")?,
        left_on: row.opt_text("left_on")?.map(|_| row.date("left_on")).transpose()?,
    })
}

fn by_id(id: &PersonId) -> Sql {
    sql("SELECT person_id, employee_no, name, category, vendor_id, home_id, left_on FROM persons WHERE person_id = $1")
        .bind(id)
}

pub(super) async fn find(conn: &mut Conn, id: &PersonId) -> Result<Option<Person>, Fault> {
    conn.optional(by_id(id)).await?.map(|row| person(&row)).transpose()
}

pub(crate) async fn lock(tx: &mut Tx, id: &PersonId) -> Result<Option<Person>, Fault> {
    tx.optional(by_id(id).for_update()).await?.map(|row| person(&row)).transpose()
}

pub(super) async fn find_by_employee_no(conn: &mut Conn, employee_no: &str) -> Result<Option<Person>, Fault> {
    conn.optional(
        sql("SELECT person_id, employee_no, name, category, vendor_id, home_id, left_on FROM persons WHERE employee_no = $1")
            .bind(employee_no),
    )
    .await?
    .map(|row| person(&row))
    .transpose()
}

pub(super) async fn search(
    conn: &mut Conn,
    filter: &PersonFilter,
    after: Option<&Cursor>,
    rows_max: i64,
) -> Result<Vec<Person>, Fault> {
    let text = filter.text.as_deref().map(contains_pattern);
    let rows = conn
        .all(
            sql("SELECT p.person_id, p.employee_no, p.name, p.category, p.vendor_id, p.home_id, p.left_on
                 FROM persons p JOIN institutions i ON i.institution_id = p.home_id
                 WHERE ($1 IS NULL OR p.name LIKE $1 ESCAPE '!' OR LOWER(p.employee_no) LIKE LOWER(SUBSTR($1, 2)) ESCAPE '!')
                   AND ($2 IS NULL OR i.path LIKE $2)
                   AND ($3 IS NULL OR p.category = $3)
                   AND ($4 OR p.left_on IS NULL)
                   AND ($5 IS NULL OR p.employee_no > $5)
                 ORDER BY p.employee_no LIMIT $6 + 0")
            .bind(text)
            .bind(filter.within.as_ref().map(subtree_pattern))
            .bind(filter.category.map(Category::as_str))
            .bind(filter.with_left)
            .bind(after.map(|cursor| cursor.id.clone()))
            .bind(rows_max),
        )
        .await?;
    rows.iter().map(person).collect()
}

pub(super) async fn insert(tx: &mut Tx, new: &Person, now: Instant) -> Result<(), Fault> {
    let Person { person_id, employee_no, name, category, vendor_id, home, left_on } = new;
    tx.execute_one(
        sql("INSERT INTO persons (person_id, employee_no, name, category, vendor_id, home_id, left_on, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(person_id)
        .bind(employee_no)
        .bind(name)
        .bind(category.as_str())
        .bind(vendor_id.as_ref())
        .bind(home)
        .bind(*left_on)
        .bind(now),
    )
    .await
}

pub(super) async fn transfer(tx: &mut Tx, id: &PersonId, home: &InstitutionId) -> Result<(), Fault> {
    tx.execute_one(sql("UPDATE persons SET home_id = $2 WHERE person_id = $1").bind(id).bind(home)).await
}

pub(super) async fn leave(tx: &mut Tx, id: &PersonId, on: BusinessDate) -> Result<(), Fault> {
    tx.execute_one(sql("UPDATE persons SET left_on = $2 WHERE person_id = $1").bind(id).bind(on)).await
}

pub(super) async fn insert_vendor(tx: &mut Tx, new: &Vendor, now: Instant) -> Result<(), Fault> {
    let Vendor { vendor_id, code, name } = new;
    tx.execute_one(
        sql("INSERT INTO vendors (vendor_id, code, name, created_at) VALUES ($1, $2, $3, $4)")
            .bind(vendor_id)
            .bind(code)
            .bind(name)
            .bind(now),
    )
    .await
}

fn vendor(row: &Row) -> Result<Vendor, Fault> {
    Ok(Vendor { vendor_id: row.id("vendor_id")?, code: row.text("code")?, name: row.text("name")? })
}

pub(super) async fn find_vendor(conn: &mut Conn, id: &VendorId) -> Result<Option<Vendor>, Fault> {
    conn.optional(sql("SELECT vendor_id, code, name FROM vendors WHERE vendor_id = $1").bind(id))
        .await?
        .map(|row| vendor(&row))
        .transpose()
}

pub(super) async fn vendors(conn: &mut Conn) -> Result<Vec<Vendor>, Fault> {
    conn.all(sql("SELECT vendor_id, code, name FROM vendors ORDER BY code")).await?.iter().map(vendor).collect()
}

/// Whether the kinship is new.
pub(super) async fn insert_relative(
    tx: &mut Tx,
    pair: (&PersonId, &PersonId),
    relation: Relation,
    now: Instant,
) -> Result<bool, Fault> {
    let inserted = tx
        .execute(
            sql("INSERT INTO relatives (person_id, relative_id, relation, declared_at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (person_id, relative_id) DO NOTHING")
            .bind(pair.0)
            .bind(pair.1)
            .bind(relation.as_str())
            .bind(now),
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether there was such a kinship.
pub(super) async fn delete_relative(tx: &mut Tx, pair: (&PersonId, &PersonId)) -> Result<bool, Fault> {
    let deleted = tx
        .execute(sql("DELETE FROM relatives WHERE person_id = $1 AND relative_id = $2").bind(pair.0).bind(pair.1))
        .await?;
    Ok(deleted == 1)
}

/// Every kinship, the smaller id first.
pub(super) async fn kinships(conn: &mut Conn) -> Result<Vec<(PersonId, PersonId)>, Fault> {
    let rows = conn.all(sql("SELECT person_id, relative_id FROM relatives ORDER BY person_id, relative_id")).await?;
    rows.iter().map(|row| Ok((row.id("person_id")?, row.id("relative_id")?))).collect()
}

pub(super) async fn relatives(conn: &mut Conn, person: &PersonId) -> Result<Vec<(PersonId, Relation)>, Fault> {
    let rows = conn
        .all(
            sql("SELECT relative_id AS other, relation FROM relatives WHERE person_id = $1
                 UNION ALL SELECT person_id AS other, relation FROM relatives WHERE relative_id = $1
                 ORDER BY other")
            .bind(person),
        )
        .await?;
    rows.iter().map(|row| Ok((row.id("other")?, row.parsed("relation", Relation::parse)?))).collect()
}
