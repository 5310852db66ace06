//! An item on the wire, with the names behind its codes.

use super::super::wire::{FindingWire, PageBox};
use crate::wire::{InstitutionRef, MoneyText, time};
use crate::words;
use archive::page::Page;
use journal::Answer;
use kernel::{Code, Instant, InstitutionId, ItemId, Refusal};
use organization::institution;
use processing::definition::{self, BusinessType};
use processing::item::{Item, Reason};
use processing::queues::AUTHORIZING;
use processing::reasons;
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;
use storage::vault::Vault;
use storage::{Conn, Fault};
use utoipa::ToSchema;

/// A business type by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BusinessTypeRef)]
pub(crate) struct TypeRef {
    pub code: String,
    pub version: i64,
    pub name_zh: String,
    pub name_en: String,
}

impl From<&BusinessType> for TypeRef {
    fn from(definition: &BusinessType) -> Self {
        Self {
            code: definition.code.clone(),
            version: definition.version,
            name_zh: definition.name_zh.clone(),
            name_en: definition.name_en.clone(),
        }
    }
}

/// Why an item left the straight way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ItemReason {
    #[schema(value_type = words::ReasonCode)]
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub note: Option<String>,
    /// Places on pages that the reason points at.
    pub boxes: Vec<PageBox>,
}

impl ItemReason {
    fn of(reason: &Reason, vault: &Vault, item_id: &ItemId) -> Result<Self, Fault> {
        let known = reasons::find(&reason.code);
        let note = reason.note.as_ref().map(|note| note.open(vault, item_id)).transpose()?;
        Ok(Self {
            code: reason.code.clone(),
            name_zh: known.map_or("", |known| known.zh).to_owned(),
            name_en: known.map_or("", |known| known.en).to_owned(),
            note: note.map(|note| note.reveal().to_owned()),
            boxes: serde_json::from_value(reason.boxes.clone()).unwrap_or_default(),
        })
    }
}

/// A processing item.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Item)]
pub(crate) struct ItemWire {
    pub item_id: String,
    pub item_no: String,
    pub business_type: TypeRef,
    pub institution: InstitutionRef,
    #[schema(value_type = words::ItemState)]
    pub state: &'static str,
    /// Counts every change; the `ETag`.
    pub version: i64,
    pub business_date: String,
    pub amount: Option<MoneyText>,
    pub submitted_at: Option<String>,
    pub due_at: Option<String>,
    pub overdue: bool,
    pub priority_class: i64,
    pub reason: Option<ItemReason>,
    pub core_reference: Option<String>,
    #[schema(value_type = words::Stage)]
    pub stage: &'static str,
    /// Whether its way led, or leads, through authorization; absent while nobody has decided that.
    pub authorization_needed: Option<bool>,
    /// Its place among what waits in its queue; only where one item is read.
    pub queue_position: Option<i64>,
    pub updated_at: String,
}

/// A page of an item.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageWire {
    page_id: String,
    kind: String,
    page_no: i64,
    version: i64,
    width: i64,
    height: i64,
    dpi: Option<i64>,
    verdict: VerdictWire,
    /// Opens once within two minutes; absent where the person may not see images.
    thumbnail_url: Option<String>,
    image_url: Option<String>,
    superseded: bool,
}

/// What the quality gate said of a page.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Verdict)]
pub(crate) struct VerdictWire {
    findings: Vec<FindingWire>,
}

impl PageWire {
    pub fn new(page: &Page, thumbnail_url: Option<String>, image_url: Option<String>) -> Self {
        Self {
            page_id: page.page_id.to_string(),
            kind: page.kind.clone(),
            page_no: page.page_no,
            version: page.version,
            width: page.width,
            height: page.height,
            dpi: page.dpi,
            verdict: VerdictWire { findings: page.findings.iter().map(FindingWire::from).collect() },
            thumbnail_url,
            image_url,
            superseded: page.superseded_by.is_some(),
        }
    }
}

/// Names behind codes and ids, each read once per answer.
#[derive(Default)]
pub(crate) struct Names {
    types: HashMap<(String, i64), Arc<BusinessType>>,
    institutions: HashMap<InstitutionId, InstitutionRef>,
}

impl Names {
    pub async fn definition(&mut self, conn: &mut Conn, item: &Item) -> Answer<Arc<BusinessType>> {
        let key = (item.type_code.clone(), item.type_version);
        if let Some(known) = self.types.get(&key) {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(definition::find(conn, &item.type_code, item.type_version).await?);
        self.types.insert(key, Arc::clone(&found));
        Ok(found)
    }

    pub async fn institution(&mut self, conn: &mut Conn, id: &InstitutionId) -> Answer<InstitutionRef> {
        if let Some(known) = self.institutions.get(id) {
            return Ok(known.clone());
        }
        let found = institution::find(conn, id).await?.ok_or_else(|| Refusal::new(Code::NotFound))?;
        let found = InstitutionRef::from(&found);
        self.institutions.insert(id.clone(), found.clone());
        Ok(found)
    }

    pub async fn item(&mut self, conn: &mut Conn, vault: &Vault, item: &Item, now: Instant) -> Answer<ItemWire> {
        let reason = item.reason.as_ref().map(|reason| ItemReason::of(reason, vault, &item.item_id)).transpose()?;
        let definition = self.definition(conn, item).await?;
        let authorization_needed = match item.state.stage() {
            "capture" | "keying" | "checking" => None,
            _ => Some(work::was_queued(conn, AUTHORIZING, item.item_id.as_str()).await?),
        };
        Ok(ItemWire {
            item_id: item.item_id.to_string(),
            item_no: item.item_no.clone(),
            business_type: TypeRef::from(&*definition),
            institution: self.institution(conn, &item.institution_id).await?,
            state: item.state.as_str(),
            version: item.version,
            business_date: item.business_date.to_string(),
            amount: item.amount().map(MoneyText::from),
            submitted_at: item.submitted_at.map(time),
            due_at: item.due_at.map(time),
            overdue: item.is_overdue(now),
            priority_class: item.priority_class,
            reason,
            core_reference: item.core_reference.clone(),
            stage: item.state.stage(),
            authorization_needed,
            queue_position: None,
            updated_at: time(item.updated_at),
        })
    }
}

/// The names of an item's business type and institution.
pub(crate) async fn named(conn: &mut Conn, item: &Item) -> Answer<(TypeRef, InstitutionRef)> {
    let mut names = Names::default();
    let definition = names.definition(conn, item).await?;
    Ok((TypeRef::from(&*definition), names.institution(conn, &item.institution_id).await?))
}
