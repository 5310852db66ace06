//! Slices and entries in the database.

use super::model::{Entry, KeyingRow, NewSlice, Pass, Slice, SliceState, Verdict};
use crate::definition::KeyMode;
use archive::page::Page;
use journal::{Answer, Cx};
use kernel::{Instant, ItemId, KeyingId, PersonId, SliceId, WorkItemId};
use std::collections::{BTreeSet, HashSet};
use storage::vault::{Private, Sealed, Vault};
use storage::{Conn, Fault, Row, Tx, sql};

pub(crate) async fn insert(tx: &mut Tx, slice: &NewSlice, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO slices (slice_id, item_id, field, page_id, blob_id, width, height, key_mode, state, created_at, part)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
        .bind(&slice.slice_id)
        .bind(&slice.item_id)
        .bind(slice.field.as_str())
        .bind(&slice.page_id)
        .bind(&slice.blob_id)
        .bind(slice.width)
        .bind(slice.height)
        .bind(slice.key_mode.as_str())
        .bind(slice.state.as_str())
        .bind(now)
        .bind(slice.part),
    )
    .await
}

/// Marks the current slices of these fields as replaced, before their successors are written.
pub(crate) async fn supersede<'a>(
    tx: &mut Tx,
    item: &ItemId,
    fields: impl Iterator<Item = &'a str>,
) -> Result<(), Fault> {
    for field in fields {
        tx.execute(
            sql("UPDATE slices SET state = 'superseded' WHERE item_id = $1 AND field = $2 AND state <> 'superseded'")
                .bind(item)
                .bind(field),
        )
        .await?;
    }
    Ok(())
}

/// Fields whose current slices are all settled and whose page is still current.
pub(crate) async fn kept_fields(conn: &mut Conn, item: &ItemId, pages: &[Page]) -> Result<HashSet<String>, Fault> {
    let current = slices_of(conn, item).await?;
    let is_kept = |slice: &Slice| {
        let settled = !matches!(slice.state, SliceState::Keying | SliceState::Third);
        settled && pages.iter().any(|page| page.page_id == slice.page_id)
    };
    let anew: HashSet<&str> =
        current.iter().filter(|slice| !is_kept(slice)).map(|slice| slice.field.as_str()).collect();
    Ok(current.iter().map(|slice| &slice.field).filter(|field| !anew.contains(field.as_str())).cloned().collect())
}

/// Fields of which a current slice lies on a page that is not among these: it was taken out, or replaced.
pub(crate) async fn fields_of_gone_pages(
    conn: &mut Conn,
    item: &ItemId,
    pages: &[Page],
) -> Result<BTreeSet<String>, Fault> {
    let current = slices_of(conn, item).await?;
    let gone = current.into_iter().filter(|slice| !pages.iter().any(|page| page.page_id == slice.page_id));
    Ok(gone.map(|slice| slice.field).collect())
}

/// How many current slices still wait for a pass.
pub(crate) async fn open_slices(conn: &mut Conn, item: &ItemId) -> Result<i64, Fault> {
    let row = conn
        .one(sql("SELECT COUNT(*) AS n FROM slices WHERE item_id = $1 AND state IN ('keying', 'third')").bind(item))
        .await?;
    row.int("n")
}

/// The current slices of an item, by field and part.
pub(crate) async fn slices_of(conn: &mut Conn, item: &ItemId) -> Result<Vec<Slice>, Fault> {
    let rows = conn
        .all(sql("SELECT * FROM slices WHERE item_id = $1 AND state <> 'superseded' ORDER BY field, part").bind(item))
        .await?;
    rows.iter().map(slice).collect()
}

pub(super) async fn find(conn: &mut Conn, slice_id: &SliceId) -> Result<Slice, Fault> {
    slice(&conn.one(sql("SELECT * FROM slices WHERE slice_id = $1").bind(slice_id)).await?)
}

pub(super) async fn find_for_update(tx: &mut Tx, slice_id: &SliceId) -> Result<Slice, Fault> {
    slice(&tx.one(sql("SELECT * FROM slices WHERE slice_id = $1").bind(slice_id).for_update()).await?)
}

