//! A number that is keyed in parts: no keyer sees it whole, the parts are compared apart, and what is checked and posted is the whole.

use kernel::Code;
use permission::act;
use processing::item::State;
use processing::keying::{self, Pass, SliceState, Verdict};
use processing::{checking, queues};
use std::collections::{BTreeMap, BTreeSet};
use work::Lease;
use world::{PEOPLE, World, voucher_values};

const WHOLE: &str = include_str!("../../../../testkit/world/definitions/T01.toml");

/// The world's transfer with the first `accounts` of its accounts cut in two, open to outsourced seats, and checked by their last digit.
fn in_parts(code: &str, accounts: usize) -> String {
    let mut text = WHOLE.replacen("code = \"T01\"", &format!("code = \"{code}\""), 1);
    for x in [500, 5500].into_iter().take(accounts) {
        let (left, right) = (x, x + 2000);
        let parts = format!(
            "max_length = 20\n\n[[fields.parts]]\nrect = [{left}, 1000, 2000, 1000]\ncharacters = 10\n\n\
             [[fields.parts]]\nrect = [{right}, 1000, 2000, 1000]\ncharacters = 10\n"
        );
        text = text.replacen("outsourced = false", "outsourced = true", 1).replacen("max_length = 32\n", &parts, 1);
    }
    text
}

/// What the voucher says where the slice was cut.
async fn reads(world: &World, name: &str, lease: &Lease) -> (String, String) {
    let task =
        keying::task(world.journal(), &lease.work_item_id, &lease.subject, &lease.task, world.person(name), false);
    let field = task.await.expect("a keying task").field;
    let whole = voucher_values("10.00", "壹拾元整")[field.code.as_str()].clone();
    let value = match field.name_en.split_once(" (part ") {
        Some((_, "1 of 2)")) => whole[..10].to_owned(),
        Some((_, "2 of 2)")) => whole[10..].to_owned(),
        _ => whole,
    };
    (field.name_en, value)
}

/// Keys whatever each of these people may have; answers what each saw.
async fn all_key(world: &World, names: &[&'static str]) -> BTreeMap<&'static str, BTreeSet<String>> {
    key_with_a_slip(world, names, false).await.0
}

/// The same; where it `slips`, the first who reads a second part misreads it, and is named. Which of them it is, chance decides.
async fn key_with_a_slip(
    world: &World,
    names: &[&'static str],
    slips: bool,
) -> (BTreeMap<&'static str, BTreeSet<String>>, Option<&'static str>) {
    let (mut seen, mut slipped) = (BTreeMap::new(), None);
    for name in names.iter().copied() {
        loop {
            let leases = world.takes(name, queues::KEYING, 4).await;
            if leases.is_empty() {
                break;
            }
            for lease in leases {
                let (field, mut value) = reads(world, name, &lease).await;
                if slips && slipped.is_none() && field.contains("part 2") {
                    (value, slipped) = ("999999999".to_owned(), Some(name));
                }
                world.keys::<act::KeySlice>(name, &lease, &value).await.expect("keys");
                seen.entry(name).or_insert_with(BTreeSet::new).insert(field);
            }
        }
    }
    world.drain().await;
    (seen, slipped)
}

const FOUR: [&str; 4] = ["keyer_a", "keyer_b", "keyer_c", "kin"];

#[tokio::test]
async fn an_account_keyed_in_two_parts_by_four_people_is_joined_checked_and_posted_whole() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    world.defines(&in_parts("T02", 1)).await;
    let item = world.keyable_of("T02", 1).await;
    let seen = all_key(&world, &FOUR).await;
    for (name, fields) in &seen {
        let parts = fields.iter().filter(|field| field.contains("part")).count();
        assert_eq!(parts, 1, "{name}: {fields:?}");
    }
    assert_eq!(seen.len(), 4, "two readings of each of two parts");
    assert_eq!(world.state(&item).await, State::Checking);
    let lease = world.takes("checker_b", queues::CHECKING, 1).await.pop().expect("work");
    let person = world.person("checker_b");
    let task = checking::task(world.journal(), &lease.work_item_id, &lease.subject, person).await.expect("a task");
    let account = task.fields.iter().find(|field| field.spec.code == "payer_account").expect("the field");
    let whole = voucher_values("10.00", "壹拾元整")["payer_account"].clone();
    assert_eq!(account.value.as_ref().map(|value| value.reveal()), Some(whole.as_str()));
    assert_eq!(account.state, SliceState::Agreed);
    let readings: Vec<_> = account.candidates.iter().map(|one| (one.pass, one.value.reveal())).collect();
    assert_eq!(readings, [(Pass::First, whole.as_str()), (Pass::Second, whole.as_str())]);
    let permit = world.permit::<act::CheckItem>("checker_b").await;
    let passed = world.run_as("test.check", permit.actor(), move |cx| {
        let (permit, lease) = (permit.clone(), lease.clone());
        Box::pin(async move { checking::pass(cx, &permit, &lease.work_item_id, lease.fence, &[]).await })
    });
    assert_eq!(passed.await.expect("passes"), "posting");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Posted);
    assert_eq!(before - world.payer_balance().await, 1_000, "from the account that nobody keyed whole");
}

#[tokio::test]
async fn nobody_is_dealt_two_parts_of_one_item_whatever_their_seat() {
    let world = World::new().await;
    world.defines(&in_parts("T03", 2)).await;
    let item = world.keyable_of("T03", 2).await;
    let everybody: Vec<&'static str> =
        PEOPLE.iter().filter(|row| row.1 == organization::Duty::Keyer).map(|row| row.0).collect();
    let seen = all_key(&world, &everybody).await;
    for (name, fields) in &seen {
        let parts = fields.iter().filter(|field| field.contains("part")).count();
        assert!(parts <= 1, "{name}: {fields:?}");
        if name.starts_with("vendor") {
            assert_eq!(fields.len(), 1, "an outsourced seat sees one slice: {name}: {fields:?}");
        }
    }
    let dealt: BTreeSet<_> = seen.values().flatten().filter(|field| field.contains("part")).collect();
    assert!(dealt.len() >= 2, "there was something to be kept apart: {dealt:?}");
    // By hand, the rule of the item holds as for every other hand.
    let two = storage::sql(
        "SELECT person_id FROM keyings k JOIN slices s ON s.slice_id = k.slice_id
         WHERE k.item_id = $1 AND s.part > 0 GROUP BY person_id HAVING COUNT(*) > 1",
    );
    let mut reader = world.journal().db.reader().await.expect("reads");
    assert_eq!(reader.all(two.bind(&item)).await.expect("rows").len(), 0);
}

#[tokio::test]
async fn a_part_that_was_read_differently_goes_to_a_third_person_alone_and_each_reader_answers_for_the_part() {
    let world = World::new().await;
    world.defines(&in_parts("T02", 1)).await;
    let item = world.keyable_of("T02", 3).await;
    let slipped = key_with_a_slip(&world, &FOUR, true).await.1.expect("somebody read a second part");
    let third = world.takes("third", queues::THIRD_KEYING, 4).await;
    assert_eq!(third.len(), 1, "the first part agrees");
    let (field, value) = reads(&world, "third", &third[0]).await;
    assert!(field.contains("part 2 of 2"), "{field}");
    world.keys::<act::ThirdKeySlice>("third", &third[0], &value).await.expect("keys");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Checking);
    world.checks("checker_b").await.expect("passes");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let rows = keying::keyings_of(&mut reader, &world.journal().vault, &item).await.expect("reads");
    let verdicts: Vec<_> = rows
        .iter()
        .filter(|row| row.field == "payer_account")
        .map(|row| (row.person_id == *world.person(slipped), row.verdict))
        .collect();
    assert_eq!(verdicts.len(), 5);
    for (misread, verdict) in verdicts {
        assert_eq!(verdict, if misread { Verdict::Wrong } else { Verdict::Right });
    }
}

