//! Tellers and the center's people at work, and the promises that the product made them.
//!
//! A promise is an answer of success that reached a person; the auditor holds the product to each.

use crate::client::{Answer, Body, Browser, Stream};
use crate::pictures;
use demo::province::{AccountStatus, Province};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;

/// Post, and how many of those who hold it come to work.
const CREW: [(&str, usize); 4] = [("keyer", 8), ("third_keyer", 3), ("element_checker", 4), ("authorizer", 4)];
const TELLERS: usize = 4;
/// Items under way at once: enough that every stage is busy, few enough that the rest is soon done.
const UNDER_WAY_MOST: i64 = 14;
/// In so many entries a keyer slips once, so that third keyers have work.
const SLIP_ONE_IN: u32 = 12;
/// In so many checks one sends the voucher back, and its teller withdraws it: an item that must never be posted.
const RETURN_ONE_IN: u32 = 10;

/// What stands on a voucher.
#[derive(Debug, Clone)]
pub struct Voucher {
    pub payee: String,
    pub amount_minor: i64,
}

/// What somebody was answered.
#[derive(Debug, Clone)]
pub enum Promise {
    Opened {
        item_id: String,
        item_no: String,
    },
    PageAdded {
        page_id: String,
    },
    Submitted {
        item_id: String,
    },
    Keyed {
        slice_id: String,
        person_id: String,
    },
    /// An act that ends the work of a station.
    Worked {
        work_item_id: String,
        person_id: String,
    },
    Withdrawn {
        item_id: String,
    },
    Confirmed {
        item_id: String,
    },
}

/// What all people share.
pub struct Floor {
    payees: Vec<String>,
    seed: u64,
    capturing: AtomicBool,
    open: AtomicBool,
    under_way: AtomicI64,
    vouchers: Mutex<HashMap<String, Voucher>>,
    /// Which item a slice belongs to: keyers are not told, and a simulated one has no eyes.
    slices: Mutex<HashMap<String, String>>,
    promises: Mutex<Vec<Promise>>,
    refusals: Mutex<BTreeMap<String, u32>>,
    repeats: AtomicI64,
    repeats_already_done: AtomicI64,
    rows: storage::Db,
}

/// People at work; they go on until they are sent home.
pub struct Crew {
    pub floor: Arc<Floor>,
    working: JoinSet<()>,
}

impl Crew {
    /// Signs everybody in; they begin at once.
    pub async fn begins(base: &str, province: &Province, rows: storage::Db, seed: u64) -> Self {
        let companies = province.accounts.companies.iter().filter(|account| account.status == AccountStatus::Active);
        let floor = Arc::new(Floor {
            payees: companies.take(20).map(|account| account.number.clone()).collect(),
            seed,
            capturing: AtomicBool::new(true),
            open: AtomicBool::new(true),
            under_way: AtomicI64::new(0),
            vouchers: Mutex::default(),
            slices: Mutex::default(),
            promises: Mutex::default(),
            refusals: Mutex::default(),
            repeats: AtomicI64::new(0),
            repeats_already_done: AtomicI64::new(0),
            rows,
        });
        let mut working = JoinSet::new();
        for (order, teller) in province.signing_in("teller", false).into_iter().take(TELLERS).enumerate() {
            let browser = Browser::signs_in(base, &teller.employee_no).await;
            working.spawn(teller_works(Arc::clone(&floor), browser, order as u64));
        }
        for (post, count) in CREW {
            let people = province.signing_in(post, false).into_iter().filter(|person| person.vendor.is_none());
            for person in people.take(count) {
                let browser = Browser::signs_in(base, &person.employee_no).await;
                working.spawn(operator_works(Arc::clone(&floor), Arc::new(browser)));
            }
        }
        Self { floor, working }
    }

