use super::super::station;
use super::super::wire::Decided as DecidedWire;
use crate::App;
use crate::extract::{Allowed, At, Json, Key, answer};
use crate::problem::Reply;
use axum::extract::State;
use axum::response::Response;
use journal::Subject;
use kernel::WorkItemId;
use permission::act;
use processing::checking::{self, Decided};
use serde::Deserialize;
use std::sync::Arc;
use storage::vault::Private;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PassBody {
    fence: i64,
    /// The fields that the checker decided; the others keep what was keyed.
    fields: Vec<DecidedField>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecidedField {
    code: String,
    value: String,
    /// Why it was hard.
    #[schema(value_type = Option<crate::words::Cause>)]
    cause: Option<String>,
}

impl From<DecidedField> for Decided {
    fn from(field: DecidedField) -> Self {
        let DecidedField { code, value, cause } = field;
        Self { code, value: Private::new(value), cause }
    }
}

/// Passes the item: to the authorizer above the type's limit, else to posting.
#[utoipa::path(post, path = "/processing/checking/{work_item_id}/pass", operation_id = "pass_check", request_body = PassBody, responses((status = 200, body = DecidedWire)))]
pub(crate) async fn pass(
    allowed: Allowed<act::CheckItem>,
    key: Key,
    State(app): State<App>,
    At(work_item): At<WorkItemId>,
    body: Json<PassBody>,
) -> Reply<Response> {
    let command = key.command("processing.item.check", allowed.actor(), Subject::of(&work_item), &body);
    let PassBody { fence, fields } = body.value;
    let decided: Vec<Decided> = fields.into_iter().map(Decided::from).collect();
    let (permit, target) = (Arc::clone(&allowed.permit), work_item.clone());
    checking::ask_before_pass(&app.journal, &*app.core, &permit, &work_item, fence, &decided).await?;
    let at = station::At { person: allowed.person_id(), work_item: &work_item, fence };
    let outcome = station::decide(&app, at, command, move |cx| {
        let (permit, target, decided) = (Arc::clone(&permit), target.clone(), decided.clone());
        Box::pin(async move { checking::pass(cx, &permit, &target, fence, &decided).await })
    })
    .await?;
    answer(outcome, |state| Json::of(DecidedWire::new(state)))
}
