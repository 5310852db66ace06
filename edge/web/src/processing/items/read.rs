use super::wire::PageWire;
use super::{ItemWire, Names};
use crate::App;
use crate::archive::links;
use crate::extract::{Allowed, At, Json, Signed, etag, rights};
use crate::problem::Reply;
use crate::processing::tasks::{CheckWire, checks_wire};
use crate::wire::{RectTenths, time};
use archive::link::Target;
use archive::page::{self, Page};
use axum::extract::State;
use axum::response::IntoResponse;
use kernel::{Code, ItemId, PersonId, Refusal};
use permission::{Action, Hand, Rights, act, separation};
use processing::definition::{BusinessType, field_kind_name};
use processing::item::{self, Item, Move, State as ItemState};
use processing::{checking, checks, mask, posting};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use storage::{Conn, Fault};
use utoipa::ToSchema;

/// An item with its pages, its fields, and what may be done with it now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemDetail {
    #[serde(flatten)]
    item: ItemWire,
    pages: Vec<PageWire>,
    /// What the checker passed, masked.
    fields: Vec<ItemField>,
    checks: Vec<CheckWire>,
    /// For who may resume the item or post it again; absent for others, and before anything was to be posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_posting: Option<PostingWire>,
    /// By act, one of `ItemAct`.
    can: BTreeMap<&'static str, Capability>,
}

/// A field as people see it whose work does not need the whole of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ItemField {
    code: String,
    name_zh: String,
    name_en: String,
    #[schema(value_type = crate::words::FieldKind)]
    kind: &'static str,
    value: Option<String>,
    masked: bool,
    page_id: Option<String>,
    rect: Option<RectTenths>,
}

/// The last decision to post and what the core said: what a supervisor compares with the core's books, or asks those who run it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LastPosting)]
pub(crate) struct PostingWire {
    /// The key under which the core has the posting, or its refusal.
    posting_key: String,
    /// How many decisions to post there were, this one included.
    round: usize,
    #[schema(value_type = crate::words::PostingOutcome)]
    outcome: String,
    /// The core's own code where it refused.
    core_code: Option<String>,
    /// How often the core was called under this key.
    tries: i64,
    /// When this was last known to be so.
    at: String,
}

/// Whether an act is open now, and why not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Capability {
    allowed: bool,
    reason_zh: Option<String>,
    reason_en: Option<String>,
}

/// One item; its version is the `ETag`.
#[utoipa::path(get, path = "/processing/items/{item_id}", operation_id = "read_item", responses((status = 200, body = ItemDetail)))]
pub(crate) async fn read(
    allowed: Allowed<act::ViewItem>,
    State(app): State<App>,
    At(item_id): At<ItemId>,
) -> Reply<impl IntoResponse> {
    let rights = rights(&app, allowed.person_id(), allowed.session.now).await?;
    let mut reader = app.journal.db.reader().await?;
    let item = item::view(&mut reader, &allowed, &item_id).await?;
    let mut names = Names::default();
    let mut wire = names.item(&mut reader, &app.journal.vault, &item, allowed.session.now).await?;
    wire.queue_position = work::position(&mut reader, item_id.as_str()).await?;
    let definition = names.definition(&mut reader, &item).await?;
    let pages = page::current(&mut reader, item_id.as_str()).await?;
    let passed = checking::passed_values(&mut reader, &app.journal.vault, &item_id).await?;
    let values: HashMap<String, String> =
        passed.into_iter().map(|(code, value)| (code, value.reveal().to_owned())).collect();
    let facts = checking::facts(&mut reader, &app.journal.vault, &item_id, &definition, &values).await?;
    let checks =
        if values.is_empty() { Vec::new() } else { checks::evaluate(&definition, &values, item.business_date, &facts) };
    let marks = Marks::read(&mut reader, allowed.person_id(), &item_id).await?;
    let last_posting = match reaches(&rights, &allowed.session, &item, Action::ResumeItem) {
        Ok(()) => last_posting(&mut reader, &item_id).await?,
        Err(_) => None,
    };
    drop(reader);
    let sees = sees_images(&rights, &allowed.session, &item);
    let detail = ItemDetail {
        pages: pages.iter().map(|page| page_wire(&app, &allowed.session, page, sees)).collect::<Reply<_>>()?,
        fields: fields(&definition, &values, &pages),
        checks: checks_wire(&checks),
        last_posting,
        can: capabilities(&rights, &allowed.session, &item, &marks),
        item: wire,
    };
    Ok((etag(item.version), Json::of(detail)))
}

async fn last_posting(conn: &mut Conn, item_id: &ItemId) -> Result<Option<PostingWire>, Fault> {
    let mut attempts = posting::attempts_of(conn, item_id).await?;
    let round = attempts.len();
    Ok(attempts.pop().map(|last| PostingWire {
        posting_key: last.posting_key,
        round,
        outcome: last.outcome,
        core_code: last.refusal_code,
        tries: last.tries,
        at: time(last.last_at),
    }))
}

fn sees_images(rights: &Rights, session: &Signed, item: &Item) -> bool {
    let permit = rights.permit::<act::ViewImage>(session.seat.clone());
    permit.is_ok_and(|permit| permit.covers(&item.institution_path).is_ok())
}

