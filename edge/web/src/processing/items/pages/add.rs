use super::super::read::page_wire;
use super::super::wire::PageWire;
use crate::App;
use crate::extract::{Allowed, At, Json, Key, Query, answer, rights};
use crate::problem::{Problem, Reply};
use crate::processing::station::announce;
use crate::processing::wire::FindingWire;
use archive::capture;
use archive::imaging::{self, Finding, Limits, QualityPolicy};
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::response::Response;
use journal::{Outcome, Subject};
use kernel::{Code, ItemId, PageId, Refusal};
use permission::act;
use processing::{definition, item};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::Semaphore;
use utoipa::{IntoParams, ToSchema};

/// Judging a refused file again for its findings holds a whole page in memory: one at a time.
static JUDGE: Semaphore = Semaphore::const_new(1);

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Place {
    /// A page kind of the business type.
    #[param(example = "voucher_front")]
    kind: String,
    /// Accepts pages that were only warned of.
    keep_warnings: Option<bool>,
    /// The page whose place the file's one page takes; its old version is kept.
    replaces: Option<String>,
}

/// The pages of the file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AddedPages {
    pages: Vec<PageWire>,
}

/// Adds the pages of a file. What the quality gate refuses is not stored; what it warns of is stored only with `keep_warnings`.
#[utoipa::path(
    post,
    path = "/processing/items/{item_id}/pages",
    operation_id = "add_pages",
    params(Place),
    request_body(content = Vec<u8>, description = "JPEG, PNG, TIFF or PDF", content_type = "image/jpeg"),
    responses((status = 201, body = AddedPages))
)]
pub(crate) async fn add(
    allowed: Allowed<act::CaptureItem>,
    key: Key,
    State(app): State<App>,
    At(item_id): At<ItemId>,
    Query(place): Query<Place>,
    body: Result<Bytes, BytesRejection>,
) -> Reply<Response> {
    let Place { kind, keep_warnings, replaces } = place;
    let replaces = replaces.map(|text| PageId::parse(&text).map_err(|_| no_such_page())).transpose()?;
    let body = body.map_err(|rejection| crate::extract::unread(rejection.status()))?;
    if body.is_empty() {
        return Err(Refusal::detailed(Code::BrokenImage, "文件为空", "the file is empty").into());
    }
    let command = key.command("processing.item.add_page", allowed.actor(), Subject::of(&item_id), &body);
    // A repeat is known by its key, also when the item takes no pages any more.
    if let Some(earlier) = app.journal.earlier::<String>(&command).await? {
        return added(&app, &allowed, earlier).await;
    }
    // Before anything is decoded: may it be added at all?
    let policy = policy(&app, &allowed, &item_id, &kind).await?;
    let stored = taken(&app, body, policy, keep_warnings.unwrap_or(false)).await?;
    let (permit, target) = (Arc::clone(&allowed.permit), item_id.clone());
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, target, kind, stored) = (Arc::clone(&permit), target.clone(), kind.clone(), stored.clone());
            let replaces = replaces.clone();
            Box::pin(async move { item::add_page(cx, &permit, &target, &kind, &stored, replaces.as_ref()).await })
        })
        .await?;
    if matches!(outcome, Outcome::Done(_)) {
        announce(&app, &item_id).await?;
    }
    added(&app, &allowed, outcome).await
}

fn no_such_page() -> Refusal {
    Refusal::new(Code::NotFound).at("replaces")
}

/// What a page of the kind must satisfy, when the person sees the item and it takes such pages now.
async fn policy(app: &App, allowed: &Allowed<act::CaptureItem>, item_id: &ItemId, kind: &str) -> Reply<QualityPolicy> {
    let rights = rights(app, allowed.person_id(), allowed.session.now).await?;
    let views = rights.permit::<act::ViewItem>(allowed.session.seat.clone())?;
    let mut reader = app.journal.db.reader().await?;
    let item = item::view(&mut reader, &views, item_id).await?;
    allowed.covers(&item.institution_path)?;
    if !item.state.takes_pages() {
        let en = format!("pages cannot change while the item is {}", item.state.as_str());
        return Err(Refusal::detailed(Code::WrongState, format!("该业务目前为“{}”", item.state.zh()), en).into());
    }
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let spec = definition.page(kind);
    let spec =
        spec.ok_or_else(|| Refusal::field("kind", "该业务没有这种影像页", "this business has no page of that kind"))?;
    Ok(spec.quality())
}

async fn taken(app: &App, body: Bytes, policy: QualityPolicy, keep_warnings: bool) -> Reply<Vec<capture::StoredPage>> {
    let prepared = match capture::prepare(body.clone(), policy).await {
        Ok(prepared) => prepared,
        Err(failure) => {
            let poor = failure.refusal().is_some_and(|refusal| refusal.code == Code::PoorImage);
            let problem = Problem::from(failure);
            return Err(if poor { problem.with("findings", findings_of(body, policy).await) } else { problem });
        }
    };
    let warnings: Vec<&Finding> = prepared.pages.iter().flat_map(|page| &page.verdict.findings).collect();
    if !keep_warnings && !warnings.is_empty() {
        let words: Vec<(String, String)> = warnings.iter().map(|finding| archive::words::finding(finding)).collect();
        let (zh, en): (Vec<_>, Vec<_>) = words.into_iter().unzip();
        let refusal = Refusal::detailed(Code::PoorImage, zh.join("；"), en.join("; "));
        return Err(Problem::from(refusal).with("findings", wire(warnings.into_iter())));
    }
    Ok(capture::store(&app.blobs, prepared, app.journal.now()).await?)
}

/// Every finding on a refused file, with its place.
async fn findings_of(body: Bytes, policy: QualityPolicy) -> serde_json::Value {
    let Ok(_permit) = JUDGE.acquire().await else { return serde_json::Value::Array(Vec::new()) };
    let judged = tokio::task::spawn_blocking(move || {
        let pages = imaging::decode(&body, &Limits::default()).unwrap_or_default();
        let verdicts: Vec<_> = pages.iter().map(|page| imaging::judge(page, &policy)).collect();
        wire(verdicts.iter().flat_map(|verdict| &verdict.findings))
    });
    judged.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "a refused file could not be judged again");
        serde_json::Value::Array(Vec::new())
    })
}

fn wire<'f>(findings: impl Iterator<Item = &'f Finding>) -> serde_json::Value {
    let findings: Vec<FindingWire> = findings.map(FindingWire::from).collect();
    serde_json::to_value(findings).unwrap_or_default()
}

/// The pages as they were when they were added; the links to them open once and are always fresh.
async fn added(app: &App, allowed: &Allowed<act::CaptureItem>, outcome: Outcome<String>) -> Reply<Response> {
    let (Outcome::Done(ids) | Outcome::AlreadyDone(ids)) = &outcome else {
        return Err(Refusal::new(Code::ConflictsWithEarlier).into());
    };
    let mut pages = Vec::new();
    {
        let mut reader = app.journal.db.reader().await?;
        for id in ids.split(',').filter_map(|text| PageId::parse(text).ok()) {
            if let Some(mut page) = archive::page::find(&mut reader, &id).await? {
                page.superseded_by = None;
                pages.push(page_wire(app, &allowed.session, &page, true)?);
            }
        }
    }
    answer(outcome, |_| (StatusCode::CREATED, Json::of(AddedPages { pages })))
}
