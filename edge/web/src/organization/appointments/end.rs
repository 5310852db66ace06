use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer, rights};
use crate::problem::Reply;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use journal::Subject;
use kernel::AppointmentId;
use permission::act;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndAppointmentBody {
    reason: String,
}

/// Ends an appointment today; what it granted is gone on the person's next request, and work that came with it goes back at once.
#[utoipa::path(
    delete,
    path = "/organization/appointments/{appointment_id}",
    operation_id = "end_appointment",
    request_body = EndAppointmentBody,
    responses((status = 204))
)]
pub(crate) async fn end(
    allowed: Allowed<act::EditAppointment>,
    key: Key,
    State(app): State<App>,
    At(appointment): At<AppointmentId>,
    body: Json<EndAppointmentBody>,
) -> Reply<Response> {
    let today = crate::today(allowed.session.now)?;
    let command = key.command("organization.appointment.end", allowed.actor(), Subject::of(&appointment), &body);
    let (permit, reason, target) = (allowed.permit, body.value.reason, appointment.clone());
    let outcome = app
        .journal
        .run(command, move |cx| {
            let (permit, appointment, reason) = (Arc::clone(&permit), target.clone(), reason.clone());
            Box::pin(async move { permission::appointment::end(cx, &permit, appointment, today, reason).await })
        })
        .await?;
    let held = {
        let mut reader = app.journal.db.reader().await?;
        organization::appointment::find(&mut reader, &appointment).await?
    };
    // Also for a repeat: the first request may have broken off after its commit, and it does nothing twice.
    if let Some(held) = held {
        app.engine.recheck(&rights(&app, &held.person_id, allowed.session.now).await?).await?;
    }
    answer(outcome, |()| StatusCode::NO_CONTENT)
}
