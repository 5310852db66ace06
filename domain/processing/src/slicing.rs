//! From pages to slices: every field that is keyed becomes a picture of its own and two pieces of work.
//!
//! Runs as a job after submission.
//! A field whose page has not changed since it was settled keeps its value; after a rescan only the boxed page is keyed again.
//! What was read of a page that has been taken out since is forgotten with it.

use crate::checking;
use crate::definition::{self, BusinessType, FieldSpec, KeyMode};
use crate::item::{self, Item, Move, State};
use crate::keying::{self, Pass, SliceState};
use archive::page::Page;
use journal::{Answer, Command, Cx, Journal, Recorded, Subject};
use kernel::{ItemId, SliceId};
use serde_json::json;
use std::collections::BTreeSet;
use storage::Fault;
use storage::blobs::{Blobs, Stored};

/// The job's name in the table of who listens.
pub const JOB: &str = "processing.slice_item";

/// A field's picture, stored and waiting for its row.
#[derive(Debug, Clone)]
struct Cut {
    field: String,
    part: i64,
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
    let gone = keying::fields_of_gone_pages(&mut reader, item_id, &pages).await?;
    drop(reader);
    let mut cuts = Vec::new();
    for page in &pages {
        // Of several pages of a kind, the first is the one that is keyed.
        if pages.iter().find(|other| other.kind == page.kind).is_some_and(|first| first.page_id == page.page_id) {
            let fields =
                definition.fields.iter().filter(|field| field.page == page.kind && !kept.contains(&field.code));
            cuts.extend(cut(journal, blobs, page, fields).await?);
        }
    }
    let command =
        Command::of_machine("processing.item.slice", "slicing", format!("{item_id}/{version}"), Subject::of(item_id));
    let item_id = item_id.clone();
    journal
        .run(command, move |cx| {
            let (item_id, cuts, gone, definition) = (item_id.clone(), cuts.clone(), gone.clone(), definition.clone());
            Box::pin(async move { record(cx, &item_id, version, &definition, &cuts, gone).await })
        })
        .await?;
    Ok(())
}

/// The slices of one page's fields, one for each part of a field that is keyed in parts.
async fn cut(
    journal: &Journal,
    blobs: &Blobs,
    page: &Page,
    fields: impl Iterator<Item = &FieldSpec>,
) -> Answer<Vec<Cut>> {
    let (mut cuts, mut keyed) = (Vec::new(), Vec::new());
    for field in fields {
        let parts = if field.parts.is_empty() { 0..=0 } else { 1..=i64::try_from(field.parts.len()).unwrap_or(0) };
        for part in parts {
            let (code, page_id, slice_id) = (field.code.clone(), page.page_id.clone(), SliceId::new(journal.now()));
            let cut = Cut { field: code, part, page_id, slice_id, stored: None, width: 0, height: 0 };
            match field.key_mode {
                KeyMode::None => cuts.push(cut),
                KeyMode::Single | KeyMode::Double => keyed.push((cut, field.of_part(part).rect)),
            }
        }
    }
    if keyed.is_empty() {
        return Ok(cuts);
    }
    let mut reader = journal.db.reader().await?;
    let display = archive::page::bytes(&mut reader, blobs, &page.display).await?;
    drop(reader);
    let rects = keyed.iter().map(|(_, rect)| *rect).collect();
    let images = archive::capture::cut_slices(blobs, display, rects, journal.now()).await?;
    let pictured = keyed.into_iter().zip(images);
    cuts.extend(pictured.map(|((cut, _), image)| Cut {
        stored: Some(image.stored),
        width: image.width,
        height: image.height,
        ..cut
    }));
    Ok(cuts)
}

/// The cuts of a version of the item; `gone` are the fields of which a current slice lies on a page that is not there any more.
async fn record(
    mut cx: Cx<'_>,
    item_id: &ItemId,
    version: i64,
    definition: &BusinessType,
    cuts: &[Cut],
    mut gone: BTreeSet<String>,
) -> Answer<Recorded<()>> {
    let mut item = item::for_work(&mut cx, item_id.as_str()).await?;
    if item.state != State::Submitted || item.version != version {
        return Err(
            Fault::inconsistent(format!("item {item_id} changed while it was sliced; the job runs again")).into()
        );
    }
    let mut fields: Vec<_> = cuts.iter().map(|cut| cut.field.as_str()).collect();
    fields.dedup();
    gone.retain(|field| !fields.contains(&field.as_str()));
    let anew = || fields.iter().copied().chain(gone.iter().map(String::as_str));
    keying::supersede(cx.tx, item_id, anew()).await?;
    checking::forget_fields(cx.tx, item_id, anew()).await?;
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
            part: cut.part,
            page_id: cut.page_id.clone(),
            blob_id: blob,
            width: cut.width,
            height: cut.height,
            key_mode: field.key_mode,
            state,
        };
        keying::insert(cx.tx, &slice, cx.now).await?;
        keyed += enqueue_passes(&mut cx, &item, definition, cut).await?;
    }
    let more = json!({ "fields": fields, "gone": gone, "passes": keyed });
    // What is still keyed from an earlier round counts too: the item waits only while a slice is open.
    let receipt = if keying::open_slices(cx.tx, item_id).await? == 0 {
        keying::finish_keying(&mut cx, &mut item, definition, more).await?
    } else {
        item::apply(&mut cx, &mut item, Move::Slice, "processing.item.slice", more).await?
    };
    Ok(receipt.done(()))
}

async fn enqueue_passes(cx: &mut Cx<'_>, item: &Item, definition: &BusinessType, cut: &Cut) -> Answer<i64> {
    let field = definition.field(&cut.field);
    let passes = match field.map_or(KeyMode::None, |field| field.key_mode) {
        KeyMode::Double => 2,
        KeyMode::Single => 1,
        KeyMode::None => 0,
    };
    for pass in (1..=passes).filter_map(Pass::of) {
        keying::enqueue_pass(cx, item, definition, (&cut.slice_id, &cut.field, cut.part), pass).await?;
    }
    Ok(passes)
}