#[tokio::test]
async fn who_keys_a_part_sees_no_whole_page_and_keys_no_more_than_stands_there() {
    let world = World::new().await;
    world.defines(&in_parts("T02", 1)).await;
    world.keyable_of("T02", 4).await;
    let leases = world.takes("keyer_a", queues::KEYING, 8).await;
    let permit = world.permit::<act::KeySlice>("keyer_a").await;
    let mut parts = 0;
    for lease in &leases {
        let (field, _) = reads(&world, "keyer_a", lease).await;
        let wider = keying::wider(world.journal(), &permit, &lease.work_item_id, lease.fence).await;
        if field.contains("part") {
            parts += 1;
            assert_eq!(wider.expect_err("the other part stands there").refusal().map(|r| r.code), Some(Code::PartOnly));
            let whole = world.keys::<act::KeySlice>("keyer_a", lease, &"6".repeat(21)).await.expect_err("too long");
            assert_eq!(whole.refusal().map(|r| r.code), Some(Code::InvalidField));
        } else {
            wider.expect("an employee may look around a whole field");
        }
    }
    assert_eq!(parts, 1);
}

#[tokio::test]
async fn after_a_new_front_both_parts_are_cut_and_keyed_anew() {
    let world = World::new().await;
    world.defines(&in_parts("T02", 1)).await;
    let item = world.keyable_of("T02", 5).await;
    all_key(&world, &FOUR).await;
    let lease = world.takes("checker_b", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker_b").await;
    let returned = world.run_as("test.return", permit.actor(), move |cx| {
        let (permit, lease) = (permit.clone(), lease.clone());
        Box::pin(async move {
            let boxes = serde_json::json!([]);
            checking::return_to_outlet(cx, &permit, &lease.work_item_id, lease.fence, ("R04", None), boxes).await
        })
    });
    returned.await.expect("returns");
    world.adds_page("teller", &item, "voucher_front", 60).await.expect("captures again");
    world.submits("teller", &item).await.expect("sends again");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Keying);
    let slices = storage::sql(
        "SELECT state, COUNT(*) AS n FROM slices WHERE field = 'payer_account' GROUP BY state ORDER BY state",
    );
    let rows = world.journal().db.reader().await.expect("reads").all(slices).await.expect("rows");
    let counts: Vec<_> =
        rows.iter().map(|row| (row.text("state").expect("text"), row.int("n").expect("a number"))).collect();
    assert_eq!(counts, [("keying".to_owned(), 2), ("superseded".to_owned(), 2)]);
    all_key(&world, &FOUR).await;
    assert_eq!(world.state(&item).await, State::Checking, "the same four people key it again");
}
