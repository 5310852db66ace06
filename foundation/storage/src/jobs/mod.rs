//! Background work of the machine as rows: durable with the change that asked for it, shared by several nodes.
//!
//! A job is leased for a time with a fencing number; a node that slept past its lease finds its number stale and its late acts refused.
//! A job may run twice, so what it does must bear repetition.

mod runner;
#[cfg(test)]
mod tests;

pub use runner::{Handler, JobFuture, Runner};

use crate::{Conn, Cursor, Fault, Page, Row, Tx, sql};
use kernel::{Instant, JobId};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Names the handler, such as `processing.post_item`.
    pub kind: &'static str,
    /// Ids only, no personal data: payloads are shown to operators of the machine.
    pub payload: serde_json::Value,
    /// A second job of the same kind and key is not enqueued while the first waits or runs.
    pub dedup_key: Option<String>,
    pub run_at: Instant,
    /// After so many failed attempts the job goes to the dead-letter list.
    pub attempts_max: u32,
}

/// A job that this node may run until `lease_until`.
#[derive(Debug, Clone)]
pub struct LeasedJob {
    pub job_id: JobId,
    pub kind: String,
    pub payload: serde_json::Value,
    pub fence: i64,
    pub attempt: u32,
    pub attempts_max: u32,
    pub lease_until: Instant,
}

/// A job that was given up.
#[derive(Debug, Clone)]
pub struct DeadJob {
    pub job_id: JobId,
    pub kind: String,
    pub payload: serde_json::Value,
    pub attempts: i64,
    pub last_error: String,
    pub ended_at: Instant,
}

