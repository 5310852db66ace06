//! The ways off the straight path, and back.

use journal::Answer;
use kernel::Code;
use permission::act;
use processing::checking::{self, Decided};
use processing::item::State;
use processing::{authorizing, queues};
use storage::vault::Private;
use world::{World, voucher_values};

async fn return_item(world: &World, code: &'static str) -> Answer<String> {
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker").await;
    world
        .run_as("test.return", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                checking::return_to_outlet(
                    cx,
                    &permit,
                    &lease.work_item_id,
                    lease.fence,
                    (code, None),
                    serde_json::json!([]),
                )
                .await
            })
        })
        .await
}

#[tokio::test]
async fn a_returned_item_keeps_its_keyed_values_and_only_a_new_page_is_keyed_again() {
    let world = World::new().await;
    let item = world.keyable(1).await;
    world.keyed(&item, &voucher_values("9.00", "玖元整")).await;
    assert_eq!(return_item(&world, "R04").await.expect("returns"), "returned");
    world.adds_page("teller", &item, "attachment", 50).await.expect("completes");
    world.submits("teller", &item).await.expect("sends again");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Checking, "nothing needs keying: the front is unchanged");
    return_item(&world, "R04").await.expect("returns");
    world.adds_page("teller", &item, "voucher_front", 51).await.expect("captures the front again");
    world.submits("teller", &item).await.expect("sends again");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Keying, "the new front is keyed");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let versions = archive::page::all_versions(&mut reader, item.as_str()).await.expect("reads");
    let fronts: Vec<_> = versions.iter().filter(|page| page.kind == "voucher_front").map(|page| page.version).collect();
    assert_eq!(fronts, [1, 2], "the replaced front stays");
}

#[tokio::test]
async fn a_reason_that_is_no_ground_is_refused_and_nothing_happens() {
    let world = World::new().await;
    let item = world.keyable(2).await;
    world.keyed(&item, &voucher_values("9.00", "玖元整")).await;
    let refused = return_item(&world, "R19").await.expect_err("a list hit suspends, it does not return");
    assert_eq!(refused.refusal().map(|r| r.code), Some(Code::UnknownReason));
    assert_eq!(world.state(&item).await, State::Checking);
}

#[tokio::test]
async fn a_refusal_needs_a_second_person() {
    let world = World::new().await;
    let item = world.keyable(3).await;
    world.keyed(&item, &voucher_values("9.00", "玖元整")).await;
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let state = world
        .run_as("test.refuse", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                checking::propose_refusal(cx, &permit, &lease.work_item_id, lease.fence, ("R06", None)).await
            })
        })
        .await
        .expect("proposes");
    assert_eq!(state, "refusal_review");
    let lease = world.takes("reviewer", queues::REFUSAL_REVIEW, 1).await.pop().expect("work for the second person");
    let permit = world.permit::<act::ReviewRefusal>("reviewer").await;
    let state = world
        .run_as("test.uphold", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move { authorizing::uphold_refusal(cx, &permit, &lease.work_item_id, lease.fence).await })
        })
        .await
        .expect("upholds");
    assert_eq!(state, "refused");
    assert_eq!(world.state(&item).await, State::Refused);
    let again = world.captures("teller", 3).await;
    world.submits("teller", &again).await.expect("what was refused in the end does not count");
}

#[tokio::test]
async fn withdrawal_takes_the_work_away_and_ends_where_posting_begins() {
    let world = World::new().await;
    let item = world.keyable(4).await;
    let held = world.takes("keyer_a", queues::KEYING, 1).await.pop().expect("work");
    let withdrawn = world.withdraws("teller", &item).await.expect("withdraws");
    assert_eq!(world.state(&item).await, State::Withdrawn);
    assert_eq!(withdrawn.version, world.item(&item).await.version);
    assert_eq!(withdrawn.ended.len(), 8, "two passes of four fields");
    let told: Vec<_> = withdrawn.ended.iter().filter_map(|(work, holder)| Some((work, holder.as_ref()?))).collect();
    assert_eq!(told, [(&held.work_item_id, world.person("keyer_a"))], "one of them is on a screen");
    let late = world.keys::<act::KeySlice>("keyer_a", &held, "1").await.expect_err("the work is gone");
    assert_eq!(late.refusal().map(|r| r.code), Some(Code::NotYourWork));
    assert!(world.takes("keyer_b", queues::KEYING, 8).await.is_empty());

    let posted = world.keyable(5).await;
    world.keyed(&posted, &voucher_values("9.00", "玖元整")).await;
    world.checks("checker").await.expect("passes");
    let refused = world.withdraws("teller", &posted).await.expect_err("posting has begun");
    assert_eq!(refused.refusal().map(|r| r.code), Some(Code::WrongState));
}