fn slice(row: &Row) -> Result<Slice, Fault> {
    Ok(Slice {
        slice_id: row.id("slice_id")?,
        item_id: row.id("item_id")?,
        field: row.text("field")?,
        part: row.int("part")?,
        page_id: row.id("page_id")?,
        blob_id: row.opt_id("blob_id")?,
        width: row.int("width")?,
        height: row.int("height")?,
        key_mode: row.parsed("key_mode", KeyMode::parse)?,
        state: row.parsed("state", SliceState::parse)?,
        value: row.opt_bytes("value")?.map(Sealed),
    })
}

pub(super) async fn set_state(tx: &mut Tx, slice_id: &SliceId, state: SliceState) -> Result<(), Fault> {
    tx.execute_one(sql("UPDATE slices SET state = $2 WHERE slice_id = $1").bind(slice_id).bind(state.as_str())).await
}

pub(super) async fn settle(
    cx: &mut Cx<'_>,
    slice: &Slice,
    state: SliceState,
    value: Option<&Private>,
) -> Result<(), Fault> {
    let sealed = value.map(|value| cx.vault.seal(value, &slice_context(&slice.slice_id))).transpose()?;
    cx.tx
        .execute_one(
            sql("UPDATE slices SET state = $2, value = $3, settled_at = $4 WHERE slice_id = $1")
                .bind(&slice.slice_id)
                .bind(state.as_str())
                .bind(sealed)
                .bind(cx.now),
        )
        .await
}

fn slice_context(slice_id: &SliceId) -> String {
    format!("slices/{slice_id}")
}

/// The settled value of a slice.
pub(crate) fn value(cx: &Cx<'_>, slice: &Slice) -> Result<Option<Private>, Fault> {
    open(&cx.vault, slice)
}

/// The same for a reader.
pub(crate) fn open(vault: &Vault, slice: &Slice) -> Result<Option<Private>, Fault> {
    slice.value.as_ref().map(|sealed| vault.open_value(sealed, &slice_context(&slice.slice_id))).transpose()
}

pub(super) async fn insert_keying(
    cx: &mut Cx<'_>,
    keying_id: &KeyingId,
    slice: &Slice,
    pass: Pass,
    person: &PersonId,
    outsourced: bool,
    entry: &Entry,
) -> Answer<()> {
    let sealed = cx.vault.seal(&entry.value, &keying_context(keying_id))?;
    cx.tx
        .execute_one(
            sql("INSERT INTO keyings (keying_id, slice_id, item_id, field, pass, person_id, outsourced, value, unreadable,
                                      elapsed_ms, keystrokes, verdict, at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12)")
            .bind(keying_id)
            .bind(&slice.slice_id)
            .bind(&slice.item_id)
            .bind(slice.field.as_str())
            .bind(pass.number())
            .bind(person)
            .bind(outsourced)
            .bind(sealed)
            .bind(entry.unreadable)
            .bind(entry.elapsed_ms)
            .bind(entry.keystrokes)
            .bind(cx.now),
        )
        .await?;
    Ok(())
}

fn keying_context(keying_id: &KeyingId) -> String {
    format!("keyings/{keying_id}")
}

pub(crate) async fn set_verdict(tx: &mut Tx, keying_id: &KeyingId, verdict: Verdict) -> Result<(), Fault> {
    tx.execute_one(sql("UPDATE keyings SET verdict = $2 WHERE keying_id = $1").bind(keying_id).bind(verdict.as_str()))
        .await
}

/// The blind passes of a slice; seeded entries are not among them.
pub(super) async fn keyings_of_slice(cx: &mut Cx<'_>, slice: &Slice) -> Result<Vec<KeyingRow>, Fault> {
    let rows = cx
        .tx
        .all(sql("SELECT * FROM keyings WHERE slice_id = $1 AND pass > 0 ORDER BY pass").bind(&slice.slice_id))
        .await?;
    rows.iter().map(|row| keying(row, &cx.vault)).collect()
}

