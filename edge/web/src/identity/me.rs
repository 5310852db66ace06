//! The signed-in person, and what they may do today.

use crate::App;
use crate::extract::{AnySession, Json};
use crate::organization::AppointmentWire;
use crate::problem::Reply;
use crate::wire::InstitutionRef;
use crate::words;
use axum::extract::State;
use kernel::{Code, Refusal};
use organization::{appointment, institution, staff};
use permission::{Action, Rights};
use serde::Serialize;
use utoipa::ToSchema;

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    person_id: String,
    employee_no: String,
    name: String,
    #[schema(value_type = words::PersonCategory)]
    category: &'static str,
    /// The vendor of an outsourced person.
    vendor: Option<String>,
    institution: InstitutionRef,
    posts: Vec<AppointmentWire>,
    /// For the console's hints; the server decides again at every request.
    #[schema(value_type = Vec<words::Action>)]
    permissions: Vec<&'static str>,
    seat: Option<String>,
    /// The session may do nothing but change the password.
    must_change_password: bool,
    /// Chosen in the browser; the server keeps none yet.
    language: Option<String>,
}

/// Who is signed in, with today's posts and permissions.
#[utoipa::path(get, path = "/identity/me", operation_id = "me", responses((status = 200, body = Me)))]
pub(crate) async fn me(session: AnySession, State(app): State<App>) -> Reply<Json<Me>> {
    Ok(Json::of(load(&app, &session).await?))
}

pub(super) async fn load(app: &App, session: &crate::extract::Signed) -> Reply<Me> {
    let gone = || Refusal::new(Code::Unauthenticated);
    let today = crate::today(session.now)?;
    let mut reader = app.journal.db.reader().await?;
    let rights = Rights::load(&mut reader, &session.person_id, today).await?;
    let person = &rights.person;
    let home = institution::find(&mut reader, &person.home).await?.ok_or_else(gone)?;
    let held = appointment::current(&mut reader, &session.person_id, today).await?;
    let vendor = match &person.vendor_id {
        Some(vendor) => staff::find_vendor(&mut reader, vendor).await?.map(|vendor| vendor.name),
        None => None,
    };
    Ok(Me {
        person_id: person.person_id.to_string(),
        employee_no: person.employee_no.clone(),
        name: person.name.clone(),
        category: person.category.as_str(),
        vendor,
        institution: InstitutionRef::from(&home),
        posts: held.iter().map(AppointmentWire::from).collect(),
        permissions: rights.actions().into_iter().map(Action::as_str).collect(),
        seat: session.seat.clone(),
        must_change_password: session.must_change_password,
        language: None,
    })
}
