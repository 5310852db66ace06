//! What the checking station shows: the whole image, every field with where its value comes from, and the rules.

use crate::checks::{self, Check};
use crate::definition::{self, BusinessType, FieldSpec};
use crate::item::{self, Item};
use crate::keying::{self, Joined, KeyingRow, Pass, SliceState};
use archive::page::Page;
use journal::{Answer, Cx, Journal};
use kernel::{ItemId, PageId, PersonId, WorkItemId};
use permission::{Act, Permit};
use std::collections::HashMap;
use storage::Fault;
use storage::vault::Private;

/// One reading of a field, without who read it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub pass: Pass,
    pub value: Private,
    pub unreadable: bool,
}

/// A field as the checker sees it.
#[derive(Debug, Clone)]
pub struct FieldView {
    pub spec: FieldSpec,
    pub page_id: Option<PageId>,
    pub state: SliceState,
    /// The value that stands unless the checker decides otherwise.
    pub value: Option<Private>,
    pub candidates: Vec<Candidate>,
}

/// Everything for one decision.
#[derive(Debug, Clone)]
pub struct CheckTask {
    pub item: Item,
    pub definition: BusinessType,
    pub pages: Vec<Page>,
    pub fields: Vec<FieldView>,
    pub checks: Vec<Check>,
    /// What the checker alone said of amounts, accounts and dates, once the item was passed.
    pub by_checker_alone: Vec<FieldSpec>,
    pub draft: Option<Private>,
}

/// Builds the task for the person who holds the work; the authorizing and reviewing stations read the same.
pub async fn task(journal: &Journal, work_item: &WorkItemId, subject: &str, person: &PersonId) -> Answer<CheckTask> {
    let item_id = ItemId::parse(subject).map_err(|error| Fault::inconsistent(error.to_string()))?;
    let mut reader = journal.db.reader().await?;
    let item = item::read(&mut reader, &item_id).await?;
    let definition = definition::find(&mut reader, &item.type_code, item.type_version).await?;
    let pages = archive::page::current(&mut reader, subject).await?;
    let keyed = keying::joined(&journal.vault, keying::slices_of(&mut reader, &item_id).await?)?;
    let keyings = keying::keyings_of(&mut reader, &journal.vault, &item_id).await?;
    let passed = super::decide::passed_values(&mut reader, &journal.vault, &item_id).await?;
    let mut fields = Vec::with_capacity(definition.fields.len());
    for spec in &definition.fields {
        let keyed = keyed.iter().find(|keyed| keyed.field == spec.code);
        fields.push(view(spec, keyed, &keyings, passed.get(&spec.code)));
    }
    let values: HashMap<String, String> = fields
        .iter()
        .filter_map(|field| Some((field.spec.code.clone(), field.value.as_ref()?.reveal().to_owned())))
        .collect();
    let today = super::today(&mut reader, journal.now()).await?;
    let facts = super::facts(&mut reader, &journal.vault, &item_id, &definition, &values).await?;
    let checks = checks::evaluate(&definition, &values, today, &facts);
    let alone = match passed.is_empty() {
        true => Vec::new(),
        false => {
            let alone = super::decide::by_checker_alone(&definition, &keyed, &passed).into_iter();
            // What was forgotten with its page nobody has passed yet.
            alone.filter(|field| passed.contains_key(&field.code)).cloned().collect()
        }
    };
    let draft = keying::draft(&mut reader, &journal.vault, work_item, person).await?;
    Ok(CheckTask { item, definition, pages, fields, checks, by_checker_alone: alone, draft })
}

fn view(spec: &FieldSpec, keyed: Option<&Joined>, keyings: &[KeyingRow], passed: Option<&Private>) -> FieldView {
    let candidates = keyed.map(|keyed| keyed.readings(keyings)).unwrap_or_default();
    FieldView {
        spec: spec.clone(),
        page_id: keyed.map(|keyed| keyed.page_id.clone()),
        state: keyed.map_or(SliceState::Unkeyed, |keyed| keyed.state),
        value: passed.cloned().or_else(|| keyed.and_then(|keyed| keyed.value.clone())),
        candidates: candidates
            .into_iter()
            .map(|it| Candidate { pass: it.pass, value: it.value, unreadable: it.unreadable })
            .collect(),
    }
}

/// Keeps an unfinished decision on the server, sealed.
pub async fn save_draft<A: Act>(
    journal: &Journal,
    permit: &Permit<A>,
    work_item: &WorkItemId,
    fence: i64,
    body: Private,
) -> Answer<()> {
    keying::save_draft(journal, permit, work_item, fence, body).await
}

/// For commands that show values in their record: the text of every field that has one.
pub(crate) fn texts(fields: &HashMap<String, Private>) -> HashMap<String, String> {
    fields.iter().map(|(code, value)| (code.clone(), value.reveal().to_owned())).collect()
}

/// What was keyed of the item, field by field, for a command.
pub(crate) async fn keyed(cx: &mut Cx<'_>, item_id: &ItemId) -> Answer<Vec<Joined>> {
    let slices = keying::slices_of(cx.tx, item_id).await?;
    Ok(keying::joined(&cx.vault, slices)?)
}
