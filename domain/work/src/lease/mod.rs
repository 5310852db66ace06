//! Holds: taking the best work, keeping it with signs of life, and what happens when they stop.
//!
//! A hold lasts [`LEASE_MICROS`] and is renewed while the person's browser speaks and shows the work.
//! Each hold has a fence, one higher than the hold before, so that a late act under an old hold is known.
//! When a hold ends without a result the work goes back with its waiting time intact.
//!
//! A hold waits for the disk like any command, although it ends by itself after seconds.
//! A fence that a station has heard and a crash has taken back would be given again to the next hold,
//! and the separation mark written with the hold is the record of who was shown what.

pub(crate) mod best;
mod returning;

pub use returning::{Expired, Missed, expire, release_session};
pub(crate) use returning::{
    HeldOnNode, ended_how, held_on_node, lapse_assignments, promote, release_node, release_some, release_stray,
};

use crate::item::store::{self, columns, is_held, is_waiting};
use crate::model::{LEASE_MICROS, Lease};
use best::{Candidate, best, choose};
use journal::{Actor, Answer, Cx, Failure, Journal};
use kernel::{Instant, InstitutionId, PersonId, SessionId, SliceId, WorkItemId};
use organization::Category;
use permission::{Hand, separation};
use storage::{Db, Fault, Tx, WriteError, sql};

/// How many rows a person may turn out unable to take, one after the other, before the next round tries again.
const REFUSED_MAX: usize = 32;

/// Who takes work, and what the statement must know of them.
#[derive(Debug, Clone)]
pub struct Taker {
    pub person: PersonId,
    pub session: SessionId,
    /// The server node that speaks with the session.
    pub node: String,
    /// Nobody receives work of their own institution.
    pub home: InstitutionId,
    pub outsourced: bool,
    /// How many items the person may hold at once.
    pub capacity: u32,
}

/// How many items of a queue a person may still take.
#[derive(Debug, Clone)]
pub struct Want {
    pub queue: String,
    pub count: u32,
}

/// A row that the separation of duties refused after it had been found: somebody was quicker, or a relative stands in the way.
enum Lost {
    Row(WorkItemId),
    Failure(Failure),
}

impl From<Fault> for Lost {
    fn from(fault: Fault) -> Self {
        Self::Failure(fault.into())
    }
}

impl WriteError for Lost {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Row(_) => None,
            Self::Failure(failure) => failure.fault(),
        }
    }
}

/// What a person received, and what turned out not to be for them.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub leases: Vec<Lease>,
    /// Rows whose marks were refused; the caller names them again next time, so that they cost one attempt and not one each round.
    pub refused: Vec<WorkItemId>,
}

/// Gives the person the best work they may have: at most `free` items, over all wanted queues.
///
/// Row, hold and separation marks are written in one transaction; when a mark is refused nothing of it stands, and the next row is tried.
/// Several people may be served in the same transaction: no row that one takes is waited for by another.
pub async fn take(
    journal: &Journal,
    taker: &Taker,
    wants: &[Want],
    free: u32,
    now: Instant,
    refused: &[WorkItemId],
) -> Answer<Taken> {
    let mut taken = Taken::default();
    while taken.refused.len() < REFUSED_MAX {
        let (taker, wants, vault) = (taker.clone(), wants.to_vec(), journal.vault.clone());
        let passed: Vec<WorkItemId> = refused.iter().chain(&taken.refused).cloned().collect();
        let attempt = journal.db.write_together::<Vec<Lease>, Lost, _>(move |tx| {
            let (taker, wants, vault, passed) = (taker.clone(), wants.clone(), vault.clone(), passed.clone());
            Box::pin(async move {
                let mut cx = Cx { tx, actor: Actor::system("work"), now, vault };
                claim_best(&mut cx, &taker, &wants, free, &passed).await
            })
        });
        match attempt.await {
            Ok(leases) => {
                taken.leases = leases;
                break;
            }
            Err(Lost::Row(id)) => taken.refused.push(id),
            Err(Lost::Failure(failure)) => return Err(failure),
        }
    }
    Ok(taken)
}

async fn claim_best(
    cx: &mut Cx<'_>,
    taker: &Taker,
    wants: &[Want],
    free: u32,
    refused: &[WorkItemId],
) -> Result<Vec<Lease>, Lost> {
    // The usual case: somebody who finished one item of the queue they work on is given the next.
    if let [want] = wants
        && want.count.min(free) == 1
    {
        let lease = best::take_best(cx.tx, taker, &want.queue, refused, cx.now).await?;
        return match lease {
            Some(lease) => Ok(vec![marked(cx, taker, lease).await?]),
            None => Ok(Vec::new()),
        };
    }
    let chosen = find(cx.tx, taker, wants, i64::from(free), refused).await?;
    let mut leases = Vec::with_capacity(chosen.len());
    for candidate in chosen {
        let lease = claim(cx.tx, taker, &candidate.work_item_id, cx.now).await?;
        leases.push(marked(cx, taker, lease).await?);
    }
    Ok(leases)
}

async fn find(
    tx: &mut Tx,
    taker: &Taker,
    wants: &[Want],
    free: i64,
    refused: &[WorkItemId],
) -> Result<Vec<Candidate>, Fault> {
    let mut queues = Vec::with_capacity(wants.len());
    for want in wants {
        let count = i64::from(want.count).min(free);
        // Slices of one item wait side by side; an outsourced seat may have one of them, so more rows are looked at.
        let limit = if taker.outsourced && count > 1 { best::LOOKED_AT_MAX } else { count };
        queues.push((count, best(tx, taker, &want.queue, refused, limit).await?));
    }
    Ok(choose(queues, free, taker.outsourced))
}

