//! Defects of peers that concern a whole item, each named after its row in the list.

use archive::link;
use kernel::Code;
use permission::act;
use processing::item::State;
use processing::{authorizing, keying, queues};
use storage::sql;
use world::{World, voucher_values};

/// 5: an approval re-executes the request, whatever became of it. Here it approves what was looked at, or nothing.
#[tokio::test]
async fn peer_defect_5_an_approval_of_what_has_changed_since_it_was_shown_is_void() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    let item = world.keyable(1).await;
    world.keyed(&item, &voucher_values("60000.00", "陆万元整")).await;
    world.checks("checker").await.expect("passes");
    let shown = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    world.opens_pages("authorizer", &shown.subject).await.expect("looks");
    // Taken back while it is on the authorizer's screen.
    world.withdraws("teller", &item).await.expect("withdraws");
    let late = world.approves("authorizer", &shown).await.expect_err("nothing is left to approve");
    assert_eq!(late.refusal().map(|refusal| refusal.code), Some(Code::NotYourWork));
    assert_eq!(world.state(&item).await, State::Withdrawn);

    // Sent back, completed with another front, checked anew: what was seen before does not count.
    let item = world.keyable(2).await;
    world.keyed(&item, &voucher_values("60000.00", "陆万元整")).await;
    world.checks("checker").await.expect("passes");
    let first = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    world.opens_pages("authorizer", &first.subject).await.expect("looks");
    let permit = world.permit::<act::AuthorizeItem>("authorizer").await;
    let lease = first.clone();
    world
        .run_as("test.refuse", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                let reason = ("R10", None);
                authorizing::refuse(cx, &permit, &lease.work_item_id, lease.fence, reason, Default::default()).await
            })
        })
        .await
        .expect("refuses");
    world.adds_page("teller", &item, "voucher_front", 70).await.expect("captures the front again");
    world.submits("teller", &item).await.expect("sends again");
    world.drain().await;
    world.keyed(&item, &voucher_values("90000.00", "玖万元整")).await;
    world.checks("checker").await.expect("passes");
    let again = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work anew");
    let old = world.approves("authorizer", &first).await.expect_err("the first task is over");
    assert_eq!(old.refusal().map(|refusal| refusal.code), Some(Code::NotYourWork));
    let unseen = world.approves("authorizer", &again).await.expect_err("the new front was not looked at");
    assert_eq!(unseen.refusal().map(|refusal| refusal.code), Some(Code::PageNotViewed));
    assert_eq!(before - world.payer_balance().await, 0, "nothing was posted by any of it");
    world.opens_pages("authorizer", &again.subject).await.expect("looks again");
    assert_eq!(world.approves("authorizer", &again).await.expect("what is shown now is approved"), "posting");
    world.drain().await;
    assert_eq!(before - world.payer_balance().await, 9_000_000, "the amount that was authorized");
}

const TABLES: [&str; 7] = ["items", "pages", "slices", "keyings", "work_items", "separation_marks", "journal_entries"];

async fn rows(world: &World) -> Vec<i64> {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let mut counts = Vec::new();
    for table in TABLES {
        let text: &'static str = Box::leak(format!("SELECT COUNT(*) AS n FROM {table}").into_boxed_str());
        counts.push(reader.one(sql(text)).await.expect("counts").int("n").expect("a number"));
    }
    counts
}

