//! The supervisors' board: queues, people, half hours.

use super::own_day::beginning_of_day;
use crate::App;
use crate::extract::{Allowed, Json};
use crate::problem::Reply;
use crate::wire::{InstitutionRef, time};
use crate::words;
use axum::extract::State;
use kernel::Instant;
use organization::{institution, staff};
use permission::act;
use serde::Serialize;
use storage::Conn;
use utoipa::ToSchema;
use work::{BoardPerson, BreakReason, HalfHour, QueueLine};

/// What goes on in the center now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Board {
    as_of: String,
    queues: Vec<BoardQueue>,
    people: Vec<BoardPersonWire>,
    half_hours: Vec<BoardHalfHour>,
}

/// One queue in figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BoardQueue {
    #[schema(value_type = words::QueueName)]
    queue: String,
    name_zh: String,
    name_en: String,
    waiting: i64,
    working: i64,
    oldest_wait_seconds: i64,
    overdue: i64,
    done_today: i64,
    /// Of a thousand done today, how many by their due instant.
    #[schema(required)]
    within_limit_permille: Option<i64>,
    ready_people: i64,
    #[schema(required)]
    average_handle_seconds: Option<i64>,
}

/// One person in figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoardPerson)]
pub(crate) struct BoardPersonWire {
    person_id: String,
    name: String,
    employee_no: String,
    #[schema(value_type = words::PresenceState)]
    state: &'static str,
    #[schema(value_type = Option<words::BreakReason>)]
    reason: Option<&'static str>,
    since: String,
    /// The queue of what they hold.
    #[schema(value_type = Option<words::QueueName>)]
    queue: Option<String>,
    leases: i64,
    done_today: i64,
    seat: Option<String>,
    institution: Option<InstitutionRef>,
}

/// What came in and was done within half an hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BoardHalfHour {
    from: String,
    #[schema(value_type = words::QueueName)]
    queue: String,
    arrived: i64,
    done: i64,
}

/// Queues, people and half hours of today.
#[utoipa::path(get, path = "/work/board", operation_id = "read_board", responses((status = 200, body = Board)))]
pub(crate) async fn board(allowed: Allowed<act::SuperviseWork>, State(app): State<App>) -> Reply<Json<Board>> {
    let now = allowed.session.now;
    let since = beginning_of_day(now)?;
    let mut reader = app.journal.db.reader().await?;
    let queues = work::queues(&mut reader, &allowed, since, now).await?;
    let half_hours = work::half_hours(&mut reader, &allowed, since).await?;
    let mut people = Vec::new();
    for person in work::people(&mut reader, &allowed, since, now).await? {
        people.push(wire(&app, &mut reader, person, now).await?);
    }
    Ok(Json::of(Board {
        as_of: time(now),
        queues: queues.into_iter().map(BoardQueue::from).collect(),
        people,
        half_hours: half_hours.into_iter().map(BoardHalfHour::from).collect(),
    }))
}

async fn wire(app: &App, conn: &mut Conn, line: BoardPerson, now: Instant) -> Reply<BoardPersonWire> {
    let BoardPerson { person, session, presence, queue, leases, done_today } = line;
    let known = staff::find(conn, &person).await?;
    let home = match &known {
        Some(known) => institution::find(conn, &known.home).await?,
        None => None,
    };
    let sessions = identity::session::list(conn, &app.rules, &person, now).await?;
    let seat = sessions.into_iter().find(|found| found.session_id == session).and_then(|found| found.seat);
    let (name, employee_no) = known.map(|known| (known.name, known.employee_no)).unwrap_or_default();
    Ok(BoardPersonWire {
        person_id: person.into(),
        name,
        employee_no,
        state: presence.state.as_str(),
        reason: presence.reason.map(BreakReason::as_str),
        since: time(presence.since),
        queue,
        leases,
        done_today,
        seat,
        institution: home.as_ref().map(InstitutionRef::from),
    })
}

impl From<QueueLine> for BoardQueue {
    fn from(line: QueueLine) -> Self {
        let QueueLine {
            queue,
            name_zh,
            name_en,
            waiting,
            working,
            oldest_wait_seconds,
            overdue,
            done_today,
            within_limit_permille,
            ready_people,
            average_handle_seconds,
        } = line;
        Self {
            queue,
            name_zh,
            name_en,
            waiting,
            working,
            oldest_wait_seconds,
            overdue,
            done_today,
            within_limit_permille,
            ready_people,
            average_handle_seconds,
        }
    }
}

impl From<HalfHour> for BoardHalfHour {
    fn from(line: HalfHour) -> Self {
        let HalfHour { from, queue, arrived, done } = line;
        Self { from: time(from), queue, arrived, done }
    }
}
