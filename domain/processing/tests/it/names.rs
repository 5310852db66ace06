//! A name is the account's because the core says so of these two values, and nothing is passed while it is silent.

use journal::Answer;
use kernel::{Code, ItemId};
use ledger::{
    Account, AccountNo, Asking, CoreConnector, NameCheck, PostingKey, PostingOutcome, QueryOutcome, Reversal, Voucher,
};
use permission::act;
use processing::checking::{self, Decided};
use processing::item::State;
use processing::queues;
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use storage::vault::Private;
use world::{World, voucher_values};

const T01: &str = include_str!("../../../../testkit/world/definitions/T01.toml");

/// T01 with the payee's name, which must be that of the account.
async fn world_with_names() -> World {
    let name = "[[fields]]\ncode = \"payee_name\"\nname_zh = \"收款人户名\"\nname_en = \"Payee name\"\nkind = \"name\"\n\
                page = \"voucher_front\"\nrect = [500, 6000, 4000, 1000]\nkey_mode = \"double\"\nsensitivity = \"C2\"\n\
                outsourced = false\nrequired = true\nmax_length = 60\n\n\
                [[checks]]\nrule = \"payee_name_matches_account\"\nfields = [\"payee_name\", \"payee_account\"]\n\n[[checks]]";
    let world = World::new().await;
    let text = T01.replace("code = \"T01\"", "code = \"T02\"").replacen("[[checks]]", name, 1);
    world.defines(&text).await;
    world
}

fn named(name: &str) -> HashMap<&'static str, String> {
    let mut values = voucher_values("10.00", "壹拾元整");
    values.insert("payee_name", name.to_owned());
    values
}

async fn keyed(world: &World, name: &str) -> ItemId {
    let item = world.keyable_of("T02", 1).await;
    world.keyed(&item, &named(name)).await;
    item
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> Option<Code> {
    answer.expect_err("it is refused").refusal().map(|refusal| refusal.code)
}

#[tokio::test]
async fn a_name_that_is_the_account_s_passes() {
    let world = world_with_names().await;
    keyed(&world, "乙公司").await;
    assert_eq!(world.checks("checker").await.expect("the core has answered"), "posting");
}

#[tokio::test]
async fn while_the_core_is_silent_nobody_passes_the_item_and_it_is_asked_until_it_answers() {
    let world = world_with_names().await;
    world.core_behaves(json!({ "down": true })).await;
    let item = keyed(&world, "乙公司").await;
    let refused = world.decides("checker", &[]).await.expect_err("it has not answered");
    let refusal = refused.refusal().expect("a refusal");
    assert_eq!((refusal.code, refusal.field.as_deref()), (Code::Unavailable, Some("payee_name")));
    assert_eq!(world.state(&item).await, State::Checking);
    world.core_behaves(json!({})).await;
    world.desk.clock.advance_seconds(20);
    world.drain().await;
    let mut reader = world.journal().db.reader().await.expect("reads");
    let fact = reader.one(storage::sql("SELECT outcome FROM item_facts")).await.expect("one question");
    assert_eq!(fact.text("outcome").expect("text"), "passed", "the job asked again by itself");
}

#[tokio::test]
async fn an_answer_holds_for_the_values_that_it_was_about() {
    let world = world_with_names().await;
    keyed(&world, "乙公司").await;
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let other = vec![Decided { code: "payee_name".into(), value: Private::new("丙公司"), cause: None }];
    let unasked = world
        .run_as("test.check", permit.actor(), move |cx| {
            let (permit, lease, other) = (permit.clone(), lease.clone(), other.clone());
            Box::pin(async move { checking::pass(cx, &permit, &lease.work_item_id, lease.fence, &other).await })
        })
        .await;
    assert_eq!(code(unasked), Some(Code::Unavailable), "the answer was about another name");
    let wrong = world.decides("checker", &[("payee_name", "丙公司")]).await;
    assert_eq!(code(wrong), Some(Code::ChecksFailed), "asked, the core says no");
    let account = world.decides("checker", &[("payee_account", "6222020000000000033")]).await;
    assert_eq!(code(account), Some(Code::ChecksFailed), "no such account");
    assert_eq!(world.decides("checker", &[]).await.expect("as keyed"), "posting");
}

#[tokio::test]
async fn what_both_keyers_read_wrong_the_checker_corrects() {
    let world = world_with_names().await;
    keyed(&world, "已公司").await;
    assert_eq!(code(world.decides("checker", &[]).await), Some(Code::ChecksFailed));
    assert_eq!(world.decides("checker", &[("payee_name", "乙公司")]).await.expect("corrected"), "posting");
}

/// A core that is overtaken: before its answer arrives, the checker asks about another name.
struct Late {
    world: Arc<World>,
    lease: work::Lease,
}

impl CoreConnector for Late {
    fn name_check<'a>(&'a self, _: &'a AccountNo, _: &'a str) -> Asking<'a, NameCheck> {
        Box::pin(async move {
            let permit = self.world.permit::<act::CheckItem>("checker").await;
            let right = [Decided { code: "payee_name".into(), value: Private::new("乙公司"), cause: None }];
            let (journal, core, lease) = (self.world.journal(), &*self.world.core, &self.lease);
            let asked =
                checking::ask_before_pass(journal, core, &permit, &lease.work_item_id, lease.fence, &right).await;
            asked.expect("asks");
            Ok(NameCheck::Mismatch)
        })
    }
    fn post<'a>(&'a self, voucher: &'a Voucher, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        self.world.core.post(voucher, key)
    }
    fn query<'a>(&'a self, key: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        self.world.core.query(key)
    }
    fn reverse<'a>(&'a self, reversal: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        self.world.core.reverse(reversal, key)
    }
    fn account<'a>(&'a self, number: &'a AccountNo) -> Asking<'a, Option<Account>> {
        self.world.core.account(number)
    }
}

#[tokio::test]
async fn a_late_answer_about_old_values_leaves_the_newer_one_alone() {
    let world = Arc::new(world_with_names().await);
    world.core_behaves(json!({ "down": true })).await;
    let item = keyed(&world, "已公司").await;
    world.core_behaves(json!({})).await;
    let lease = world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let late = Late { world: Arc::clone(&world), lease };
    checking::run_ask_core(world.journal(), &late, &item).await.expect("answered");
    let permit = world.permit::<act::CheckItem>("checker").await;
    let right = vec![Decided { code: "payee_name".into(), value: Private::new("乙公司"), cause: None }];
    let lease = late.lease.clone();
    let passed = world
        .run_as("test.check", permit.actor(), move |cx| {
            let (permit, lease, right) = (permit.clone(), lease.clone(), right.clone());
            Box::pin(async move { checking::pass(cx, &permit, &lease.work_item_id, lease.fence, &right).await })
        })
        .await;
    assert_eq!(passed.expect("the newer answer stands"), "posting");
}
