//! The SQL of single work items.

use crate::model::{HoldEnd, Lease, NewWork, State};
use kernel::{Instant, InstitutionId, PersonId, SessionId, SliceId, WorkItemId};
use permission::Hand;
use storage::{Conn, Fault, Row, Sql, Tx, sql};

/// A stored work item.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    pub work_item_id: WorkItemId,
    pub queue: String,
    pub subject: String,
    pub hand: Hand,
    pub slice: Option<SliceId>,
    pub origin: InstitutionId,
    pub internal_only: bool,
    pub state: State,
    pub priority_class: i64,
    pub rank_class: i64,
    pub due_at: Instant,
    pub enqueued_at: Instant,
    pub fence: i64,
    pub task: serde_json::Value,
    /// While somebody holds it.
    pub hold: Option<HoldRow>,
}

/// The part of a row that is there while somebody holds it.
#[derive(Debug, Clone)]
pub(crate) struct HoldRow {
    pub person: PersonId,
    pub session: SessionId,
    pub leased_at: Instant,
    pub lease_until: Instant,
    pub acked_at: Option<Instant>,
}

/// The columns of [`ItemRow`], as a macro because statements are constants.
macro_rules! columns {
    () => {
        "work_item_id, queue, subject, hand, slice_id, origin_institution_id, internal_only, state, priority_class, rank_class, \
         due_at, enqueued_at, fence, task, person_id, session_id, leased_at, lease_until, acked_at"
    };
}
pub(crate) use columns;

/// That the row with a given id is held. It asks for the marks of the state and not for the state itself: asked for the state,
/// PostgreSQL may look for the row in the index of all that is held, which is short when it plans, and goes on doing so when it is long.
macro_rules! is_held {
    () => {
        "leased_at IS NOT NULL AND ended_at IS NULL"
    };
}
pub(crate) use is_held;

/// That the row with a given id waits; for the reason of [`is_held`].
macro_rules! is_waiting {
    () => {
        "leased_at IS NULL AND ended_at IS NULL"
    };
}
pub(crate) use is_waiting;

pub(crate) fn item(row: &Row) -> Result<ItemRow, Fault> {
    let state = row.parsed("state", State::parse)?;
    let hold = if state == State::Leased {
        Some(HoldRow {
            person: row.id("person_id")?,
            session: row.id("session_id")?,
            leased_at: row.instant("leased_at")?,
            lease_until: row.instant("lease_until")?,
            acked_at: row.opt_instant("acked_at")?,
        })
    } else {
        None
    };
    let task = row.text("task")?;
    Ok(ItemRow {
        work_item_id: row.id("work_item_id")?,
        queue: row.text("queue")?,
        subject: row.text("subject")?,
        hand: row.parsed("hand", Hand::parse)?,
        slice: row.opt_id("slice_id")?,
        origin: row.id("origin_institution_id")?,
        internal_only: row.bool("internal_only")?,
        state,
        priority_class: row.int("priority_class")?,
        rank_class: row.int("rank_class")?,
        due_at: row.instant("due_at")?,
        enqueued_at: row.instant("enqueued_at")?,
        fence: row.int("fence")?,
        task: serde_json::from_str(&task).map_err(|error| Fault::inconsistent(format!("task of work: {error}")))?,
        hold,
    })
}

/// The lease that a held row is.
pub(crate) fn lease(row: ItemRow) -> Result<Lease, Fault> {
    let hold = row.hold.ok_or_else(|| Fault::inconsistent(format!("{} is not held", row.work_item_id)))?;
    Ok(Lease {
        work_item_id: row.work_item_id,
        queue: row.queue,
        subject: row.subject,
        hand: row.hand,
        slice: row.slice,
        origin: row.origin,
        fence: row.fence,
        expires_at: hold.lease_until,
        priority_class: row.priority_class,
        due_at: row.due_at,
        enqueued_at: row.enqueued_at,
        leased_at: hold.leased_at,
        acked_at: hold.acked_at,
        task: row.task,
    })
}

