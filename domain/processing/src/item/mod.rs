//! Items: how they are opened, moved and read.

mod model;
mod outlet;
pub(crate) mod store;

pub use model::{Item, Move, Note, Reason, State, TRANSITIONS, Withdrawn};
pub use outlet::{add_page, confirm, fail_confirmation, open, remove_page, submit, withdraw};
pub(crate) use store::release_scans;
pub use store::{Filter, list};

use journal::{Answer, Cx, Entry, Receipt};
use kernel::{Code, ItemId, Refusal};
use permission::{Permit, act};
use serde_json::{Value, json};
use storage::vault::Private;
use storage::{Conn, Fault};

/// The private field of a journal entry that keeps what a person said.
pub const NOTE: &str = "note";

/// The item if it is within reach; otherwise it does not exist for the asker.
pub async fn view(conn: &mut Conn, permit: &Permit<act::ViewItem>, item_id: &ItemId) -> Answer<Item> {
    let item = store::find(conn, item_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    permit.covers(&item.institution_path)?;
    Ok(item)
}

/// The item for a station that holds its work; the lease is the permission.
pub async fn read(conn: &mut Conn, item_id: &ItemId) -> Result<Item, Fault> {
    let found = store::find(conn, item_id).await?;
    found.ok_or_else(|| Fault::inconsistent(format!("no item {item_id}")))
}

/// The item, locked, for a command within the permit's reach.
pub(crate) async fn for_command<A: permission::Act>(
    cx: &mut Cx<'_>,
    permit: &Permit<A>,
    item_id: &ItemId,
) -> Answer<Item> {
    let item = store::find_for_update(cx.tx, item_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    permit.covers(&item.institution_path)?;
    Ok(item)
}

/// The item, locked, for work that somebody holds.
pub(crate) async fn for_work(cx: &mut Cx<'_>, subject: &str) -> Answer<Item> {
    let item_id =
        ItemId::parse(subject).map_err(|error| Fault::inconsistent(format!("work on `{subject}`: {error}")))?;
    let found = store::find_for_update(cx.tx, &item_id).await?;
    Ok(found.ok_or_else(|| Fault::inconsistent(format!("no item {item_id}")))?)
}

/// Moves the item, writes it, and records the move with what the caller adds.
pub(crate) async fn apply(
    cx: &mut Cx<'_>,
    item: &mut Item,
    by: Move,
    kind: &'static str,
    more: Value,
) -> Answer<Receipt> {
    apply_saying(cx, item, by, kind, more, None).await
}

/// The same with what the person says of it: free text is kept apart from the hashed payload, so that it can be erased.
pub(crate) async fn apply_saying(
    cx: &mut Cx<'_>,
    item: &mut Item,
    by: Move,
    kind: &'static str,
    more: Value,
    note: Option<&str>,
) -> Answer<Receipt> {
    let before = item.state;
    item.state = item.after(by)?;
    store::update(cx.tx, &cx.vault, item, cx.now).await?;
    item.version += 1;
    item.updated_at = cx.now;
    let mut payload = json!({
        "move": by.as_str(),
        "before": before.as_str(),
        "after": item.state.as_str(),
        "version": item.version,
    });
    if let Some(reason) = &item.reason {
        payload["reason_code"] = json!(reason.code);
    }
    if let (Value::Object(payload), Value::Object(more)) = (&mut payload, more) {
        payload.extend(more);
    }
    let mut entry = Entry::new(&item.item_id, kind, payload);
    let of_reason = item.reason.as_ref().and_then(|reason| reason.note.as_ref());
    let note = match (note, of_reason) {
        (Some(note), _) => Some(Private::new(note)),
        (None, Some(note)) => Some(note.open(&cx.vault, &item.item_id)?),
        (None, None) => None,
    };
    if let Some(note) = note {
        entry = entry.with_private(NOTE, note);
    }
    Ok(cx.append(entry).await?)
}
