//! What entries of one slice say together; pure, so that the whole table is tested.

use super::model::{KeyingRow, Pass, SliceState, Verdict};
use crate::definition::KeyMode;
use kernel::KeyingId;
use kernel::normalize::{FieldKind, normalize};
use storage::vault::Private;

/// What comes next for a slice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Settlement {
    /// A pass is still out.
    Waiting,
    NeedsThird,
    Settled {
        state: SliceState,
        value: Option<Private>,
        verdicts: Vec<(KeyingId, Verdict)>,
    },
}

/// Compares after normalization. Two unreadable entries agree on nothing: the checker has the whole image.
pub(super) fn settle(mode: KeyMode, kind: FieldKind, keyed: &[KeyingRow]) -> Settlement {
    let of = |pass| keyed.iter().find(|row| row.pass == pass);
    let same = |a: &KeyingRow, b: &KeyingRow| {
        !a.unreadable && !b.unreadable && normalize(kind, a.value.reveal()) == normalize(kind, b.value.reveal())
    };
    let settled = |state, value: Option<&KeyingRow>, verdicts: Vec<(&KeyingRow, Verdict)>| Settlement::Settled {
        state,
        value: value.map(|row| row.value.clone()),
        verdicts: verdicts.into_iter().map(|(row, verdict)| (row.keying_id.clone(), verdict)).collect(),
    };
    match (mode, of(Pass::First), of(Pass::Second), of(Pass::Third)) {
        (KeyMode::Single, Some(first), _, _) if first.unreadable => {
            settled(SliceState::Unsettled, None, vec![(first, Verdict::Open)])
        }
        (KeyMode::Single, Some(first), _, _) => {
            settled(SliceState::Single, Some(first), vec![(first, Verdict::Pending)])
        }
        (_, Some(first), Some(second), None) if same(first, second) => {
            settled(SliceState::Agreed, Some(first), vec![(first, Verdict::Right), (second, Verdict::Right)])
        }
        (_, Some(_), Some(_), None) => Settlement::NeedsThird,
        (_, Some(first), Some(second), Some(third)) => {
            let verdict = |row: &KeyingRow| if same(row, third) { Verdict::Right } else { Verdict::Wrong };
            if same(first, third) || same(second, third) {
                let verdicts = vec![(first, verdict(first)), (second, verdict(second)), (third, Verdict::Right)];
                settled(SliceState::SettledByThird, Some(third), verdicts)
            } else {
                let verdicts = [first, second, third].into_iter().map(|row| (row, Verdict::Open)).collect();
                settled(SliceState::Unsettled, None, verdicts)
            }
        }
        _ => Settlement::Waiting,
    }
}