/// Every blind entry of an item, for the checker and the auditor.
pub async fn keyings_of(conn: &mut Conn, vault: &Vault, item: &ItemId) -> Result<Vec<KeyingRow>, Fault> {
    let rows =
        conn.all(sql("SELECT * FROM keyings WHERE item_id = $1 AND pass > 0 ORDER BY field, pass").bind(item)).await?;
    rows.iter().map(|row| keying(row, vault)).collect()
}

/// Entries keyed in a time, oldest first, for reports; `after` is the last id of the step before.
pub async fn keyings_between(
    conn: &mut Conn,
    vault: &Vault,
    from: Instant,
    until: Instant,
    after: &str,
    limit: i64,
) -> Result<Vec<KeyingRow>, Fault> {
    let rows = conn
        .all(
            sql("SELECT * FROM keyings WHERE at >= $1 AND at < $2 AND keying_id > $3 ORDER BY keying_id LIMIT $4 + 0")
                .bind(from)
                .bind(until)
                .bind(after)
                .bind(limit),
        )
        .await?;
    rows.iter().map(|row| keying(row, vault)).collect()
}

fn keying(row: &Row, vault: &Vault) -> Result<KeyingRow, Fault> {
    let keying_id: KeyingId = row.id("keying_id")?;
    let value = vault.open_value(&Sealed(row.bytes("value")?), &keying_context(&keying_id))?;
    Ok(KeyingRow {
        slice_id: row.id("slice_id")?,
        item_id: row.id("item_id")?,
        field: row.text("field")?,
        pass: Pass::of(row.int("pass")?).ok_or_else(|| Fault::inconsistent("a pass outside 0 to 3"))?,
        person_id: row.id("person_id")?,
        value,
        unreadable: row.bool("unreadable")?,
        elapsed_ms: row.int("elapsed_ms")?,
        keystrokes: row.int("keystrokes")?,
        verdict: row.parsed("verdict", Verdict::parse)?,
        at: row.instant("at")?,
        keying_id,
    })
}

pub(super) async fn has_keyed(conn: &mut Conn, item: &ItemId, person: &PersonId) -> Result<bool, Fault> {
    let row = conn
        .one(sql("SELECT COUNT(*) AS n FROM keyings WHERE item_id = $1 AND person_id = $2").bind(item).bind(person))
        .await?;
    Ok(row.int("n")? > 0)
}

/// Keeps what somebody has typed so far; it is gone with the work.
pub(crate) async fn save_draft(
    cx: &mut Cx<'_>,
    work_item: &WorkItemId,
    person: &PersonId,
    body: &Private,
) -> Result<(), Fault> {
    let sealed = cx.vault.seal(body, &draft_context(work_item, person))?;
    cx.tx
        .execute(
            sql("INSERT INTO drafts (work_item_id, person_id, body, at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (work_item_id) DO UPDATE SET person_id = excluded.person_id, body = excluded.body, at = excluded.at")
            .bind(work_item)
            .bind(person)
            .bind(sealed)
            .bind(cx.now),
        )
        .await?;
    Ok(())
}

/// What this person had typed; another person's draft is never shown.
pub(crate) async fn draft(
    conn: &mut Conn,
    vault: &Vault,
    work_item: &WorkItemId,
    person: &PersonId,
) -> Result<Option<Private>, Fault> {
    let row = conn
        .optional(
            sql("SELECT body FROM drafts WHERE work_item_id = $1 AND person_id = $2").bind(work_item).bind(person),
        )
        .await?;
    row.map(|row| vault.open_value(&Sealed(row.bytes("body")?), &draft_context(work_item, person))).transpose()
}

pub(crate) async fn delete_draft(tx: &mut Tx, work_item: &WorkItemId) -> Result<(), Fault> {
    tx.execute(sql("DELETE FROM drafts WHERE work_item_id = $1").bind(work_item)).await?;
    Ok(())
}

fn draft_context(work_item: &WorkItemId, person: &PersonId) -> String {
    format!("drafts/{work_item}/{person}")
}
