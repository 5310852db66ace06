//! Money moves once, whatever the core does.

use kernel::{Code, Instant};
use ledger::{
    Account, AccountNo, Asking, ConnectorError, CoreConnector, NameCheck, PostingKey, PostingOutcome, QueryOutcome,
    Reversal, Voucher,
};
use permission::Action;
use processing::item::State;
use serde_json::json;
use std::sync::Arc;
use world::{World, voucher_values};

async fn core_behaves(world: &World, behavior: serde_json::Value) {
    let client = reqwest::Client::new();
    let answer =
        client.post(format!("{}/v1/behavior", world.core_url)).json(&behavior).send().await.expect("the core answers");
    assert!(answer.status().is_success());
}

async fn checked(world: &World, seed: u64) -> kernel::ItemId {
    let item = world.keyable(seed).await;
    world.keyed(&item, &voucher_values("10.00", "壹拾元整")).await;
    world.checks("checker").await.expect("passes");
    item
}

/// Lets back-off pass until nothing is due any more.
async fn until_quiet(world: &World) {
    for _ in 0..12 {
        world.drain().await;
        world.desk.clock.advance_seconds(310);
    }
}

#[tokio::test]
async fn a_reply_lost_after_the_commit_is_asked_for_and_not_sent_again() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    core_behaves(&world, json!({ "drop_reply_after_commit": 1 })).await;
    let item = checked(&world, 1).await;
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    assert_eq!(before - world.payer_balance().await, 1_000, "once");
}

#[tokio::test]
async fn a_core_that_answers_twice_or_fails_before_it_commits_moves_money_once() {
    for behavior in [json!({ "answer_twice": 1 }), json!({ "fail_before_commit": 2 })] {
        let world = World::new().await;
        let before = world.payer_balance().await;
        core_behaves(&world, behavior.clone()).await;
        let item = checked(&world, 2).await;
        until_quiet(&world).await;
        assert_eq!(world.state(&item).await, State::Posted, "{behavior}");
        assert_eq!(before - world.payer_balance().await, 1_000, "{behavior}");
    }
}

#[tokio::test]
async fn while_the_core_is_down_the_item_waits_and_is_posted_when_it_is_back() {
    let world = World::new().await;
    let before = world.payer_balance().await;
    core_behaves(&world, json!({ "down": true })).await;
    let item = checked(&world, 3).await;
    world.drain().await;
    assert_eq!(world.state(&item).await, State::Posting, "neither posted nor failed");
    core_behaves(&world, json!({})).await;
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    assert_eq!(before - world.payer_balance().await, 1_000);
}

#[tokio::test]
async fn a_core_s_refusal_is_a_state_with_a_reason_and_a_way_on() {
    let world = World::new().await;
    core_behaves(&world, json!({ "refuse": "insufficient_funds" })).await;
    let item = checked(&world, 4).await;
    until_quiet(&world).await;
    let failed = world.item(&item).await;
    assert_eq!(failed.state, State::PostFailed);
    assert_eq!(failed.reason.map(|reason| reason.code), Some("R14".into()));
    core_behaves(&world, json!({})).await;
    let permit = world.permit::<permission::act::ResumeItem>("supervisor").await;
    let again = item.clone();
    world
        .run_as("test.retry", permit.actor(), move |cx| {
            let (permit, again) = (permit.clone(), again.clone());
            Box::pin(async move {
                processing::authorizing::retry_posting(cx, &permit, &again, "客户已存入款项").await
            })
        })
        .await
        .expect("decides anew");
    until_quiet(&world).await;
    assert_eq!(world.state(&item).await, State::Posted);
    let mut reader = world.journal().db.reader().await.expect("reads");
    let attempts = processing::posting::attempts_of(&mut reader, &item).await.expect("reads");
    let outcomes: Vec<_> = attempts.iter().map(|attempt| attempt.outcome.as_str()).collect();
    assert_eq!(outcomes, ["refused", "posted"], "each decision has a key of its own");
}

#[tokio::test]
async fn every_code_of_the_core_has_a_reason_of_the_bank_and_no_code_is_said_to_people() {
    let table = [
        ("insufficient_funds", "R14"),
        ("stop_payment", "R15"),
        ("name_mismatch", "R08"),
        ("amount_too_large", "R17"),
        ("wrong_currency", "P02"),
        ("a_word_of_this_core_alone", "P03"),
    ];
    let world = World::new().await;
    for (seed, (code, reason)) in (20..).zip(table) {
        core_behaves(&world, json!({ "refuse": code })).await;
        let item = checked(&world, seed).await;
        until_quiet(&world).await;
        let failed = world.item(&item).await;
        assert_eq!(failed.state, State::PostFailed, "{code}");
        let given = failed.reason.expect("a reason");
        assert_eq!((given.code.as_str(), given.note), (reason, None), "{code}");
        assert!(processing::reasons::find(reason).is_some_and(|it| !it.needs_note), "{reason} says it by itself");
        let mut reader = world.journal().db.reader().await.expect("reads");
        let entries = journal::by_subject(&mut reader, &journal::Subject::of(&item)).await.expect("entries");
        assert_eq!(entries.last().expect("an entry").payload["core_code"], json!(code), "the journal keeps it");
    }
}