/// The lease with its separation marks written.
async fn marked(cx: &mut Cx<'_>, taker: &Taker, lease: Lease) -> Result<Lease, Lost> {
    let category = if taker.outsourced { Category::Outsourced } else { Category::Employee };
    match take_marks(cx, category, &taker.person, lease.hand, lease.slice.as_ref(), &lease.subject).await {
        Ok(()) => Ok(lease),
        Err(Failure::Refused(_)) => Err(Lost::Row(lease.work_item_id)),
        Err(failure) => Err(Lost::Failure(failure)),
    }
}

async fn claim(tx: &mut Tx, taker: &Taker, id: &WorkItemId, now: Instant) -> Result<Lease, Fault> {
    let statement = sql(concat!(
        "UPDATE work_items SET state = 'leased', person_id = $2, session_id = $3, node = $4, fence = fence + 1, attempts = attempts + 1,
             leased_at = $5, lease_until = $6, acked_at = NULL
         WHERE work_item_id = $1 AND ",
        is_waiting!(),
        " RETURNING ",
        columns!()
    ));
    let statement = statement
        .bind(id)
        .bind(&taker.person)
        .bind(&taker.session)
        .bind(taker.node.as_str())
        .bind(now)
        .bind(now.plus_micros(LEASE_MICROS));
    store::lease(store::item(&tx.one(statement).await?)?)
}

/// Writes the separation marks that go with being handed a piece of work.
pub(crate) async fn take_marks(
    cx: &mut Cx<'_>,
    category: Category,
    person: &PersonId,
    hand: Hand,
    slice: Option<&SliceId>,
    subject: &str,
) -> Answer<()> {
    separation::take_hand(cx, person, hand, subject).await?;
    match slice {
        Some(slice) if category == Category::Outsourced => {
            separation::take_slice(cx, person, slice.as_str(), subject).await
        }
        _ => Ok(()),
    }
}

/// How many sessions one statement of [`renew_many`] names.
const RENEWED_TOGETHER: usize = 16;

/// A session whose holds are to last until an instant.
#[derive(Debug, Clone)]
pub(crate) struct Renewal {
    pub person: PersonId,
    pub session: SessionId,
    pub until: Instant,
}

/// Prolongs every hold of one session to `until`. For a node that does not speak with the session itself.
pub async fn renew(db: &Db, person: &PersonId, session: &SessionId, until: Instant) -> Result<(), Fault> {
    renew_many(db, vec![Renewal { person: person.clone(), session: session.clone(), until }]).await?;
    Ok(())
}

/// Prolongs every hold of the sessions: one transaction, one statement for each sixteen, no indexed column changed.
///
/// Sixteen whose last signs of life were close together share the earliest of their instants, so that no hold outlives its browser
/// by more than [`LEASE_MICROS`]. Answers the renewals with the instants that were written.
pub(crate) async fn renew_many(db: &Db, mut renewals: Vec<Renewal>) -> Result<Vec<Renewal>, Fault> {
    if renewals.is_empty() {
        return Ok(renewals);
    }
    renewals.sort_by_key(|renewal| renewal.until);
    for chunk in renewals.chunks_mut(RENEWED_TOGETHER) {
        let until = chunk[0].until;
        chunk.iter_mut().for_each(|renewal| renewal.until = until);
    }
    let written = renewals.clone();
    db.write::<(), Fault, _>(move |tx| {
        let renewals = renewals.clone();
        Box::pin(async move {
            for chunk in renewals.chunks(RENEWED_TOGETHER) {
                renew_chunk(tx, chunk).await?;
            }
            Ok(())
        })
    })
    .await?;
    Ok(written)
}

async fn renew_chunk(tx: &mut Tx, chunk: &[Renewal]) -> Result<(), Fault> {
    let mut statement = sql("UPDATE work_items SET lease_until = $1 WHERE state = 'leased' AND lease_until < $1
         AND person_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         AND session_id IN ($18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)")
    .bind(chunk[0].until);
    for place in 0..RENEWED_TOGETHER {
        statement = statement.bind(chunk.get(place).map_or("", |renewal| renewal.person.as_str()));
    }
    for place in 0..RENEWED_TOGETHER {
        statement = statement.bind(chunk.get(place).map_or("", |renewal| renewal.session.as_str()));
    }
    tx.execute(statement).await?;
    Ok(())
}

/// Records that stations show the work; the first of these ends a person's run of missed work.
pub(crate) async fn acknowledge(db: &Db, shown: Vec<(PersonId, WorkItemId, i64)>, now: Instant) -> Result<(), Fault> {
    if shown.is_empty() {
        return Ok(());
    }
    db.write::<(), Fault, _>(move |tx| {
        let shown = shown.clone();
        Box::pin(async move {
            for (person, id, fence) in &shown {
                let statement = sql(concat!(
                    "UPDATE work_items SET acked_at = $4 WHERE work_item_id = $1 AND fence = $2 AND person_id = $3 AND acked_at IS NULL AND ",
                    is_held!()
                ));
                let first = tx.execute(statement.bind(id).bind(*fence).bind(person).bind(now)).await? == 1;
                if first {
                    tx.execute(sql("UPDATE presence SET missed = 0 WHERE person_id = $1 AND missed > 0").bind(person))
                        .await?;
                }
            }
            Ok(())
        })
    })
    .await
}
