use super::Keyer;
use crate::App;
use crate::extract::{At, Either, Json, Key, answer};
use crate::problem::Reply;
use crate::processing::station;
use axum::extract::State;
use axum::response::Response;
use journal::{Answer, Cx, Recorded, Subject};
use kernel::WorkItemId;
use permission::{Act, Permit};
use processing::keying::{self, Entry};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use storage::BoxFuture;
use storage::vault::Private;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryBody {
    fence: i64,
    value: String,
    /// The keyer cannot read it.
    #[serde(default)]
    unreadable: bool,
    elapsed_ms: i64,
    keystrokes: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    accepted: bool,
}

/// Takes one entry. The answer never says whether it matched.
#[utoipa::path(post, path = "/processing/keying/{work_item_id}/entry", operation_id = "enter_slice", request_body = EntryBody, responses((status = 200, body = Accepted)))]
pub(crate) async fn enter(
    keyer: Keyer,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<EntryBody>,
) -> Reply<Response> {
    let command = key.command("processing.slice.key", keyer.actor(), Subject::of(&work_item), &body);
    let EntryBody { fence, value, unreadable, elapsed_ms, keystrokes } = body.value;
    let entry = Entry { value: Private::new(value), unreadable, elapsed_ms, keystrokes };
    let person = keyer.session().person_id.clone();
    let at = station::At { person: &person, work_item: &work_item, fence };
    let target = work_item.clone();
    let outcome = match keyer {
        Either::One(permit, _) => station::decide(&app, at, command, work(permit, target, fence, entry)).await?,
        Either::Other(permit, _) => station::decide(&app, at, command, work(permit, target, fence, entry)).await?,
    };
    answer(outcome, |()| Json::of(Accepted { accepted: true }))
}

fn work<A: Act>(
    permit: Arc<Permit<A>>,
    work_item: WorkItemId,
    fence: i64,
    entry: Entry,
) -> impl for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<()>>> + Send + Sync + 'static {
    move |cx| {
        let (permit, work_item, entry) = (Arc::clone(&permit), work_item.clone(), entry.clone());
        Box::pin(async move { keying::enter(cx, &permit, &work_item, fence, entry).await })
    }
}
