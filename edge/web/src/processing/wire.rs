//! Shapes that stations and outlets share.

use crate::wire::RectTenths;
use crate::words;
use archive::imaging::{self, Finding};
use archive::page::PageFinding;
use kernel::{PageId, Refusal};
use processing::item::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What the quality gate found on a page.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Finding)]
pub(crate) struct FindingWire {
    pub kind: String,
    #[schema(value_type = words::Severity)]
    pub severity: &'static str,
    pub measured: i64,
    pub limit: i64,
    pub region: Option<RectTenths>,
    pub text_zh: String,
    pub text_en: String,
}

impl From<imaging::Rect> for RectTenths {
    fn from(rect: imaging::Rect) -> Self {
        Self { x: rect.x(), y: rect.y(), w: rect.w(), h: rect.h() }
    }
}

impl From<&PageFinding> for FindingWire {
    fn from(finding: &PageFinding) -> Self {
        let PageFinding { kind, severity, measured, limit, region, zh, en } = finding;
        Self {
            kind: kind.clone(),
            severity,
            measured: *measured,
            limit: *limit,
            region: region.map(RectTenths::from),
            text_zh: zh.clone(),
            text_en: en.clone(),
        }
    }
}

impl From<&Finding> for FindingWire {
    fn from(finding: &Finding) -> Self {
        let (text_zh, text_en) = archive::words::finding(finding);
        Self {
            kind: finding.kind.name().to_owned(),
            severity: if finding.severity == imaging::Severity::Refuse { "refuse" } else { "warn" },
            measured: finding.measured,
            limit: finding.limit,
            region: finding.region.map(RectTenths::from),
            text_zh,
            text_en,
        }
    }
}

/// A place on a page.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageBox {
    pub page_id: String,
    pub rect: RectTenths,
}

/// The boxes as the record keeps them; at most so many as a person draws.
pub(super) fn boxes(field: &str, boxes: &[PageBox]) -> Result<Value, Refusal> {
    const BOXES_MAX: usize = 50;
    if boxes.len() > BOXES_MAX {
        return Err(Refusal::field(field, format!("最多 {BOXES_MAX} 个"), format!("at most {BOXES_MAX}")));
    }
    boxes
        .iter()
        .enumerate()
        .map(|(n, one)| place(&format!("{field}[{n}]"), one))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

/// One box as the record keeps it.
pub(super) fn place(field: &str, one: &PageBox) -> Result<Value, Refusal> {
    let page: PageId = crate::wire::id(&format!("{field}.page_id"), &one.page_id)?;
    let RectTenths { x, y, w, h } = one.rect;
    imaging::Rect::new(x, y, w, h)
        .map_err(|_| Refusal::field(format!("{field}.rect"), "不在页面范围内", "it does not lie on the page"))?;
    Ok(json!({"page_id": page.as_str(), "rect": {"x": x, "y": y, "w": w, "h": h}}))
}

/// Ids inside a body, each named by its place.
pub(super) fn ids<I: std::str::FromStr>(field: &str, texts: &[String]) -> Result<Vec<I>, Refusal> {
    let read = |(n, text): (usize, &String)| {
        let place = format!("{field}[{n}]");
        text.parse().map_err(|_| Refusal::field(place, "不是有效的编号", "it is not an id of that kind"))
    };
    texts.iter().enumerate().map(read).collect()
}

/// Where the item is after a decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decided {
    #[schema(value_type = words::ItemState)]
    item_state: String,
}

impl Decided {
    pub fn new(state: String) -> Self {
        Self { item_state: state }
    }
}

/// A reason with a note.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FencedReason {
    pub fence: i64,
    #[schema(value_type = words::ReasonCode)]
    pub reason_code: String,
    pub note: Option<String>,
}

/// The number of the hold, for decisions that need no words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fenced {
    pub fence: i64,
}

/// A reason with a note, for acts of outlets and supervisors.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonBody {
    #[schema(value_type = words::ReasonCode)]
    pub reason_code: String,
    pub note: Option<String>,
}

/// A note that says why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoteBody {
    pub note: String,
}

/// The English of a state, for summaries.
pub(super) fn state_en(state: State) -> String {
    state.as_str().replace('_', " ")
}
