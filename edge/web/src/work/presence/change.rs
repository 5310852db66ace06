use super::super::wire::PresenceWire;
use crate::App;
use crate::extract::{Allowed, Json, Key, answer, rights};
use crate::problem::Reply;
use crate::wire::word;
use crate::words;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::{Code, Refusal};
use permission::act;
use serde::Deserialize;
use utoipa::ToSchema;
use work::{BreakReason, PresenceChange, Standing};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresenceOrder {
    #[schema(value_type = words::ChosenState)]
    state: String,
    /// Why a break.
    #[schema(value_type = Option<words::ChosenBreak>)]
    reason: Option<String>,
    /// Absent means every queue that one's posts allow.
    #[schema(value_type = Option<Vec<words::QueueName>>)]
    queues: Option<Vec<String>>,
    /// 1 to 4.
    capacity: Option<u32>,
}

/// Sets oneself ready, on a break, or signed out. Who becomes ready is served before this answers.
#[utoipa::path(put, path = "/work/presence/me", operation_id = "change_presence", request_body = PresenceOrder, responses((status = 200, body = PresenceWire)))]
pub(crate) async fn change(
    allowed: Allowed<act::TakeWork>,
    key: Key,
    State(app): State<App>,
    body: Json<PresenceOrder>,
) -> Reply<Response> {
    let command = key.command("work.presence.change", allowed.actor(), Subject::of(allowed.person_id()), &body);
    let PresenceOrder { state, reason, queues, capacity } = body.value;
    let standing = standing(&state, reason.as_deref())?;
    let rights = rights(&app, allowed.person_id(), allowed.session.now).await?;
    let change = PresenceChange { standing, queues, capacity };
    let outcome = app.engine.set_presence(command, &allowed, &rights, &allowed.session.session_id, change).await?;
    answer(outcome, |presence| Json::of(PresenceWire::from(&presence)))
}

fn standing(state: &str, reason: Option<&str>) -> Result<Standing, Refusal> {
    match (state, reason) {
        ("ready", _) => Ok(Standing::Ready),
        ("signed_out", _) => Ok(Standing::SignedOut),
        ("break", None) => Err(Refusal::new(Code::ReasonRequired).at("reason")),
        ("break", Some(reason)) => Ok(Standing::Break(word("reason", reason, BreakReason::parse)?)),
        _ => Err(Refusal::field("state", "须为 ready、break 或 signed_out", "write ready, break or signed_out")),
    }
}
