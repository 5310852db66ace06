use super::super::wire::InstitutionWire;
use crate::App;
use crate::extract::{Allowed, At, Json, etag};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::IntoResponse;
use kernel::{Code, InstitutionId, Refusal};
use organization::institution;
use permission::act;
use storage::{Conn, Fault};

/// One institution, with its parent and hours; its version is the `ETag`.
#[utoipa::path(get, path = "/organization/institutions/{institution_id}", operation_id = "read_institution", responses((status = 200, body = InstitutionWire)))]
pub(crate) async fn read(
    allowed: Allowed<act::ViewOrganization>,
    State(app): State<App>,
    At(institution_id): At<InstitutionId>,
) -> Reply<impl IntoResponse> {
    let mut reader = app.journal.db.reader().await?;
    let found = institution::find(&mut reader, &institution_id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    allowed.covers(&found.path)?;
    let wire = load(&mut reader, &found).await?;
    Ok((etag(found.version), Json::of(wire)))
}

pub(super) async fn load(conn: &mut Conn, found: &organization::Institution) -> Result<InstitutionWire, Fault> {
    let parent = match &found.parent {
        Some(parent) => institution::find(conn, parent).await?,
        None => None,
    };
    let children = institution::children(conn, &found.institution_id).await?.len();
    Ok(InstitutionWire::new(found, parent.as_ref(), Some(children)))
}
