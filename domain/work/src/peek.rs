//! Looking at held work without changing it: for links and drafts, which are not acts.

use crate::item::store;
use crate::model::Held;
use journal::Answer;
use kernel::{Code, Instant, PersonId, Refusal, WorkItemId};
use storage::{Conn, Fault, sql};

/// The work that `person` holds under `fence` at `now`, with the refusals of [`crate::held`] but without its lock and its mark.
pub async fn peek(conn: &mut Conn, person: &PersonId, id: &WorkItemId, fence: i64, now: Instant) -> Answer<Held> {
    let row = store::find(conn, id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let Some(hold) = row.hold.filter(|hold| &hold.person == person) else {
        return Err(Refusal::new(Code::NotYourWork).into());
    };
    if row.fence != fence || hold.lease_until < now {
        return Err(Refusal::new(Code::LeaseLost).into());
    }
    Ok(Held {
        work_item_id: row.work_item_id,
        person: hold.person,
        queue: row.queue,
        subject: row.subject,
        hand: row.hand,
        slice: row.slice,
        fence: row.fence,
        task: row.task,
        origin: row.origin,
        due_at: row.due_at,
        enqueued_at: row.enqueued_at,
        leased_at: hold.leased_at,
    })
}

/// Whether work on the subject was ever put into the queue, done by now or not.
pub async fn was_queued(conn: &mut Conn, queue: &str, subject: &str) -> Result<bool, Fault> {
    let statement = sql("SELECT 1 AS found FROM work_items WHERE subject = $1 AND queue = $2 LIMIT 1");
    Ok(conn.optional(statement.bind(subject).bind(queue)).await?.is_some())
}

/// What a person holds now: work and fence, the first to run out first.
pub async fn peek_by_person(conn: &mut Conn, person: &PersonId) -> Result<Vec<(WorkItemId, i64)>, Fault> {
    let rows = conn
        .all(
            sql("SELECT work_item_id, fence FROM work_items WHERE person_id = $1 AND state = 'leased' ORDER BY lease_until")
                .bind(person),
        )
        .await?;
    rows.iter().map(|row| Ok((row.id("work_item_id")?, row.int("fence")?))).collect()
}
