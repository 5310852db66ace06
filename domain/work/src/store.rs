//! The SQL that concerns queues as a whole.

use crate::model::QueueSpec;
use std::collections::HashMap;
use storage::{Conn, Fault, Tx, sql};

/// Writes down what the queues are. A queue that is declared no more stays, because its history names it.
pub(crate) async fn put_queues(tx: &mut Tx, queues: &[QueueSpec]) -> Result<(), Fault> {
    for spec in queues {
        tx.execute_one(
            sql("INSERT INTO work_queues (code, name_zh, name_en, action, capacity, wrap_up_seconds) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, action = excluded.action,
                     capacity = excluded.capacity, wrap_up_seconds = excluded.wrap_up_seconds")
            .bind(spec.code)
            .bind(spec.name_zh)
            .bind(spec.name_en)
            .bind(spec.action.as_str())
            .bind(spec.capacity)
            .bind(spec.wrap_up_seconds),
        )
        .await?;
    }
    Ok(())
}

/// How many items wait in each queue where any does, counted up to sixteen: the dispatcher asks whether to go on, not how long the queue is.
///
/// The order is that of the queue's index: without it PostgreSQL looks for sixteen waiting rows from the table's beginning, where the done ones are.
pub(crate) async fn waiting_counts(conn: &mut Conn) -> Result<HashMap<String, i64>, Fault> {
    let statement = sql("SELECT q.code, (SELECT COUNT(*) FROM (SELECT w.work_item_id FROM work_items w
                                                              WHERE w.queue = q.code AND w.state = 'ready'
                                                              ORDER BY w.rank_class, w.due_at, w.work_item_id LIMIT 16) AS first_ones) AS n
                         FROM work_queues q");
    let rows = conn.all(statement).await?;
    let counts = rows.iter().map(|row| Ok((row.text("code")?, row.int("n")?))).collect::<Result<Vec<_>, Fault>>()?;
    Ok(counts.into_iter().filter(|(_, count)| *count > 0).collect())
}
