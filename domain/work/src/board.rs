//! What supervisors see: queues, people, half hours, and the rows behind every number; and each person's own day.
//!
//! Figures are read from the waiting and held rows and from the holds that ended; nothing is counted beside them that could disagree.
//! Instants are given by the caller, who knows the business day; the figures of "today" begin at `since`.

use crate::item::store::{HoldRow, columns, item};
use crate::model::State;
use crate::presence::{Presence, store as presence_store};
use journal::Answer;
use kernel::clock::{MICROS_PER_MINUTE, MICROS_PER_SECOND};
use kernel::{Instant, InstitutionId, PersonId, Refusal, SessionId, SliceId, WorkItemId};
use permission::{Action, Permit, act};
use std::collections::HashMap;
use storage::{Conn, Cursor, Fault, Page, Row, Sql, sql};

const HALF_HOUR_MICROS: i64 = 30 * MICROS_PER_MINUTE;

/// One queue in figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueLine {
    pub queue: String,
    pub name_zh: String,
    pub name_en: String,
    pub waiting: i64,
    /// Held by somebody.
    pub working: i64,
    /// How long the oldest waiting item has waited, 0 when none waits.
    pub oldest_wait_seconds: i64,
    /// Waiting beyond its due instant.
    pub overdue: i64,
    pub done_today: i64,
    /// Of those done today, how many of a thousand were done by their due instant; absent before the first.
    pub within_limit_permille: Option<i64>,
    /// People who take work of this queue and are ready, busy or wrapping up.
    pub ready_people: i64,
    /// From receiving to finishing, mean of today; absent before the first.
    pub average_handle_seconds: Option<i64>,
}

/// One person in figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPerson {
    pub person: PersonId,
    pub session: SessionId,
    pub presence: Presence,
    /// The queue of what they hold, when they hold something.
    pub queue: Option<String>,
    pub leases: i64,
    pub done_today: i64,
}

/// What came into a queue and was done in it within half an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfHour {
    pub from: Instant,
    pub queue: String,
    pub arrived: i64,
    pub done: i64,
}

macro_rules! page {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", assigned_to FROM work_items WHERE ",
            $condition,
            " AND (enqueued_at, work_item_id) > ($1, $2) ORDER BY enqueued_at, work_item_id LIMIT $3 + 0"
        )
    };
}

/// One row behind the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkLine {
    pub work_item_id: WorkItemId,
    pub queue: String,
    pub subject: String,
    pub origin: InstitutionId,
    pub state: State,
    pub priority_class: i64,
    /// The class after ageing.
    pub rank_class: i64,
    pub enqueued_at: Instant,
    pub due_at: Instant,
    pub holder: Option<PersonId>,
    /// Whom a supervisor gave it to, while they have not taken it up.
    pub assigned_to: Option<PersonId>,
    /// The slice that is to be keyed, where it is work on one.
    pub slice: Option<SliceId>,
}

/// Which rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkFilter {
    pub queue: Option<String>,
    /// [`State::Ready`] or [`State::Leased`]; both without one.
    pub state: Option<State>,
}

/// A person's own figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayOfPerson {
    pub done: i64,
    /// Time between receiving and finishing, over all that was done.
    pub handle_seconds: i64,
    pub handed_back: i64,
    pub missed: i64,
    /// Done per half hour from `since`; half hours without any are left out.
    pub by_half_hour: Vec<(Instant, i64)>,
}

/// The queues belong to the whole center: figures cut at a part of the bank would look whole and be wrong.
/// So a permit that does not reach the whole bank is refused instead of being given less.
fn whole_bank(permit: &Permit<act::SuperviseWork>) -> Result<(), Refusal> {
    if permit.reach().bank { Ok(()) } else { Err(Action::SuperviseWork.refused()) }
}

