use super::super::wire::InstitutionWire;
use crate::App;
use crate::extract::{Allowed, At, IfMatch, Json, Key, answer, etag};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::{Code, InstitutionId, Refusal};
use organization::institution;
use permission::act;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InstitutionNames {
    name_zh: String,
    name_en: String,
}

/// Changes both names of an institution. `If-Match` names the version that was read.
#[utoipa::path(
    put,
    path = "/organization/institutions/{institution_id}/names",
    operation_id = "rename_institution",
    request_body = InstitutionNames,
    params(("If-Match" = String, Header, description = "The version that was read.")),
    responses((status = 200, body = InstitutionWire))
)]
pub(crate) async fn rename(
    allowed: Allowed<act::EditOrganization>,
    key: Key,
    State(app): State<App>,
    IfMatch(version): IfMatch,
    At(id): At<InstitutionId>,
    body: Json<InstitutionNames>,
) -> Reply<Response> {
    let known = {
        let mut reader = app.journal.db.reader().await?;
        institution::find(&mut reader, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?
    };
    allowed.covers(&known.path)?;
    let command = key.command("organization.institution.rename", allowed.actor(), Subject::of(&id), &body);
    let (target, names) = (id.clone(), body.value);
    let outcome = app
        .journal
        .run(command, move |cx| {
            let InstitutionNames { name_zh, name_en } = names.clone();
            Box::pin(institution::rename(cx, target.clone(), version, name_zh, name_en))
        })
        .await?;
    let mut reader = app.journal.db.reader().await?;
    let found = institution::find(&mut reader, &id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
    let wire = super::read::load(&mut reader, &found).await?;
    answer(outcome, |version| (etag(version), Json::of(wire)))
}
