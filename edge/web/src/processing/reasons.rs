//! Reason codes, in the order in which stations number them.

use crate::extract::{Json, Session};
use crate::problem::Reply;
use crate::words;
use processing::reasons::{REASONS, ReasonCode, Use};
use serde::Serialize;
use utoipa::ToSchema;

/// A reason with what it may be given for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Reason)]
pub(crate) struct ReasonWire {
    #[schema(value_type = words::ReasonCode)]
    code: &'static str,
    name_zh: &'static str,
    name_en: &'static str,
    #[schema(value_type = Vec<words::ReasonUse>)]
    uses: Vec<&'static str>,
    /// Whether a note must say more.
    needs_note: bool,
}

impl From<&'static ReasonCode> for ReasonWire {
    fn from(reason: &'static ReasonCode) -> Self {
        Self {
            code: reason.code,
            name_zh: reason.zh,
            name_en: reason.en,
            uses: reason.uses.iter().map(|wanted| Use::as_str(*wanted)).collect(),
            needs_note: reason.needs_note,
        }
    }
}

/// All reason codes.
pub(super) fn all() -> Vec<ReasonWire> {
    REASONS.iter().map(ReasonWire::from).collect()
}

/// The list of reason codes.
#[utoipa::path(get, path = "/processing/reasons", operation_id = "list_reasons", responses((status = 200, body = Vec<ReasonWire>)))]
pub(crate) async fn list(_: Session) -> Reply<Json<Vec<ReasonWire>>> {
    Ok(Json::of(all()))
}