/// Every declared queue with its figures.
pub async fn queues(
    conn: &mut Conn,
    permit: &Permit<act::SuperviseWork>,
    since: Instant,
    now: Instant,
) -> Answer<Vec<QueueLine>> {
    whole_bank(permit)?;
    let declared = conn.all(sql("SELECT code, name_zh, name_en FROM work_queues ORDER BY code")).await?;
    let (waiting, working) = (waiting_by_queue(conn, now).await?, working_by_queue(conn).await?);
    let (done, ready) = (done_by_queue(conn, since).await?, ready_by_queue(conn).await?);
    let mut lines = Vec::with_capacity(declared.len());
    for row in &declared {
        let queue = row.text("code")?;
        let (waiting, oldest, overdue) = waiting.get(&queue).copied().unwrap_or((0, now, 0));
        let (done_today, in_time, handled) = done.get(&queue).copied().unwrap_or_default();
        lines.push(QueueLine {
            name_zh: row.text("name_zh")?,
            name_en: row.text("name_en")?,
            waiting,
            working: working.get(&queue).copied().unwrap_or_default(),
            oldest_wait_seconds: now.since(oldest).max(0) / MICROS_PER_SECOND,
            overdue,
            done_today,
            within_limit_permille: (done_today > 0).then(|| in_time * 1_000 / done_today),
            ready_people: ready.get(&queue).copied().unwrap_or_default(),
            average_handle_seconds: (done_today > 0).then(|| handled / done_today / MICROS_PER_SECOND),
            queue,
        });
    }
    Ok(lines)
}

/// Per queue: how many wait, since when the oldest, how many are overdue.
async fn waiting_by_queue(conn: &mut Conn, now: Instant) -> Result<HashMap<String, (i64, Instant, i64)>, Fault> {
    let statement = sql("SELECT queue, COUNT(*) AS n, MIN(enqueued_at) AS oldest,
                                CAST(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END) AS BIGINT) AS overdue
                         FROM work_items WHERE state = 'ready' GROUP BY queue");
    let rows = conn.all(statement.bind(now)).await?;
    rows.iter()
        .map(|row| Ok((row.text("queue")?, (row.int("n")?, row.instant("oldest")?, row.int("overdue")?))))
        .collect()
}

async fn working_by_queue(conn: &mut Conn) -> Result<HashMap<String, i64>, Fault> {
    let rows =
        conn.all(sql("SELECT queue, COUNT(*) AS n FROM work_items WHERE state = 'leased' GROUP BY queue")).await?;
    rows.iter().map(|row| Ok((row.text("queue")?, row.int("n")?))).collect()
}

/// Per queue: how many were done, how many in time, and the time they were held, in microseconds.
async fn done_by_queue(conn: &mut Conn, since: Instant) -> Result<HashMap<String, (i64, i64, i64)>, Fault> {
    let statement = sql(
        "SELECT queue, COUNT(*) AS n, CAST(SUM(CASE WHEN ended_at <= due_at THEN 1 ELSE 0 END) AS BIGINT) AS in_time,
                                CAST(SUM(ended_at - leased_at) AS BIGINT) AS handled
                         FROM work_items WHERE state = 'done' AND ended_at >= $1 GROUP BY queue",
    );
    let rows = conn.all(statement.bind(since)).await?;
    rows.iter().map(|row| Ok((row.text("queue")?, (row.int("n")?, row.int("in_time")?, row.int("handled")?)))).collect()
}

async fn ready_by_queue(conn: &mut Conn) -> Result<HashMap<String, i64>, Fault> {
    let rows =
        conn.all(sql("SELECT queues, COUNT(*) AS n FROM presence WHERE state = 'ready' GROUP BY queues")).await?;
    let mut ready = HashMap::new();
    for row in &rows {
        let people = row.int("n")?;
        row.text("queues")?.split_whitespace().for_each(|queue| *ready.entry(queue.to_owned()).or_default() += people);
    }
    Ok(ready)
}