#[tokio::test]
async fn only_what_was_served_to_the_authorizer_since_the_hand_over_and_was_on_the_screen_is_approved() {
    let world = World::new().await;
    let item = world.keyable(5).await;
    world.keyed(&item, &voucher_values("60000.00", "陆万元整")).await;
    world.checks("checker").await.expect("passes");
    let refused = async |lease: &work::Lease, why: &str| {
        let refused = world.approves("authorizer", lease).await.expect_err(why);
        assert_eq!(refused.refusal().map(|refusal| refusal.code), Some(Code::PageNotViewed), "{why}");
    };
    world.opens_pages("authorizer", item.as_str()).await.expect("looks, with nothing in hand");
    world.desk.clock.advance_seconds(6);
    let lease = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    refused(&lease, "opened before it was handed over").await;
    world.opens_pages("checker_b", item.as_str()).await.expect("looks");
    refused(&lease, "opened by somebody else").await;
    let page = {
        let mut reader = world.journal().db.reader().await.expect("reads");
        archive::page::current(&mut reader, item.as_str()).await.expect("reads").remove(0).page_id
    };
    let (session, now) = (kernel::SessionId::new(world.journal().now()), world.journal().now());
    let thumbnail = link::issue(&world.journal().vault, &link::Target::PageThumbnail(page), &session, now, 60);
    let actor = journal::Actor::person(world.person("authorizer").clone());
    link::redeem(world.journal(), &world.blobs, &thumbnail.expect("a link"), &session, actor, "").await.expect("opens");
    refused(&lease, "nobody reads a thumbnail").await;
    assert_eq!(world.state(&item).await, State::Authorizing);
    world.opens_pages("authorizer", item.as_str()).await.expect("the station fetches ahead");
    let unseen = world.approves_having_displayed("authorizer", &lease, Vec::new()).await.expect_err("not looked at");
    assert_eq!(unseen.refusal().map(|refusal| refusal.code), Some(Code::PageNotViewed));
    assert_eq!(world.approves("authorizer", &lease).await.expect("approves"), "posting");
}

#[tokio::test]
async fn a_page_that_another_node_served_by_a_clock_a_little_behind_counts() {
    let world = World::new().await;
    let item = world.keyable(5).await;
    world.keyed(&item, &voucher_values("60000.00", "陆万元整")).await;
    world.checks("checker").await.expect("passes");
    world.opens_pages("authorizer", item.as_str()).await.expect("looks");
    world.desk.clock.advance_seconds(3);
    let lease = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    assert_eq!(world.approves("authorizer", &lease).await.expect("approves"), "posting");
}

/// 6: a pending entry can be deleted. Here it is withdrawn, which is a state with a reason, and no row goes away.
#[tokio::test]
async fn peer_defect_6_a_withdrawn_item_keeps_every_row_and_says_why() {
    let world = World::new().await;
    let item = world.keyable(3).await;
    let keyed = world.takes("keyer_a", queues::KEYING, 1).await.pop().expect("work");
    world.keys::<act::KeySlice>("keyer_a", &keyed, "1").await.expect("keys");
    let before = rows(&world).await;
    world.withdraws("teller", &item).await.expect("withdraws");
    for ((table, before), after) in TABLES.iter().zip(before).zip(rows(&world).await) {
        assert!(after >= before, "{table}: {before} rows became {after}");
    }
    let withdrawn = world.item(&item).await;
    assert_eq!((withdrawn.state, withdrawn.reason.map(|reason| reason.code)), (State::Withdrawn, Some("W01".into())));
    let mut reader = world.journal().db.reader().await.expect("reads");
    let kept = keying::keyings_of(&mut reader, &world.journal().vault, &item).await.expect("reads");
    assert_eq!(kept.len(), 1, "what was keyed is still there to be looked at");
    drop(reader);
    let twice = world.withdraws("teller", &item).await.expect_err("it is over");
    assert_eq!(twice.refusal().map(|refusal| refusal.code), Some(Code::WrongState));
    let report = journal::verify::verify(&world.journal().db, Some(&world.journal().vault)).await.expect("walks");
    assert_eq!(report.problems, []);
}

/// 19: a lock in the screen only. Here the hold is a row: nobody else acts on it, and neither does its holder once it has run out.
#[tokio::test]
async fn peer_defect_19_work_is_acted_on_by_its_holder_alone_and_only_while_it_is_held() {
    let world = World::new().await;
    world.keyable(4).await;
    let held = world.takes("keyer_a", queues::KEYING, 1).await.pop().expect("work");
    for name in ["keyer_b", "keyer_c", "vendor_a"] {
        let late = world.keys::<act::KeySlice>(name, &held, "1").await.expect_err("it is with somebody else");
        assert_eq!(late.refusal().map(|refusal| refusal.code), Some(Code::NotYourWork), "{name}");
    }
    world.desk.clock.advance_seconds(60);
    let late = world.keys::<act::KeySlice>("keyer_a", &held, "1").await.expect_err("the hold has run out");
    assert_eq!(late.refusal().map(|refusal| refusal.code), Some(Code::LeaseLost));
}
