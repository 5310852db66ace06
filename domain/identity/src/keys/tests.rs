use super::*;
use crate::testing::{Bank, code_of};
use journal::Actor;

fn chosen(rows: &[(&str, &[&str])]) -> Chosen {
    rows.iter()
        .map(|(name, chords)| ((*name).to_owned(), chords.iter().map(|chord| (*chord).to_owned()).collect()))
        .collect()
}

async fn changed(bank: &Bank, person: &PersonId, version: i64, keys: &Chosen) -> Answer<i64> {
    let keys = keys.clone();
    bank.run_as(Actor::person(person.clone()), move |cx| Box::pin(change(cx, version, keys.clone()))).await
}

#[tokio::test]
async fn a_person_chooses_keys_and_has_them_wherever_they_sign_in() {
    let bank = Bank::open().await;
    let (li, other) = (bank.teller("620001").await, bank.teller("620002").await);
    assert_eq!(read(&mut *bank.reader().await, &li).await.expect("reads"), KeyProfile::default());
    let keys = chosen(&[("keying.confirm", &["NumpadAdd", "Ctrl+Enter"]), ("keying.same", &["F8"])]);
    assert_eq!(changed(&bank, &li, 0, &keys).await.expect("changes"), 1);
    assert_eq!(read(&mut *bank.reader().await, &li).await.expect("reads"), KeyProfile { version: 1, keys });
    assert_eq!(read(&mut *bank.reader().await, &other).await.expect("reads").version, 0, "nobody else's keys");
    let fewer = chosen(&[("keying.same", &["F9"])]);
    assert_eq!(changed(&bank, &li, 1, &fewer).await.expect("changes"), 2);
    assert_eq!(
        read(&mut *bank.reader().await, &li).await.expect("reads").keys,
        fewer,
        "what is not named is standard again"
    );
    let entries = journal::by_subject(&mut *bank.reader().await, &journal::Subject::of(&li)).await.expect("reads");
    let last = entries.last().expect("an entry");
    assert_eq!((last.kind.as_str(), &last.payload["after"]["keying.same"][0]), ("identity.keys.change", &json!("F9")));
}

#[tokio::test]
async fn keys_of_another_version_are_refused_and_two_racing_changes_leave_one() {
    let bank = Bank::open().await;
    let li = bank.teller("620001").await;
    let keys = chosen(&[("keying.same", &["F8"])]);
    assert_eq!(code_of(changed(&bank, &li, 1, &keys).await), Code::StaleVersion);
    let (a, b) = tokio::join!(changed(&bank, &li, 0, &keys), changed(&bank, &li, 0, &keys));
    let refused: Vec<Code> = [a, b].into_iter().filter(Result::is_err).map(code_of).collect();
    assert_eq!(refused, [Code::StaleVersion]);
    assert_eq!(code_of(changed(&bank, &li, 0, &keys).await), Code::StaleVersion, "twice");
}

#[tokio::test]
async fn only_what_is_a_key_can_be_chosen() {
    let bank = Bank::open().await;
    let li = bank.teller("620001").await;
    let good = ["NumpadEnter", "Numpad0", "F2", "F24", "Ctrl+Enter", "Ctrl+Alt+Shift+KeyK", "Alt+Digit1", "PageDown"];
    for (version, chord) in (0..).zip(good) {
        changed(&bank, &li, version, &chosen(&[("a.b", &[chord])]))
            .await
            .unwrap_or_else(|error| panic!("{chord}: {error}"));
    }
    let bad = [
        "",
        "Enter+Ctrl",
        "Shift+Ctrl+KeyA",
        "Ctrl+Ctrl+KeyB",
        "keyA",
        "KeyAB",
        "Key1",
        "F0",
        "F25",
        "Numpad",
        "NumpadX",
        "张",
        "Ctrl+",
        "+",
        "Ctrl+KeyW",
        "F5",
        "Tab",
        "Ctrl+Space",
        "Meta+KeyK",
        "Alt+Numpad7",
    ];
    for chord in bad {
        let refused = changed(&bank, &li, 8, &chosen(&[("a.b", &["F2", chord])])).await;
        assert_eq!(code_of(refused), Code::InvalidField, "{chord}");
    }
    let many: Chosen = (0..201).map(|n| (format!("a.{n}"), vec!["F2".to_owned()])).collect();
    for (keys, case) in [
        (chosen(&[("a.b", &[])]), "no key"),
        (chosen(&[("a.b", &["F2", "F4", "F8", "F9", "KeyA"])]), "too many keys"),
        (chosen(&[("张三", &["F2"])]), "no name"),
        (chosen(&[("", &["F2"])]), "an empty name"),
        (many, "too many entries"),
    ] {
        assert_eq!(code_of(changed(&bank, &li, 8, &keys).await), Code::InvalidField, "{case}");
    }
    let nobody = bank.run_as(Actor::system("test"), |cx| Box::pin(change(cx, 0, Chosen::new()))).await;
    assert_eq!(code_of(nobody), Code::Unauthenticated, "the machine presses no keys");
}

#[test]
fn the_console_keeps_its_hands_off_the_same_keys() {
    let console = include_str!("../../../../console/src/keys/chord.ts");
    let list = console.split("const RESERVED = new Set([").nth(1).and_then(|rest| rest.split("]);").next());
    let theirs: Vec<&str> = list.expect("the list of the console").split('"').skip(1).step_by(2).collect();
    assert_eq!(theirs, model::RESERVED);
}