/// Goes on until the item has come out of posting.
async fn until_out_of_posting(world: &World, item: &kernel::ItemId) {
    for _ in 0..4 {
        world.drain().await;
        if world.state(item).await != State::Posting {
            return;
        }
        world.desk.clock.advance_seconds(310);
    }
}

#[tokio::test]
async fn what_the_core_refused_on_a_closed_day_is_posted_on_the_day_of_the_next_decision() {
    let world = World::new().await;
    let item = checked(&world, 5).await;
    let day = world.today();
    let end_day = reqwest::Client::new().post(format!("{}/v1/day-end", world.core_url));
    let ended = end_day.json(&json!({ "business_date": day.to_string() })).send().await.expect("the core answers");
    assert!(ended.status().is_success());
    until_out_of_posting(&world, &item).await;
    let failed = world.item(&item).await;
    assert_eq!((failed.state, failed.reason.map(|it| it.code)), (State::PostFailed, Some("R23".into())));
    world.desk.clock.advance_seconds(86_400);
    world.retries_posting("supervisor", &item).await.expect("decides on the next day");
    until_out_of_posting(&world, &item).await;
    let posted = world.item(&item).await;
    assert_eq!((posted.state, posted.business_date), (State::Posted, day), "the item stays an item of its day");
    let key = PostingKey::parse(&posted.posting_key()).expect("a key");
    let QueryOutcome::Posted { voucher, .. } = world.core.query(&key).await.expect("answers") else {
        panic!("the core posted it")
    };
    assert_eq!(voucher.business_date(), world.today());
}

#[tokio::test]
async fn a_voucher_from_an_account_to_itself_is_refused_to_the_checker_whatever_its_amount() {
    for (amount, words) in [("10.00", "壹拾元整"), ("60000.00", "陆万元整")] {
        let world = World::new().await;
        let item = world.keyable(6).await;
        let mut values = voucher_values(amount, words);
        values.insert("payee_account", values["payer_account"].clone());
        world.keyed(&item, &values).await;
        let refused = world.checks("checker").await.expect_err("nothing can be posted");
        let refusal = refused.refusal().expect("a refusal");
        assert_eq!((refusal.code, refusal.field.as_deref()), (Code::InvalidField, Some("payee_account")));
        assert_eq!(world.state(&item).await, State::Checking, "it stays with the checker, who may return it");
    }
}

/// A core that says what the test wants of a key, and for the rest is the world's.
struct Odd {
    inner: Arc<dyn CoreConnector>,
    world: Arc<World>,
    item: kernel::ItemId,
    /// Whether another try overtakes this one while it waits to be sent; otherwise the key is another's.
    overtaken: bool,
}

impl CoreConnector for Odd {
    fn post<'a>(&'a self, _: &'a Voucher, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        Box::pin(async move {
            if !self.overtaken {
                return Err(ConnectorError::KeyConflict);
            }
            let overtaking = Lost(Arc::clone(&self.inner));
            let tried = processing::posting::run(self.world.journal(), &overtaking, &self.item, key.as_str()).await;
            tried.expect_err("its answer is lost");
            Err(ConnectorError::NotSent("held up".into()))
        })
    }
    fn query<'a>(&'a self, key: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        self.inner.query(key)
    }
    fn reverse<'a>(&'a self, reversal: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        self.inner.reverse(reversal, key)
    }
    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>> {
        self.inner.account(number)
    }
    fn name_check<'a>(&'a self, number: &'a AccountNo, name: &'a str) -> Asking<'a, NameCheck> {
        self.inner.name_check(number, name)
    }
}

/// A core whose answers to postings never arrive, and which knows nothing yet when asked.
struct Lost(Arc<dyn CoreConnector>);

impl CoreConnector for Lost {
    fn post<'a>(&'a self, _: &'a Voucher, _: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        Box::pin(async { Err(ConnectorError::Unknown("on its way".into())) })
    }
    fn query<'a>(&'a self, _: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        Box::pin(async { Ok(QueryOutcome::NeverSeen) })
    }
    fn reverse<'a>(&'a self, reversal: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        self.0.reverse(reversal, key)
    }
    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>> {
        self.0.account(number)
    }
    fn name_check<'a>(&'a self, number: &'a AccountNo, name: &'a str) -> Asking<'a, NameCheck> {
        self.0.name_check(number, name)
    }
}