#[tokio::test]
async fn words_that_differ_from_figures_stop_the_checker_until_corrected() {
    let world = World::new().await;
    let item = world.keyable(6).await;
    world.keyed(&item, &voucher_values("9.00", "壹元整")).await;
    let refused = world.checks("checker").await.expect_err("the rule fails");
    assert_eq!(refused.refusal().map(|r| r.code), Some(Code::ChecksFailed));
    assert_eq!(world.state(&item).await, State::Checking);
    // The refused act left the lease: the same person corrects and passes.
    let mut reader = world.journal().db.reader().await.expect("reads");
    let held =
        work::peek_by_person(&mut reader, world.person("checker")).await.expect("reads").pop().expect("still held");
    drop(reader);
    let permit = world.permit::<act::CheckItem>("checker").await;
    let decided =
        vec![Decided {
            code: "amount_words".into(), value: Private::new("玖元整"), cause: Some("handwriting".into())
        }];
    let state = world
        .run_as("test.check", permit.actor(), move |cx| {
            let (permit, held, decided) = (permit.clone(), held.clone(), decided.clone());
            Box::pin(async move { checking::pass(cx, &permit, &held.0, held.1, &decided).await })
        })
        .await;
    assert_eq!(state.expect("passes"), "authorizing", "one person alone said the amount in words");
}

#[tokio::test]
async fn an_amount_or_an_account_that_the_checker_alone_says_goes_to_the_authorizer_below_the_limit_too() {
    let right = voucher_values("10.00", "壹拾元整");
    let other_account = "6222020000000000033";
    /// What the checker says, the state after it, and what of it nobody else said.
    type Row<'a> = (&'a [(&'static str, &'a str)], &'a str, &'a [&'a str]);
    let table: [Row<'_>; 3] = [
        (&[("amount", "￥10.00"), ("amount_words", "壹拾元整")], "posting", &[]),
        (&[("payee_account", other_account)], "authorizing", &["payee_account"]),
        (&[("amount", "20.00"), ("amount_words", "贰拾元整")], "authorizing", &["amount", "amount_words"]),
    ];
    for (decided, state, alone) in table {
        let world = World::new().await;
        let item = world.keyable(7).await;
        world.keyed(&item, &right).await;
        assert_eq!(world.decides("checker", decided).await.expect("passes"), state, "{decided:?}");
        if alone.is_empty() {
            continue;
        }
        let lease = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
        let (work, subject) = (&lease.work_item_id, &lease.subject);
        let task = checking::task(world.journal(), work, subject, world.person("authorizer")).await.expect("a task");
        let shown: Vec<_> = task.by_checker_alone.iter().map(|field| field.code.as_str()).collect();
        assert_eq!(shown, alone, "the authorizer is told");
    }
}

#[tokio::test]
async fn a_draft_that_arrives_with_the_entry_is_not_kept_for_work_that_has_ended() {
    let world = World::new().await;
    world.keyable(9).await;
    let permit = world.permit::<act::KeySlice>("keyer_a").await;
    for lease in world.takes("keyer_a", queues::KEYING, 4).await {
        let (work, fence) = (&lease.work_item_id, lease.fence);
        let save = || processing::keying::save_draft(world.journal(), &permit, work, fence, Private::new("1"));
        let (entered, ..) = tokio::join!(world.keys::<act::KeySlice>("keyer_a", &lease, "1"), save(), save(), save());
        entered.expect("keys");
        let late = save().await.expect_err("the work is done");
        assert_eq!(late.refusal().map(|r| r.code), Some(Code::NotYourWork));
    }
    let mut reader = world.journal().db.reader().await.expect("reads");
    let drafts = reader.one(storage::sql("SELECT COUNT(*) AS n FROM drafts")).await.expect("counts");
    assert_eq!(drafts.int("n").expect("a number"), 0);
}

#[tokio::test]
async fn what_is_written_beside_a_reason_is_sealed_in_the_item_and_read_by_who_may() {
    let world = World::new().await;
    let item = world.keyable(31).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let said = "付款人王小明电话 13900000000 否认";
    world
        .run_as("test.suspend", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                checking::suspend(cx, &permit, &lease.work_item_id, lease.fence, ("R18", Some(said))).await
            })
        })
        .await
        .expect("suspends");
    let vault = &world.journal().vault;
    let note = |item: &processing::item::Item| {
        let note = item.reason.as_ref().and_then(|reason| reason.note.as_ref()).expect("a note");
        note.open(vault, &item.item_id).expect("opens").reveal().to_owned()
    };
    assert_eq!(note(&world.item(&item).await), said);
    let mut reader = world.journal().db.reader().await.expect("reads");
    let stored = storage::sql("SELECT reason_note FROM items WHERE item_id = $1").bind(&item);
    let stored = reader.one(stored).await.expect("a row").bytes("reason_note").expect("sealed bytes");
    assert!(!stored.windows(6).any(|window| said.as_bytes().windows(6).any(|part| part == window)), "in clear");
    drop(reader);
    // The next change of the item keeps it, and the resumption ends it.
    world.resumes("supervisor", &item).await.expect("resumes");
    assert_eq!(world.item(&item).await.reason, None);
}