/// Puts a job into the caller's transaction; `None` when its dedup key is already waiting or running.
pub async fn enqueue(tx: &mut Tx, now: Instant, job: NewJob) -> Result<Option<JobId>, Fault> {
    let job_id = JobId::new(now);
    let rows = tx
        .execute(
            sql("INSERT INTO jobs (job_id, kind, dedup_key, payload, state, run_at, attempts_max, created_at)
                 VALUES ($1, $2, $3, $4, 'ready', $5, $6, $7)
                 ON CONFLICT (kind, dedup_key) WHERE dedup_key IS NOT NULL AND state IN ('ready', 'running') DO NOTHING")
            .bind(&job_id)
            .bind(job.kind)
            .bind(job.dedup_key)
            .bind(job.payload.to_string())
            .bind(job.run_at)
            .bind(job.attempts_max)
            .bind(now),
        )
        .await?;
    Ok((rows == 1).then_some(job_id))
}

/// What is kept of a job that was never settled in its last attempt: nobody was left to say more.
const UNSETTLED: &str = "its process ended, or slept past the lease, in the last attempt";

/// Takes the job that is due longest, if any; an expired lease counts as due.
///
/// A job that was not settled in its last attempt is dead instead: one that kills its process would be taken first for ever.
pub async fn lease(tx: &mut Tx, now: Instant, node: &str, lease_micros: i64) -> Result<Option<LeasedJob>, Fault> {
    let found = loop {
        let Some(found) = due(tx, now).await? else { return Ok(None) };
        if found.int("attempts")? < found.int("attempts_max")? {
            break found;
        }
        give_up(tx, &found, now).await?;
    };
    let row = tx
        .one(
            sql("UPDATE jobs SET state = 'running', attempts = attempts + 1, fence = fence + 1, leased_by = $2, lease_until = $3
                 WHERE job_id = $1 RETURNING job_id, kind, payload, fence, attempts, attempts_max")
            .bind(found.text("job_id")?)
            .bind(node)
            .bind(now.plus_micros(lease_micros)),
        )
        .await?;
    Ok(Some(LeasedJob {
        job_id: row.id("job_id")?,
        kind: row.text("kind")?,
        payload: payload(&row)?,
        fence: row.int("fence")?,
        attempt: u32::try_from(row.int("attempts")?).unwrap_or(u32::MAX),
        attempts_max: u32::try_from(row.int("attempts_max")?).unwrap_or(u32::MAX),
        lease_until: now.plus_micros(lease_micros),
    }))
}

async fn due(tx: &mut Tx, now: Instant) -> Result<Option<Row>, Fault> {
    let ready = sql("SELECT job_id, kind, attempts, attempts_max FROM jobs
         WHERE state = 'ready' AND run_at <= $1 ORDER BY run_at, job_id LIMIT 1");
    let expired = sql("SELECT job_id, kind, attempts, attempts_max FROM jobs
         WHERE state = 'running' AND lease_until < $1 ORDER BY lease_until LIMIT 1");
    match tx.optional(expired.bind(now).skip_locked()).await? {
        Some(row) => Ok(Some(row)),
        None => tx.optional(ready.bind(now).skip_locked()).await,
    }
}

async fn give_up(tx: &mut Tx, found: &Row, now: Instant) -> Result<(), Fault> {
    let (job, kind) = (found.text("job_id")?, found.text("kind")?);
    tracing::error!(job, kind, "a job was never settled in its last attempt and is dead");
    tx.execute_one(
        sql("UPDATE jobs SET state = 'dead', ended_at = $2, leased_by = NULL, lease_until = NULL, last_error = $3 WHERE job_id = $1")
            .bind(job)
            .bind(now)
            .bind(UNSETTLED),
    )
    .await
}

/// Makes what a node of this name held due again, before it begins: it is the same node after a crash, and nobody else will finish it.
/// A process of that name which still lives finds its numbers stale once the jobs are taken again.
pub async fn release_node(tx: &mut Tx, node: &str) -> Result<u64, Fault> {
    tx.execute(
        sql("UPDATE jobs SET state = 'ready', leased_by = NULL, lease_until = NULL WHERE state = 'running' AND leased_by = $1")
            .bind(node),
    )
    .await
}

/// Marks the job done; `false` when the lease went to somebody else meanwhile.
pub async fn finish(tx: &mut Tx, job: &LeasedJob, now: Instant) -> Result<bool, Fault> {
    let rows = tx
        .execute(
            sql("UPDATE jobs SET state = 'done', ended_at = $3, lease_until = NULL, last_error = NULL
                 WHERE job_id = $1 AND fence = $2 AND state = 'running'")
            .bind(&job.job_id)
            .bind(job.fence)
            .bind(now),
        )
        .await?;
    Ok(rows == 1)
}

/// Records a failed attempt: the job waits longer each time, and after its bound it is dead.
/// `error` holds no personal data.
pub async fn fail(tx: &mut Tx, job: &LeasedJob, now: Instant, error: &str) -> Result<bool, Fault> {
    let dead = job.attempt >= job.attempts_max;
    let rows = tx
        .execute(
            sql("UPDATE jobs SET state = $3, run_at = $4, ended_at = $5, lease_until = NULL, last_error = $6
                 WHERE job_id = $1 AND fence = $2 AND state = 'running'")
            .bind(&job.job_id)
            .bind(job.fence)
            .bind(if dead { "dead" } else { "ready" })
            .bind(now.plus_micros(back_off_micros(job.attempt)))
            .bind(dead.then_some(now))
            .bind(error),
        )
        .await?;
    Ok(rows == 1)
}

/// Doubling from half a second to five minutes.
fn back_off_micros(attempt: u32) -> i64 {
    (500_000i64 << attempt.min(10)).min(300 * kernel::clock::MICROS_PER_SECOND)
}

/// The dead-letter list, newest first.
pub async fn dead(conn: &mut Conn, after: Option<&Cursor>, limit: i64) -> Result<Page<DeadJob>, Fault> {
    let (key, id) = after.map_or((i64::MAX, ""), |cursor| (cursor.key, cursor.id.as_str()));
    let rows = conn
        .all(
            sql("SELECT job_id, kind, payload, attempts, last_error, ended_at FROM jobs
                 WHERE state = 'dead' AND (ended_at < $1 OR (ended_at = $1 AND job_id > $2))
                 ORDER BY ended_at DESC, job_id LIMIT $3 + 0")
            .bind(key)
            .bind(id)
            .bind(limit + 1),
        )
        .await?;
    let jobs = rows
        .iter()
        .map(|row| {
            Ok(DeadJob {
                job_id: row.id("job_id")?,
                kind: row.text("kind")?,
                payload: payload(row)?,
                attempts: row.int("attempts")?,
                last_error: row.opt_text("last_error")?.unwrap_or_default(),
                ended_at: row.instant("ended_at")?,
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    Ok(Page::cut(jobs, limit, |last| Cursor { key: last.ended_at.micros(), id: last.job_id.to_string() }))
}

/// Puts a dead job back to work with a new set of attempts; `false` when it is not dead.
pub async fn revive(tx: &mut Tx, job_id: &JobId, now: Instant) -> Result<bool, Fault> {
    let rows = tx
        .execute(
            sql("UPDATE jobs SET state = 'ready', attempts = 0, run_at = $2, ended_at = NULL WHERE job_id = $1 AND state = 'dead'")
                .bind(job_id)
                .bind(now),
        )
        .await?;
    Ok(rows == 1)
}

/// How many jobs wait, run and are dead, for metrics and the report at shut-down.
pub async fn counts(conn: &mut Conn) -> Result<Vec<(String, i64)>, Fault> {
    let rows = conn.all(sql("SELECT state, COUNT(*) AS n FROM jobs WHERE state <> 'done' GROUP BY state")).await?;
    rows.iter().map(|row| Ok((row.text("state")?, row.int("n")?))).collect()
}

fn payload(row: &Row) -> Result<serde_json::Value, Fault> {
    serde_json::from_str(&row.text("payload")?).map_err(|error| Fault::inconsistent(format!("job payload: {error}")))
}
