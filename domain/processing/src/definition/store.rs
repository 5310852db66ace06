//! Definitions in the database: the document as it was loaded, and what lists need.

use super::{BusinessType, parse};
use journal::Answer;
use kernel::{BusinessDate, Instant, ItemId};
use storage::{Conn, Fault, Row, Tx, sql};

pub(super) async fn digest(tx: &mut Tx, code: &str, version: i64) -> Result<Option<String>, Fault> {
    let row = tx
        .optional(sql("SELECT digest FROM business_types WHERE code = $1 AND version = $2").bind(code).bind(version))
        .await?;
    row.map(|row| row.text("digest")).transpose()
}

pub(super) async fn insert(
    tx: &mut Tx,
    definition: &BusinessType,
    text: &str,
    digest: &str,
    now: Instant,
) -> Result<(), Fault> {
    tx.execute(
        sql("INSERT INTO business_types (code, version, document, digest, effective_from, loaded_at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (code, version) DO NOTHING")
        .bind(definition.code.as_str())
        .bind(definition.version)
        .bind(text)
        .bind(digest)
        .bind(definition.effective_from)
        .bind(now),
    )
    .await?;
    Ok(())
}

/// The version of `code` that is in force on `today`: the latest that has begun.
pub async fn in_force(conn: &mut Conn, code: &str, today: BusinessDate) -> Answer<Option<BusinessType>> {
    let row = conn
        .optional(
            sql("SELECT document FROM business_types WHERE code = $1 AND effective_from <= $2
                 ORDER BY effective_from DESC, version DESC LIMIT 1")
            .bind(code)
            .bind(today),
        )
        .await?;
    Ok(row.as_ref().map(definition).transpose()?)
}

/// Every type with the version that is in force on `today`.
pub async fn all_in_force(conn: &mut Conn, today: BusinessDate) -> Answer<Vec<BusinessType>> {
    let rows = conn
        .all(
            sql("SELECT document FROM business_types AS b WHERE version = (
                     SELECT version FROM business_types WHERE code = b.code AND effective_from <= $1
                     ORDER BY effective_from DESC, version DESC LIMIT 1)
                 ORDER BY code")
            .bind(today),
        )
        .await?;
    Ok(rows.iter().map(definition).collect::<Result<_, _>>()?)
}

/// One version, for items that were opened under it.
pub async fn find(conn: &mut Conn, code: &str, version: i64) -> Answer<BusinessType> {
    let row = conn
        .one(sql("SELECT document FROM business_types WHERE code = $1 AND version = $2").bind(code).bind(version))
        .await?;
    Ok(definition(&row)?)
}

/// The version that an item was opened under; neither ever changes.
pub(crate) async fn of_item(conn: &mut Conn, item: &ItemId) -> Answer<BusinessType> {
    let statement = sql(
        "SELECT b.document FROM items i JOIN business_types b ON b.code = i.type_code AND b.version = i.type_version
                         WHERE i.item_id = $1",
    );
    Ok(definition(&conn.one(statement.bind(item)).await?)?)
}

fn definition(row: &Row) -> Result<BusinessType, Fault> {
    parse(&row.text("document")?).map_err(|error| Fault::inconsistent(format!("stored definition: {error}")))
}
