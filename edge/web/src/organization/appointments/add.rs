use crate::App;
use crate::extract::{Allowed, Json, Key, answer};
use crate::problem::Reply;
use crate::wire::{date, id};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::AppointmentId;
use organization::NewAppointment;
use permission::act;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAppointmentBody {
    person_id: String,
    post_id: String,
    institution_id: String,
    #[schema(example = "2026-03-02")]
    from: String,
    /// The first date on which it is no longer in force.
    until: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentMade {
    appointment_id: String,
}

/// Appoints a person to a post from a date on. Refused for oneself, and for incompatible posts of a person or relatives.
#[utoipa::path(
    post,
    path = "/organization/appointments",
    operation_id = "add_appointment",
    request_body = NewAppointmentBody,
    responses((status = 201, body = AppointmentMade))
)]
pub(crate) async fn add(
    allowed: Allowed<act::EditAppointment>,
    key: Key,
    State(app): State<App>,
    body: Json<NewAppointmentBody>,
) -> Reply<Response> {
    let NewAppointmentBody { person_id, post_id, institution_id, from, until } = &body.value;
    let new = NewAppointment {
        person_id: id("person_id", person_id)?,
        post_id: id("post_id", post_id)?,
        institution_id: id("institution_id", institution_id)?,
        from: date("from", from)?,
        until: until.as_deref().map(|until| date("until", until)).transpose()?,
    };
    let command = key.command("organization.appointment.add", allowed.actor(), Subject::of(&new.person_id), &body);
    let permit = allowed.permit;
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, new) = (Arc::clone(&permit), new.clone());
            Box::pin(async move { permission::appointment::appoint(cx, &permit, new).await })
        })
        .await?;
    answer(outcome, |id: AppointmentId| (StatusCode::CREATED, Json::of(AppointmentMade { appointment_id: id.into() })))
}