pub(crate) async fn insert(tx: &mut Tx, id: &WorkItemId, now: Instant, new: &NewWork) -> Result<(), Fault> {
    tx.execute_one(
        sql("INSERT INTO work_items (work_item_id, queue, subject, task, origin_institution_id, hand, slice_id, internal_only,
                 priority_class, rank_class, due_at, promote_at, enqueued_at, state)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, 'ready')")
        .bind(id)
        .bind(new.queue)
        .bind(new.subject.as_str())
        .bind(new.task.to_string())
        .bind(&new.origin)
        .bind(new.hand.as_str())
        .bind(new.slice.as_ref())
        .bind(new.internal_only)
        .bind(new.priority_class)
        .bind(new.due_at)
        .bind(new.first_promotion(now))
        .bind(now),
    )
    .await
}

/// The row, locked until the command ends.
pub(crate) async fn lock(tx: &mut Tx, id: &WorkItemId) -> Result<Option<ItemRow>, Fault> {
    let statement = sql(concat!("SELECT ", columns!(), " FROM work_items WHERE work_item_id = $1"));
    tx.optional(statement.bind(id).for_update()).await?.as_ref().map(item).transpose()
}

/// One row as it stands, without a lock.
pub(crate) async fn find(conn: &mut Conn, id: &WorkItemId) -> Result<Option<ItemRow>, Fault> {
    let statement = sql(concat!("SELECT ", columns!(), " FROM work_items WHERE work_item_id = $1"));
    conn.optional(statement.bind(id)).await?.as_ref().map(item).transpose()
}

/// The rows of a subject that wait or are held, locked.
pub(crate) async fn lock_open(tx: &mut Tx, subject: &str) -> Result<Vec<ItemRow>, Fault> {
    let statement = sql(concat!(
        "SELECT ",
        columns!(),
        " FROM work_items WHERE subject = $1 AND state IN ('ready', 'leased') ORDER BY work_item_id"
    ));
    tx.all(statement.bind(subject).for_update()).await?.iter().map(item).collect()
}

/// Writes the hold that now ends without a result into the history. Called before the row changes.
pub(crate) async fn end_hold(
    tx: &mut Tx,
    id: &WorkItemId,
    now: Instant,
    how: HoldEnd,
    reason: Option<&str>,
) -> Result<(), Fault> {
    tx.execute_one(
        sql(concat!(
            "INSERT INTO work_holds (work_item_id, fence, queue, subject, person_id, session_id, enqueued_at, due_at, leased_at, acked_at, ended_at, how, reason)
             SELECT work_item_id, fence, queue, subject, person_id, session_id, enqueued_at, due_at, leased_at, acked_at,
                    CASE WHEN leased_at > $2 THEN leased_at ELSE $2 END, $3, $4
             FROM work_items WHERE work_item_id = $1 AND ",
            is_held!()
        ))
        .bind(id)
        .bind(now)
        .bind(how.as_str())
        .bind(reason),
    )
    .await
}

/// Back to the queue, with the waiting time intact: neither `enqueued_at` nor `due_at` nor the class changes.
pub(crate) async fn to_ready(tx: &mut Tx, id: &WorkItemId) -> Result<(), Fault> {
    tx.execute_one(
        sql(concat!(
            "UPDATE work_items SET state = 'ready', person_id = NULL, session_id = NULL, node = NULL, leased_at = NULL, lease_until = NULL, acked_at = NULL
             WHERE work_item_id = $1 AND ",
            is_held!()
        ))
        .bind(id),
    )
    .await
}

/// Ends held work as done. The hold stays in the row: who did it, since when, and until when.
pub(crate) async fn done(tx: &mut Tx, id: &WorkItemId, now: Instant) -> Result<(), Fault> {
    tx.execute_one(
        sql(concat!(
            "UPDATE work_items SET state = 'done', ended_at = CASE WHEN leased_at > $2 THEN leased_at ELSE $2 END
             WHERE work_item_id = $1 AND ",
            is_held!()
        ))
        .bind(id)
        .bind(now),
    )
    .await
}