#[tokio::test]
async fn a_check_after_a_send_back_starts_from_what_its_station_shows() {
    let world = World::new().await;
    let item = world.keyable(32).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    let other_account = "6222020000000000033";
    assert_eq!(world.decides("checker", &[("payee_account", other_account)]).await.expect("passes"), "authorizing");
    let lease = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    let permit = world.permit::<act::AuthorizeItem>("authorizer").await;
    world
        .run_as("test.send_back", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                let reason = ("R08", None);
                authorizing::send_back(cx, &permit, &lease.work_item_id, lease.fence, reason).await
            })
        })
        .await
        .expect("sends back");
    // Everything is as it should be: nothing is decided anew.
    assert_eq!(world.checks("checker").await.expect("passes"), "authorizing", "one person alone still says it");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let passed = checking::passed_values(&mut reader, &world.journal().vault, &item).await.expect("reads");
    assert_eq!(passed["payee_account"].reveal(), other_account, "what was shown, not what was keyed");
    let source = storage::sql("SELECT source FROM item_fields WHERE item_id = $1 AND field = 'payee_account'");
    assert_eq!(reader.one(source.bind(&item)).await.expect("a row").text("source").expect("text"), "checker");
}

async fn sends_back_to_the_checker(world: &World, reason: &'static str) {
    let lease = world.takes("authorizer", queues::AUTHORIZING, 1).await.pop().expect("work");
    let permit = world.permit::<act::AuthorizeItem>("authorizer").await;
    let done = world.run_as("test.send_back", permit.actor(), move |cx| {
        let (permit, lease) = (permit.clone(), lease.clone());
        Box::pin(
            async move { authorizing::send_back(cx, &permit, &lease.work_item_id, lease.fence, (reason, None)).await },
        )
    });
    done.await.expect("sends back");
}

async fn proposes_refusal(world: &World, reason: (&'static str, Option<&'static str>)) {
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let done = world.run_as("test.refuse", permit.actor(), move |cx| {
        let (permit, lease) = (permit.clone(), lease.clone());
        Box::pin(async move { checking::propose_refusal(cx, &permit, &lease.work_item_id, lease.fence, reason).await })
    });
    assert_eq!(done.await.expect("proposes"), "refusal_review");
}

async fn overturns(world: &World) {
    let lease = world.takes("reviewer", queues::REFUSAL_REVIEW, 1).await.pop().expect("work for the second person");
    let permit = world.permit::<act::ReviewRefusal>("reviewer").await;
    let done = world.run_as("test.overturn", permit.actor(), move |cx| {
        let (permit, lease) = (permit.clone(), lease.clone());
        Box::pin(async move {
            authorizing::overturn_refusal(cx, &permit, &lease.work_item_id, lease.fence, "印章清晰").await
        })
    });
    assert_eq!(done.await.expect("overturns"), "checking");
}

