//! What people of the world do.

use crate::bank::{TYPE_CODE, World};
use crate::pictures;
use archive::link;
use journal::Answer;
use kernel::{ItemId, PageId, SessionId, WorkItemId};
use permission::{Act, act};
use processing::handing_back::{self, HandedBack};
use processing::item::{self, Item, State, Withdrawn};
use processing::keying::{self, Entry};
use processing::{authorizing, checking, queues};
use std::collections::HashMap;
use storage::jobs::Runner;
use storage::vault::Private;
use work::{Lease, Taker, Want};

/// The core's accounts: payer and payee, both with money.
const PAYER: &str = "6222020000000000017";
const PAYEE: &str = "6222020000000000025";

/// The values that stand on every voucher of the world, by field.
pub fn voucher_values(amount: &str, words: &str) -> HashMap<&'static str, String> {
    HashMap::from([
        ("payer_account", PAYER.to_owned()),
        ("payee_account", PAYEE.to_owned()),
        ("amount", amount.to_owned()),
        ("amount_words", words.to_owned()),
    ])
}

pub(crate) async fn open_accounts(core_url: &str) {
    let account = |number: &str, name: &str| {
        serde_json::json!({
            "account": number, "name": name, "currency": "CNY", "kind": "customer", "status": "active",
            "opening_balance_minor": "100000000",
        })
    };
    let body = serde_json::json!({ "business_date": "2026-11-23", "accounts": [account(PAYER, "甲公司"), account(PAYEE, "乙公司")] });
    let answer = reqwest::Client::new()
        .post(format!("{core_url}/v1/accounts"))
        .json(&body)
        .send()
        .await
        .expect("the core answers");
    assert!(answer.status().is_success(), "accounts open: {}", answer.text().await.unwrap_or_default());
}

impl World {
    /// The teller opens an item and adds one good page, seeded so that no two are alike.
    pub async fn captures(&self, teller: &str, seed: u64) -> ItemId {
        self.captures_of(TYPE_CODE, teller, seed).await
    }

    /// The same of another business type, which [`World::defines`] has loaded.
    pub async fn captures_of(&self, type_code: &'static str, teller: &str, seed: u64) -> ItemId {
        let permit = self.permit::<act::CaptureItem>(teller).await;
        let opener = permit.clone();
        let item_id = self
            .run_as("test.open", permit.actor(), move |cx| {
                let permit = opener.clone();
                Box::pin(async move { item::open(cx, &permit, type_code).await })
            })
            .await
            .expect("the item opens");
        self.adds_page(teller, &item_id, "voucher_front", seed).await.expect("the page is added");
        item_id
    }

    pub async fn adds_page(&self, teller: &str, item_id: &ItemId, kind: &'static str, seed: u64) -> Answer<String> {
        self.puts_page(teller, item_id, kind, seed, None).await
    }

    /// Puts a page in the place of another, or beside those that are there.
    pub async fn puts_page(
        &self,
        teller: &str,
        item_id: &ItemId,
        kind: &'static str,
        seed: u64,
        replaces: Option<&str>,
    ) -> Answer<String> {
        let replaces = replaces.map(|page| kernel::PageId::parse(page).expect("a page"));
        let permit = self.permit::<act::CaptureItem>(teller).await;
        let prepared =
            archive::capture::prepare(pictures::page(seed).into(), archive::imaging::QualityPolicy::attachment())
                .await?;
        let stored = archive::capture::store(&self.blobs, prepared, self.journal().now()).await?;
        let item_id = item_id.clone();
        self.run_as("test.add_page", permit.actor(), move |cx| {
            let (permit, item_id, stored) = (permit.clone(), item_id.clone(), stored.clone());
            let replaces = replaces.clone();
            Box::pin(async move { item::add_page(cx, &permit, &item_id, kind, &stored, replaces.as_ref()).await })
        })
        .await
    }

