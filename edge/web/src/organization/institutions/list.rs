use super::super::wire::InstitutionWire;
use crate::App;
use crate::extract::{Allowed, Json, Limit, Query, cursor};
use crate::problem::Reply;
use crate::wire::{Listing, id, word};
use axum::extract::State;
use organization::InstitutionClass;
use organization::institution::{self, InstitutionFilter};
use permission::act;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// This institution and all below it.
    under: Option<String>,
    #[param(value_type = Option<crate::words::InstitutionClass>)]
    class: Option<String>,
    /// Part of the code or of either name.
    q: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// Institutions by code, as far as the person's permission reaches.
#[utoipa::path(get, path = "/organization/institutions", operation_id = "list_institutions", params(Filter), responses((status = 200, body = Listing<InstitutionWire>)))]
pub(crate) async fn list(
    allowed: Allowed<act::ViewOrganization>,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Reply<Json<Listing<InstitutionWire>>> {
    let Filter { under, class, q, limit, cursor: after } = filter;
    let reach = allowed.reach();
    let under = match under.as_deref() {
        Some(text) => Some(id("under", text)?),
        None if reach.bank => None,
        None => Some(allowed.institution()?.clone()),
    };
    let class = class.as_deref().map(|text| word("class", text, InstitutionClass::parse)).transpose()?;
    let after = cursor(after.as_deref())?;
    let mut reader = app.journal.db.reader().await?;
    let filter = InstitutionFilter { under, class, text: q };
    let mut page = institution::search(&mut reader, &filter, after.as_ref(), limit.rows()).await?;
    page.items.retain(|found| reach.contains(&found.path));
    Ok(Json::of(Listing::of(page, |found| InstitutionWire::new(&found, None, None))))
}
