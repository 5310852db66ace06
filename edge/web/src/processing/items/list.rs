use super::{ItemWire, Names};
use crate::App;
use crate::extract::{Allowed, Json, Limit, Query, cursor};
use crate::problem::Reply;
use crate::wire::{Listing, word};
use axum::extract::State;
use permission::act;
use processing::item::{self, Filter as Narrowed, State as ItemState};
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Filter {
    #[param(value_type = Option<crate::words::ItemState>)]
    state: Option<String>,
    /// Code of a business type.
    business_type: Option<String>,
    /// The beginning of an item number.
    q: Option<String>,
    /// Only what the person captured.
    mine: Option<bool>,
    #[serde(default)]
    #[param(value_type = Option<i64>, minimum = 1, maximum = 200)]
    limit: Limit,
    cursor: Option<String>,
}

/// Items within the person's reach, the last changed first.
#[utoipa::path(get, path = "/processing/items", operation_id = "list_items", params(Filter), responses((status = 200, body = Listing<ItemWire>)))]
pub(crate) async fn list(
    allowed: Allowed<act::ViewItem>,
    State(app): State<App>,
    Query(filter): Query<Filter>,
) -> Reply<Json<Listing<ItemWire>>> {
    let Filter { state, business_type, q, mine, limit, cursor: after } = filter;
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let narrowed = Narrowed {
        state: given(state).map(|text| word("state", &text, ItemState::parse)).transpose()?,
        type_code: given(business_type),
        captured_by: mine.unwrap_or(false).then(|| allowed.person_id().clone()),
        item_no: given(q),
    };
    let after = cursor(after.as_deref())?;
    let mut reader = app.journal.db.reader().await?;
    let page = item::list(&mut reader, &allowed.reach(), &narrowed, after.as_ref(), limit.rows()).await?;
    let mut names = Names::default();
    let mut items = Vec::with_capacity(page.items.len());
    for item in &page.items {
        items.push(names.item(&mut reader, &app.journal.vault, item, allowed.session.now).await?);
    }
    Ok(Json::of(Listing::new(items, page.next.as_ref())))
}
