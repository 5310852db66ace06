use super::super::wire::StaffWire;
use crate::App;
use crate::extract::{Allowed, Json, Limit, Query, cursor};
use crate::problem::Reply;
use crate::wire::{Listing, id};
use axum::extract::State;
use organization::staff::{self, PersonFilter};
use permission::act;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    /// Part of the name, or the beginning of the employee number.
    q: Option<String>,
    /// At home in this institution or below it.
    institution: Option<String>,
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// People by employee number, as far as the person's permission reaches.
#[utoipa::path(get, path = "/organization/staff", operation_id = "list_staff", params(Filter), responses((status = 200, body = Listing<StaffWire>)))]
pub(crate) async fn list(
    allowed: Allowed<act::ViewOrganization>,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Reply<Json<Listing<StaffWire>>> {
    let Filter { q, institution, limit, cursor: after } = filter;
    let reach = allowed.reach();
    let within = match institution.as_deref() {
        Some(text) => Some(id("institution", text)?),
        None if reach.bank => None,
        None => Some(allowed.institution()?.clone()),
    };
    let after = cursor(after.as_deref())?;
    let today = crate::today(allowed.session.now)?;
    let mut reader = app.journal.db.reader().await?;
    let filter = PersonFilter { text: q, within, category: None, with_left: false };
    let page = staff::search(&mut reader, &filter, after.as_ref(), limit.rows()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for person in &page.items {
        let home = super::home(&mut reader, person).await?;
        if reach.contains(&home.path) {
            items.push(super::wire(&mut reader, person, &home, today).await?);
        }
    }
    Ok(Json::of(Listing::new(items, page.next.as_ref())))
}
