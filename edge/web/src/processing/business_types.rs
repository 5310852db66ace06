//! The business types in force.

use crate::App;
use crate::extract::{Allowed, Json};
use crate::problem::Reply;
use axum::extract::State;
use permission::act;
use processing::definition::{self, BusinessType, field_kind_name};
use serde::Serialize;
use utoipa::ToSchema;

/// What an item of a business is made of.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BusinessType)]
pub(crate) struct BusinessTypeWire {
    code: String,
    version: i64,
    name_zh: String,
    name_en: String,
    /// 0 is served first, 4 last.
    priority_class: i64,
    /// Working time from submission to posting.
    time_limit_minutes: u32,
    pages: Vec<PageSpecWire>,
    fields: Vec<FieldSpecWire>,
    in_force: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PageSpec)]
pub(crate) struct PageSpecWire {
    kind: String,
    name_zh: String,
    name_en: String,
    required: bool,
    max: u32,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FieldSpec)]
pub(crate) struct FieldSpecWire {
    code: String,
    name_zh: String,
    name_en: String,
    #[schema(value_type = crate::words::FieldKind)]
    kind: &'static str,
    page: String,
    required: bool,
}

impl From<BusinessType> for BusinessTypeWire {
    fn from(definition: BusinessType) -> Self {
        let page = |page: definition::PageSpec| {
            let definition::PageSpec { kind, name_zh, name_en, required, max, is_voucher: _ } = page;
            PageSpecWire { kind, name_zh, name_en, required, max }
        };
        let field = |field: definition::FieldSpec| FieldSpecWire {
            code: field.code,
            name_zh: field.name_zh,
            name_en: field.name_en,
            kind: field_kind_name(field.kind),
            page: field.page,
            required: field.required,
        };
        Self {
            code: definition.code,
            version: definition.version,
            name_zh: definition.name_zh,
            name_en: definition.name_en,
            priority_class: definition.priority_class,
            time_limit_minutes: definition.time_limit_minutes,
            pages: definition.pages.into_iter().map(page).collect(),
            fields: definition.fields.into_iter().map(field).collect(),
            in_force: true,
        }
    }
}

/// The business types in force today.
#[utoipa::path(get, path = "/processing/business-types", operation_id = "list_business_types", responses((status = 200, body = Vec<BusinessTypeWire>)))]
pub(crate) async fn list(
    allowed: Allowed<act::ViewBusinessType>,
    State(app): State<App>,
) -> Reply<Json<Vec<BusinessTypeWire>>> {
    let mut reader = app.journal.db.reader().await?;
    let found = definition::all_in_force(&mut reader, crate::today(allowed.session.now)?).await?;
    Ok(Json::of(found.into_iter().map(BusinessTypeWire::from).collect()))
}
