//! What a lease carries: the work, complete enough for its station to begin without another request.

use super::items::{ItemReason, ItemWire, Names};
use super::reasons::{self, ReasonWire};
use crate::App;
use crate::archive::links;
use crate::extract::Signed;
use crate::problem::Reply;
use crate::wire::{MoneyText, RectTenths};
use archive::link::Target;
use archive::page::Page;
use kernel::capital::{Prefix, to_capital};
use kernel::{Code, Money, Refusal};
use ledger::{AccountNo, AccountStatus};
use processing::checking::{CheckTask, FieldView};
use processing::checks::{Check, Outcome};
use processing::definition::{AccountSource, FieldSpec, field_kind_name};
use processing::keying::{KeyingTask, Pass, SliceState};
use processing::queues::{AUTHORIZING, CHECKING, KEYING, REFUSAL_REVIEW, THIRD_KEYING};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use work::Lease;

/// Whose screen the task is for.
pub(crate) struct Seat<'a> {
    pub session: &'a Signed,
    pub employee_no: &'a str,
    pub outsourced: bool,
}

/// The task of a lease for the person who holds it.
pub(crate) async fn describe(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<Value> {
    match lease.queue.as_str() {
        KEYING | THIRD_KEYING => slice(app, seat, lease).await,
        CHECKING | REFUSAL_REVIEW | AUTHORIZING => whole(app, seat, lease).await,
        other => Err(Refusal::with(Code::UnknownQueue, other).into()),
    }
}

async fn slice(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<Value> {
    let person = &seat.session.person_id;
    let task = processing::keying::task(
        &app.journal,
        &lease.work_item_id,
        &lease.subject,
        &lease.task,
        person,
        seat.outsourced,
    )
    .await?;
    let KeyingTask { slice_id, pass, field, image, width, height, wider_allowed, draft, type_name_zh, type_name_en } =
        task;
    let mark = links::watermark(seat.session.seat.as_deref(), seat.employee_no, app.journal.now());
    Ok(json!({
        "kind": "slice",
        "slice_id": slice_id.as_str(),
        "pass": pass,
        "field": {
            "code": field.code,
            "name_zh": field.name_zh,
            "name_en": field.name_en,
            "kind": field_kind_name(field.kind),
            "required": field.required,
            "max_length": field.max_length,
            "mask": Value::Null,
        },
        "image_url": links::address(app, seat.session, &image)?,
        "image_width": width,
        "image_height": height,
        "wider_allowed": wider_allowed,
        "draft": draft.as_ref().map(|draft| draft.reveal()),
        "business_type_name_zh": type_name_zh,
        "business_type_name_en": type_name_en,
        "seat_watermark": mark,
    }))
}

/// A page at a station.
#[derive(Debug, Serialize)]
struct TaskPage {
    page_id: String,
    kind: String,
    image_url: String,
    width: i64,
    height: i64,
}

/// A rule with its outcome.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CheckResult)]
pub(crate) struct CheckWire {
    rule: &'static str,
    /// `passed`, `failed` or `skipped`.
    outcome: &'static str,
    fields: Vec<String>,
    text_zh: String,
    text_en: String,
}

/// Rules in their wire shape.
pub(crate) fn checks_wire(checks: &[Check]) -> Vec<CheckWire> {
    let wire = |check: &Check| CheckWire {
        rule: check.rule,
        outcome: check.outcome.as_str(),
        fields: check.fields.clone(),
        text_zh: check.zh.clone(),
        text_en: check.en.clone(),
    };
    checks.iter().map(wire).collect()
}

#[derive(Debug, Serialize)]
struct CheckField {
    code: String,
    name_zh: String,
    name_en: String,
    kind: &'static str,
    page_id: Option<String>,
    rect: Option<RectTenths>,
    state: &'static str,
    value: Option<String>,
    candidates: Vec<Candidate>,
    required: bool,
}

#[derive(Debug, Serialize)]
struct Candidate {
    by: &'static str,
    value: String,
}

async fn whole(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<Value> {
    if seat.outsourced {
        return Err(Refusal::new(Code::OutsourcedNotAllowed).into());
    }
    let person = &seat.session.person_id;
    let task = processing::checking::task(&app.journal, &lease.work_item_id, &lease.subject, person).await?;
    let item = {
        let mut reader = app.journal.db.reader().await?;
        Names::default().item(&mut reader, &task.item, app.journal.now()).await?
    };
    let pages = task.pages.iter().map(|page| task_page(app, seat.session, page)).collect::<Reply<Vec<_>>>()?;
    // The readings of the keyers are for the checker alone; those who decide after see what the checker passed.
    let checker = lease.queue == CHECKING;
    let fields: Vec<CheckField> = task.fields.iter().map(|field| check_field(field, &task, checker)).collect();
    let mut body = json!({ "item": item, "pages": pages, "fields": fields, "checks": checks_wire(&task.checks) });
    match lease.queue.as_str() {
        CHECKING => check(&mut body, &task),
        REFUSAL_REVIEW => review(&mut body, &task, &item),
        _ => authorize(app, &mut body, &task).await,
    }
    Ok(body)
}

fn check(body: &mut Value, task: &CheckTask) {
    let reasons: Vec<ReasonWire> = reasons::all();
    body["kind"] = json!("check");
    body["own_work_avoided"] = json!(true);
    body["reasons"] = json!(reasons);
    // A draft that does not read as JSON any more is none.
    body["draft"] =
        task.draft.as_ref().and_then(|draft| serde_json::from_str(draft.reveal()).ok()).unwrap_or(Value::Null);
}

fn review(body: &mut Value, task: &CheckTask, item: &ItemWire) {
    body["kind"] = json!("refusal_review");
    let reason = task.item.reason.as_ref().map(ItemReason::from);
    body["proposal"] = json!({
        "by": "checker",
        "note": reason.as_ref().and_then(|reason| reason.note.clone()),
        "reason": reason,
        "at": item.updated_at,
    });
}

async fn authorize(app: &App, body: &mut Value, task: &CheckTask) {
    let amount = task.item.amount().unwrap_or(Money::zero(task.item.currency));
    body["kind"] = json!("authorize");
    body["amount"] = json!(MoneyText::from(amount));
    body["amount_capital"] = json!(to_capital(amount, Prefix::Renminbi).unwrap_or_default());
    body["required_because"] = because(task);
    body["checklist"] =
        task.definition.checklist.iter().map(|point| json!({"id": point.id, "zh": point.zh, "en": point.en})).collect();
    body["account"] = account(app, task).await;
    body["similar"] = json!([]);
}

fn because(task: &CheckTask) -> Value {
    match task.definition.authorize.above_minor {
        None => json!({"zh": "该业务逐笔授权", "en": "Every item of this business is authorized"}),
        Some(minor) => {
            let limit = Money::from_minor(minor, task.item.currency).to_plain();
            let code = task.item.currency.code();
            json!({"zh": format!("金额超过 {limit} {code}"), "en": format!("The amount is above {limit} {code}")})
        }
    }
}

/// What the core says of the account that receives; `null` when it does not answer in time to help.
async fn account(app: &App, task: &CheckTask) -> Value {
    let AccountSource::Field(code) = &task.definition.posting.credit else { return Value::Null };
    let value = task.fields.iter().find(|field| &field.spec.code == code).and_then(|field| field.value.as_ref());
    let Some(value) = value else { return Value::Null };
    let digits = kernel::normalize::normalize(kernel::normalize::FieldKind::Account, value.reveal());
    let Ok(number) = AccountNo::parse(&digits) else { return Value::Null };
    let asked = tokio::time::timeout(std::time::Duration::from_secs(1), app.core.account(&number)).await;
    let status = match asked {
        Ok(Ok(Some(account))) => status_word(account.status),
        Ok(Ok(None)) => "unknown",
        Ok(Err(_)) | Err(_) => return Value::Null,
    };
    json!({ "status": status, "name_match": name_match(task) })
}

const fn status_word(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Active => "active",
        AccountStatus::StopPayment => "stop_payment",
        AccountStatus::Frozen => "frozen",
        AccountStatus::Closed => "closed",
    }
}

/// What the core answered earlier, as the rule of the type shows it.
fn name_match(task: &CheckTask) -> &'static str {
    let check = task.checks.iter().find(|check| check.rule == "payee_name_matches_account");
    match check.map(|check| check.outcome) {
        Some(Outcome::Passed) => "match",
        Some(Outcome::Failed) => "mismatch",
        Some(Outcome::Skipped) | None => "unknown",
    }
}

fn task_page(app: &App, session: &Signed, page: &Page) -> Reply<TaskPage> {
    Ok(TaskPage {
        page_id: page.page_id.to_string(),
        kind: page.kind.clone(),
        image_url: links::address(app, session, &Target::PageDisplay(page.page_id.clone()))?,
        width: page.width,
        height: page.height,
    })
}

fn check_field(field: &FieldView, task: &CheckTask, checker: bool) -> CheckField {
    let FieldView { spec, page_id, state, value, candidates } = field;
    let FieldSpec { code, name_zh, name_en, kind, rect, required, .. } = spec;
    let failed = task.checks.iter().any(|check| check.outcome == Outcome::Failed && check.fields.contains(code));
    let state = match state {
        _ if failed => "failed_rule",
        SliceState::Agreed => "agreed",
        SliceState::SettledByThird => "settled_by_third",
        SliceState::Single => "single",
        SliceState::Keying
        | SliceState::Third
        | SliceState::Unsettled
        | SliceState::Unkeyed
        | SliceState::Superseded => "unsettled",
    };
    let candidate = |one: &processing::checking::Candidate| {
        let by = match one.pass {
            Pass::First => "first",
            Pass::Second => "second",
            Pass::Third => "third",
            Pass::Seeded => return None,
        };
        (!one.unreadable).then(|| Candidate { by, value: one.value.reveal().to_owned() })
    };
    CheckField {
        code: code.clone(),
        name_zh: name_zh.clone(),
        name_en: name_en.clone(),
        kind: field_kind_name(*kind),
        page_id: page_id.as_ref().map(ToString::to_string),
        rect: Some(RectTenths::from(*rect)),
        state,
        value: value.as_ref().map(|value| value.reveal().to_owned()),
        candidates: if checker { candidates.iter().filter_map(candidate).collect() } else { Vec::new() },
        required: *required,
    }
}
