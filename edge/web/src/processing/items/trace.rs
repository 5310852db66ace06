use super::super::wire::state_en;
use super::Names;
use crate::App;
use crate::extract::{Allowed, At, Json};
use crate::problem::Reply;
use crate::wire::{InstitutionRef, time};
use axum::extract::State;
use journal::{EntryRow, Subject};
use kernel::{InstitutionId, ItemId, PersonId, PostId};
use organization::{post, staff};
use permission::{Action, act};
use processing::definition::{self, BusinessType};
use processing::item::{self, Move, State as ItemState};
use serde::Serialize;
use std::collections::HashMap;
use storage::{Conn, Fault};
use utoipa::ToSchema;

/// An item's whole way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Trace {
    steps: Vec<TraceStep>,
}

/// One step, as the journal keeps it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TraceStep {
    seq: i64,
    at: String,
    /// What happened, as a stable code for programs; people read the summary.
    kind: String,
    /// The person by name, or `machine`.
    actor: TraceActor,
    /// The post in which the person acted.
    post: Option<PostName>,
    institution: Option<InstitutionRef>,
    seat: Option<String>,
    summary_zh: String,
    summary_en: String,
    /// What the person wrote beside the reason of a hand-back.
    note: Option<String>,
    /// What the hash is over, for those who read the journal; nothing personal is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<serde_json::Value>,
    hash: String,
}