/// Everybody who is signed in for work, by person.
pub async fn people(
    conn: &mut Conn,
    permit: &Permit<act::SuperviseWork>,
    since: Instant,
    now: Instant,
) -> Answer<Vec<BoardPerson>> {
    whole_bank(permit)?;
    let statement = sql("SELECT p.person_id, p.session_id, p.node, p.state, p.reason, p.since, p.queues, p.capacity, p.missed, p.wrap_up_until,
               (SELECT COUNT(*) FROM work_items w WHERE w.person_id = p.person_id AND w.state = 'leased') AS leases,
               (SELECT MIN(w.queue) FROM work_items w WHERE w.person_id = p.person_id AND w.state = 'leased') AS queue,
               (SELECT COUNT(*) FROM work_items w WHERE w.person_id = p.person_id AND w.state = 'done' AND w.ended_at >= $1) AS done
        FROM presence p WHERE p.state <> 'signed_out' ORDER BY p.person_id");
    let rows = conn.all(statement.bind(since)).await?;
    Ok(rows.iter().map(|row| board_person(row, now)).collect::<Result<_, Fault>>()?)
}

fn board_person(row: &Row, now: Instant) -> Result<BoardPerson, Fault> {
    let stored = presence_store::presence(row)?;
    let leases = row.int("leases")?;
    Ok(BoardPerson {
        presence: stored.seen(usize::try_from(leases).unwrap_or(0), now),
        person: stored.person,
        session: stored.session,
        queue: row.opt_text("queue")?,
        leases,
        done_today: row.int("done")?,
    })
}

/// What arrived and what was done, per queue and half hour from `since`; half hours without either are left out.
pub async fn half_hours(conn: &mut Conn, permit: &Permit<act::SuperviseWork>, since: Instant) -> Answer<Vec<HalfHour>> {
    whole_bank(permit)?;
    let arrived = sql("SELECT queue, (enqueued_at - $1) / $2 AS slot, COUNT(*) AS n FROM work_items
                       WHERE enqueued_at >= $1 GROUP BY queue, (enqueued_at - $1) / $2");
    let done = sql("SELECT queue, (ended_at - $1) / $2 AS slot, COUNT(*) AS n FROM work_items
                    WHERE state = 'done' AND ended_at >= $1 GROUP BY queue, (ended_at - $1) / $2");
    let mut slots: std::collections::BTreeMap<(i64, String), (i64, i64)> = std::collections::BTreeMap::new();
    for row in conn.all(arrived.bind(since).bind(HALF_HOUR_MICROS)).await? {
        slots.entry((row.int("slot")?, row.text("queue")?)).or_default().0 = row.int("n")?;
    }
    for row in conn.all(done.bind(since).bind(HALF_HOUR_MICROS)).await? {
        slots.entry((row.int("slot")?, row.text("queue")?)).or_default().1 = row.int("n")?;
    }
    let line = |((slot, queue), (arrived, done))| HalfHour {
        from: since.plus_micros(slot * HALF_HOUR_MICROS),
        queue,
        arrived,
        done,
    };
    Ok(slots.into_iter().map(line).collect())
}

/// One page of the rows behind the numbers; `limit` is at most [`storage::page::LIMIT_MAX`].
/// What somebody holds or was given comes first, then what waits, each with the oldest in front.
/// Refuses states that are not on the board.
pub async fn rows(
    conn: &mut Conn,
    permit: &Permit<act::SuperviseWork>,
    filter: &WorkFilter,
    after: Option<&Cursor>,
    limit: i64,
) -> Answer<Page<WorkLine>> {
    whole_bank(permit)?;
    let (from, enqueued_at, id) = match after {
        Some(cursor) => place(cursor),
        None => (Section::Held, i64::MIN, String::new()),
    };
    let sections: &[Section] = match filter.state {
        None => &[Section::Held, Section::Given, Section::Waiting],
        Some(State::Ready) => &[Section::Given, Section::Waiting],
        Some(State::Leased) => &[Section::Held],
        Some(State::Done | State::Cancelled) => {
            return Err(Refusal::field("state", "须为等待或办理中", "it must be waiting or working").into());
        }
    };
    let queue = filter.queue.as_deref();
    let mut lines = Vec::new();
    for section in sections.iter().copied().filter(|section| *section >= from) {
        let wanted = limit + 1 - i64::try_from(lines.len()).unwrap_or(i64::MAX);
        if wanted <= 0 {
            break;
        }
        let begin = if section == from { (enqueued_at, id.as_str()) } else { (i64::MIN, "") };
        let statement = section.statement(queue.is_some()).bind(begin.0).bind(begin.1).bind(wanted);
        for row in conn.all(statement.bind(queue.unwrap_or_default())).await? {
            lines.push(line(&row)?);
        }
    }
    Ok(Page::cut(lines, limit, cursor))
}

/// The parts of the list, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Held,
    Given,
    Waiting,
}

impl Section {
    /// The state stands in the text so that the partial indexes find the rows, and the queue is left out rather than compared with nothing.
    ///
    /// None of them has the order, the oldest first: a page sorts what waits, which is the most when the bank is furthest behind.
    /// An index more would cost every enqueue and every lease a write, for a list that a supervisor opens now and then.
    fn statement(self, of_queue: bool) -> Sql {
        match (self, of_queue) {
            (Self::Held, true) => sql(page!("state = 'leased' AND queue = $4")),
            (Self::Held, false) => sql(page!("state = 'leased' AND $4 = ''")),
            (Self::Given, true) => sql(page!("state = 'ready' AND assigned_to IS NOT NULL AND queue = $4")),
            (Self::Given, false) => sql(page!("state = 'ready' AND assigned_to IS NOT NULL AND $4 = ''")),
            (Self::Waiting, true) => sql(page!("state = 'ready' AND assigned_to IS NULL AND queue = $4")),
            (Self::Waiting, false) => sql(page!("state = 'ready' AND assigned_to IS NULL AND $4 = ''")),
        }
    }

    const fn of(line: &WorkLine) -> Self {
        match (&line.holder, &line.assigned_to) {
            (Some(_), _) => Self::Held,
            (None, Some(_)) => Self::Given,
            (None, None) => Self::Waiting,
        }
    }
}

fn line(row: &Row) -> Result<WorkLine, Fault> {
    let assigned_to = row.opt_id("assigned_to")?;
    let row = item(row)?;
    Ok(WorkLine {
        work_item_id: row.work_item_id,
        queue: row.queue,
        subject: row.subject,
        origin: row.origin,
        state: row.state,
        priority_class: row.priority_class,
        rank_class: row.rank_class,
        enqueued_at: row.enqueued_at,
        due_at: row.due_at,
        holder: row.hold.map(|HoldRow { person, .. }| person),
        assigned_to,
        slice: row.slice,
    })
}

/// Section and instant share the cursor's number: microseconds of any date up to the year 4253 fit into 56 bits.
const SECTION_SHIFT: i64 = 1 << 56;

fn cursor(line: &WorkLine) -> Cursor {
    let key = Section::of(line) as i64 * SECTION_SHIFT + line.enqueued_at.micros();
    Cursor { key, id: line.work_item_id.to_string() }
}

fn place(cursor: &Cursor) -> (Section, i64, String) {
    let section = match cursor.key.div_euclid(SECTION_SHIFT) {
        0 => Section::Held,
        1 => Section::Given,
        _ => Section::Waiting,
    };
    (section, cursor.key.rem_euclid(SECTION_SHIFT), cursor.id.clone())
}

/// A person's own figures from `since` on. Whose they are is settled by the caller's session.
pub async fn own_day(conn: &mut Conn, person: &PersonId, since: Instant) -> Result<DayOfPerson, Fault> {
    let statement = sql("SELECT how, (ended_at - $2) / $3 AS slot, COUNT(*) AS n, CAST(SUM(ended_at - leased_at) AS BIGINT) AS handled,
                                CAST(SUM(CASE WHEN acked_at IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unseen
                         FROM ended_holds WHERE person_id = $1 AND ended_at >= $2 GROUP BY how, (ended_at - $2) / $3 ORDER BY 2");
    let mut day = DayOfPerson::default();
    let mut handled = 0;
    for row in conn.all(statement.bind(person).bind(since).bind(HALF_HOUR_MICROS)).await? {
        let n = row.int("n")?;
        match row.text("how")?.as_str() {
            "done" => {
                day.done += n;
                handled += row.int("handled")?;
                day.by_half_hour.push((since.plus_micros(row.int("slot")? * HALF_HOUR_MICROS), n));
            }
            "handed_back" => day.handed_back += n,
            "expired" => day.missed += row.int("unseen")?,
            _ => {}
        }
    }
    day.handle_seconds = handled / MICROS_PER_SECOND;
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_survives_the_cursor() {
        let person = || PersonId::new(Instant::from_micros(1));
        let table = [
            (Section::Held, Some(person()), Some(person()), 0),
            (Section::Given, None, Some(person()), 1_795_399_200_000_000),
            (Section::Waiting, None, None, SECTION_SHIFT - 1),
        ];
        for (section, holder, assigned_to, enqueued) in table {
            let at = Instant::from_micros(enqueued);
            let line = WorkLine {
                work_item_id: WorkItemId::new(at),
                queue: "keying".into(),
                subject: "itm".into(),
                origin: InstitutionId::new(at),
                state: State::Ready,
                priority_class: 3,
                rank_class: 3,
                enqueued_at: at,
                due_at: at,
                holder,
                assigned_to,
                slice: None,
            };
            assert_eq!(place(&cursor(&line)), (section, enqueued, line.work_item_id.to_string()));
        }
    }
}
