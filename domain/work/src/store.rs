//! The SQL that concerns queues as a whole.

use crate::model::QueueSpec;
use std::collections::HashSet;
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

/// The queues in which something waits: one look into the index for each.
pub(crate) async fn queues_with_waiting(conn: &mut Conn) -> Result<HashSet<String>, Fault> {
    let statement = sql("SELECT q.code FROM work_queues q
                         WHERE EXISTS (SELECT 1 FROM work_items w WHERE w.queue = q.code AND w.state = 'ready' LIMIT 1 OFFSET 0)");
    conn.all(statement).await?.iter().map(|row| row.text("code")).collect()
}
