//! Work that comes back: holds that ran out, sessions that closed, nodes that stopped; and the sweeps that keep a queue fair.
//!
//! A sweep touches 256 rows at most, so that it never holds up the others for long; the next one goes on.

use crate::item::store::{self, ItemRow, columns, is_held, item};
use crate::model::{HoldEnd, Lease};
use kernel::{Instant, PersonId, SessionId, WorkItemId};
use storage::{Conn, Db, Fault, Tx, sql};

/// A hold that ran out.
#[derive(Debug, Clone)]
pub struct Expired {
    pub work_item_id: WorkItemId,
    pub person: PersonId,
    pub session: SessionId,
    pub fence: i64,
    /// The station never said that it shows the work.
    pub missed: bool,
}

/// A person who let work pass unseen, and how often in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    pub person: PersonId,
    pub times: i64,
}

/// Returns holds that ran out before `now` to their queues, of whatever node.
/// A person whose work was never shown is counted once, however many items had been fetched ahead.
pub async fn expire(db: &Db, now: Instant) -> Result<(Vec<Expired>, Vec<Missed>), Fault> {
    if !any_expired(db, now).await? {
        return Ok((Vec::new(), Vec::new()));
    }
    db.write::<_, Fault, _>(move |tx| {
        Box::pin(async move {
            let statement = sql(concat!(
                "SELECT ",
                columns!(),
                " FROM work_items WHERE state = 'leased' AND lease_until < $1 ORDER BY work_item_id LIMIT 256"
            ));
            let rows = tx.all(statement.bind(now).skip_locked()).await?;
            let mut expired = Vec::with_capacity(rows.len());
            for row in &rows {
                let row = item(row)?;
                give_back(tx, &row, now, HoldEnd::Expired).await?;
                expired.extend(row.hold.map(|hold| Expired {
                    work_item_id: row.work_item_id,
                    person: hold.person,
                    session: hold.session,
                    fence: row.fence,
                    missed: hold.acked_at.is_none(),
                }));
            }
            let missed = count_missed(tx, &expired).await?;
            Ok((expired, missed))
        })
    })
    .await
}

/// Whether a write is worth while: the sweep runs four times a second and mostly finds nothing.
async fn any_expired(db: &Db, now: Instant) -> Result<bool, Fault> {
    // The order is that of the index of what is held, so that no engine looks among all the rest for the first that fits; so it is in the sweeps below.
    let statement = sql(
        "SELECT work_item_id FROM work_items WHERE state = 'leased' AND lease_until < $1 ORDER BY person_id LIMIT 1",
    );
    Ok(db.reader().await?.optional(statement.bind(now)).await?.is_some())
}

async fn count_missed(tx: &mut Tx, expired: &[Expired]) -> Result<Vec<Missed>, Fault> {
    // A person who worked on one item and had others fetched ahead was there; only who saw nothing at all missed it.
    let mut people: Vec<&PersonId> = expired.iter().map(|hold| &hold.person).collect();
    people.sort_unstable();
    people.dedup();
    let mut counted = Vec::new();
    for person in people {
        if expired.iter().any(|hold| &hold.person == person && !hold.missed) {
            continue;
        }
        let statement = sql("UPDATE presence SET missed = missed + 1 WHERE person_id = $1 RETURNING missed");
        if let Some(row) = tx.optional(statement.bind(person)).await? {
            counted.push(Missed { person: person.clone(), times: row.int("missed")? });
        }
    }
    Ok(counted)
}

async fn give_back(tx: &mut Tx, row: &ItemRow, now: Instant, how: HoldEnd) -> Result<(), Fault> {
    store::end_hold(tx, &row.work_item_id, now, how, None).await?;
    store::to_ready(tx, &row.work_item_id).await
}

/// Returns all work that one session of a person holds; answers what it held.
pub async fn release_session(
    db: &Db,
    person: &PersonId,
    session: &SessionId,
    now: Instant,
) -> Result<Vec<Lease>, Fault> {
    release_some(db, person, session, now, false).await
}

/// Returns what the session holds, or only what its station has not shown yet.
pub(crate) async fn release_some(
    db: &Db,
    person: &PersonId,
    session: &SessionId,
    now: Instant,
    only_unseen: bool,
) -> Result<Vec<Lease>, Fault> {
    let (person, session) = (person.clone(), session.clone());
    db.write::<_, Fault, _>(move |tx| {
        let (person, session) = (person.clone(), session.clone());
        Box::pin(async move {
            let mut released = Vec::new();
            for row in store::lock_held_by(tx, &person, &session).await? {
                if only_unseen && row.hold.as_ref().is_some_and(|hold| hold.acked_at.is_some()) {
                    continue;
                }
                give_back(tx, &row, now, HoldEnd::Released).await?;
                released.push(store::lease(row)?);
            }
            Ok(released)
        })
    })
    .await
}

