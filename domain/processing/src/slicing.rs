//! From pages to slices: every field that is keyed becomes a picture of its own and two pieces of work.
//!
//! Runs as a job after submission.
//! A field whose page has not changed since it was settled keeps its value; after a rescan only the boxed page is keyed again.

use crate::definition::{self, BusinessType, FieldSpec, KeyMode};
use crate::item::{self, Item, Move, State};
use crate::keying::{self, SliceState};
use crate::queues;
use archive::page::Page;
use journal::{Answer, Command, Cx, Journal, Recorded, Subject};
use kernel::{ItemId, SliceId};
use permission::Hand;
use serde_json::json;
use storage::Fault;
use storage::blobs::{Blobs, Stored};

/// The job's name in the table of who listens.
pub const JOB: &str = "processing.slice_item";

/// A field's picture, stored and waiting for its row.
#[derive(Debug, Clone)]
struct Cut {
    field: String,
    page_id: kernel::PageId,
    slice_id: SliceId,
    stored: Option<Stored>,
    width: i64,
    height: i64,
}

/// Cuts the slices of a submitted item and puts its keying work into the queue. Repeating it changes nothing.
pub async fn run(journal: &Journal, blobs: &Blobs, item_id: &ItemId, version: i64) -> Answer<()> {
    let mut reader = journal.db.reader().await?;
    let item = item::read(&mut reader, item_id).await?;
    if item.state != State::Submitted || item.version != version {
        return Ok(());
    }
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let pages = archive::page::current(&mut reader, item_id.as_str()).await?;
    let kept = keying::kept_fields(&mut reader, item_id, &pages).await?;
    let mut cuts = Vec::new();
    for field in definition.fields.iter().filter(|field| !kept.contains(&field.code)) {
        let Some(page) = pages.iter().find(|page| page.kind == field.page) else { continue };
        cuts.push(cut(&mut reader, blobs, journal, field, page).await?);
    }
    drop(reader);
    let command =
        Command::of_machine("processing.item.slice", "slicing", format!("{item_id}/{version}"), Subject::of(item_id));
    let item_id = item_id.clone();
    journal
        .run(command, move |cx| {
            let (item_id, cuts, definition) = (item_id.clone(), cuts.clone(), definition.clone());
            Box::pin(async move { record(cx, &item_id, version, &definition, &cuts).await })
        })
        .await?;
    Ok(())
}

async fn cut(
    reader: &mut storage::Reader,
    blobs: &Blobs,
    journal: &Journal,
    field: &FieldSpec,
    page: &Page,
) -> Answer<Cut> {
    let slice_id = SliceId::new(journal.now());
    let mut cut =
        Cut { field: field.code.clone(), page_id: page.page_id.clone(), slice_id, stored: None, width: 0, height: 0 };
    if field.key_mode != KeyMode::None {
        let display = archive::page::bytes(reader, blobs, &page.display).await?;
        let image = archive::capture::cut_slice(blobs, display, field.rect, journal.now()).await?;
        (cut.width, cut.height) = (image.width, image.height);
        cut.stored = Some(image.stored);
    }
    Ok(cut)
}

async fn record(
    mut cx: Cx<'_>,
    item_id: &ItemId,
    version: i64,
    definition: &BusinessType,
    cuts: &[Cut],
) -> Answer<Recorded<()>> {
    let mut item = item::for_work(&mut cx, item_id.as_str()).await?;
    if item.state != State::Submitted || item.version != version {
        return Err(
            Fault::inconsistent(format!("item {item_id} changed while it was sliced; the job runs again")).into()
        );
    }
    keying::supersede(cx.tx, item_id, cuts.iter().map(|cut| cut.field.as_str())).await?;
    let mut keyed = 0;
    for cut in cuts {
        let field = definition
            .field(&cut.field)
            .ok_or_else(|| Fault::inconsistent(format!("no field {} in {}", cut.field, definition.code)))?;
        if let Some(stored) = &cut.stored {
            stored.record(cx.tx).await?;
        }
        let state = if field.key_mode == KeyMode::None { SliceState::Unkeyed } else { SliceState::Keying };
        let blob = cut.stored.as_ref().map(|stored| stored.blob_id.clone());
        let slice = keying::NewSlice {
            slice_id: cut.slice_id.clone(),
            item_id: item_id.clone(),
            field: field.code.clone(),
            page_id: cut.page_id.clone(),
            blob_id: blob,
            width: cut.width,
            height: cut.height,
            key_mode: field.key_mode,
            state,
        };
        keying::insert(cx.tx, &slice, cx.now).await?;
        keyed += enqueue_passes(&mut cx, &item, field, &cut.slice_id).await?;
    }
    let fields: Vec<_> = cuts.iter().map(|cut| cut.field.as_str()).collect();
    let more = json!({ "fields": fields, "passes": keyed });
    // What is still keyed from an earlier round counts too: the item waits only while a slice is open.
    let receipt = if keying::open_slices(cx.tx, item_id).await? == 0 {
        keying::finish_keying(&mut cx, &mut item, definition, more).await?
    } else {
        item::apply(&mut cx, &mut item, Move::Slice, "processing.item.slice", more).await?
    };
    Ok(receipt.done(()))
}

async fn enqueue_passes(cx: &mut Cx<'_>, item: &Item, field: &FieldSpec, slice_id: &SliceId) -> Answer<i64> {
    let hands: &[(Hand, i64)] = match field.key_mode {
        KeyMode::Double => &[(Hand::FirstKey, 1), (Hand::SecondKey, 2)],
        KeyMode::Single => &[(Hand::FirstKey, 1)],
        KeyMode::None => &[],
    };
    for (hand, pass) in hands {
        let task = json!({ "slice_id": slice_id.as_str(), "pass": pass });
        let mut new = queues::work_on(item, queues::KEYING, *hand, cx.now, task);
        new.slice = Some(slice_id.clone());
        new.internal_only = !field.outsourced;
        work::enqueue(cx.tx, cx.now, new).await?;
    }
    Ok(i64::try_from(hands.len()).unwrap_or(0))
}
