//! Items as outlets, branches and supervisors see them.

pub mod confirm;
pub mod confirm_failure;
pub mod list;
pub mod open;
pub mod pages;
pub mod read;
pub mod resubmit;
pub mod resume;
pub mod retry_posting;
pub mod return_item;
pub mod submit;
pub mod trace;
mod wire;
pub mod withdraw;

pub(crate) use wire::{ItemReason, ItemWire, Names, TypeRef, named};

use crate::App;
use crate::extract::{Json, answer, etag};
use crate::problem::Reply;
use axum::response::Response;
use journal::{Answer, Command, Cx, Outcome, Recorded};
use kernel::ItemId;
use storage::BoxFuture;

/// Runs a command on an item and answers the item as it is now.
async fn act<T, F>(app: &App, item_id: &ItemId, command: Command, work: F) -> Reply<Response>
where
    T: journal::Reply,
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    let outcome = app.journal.run(command, work).await?;
    acted(app, item_id, outcome).await
}

/// Tells the outlet and answers the item as it is now.
async fn acted<T>(app: &App, item_id: &ItemId, outcome: Outcome<T>) -> Reply<Response> {
    if matches!(outcome, Outcome::Done(_)) {
        super::station::announce(app, item_id).await?;
    }
    let wire = load(app, item_id).await?;
    answer(outcome, |_| (etag(wire.version), Json::of(wire)))
}

/// The item as it is now, for who was just allowed to act on it.
async fn load(app: &App, item_id: &ItemId) -> Reply<ItemWire> {
    let mut reader = app.journal.db.reader().await?;
    let item = processing::item::read(&mut reader, item_id).await?;
    Names::default().item(&mut reader, &item, app.journal.now()).await
}