/// Ends work that waits or is held without a result, because nobody needs it done any more; the entry is the caller's.
pub async fn cancel(tx: &mut Tx, now: Instant, id: &WorkItemId) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE work_items SET state = 'cancelled', ended_at = $2, person_id = NULL, session_id = NULL, node = NULL,
                 leased_at = NULL, lease_until = NULL, acked_at = NULL
             WHERE work_item_id = $1 AND ended_at IS NULL")
        .bind(id)
        .bind(now),
    )
    .await
}

pub(crate) async fn assign(tx: &mut Tx, id: &WorkItemId, to: Option<(&PersonId, Instant)>) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE work_items SET assigned_to = $2, assigned_at = $3 WHERE work_item_id = $1")
            .bind(id)
            .bind(to.map(|(person, _)| person))
            .bind(to.map(|(_, at)| at)),
    )
    .await
}

pub(crate) async fn set_class(
    tx: &mut Tx,
    id: &WorkItemId,
    class: i64,
    promote_at: Option<Instant>,
) -> Result<(), Fault> {
    tx.execute_one(
        sql("UPDATE work_items SET priority_class = $2, rank_class = $2, promote_at = $3 WHERE work_item_id = $1")
            .bind(id)
            .bind(class)
            .bind(promote_at),
    )
    .await
}

/// How many people have given a piece of work back for a reason.
pub async fn handed_back_by(conn: &mut Conn, id: &WorkItemId, reason: &str) -> Result<i64, Fault> {
    let statement = sql("SELECT COUNT(DISTINCT person_id) AS n FROM work_holds
                         WHERE work_item_id = $1 AND how = 'handed_back' AND reason = $2");
    conn.one(statement.bind(id).bind(reason)).await?.int("n")
}

/// The action that a queue asks for.
pub(crate) async fn queue_action(conn: &mut Conn, queue: &str) -> Result<Option<String>, Fault> {
    let row = conn.optional(sql("SELECT action FROM work_queues WHERE code = $1").bind(queue)).await?;
    row.map(|row| row.text("action")).transpose()
}

/// The waiting row of a subject that is served first: queue, class, due instant, id.
pub(crate) async fn first_waiting(
    conn: &mut Conn,
    subject: &str,
) -> Result<Option<(String, i64, Instant, WorkItemId)>, Fault> {
    let statement =
        sql("SELECT queue, rank_class, due_at, work_item_id FROM work_items WHERE subject = $1 AND state = 'ready'
                         ORDER BY rank_class, due_at, work_item_id LIMIT 1");
    let Some(row) = conn.optional(statement.bind(subject)).await? else { return Ok(None) };
    Ok(Some((row.text("queue")?, row.int("rank_class")?, row.instant("due_at")?, row.id("work_item_id")?)))
}

/// How many wait before the given place of a queue, counted up to [`super::POSITION_MAX`], which the text repeats.
pub(crate) async fn waiting_before(
    conn: &mut Conn,
    queue: &str,
    class: i64,
    due_at: Instant,
    id: &WorkItemId,
) -> Result<i64, Fault> {
    let statement = sql("SELECT COUNT(*) AS n FROM (
                             SELECT work_item_id FROM work_items
                             WHERE queue = $1 AND state = 'ready' AND (rank_class, due_at, work_item_id) < ($2, $3, $4)
                             LIMIT 1000) AS before");
    conn.one(statement.bind(queue).bind(class).bind(due_at).bind(id)).await?.int("n")
}

/// Rows held by one session of one person, locked.
pub(crate) async fn lock_held_by(tx: &mut Tx, person: &PersonId, session: &SessionId) -> Result<Vec<ItemRow>, Fault> {
    let statement = held_by().for_update();
    tx.all(statement.bind(person).bind(session)).await?.iter().map(item).collect()
}

/// Rows held by one session of one person.
pub(crate) async fn held_by_session(
    conn: &mut Conn,
    person: &PersonId,
    session: &SessionId,
) -> Result<Vec<ItemRow>, Fault> {
    conn.all(held_by().bind(person).bind(session)).await?.iter().map(item).collect()
}

fn held_by() -> Sql {
    sql(concat!(
        "SELECT ",
        columns!(),
        " FROM work_items WHERE person_id = $1 AND session_id = $2 AND state = 'leased' ORDER BY leased_at, work_item_id"
    ))
}