async fn passed(world: &World, item: &kernel::ItemId) -> std::collections::HashMap<String, String> {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let passed = checking::passed_values(&mut reader, &world.journal().vault, item).await.expect("reads");
    passed.into_iter().map(|(field, value)| (field, value.reveal().to_owned())).collect()
}

#[tokio::test]
async fn what_was_passed_before_a_return_does_not_stand_behind_the_voucher_that_comes_after_it() {
    for is_reviewed in [false, true] {
        let world = World::new().await;
        let item = world.keyable(37).await;
        world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
        let earlier = [("payee_account", "6222020000000000033")];
        assert_eq!(world.decides("checker", &earlier).await.expect("passes"), "authorizing");
        sends_back_to_the_checker(&world, "R08").await;
        if is_reviewed {
            proposes_refusal(&world, ("R06", None)).await;
            overturns(&world).await;
        }
        assert_eq!(return_item(&world, "R08").await.expect("returns"), "returned");
        assert!(passed(&world, &item).await.is_empty(), "it is checked anew");
        world.adds_page("teller", &item, "voucher_front", 38).await.expect("captures the corrected voucher");
        world.submits("teller", &item).await.expect("sends again");
        world.drain().await;
        let corrected = voucher_values("20.00", "贰拾元整");
        world.keyed(&item, &corrected).await;
        assert_eq!(world.checks("checker").await.expect("passes"), "posting", "the keyers said it, not the checker");
        for (field, value) in passed(&world, &item).await {
            assert_eq!(value, corrected[field.as_str()], "{field}, reviewed {is_reviewed}");
        }
    }
}

async fn open_work(world: &World, item: &kernel::ItemId) -> i64 {
    let mut reader = world.journal().db.reader().await.expect("reads");
    let open = storage::sql("SELECT COUNT(*) AS n FROM work_items WHERE subject = $1 AND state IN ('ready', 'leased')");
    reader.one(open.bind(item)).await.expect("counts").int("n").expect("a number")
}

#[tokio::test]
async fn what_three_people_give_back_for_one_reason_goes_to_a_supervisor_and_on_from_where_it_was() {
    let world = World::new().await;
    let item = world.keyable(33).await;
    let first = world.takes("keyer_a", queues::KEYING, 1).await.pop().expect("work");
    assert_eq!(world.hands_back("keyer_a", &first, "R01").await.expect("gives back").suspended, None);
    for (name, suspends) in [("keyer_b", false), ("keyer_c", true)] {
        let lease = world.takes(name, queues::KEYING, 1).await.pop().expect("work");
        assert_eq!(lease.work_item_id, first.work_item_id, "{name}");
        let done = world.hands_back(name, &lease, "R01").await.expect("gives back");
        assert_eq!(done.suspended.is_some(), suspends, "{name}");
        assert_eq!(world.state(&item).await, if suspends { State::Suspended } else { State::Keying }, "{name}");
    }
    assert_eq!(world.item(&item).await.reason.map(|reason| reason.code), Some("R01".into()));
    assert_eq!(open_work(&world, &item).await, 0, "nobody is dealt any of it");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let entries = journal::by_subject(&mut reader, &journal::Subject::of(&item)).await.expect("entries");
    drop(reader);
    let last = entries.last().expect("an entry");
    assert_eq!((last.kind.as_str(), &last.payload["people"]), ("processing.item.suspend", &serde_json::json!(3)));

    let late = world.hands_back("keyer_c", &first, "R01").await.expect_err("it has ended");
    assert_eq!(late.refusal().map(|refusal| refusal.code), Some(Code::NotYourWork));
    world.resumes("supervisor", &item).await.expect("resumes");
    assert_eq!(world.state(&item).await, State::Keying, "what nobody keyed yet is keyed, blind and twice as ever");
    assert_eq!(open_work(&world, &item).await, 8, "four fields, two readings each");
    let values = voucher_values("10.00", "壹拾元整");
    for name in ["keyer_a", "kin"] {
        for lease in world.takes(name, queues::KEYING, 4).await {
            let field = world.field_of(name, &lease).await;
            world.keys::<act::KeySlice>(name, &lease, &values[field.as_str()]).await.expect("keys");
        }
    }
    world.drain().await;
    assert_eq!(world.checks("checker_b").await.expect("passes"), "posting");
}

