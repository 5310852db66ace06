//! Parts of a field put together again: what is keyed apart is compared apart, and judged, checked and posted whole.

use super::model::{KeyingRow, Pass, Slice, SliceState};
use super::store;
use kernel::PageId;
use storage::Fault;
use storage::vault::{Private, Vault};

/// A field as its slices say together. A field that is keyed whole is its one slice.
#[derive(Debug, Clone)]
pub struct Joined {
    pub field: String,
    pub page_id: PageId,
    pub state: SliceState,
    /// There only when every part has a value.
    pub value: Option<Private>,
    pub slices: Vec<Slice>,
}

/// How a reading of a field is told to the checker.
#[derive(Debug, Clone)]
pub struct Reading {
    pub pass: Pass,
    pub value: Private,
    pub unreadable: bool,
}

/// Joins the current slices of an item, which come by field and part.
pub(crate) fn joined(vault: &Vault, slices: Vec<Slice>) -> Result<Vec<Joined>, Fault> {
    let mut fields: Vec<Vec<Slice>> = Vec::new();
    for slice in slices {
        match fields.last_mut().filter(|field| field[0].field == slice.field) {
            Some(field) => field.push(slice),
            None => fields.push(vec![slice]),
        }
    }
    fields.into_iter().map(|slices| join(vault, slices)).collect()
}

fn join(vault: &Vault, slices: Vec<Slice>) -> Result<Joined, Fault> {
    let mut values = Vec::with_capacity(slices.len());
    for slice in &slices {
        values.push(store::open(vault, slice)?);
    }
    let whole: Option<Vec<&str>> = values.iter().map(|value| value.as_ref().map(Private::reveal)).collect();
    let value = whole.map(|parts| Private::new(parts.concat()));
    Ok(Joined {
        field: slices[0].field.clone(),
        page_id: slices[0].page_id.clone(),
        state: together(slices.iter().map(|slice| slice.state)),
        value,
        slices,
    })
}

/// The state of a field is that of the part which is furthest from settled.
fn together(states: impl Iterator<Item = SliceState>) -> SliceState {
    const FURTHEST_FIRST: [SliceState; 8] = [
        SliceState::Keying,
        SliceState::Third,
        SliceState::Unkeyed,
        SliceState::Unsettled,
        SliceState::SettledByThird,
        SliceState::Single,
        SliceState::Agreed,
        SliceState::Superseded,
    ];
    let place = |state: SliceState| FURTHEST_FIRST.iter().position(|it| *it == state).unwrap_or(0);
    states.min_by_key(|state| place(*state)).unwrap_or(SliceState::Unkeyed)
}

impl Joined {
    /// The readings of the whole field: where a part was not read in a pass, it says what the parts' readings before it said.
    pub fn readings(&self, keyings: &[KeyingRow]) -> Vec<Reading> {
        let of =
            |slice: &Slice, pass: Pass| keyings.iter().find(|row| row.slice_id == slice.slice_id && row.pass == pass);
        let passes = [Pass::First, Pass::Second, Pass::Third];
        let reading = |pass: Pass| -> Option<Reading> {
            self.slices.iter().find(|slice| of(slice, pass).is_some())?;
            let part = |slice: &Slice| of(slice, pass).or_else(|| of(slice, Pass::First));
            let parts: Vec<&KeyingRow> = self.slices.iter().map(part).collect::<Option<_>>()?;
            let text: String = parts.iter().map(|row| row.value.reveal()).collect();
            Some(Reading { pass, value: Private::new(text), unreadable: parts.iter().any(|row| row.unreadable) })
        };
        passes.into_iter().filter_map(reading).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_as_far_as_its_last_part() {
        use SliceState::*;
        let table = [
            (vec![Agreed, Agreed], Agreed),
            (vec![Agreed, SettledByThird], SettledByThird),
            (vec![Keying, Agreed], Keying),
            (vec![Third, Keying], Keying),
            (vec![Agreed, Third], Third),
            (vec![Unsettled, SettledByThird], Unsettled),
            (vec![Single], Single),
        ];
        for (parts, expected) in table {
            assert_eq!(together(parts.iter().copied()), expected, "{parts:?}");
        }
    }
}
