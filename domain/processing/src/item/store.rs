//! Items in the database.

use super::model::{Item, Note, Reason, State};
use kernel::{BusinessDate, Currency, Instant, InstitutionId, ItemId, PersonId};
use permission::rights::Reach;
use storage::vault::{Sealed, Vault};
use storage::{Conn, Cursor, Fault, Page, Row, Tx, sql};

pub(super) async fn insert(tx: &mut Tx, item: &Item) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO items (item_id, item_no, type_code, type_version, institution_id, institution_path, captured_by, state, version,
                                business_date, priority_class, currency, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)")
        .bind(&item.item_id)
        .bind(item.item_no.as_str())
        .bind(item.type_code.as_str())
        .bind(item.type_version)
        .bind(&item.institution_id)
        .bind(item.institution_path.as_str())
        .bind(&item.captured_by)
        .bind(item.state.as_str())
        .bind(item.version)
        .bind(item.business_date)
        .bind(item.priority_class)
        .bind(item.currency)
        .bind(item.created_at),
    )
    .await
}

/// Writes what a command may change, and counts the version up from what was read.
pub(crate) async fn update(tx: &mut Tx, vault: &Vault, item: &Item, now: Instant) -> Result<(), Fault> {
    let (code, note, boxes) = match &item.reason {
        Some(Reason { code, note, boxes }) => {
            let note = note.as_ref().map(|note| note.seal(vault, &item.item_id)).transpose()?;
            (Some(code.as_str()), note, (!boxes.is_null()).then(|| boxes.to_string()))
        }
        None => (None, None, None),
    };
    tx.execute_one(
        sql("UPDATE items SET state = $3, version = version + 1, priority_class = $4, amount_minor = $5, submitted_at = $6, due_at = $7,
                              reason_code = $8, reason_note = $9, posting_round = $10, core_reference = $11, updated_at = $12,
                              business_date = $13, reason_boxes = $14
             WHERE item_id = $1 AND version = $2")
        .bind(&item.item_id)
        .bind(item.version)
        .bind(item.state.as_str())
        .bind(item.priority_class)
        .bind(item.amount_minor)
        .bind(item.submitted_at)
        .bind(item.due_at)
        .bind(code)
        .bind(note)
        .bind(item.posting_round)
        .bind(item.core_reference.as_deref())
        .bind(now)
        .bind(item.business_date)
        .bind(boxes),
    )
    .await
}

/// The item, locked until the command ends.
pub(crate) async fn find_for_update(tx: &mut Tx, item_id: &ItemId) -> Result<Option<Item>, Fault> {
    let row = tx.optional(sql("SELECT * FROM items WHERE item_id = $1").bind(item_id).for_update()).await?;
    row.as_ref().map(item).transpose()
}

pub(crate) async fn find(conn: &mut Conn, item_id: &ItemId) -> Result<Option<Item>, Fault> {
    let row = conn.optional(sql("SELECT * FROM items WHERE item_id = $1").bind(item_id)).await?;
    row.as_ref().map(item).transpose()
}

/// Other items of the same amount within `days` of the item's business date, newest first; drafts, withdrawn and refused ones are none.
/// At most fifty: where more share an amount, such as a fee, the newest say enough.
pub(crate) async fn of_amount(conn: &mut Conn, like: &Item, amount_minor: i64, days: i64) -> Result<Vec<Item>, Fault> {
    let day = |by: i64| like.business_date.add_days(by).map_err(|error| Fault::inconsistent(error.to_string()));
    let statement =
        sql("SELECT * FROM items WHERE amount_minor = $1 AND currency = $2 AND business_date BETWEEN $3 AND $4
                           AND item_id <> $5 AND state NOT IN ('draft', 'withdrawn', 'refused')
                         ORDER BY business_date DESC, item_id DESC LIMIT 50");
    let statement = statement.bind(amount_minor).bind(like.currency).bind(day(-days)?).bind(day(days)?);
    let rows = conn.all(statement.bind(&like.item_id)).await?;
    rows.iter().map(item).collect()
}

/// The next serial of an outlet's business date; the row is locked, so that no two items share a number.
pub(super) async fn next_serial(tx: &mut Tx, institution: &InstitutionId, date: BusinessDate) -> Result<i64, Fault> {
    let row = tx
        .one(
            sql(
                "INSERT INTO item_serials (institution_id, business_date, last) VALUES ($1, $2, 1)
                 ON CONFLICT (institution_id, business_date) DO UPDATE SET last = item_serials.last + 1 RETURNING last",
            )
            .bind(institution)
            .bind(date),
        )
        .await?;
    row.int("last")
}

/// Takes a scan for the item unless another has it; answers whose it is.
/// Two that take it at once wait for each other, and the second learns of the first.
pub(super) async fn claim_scan(tx: &mut Tx, digest: &str, item_id: &ItemId) -> Result<ItemId, Fault> {
    let claim = sql("INSERT INTO submitted_scans (digest, item_id) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING");
    tx.execute(claim.bind(digest).bind(item_id)).await?;
    tx.one(sql("SELECT item_id FROM submitted_scans WHERE digest = $1").bind(digest)).await?.id("item_id")
}

pub(super) async fn release_scan(tx: &mut Tx, digest: &str, item_id: &ItemId) -> Result<(), Fault> {
    let release = sql("DELETE FROM submitted_scans WHERE digest = $1 AND item_id = $2");
    tx.execute(release.bind(digest).bind(item_id)).await?;
    Ok(())
}

/// The item ended without posting: its scans may be submitted anew.
pub(crate) async fn release_scans(tx: &mut Tx, item_id: &ItemId) -> Result<(), Fault> {
    tx.execute(sql("DELETE FROM submitted_scans WHERE item_id = $1").bind(item_id)).await?;
    Ok(())
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub type_code: Option<String>,
    /// Only what this person captured.
    pub captured_by: Option<PersonId>,
    /// The beginning of an item number.
    pub item_no: Option<String>,
}

/// Items within reach, the last changed first.
pub async fn list(
    conn: &mut Conn,
    reach: &Reach,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Page<Item>, Fault> {
    let Some(prefix) = reach.like() else { return Ok(Page { items: Vec::new(), next: None }) };
    let (key, id) = after.map_or((i64::MAX, ""), |cursor| (cursor.key, cursor.id.as_str()));
    let rows = conn
        .all(
            sql("SELECT * FROM items
                 WHERE institution_path LIKE $1 AND (updated_at < $2 OR (updated_at = $2 AND item_id > $3))
                   AND ($4 = '' OR state = $4) AND ($5 = '' OR type_code = $5) AND ($6 = '' OR captured_by = $6)
                   AND ($7 = '' OR item_no LIKE $7 ESCAPE '!')
                 ORDER BY updated_at DESC, item_id LIMIT $8 + 0")
            .bind(prefix)
            .bind(key)
            .bind(id)
            .bind(filter.state.map_or("", State::as_str))
            .bind(filter.type_code.as_deref().unwrap_or(""))
            .bind(filter.captured_by.as_ref().map_or("", |person| person.as_str()))
            .bind(filter.item_no.as_deref().map_or(String::new(), begins_with))
            .bind(limit + 1),
        )
        .await?;
    let items = rows.iter().map(item).collect::<Result<Vec<_>, _>>()?;
    let mut page =
        Page::cut(items, limit, |last| Cursor { key: last.updated_at.micros(), id: last.item_id.to_string() });
    page.items.retain(|item| reach.contains(&item.institution_path));
    Ok(page)
}

/// The pattern of texts that begin with `text`, for `LIKE … ESCAPE '!'`.
fn begins_with(text: &str) -> String {
    format!("{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

fn item(row: &Row) -> Result<Item, Fault> {
    let currency = row.parsed("currency", |text| Currency::parse(text).ok())?;
    let reason = row.opt_text("reason_code")?;
    let note = row.opt_bytes("reason_note")?.map(|sealed| Note::Kept(Sealed(sealed)));
    let boxes = row.opt_text("reason_boxes")?.map(|text| serde_json::from_str(&text)).transpose();
    let boxes = boxes.map_err(|error| Fault::inconsistent(format!("stored boxes: {error}")))?.unwrap_or_default();
    Ok(Item {
        item_id: row.id("item_id")?,
        item_no: row.text("item_no")?,
        type_code: row.text("type_code")?,
        type_version: row.int("type_version")?,
        institution_id: row.id("institution_id")?,
        institution_path: row.text("institution_path")?,
        captured_by: row.id("captured_by")?,
        state: row.parsed("state", State::parse)?,
        version: row.int("version")?,
        business_date: row.date("business_date")?,
        priority_class: row.int("priority_class")?,
        currency,
        amount_minor: row.opt_int("amount_minor")?,
        submitted_at: row.opt_instant("submitted_at")?,
        due_at: row.opt_instant("due_at")?,
        reason: reason.map(|code| Reason { code, note, boxes }),
        posting_round: row.int("posting_round")?,
        core_reference: row.opt_text("core_reference")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}
