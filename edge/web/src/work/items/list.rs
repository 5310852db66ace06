use crate::App;
use crate::extract::{Allowed, Json, Limit, Query, cursor};
use crate::problem::Reply;
use crate::processing::items::{self, TypeRef};
use crate::wire::{InstitutionRef, Listing, time, word};
use crate::words;
use axum::extract::State;
use kernel::{Instant, ItemId, PersonId};
use organization::staff;
use permission::act;
use processing::queues::QUEUES;
use serde::{Deserialize, Serialize};
use storage::Conn;
use utoipa::{IntoParams, ToSchema};
use work::{WorkFilter, WorkLine};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    #[param(value_type = Option<words::QueueName>)]
    queue: Option<String>,
    /// Both when absent.
    #[param(value_type = Option<words::WorkState>, inline)]
    state: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// One row behind the board's numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorkItem {
    work_item_id: String,
    #[schema(value_type = words::QueueName)]
    queue: String,
    item_id: String,
    item_no: String,
    business_type: TypeRef,
    institution: InstitutionRef,
    priority_class: i64,
    enqueued_at: String,
    due_at: String,
    overdue: bool,
    /// The field that is to be keyed, where it is work on one.
    field: Option<FieldName>,
    holder: Option<Holder>,
    /// Whom a supervisor gave it to, while they have not taken it up.
    assigned_to: Option<Holder>,
}

/// A field by name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldName {
    name_zh: String,
    name_en: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Holder {
    person_id: String,
    name: String,
}

/// What waits or is worked on: first what somebody holds or was given, then the rest, each with the oldest in front.
#[utoipa::path(get, path = "/work/items", operation_id = "list_work", params(Filter), responses((status = 200, body = Listing<WorkItem>)))]
pub(crate) async fn list(
    allowed: Allowed<act::SuperviseWork>,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Reply<Json<Listing<WorkItem>>> {
    let Filter { queue, state, limit, cursor: after } = filter;
    let known = |text: &str| match text {
        "waiting" => Some(work::State::Ready),
        "working" => Some(work::State::Leased),
        _ => None,
    };
    let state = state.filter(|text| !text.is_empty()).map(|text| word("state", &text, known)).transpose()?;
    let served = |text: &str| QUEUES.iter().find(|spec| spec.code == text).map(|spec| spec.code.to_owned());
    let queue = queue.filter(|queue| !queue.is_empty()).map(|text| word("queue", &text, served)).transpose()?;
    let after = cursor(after.as_deref())?;
    let mut reader = app.journal.db.reader().await?;
    let filter = WorkFilter { queue, state };
    let page = work::rows(&mut reader, &allowed, &filter, after.as_ref(), limit.rows()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for line in page.items {
        items.push(wire(&mut reader, line, allowed.session.now).await?);
    }
    Ok(Json::of(Listing::new(items, page.next.as_ref())))
}

async fn wire(conn: &mut Conn, line: WorkLine, now: Instant) -> Reply<WorkItem> {
    let WorkLine {
        work_item_id,
        queue,
        subject,
        origin: _,
        state: _,
        priority_class,
        rank_class: _,
        enqueued_at,
        due_at,
        holder,
        assigned_to,
        slice,
    } = line;
    let item_id = ItemId::parse(&subject).map_err(|error| storage::Fault::inconsistent(error.to_string()))?;
    let item = processing::item::read(conn, &item_id).await?;
    let (business_type, institution) = items::named(conn, &item).await?;
    let field = match slice {
        Some(slice) => processing::keying::field_of(conn, &item, &slice).await?,
        None => None,
    };
    Ok(WorkItem {
        work_item_id: work_item_id.into(),
        queue,
        item_id: subject,
        item_no: item.item_no,
        business_type,
        institution,
        priority_class,
        enqueued_at: time(enqueued_at),
        due_at: time(due_at),
        overdue: due_at < now,
        field: field.map(|field| FieldName { name_zh: field.name_zh, name_en: field.name_en }),
        holder: named(conn, holder).await?,
        assigned_to: named(conn, assigned_to).await?,
    })
}

async fn named(conn: &mut Conn, person: Option<PersonId>) -> Reply<Option<Holder>> {
    let Some(person) = person else { return Ok(None) };
    let name = staff::find(conn, &person).await?.map(|person| person.name).unwrap_or_default();
    Ok(Some(Holder { person_id: person.into(), name }))
}