/// Returns everything that a node held before it stopped. For its next start; other nodes need only wait for the holds to run out.
pub(crate) async fn release_node(db: &Db, node: &str, now: Instant) -> Result<usize, Fault> {
    let node = node.to_owned();
    db.write::<_, Fault, _>(move |tx| {
        let node = node.clone();
        Box::pin(async move {
            let statement = sql(concat!(
                "SELECT ",
                columns!(),
                " FROM work_items WHERE state = 'leased' AND node = $1 ORDER BY work_item_id"
            ));
            let rows = tx.all(statement.bind(node).for_update()).await?;
            for row in &rows {
                give_back(tx, &item(row)?, now, HoldEnd::Released).await?;
            }
            Ok(rows.len())
        })
    })
    .await
}

/// Returns one hold of a node, if it is still the same hold and still there.
pub(crate) async fn release_stray(
    db: &Db,
    id: &WorkItemId,
    fence: i64,
    node: &str,
    now: Instant,
) -> Result<bool, Fault> {
    let (id, node) = (id.clone(), node.to_owned());
    db.write::<_, Fault, _>(move |tx| {
        let (id, node) = (id.clone(), node.clone());
        Box::pin(async move {
            let statement = sql(concat!(
                "SELECT ",
                columns!(),
                " FROM work_items WHERE work_item_id = $1 AND fence = $2 AND node = $3 AND ",
                is_held!()
            ));
            let found = tx.optional(statement.bind(&id).bind(fence).bind(node).for_update()).await?;
            let Some(row) = found else { return Ok(false) };
            give_back(tx, &item(&row)?, now, HoldEnd::Released).await?;
            Ok(true)
        })
    })
    .await
}

/// A hold's work item, its fence, and since when its station shows it.
pub(crate) type HeldOnNode = (WorkItemId, i64, Option<Instant>);

/// Which holds the database knows for a node.
pub(crate) async fn held_on_node(conn: &mut Conn, node: &str) -> Result<Vec<HeldOnNode>, Fault> {
    let statement = sql("SELECT work_item_id, fence, acked_at FROM work_items WHERE state = 'leased' AND node = $1");
    let rows = conn.all(statement.bind(node)).await?;
    rows.iter().map(|row| Ok((row.id("work_item_id")?, row.int("fence")?, row.opt_instant("acked_at")?))).collect()
}

/// How a hold ended; `None` while it lasts.
pub(crate) async fn ended_how(conn: &mut Conn, id: &WorkItemId, fence: i64) -> Result<Option<HoldEnd>, Fault> {
    let statement = sql("SELECT how FROM ended_holds WHERE work_item_id = $1 AND fence = $2");
    let row = conn.optional(statement.bind(id).bind(fence)).await?;
    row.map(|row| row.parsed("how", HoldEnd::parse)).transpose()
}

/// Lets waiting work rise: one class when its instant of promotion comes, and the next after a further whole limit, up to the first.
///
/// Ageing goes in steps because the order of service must be an index: a rank that grew with every second would make each lease
/// compute and sort the whole queue. A step costs one write in the life of most items, and none for those served in time.
/// A limit under a minute counts as one, as in [`crate::limit_micros`].
pub(crate) async fn promote(db: &Db, now: Instant) -> Result<u64, Fault> {
    let due = sql(
        "SELECT work_item_id FROM work_items WHERE state = 'ready' AND promote_at <= $1 ORDER BY promote_at LIMIT 1",
    );
    if db.reader().await?.optional(due.bind(now)).await?.is_none() {
        return Ok(0);
    }
    db.write::<_, Fault, _>(move |tx| {
        Box::pin(async move {
            // The condition stands twice: another node may have promoted a row between the choice and the change.
            let statement = sql("UPDATE work_items SET
                     promote_at = CASE WHEN rank_class = 1 THEN NULL
                                       WHEN due_at - enqueued_at > 60000000 THEN promote_at + (due_at - enqueued_at)
                                       ELSE promote_at + 60000000 END,
                     rank_class = rank_class - 1
                 WHERE state = 'ready' AND promote_at <= $1 AND work_item_id IN (
                     SELECT work_item_id FROM work_items WHERE state = 'ready' AND promote_at <= $1 ORDER BY promote_at LIMIT 256)");
            tx.execute(statement.bind(now)).await
        })
    })
    .await
}

/// Frees work that a supervisor reserved before `made_before` for somebody who is not ready.
pub(crate) async fn lapse_assignments(db: &Db, made_before: Instant) -> Result<u64, Fault> {
    let lapsed =
        "SELECT work_item_id FROM work_items WHERE state = 'ready' AND assigned_to IS NOT NULL AND assigned_at < $1
                  ORDER BY assigned_at LIMIT 1";
    if db.reader().await?.optional(sql(lapsed).bind(made_before)).await?.is_none() {
        return Ok(0);
    }
    db.write::<_, Fault, _>(move |tx| {
        Box::pin(async move {
            let statement = sql("UPDATE work_items SET assigned_to = NULL, assigned_at = NULL
                 WHERE state = 'ready' AND assigned_to IS NOT NULL AND assigned_at < $1
                   AND NOT EXISTS (SELECT 1 FROM presence p WHERE p.person_id = work_items.assigned_to AND p.state = 'ready')");
            tx.execute(statement.bind(made_before)).await
        })
    })
    .await
}