    pub async fn removes_page(&self, teller: &str, item_id: &ItemId, page: &str) -> Answer<()> {
        let permit = self.permit::<act::CaptureItem>(teller).await;
        let (item_id, page) = (item_id.clone(), kernel::PageId::parse(page).expect("a page"));
        self.run_as("test.remove_page", permit.actor(), move |cx| {
            let (permit, item_id, page) = (permit.clone(), item_id.clone(), page.clone());
            Box::pin(async move { item::remove_page(cx, &permit, &item_id, &page).await })
        })
        .await
    }

    /// The checker returns the best item of the queue to its outlet; `None` when there is no work for them.
    pub async fn returns(&self, name: &str, reason: &'static str) -> Option<Answer<String>> {
        let lease = self.takes(name, queues::CHECKING, 1).await.pop()?;
        let permit = self.permit::<act::CheckItem>(name).await;
        let done = self.run_as("test.return", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                let boxes = serde_json::Value::Null;
                checking::return_to_outlet(cx, &permit, &lease.work_item_id, lease.fence, (reason, None), boxes).await
            })
        });
        Some(done.await)
    }

    pub async fn submits(&self, teller: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::SubmitItem>(teller).await;
        let item_id = item_id.clone();
        self.run_as("test.submit", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { item::submit(cx, &permit, &item_id).await })
        })
        .await
    }

    pub async fn withdraws(&self, teller: &str, item_id: &ItemId) -> Answer<Withdrawn> {
        let permit = self.permit::<act::WithdrawItem>(teller).await;
        let item_id = item_id.clone();
        self.run_as("test.withdraw", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { item::withdraw(cx, &permit, &item_id, "W01", None).await })
        })
        .await
    }

    pub async fn confirms(&self, teller: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::ConfirmItem>(teller).await;
        let item_id = item_id.clone();
        self.run_as("test.confirm", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { item::confirm(cx, &permit, &item_id).await })
        })
        .await
    }

    /// The outlet says that the posted result is not what the voucher asked for.
    pub async fn objects(&self, teller: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::ConfirmItem>(teller).await;
        let item_id = item_id.clone();
        self.run_as("test.object", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { item::fail_confirmation(cx, &permit, &item_id, "C01", None).await })
        })
        .await
    }

    /// A supervisor brings a suspended item back to the checkers.
    pub async fn resumes(&self, name: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::ResumeItem>(name).await;
        let item_id = item_id.clone();
        self.run_as("test.resume", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { authorizing::resume(cx, &permit, &item_id, "查证相符").await })
        })
        .await
    }

    /// A supervisor decides to post once more what the core refused.
    pub async fn retries_posting(&self, name: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::ResumeItem>(name).await;
        let item_id = item_id.clone();
        self.run_as("test.retry", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { authorizing::retry_posting(cx, &permit, &item_id, "客户已存入款项").await })
        })
        .await
    }

    /// A supervisor sends a suspended or refused item back to its outlet.
    pub async fn sends_back(&self, name: &str, item_id: &ItemId) -> Answer<i64> {
        let permit = self.permit::<act::ResumeItem>(name).await;
        let item_id = item_id.clone();
        self.run_as("test.send_back", permit.actor(), move |cx| {
            let (permit, item_id) = (permit.clone(), item_id.clone());
            Box::pin(async move { authorizing::return_by_supervisor(cx, &permit, &item_id, ("R14", None)).await })
        })
        .await
    }

    /// A supervisor says who shall do a piece of work.
    pub async fn reassigns(&self, name: &str, work: &WorkItemId, to: &str) -> Answer<()> {
        let permit = self.permit::<act::SuperviseWork>(name).await;
        let (work, to, today) = (work.clone(), self.person(to).clone(), self.today());
        self.run_as("test.reassign", permit.actor(), move |mut cx| {
            let (permit, work, to) = (permit.clone(), work.clone(), to.clone());
            Box::pin(async move {
                let (_, receipt) = work::reassign(&mut cx, &permit, &work, &to, "熟悉该客户", today).await?;
                Ok(receipt.done(()))
            })
        })
        .await
    }

    /// A supervisor puts a piece of work first.
    pub async fn hurries(&self, name: &str, work: &WorkItemId) -> Answer<()> {
        let permit = self.permit::<act::SuperviseWork>(name).await;
        let work = work.clone();
        self.run_as("test.hurry", permit.actor(), move |mut cx| {
            let (permit, work) = (permit.clone(), work.clone());
            Box::pin(async move { Ok(work::set_priority(&mut cx, &permit, &work, 0, "急件").await?.done(())) })
        })
        .await
    }

    /// The checker suspends the best item of the queue; answers the state it goes to, `None` when there is no work for them.
    pub async fn suspends(&self, name: &str) -> Option<Answer<String>> {
        let lease = self.takes(name, queues::CHECKING, 1).await.pop()?;
        let permit = self.permit::<act::CheckItem>(name).await;
        let done = self.run_as("test.suspend", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(
                async move { checking::suspend(cx, &permit, &lease.work_item_id, lease.fence, ("R18", None)).await },
            )
        });
        Some(done.await)
    }

    /// Tells the simulated core how to behave from now on; `{}` is well.
    pub async fn core_behaves(&self, behavior: serde_json::Value) {
        let url = format!("{}/v1/behavior", self.core_url);
        let answer = reqwest::Client::new().post(url).json(&behavior).send().await.expect("the core answers");
        assert!(answer.status().is_success());
    }

    /// Loads another business type.
    pub async fn defines(&self, text: &str) {
        let text = text.to_owned();
        self.run("test.definitions", move |cx| {
            let texts = vec![text.clone()];
            Box::pin(async move { processing::definition::load_at_setup(cx, &texts).await })
        })
        .await
        .expect("the business type loads");
    }

    /// An item that is captured, submitted and sliced.
    pub async fn keyable(&self, seed: u64) -> ItemId {
        self.keyable_of(TYPE_CODE, seed).await
    }

    /// The same of another business type.
    pub async fn keyable_of(&self, type_code: &'static str, seed: u64) -> ItemId {
        let item_id = self.captures_of(type_code, "teller", seed).await;
        self.submits("teller", &item_id).await.expect("submits");
        self.drain().await;
        item_id
    }

    /// Runs every job that is due.
    pub async fn drain(&self) {
        let machine = self.machine.clone();
        let handler: storage::jobs::Handler = std::sync::Arc::new(move |job| {
            let machine = machine.clone();
            Box::pin(async move { machine.run(&job).await.map_err(|failure| failure.to_string()) })
        });
        let runner = Runner {
            db: self.journal().db.clone(),
            clock: std::sync::Arc::clone(&self.desk.clock) as std::sync::Arc<dyn kernel::Clock>,
            node: "test".into(),
            handlers: processing::jobs::KINDS.iter().map(|kind| (*kind, handler.clone())).collect(),
        };
        runner.drain().await.expect("jobs run");
    }

    pub async fn item(&self, item_id: &ItemId) -> Item {
        item::read(&mut self.journal().db.reader().await.expect("reads"), item_id).await.expect("the item is there")
    }

    pub async fn state(&self, item_id: &ItemId) -> State {
        self.item(item_id).await.state
    }

    /// Leases up to `count` pieces of work of a queue for somebody.
    pub async fn takes(&self, name: &str, queue: &str, count: u32) -> Vec<Lease> {
        let rights = self.rights(name).await;
        let taker = Taker {
            person: rights.person.person_id.clone(),
            session: SessionId::new(self.journal().now()),
            node: "test".into(),
            home: rights.person.home.clone(),
            outsourced: rights.person.category == organization::Category::Outsourced,
            capacity: count,
        };
        self.is_ready(&taker).await;
        let wants = [Want { queue: queue.to_owned(), count }];
        work::take(self.journal(), &taker, &wants, count, self.journal().now(), &[]).await.expect("takes").leases
    }

    /// Writes the presence that the engine of a node would have written: domain tests have no node.
    async fn is_ready(&self, taker: &Taker) {
        let (person, session, now) = (taker.person.clone(), taker.session.clone(), self.journal().now());
        self.journal()
            .db
            .write::<u64, storage::Fault, _>(move |tx| {
                let (person, session) = (person.clone(), session.clone());
                Box::pin(async move {
                    tx.execute(
                        storage::sql(
                            "INSERT INTO presence (person_id, state, since, queues, capacity, session_id, node, heartbeat_at, active_at)
                             VALUES ($1, 'ready', $3, '[]', 4, $2, 'test', $3, $3)
                             ON CONFLICT (person_id) DO UPDATE SET state = 'ready', reason = NULL, session_id = excluded.session_id",
                        )
                        .bind(person)
                        .bind(session)
                        .bind(now),
                    )
                    .await
                })
            })
            .await
            .expect("the presence is written");
    }

    /// Somebody gives work back for a reason.
    pub async fn hands_back(&self, name: &str, lease: &Lease, reason: &'static str) -> Answer<HandedBack> {
        let (permit, lease) = (self.permit::<act::TakeWork>(name).await, lease.clone());
        self.run_as("test.hand_back", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move {
                let note = (reason == "R99").then_some("各有不同");
                handing_back::hand_back(cx, &permit, &lease.work_item_id, lease.fence, (reason, note)).await
            })
        })
        .await
    }

    /// Keys one held slice.
    pub async fn keys<A: Act>(&self, name: &str, lease: &Lease, value: &str) -> Answer<()> {
        let permit = self.permit::<A>(name).await;
        let (work_item, fence) = (lease.work_item_id.clone(), lease.fence);
        let entry =
            Entry { value: Private::new(value), unreadable: value.is_empty(), elapsed_ms: 1_500, keystrokes: 12 };
        self.run_as("test.key", permit.actor(), move |cx| {
            let (permit, work_item, entry) = (permit.clone(), work_item.clone(), entry.clone());
            Box::pin(async move { keying::enter(cx, &permit, &work_item, fence, entry).await })
        })
        .await
    }

    /// The field that a leased slice is about.
    pub async fn field_of(&self, name: &str, lease: &Lease) -> String {
        let person = self.person(name);
        let task = keying::task(self.journal(), &lease.work_item_id, &lease.subject, &lease.task, person, false).await;
        task.expect("a keying task").field.code
    }

    /// Two keyers read everything right: the item is with the checkers afterwards.
    pub async fn keyed(&self, item_id: &ItemId, values: &HashMap<&'static str, String>) {
        for name in ["keyer_a", "keyer_b"] {
            loop {
                let leases = self.takes(name, queues::KEYING, 4).await;
                if leases.is_empty() {
                    break;
                }
                for lease in leases {
                    let field = self.field_of(name, &lease).await;
                    self.keys::<act::KeySlice>(name, &lease, &values[field.as_str()]).await.expect("keys");
                }
            }
        }
        self.drain().await;
        assert_eq!(self.state(item_id).await, State::Checking);
    }

    /// The checker passes the item as keyed; answers the state it goes to.
    pub async fn checks(&self, name: &str) -> Answer<String> {
        let lease = self.takes(name, queues::CHECKING, 1).await.pop().expect("work for the checker");
        let permit = self.permit::<act::CheckItem>(name).await;
        self.run_as("test.check", permit.actor(), move |cx| {
            let (permit, lease) = (permit.clone(), lease.clone());
            Box::pin(async move { checking::pass(cx, &permit, &lease.work_item_id, lease.fence, &[]).await })
        })
        .await
    }

    /// The checker passes the item with values of their own; answers the state it goes to.
    /// Takes work when none is held from an act that was refused.
    pub async fn decides(&self, name: &str, decided: &[(&'static str, &str)]) -> Answer<String> {
        let mut reader = self.journal().db.reader().await?;
        let held = work::peek_by_person(&mut reader, self.person(name)).await?.pop();
        drop(reader);
        let (work_item, fence) = match held {
            Some(held) => held,
            None => {
                let lease = self.takes(name, queues::CHECKING, 1).await.pop().expect("work for the checker");
                (lease.work_item_id, lease.fence)
            }
        };
        let decided = decided.iter().map(|(code, value)| checking::Decided {
            code: (*code).to_owned(),
            value: Private::new(*value),
            cause: None,
        });
        let (permit, decided) = (self.permit::<act::CheckItem>(name).await, decided.collect::<Vec<_>>());
        checking::ask_before_pass(self.journal(), &*self.core, &permit, &work_item, fence, &decided).await?;
        self.run_as("test.check", permit.actor(), move |cx| {
            let (permit, work_item, decided) = (permit.clone(), work_item.clone(), decided.clone());
            Box::pin(async move { checking::pass(cx, &permit, &work_item, fence, &decided).await })
        })
        .await
    }

    /// The authorizer looks at every page, ticks every point, and approves.
    pub async fn authorizes(&self, name: &str) -> Answer<String> {
        let lease = self.takes(name, queues::AUTHORIZING, 1).await.pop().expect("work for the authorizer");
        self.opens_pages(name, &lease.subject).await?;
        self.approves(name, &lease).await
    }

    /// Opens every page of an item at full size, as a station does with the links of its task.
    pub async fn opens_pages(&self, name: &str, subject: &str) -> Answer<()> {
        let (person, now) = (self.person(name).clone(), self.journal().now());
        let session = SessionId::new(now);
        let pages = archive::page::current(&mut *self.journal().db.reader().await?, subject).await?;
        for page in pages {
            let target = link::Target::PageDisplay(page.page_id);
            let token = link::issue(&self.journal().vault, &target, &session, now, link::SECONDS_MAX)?;
            let actor = journal::Actor::person(person.clone());
            link::redeem(self.journal(), &self.blobs, &token, &session, actor, name).await?;
        }
        Ok(())
    }

    /// The authorizer approves what is held, every point ticked and every page displayed; what was served to whom, the record of openings says.
    pub async fn approves(&self, name: &str, lease: &Lease) -> Answer<String> {
        let pages = archive::page::current(&mut *self.journal().db.reader().await?, &lease.subject).await?;
        self.approves_having_displayed(name, lease, pages.into_iter().map(|page| page.page_id).collect()).await
    }

    /// The same from a station on whose screen only the pages of `displayed` were.
    pub async fn approves_having_displayed(&self, name: &str, lease: &Lease, displayed: Vec<PageId>) -> Answer<String> {
        let (permit, lease) = (self.permit::<act::AuthorizeItem>(name).await, lease.clone());
        self.run_as("test.authorize", permit.actor(), move |cx| {
            let (permit, lease, displayed) = (permit.clone(), lease.clone(), displayed.clone());
            Box::pin(async move {
                let looked = authorizing::Looked { ticked: vec!["seal".to_owned()], displayed };
                authorizing::approve(cx, &permit, &lease.work_item_id, lease.fence, &looked).await
            })
        })
        .await
    }

    /// Balance of the payer in the core, in minor units.
    pub async fn payer_balance(&self) -> i64 {
        let account = ledger::AccountNo::parse(PAYER).expect("an account");
        self.core.account(&account).await.expect("the core answers").expect("the account is open").balance.minor()
    }

    /// Takes the folder of the images away.
    pub fn image_store_is_lost(&self) {
        std::fs::remove_dir_all(self.desk.guard.folder.path().join("blobs")).expect("it is gone");
    }

    /// Stops the simulated core: from now on nobody answers there.
    pub async fn core_goes_down(&mut self) {
        if let Some(handle) = self.core_handle.take() {
            handle.stop().await.expect("the core stops");
        }
    }
}