#[tokio::test]
async fn only_a_reason_that_lies_in_the_item_suspends_it_once_three_people_gave_it() {
    let table = [
        ("the image", ["R01", "R01", "R01"], true),
        ("the image, and for one a relative", ["R01", "H01", "R01"], false),
        ("relatives, each their own", ["H01", "H01", "H01"], false),
        ("seats that broke down", ["H02", "H02", "H02"], false),
        ("words that nobody shares", ["R99", "R99", "R99"], false),
    ];
    for (what, reasons, suspends) in table {
        let world = World::new().await;
        let item = world.keyable(36).await;
        for (name, reason) in ["keyer_a", "keyer_b", "keyer_c"].into_iter().zip(reasons) {
            let lease = world.takes(name, queues::KEYING, 1).await.pop().expect("work");
            world.hands_back(name, &lease, reason).await.expect("gives back");
        }
        assert_eq!(world.state(&item).await, if suspends { State::Suspended } else { State::Keying }, "{what}");
    }
}

/// The checker wants this page scanned again.
async fn asks_rescan(world: &World, page: &str) {
    let page = kernel::PageId::parse(page).expect("a page");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let done = world.run_as("test.rescan", permit.actor(), move |cx| {
        let (permit, lease, pages) = (permit.clone(), lease.clone(), vec![page.clone()]);
        Box::pin(async move {
            let (work, none) = (&lease.work_item_id, serde_json::json!([]));
            checking::ask_rescan(cx, &permit, work, lease.fence, ("R01", None), &pages, none).await
        })
    });
    assert_eq!(done.await.expect("asks"), "rescan");
}

#[tokio::test]
async fn a_rescan_forgets_what_was_passed_of_the_pages_that_are_scanned_again_and_of_no_other() {
    let other_account = "6222020000000000033";
    for (again, stays) in [("attachment", true), ("voucher_front", false)] {
        let world = World::new().await;
        let item = world.captures("teller", 40).await;
        world.adds_page("teller", &item, "attachment", 41).await.expect("captures");
        world.submits("teller", &item).await.expect("submits");
        world.drain().await;
        let values = voucher_values("10.00", "壹拾元整");
        world.keyed(&item, &values).await;
        let said = [("payee_account", other_account)];
        assert_eq!(world.decides("checker", &said).await.expect("passes"), "authorizing");
        sends_back_to_the_checker(&world, "R08").await;
        let mut reader = world.journal().db.reader().await.expect("reads");
        let pages = archive::page::current(&mut reader, item.as_str()).await.expect("pages");
        drop(reader);
        let page = pages.into_iter().find(|page| page.kind == again).expect("a page").page_id;
        asks_rescan(&world, page.as_str()).await;
        world.puts_page("teller", &item, again, 42, Some(page.as_str())).await.expect("captures it again");
        world.submits("teller", &item).await.expect("sends again");
        world.drain().await;
        let passed = passed(&world, &item).await;
        assert_eq!(passed.get("payee_account").map(String::as_str), stays.then_some(other_account), "{again}");
        assert_eq!(world.state(&item).await, if stays { State::Checking } else { State::Keying }, "{again}");
    }
}

