use super::super::wire::InstitutionWire;
use crate::App;
use crate::extract::{Allowed, At, FirstAnswer, IfMatch, Json, Key, answer};
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
        .run(command, move |mut cx| {
            let (target, InstitutionNames { name_zh, name_en }) = (target.clone(), names.clone());
            Box::pin(async move {
                let renamed = institution::rename(cx.part(), target.clone(), version, name_zh, name_en).await?;
                let found = institution::find(cx.tx, &target).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
                let first = FirstAnswer::of(found.version, &super::read::load(cx.tx, &found).await?)?;
                Ok(renamed.map(|_| first))
            })
        })
        .await?;
    answer(outcome, |first| first)
}