/// The page with fresh links for who may see images.
pub(super) fn page_wire(app: &App, session: &Signed, page: &Page, sees: bool) -> Reply<PageWire> {
    if !sees {
        return Ok(PageWire::new(page, None, None));
    }
    let thumbnail = links::address(app, session, &Target::PageThumbnail(page.page_id.clone()))?;
    let image = links::address(app, session, &Target::PageDisplay(page.page_id.clone()))?;
    Ok(PageWire::new(page, Some(thumbnail), Some(image)))
}

fn fields(definition: &BusinessType, values: &HashMap<String, String>, pages: &[Page]) -> Vec<ItemField> {
    let field = |spec: &processing::definition::FieldSpec| {
        let plain = values.get(&spec.code);
        let value = plain.map(|plain| mask::mask(spec.kind, plain));
        ItemField {
            code: spec.code.clone(),
            name_zh: spec.name_zh.clone(),
            name_en: spec.name_en.clone(),
            kind: field_kind_name(spec.kind),
            masked: value.as_ref() != plain,
            value,
            page_id: pages.iter().find(|page| page.kind == spec.page).map(|page| page.page_id.to_string()),
            rect: Some(RectTenths::from(spec.rect)),
        }
    };
    definition.fields.iter().map(field).collect()
}

/// The acts that the console offers, with the move that each makes and the permission that it needs.
const ACTS: &[(&str, Move, Action)] = &[
    ("submit", Move::Submit, Action::SubmitItem),
    ("resubmit", Move::Resubmit, Action::SubmitItem),
    ("withdraw", Move::Withdraw, Action::WithdrawItem),
    ("confirm", Move::Confirm, Action::ConfirmItem),
    ("confirm_failure", Move::FailConfirmation, Action::ConfirmItem),
    ("resume", Move::Resume, Action::ResumeItem),
    ("retry_posting", Move::RetryPosting, Action::ResumeItem),
];

/// Their names, and that of what is no move.
pub(crate) const ACT_NAMES: [&str; 8] =
    ["submit", "resubmit", "withdraw", "confirm", "confirm_failure", "resume", "retry_posting", "edit_pages"];

/// What stands against the person's two sides of an item: that of its outlet, and that of a supervisor.
struct Marks {
    capture: Result<(), Refusal>,
    supervise: Result<(), Refusal>,
}

impl Marks {
    async fn read(conn: &mut Conn, person: &PersonId, item_id: &ItemId) -> Reply<Self> {
        let capture = separation::refusal_of_hand(conn, person, Hand::Capture, item_id.as_str()).await?;
        let supervise = separation::refusal_of_hand(conn, person, Hand::Supervise, item_id.as_str()).await?;
        Ok(Self { capture: capture.map_or(Ok(()), Err), supervise: supervise.map_or(Ok(()), Err) })
    }

    fn of(&self, action: Action) -> Result<(), Refusal> {
        if action == Action::ResumeItem { self.supervise.clone() } else { self.capture.clone() }
    }
}

fn capabilities(rights: &Rights, session: &Signed, item: &Item, marks: &Marks) -> BTreeMap<&'static str, Capability> {
    let mut can: BTreeMap<_, _> = ACTS
        .iter()
        .map(|(name, by, action)| {
            let open = reaches(rights, session, item, *action);
            let open = open.and_then(|()| item.after(*by).map(|_| ())).and_then(|()| marks.of(*action));
            (*name, Capability::from(open))
        })
        .collect();
    let pages = reaches(rights, session, item, Action::CaptureItem)
        .and_then(|()| takes_pages(item))
        .and_then(|()| marks.of(Action::CaptureItem));
    can.insert("edit_pages", Capability::from(pages));
    can
}

fn reaches(rights: &Rights, session: &Signed, item: &Item, action: Action) -> Result<(), Refusal> {
    let seat = session.seat.clone();
    let path = &item.institution_path;
    match action {
        Action::CaptureItem => rights.permit::<act::CaptureItem>(seat)?.covers(path),
        Action::SubmitItem => rights.permit::<act::SubmitItem>(seat)?.covers(path),
        Action::WithdrawItem => rights.permit::<act::WithdrawItem>(seat)?.covers(path),
        Action::ConfirmItem => rights.permit::<act::ConfirmItem>(seat)?.covers(path),
        Action::ResumeItem => rights.permit::<act::ResumeItem>(seat)?.covers(path),
        other => Err(other.refused()),
    }
}

fn takes_pages(item: &Item) -> Result<(), Refusal> {
    if item.state.takes_pages() {
        return Ok(());
    }
    let en = format!("pages cannot change while the item is {}", item.state.as_str());
    Err(Refusal::detailed(Code::WrongState, format!("该业务目前为“{}”", ItemState::zh(item.state)), en))
}

impl From<Result<(), Refusal>> for Capability {
    fn from(open: Result<(), Refusal>) -> Self {
        match open {
            Ok(()) => Self { allowed: true, reason_zh: None, reason_en: None },
            Err(refusal) => Self { allowed: false, reason_zh: Some(refusal.zh()), reason_en: Some(refusal.en()) },
        }
    }
}