    /// No new customers; then waits until nothing is under way. Answers whether it came to that in time.
    pub async fn runs_dry(&self, within: Duration) -> bool {
        self.floor.capturing.store(false, Ordering::SeqCst);
        let begun = std::time::Instant::now();
        while self.floor.under_way.load(Ordering::SeqCst) > 0 {
            if begun.elapsed() > within {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        true
    }

    /// Sends everybody home. Who broke down fails the test.
    pub async fn goes_home(mut self) -> Arc<Floor> {
        self.floor.open.store(false, Ordering::SeqCst);
        while let Some(ended) = self.working.join_next().await {
            ended.expect("nobody broke down");
        }
        self.floor
    }
}

impl Floor {
    pub fn promises(&self) -> Vec<Promise> {
        self.promises.lock().expect("nobody broke down").clone()
    }

    pub fn vouchers(&self) -> HashMap<String, Voucher> {
        self.vouchers.lock().expect("nobody broke down").clone()
    }

    /// How much was done, in one line.
    pub fn summary(&self) -> String {
        let promises = self.promises();
        let count = |is: fn(&Promise) -> bool| promises.iter().filter(|promise| is(promise)).count();
        format!(
            "{} promises: {} submitted, {} keyed, {} confirmed, {} withdrawn; {} commands sent again, {} of them had been done; refusals {:?}",
            promises.len(),
            count(|it| matches!(it, Promise::Submitted { .. })),
            count(|it| matches!(it, Promise::Keyed { .. })),
            self.confirmed(),
            count(|it| matches!(it, Promise::Withdrawn { .. })),
            self.repeats.load(Ordering::SeqCst),
            self.repeats_already_done.load(Ordering::SeqCst),
            self.refusals.lock().expect("nobody broke down"),
        )
    }

    pub fn confirmed(&self) -> usize {
        self.promises
            .lock()
            .expect("nobody broke down")
            .iter()
            .filter(|it| matches!(it, Promise::Confirmed { .. }))
            .count()
    }

    fn is_open(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    /// Keeps a promise when the answer is one; a refusal is counted.
    fn note(&self, answer: &Answer, promise: impl FnOnce(&Value) -> Promise) -> bool {
        if answer.sent > 1 {
            self.repeats.fetch_add(1, Ordering::SeqCst);
            self.repeats_already_done.fetch_add(i64::from(answer.already_done), Ordering::SeqCst);
        }
        if answer.is_done() {
            self.promises.lock().expect("nobody broke down").push(promise(&answer.body));
        } else {
            *self.refusals.lock().expect("nobody broke down").entry(answer.code().to_owned()).or_default() += 1;
        }
        answer.is_done()
    }

    async fn voucher_of_slice(&self, slice_id: &str) -> Option<Voucher> {
        let known = self.slices.lock().expect("nobody broke down").get(slice_id).cloned();
        let item_id = match known {
            Some(item_id) => item_id,
            None => {
                let asked = storage::sql("SELECT item_id FROM slices WHERE slice_id = $1").bind(slice_id);
                let found = self.rows.reader().await.ok()?.optional(asked).await.ok()??;
                let item_id = found.text("item_id").ok()?;
                self.slices.lock().expect("nobody broke down").insert(slice_id.to_owned(), item_id.clone());
                item_id
            }
        };
        self.vouchers.lock().expect("nobody broke down").get(&item_id).cloned()
    }
}

fn figures(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

async fn teller_works(floor: Arc<Floor>, browser: Browser, order: u64) {
    let mut random = StdRng::seed_from_u64(floor.seed.wrapping_mul(31).wrapping_add(order));
    while floor.is_open() {
        let wanted = floor.capturing.load(Ordering::SeqCst);
        if wanted && floor.under_way.fetch_add(1, Ordering::SeqCst) < UNDER_WAY_MOST {
            captures(&floor, &browser, &mut random).await;
        } else if wanted {
            floor.under_way.fetch_sub(1, Ordering::SeqCst);
        }
        minds_items(&floor, &browser).await;
        tokio::time::sleep(Duration::from_millis(random.random_range(50..250))).await;
    }
}

async fn captures(floor: &Floor, browser: &Browser, random: &mut StdRng) {
    let voucher = Voucher {
        payee: floor.payees[random.random_range(0..floor.payees.len())].clone(),
        // One in six is above the limit of its type and needs an authorizer.
        amount_minor: random.random_range(100..6_000_000),
    };
    let opened = browser.post("/processing/items", json!({ "business_type": "K01" })).await;
    assert!(opened.is_done(), "a teller may open an item: {opened:?}");
    let text = |name: &str| opened.body[name].as_str().expect("text").to_owned();
    let (item_id, item_no) = (text("item_id"), text("item_no"));
    floor.vouchers.lock().expect("nobody broke down").insert(item_id.clone(), voucher);
    floor.note(&opened, |_| Promise::Opened { item_id: item_id.clone(), item_no });
    let page = Body::Image(pictures::page(random.random()));
    let path = format!("/processing/items/{item_id}/pages?kind=voucher_front&keep_warnings=true");
    let added = browser.command(Method::POST, &path, page).await;
    assert!(added.is_done(), "a good page is taken: {added:?}");
    floor.note(&added, |body| Promise::PageAdded {
        page_id: body["pages"][0]["page_id"].as_str().expect("an id").to_owned(),
    });
    let submitted = browser.post(&format!("/processing/items/{item_id}/submit"), json!({})).await;
    assert!(submitted.is_done(), "a captured item is taken: {submitted:?}");
    floor.note(&submitted, |_| Promise::Submitted { item_id });
}

/// Confirms what was posted, withdraws what came back.
async fn minds_items(floor: &Floor, browser: &Browser) {
    for (state, verb) in [("posted", "confirm"), ("returned", "withdraw")] {
        let listed = browser.get(&format!("/processing/items?state={state}&mine=true&limit=50")).await;
        let listed = listed.unwrap_or_default();
        for item in listed["items"].as_array().into_iter().flatten() {
            let item_id = item["item_id"].as_str().expect("an id").to_owned();
            let body = if verb == "withdraw" { json!({ "reason_code": "W01" }) } else { json!({}) };
            let answer = browser.post(&format!("/processing/items/{item_id}/{verb}"), body).await;
            let done = floor.note(&answer, |_| match verb {
                "withdraw" => Promise::Withdrawn { item_id },
                _ => Promise::Confirmed { item_id },
            });
            assert!(done, "the outlet may {verb} its own {state} item: {answer:?}");
            floor.under_way.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

/// One person of the center. Acts go on through broken streams: a person who pressed Enter does not know that the line is down.
async fn operator_works(floor: Arc<Floor>, browser: Arc<Browser>) {
    let mut acts = JoinSet::new();
    while floor.is_open() {
        if let Ok(mut stream) = browser.stream().await {
            shift(&floor, &browser, &mut stream, &mut acts).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    while let Some(ended) = acts.join_next().await {
        ended.expect("the act did not break down");
    }
}

/// From the open stream to its end.
async fn shift(floor: &Arc<Floor>, browser: &Arc<Browser>, stream: &mut Stream, acts: &mut JoinSet<()>) {
    let ready = browser.command(Method::PUT, "/work/presence/me", Body::Json(json!({ "state": "ready" }))).await;
    assert!(ready.is_done(), "the center's people may work: {ready:?}");
    let mut ticks = tokio::time::interval(Duration::from_millis(500));
    while floor.is_open() {
        tokio::select! {
            _ = ticks.tick() => {
                if stream.say(json!({ "type": "heartbeat", "active": true, "t": 0 })).await.is_err() {
                    return;
                }
            }
            Some(ended) = acts.join_next() => ended.expect("the act did not break down"),
            frame = stream.next() => {
                let Some(frame) = frame else { return };
                let leases = match frame["type"].as_str() {
                    Some("hello") => frame["leases"].as_array().cloned().unwrap_or_default(),
                    Some("assigned") => vec![frame["lease"].clone()],
                    _ => continue,
                };
                for lease in leases {
                    let ack = json!({ "type": "ack", "work_item_id": lease["work_item_id"], "fence": lease["fence"] });
                    if stream.say(ack).await.is_err() {
                        return;
                    }
                    acts.spawn(acts_on(Arc::clone(floor), Arc::clone(browser), lease));
                }
            }
        }
    }
}

/// Opens a page by its link, and by fresh ones while that fails and the work is still in hand.
async fn looks_at(browser: &Browser, page: &Value) {
    let mut link = page["image_url"].clone();
    while browser.get(link.as_str().expect("a link").trim_start_matches("/api/v1")).await.is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let page_id = page["page_id"].as_str().expect("an id");
        let fresh = browser.post(&format!("/archive/pages/{page_id}/links"), json!({ "form": "display" })).await;
        if !fresh.is_done() {
            return;
        }
        link = fresh.body["url"].clone();
    }
}

/// Does one piece of work as its kind asks, after a moment of looking.
async fn acts_on(floor: Arc<Floor>, browser: Arc<Browser>, lease: Value) {
    let work_item_id = lease["work_item_id"].as_str().expect("an id").to_owned();
    let pause = rand::rng().random_range(20..120);
    tokio::time::sleep(Duration::from_millis(pause)).await;
    let task = &lease["task"];
    let (verb, body) = match task["kind"].as_str() {
        Some("slice") => match keyed(&floor, &lease).await {
            Some(body) => ("keying", body),
            None => return,
        },
        Some("check") => checked(&floor, &lease),
        Some("authorize") => {
            let all = |list: &str, id: &str| -> Vec<Value> {
                task[list].as_array().into_iter().flatten().map(|one| one[id].clone()).collect()
            };
            for page in task["pages"].as_array().into_iter().flatten() {
                looks_at(&browser, page).await;
            }
            (
                "approve",
                json!({ "fence": lease["fence"], "checklist": all("checklist", "id"), "displayed_pages": all("pages", "page_id") }),
            )
        }
        _ => panic!("no such work in these tests: {task}"),
    };
    let path = match verb {
        "keying" => format!("/processing/keying/{work_item_id}/entry"),
        "approve" => format!("/processing/authorizing/{work_item_id}/approve"),
        verb => format!("/processing/checking/{work_item_id}/{verb}"),
    };
    let answer = browser.post(&path, body).await;
    let person_id = browser.person_id.clone();
    if floor.note(&answer, |_| Promise::Worked { work_item_id, person_id: person_id.clone() }) && verb == "keying" {
        let slice_id = task["slice_id"].as_str().expect("an id").to_owned();
        floor.promises.lock().expect("nobody broke down").push(Promise::Keyed { slice_id, person_id });
    }
}

async fn keyed(floor: &Floor, lease: &Value) -> Option<Value> {
    let task = &lease["task"];
    let voucher = floor.voucher_of_slice(task["slice_id"].as_str()?).await?;
    let slip = task["pass"] != 3 && rand::rng().random_range(0..SLIP_ONE_IN) == 0;
    let value = match task["field"]["code"].as_str()? {
        "amount" => figures(voucher.amount_minor + i64::from(slip)),
        _ => voucher.payee,
    };
    Some(json!({ "fence": lease["fence"], "value": value, "unreadable": false, "elapsed_ms": 900, "keystrokes": 9 }))
}

/// The checker sees the whole voucher, settles what is unsure, and passes; or sends it back.
fn checked(floor: &Floor, lease: &Value) -> (&'static str, Value) {
    if rand::rng().random_range(0..RETURN_ONE_IN) == 0 {
        return ("return", json!({ "fence": lease["fence"], "reason_code": "R05" }));
    }
    let task = &lease["task"];
    let item_id = task["item"]["item_id"].as_str().expect("an id");
    let voucher = floor.vouchers.lock().expect("nobody broke down").get(item_id).cloned().expect("an item of ours");
    let decided = task["fields"].as_array().into_iter().flatten().map(|field| {
        let value = if field["code"] == "amount" { figures(voucher.amount_minor) } else { voucher.payee.clone() };
        match field["state"].as_str() {
            Some("unsettled" | "failed_rule") => {
                json!({ "code": field["code"], "value": value, "cause": "handwriting" })
            }
            _ => json!({ "code": field["code"], "value": value }),
        }
    });
    ("pass", json!({ "fence": lease["fence"], "fields": decided.collect::<Vec<_>>() }))
}
