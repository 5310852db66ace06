//! One's own keys.

use crate::App;
use crate::extract::{FirstAnswer, IfMatch, Json, Key, Session, answer, etag};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use identity::keys::{self, KeyProfile};
use journal::Subject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The form of a profile, so that one that was exported can be told from later ones.
const FORM: i64 = 1;

/// The keys that a person chose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyProfile)]
pub(crate) struct KeyProfileWire {
    /// The form of this document, 1.
    version: i64,
    /// Chords by the name of what they do, such as `keying.confirm`; what is not named has its standard keys.
    keys: BTreeMap<String, Vec<String>>,
}

impl From<KeyProfile> for KeyProfileWire {
    fn from(profile: KeyProfile) -> Self {
        let KeyProfile { version: _, keys } = profile;
        Self { version: FORM, keys }
    }
}

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyChoice {
    keys: BTreeMap<String, Vec<String>>,
}

/// The keys that one chose oneself; the `ETag` is their version, `"0"` while there are none.
#[utoipa::path(get, path = "/identity/me/keys", operation_id = "read_keys", responses((status = 200, body = KeyProfileWire)))]
pub(crate) async fn read(session: Session, State(app): State<App>) -> Reply<impl IntoResponse> {
    let profile = keys::read(&mut *app.journal.db.reader().await?, &session.person_id).await?;
    Ok((etag(profile.version), Json::of(KeyProfileWire::from(profile))))
}

/// Replaces the keys that one chose. `If-Match` names the version that was read.
#[utoipa::path(
    put,
    path = "/identity/me/keys",
    operation_id = "change_keys",
    request_body = KeyChoice,
    params(("If-Match" = String, Header, description = "The version that was read.")),
    responses((status = 200, body = KeyProfileWire))
)]
pub(crate) async fn change(
    session: Session,
    key: Key,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    body: Json<KeyChoice>,
) -> Reply<Response> {
    let command = key.command("identity.keys.change", session.actor(), Subject::of(&session.person_id), &body);
    let KeyChoice { keys } = body.value;
    let outcome = app
        .journal
        .run(command, move |cx| {
            let keys = keys.clone();
            Box::pin(async move {
                let changed = keys::change(cx, version, keys.clone()).await?;
                let version = *changed.value();
                let first = FirstAnswer::of(version, &KeyProfileWire::from(KeyProfile { version, keys }))?;
                Ok(changed.map(|_| first))
            })
        })
        .await?;
    answer(outcome, |first| first)
}
