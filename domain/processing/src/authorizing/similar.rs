//! Vouchers that look like the one to be released: a customer who hands in twice what is to be paid once.

use crate::checking::{self, CheckTask};
use crate::definition::{self, AccountSource, BusinessType};
use crate::item::{self, Item};
use journal::{Answer, Journal};
use kernel::normalize::{FieldKind, normalize};
use std::collections::HashMap;
use storage::vault::Private;

/// How many days of business around an item are searched; trade practice.
pub const SIMILAR_DAYS: i64 = 7;
/// No more than these are told: an authorizer who sees five looks further in the list of items.
const SIMILAR_MAX: usize = 5;

/// Items of the same amount to the same account within [`SIMILAR_DAYS`], newest first, [`SIMILAR_MAX`] at most.
/// Withdrawn and refused ones ask for no money; none is found for a business whose accounts are the bank's own.
pub async fn similar(journal: &Journal, task: &CheckTask) -> Answer<Vec<Item>> {
    let shown = task.fields.iter().filter_map(|field| Some((field.spec.code.clone(), field.value.clone()?))).collect();
    let (Some(amount), Some(account)) = (task.item.amount_minor, party(&task.definition, &shown)) else {
        return Ok(Vec::new());
    };
    let mut reader = journal.db.reader().await?;
    let mut found = Vec::new();
    for other in item::store::of_amount(&mut reader, &task.item, amount, SIMILAR_DAYS).await? {
        let definition = definition::find(&mut reader, &other.type_code, other.type_version).await?;
        let values = checking::passed_values(&mut reader, &journal.vault, &other.item_id).await?;
        if party(&definition, &values).is_some_and(|theirs| theirs == account) {
            found.push(other);
        }
        if found.len() == SIMILAR_MAX {
            break;
        }
    }
    Ok(found)
}

/// The customer's account that tells one payment from another: who is paid, else who pays.
fn party(definition: &BusinessType, values: &HashMap<String, Private>) -> Option<String> {
    [&definition.posting.credit, &definition.posting.debit].into_iter().find_map(|source| match source {
        AccountSource::Field(code) => {
            Some(normalize(FieldKind::Account, values.get(code)?.reveal())).filter(|account| !account.is_empty())
        }
        AccountSource::Internal(_) => None,
    })
}
