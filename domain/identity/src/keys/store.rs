//! The table `key_profiles`.

use super::model::{Chosen, KeyProfile};
use kernel::{Instant, PersonId};
use storage::{Conn, Fault, Row, Tx, sql};

fn profile(row: &Row) -> Result<KeyProfile, Fault> {
    let keys: Chosen = serde_json::from_str(&row.text("keys")?)
        .map_err(|error| Fault::inconsistent(format!("a stored key profile: {error}")))?;
    Ok(KeyProfile { version: row.int("version")?, keys })
}

pub(super) async fn find(conn: &mut Conn, person: &PersonId) -> Result<Option<KeyProfile>, Fault> {
    let statement = sql("SELECT version, keys FROM key_profiles WHERE person_id = $1").bind(person);
    conn.optional(statement).await?.as_ref().map(profile).transpose()
}

pub(super) async fn lock(tx: &mut Tx, person: &PersonId) -> Result<Option<KeyProfile>, Fault> {
    let statement = sql("SELECT version, keys FROM key_profiles WHERE person_id = $1").bind(person);
    tx.optional(statement.for_update()).await?.as_ref().map(profile).transpose()
}

/// Writes the next version; the first of two racing ones wins, and the other fails on its version.
pub(super) async fn put(tx: &mut Tx, person: &PersonId, after: &KeyProfile, now: Instant) -> Result<(), Fault> {
    let KeyProfile { version, keys } = after;
    let statement = if *version == 1 {
        sql("INSERT INTO key_profiles (person_id, version, keys, at) VALUES ($1, $2, $3, $4)")
    } else {
        sql("UPDATE key_profiles SET version = $2, keys = $3, at = $4 WHERE person_id = $1 AND version = $2 - 1")
    };
    let text = serde_json::json!(keys).to_string();
    tx.execute_one(statement.bind(person).bind(*version).bind(text).bind(now)).await
}
