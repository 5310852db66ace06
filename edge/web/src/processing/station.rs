//! What every decision at a station has in common: the command, the next work, and the news for the outlet.

use crate::App;
use crate::problem::Reply;
use crate::words;
use journal::{Answer, Command, Cx, Outcome, Recorded, Reply as Kept};
use kernel::{ItemId, PersonId, WorkItemId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::vault::Vault;
use storage::{BoxFuture, Fault};
use utoipa::ToSchema;

/// Held work that a request decides on.
pub(super) struct At<'a> {
    pub person: &'a PersonId,
    pub work_item: &'a WorkItemId,
    pub fence: i64,
}

/// Runs a decision on held work. When this answers, the person has the next work and the outlet knows.
pub(super) async fn decide<T, F>(app: &App, at: At<'_>, command: Command, work: F) -> Reply<Outcome<T>>
where
    T: Kept,
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    let item = subject(app, &at).await?;
    let outcome = app.journal.run(command, work).await?;
    if matches!(outcome, Outcome::Done(_)) {
        app.engine.completed(at.person, at.work_item).await?;
        if let Some(item) = item {
            announce(app, &item).await?;
        }
    }
    Ok(outcome)
}

/// The item that the work is about, while it is held; the command itself decides whether it is.
async fn subject(app: &App, at: &At<'_>) -> Reply<Option<ItemId>> {
    let mut reader = app.journal.db.reader().await?;
    let held = work::peek(&mut reader, at.person, at.work_item, at.fence, app.journal.now()).await;
    Ok(held.ok().and_then(|held| ItemId::parse(&held.subject).ok()))
}

/// Tells those who listen to the item's outlet where it is now, and wakes the engine for the work that its change may have made.
pub(crate) async fn announce(app: &App, item_id: &ItemId) -> Reply<()> {
    app.engine.wake();
    let item = {
        let mut reader = app.journal.db.reader().await?;
        processing::item::read(&mut reader, item_id).await?
    };
    app.engine.news(&item.institution_id, news(&app.journal.vault, &item)?);
    Ok(())
}

/// The frame `item` of the stream.
pub fn news(vault: &Vault, item: &processing::item::Item) -> Result<serde_json::Value, Fault> {
    let reason = |reason: &processing::item::Reason| {
        let note = reason.note.as_ref().map(|note| note.open(vault, &item.item_id)).transpose()?;
        Ok::<_, Fault>(NewsReason { code: reason.code.clone(), note: note.map(|note| note.reveal().to_owned()) })
    };
    let news = ItemNews {
        item_id: item.item_id.to_string(),
        state: item.state.as_str().to_owned(),
        stage: item.state.stage().to_owned(),
        version: item.version,
        reason: item.reason.as_ref().map(reason).transpose()?,
    };
    Ok(json!(news))
}

/// That an item changed, for those who see it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct ItemNews {
    item_id: String,
    #[schema(value_type = words::ItemState)]
    state: String,
    #[schema(value_type = words::Stage)]
    stage: String,
    version: i64,
    reason: Option<NewsReason>,
}

/// Why an item left the straight way.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct NewsReason {
    #[schema(value_type = words::ReasonCode)]
    code: String,
    note: Option<String>,
}
