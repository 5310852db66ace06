//! The table `posts`.

use super::model::{Categories, Duty, Post};
use kernel::{Instant, PostId};
use storage::{Conn, Fault, Row, Tx, sql};

/// Reads a post whose columns carry `prefix`.
pub(crate) fn post(row: &Row, prefix: &str) -> Result<Post, Fault> {
    let column = |name: &str| format!("{prefix}{name}");
    Ok(Post {
        post_id: row.id(&column("post_id"))?,
        code: row.text(&column("code"))?,
        name_zh: row.text(&column("name_zh"))?,
        name_en: row.text(&column("name_en"))?,
        duty: row.parsed(&column("duty"), Duty::parse)?,
        takes: Categories {
            employees: row.bool(&column("takes_employees"))?,
            dispatched: row.bool(&column("takes_dispatched"))?,
            outsourced: row.bool(&column("takes_outsourced"))?,
        },
    })
}

pub(super) async fn find(conn: &mut Conn, id: &PostId) -> Result<Option<Post>, Fault> {
    conn.optional(
        sql("SELECT post_id, code, name_zh, name_en, duty, takes_employees, takes_dispatched, takes_outsourced
             FROM posts WHERE post_id = $1")
        .bind(id),
    )
    .await?
    .map(|row| post(&row, ""))
    .transpose()
}

pub(super) async fn find_by_code(conn: &mut Conn, code: &str) -> Result<Option<Post>, Fault> {
    conn.optional(
        sql("SELECT post_id, code, name_zh, name_en, duty, takes_employees, takes_dispatched, takes_outsourced
             FROM posts WHERE code = $1")
        .bind(code),
    )
    .await?
    .map(|row| post(&row, ""))
    .transpose()
}

pub(super) async fn all(conn: &mut Conn) -> Result<Vec<Post>, Fault> {
    let rows = conn
        .all(sql("SELECT post_id, code, name_zh, name_en, duty, takes_employees, takes_dispatched, takes_outsourced
                  FROM posts ORDER BY code"))
        .await?;
    rows.iter().map(|row| post(row, "")).collect()
}

pub(super) async fn insert(tx: &mut Tx, new: &Post, now: Instant) -> Result<(), Fault> {
    let Post { post_id, code, name_zh, name_en, duty, takes } = new;
    tx.execute_one(
        sql("INSERT INTO posts (post_id, code, name_zh, name_en, duty, takes_employees, takes_dispatched, takes_outsourced, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(post_id)
        .bind(code)
        .bind(name_zh)
        .bind(name_en)
        .bind(duty.as_str())
        .bind(takes.employees)
        .bind(takes.dispatched)
        .bind(takes.outsourced)
        .bind(now),
    )
    .await
}
