//! The keys that a person works with: what each of them chose instead of the standard, such as another key of the keypad.
//!
//! Whether two bindings meet on one key is decided where both are shown, in the console; here is decided what a key is at all.

mod model;
mod store;
#[cfg(test)]
mod tests;

pub use model::{Chosen, KeyProfile};

use journal::{Answer, Cx, Entry, Recorded};
use kernel::{Code, PersonId, Refusal};
use serde_json::json;
use storage::{Conn, Fault};

/// What the person chose; nothing, at version 0, for who never chose.
pub async fn read(conn: &mut Conn, person: &PersonId) -> Result<KeyProfile, Fault> {
    Ok(store::find(conn, person).await?.unwrap_or_default())
}

/// Replaces what the actor chose, made from `version` of it; answers the new version.
///
/// Refuses another version than the present one, names that are none, keys that are none or that belong to the browser or the input method,
/// and a binding left without a key.
pub async fn change(mut cx: Cx<'_>, version: i64, keys: Chosen) -> Answer<Recorded<i64>> {
    let person = cx.actor.person.clone().ok_or_else(|| Refusal::new(Code::Unauthenticated))?;
    model::check(&keys)?;
    let before = store::lock(cx.tx, &person).await?.unwrap_or_default();
    if before.version != version {
        return Err(Refusal::new(Code::StaleVersion).into());
    }
    let after = KeyProfile { version: version + 1, keys };
    store::put(cx.tx, &person, &after, cx.now).await?;
    let payload = json!({"before": before.keys, "after": after.keys});
    Ok(cx.append(Entry::new(&person, "identity.keys.change", payload)).await?.done(after.version))
}