#[tokio::test]
async fn at_every_station_the_third_hand_back_suspends_and_a_resumption_goes_on_from_where_it_was() {
    use organization::Duty::{Authorizer, ElementChecker, RefusalReviewer};
    /// Queue, its duty and one who has it, and where the item goes on.
    type Row = (&'static str, organization::Duty, &'static str, State);
    let table: [Row; 3] = [
        (queues::CHECKING, ElementChecker, "checker", State::Checking),
        (queues::REFUSAL_REVIEW, RefusalReviewer, "reviewer", State::RefusalReview),
        // What stopped the authorizers is looked at by a checker again, who passes it on to them.
        (queues::AUTHORIZING, Authorizer, "authorizer", State::Checking),
    ];
    for (queue, duty, name, goes_on) in table {
        let mut world = World::new().await;
        world.joins("second_more", duty).await;
        world.joins("third_more", duty).await;
        let item = world.keyable(39).await;
        world.keyed(&item, &voucher_values("60000.00", "陆万元整")).await;
        match queue {
            queues::REFUSAL_REVIEW => proposes_refusal(&world, ("R06", Some("金额处有刮擦"))).await,
            queues::AUTHORIZING => assert_eq!(world.checks("checker").await.expect("passes"), "authorizing"),
            _ => {}
        }
        let before = world.state(&item).await;
        for (name, after) in [(name, before), ("second_more", before), ("third_more", State::Suspended)] {
            let lease = world.takes(name, queue, 1).await.pop().expect("work");
            world.hands_back(name, &lease, "R01").await.expect("gives back");
            assert_eq!(world.state(&item).await, after, "{queue}, {name}");
        }
        assert_eq!(world.item(&item).await.reason.map(|reason| reason.code), Some("R01".into()), "{queue}");
        assert_eq!(open_work(&world, &item).await, 0, "{queue}");
        world.resumes("supervisor", &item).await.expect("resumes");
        assert_eq!(world.state(&item).await, goes_on, "{queue}");
        assert_eq!(open_work(&world, &item).await, 1, "{queue}");
        let reason = world.item(&item).await.reason;
        let said = reason.map(|reason| {
            let note = reason.note.expect("a note").open(&world.journal().vault, &item).expect("opens");
            (reason.code, note.reveal().to_owned())
        });
        let proposed = (goes_on == State::RefusalReview).then(|| ("R06".to_owned(), "金额处有刮擦".to_owned()));
        assert_eq!(said, proposed, "{queue}: why it is to be refused is not lost, and why it was suspended is past");
        let next = if goes_on == State::RefusalReview { queues::REFUSAL_REVIEW } else { queues::CHECKING };
        let name = if goes_on == State::RefusalReview { "reviewer" } else { "checker_b" };
        assert_eq!(world.takes(name, next, 1).await.len(), 1, "{queue}: somebody has it");
    }
}

#[tokio::test]
async fn what_was_keyed_before_a_suspension_is_not_keyed_again() {
    let world = World::new().await;
    let item = world.keyable(34).await;
    let values = voucher_values("10.00", "壹拾元整");
    let slices = world.takes("keyer_a", queues::KEYING, 3).await;
    for lease in &slices {
        let field = world.field_of("keyer_a", lease).await;
        world.keys::<act::KeySlice>("keyer_a", lease, &values[field.as_str()]).await.expect("keys");
    }
    let mut given = None;
    for name in ["keyer_b", "keyer_c", "kin"] {
        let lease = world.takes(name, queues::KEYING, 1).await.pop().expect("work");
        given = world.hands_back(name, &lease, "R01").await.expect("gives back").suspended;
    }
    assert_eq!(given, Some(item.clone()));
    world.resumes("supervisor", &item).await.expect("resumes");
    let keyed = i64::try_from(slices.len()).expect("few");
    assert!(keyed > 0);
    assert_eq!(open_work(&world, &item).await, 8 - keyed, "eight readings, less those that stand");
}

