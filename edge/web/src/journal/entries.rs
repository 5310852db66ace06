use crate::App;
use crate::extract::{Allowed, Json, Limit, Query, cursor};
use crate::problem::Reply;
use crate::wire::{Listing, time};
use axum::extract::State;
use journal::{EntryRow, Subject};
use kernel::{Instant, PersonId};
use permission::act;
use serde::{Deserialize, Serialize};
use storage::{Conn, Cursor, Fault};
use utoipa::{IntoParams, ToSchema};

/// Entries looked through for one page of an actor's list; the next page goes on where this one stopped.
const SCAN_MAX: i64 = 2_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// The chain of one thing: an id with its prefix, or a name such as `calendar/2026`; oldest first.
    subject: Option<String>,
    /// A person's id or a part of the machine such as `system:posting`; newest first. A page may be short while `next` goes on.
    actor: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// Who acted, by name where it was a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum ActorWire {
    Person { person_id: String, employee_no: String, name: String },
    Machine(String),
}

/// An entry of the journal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JournalEntry)]
pub(crate) struct EntryWire {
    entry_id: String,
    /// The kind of thing, such as `item`; the first part of the name where no id names it.
    subject_kind: String,
    subject_id: String,
    seq: i64,
    at: String,
    kind: String,
    actor: ActorWire,
    post: Option<String>,
    institution: Option<String>,
    seat: Option<String>,
    refused: bool,
    payload: serde_json::Value,
    hash: String,
}

/// Entries of the journal: one chain, one actor's, or the newest of all.
#[utoipa::path(get, path = "/journal/entries", operation_id = "list_journal_entries", params(Filter), responses((status = 200, body = Listing<EntryWire>)))]
pub(crate) async fn list(
    _: Allowed<act::ViewJournal>,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Reply<Json<Listing<EntryWire>>> {
    let Filter { subject, actor, limit, cursor: after } = filter;
    let (limit, after) = (limit.rows(), cursor(after.as_deref())?);
    let mut reader = app.journal.db.reader().await?;
    let (rows, next) = match subject.filter(|subject| !subject.is_empty()) {
        Some(subject) => chain(&mut reader, subject, after, limit).await?,
        None => newest(&mut reader, actor.as_deref().filter(|actor| !actor.is_empty()), after, limit).await?,
    };
    let mut names = Names::default();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let actor = names.of(&mut reader, &row.actor).await?;
        items.push(wire(row, actor));
    }
    Ok(Json::of(Listing::new(items, next.as_ref())))
}

type Found = (Vec<EntryRow>, Option<Cursor>);

async fn chain(conn: &mut Conn, subject: String, after: Option<Cursor>, limit: i64) -> Result<Found, Fault> {
    let seen = after.map_or(0, |cursor| cursor.key);
    let mut rows = journal::by_subject(conn, &Subject::named(subject)).await?;
    rows.retain(|row| row.seq > seen);
    let cut = storage::Page::cut(rows, limit, |row| Cursor { key: row.seq, id: String::new() });
    Ok((cut.items, cut.next))
}

/// Newest first. A page never ends between two entries of one instant, because the next begins before that instant.
async fn newest(conn: &mut Conn, actor: Option<&str>, after: Option<Cursor>, limit: i64) -> Result<Found, Fault> {
    let before = Instant::from_micros(after.map_or(i64::MAX, |cursor| cursor.key));
    let asked = if actor.is_some() { SCAN_MAX } else { limit + storage::page::LIMIT_MAX };
    let rows = journal::latest(conn, before, asked).await?;
    let looked_at = rows.len();
    let wanted = usize::try_from(limit).unwrap_or(1);
    let mut found: Vec<EntryRow> = Vec::with_capacity(wanted);
    let mut last = None;
    let mut more = i64::try_from(looked_at).unwrap_or(i64::MAX) >= asked;
    for row in rows {
        if found.len() >= wanted && last != Some(row.at) {
            more = true;
            break;
        }
        last = Some(row.at);
        if actor.is_none_or(|actor| actor == row.actor) {
            found.push(row);
        }
    }
    let next = last.filter(|_| more).map(|at| Cursor { key: at.micros(), id: String::new() });
    Ok((found, next))
}

/// Names of actors, each read once per answer.
#[derive(Default)]
pub(crate) struct Names(std::collections::HashMap<String, ActorWire>);

impl Names {
    pub async fn of(&mut self, conn: &mut Conn, actor: &str) -> Result<ActorWire, Fault> {
        if let Some(known) = self.0.get(actor) {
            return Ok(known.clone());
        }
        let person = match PersonId::parse(actor) {
            Ok(id) => organization::staff::find(conn, &id).await?,
            Err(_) => None,
        };
        let found = match person {
            Some(person) => {
                ActorWire::Person { person_id: actor.to_owned(), employee_no: person.employee_no, name: person.name }
            }
            None => ActorWire::Machine(actor.to_owned()),
        };
        self.0.insert(actor.to_owned(), found.clone());
        Ok(found)
    }
}

fn wire(row: EntryRow, actor: ActorWire) -> EntryWire {
    let EntryRow { entry_id, subject, seq, kind, refused, actor: _, post, seat, institution_id, at, payload, hash } =
        row;
    EntryWire {
        entry_id: entry_id.into(),
        subject_kind: subject_kind(&subject),
        subject_id: subject,
        seq,
        at: time(at),
        kind,
        actor,
        post,
        institution: institution_id,
        seat,
        refused,
        payload,
        hash,
    }
}

fn subject_kind(subject: &str) -> String {
    let known = kernel::id::KINDS.iter().find(|(prefix, _)| subject.starts_with(prefix));
    match known {
        Some((_, name)) => name.to_lowercase(),
        None => subject.split('/').next().unwrap_or_default().to_owned(),
    }
}
