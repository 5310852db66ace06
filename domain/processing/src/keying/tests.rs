//! The table of comparisons: what two and three readings of one slice lead to.

use super::compare::{Settlement, settle};
use super::model::{KeyingRow, Pass, SliceState, Verdict};
use crate::definition::KeyMode;
use kernel::normalize::FieldKind;
use kernel::{Instant, ItemId, KeyingId, PersonId, SliceId};
use storage::vault::Private;

/// `?` stands for unreadable.
fn row(pass: Pass, value: &str) -> KeyingRow {
    let now = Instant::from_micros(1);
    let unreadable = value == "?";
    KeyingRow {
        keying_id: KeyingId::new(now),
        slice_id: SliceId::new(now),
        item_id: ItemId::new(now),
        field: "amount".into(),
        pass,
        person_id: PersonId::new(now),
        value: Private::new(if unreadable { "" } else { value }),
        unreadable,
        elapsed_ms: 1,
        keystrokes: 1,
        verdict: Verdict::Pending,
        at: now,
    }
}

fn outcome(mode: KeyMode, kind: FieldKind, values: &[&str]) -> (String, Vec<Verdict>) {
    let passes = [Pass::First, Pass::Second, Pass::Third];
    let rows: Vec<_> = values.iter().zip(passes).map(|(value, pass)| row(pass, value)).collect();
    match settle(mode, kind, &rows) {
        Settlement::Waiting => ("waiting".into(), vec![]),
        Settlement::NeedsThird => ("needs third".into(), vec![]),
        Settlement::Settled { state, value, verdicts } => {
            assert_eq!(value.is_some(), state.has_value(), "{state:?}");
            (state.as_str().into(), verdicts.into_iter().map(|(_, verdict)| verdict).collect())
        }
    }
}

/// The kind, the readings in order, the state they lead to, and the verdict on each.
type Case = (FieldKind, &'static [&'static str], &'static str, &'static [Verdict]);

#[test]
fn readings_of_one_slice_settle_as_the_trade_says() {
    use Verdict::{Open, Pending, Right, Wrong};
    let double: &[Case] = &[
        (FieldKind::Amount, &[], "waiting", &[]),
        (FieldKind::Amount, &["1234.50"], "waiting", &[]),
        (FieldKind::Amount, &["1234.50", "1234.50"], "agreed", &[Right, Right]),
        (FieldKind::Amount, &["1,234.50", "１２３４．５０"], "agreed", &[Right, Right]),
        (FieldKind::Amount, &["1234.50", "1243.50"], "needs third", &[]),
        (FieldKind::Amount, &["1234.50", "1243.50", "1234.50"], "settled_by_third", &[Right, Wrong, Right]),
        (FieldKind::Amount, &["1234.50", "1243.50", "1243.5"], "settled_by_third", &[Wrong, Right, Right]),
        (FieldKind::Amount, &["1", "2", "3"], "unsettled", &[Open, Open, Open]),
        (FieldKind::Amount, &["?", "?"], "needs third", &[]),
        (FieldKind::Amount, &["?", "5.00", "5"], "settled_by_third", &[Wrong, Right, Right]),
        (FieldKind::Amount, &["?", "?", "5"], "unsettled", &[Open, Open, Open]),
        (FieldKind::Amount, &["?", "5", "?"], "unsettled", &[Open, Open, Open]),
        (FieldKind::CapitalAmount, &["壹佰元整", "壹佰圆正"], "agreed", &[Right, Right]),
        (FieldKind::Name, &["甲（集团）公司", "甲(集团)公司"], "agreed", &[Right, Right]),
        (FieldKind::Account, &["6222 0200 0001", "622202000001"], "agreed", &[Right, Right]),
        (FieldKind::Date, &["2026-01-02", "2026年1月2日"], "agreed", &[Right, Right]),
    ];
    for (kind, values, state, verdicts) in double {
        assert_eq!(outcome(KeyMode::Double, *kind, values), ((*state).to_owned(), verdicts.to_vec()), "{values:?}");
    }
    assert_eq!(outcome(KeyMode::Single, FieldKind::Text, &["货款"]), ("single".into(), vec![Pending]));
    assert_eq!(outcome(KeyMode::Single, FieldKind::Text, &["?"]), ("unsettled".into(), vec![Open]));
}

#[test]
fn words_of_slices_survive_their_text() {
    for state in SliceState::ALL {
        assert_eq!(SliceState::parse(state.as_str()), Some(*state));
    }
    for pass in [Pass::Seeded, Pass::First, Pass::Second, Pass::Third] {
        assert_eq!(Pass::of(pass.number()), Some(pass));
    }
    assert_eq!(Pass::Seeded.shown(), Pass::First.shown(), "a seeded slice looks like any other");
}
