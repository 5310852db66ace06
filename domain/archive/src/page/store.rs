//! Pages in the database.

use super::{Page, PageFinding};
use crate::capture::StoredPage;
use crate::imaging::Rect;
use kernel::hash::Digest;
use kernel::{BlobId, Instant, PageId, PersonId};
use serde_json::{Value, json};
use storage::{Conn, Fault, Row, Tx, sql};

#[expect(clippy::too_many_arguments, reason = "one argument per column group of one statement")]
pub(super) async fn insert(
    tx: &mut Tx,
    page_id: &PageId,
    subject: &str,
    kind: &str,
    (page_no, version): (i64, i64),
    stored: &StoredPage,
    findings: &[PageFinding],
    person: &PersonId,
    now: Instant,
) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO pages (page_id, subject, kind, page_no, version, state, original_blob, display_blob, thumbnail_blob,
                                width, height, dpi, digest, findings, fingerprint, captured_by, captured_at)
             VALUES ($1, $2, $3, $4, $5, 'current', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)")
        .bind(page_id)
        .bind(subject)
        .bind(kind)
        .bind(page_no)
        .bind(version)
        .bind(&stored.original.blob_id)
        .bind(&stored.display.blob_id)
        .bind(&stored.thumbnail.blob_id)
        .bind(stored.width)
        .bind(stored.height)
        .bind(stored.dpi)
        .bind(stored.digest.to_string())
        .bind(findings_json(findings).to_string())
        .bind(stored.verdict.fingerprint.cast_signed())
        .bind(person)
        .bind(now),
    )
    .await
}

/// A file of several pages is recorded with its first page; a command that runs again must not record it twice.
pub(super) async fn blob_is_new(tx: &mut Tx, blob: &BlobId) -> Result<bool, Fault> {
    Ok(tx.optional(sql("SELECT blob_id FROM blobs WHERE blob_id = $1").bind(blob)).await?.is_none())
}

/// Whether the page was current until now: a removed one, a replaced one and one that a race has taken are not.
pub(super) async fn end_current(tx: &mut Tx, page: &PageId, state: &str) -> Result<bool, Fault> {
    let statement = sql("UPDATE pages SET state = $2 WHERE page_id = $1 AND state = 'current'");
    Ok(tx.execute(statement.bind(page).bind(state)).await? == 1)
}

pub(super) async fn set_successor(tx: &mut Tx, page: &PageId, successor: &PageId) -> Result<(), Fault> {
    tx.execute_one(sql("UPDATE pages SET superseded_by = $2 WHERE page_id = $1").bind(page).bind(successor)).await
}

/// The pages that count, in the order of capture.
pub async fn current(conn: &mut Conn, subject: &str) -> Result<Vec<Page>, Fault> {
    let rows = conn
        .all(sql("SELECT * FROM pages WHERE subject = $1 AND state = 'current' ORDER BY kind, page_no").bind(subject))
        .await?;
    rows.iter().map(page).collect()
}

/// Every version ever captured, for inspectors.
pub async fn all_versions(conn: &mut Conn, subject: &str) -> Result<Vec<Page>, Fault> {
    let rows =
        conn.all(sql("SELECT * FROM pages WHERE subject = $1 ORDER BY kind, page_no, version").bind(subject)).await?;
    rows.iter().map(page).collect()
}

pub async fn find(conn: &mut Conn, page_id: &PageId) -> Result<Option<Page>, Fault> {
    let row = conn.optional(sql("SELECT * FROM pages WHERE page_id = $1").bind(page_id)).await?;
    row.as_ref().map(page).transpose()
}

fn page(row: &Row) -> Result<Page, Fault> {
    Ok(Page {
        page_id: row.id("page_id")?,
        subject: row.text("subject")?,
        kind: row.text("kind")?,
        page_no: row.int("page_no")?,
        version: row.int("version")?,
        original: row.id("original_blob")?,
        display: row.id("display_blob")?,
        thumbnail: row.id("thumbnail_blob")?,
        width: row.int("width")?,
        height: row.int("height")?,
        dpi: row.opt_int("dpi")?,
        digest: row.parsed("digest", Digest::parse)?,
        findings: findings(&row.text("findings")?)?,
        fingerprint: row.int("fingerprint")?.cast_unsigned(),
        superseded_by: row.opt_id("superseded_by")?,
        captured_by: row.id("captured_by")?,
        captured_at: row.instant("captured_at")?,
    })
}

fn findings_json(findings: &[PageFinding]) -> Value {
    let rows = findings.iter().map(|finding| {
        let PageFinding { kind, severity, measured, limit, region, zh, en } = finding;
        let region = region.map(|rect| json!([rect.x(), rect.y(), rect.w(), rect.h()]));
        json!({ "kind": kind, "severity": severity, "measured": measured, "limit": limit, "region": region, "zh": zh, "en": en })
    });
    Value::Array(rows.collect())
}

fn findings(text: &str) -> Result<Vec<PageFinding>, Fault> {
    let malformed = || Fault::inconsistent("stored findings of a page");
    let value: Value = serde_json::from_str(text).map_err(|_| malformed())?;
    let rows = value.as_array().ok_or_else(malformed)?;
    rows.iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().map(str::to_owned).ok_or_else(malformed);
            let number = |key: &str| row[key].as_i64().ok_or_else(malformed);
            Ok(PageFinding {
                kind: text("kind")?,
                severity: if row["severity"] == "refuse" { "refuse" } else { "warn" },
                measured: number("measured")?,
                limit: number("limit")?,
                region: region(&row["region"]).map_err(|()| malformed())?,
                zh: text("zh")?,
                en: text("en")?,
            })
        })
        .collect()
}

fn region(value: &Value) -> Result<Option<Rect>, ()> {
    let Some(corners) = value.as_array() else { return Ok(None) };
    let corners: Vec<u16> = corners.iter().filter_map(|n| n.as_u64().and_then(|n| u16::try_from(n).ok())).collect();
    let [x, y, w, h] = corners[..] else { return Err(()) };
    Rect::new(x, y, w, h).map(Some).map_err(|_| ())
}
