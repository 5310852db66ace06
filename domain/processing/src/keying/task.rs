//! What a keying station needs to show one slice, and nothing more.

use super::model::Pass;
use super::store;
use crate::definition::{self, FieldSpec};
use crate::item::{self, Item};
use archive::link::Target;
use journal::{Answer, Journal};
use kernel::{Code, ItemId, PersonId, Refusal, SliceId, WorkItemId};
use permission::{Act, Permit};
use storage::vault::Private;
use storage::{Conn, Fault};
use work::Held;

/// A slice on a keyer's screen. It carries no item number, no institution and no other field.
#[derive(Debug, Clone)]
pub struct KeyingTask {
    pub slice_id: SliceId,
    /// 1, 2 or 3; a seeded slice shows as 1.
    pub pass: i64,
    pub field: FieldSpec,
    pub image: Target,
    pub width: i64,
    pub height: i64,
    /// Whether this person may ask for the surroundings of the slice.
    pub wider_allowed: bool,
    pub draft: Option<Private>,
    pub type_name_zh: String,
    pub type_name_en: String,
}

/// The slice and the pass that work asks for.
pub(super) fn read(held: &Held) -> Answer<(SliceId, Pass)> {
    parse(&held.task)
}

fn parse(task: &serde_json::Value) -> Answer<(SliceId, Pass)> {
    let slice = task["slice_id"].as_str().and_then(|text| SliceId::parse(text).ok());
    let pass = task["pass"].as_i64().and_then(Pass::of);
    match (slice, pass) {
        (Some(slice), Some(pass)) => Ok((slice, pass)),
        _ => Err(Fault::inconsistent("keying work without a slice").into()),
    }
}

/// Builds the task of leased work for the person who holds it.
pub async fn task(
    journal: &Journal,
    work_item: &WorkItemId,
    subject: &str,
    body: &serde_json::Value,
    person: &PersonId,
    outsourced: bool,
) -> Answer<KeyingTask> {
    let (slice_id, pass) = parse(body)?;
    let mut reader = journal.db.reader().await?;
    let slice = store::find(&mut reader, &slice_id).await?;
    let item_id = ItemId::parse(subject).map_err(|error| Fault::inconsistent(error.to_string()))?;
    let item = item::read(&mut reader, &item_id).await?;
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let field = definition.field(&slice.field).map(|field| field.of_part(slice.part));
    let field = field.ok_or_else(|| Fault::inconsistent(format!("no field {} in {}", slice.field, definition.code)))?;
    if outsourced && !field.outsourced {
        return Err(Refusal::new(Code::OutsourcedNotAllowed).into());
    }
    let blob = slice.blob_id.clone().ok_or_else(|| Fault::inconsistent(format!("slice {slice_id} has no picture")))?;
    let draft = store::draft(&mut reader, &journal.vault, work_item, person).await?;
    Ok(KeyingTask {
        image: Target::Slice { slice_id: slice_id.clone(), blob },
        slice_id,
        pass: pass.shown(),
        field,
        width: slice.width,
        height: slice.height,
        wider_allowed: !outsourced && slice.part == 0,
        draft,
        type_name_zh: definition.name_zh,
        type_name_en: definition.name_en,
    })
}

/// The field that work on a slice asks for, as its keyer is asked; for those who see to the work.
pub async fn field_of(conn: &mut Conn, item: &Item, slice_id: &SliceId) -> Answer<Option<FieldSpec>> {
    let slice = store::find(conn, slice_id).await?;
    let definition = definition::find(conn, &item.type_code, item.type_version).await?;
    Ok(definition.field(&slice.field).map(|field| field.of_part(slice.part)))
}

/// The picture of the slice again, for a link that was used or has expired.
pub async fn image<A: Act>(
    journal: &Journal,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
) -> Answer<Target> {
    let held = still_held(journal, permit, work_item, fence).await?;
    let (slice_id, _) = read(&held)?;
    let slice = store::find(&mut *journal.db.reader().await?, &slice_id).await?;
    let blob = slice.blob_id.ok_or_else(|| Fault::inconsistent(format!("slice {slice_id} has no picture")))?;
    Ok(Target::Slice { slice_id, blob })
}

/// The whole page around the slice; never for outsourced seats, and never around a part of a number, which would show the other part.
pub async fn wider<A: Act>(
    journal: &Journal,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
) -> Answer<Target> {
    if permit.is_outsourced() {
        return Err(Refusal::new(Code::OutsourcedNotAllowed).into());
    }
    let held = still_held(journal, permit, work_item, fence).await?;
    let (slice_id, _) = read(&held)?;
    let slice = store::find(&mut *journal.db.reader().await?, &slice_id).await?;
    if slice.part > 0 {
        return Err(Refusal::new(Code::PartOnly).into());
    }
    Ok(Target::PageDisplay(slice.page_id))
}

async fn still_held<A: Act>(journal: &Journal, permit: &Permit<A>, work_item: &WorkItemId, fence: i64) -> Answer<Held> {
    let mut reader = journal.db.reader().await?;
    work::peek(&mut reader, permit.person_id(), work_item, fence, journal.now()).await
}

/// Keeps what has been typed so far on the server, sealed; it survives a refresh and a crash of the browser.
/// Under the lock of the work: nothing is kept for work that has ended or gone to somebody else in the meantime.
pub async fn save_draft<A: Act>(
    journal: &Journal,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
    body: Private,
) -> Answer<()> {
    let (work_item, person) = (work_item.clone(), permit.person_id().clone());
    let (actor, now, vault) = (permit.actor(), journal.now(), journal.vault.clone());
    journal
        .db
        .write::<(), journal::Failure, _>(move |tx| {
            let (work_item, person, body) = (work_item.clone(), person.clone(), body.clone());
            let (actor, vault) = (actor.clone(), vault.clone());
            Box::pin(async move {
                let mut cx = journal::Cx { tx, actor, now, vault };
                work::held(&mut cx, &person, &work_item, fence).await?;
                Ok(store::save_draft(&mut cx, &work_item, &person, &body).await?)
            })
        })
        .await
}
