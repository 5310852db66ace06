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

pub(crate) use read::ACT_NAMES;
pub(crate) use wire::{ItemReason, ItemWire, Names, TypeRef, named};

use crate::App;
use crate::extract::{FirstAnswer, answer};
use crate::problem::Reply;
use axum::response::Response;
use journal::{Answer, Command, Cx, Outcome, Recorded};
use kernel::{Instant, ItemId};
use std::sync::Arc;
use storage::vault::Vault;
use storage::{BoxFuture, Conn};

/// Runs a command on an item and answers the item as the command left it; a repeat is answered the same.
async fn act<T, F>(app: &App, item_id: &ItemId, command: Command, work: F) -> Reply<Response>
where
    T: journal::Reply,
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    let outcome = acted(app, item_id, command, work).await?;
    answer(outcome, |(first, _)| first)
}

/// The same for commands whose own value says whom else to tell.
async fn acted<T, F>(app: &App, item_id: &ItemId, command: Command, work: F) -> Reply<Outcome<(FirstAnswer, T)>>
where
    T: journal::Reply,
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    let (work, target) = (Arc::new(work), item_id.clone());
    let outcome = app
        .journal
        .run(command, move |mut cx| {
            let (work, target) = (Arc::clone(&work), target.clone());
            Box::pin(async move {
                let recorded = work(cx.part()).await?;
                let first = first_answer(cx.tx, &cx.vault, &target, cx.now).await?;
                Ok(recorded.map(|value| (first, value)))
            })
        })
        .await?;
    if matches!(outcome, Outcome::Done(_)) {
        super::station::announce(app, item_id).await?;
    }
    Ok(outcome)
}

/// The item as the command's transaction leaves it.
async fn first_answer(conn: &mut Conn, vault: &Vault, item_id: &ItemId, now: Instant) -> Answer<FirstAnswer> {
    let item = processing::item::read(conn, item_id).await?;
    let wire = Names::default().item(conn, vault, &item, now).await?;
    Ok(FirstAnswer::of(wire.version, &wire)?)
}