/// A post by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PostName {
    code: String,
    name_zh: String,
    name_en: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum TraceActor {
    Person { name: String, employee_no: String },
    Machine(&'static str),
}

/// Every step of an item: who, when, where, and what came of it.
#[utoipa::path(get, path = "/processing/items/{item_id}/trace", operation_id = "trace_item", responses((status = 200, body = Trace)))]
pub(crate) async fn trace(
    allowed: Allowed<act::ViewItem>,
    State(app): State<App>,
    At(item_id): At<ItemId>,
) -> Reply<Json<Trace>> {
    let reads_journal =
        crate::extract::rights(&app, allowed.person_id(), allowed.session.now).await?.may(Action::ViewJournal);
    let mut reader = app.journal.db.reader().await?;
    let viewed = item::view(&mut reader, &allowed, &item_id).await?;
    let definition = definition::find(&mut reader, &viewed.type_code, viewed.type_version).await?;
    let rows = journal::by_subject(&mut reader, &Subject::of(&item_id)).await?;
    let (mut names, mut people) = (Names::default(), People::default());
    let mut steps = Vec::with_capacity(rows.len());
    for row in rows {
        let institution = row.institution_id.as_deref().and_then(|text| InstitutionId::parse(text).ok());
        let institution = match institution {
            Some(id) => Some(names.institution(&mut reader, &id).await?),
            None => None,
        };
        let actor = people.actor(&mut reader, &row.actor).await?;
        let post = people.post(&mut reader, row.post.as_deref()).await?;
        let note = note(&app, &mut reader, &row).await?;
        let step = step(row, &definition, actor, post, institution);
        steps.push(TraceStep { note, payload: step.payload.filter(|_| reads_journal), ..step });
    }
    Ok(Json::of(Trace { steps }))
}

/// What the person said with the step; it is sealed beside the entry, and gone once it is erased.
/// Nothing else that is sealed is shown here: among it is what was keyed.
async fn note(app: &App, conn: &mut Conn, row: &EntryRow) -> Result<Option<String>, Fault> {
    // A slice's entries are many, and nobody says anything with them.
    if !row.kind.starts_with("processing.item.") && !row.kind.starts_with("work.item.") {
        return Ok(None);
    }
    let kept = journal::private_values(conn, &app.journal.vault, &row.entry_id).await?;
    Ok(kept.into_iter().find(|(field, _)| field == item::NOTE).map(|(_, note)| note.reveal().to_owned()))
}

/// People and posts of one answer, each read once.
#[derive(Default)]
struct People {
    actors: HashMap<String, TraceActor>,
    posts: HashMap<String, Option<PostName>>,
}

impl People {
    async fn actor(&mut self, conn: &mut Conn, actor: &str) -> Result<TraceActor, Fault> {
        if let Some(known) = self.actors.get(actor) {
            return Ok(known.clone());
        }
        let person = match PersonId::parse(actor) {
            Ok(id) => staff::find(conn, &id).await?,
            Err(_) => None,
        };
        let found = match person {
            Some(person) => TraceActor::Person { name: person.name, employee_no: person.employee_no },
            None => TraceActor::Machine("machine"),
        };
        self.actors.insert(actor.to_owned(), found.clone());
        Ok(found)
    }

    async fn post(&mut self, conn: &mut Conn, post: Option<&str>) -> Result<Option<PostName>, Fault> {
        let Some(text) = post else { return Ok(None) };
        if let Some(known) = self.posts.get(text) {
            return Ok(known.clone());
        }
        let found = match PostId::parse(text) {
            Ok(id) => post::find(conn, &id).await?,
            Err(_) => None,
        };
        let name = found.map(|post| PostName { code: post.code, name_zh: post.name_zh, name_en: post.name_en });
        self.posts.insert(text.to_owned(), name.clone());
        Ok(name)
    }
}

fn step(
    row: EntryRow,
    definition: &BusinessType,
    actor: TraceActor,
    post: Option<PostName>,
    institution: Option<InstitutionRef>,
) -> TraceStep {
    let (summary_zh, summary_en) = summary(&row, definition);
    let EntryRow {
        entry_id: _,
        subject: _,
        seq,
        kind,
        refused: _,
        actor: _,
        post: _,
        seat,
        institution_id: _,
        at,
        payload,
        hash,
    } = row;
    TraceStep {
        seq,
        at: time(at),
        kind,
        actor,
        post,
        institution,
        seat,
        summary_zh,
        summary_en,
        note: None,
        payload: Some(payload),
        hash,
    }
}

/// A sentence for the step: what was done, and where the item went.
fn summary(row: &EntryRow, definition: &BusinessType) -> (String, String) {
    let by = row.payload["move"].as_str().and_then(Move::parse);
    let (zh, en) = match by {
        Some(by) => move_words(by),
        None => kind_words(&row.kind),
    };
    let (mut zh, mut en) = (zh.to_owned(), en.to_owned());
    if let Some(field) = row.payload["field"].as_str().and_then(|code| definition.field(code)) {
        zh.push_str(&format!("（{}）", field.name_zh));
        en.push_str(&format!(" ({})", field.name_en));
    }
    if let Some(after) = row.payload["after"].as_str().and_then(ItemState::parse) {
        zh.push_str(&format!("，转为“{}”", after.zh()));
        en.push_str(&format!(", now {}", state_en(after)));
    }
    if let Some(reason) = row.payload["reason_code"].as_str().and_then(processing::reasons::find) {
        zh.push_str(&format!("：{}", reason.zh));
        en.push_str(&format!(": {}", reason.en));
    }
    (zh, en)
}

const fn move_words(by: Move) -> (&'static str, &'static str) {
    match by {
        Move::Submit => ("提交", "Submitted"),
        Move::Resubmit => ("重新提交", "Submitted again"),
        Move::Slice => ("切片", "Cut into slices"),
        Move::SettleKeys => ("录入完成", "Keying finished"),
        Move::PassToAuthorize => ("要素审核通过，需授权", "Check passed, to be authorized"),
        Move::PassToPosting => ("要素审核通过", "Check passed"),
        Move::Return => ("退回网点", "Returned to the outlet"),
        Move::AskRescan => ("退回补扫", "Rescan asked for"),
        Move::ProposeRefusal => ("提议退票", "Refusal proposed"),
        Move::UpholdRefusal => ("同意退票", "Refusal upheld"),
        Move::OverturnRefusal => ("不同意退票", "Refusal overturned"),
        Move::Suspend => ("挂起", "Suspended"),
        Move::Resume => ("恢复办理", "Resumed"),
        Move::ResumeKeying => ("恢复录入", "Keying resumed"),
        Move::ResumeReview => ("恢复退票复核", "Refusal review resumed"),
        Move::Authorize => ("授权通过", "Authorized"),
        Move::SendBack => ("退回重新审核", "Sent back to be checked"),
        Move::Post => ("记账成功", "Posted"),
        Move::FailPosting => ("核心拒绝记账", "The core refused to post"),
        Move::RetryPosting => ("决定重新记账", "Posting to be tried again"),
        Move::Confirm => ("网点确认", "Confirmed by the outlet"),
        Move::FailConfirmation => ("网点确认不符", "The outlet found it wrong"),
        Move::Withdraw => ("网点撤销", "Withdrawn by the outlet"),
    }
}

/// Steps that move nothing; what moves the item is told by [`move_words`], and what was refused is in the refusals of whoever tried.
/// A kind without words shows as it is written, so that it is seen.
fn kind_words(kind: &str) -> (&str, &str) {
    match kind {
        "processing.item.open" => ("受理", "Opened"),
        "processing.item.add_page" => ("上传影像", "Page added"),
        "processing.item.remove_page" => ("移除影像", "Page removed"),
        "archive.image.view" => ("查看影像", "Image viewed"),
        "processing.slice.key" => ("切片录入", "Slice keyed"),
        "work.item.hand_back" => ("任务交回", "Work handed back"),
        "work.item.cancel" => ("任务取消", "Work cancelled"),
        "work.item.reassign" => ("任务改派", "Work re-assigned"),
        "work.item.set_priority" => ("调整优先级", "Priority changed"),
        _ => (kind, kind),
    }
}
