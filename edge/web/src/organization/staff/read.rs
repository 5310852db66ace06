use super::super::wire::StaffWire;
use crate::App;
use crate::extract::{Allowed, At, Json};
use crate::problem::Reply;
use axum::extract::State;
use kernel::{Code, PersonId, Refusal};
use organization::staff;
use permission::act;

/// One person with today's posts.
#[utoipa::path(get, path = "/organization/staff/{person_id}", operation_id = "read_person", responses((status = 200, body = StaffWire)))]
pub(crate) async fn read(
    allowed: Allowed<act::ViewOrganization>,
    State(app): State<App>,
    At(person_id): At<PersonId>,
) -> Reply<Json<StaffWire>> {
    let mut reader = app.journal.db.reader().await?;
    let person = staff::find(&mut reader, &person_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let home = super::home(&mut reader, &person).await?;
    allowed.covers(&home.path)?;
    Ok(Json::of(super::wire(&mut reader, &person, &home, crate::today(allowed.session.now)?).await?))
}
