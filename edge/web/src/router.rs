//! All areas as one router, one document and one inventory.

use crate::area::{Area, Endpoint};
use crate::problem::ProblemDocument;
use crate::{
    App, archive, console, health, identity, jobs, journal, layers, organization, processing, reports, words, work,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use std::sync::Arc;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, RefOr, SecurityRequirement};
use utoipa::{PartialSchema as _, ToSchema as _};
use utoipa_axum::router::OpenApiRouter;

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Bytes of a body at most; pages have a limit of their own.
const BODY_BYTES_MAX: usize = 1 << 20;

/// The whole product over HTTP.
pub fn router(app: App) -> Router {
    let (routes, inventory) = assembled();
    let (routes, api) = routes.split_for_parts();
    let kinds = inventory.into_iter().map(|endpoint| ((endpoint.method, endpoint.path), endpoint.kind)).collect();
    let document: Arc<str> = document(api).to_json().map_or_else(|_| "{}".into(), Into::into);
    Router::new()
        .merge(routes)
        .route("/api/openapi.json", get(move || health::document(Arc::clone(&document))))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::measures))
        .fallback(console::serve)
        .layer(from_fn_with_state((app.clone(), Arc::new(kinds)), layers::record))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn(layers::time_limit))
        .layer(from_fn(layers::check_origin))
        .layer(from_fn_with_state(app.clone(), layers::headers))
        .layer(from_fn(layers::observe))
        .with_state(app)
}

/// Every endpoint with what it needs, by address.
pub fn inventory() -> Vec<Endpoint> {
    assembled().1
}

/// The OpenAPI 3.1 document of all endpoints.
pub fn openapi() -> OpenApi {
    document(assembled().0.split_for_parts().1)
}

fn assembled() -> (OpenApiRouter<App>, Vec<Endpoint>) {
    let (router, inventory) = Area::together(areas());
    (OpenApiRouter::new().nest(BASE, router), inventory)
}

/// The areas in the order of an item's way through the center.
fn areas() -> Vec<Area> {
    vec![
        identity::area(),
        organization::area(),
        processing::area(),
        work::area(),
        archive::area(),
        journal::area(),
        jobs::area(),
        reports::area(),
    ]
}

fn document(api: OpenApi) -> OpenApi {
    let description = "An open operations center for banks. Errors are problem documents (RFC 9457) with a stable `code`; \
         commands carry an `Idempotency-Key` and may be repeated; lists are paged by cursor; money is integer minor units as text.";
    let info =
        InfoBuilder::new().title("Shuniu").version(env!("CARGO_PKG_VERSION")).description(Some(description)).build();
    let mut components = api.components.unwrap_or_default();
    let mut nested = Vec::new();
    ProblemDocument::schemas(&mut nested);
    components.schemas.extend(nested);
    // What no request or answer of an endpoint has as its body: problems, the messages of the stream, and a list that names keys.
    components.schemas.insert("Problem".into(), ProblemDocument::schema());
    components.schemas.insert("StationMessage".into(), work::Said::schema());
    components.schemas.insert("Pong".into(), work::Pong::schema());
    components.schemas.insert("ItemAct".into(), words::ItemAct::schema());
    let session = ApiKey::Cookie(ApiKeyValue::with_description(crate::extract::SESSION_COOKIE, "Given by a sign-in."));
    components.security_schemes.insert("session".into(), RefOr::T(SecurityScheme::ApiKey(session)));
    OpenApiBuilder::new()
        .info(info)
        .paths(api.paths)
        .components(Some(components))
        .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
        .build()
}