async fn tries_oddly(world: &Arc<World>, item: &kernel::ItemId, overtaken: bool) -> journal::Answer<()> {
    let (inner, world, item) = (Arc::clone(&world.core), Arc::clone(world), item.clone());
    let key = world.item(&item).await.posting_key();
    let odd = Odd { inner, world: Arc::clone(&world), item: item.clone(), overtaken };
    processing::posting::run(world.journal(), &odd, &item, &key).await
}

#[tokio::test]
async fn a_try_that_was_held_up_does_not_forget_what_a_later_one_may_have_sent() {
    let world = Arc::new(World::new().await);
    let item = checked(&world, 8).await;
    tries_oddly(&world, &item, true).await.expect_err("nothing is known yet");
    let mut reader = world.journal().db.reader().await.expect("reads");
    let row = reader.one(storage::sql("SELECT attempt, tries FROM posting_attempts")).await.expect("one decision");
    assert_eq!((row.text("attempt").expect("text"), row.int("tries").expect("int")), ("unknown".into(), 2));
}

#[tokio::test]
async fn a_key_that_the_core_has_with_another_content_ends_with_a_person_who_decides_anew() {
    let world = Arc::new(World::new().await);
    let item = checked(&world, 9).await;
    tries_oddly(&world, &item, false).await.expect("it is recorded, and not tried again");
    let failed = world.item(&item).await;
    assert_eq!((failed.state, failed.reason.map(|it| it.code)), (State::PostFailed, Some("P01".into())));
    let mut reader = world.journal().db.reader().await.expect("reads");
    let attempts = processing::posting::attempts_of(&mut reader, &item).await.expect("reads");
    assert_eq!(attempts.iter().map(|it| it.outcome.as_str()).collect::<Vec<_>>(), ["conflict"]);
    assert!(attempts[0].last_at > Instant::from_micros(0));
    drop(reader);
    world.retries_posting("supervisor", &item).await.expect("decides after a look at the core's books");
    until_out_of_posting(&world, &item).await;
    assert_eq!(world.state(&item).await, State::Posted);
}

#[tokio::test]
async fn what_the_core_refused_has_three_ways_out_each_by_its_own_people_and_in_the_record() {
    /// The way, the act that it needs, who goes it, who does not, where it ends, and what of the money moved.
    type Row = (&'static str, Action, &'static str, &'static [&'static str], State, i64);
    const CENTER: &[&str] = &["keyer_a", "checker", "authorizer", "reviewer"];
    let table: [Row; 3] = [
        (
            "processing.item.retry_posting",
            Action::ResumeItem,
            "supervisor",
            &["teller", "outlet_supervisor"],
            State::Posted,
            1_000,
        ),
        (
            "processing.item.return",
            Action::ResumeItem,
            "supervisor",
            &["teller", "outlet_supervisor"],
            State::Returned,
            0,
        ),
        ("processing.item.withdraw", Action::WithdrawItem, "teller", &["supervisor", "manager"], State::Withdrawn, 0),
    ];
    for (kind, action, by, others, ends, moved) in table {
        let world = World::new().await;
        let before = world.payer_balance().await;
        core_behaves(&world, json!({ "refuse": "insufficient_funds" })).await;
        let item = checked(&world, 10).await;
        until_quiet(&world).await;
        assert_eq!(world.state(&item).await, State::PostFailed, "{kind}");
        core_behaves(&world, json!({})).await;
        for name in others.iter().chain(CENTER) {
            assert!(!world.rights(name).await.may(action), "{name} goes no way of {kind}");
        }
        let goes = async || match kind {
            "processing.item.retry_posting" => world.retries_posting(by, &item).await,
            "processing.item.return" => world.sends_back(by, &item).await,
            _ => world.withdraws(by, &item).await.map(|withdrawn| withdrawn.version),
        };
        goes().await.expect(kind);
        until_quiet(&world).await;
        assert_eq!((world.state(&item).await, before - world.payer_balance().await), (ends, moved), "{kind}");
        let mut reader = world.journal().db.reader().await.expect("reads");
        let entries = journal::by_subject(&mut reader, &journal::Subject::of(&item)).await.expect("entries");
        drop(reader);
        let entry = entries.iter().find(|entry| entry.kind == kind).expect("it is in the item's chain");
        assert_eq!(
            (entry.actor.as_str(), &entry.payload["before"]),
            (world.person(by).as_str(), &json!("post_failed"))
        );
        let late = goes().await.expect_err("once");
        let code = late.refusal().map(|refusal| refusal.code);
        // What was returned may be taken back by its outlet; no way is gone twice.
        assert_eq!(code, Some(Code::WrongState), "{kind}");
    }
}
