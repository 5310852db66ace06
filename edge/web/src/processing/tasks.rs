//! What a lease carries: the work, complete enough for its station to begin without another request.

use super::items::{ItemReason, ItemWire, Names};
use super::reasons::{self, ReasonWire};
use crate::App;
use crate::archive::links;
use crate::extract::Signed;
use crate::problem::Reply;
use crate::wire::{InstitutionRef, MoneyText, RectTenths};
use crate::words;
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
use serde_json::Value;
use utoipa::ToSchema;
use work::Lease;

/// Whose screen the task is for.
pub(crate) struct Seat<'a> {
    pub session: &'a Signed,
    pub employee_no: &'a str,
    pub outsourced: bool,
}

/// What a station shows, by the kind of its work.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Task)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum TaskWire {
    Slice(Box<SliceTask>),
    Check(Box<CheckTaskWire>),
    RefusalReview(Box<RefusalReviewTask>),
    Authorize(Box<AuthorizeTask>),
}

/// One field of a voucher, to be keyed by somebody who sees nothing else of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SliceTask {
    slice_id: String,
    #[schema(value_type = words::PassNumber)]
    pass: i64,
    field: SliceField,
    /// Opens once within two minutes.
    image_url: String,
    image_width: i64,
    image_height: i64,
    wider_allowed: bool,
    /// What was typed before the page was left.
    draft: Option<String>,
    business_type_name_zh: String,
    business_type_name_en: String,
    /// What stands over every image: who looks at it, where and when.
    seat_watermark: String,
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SliceField {
    code: String,
    name_zh: String,
    name_en: String,
    #[schema(value_type = words::FieldKind)]
    kind: &'static str,
    required: bool,
    max_length: usize,
}

/// What every station shows of a whole item.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct WholeItem {
    item: ItemWire,
    pages: Vec<TaskPage>,
    fields: Vec<CheckField>,
    checks: Vec<CheckWire>,
}

/// An item to be checked.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CheckTask)]
pub(crate) struct CheckTaskWire {
    #[serde(flatten)]
    whole: WholeItem,
    reasons: Vec<ReasonWire>,
    /// What the station kept of an unfinished decision, as it kept it.
    draft: Option<Value>,
}

/// A refusal that a checker proposes, for a second look.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RefusalReviewTask {
    #[serde(flatten)]
    whole: WholeItem,
    proposal: Proposal,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Proposal {
    /// The step that proposes, not the person.
    #[schema(example = "checker")]
    by: &'static str,
    reason: Option<ItemReason>,
    note: Option<String>,
    at: String,
}

/// An item to be released to posting.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AuthorizeTask {
    #[serde(flatten)]
    whole: WholeItem,
    amount: MoneyText,
    amount_capital: String,
    required_because: BothLanguages,
    checklist: Vec<ChecklistPoint>,
    /// What the core says of the account that receives; absent when it does not answer in time to help.
    account: Option<AccountWire>,
    /// The same amount to the same account within `similar_days`, newest first.
    similar: Vec<SimilarItem>,
    similar_days: i64,
}

/// An item that looks like the one to be released.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct SimilarItem {
    item_no: String,
    institution: InstitutionRef,
    business_date: String,
    #[schema(value_type = words::ItemState)]
    state: &'static str,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BothLanguages {
    zh: String,
    en: String,
}

/// A point that the authorizer ticks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ChecklistPoint {
    id: String,
    zh: String,
    en: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TaskAccount)]
pub(crate) struct AccountWire {
    #[schema(value_type = words::AccountState)]
    status: &'static str,
    #[schema(value_type = words::NameMatch)]
    name_match: &'static str,
}

/// The task of a lease for the person who holds it.
pub(crate) async fn describe(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<TaskWire> {
    match lease.queue.as_str() {
        KEYING | THIRD_KEYING => slice(app, seat, lease).await,
        CHECKING | REFUSAL_REVIEW | AUTHORIZING => whole(app, seat, lease).await,
        other => Err(Refusal::with(Code::UnknownQueue, other).into()),
    }
}

async fn slice(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<TaskWire> {
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
    Ok(TaskWire::Slice(Box::new(SliceTask {
        slice_id: slice_id.into(),
        pass,
        field: SliceField {
            code: field.code,
            name_zh: field.name_zh,
            name_en: field.name_en,
            kind: field_kind_name(field.kind),
            required: field.required,
            max_length: field.max_length,
        },
        image_url: links::address(app, seat.session, &image)?,
        image_width: width,
        image_height: height,
        wider_allowed,
        draft: draft.as_ref().map(|draft| draft.reveal().to_owned()),
        business_type_name_zh: type_name_zh,
        business_type_name_en: type_name_en,
        seat_watermark: links::watermark(seat.session.seat.as_deref(), seat.employee_no, app.journal.now()),
    })))
}

/// A page at a station.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TaskPage {
    page_id: String,
    kind: String,
    image_url: String,
    width: i64,
    height: i64,
}

/// A rule with its outcome.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CheckResult)]
pub(crate) struct CheckWire {
    rule: &'static str,
    #[schema(value_type = words::CheckOutcome)]
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

/// A field of the item, with how sure its value is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CheckField {
    code: String,
    name_zh: String,
    name_en: String,
    #[schema(value_type = words::FieldKind)]
    kind: &'static str,
    page_id: Option<String>,
    rect: Option<RectTenths>,
    #[schema(value_type = words::CheckFieldState)]
    state: &'static str,
    value: Option<String>,
    candidates: Vec<Candidate>,
    required: bool,
}

/// What one of the keyers read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Candidate {
    #[schema(value_type = words::ReadBy)]
    by: &'static str,
    value: String,
}

