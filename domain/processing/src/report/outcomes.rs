//! What became of each keyed field, with the values: for a comparison with outside truth, by those who may see values.

use crate::definition;
use crate::keying::{self, Pass, SliceState};
use crate::{checking, item};
use journal::Answer;
use kernel::ItemId;
use kernel::normalize::{FieldKind, normalize};
use storage::vault::{Private, Vault};
use storage::{Conn, sql};

/// One field of one item.
#[derive(Debug, Clone)]
pub struct FieldOutcome {
    pub item_no: String,
    pub type_code: String,
    /// The code of the field; with `.1`, `.2` for the parts of one that is keyed in parts.
    pub field: String,
    pub kind: FieldKind,
    pub state: SliceState,
    /// First, second and third readings; `None` for one that was called unreadable.
    pub readings: Vec<(Pass, Option<Private>)>,
    /// What the readings settled on.
    pub settled: Option<Private>,
    /// What the checker passed.
    pub passed: Option<Private>,
}

/// The fields of the next items after `after` (an item id, empty at first); answers the last item looked at, `None` at the end.
pub async fn field_outcomes(
    conn: &mut Conn,
    vault: &Vault,
    after: &str,
    items: i64,
) -> Answer<(Vec<FieldOutcome>, Option<String>)> {
    let rows = conn
        .all(
            sql("SELECT item_id FROM items WHERE item_id > $1 AND submitted_at IS NOT NULL ORDER BY item_id LIMIT $2 + 0")
                .bind(after)
                .bind(items),
        )
        .await?;
    let mut outcomes = Vec::new();
    let mut last = None;
    for row in &rows {
        let item_id: ItemId = row.id("item_id")?;
        of_item(conn, vault, &item_id, &mut outcomes).await?;
        last = Some(item_id.to_string());
    }
    Ok((outcomes, last))
}

async fn of_item(conn: &mut Conn, vault: &Vault, item_id: &ItemId, outcomes: &mut Vec<FieldOutcome>) -> Answer<()> {
    let item = item::read(conn, item_id).await?;
    let definition = definition::find(conn, &item.type_code, item.type_version).await?;
    let keyings = keying::keyings_of(conn, vault, item_id).await?;
    let passed = checking::passed_values(conn, vault, item_id).await?;
    for slice in keying::slices_of(conn, item_id).await? {
        let Some(spec) = definition.field(&slice.field) else { continue };
        let readings = keyings
            .iter()
            .filter(|row| row.slice_id == slice.slice_id)
            .map(|row| (row.pass, (!row.unreadable).then(|| row.value.clone())))
            .collect();
        // Of a number that was keyed in parts, each part is a line of its own.
        let (field, part_of) = match slice.part {
            0 => (slice.field.clone(), None),
            part => (format!("{}.{part}", slice.field), Some(part)),
        };
        let portion = |whole: &Private| match part_of {
            None => whole.clone(),
            Some(part) => Private::new(spec.portion(&normalize(spec.kind, whole.reveal()), part)),
        };
        outcomes.push(FieldOutcome {
            item_no: item.item_no.clone(),
            type_code: item.type_code.clone(),
            kind: spec.kind,
            state: slice.state,
            readings,
            settled: keying::open(vault, &slice)?,
            passed: passed.get(&slice.field).map(portion),
            field,
        });
    }
    Ok(())
}
