//! The straight way from the outlet to the core's books.

use journal::Subject;
use kernel::Code;
use processing::item::State;
use processing::{authorizing, checking, queues};
use world::{World, voucher_values};

#[tokio::test]
async fn a_voucher_below_the_limit_is_posted_without_an_authorizer_once() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    let item = world.keyable(1).await;
    assert_eq!(world.state(&item).await, State::Keying);
    world.keyed(&item, &voucher_values("1,234.50", "壹仟贰佰叁拾肆元伍角整")).await;
    assert_eq!(world.item(&item).await.amount_minor, Some(123_450));
    assert_eq!(world.checks("checker").await.expect("passes"), "posting");
    world.drain().await;
    let posted = world.item(&item).await;
    assert_eq!(posted.state, State::Posted);
    assert!(posted.core_reference.is_some());
    assert_eq!(before - world.payer_balance().await, 123_450);
    world.drain().await;
    assert_eq!(before - world.payer_balance().await, 123_450, "a second run of the jobs moves nothing");
    world.confirms("teller", &item).await.expect("confirms");
    assert_eq!(world.state(&item).await, State::Confirmed);
}

#[tokio::test]
async fn a_voucher_above_the_limit_waits_for_an_authorizer() {
    let world = World::new().await;
    let item = world.keyable(2).await;
    world.keyed(&item, &voucher_values("50000.01", "伍万元零壹分")).await;
    assert_eq!(world.checks("checker").await.expect("passes"), "authorizing");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Authorizing);
    assert_eq!(world.authorizes("authorizer").await.expect("approves"), "posting");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Posted);
}

#[tokio::test]
async fn every_step_is_in_the_item_s_chain_and_every_chain_verifies() {
    let world = World::new().await;
    let item = world.keyable(3).await;
    world.keyed(&item, &voucher_values("1.00", "壹元整")).await;
    world.checks("checker").await.expect("passes");
    world.drain().await;
    world.confirms("teller", &item).await.expect("confirms");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let chain = journal::by_subject(&mut reader, &Subject::of(&item)).await.expect("reads");
    // One slice in a hundred is keyed once more, to measure with, after it was settled.
    let measuring = |entry: &&journal::EntryRow| entry.payload["pass"] == 0;
    let steps: Vec<_> = chain.iter().filter(|entry| !measuring(entry)).collect();
    let mut kinds: Vec<_> = steps.iter().map(|entry| entry.kind.as_str()).collect();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "processing.item.open",
            "processing.item.add_page",
            "processing.item.submit",
            "processing.item.slice",
            "processing.slice.key",
            "processing.item.settle_keys",
            "processing.item.check",
            "processing.item.post",
            "processing.item.confirm",
        ]
    );
    assert_eq!(steps.iter().filter(|entry| entry.kind == "processing.slice.key").count(), 8, "four fields, two passes");
    let text = chain.iter().map(|entry| entry.payload.to_string()).collect::<String>();
    assert!(!text.contains("6222020000"), "no account number in the hashed text");
    drop(reader);
    let report = journal::verify::verify(&world.journal().db, Some(&world.journal().vault)).await.expect("walks");
    assert_eq!(report.problems, []);
}

#[tokio::test]
async fn an_item_is_submitted_only_with_its_required_page_and_only_once() {
    let world = World::new().await;
    let item = world.captures("teller", 4).await;
    assert_eq!(
        world.submits("other_teller", &item).await.expect_err("another outlet").refusal().map(|r| r.code),
        Some(Code::NotFound)
    );
    world.submits("teller", &item).await.expect("submits");
    let again = world.submits("teller", &item).await.expect_err("submitted already");
    assert_eq!(again.refusal().map(|r| r.code), Some(Code::WrongState));
    assert_eq!(
        world.adds_page("teller", &item, "attachment", 99).await.expect_err("too late").refusal().map(|r| r.code),
        Some(Code::WrongState)
    );
}

#[tokio::test]
async fn the_same_scan_twice_is_refused_and_an_unknown_kind_of_page_too() {
    let world = World::new().await;
    let item = world.captures("teller", 5).await;
    let duplicate = world.adds_page("teller", &item, "attachment", 5).await.expect_err("the same scan");
    assert_eq!(duplicate.refusal().map(|r| r.code), Some(Code::PoorImage));
    let unknown = world.adds_page("teller", &item, "selfie", 6).await.expect_err("no such page");
    assert_eq!(unknown.refusal().map(|r| r.code), Some(Code::InvalidField));
    let full = world.adds_page("teller", &item, "voucher_front", 7).await.expect_err("one front only");
    assert_eq!(full.refusal().map(|r| r.code), Some(Code::TooManyPages));
}

#[tokio::test]
async fn peer_defect_7_the_same_voucher_in_a_second_item_is_refused_by_its_number() {
    let world = World::new().await;
    let first = world.captures("teller", 8).await;
    let second = world.captures("teller", 8).await;
    world.submits("teller", &first).await.expect("submits");
    let refused = world.submits("teller", &second).await.expect_err("the same scan");
    let refusal = refused.refusal().expect("a refusal");
    assert_eq!(refusal.code, Code::DuplicateItem);
    assert!(refusal.zh().contains(&world.item(&first).await.item_no), "it names the other item");
    world.withdraws("teller", &first).await.expect("withdraws");
    world.submits("teller", &second).await.expect("what was withdrawn does not count");
}

#[tokio::test]
async fn the_states_of_the_table_are_the_states_of_the_database() {
    let migration = include_str!("../../../../foundation/storage/migrations/1008_processing.sql");
    let items = migration.split("CREATE TABLE items").nth(1).expect("the table");
    let check = items.split("state IN (").nth(1).and_then(|rest| rest.split(')').next()).expect("the constraint");
    let mut in_sql: Vec<_> = check.split(',').map(|word| word.trim().trim_matches('\'')).collect();
    let mut in_rust: Vec<_> = State::ALL.iter().map(|state| state.as_str()).collect();
    in_sql.sort_unstable();
    in_rust.sort_unstable();
    assert_eq!(in_sql, in_rust);
}

#[tokio::test]
async fn an_authorizer_is_told_of_vouchers_of_the_same_amount_to_the_same_account() {
    let world = World::new().await;
    let large = || voucher_values("60000.00", "陆万元整");
    let mut to_another = large();
    to_another.insert("payee_account", "6222020000000000033".to_owned());
    let mut items = Vec::new();
    let vouchers = [large(), to_another, voucher_values("60000.01", "陆万元零壹分"), large()];
    for (seed, values) in (11..).zip(vouchers) {
        let item = world.keyable(seed).await;
        world.keyed(&item, &values).await;
        world.checks("checker").await.expect("passes");
        items.push(world.item(&item).await.item_no);
    }
    let leases = world.takes("authorizer", queues::AUTHORIZING, 4).await;
    assert_eq!(leases.len(), 4);
    let mut told = Vec::new();
    for lease in &leases {
        let (work, subject, person) = (&lease.work_item_id, &lease.subject, world.person("authorizer"));
        let task = checking::task(world.journal(), work, subject, person).await.expect("a task");
        let similar = authorizing::similar(world.journal(), &task).await.expect("reads");
        let place = items.iter().position(|no| *no == task.item.item_no).expect("one of them");
        told.push((place, similar.into_iter().map(|item| item.item_no).collect::<Vec<_>>()));
    }
    told.sort();
    let none = Vec::<String>::new;
    let expected = [(0, vec![items[3].clone()]), (1, none()), (2, none()), (3, vec![items[0].clone()])];
    assert_eq!(told, expected, "another account and another amount are not similar");
}