#[tokio::test]
async fn a_seeded_slice_that_three_people_give_back_ends_alone() {
    let world = World::new().await;
    let item = world.keyable(35).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    let mut reader = world.journal().db.reader().await.expect("reads");
    let slice = storage::sql("SELECT slice_id FROM slices WHERE item_id = $1 AND field = 'amount'").bind(&item);
    let slice: kernel::SliceId = reader.one(slice).await.expect("a slice").id("slice_id").expect("an id");
    drop(reader);
    let (now, found) = (world.journal().now(), world.item(&item).await);
    let new = work::NewWork {
        queue: queues::KEYING,
        subject: item.to_string(),
        origin: found.institution_id,
        hand: permission::Hand::FirstKey,
        slice: Some(slice.clone()),
        internal_only: true,
        priority_class: 0,
        due_at: now,
        promote_at: None,
        task: serde_json::json!({ "slice_id": slice.as_str(), "pass": 0 }),
    };
    let seeded = world.journal().db.write::<_, storage::Fault, _>(move |tx| {
        let new = new.clone();
        Box::pin(async move { work::enqueue(tx, now, new).await })
    });
    let seeded = seeded.await.expect("enqueued");
    let mut times = 0;
    for name in ["keyer_a", "keyer_b", "keyer_c", "kin"] {
        let leases = world.takes(name, queues::KEYING, 4).await;
        if let Some(lease) = leases.iter().find(|lease| lease.work_item_id == seeded) {
            let permit = world.permit::<act::KeySlice>(name).await;
            let draft = Private::new("1");
            let saved =
                processing::keying::save_draft(world.journal(), &permit, &lease.work_item_id, lease.fence, draft).await;
            saved.expect("keeps a draft");
            world.hands_back(name, lease, "R01").await.expect("gives back");
            times += 1;
        }
    }
    assert_eq!(times, 3, "the second keyer of the item is not dealt it");
    assert_eq!(world.state(&item).await, State::Checking, "the item does not wait for it");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let state = storage::sql("SELECT state FROM work_items WHERE work_item_id = $1").bind(&seeded);
    assert_eq!(reader.one(state).await.expect("a row").text("state").expect("text"), "cancelled");
    let entries = journal::by_subject(&mut reader, &journal::Subject::of(&item)).await.expect("entries");
    let last = entries.last().expect("an entry");
    assert_eq!(last.kind, "work.item.cancel", "the journal says that it ended");
    assert_eq!(
        (&last.payload["work_item"], &last.payload["reason_code"]),
        (&serde_json::json!(seeded.as_str()), &"R01".into())
    );
    let drafts = storage::sql("SELECT COUNT(*) AS n FROM drafts WHERE work_item_id = $1").bind(&seeded);
    assert_eq!(
        reader.one(drafts).await.expect("counts").int("n").expect("a number"),
        0,
        "what was begun of it is gone"
    );
}

#[tokio::test]
async fn the_page_that_was_boxed_is_captured_again_in_its_own_place_and_the_others_stay() {
    let world = World::new().await;
    let item = world.captures("teller", 80).await;
    let mut attachments = Vec::new();
    for seed in [81, 82, 83] {
        attachments.push(world.adds_page("teller", &item, "attachment", seed).await.expect("captures"));
    }
    let boxed = attachments[1].clone();
    let again = |seed, page| world.puts_page("teller", &item, "attachment", seed, page);
    let new = again(84, Some(&boxed)).await.expect("in its place");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let pages = archive::page::current(&mut reader, item.as_str()).await.expect("pages");
    let shown = pages.iter().filter(|page| page.kind == "attachment");
    let shown: Vec<_> = shown.map(|page| (page.page_no, page.version, page.page_id.to_string())).collect();
    let expected = [(1, 1, attachments[0].clone()), (2, 2, new.clone()), (3, 1, attachments[2].clone())];
    assert_eq!(shown, expected, "the others stay as they are");
    let old = archive::page::find(&mut reader, &kernel::PageId::parse(&boxed).expect("an id")).await.expect("reads");
    assert_eq!(old.and_then(|page| page.superseded_by).map(|page| page.to_string()), Some(new), "the old one is kept");
    drop(reader);
    let refused = |answer: journal::Answer<String>| answer.expect_err("no").refusal().map(|refusal| refusal.code);
    assert_eq!(refused(again(85, Some(&boxed)).await), Some(Code::NotFound), "it was replaced already");
    let other = world.captures("teller", 86).await;
    let stranger = world.adds_page("teller", &other, "attachment", 87).await.expect("captures");
    assert_eq!(refused(again(88, Some(&stranger)).await), Some(Code::NotFound), "a page of another item");
    world.submits("teller", &item).await.expect("submits");
    assert_eq!(refused(again(89, Some(&attachments[0])).await), Some(Code::WrongState), "too late");
}

/// The world's transfer with a remark that stands on the attachment, which need not be there.
fn with_a_remark_on_the_attachment() -> String {
    include_str!("../../../../testkit/world/definitions/T01.toml").replacen("code = \"T01\"", "code = \"T05\"", 1)
        + r#"
[[fields]]
code = "remark"
name_zh = "附言"
name_en = "Remark"
kind = "text"
page = "attachment"
rect = [500, 1000, 4000, 1000]
key_mode = "double"
sensitivity = "C1"
outsourced = false
required = false
max_length = 60
"#
}