async fn whole(app: &App, seat: &Seat<'_>, lease: &Lease) -> Reply<TaskWire> {
    if seat.outsourced {
        return Err(Refusal::new(Code::OutsourcedNotAllowed).into());
    }
    let person = &seat.session.person_id;
    let task = processing::checking::task(&app.journal, &lease.work_item_id, &lease.subject, person).await?;
    let item = {
        let mut reader = app.journal.db.reader().await?;
        Names::default().item(&mut reader, &app.journal.vault, &task.item, app.journal.now()).await?
    };
    let pages = task.pages.iter().map(|page| task_page(app, seat.session, page)).collect::<Reply<Vec<_>>>()?;
    // The readings of the keyers are for the checker alone; those who decide after see what the checker passed.
    let checker = lease.queue == CHECKING;
    let fields = task.fields.iter().map(|field| check_field(field, &task, checker)).collect();
    let whole = WholeItem { item, pages, fields, checks: checks_wire(&task.checks) };
    Ok(match lease.queue.as_str() {
        CHECKING => TaskWire::Check(Box::new(check(whole, &task))),
        REFUSAL_REVIEW => TaskWire::RefusalReview(Box::new(review(whole))),
        _ => TaskWire::Authorize(Box::new(authorize(app, whole, &task).await?)),
    })
}

fn check(whole: WholeItem, task: &CheckTask) -> CheckTaskWire {
    // A draft that does not read as JSON any more is none.
    let draft = task.draft.as_ref().and_then(|draft| serde_json::from_str(draft.reveal()).ok());
    CheckTaskWire { whole, reasons: reasons::all(), draft }
}

fn review(whole: WholeItem) -> RefusalReviewTask {
    let reason = whole.item.reason.clone();
    let note = reason.as_ref().and_then(|reason| reason.note.clone());
    let proposal = Proposal { by: "checker", reason, note, at: whole.item.updated_at.clone() };
    RefusalReviewTask { whole, proposal }
}

async fn authorize(app: &App, whole: WholeItem, task: &CheckTask) -> Reply<AuthorizeTask> {
    let amount = task.item.amount().unwrap_or(Money::zero(task.item.currency));
    let point = |point: &processing::definition::ChecklistPoint| ChecklistPoint {
        id: point.id.clone(),
        zh: point.zh.clone(),
        en: point.en.clone(),
    };
    Ok(AuthorizeTask {
        whole,
        amount: MoneyText::from(amount),
        amount_capital: to_capital(amount, Prefix::Renminbi).unwrap_or_default(),
        required_because: because(task),
        checklist: task.definition.checklist.iter().map(point).collect(),
        account: account(app, task).await,
        similar: similar(app, task).await?,
        similar_days: processing::authorizing::SIMILAR_DAYS,
    })
}

async fn similar(app: &App, task: &CheckTask) -> Reply<Vec<SimilarItem>> {
    let found = processing::authorizing::similar(&app.journal, task).await?;
    let mut reader = app.journal.db.reader().await?;
    let mut names = Names::default();
    let mut similar = Vec::with_capacity(found.len());
    for item in found {
        similar.push(SimilarItem {
            institution: names.institution(&mut reader, &item.institution_id).await?,
            business_date: item.business_date.to_string(),
            state: item.state.as_str(),
            item_no: item.item_no,
        });
    }
    Ok(similar)
}

/// Why the item needs an authorizer: its business, its amount, what the checker alone said; all that hold.
fn because(task: &CheckTask) -> BothLanguages {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    match task.definition.authorize.above_minor {
        None => {
            zh.push("该业务逐笔授权".to_owned());
            en.push("Every item of this business is authorized".to_owned());
        }
        Some(minor) if task.item.amount_minor.is_some_and(|amount| amount > minor) => {
            let limit = Money::from_minor(minor, task.item.currency).to_plain();
            let code = task.item.currency.code();
            zh.push(format!("金额超过 {limit} {code}"));
            en.push(format!("The amount is above {limit} {code}"));
        }
        Some(_) => {}
    }
    let alone = &task.by_checker_alone;
    if !alone.is_empty() {
        let names = |name: fn(&FieldSpec) -> &str| alone.iter().map(name).collect::<Vec<_>>();
        zh.push(format!("审核人单独认定：{}", names(|field| &field.name_zh).join("、")));
        en.push(format!("The checker alone said: {}", names(|field| &field.name_en).join(", ")));
    }
    BothLanguages { zh: zh.join("；"), en: en.join("; ") }
}

/// What the core says of the account that receives; nothing when it does not answer in time to help.
async fn account(app: &App, task: &CheckTask) -> Option<AccountWire> {
    let AccountSource::Field(code) = &task.definition.posting.credit else { return None };
    let field = task.fields.iter().find(|field| &field.spec.code == code)?;
    let digits = kernel::normalize::normalize(kernel::normalize::FieldKind::Account, field.value.as_ref()?.reveal());
    let number = AccountNo::parse(&digits).ok()?;
    let asked = tokio::time::timeout(std::time::Duration::from_secs(1), app.core.account(&number)).await;
    let status = match asked {
        Ok(Ok(Some(account))) => status_word(account.status),
        Ok(Ok(None)) => "unknown",
        Ok(Err(_)) | Err(_) => return None,
    };
    Some(AccountWire { status, name_match: name_match(task) })
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