/// An item of that kind, submitted with its attachment; also the attachment's page.
async fn with_attachment(world: &World) -> (kernel::ItemId, String) {
    world.defines(&with_a_remark_on_the_attachment()).await;
    let item = world.captures_of("T05", "teller", 90).await;
    let page = world.adds_page("teller", &item, "attachment", 91).await.expect("captures");
    world.submits("teller", &item).await.expect("submits");
    world.drain().await;
    (item, page)
}

fn values_with_remark() -> std::collections::HashMap<&'static str, String> {
    let mut values = voucher_values("10.00", "壹拾元整");
    values.insert("remark", "货款".to_owned());
    values
}

#[tokio::test]
async fn what_was_read_of_a_page_that_is_taken_out_is_not_passed_and_the_rest_stands() {
    for is_passed_before in [false, true] {
        let world = World::new().await;
        let (item, page) = with_attachment(&world).await;
        world.keyed(&item, &values_with_remark()).await;
        if is_passed_before {
            let said = [("remark", "运费"), ("payee_account", "6222020000000000033")];
            assert_eq!(world.decides("checker", &said).await.expect("passes"), "authorizing");
            sends_back_to_the_checker(&world, "R08").await;
            asks_rescan(&world, &page).await;
            assert_eq!(passed(&world, &item).await.len(), 5, "a rescan forgets only what comes anew");
        } else {
            assert_eq!(return_item(&world, "R04").await.expect("returns"), "returned");
        }
        world.removes_page("teller", &item, &page).await.expect("it did not belong to the voucher");
        world.submits("teller", &item).await.expect("sends again");
        world.drain().await;
        assert_eq!(world.state(&item).await, State::Checking, "the front is as it was");
        assert_eq!(passed(&world, &item).await.get("remark"), None, "of no page");
        let next = world.checks("checker").await.expect("passes");
        assert_eq!(next, if is_passed_before { "authorizing" } else { "posting" });
        let passed = passed(&world, &item).await;
        let mut fields: Vec<_> = passed.keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["amount", "amount_words", "payee_account", "payer_account"], "{is_passed_before}");
    }
}

/// So many slices for one person; several at once are dealt as they are found.
async fn takes_in_all(world: &World, name: &str, count: usize) -> Vec<work::Lease> {
    let mut leases = Vec::new();
    for _ in 0..50 {
        if leases.len() < count {
            leases.extend(world.takes(name, queues::KEYING, 5).await);
        }
    }
    assert_eq!(leases.len(), count, "{name}");
    leases
}

#[tokio::test]
async fn an_item_does_not_wait_for_the_keying_of_a_page_that_was_taken_out() {
    let world = World::new().await;
    let (item, page) = with_attachment(&world).await;
    let (values, mut given) = (values_with_remark(), None);
    // One keeps the remark on the screen, so that the other reading of it is what the rest give back.
    for (name, readings) in [("kin", 5), ("keyer_a", 5), ("keyer_b", 1), ("keyer_c", 1)] {
        for lease in takes_in_all(&world, name, readings).await {
            let field = world.field_of(name, &lease).await;
            if field != "remark" {
                world.keys::<act::KeySlice>(name, &lease, &values[field.as_str()]).await.expect("keys");
            } else if name != "kin" {
                given = world.hands_back(name, &lease, "R01").await.expect("gives back").suspended;
            }
        }
    }
    assert_eq!(given, Some(item.clone()), "nobody can read the remark");
    assert_eq!(world.state(&item).await, State::Suspended);
    world.sends_back("supervisor", &item).await.expect("returns it to the outlet");
    world.removes_page("teller", &item, &page).await.expect("takes the remark out");
    world.submits("teller", &item).await.expect("sends again");
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Checking, "every field that is there was keyed");
    assert_eq!(open_work(&world, &item).await, 1, "somebody has it");
    assert_eq!(world.checks("checker_b").await.expect("passes"), "posting");
}
