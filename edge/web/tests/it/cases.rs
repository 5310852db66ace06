//! One case of each command that works, and the state of the bank that it needs.

use crate::bank::{Bank, Client, PASSWORD, picture};
use axum::http::Method;
use kernel::{ItemId, JobId, PageId, SessionId};
use processing::item::State;
use processing::queues::{AUTHORIZING, CHECKING, KEYING, REFUSAL_REVIEW};
use serde_json::{Value, json};
use work::Lease;
use world::voucher_values;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub json: Option<Value>,
    pub picture: Option<Vec<u8>>,
    /// For `If-Match`.
    pub version: Option<i64>,
}

impl Ask {
    fn new(method: &str, path: &str, json: Option<Value>) -> Self {
        let method = method.parse().expect("a method");
        Self { method, path: format!("/api/v1{path}"), json, picture: None, version: None }
    }

    fn post(path: &str, json: Value) -> Self {
        Self::new("POST", path, Some(json))
    }
}

/// A command that works, and the same with another input.
pub struct Case<'b> {
    pub client: Option<Client<'b>>,
    pub ask: Ask,
    pub other: Ask,
    pub ends_its_session: bool,
    pub changes_the_password: bool,
}

impl<'b> Case<'b> {
    async fn new(bank: &'b Bank, name: &str, ask: Ask, other: Ask) -> Self {
        let client = Some(bank.signed(name).await);
        Self { client, ask, other, ends_its_session: false, changes_the_password: false }
    }

    /// The other input is another body.
    async fn posts(bank: &'b Bank, name: &str, path: String, one: Value, other: Value) -> Self {
        Self::new(bank, name, Ask::post(&path, one), Ask::post(&path, other)).await
    }

    /// The command needs no words, so the other input names another item.
    async fn bare(bank: &'b Bank, name: &str, path: impl Fn(&str) -> String, id: &str, other: &str) -> Self {
        Self::new(bank, name, Ask::post(&path(id), json!({})), Ask::post(&path(other), json!({}))).await
    }
}

/// The case of a command, by method and template.
pub async fn case<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    let (_, path) = what.split_once(" /api/v1/").expect("an address");
    match path.split('/').next().unwrap_or_default() {
        "identity" => identity(bank, what).await,
        "organization" => organization(bank, what).await,
        "jobs" => job(bank).await,
        "work" => work(bank, what).await,
        "processing" if path.starts_with("processing/items") => item(bank, what).await,
        "processing" => station(bank, what).await,
        _ => panic!("a new command has no case: {what}"),
    }
}

async fn identity<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    match what {
        "POST /api/v1/identity/activation" => activation(bank).await,
        "POST /api/v1/identity/password" => {
            let body = |new: &str| json!({ "old": PASSWORD, "new": new });
            let path = "/identity/password".to_owned();
            let case = Case::posts(bank, "teller", path, body("Baise-gezi-77-fei"), body("Another-gezi-78-fei")).await;
            Case { changes_the_password: true, ..case }
        }
        "POST /api/v1/identity/people/{person_id}/sessions/revoke" => {
            let path = format!("/identity/people/{}/sessions/revoke", bank.world.person("teller"));
            Case::posts(bank, "system_administrator", path, json!({"reason": "设备遗失"}), json!({"reason": "离岗"}))
                .await
        }
        "POST /api/v1/identity/people/{person_id}/sessions/{session_id}/revoke" => {
            let session = own_session(bank, "teller").await;
            let path = format!("/identity/people/{}/sessions/{session}/revoke", bank.world.person("teller"));
            Case::posts(bank, "system_administrator", path, json!({"reason": "设备遗失"}), json!({"reason": "离岗"}))
                .await
        }
        "DELETE /api/v1/identity/sessions/current" => {
            let ask = Ask::new("DELETE", "/identity/sessions/current", None);
            let case = Case::new(bank, "teller", ask.clone(), ask).await;
            Case { ends_its_session: true, ..case }
        }
        "DELETE /api/v1/identity/sessions/{session_id}" => {
            let ask = |id: &str| Ask::new("DELETE", &format!("/identity/sessions/{id}"), None);
            let (one, other) = (own_session(bank, "teller").await, SessionId::new(testkit::MONDAY_MORNING));
            Case::new(bank, "teller", ask(&one), ask(other.as_str())).await
        }
        "PUT /api/v1/identity/me/keys" => {
            let ask = |chord: &str| Ask {
                version: Some(0),
                ..Ask::new("PUT", "/identity/me/keys", Some(json!({ "keys": { "keying.same": [chord] } })))
            };
            Case::new(bank, "keyer_a", ask("F8"), ask("F9")).await
        }
        _ => panic!("a new command has no case: {what}"),
    }
}

async fn activation(bank: &Bank) -> Case<'_> {
    let administrator = bank.world.person("system_administrator").clone();
    let command = journal::Command {
        name: "test.issue",
        actor: journal::Actor::person(administrator),
        key: "issue".into(),
        input_hash: kernel::hash::HashSuite::Sha256.digest(&[b"issue"]),
        subject: journal::Subject::named("test"),
    };
    let person = bank.world.person("teller").clone();
    let code = identity::activation::issue(bank.world.journal(), &bank.app.rules, command, person).await;
    let code = code.expect("is issued").expect("is new").reveal().to_owned();
    let ask = |password: &str| {
        Ask::post("/identity/activation", json!({ "employee_no": "teller", "code": code, "password": password }))
    };
    let (ask, other) = (ask("Baise-gezi-77-fei"), ask("Another-gezi-78-fei"));
    Case { client: None, ask, other, ends_its_session: false, changes_the_password: true }
}

/// A further session of a person, by its id.
async fn own_session(bank: &Bank, name: &str) -> String {
    let rows = bank.signed(name).await.get("/identity/sessions").await.ok();
    rows[0]["session_id"].as_str().expect("an id").to_owned()
}

async fn organization<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    let center = bank.world.institutions["SUB1"].to_string();
    match what {
        "POST /api/v1/organization/appointments" => {
            let body = appointment(bank, "keyer_c", &center).await;
            let mut other = body.clone();
            other["from"] = json!("2026-12-02");
            Case::posts(bank, "administrator", "/organization/appointments".into(), body, other).await
        }
        "DELETE /api/v1/organization/appointments/{appointment_id}" => {
            let administrator = bank.signed("administrator").await;
            let staff = administrator.get(&format!("/organization/staff/{}", bank.world.person("keyer_c"))).await.ok();
            let id = staff["posts"][0]["appointment_id"].as_str().expect("an id").to_owned();
            let ask = |reason: &str| {
                let path = format!("/organization/appointments/{id}");
                Ask::new("DELETE", &path, Some(json!({ "reason": reason })))
            };
            Case::new(bank, "administrator", ask("轮岗"), ask("离职")).await
        }
        "PUT /api/v1/organization/institutions/{institution_id}/names" => {
            let ask = |name: &str| Ask {
                version: Some(1),
                ..Ask::new(
                    "PUT",
                    &format!("/organization/institutions/{center}/names"),
                    Some(json!({ "name_zh": name, "name_en": name })),
                )
            };
            Case::new(bank, "administrator", ask("New name"), ask("Newer name")).await
        }
        _ => panic!("a new command has no case: {what}"),
    }
}

/// An appointment that may be made: the person's own post again, after the first one has ended.
async fn appointment(bank: &Bank, name: &str, institution: &str) -> Value {
    let administrator = bank.signed("administrator").await;
    let staff = administrator.get(&format!("/organization/staff/{}", bank.world.person(name))).await.ok();
    let held = &staff["posts"][0];
    let ended = format!("/organization/appointments/{}", held["appointment_id"].as_str().expect("an id"));
    let request = administrator.request(
        Method::DELETE,
        &format!("/api/v1{ended}"),
        &administrator.key(),
        Some(&json!({ "reason": "轮岗" })),
    );
    let gone = bank.send(request).await;
    assert!(gone.status.is_success(), "{}", gone.text());
    json!({
        "person_id": bank.world.person(name).as_str(), "post_id": held["post_id"], "institution_id": institution,
        "from": "2026-12-01", "until": "2026-12-31",
    })
}

async fn job(bank: &Bank) -> Case<'_> {
    let now = bank.world.journal().now();
    let new =
        storage::jobs::NewJob { kind: "test.job", payload: json!({}), dedup_key: None, run_at: now, attempts_max: 1 };
    let id = bank
        .world
        .journal()
        .db
        .write::<JobId, storage::Fault, _>(move |tx| {
            let new = new.clone();
            Box::pin(async move {
                let id = storage::jobs::enqueue(tx, now, new).await?.expect("it is new");
                let leased = storage::jobs::lease(tx, now, "test", 1_000_000).await?.expect("it is due");
                storage::jobs::fail(tx, &leased, now, "it failed").await?;
                Ok(id)
            })
        })
        .await
        .expect("a dead job");
    let other = JobId::new(now);
    Case::bare(bank, "supervisor", |id| format!("/jobs/{id}/revive"), id.as_str(), other.as_str()).await
}

async fn work<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    if what == "PUT /api/v1/work/presence/me" {
        let ask = |state: &str| Ask::new("PUT", "/work/presence/me", Some(json!({ "state": state })));
        return Case::new(bank, "keyer_a", ask("ready"), ask("signed_out")).await;
    }
    bank.world.keyable(1).await;
    let lease = lease(bank, "keyer_a", KEYING).await;
    let id = &lease.work_item_id;
    match what {
        "POST /api/v1/work/items/{work_item_id}/hand-back" => {
            let body = |code: &str| json!({ "fence": lease.fence, "reason_code": code });
            Case::posts(bank, "keyer_a", format!("/work/items/{id}/hand-back"), body("H01"), body("H02")).await
        }
        "POST /api/v1/work/items/{work_item_id}/priority" => {
            let body = |class: i64| json!({ "priority_class": class, "reason": "客户等候" });
            Case::posts(bank, "supervisor", format!("/work/items/{id}/priority"), body(1), body(2)).await
        }
        "POST /api/v1/work/items/{work_item_id}/reassign" => {
            let body = |name: &str| json!({ "person_id": bank.world.person(name).as_str(), "reason": "换人" });
            let path = format!("/work/items/{id}/reassign");
            Case::posts(bank, "supervisor", path, body("keyer_b"), body("keyer_c")).await
        }
        _ => panic!("a new command has no case: {what}"),
    }
}

async fn lease(bank: &Bank, name: &str, queue: &str) -> Lease {
    bank.world.takes(name, queue, 1).await.pop().unwrap_or_else(|| panic!("no work of {queue} for {name}"))
}

/// An item that two keyers keyed.
async fn keyed(bank: &Bank, figures: &str, words: &str) -> ItemId {
    let item = bank.world.keyable(1).await;
    bank.world.keyed(&item, &voucher_values(figures, words)).await;
    item
}

async fn page_of(bank: &Bank, item: &ItemId) -> PageId {
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    archive::page::current(&mut reader, item.as_str()).await.expect("pages").remove(0).page_id
}

/// What the checker decides about a keyed item, over the API.
async fn check_ends(bank: &Bank, act: &str, reason: &str) -> ItemId {
    let item = keyed(bank, "10.00", "壹拾元整").await;
    let page = page_of(bank, &item).await;
    let lease = lease(bank, "checker", CHECKING).await;
    let mut body = json!({ "fence": lease.fence, "reason_code": reason });
    if act == "rescan" {
        body["pages"] = json!([page.as_str()]);
    }
    let checker = bank.signed("checker").await;
    checker.post(&format!("/processing/checking/{}/{act}", lease.work_item_id), body).await.ok();
    item
}

async fn posted(bank: &Bank, figures: &str, words: &str, wanted: State) -> ItemId {
    let item = keyed(bank, figures, words).await;
    if bank.world.checks("checker").await.expect("passes") == "authorizing" {
        bank.world.authorizes("authorizer").await.expect("approves");
    }
    bank.world.drain().await;
    assert_eq!(bank.world.state(&item).await, wanted);
    item
}

async fn item<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    let act = what.rsplit('/').next().unwrap_or_default();
    let path = |id: &str| format!("/processing/items/{id}/{act}");
    let reasons = |code: &str, other: &str| (json!({ "reason_code": code }), json!({ "reason_code": other }));
    let nothing = ItemId::new(testkit::MONDAY_MORNING);
    match what {
        "POST /api/v1/processing/items" => {
            let body = |code: &str| json!({ "business_type": code });
            Case::posts(bank, "teller", "/processing/items".into(), body("T01"), body("T02")).await
        }
        "POST /api/v1/processing/items/{item_id}/pages" => upload(bank).await,
        "DELETE /api/v1/processing/items/{item_id}/pages/{page_id}" => {
            let item = bank.world.captures("teller", 1).await;
            let ask = |page: &PageId| Ask::new("DELETE", &format!("/processing/items/{item}/pages/{page}"), None);
            let (page, other) = (page_of(bank, &item).await, PageId::new(testkit::MONDAY_MORNING));
            Case::new(bank, "teller", ask(&page), ask(&other)).await
        }
        "POST /api/v1/processing/items/{item_id}/submit" => {
            let item = bank.world.captures("teller", 1).await;
            Case::bare(bank, "teller", path, item.as_str(), nothing.as_str()).await
        }
        "POST /api/v1/processing/items/{item_id}/resubmit" => {
            let item = check_ends(bank, "return", "R04").await;
            Case::bare(bank, "teller", path, item.as_str(), nothing.as_str()).await
        }
        "POST /api/v1/processing/items/{item_id}/withdraw" => {
            let item = bank.world.keyable(1).await;
            let (one, other) = reasons("W01", "W02");
            Case::posts(bank, "teller", path(item.as_str()), one, other).await
        }
        "POST /api/v1/processing/items/{item_id}/confirm" => {
            let item = posted(bank, "10.00", "壹拾元整", State::Posted).await;
            Case::bare(bank, "teller", path, item.as_str(), nothing.as_str()).await
        }
        "POST /api/v1/processing/items/{item_id}/confirm-failure" => {
            let item = posted(bank, "10.00", "壹拾元整", State::Posted).await;
            let (one, other) = reasons("C01", "C02");
            Case::posts(bank, "teller", path(item.as_str()), one, other).await
        }
        "POST /api/v1/processing/items/{item_id}/resume" => {
            let item = check_ends(bank, "suspend", "R18").await;
            let body = |note: &str| json!({ "note": note });
            Case::posts(bank, "supervisor", path(item.as_str()), body("查证无误"), body("已查证")).await
        }
        "POST /api/v1/processing/items/{item_id}/return" => {
            let item = check_ends(bank, "suspend", "R18").await;
            let (one, other) = reasons("R18", "R04");
            Case::posts(bank, "supervisor", path(item.as_str()), one, other).await
        }
        "POST /api/v1/processing/items/{item_id}/retry-posting" => {
            // More than the payer has.
            let item = posted(bank, "2000000.00", "贰佰万元整", State::PostFailed).await;
            let body = |note: &str| json!({ "note": note });
            Case::posts(bank, "supervisor", path(item.as_str()), body("客户已存入款项"), body("已核实")).await
        }
        _ => panic!("a new command has no case: {what}"),
    }
}

async fn upload(bank: &Bank) -> Case<'_> {
    let teller = bank.signed("teller").await;
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id");
    let path = format!("/processing/items/{id}/pages?kind=voucher_front&keep_warnings=true");
    let ask = |picture| Ask { picture: Some(picture), ..Ask::new("POST", &path, None) };
    let (one, other) = (picture(bank, 1).await, picture(bank, 2).await);
    Case::new(bank, "teller", ask(one), ask(other)).await
}

async fn station<'b>(bank: &'b Bank, what: &str) -> Case<'b> {
    let parts: Vec<&str> = what.split('/').collect();
    let [area, act] = [parts[4], parts[6]];
    match area {
        "keying" => {
            bank.world.keyable(1).await;
            let lease = lease(bank, "keyer_a", KEYING).await;
            let body = |value: &str| json!({ "fence": lease.fence, "value": value, "unreadable": false, "elapsed_ms": 900, "keystrokes": 9 });
            let path = format!("/processing/keying/{}/entry", lease.work_item_id);
            Case::posts(bank, "keyer_a", path, body("10.00"), body("11.00")).await
        }
        "checking" => {
            let item = keyed(bank, "10.00", "壹拾元整").await;
            let page = page_of(bank, &item).await;
            let lease = lease(bank, "checker", CHECKING).await;
            let body = |code: &str| json!({ "fence": lease.fence, "reason_code": code });
            let (one, other) = match act {
                "pass" => (
                    json!({ "fence": lease.fence, "fields": [] }),
                    json!({ "fence": lease.fence, "fields": [{ "code": "amount", "value": "11.00" }] }),
                ),
                "return" => (body("R04"), body("R06")),
                "refuse" => (body("R11"), body("R12")),
                "suspend" => (body("R18"), body("R15")),
                "rescan" => (
                    json!({ "fence": lease.fence, "reason_code": "R01", "pages": [page.as_str()] }),
                    json!({ "fence": lease.fence, "reason_code": "R02", "pages": [page.as_str()] }),
                ),
                _ => panic!("a new command has no case: {what}"),
            };
            let path = format!("/processing/checking/{}/{act}", lease.work_item_id);
            Case::posts(bank, "checker", path, one, other).await
        }
        "refusal-review" => {
            check_ends(bank, "refuse", "R11").await;
            let lease = lease(bank, "reviewer", REFUSAL_REVIEW).await;
            let path = format!("/processing/refusal-review/{}/{act}", lease.work_item_id);
            let (one, other) = match act {
                "uphold" => (json!({ "fence": lease.fence }), json!({ "fence": lease.fence + 1 })),
                "overturn" => (
                    json!({ "fence": lease.fence, "note": "印章相符" }),
                    json!({ "fence": lease.fence, "note": "再看一次" }),
                ),
                _ => panic!("a new command has no case: {what}"),
            };
            Case::posts(bank, "reviewer", path, one, other).await
        }
        "authorizing" => {
            let item = keyed(bank, "60000.00", "陆万元整").await;
            assert_eq!(bank.world.checks("checker").await.expect("passes"), "authorizing");
            let lease = lease(bank, "authorizer", AUTHORIZING).await;
            bank.world.opens_pages("authorizer", item.as_str()).await.expect("looks");
            let body = |code: &str| json!({ "fence": lease.fence, "reason_code": code });
            let pages = {
                let mut reader = bank.world.journal().db.reader().await.expect("reads");
                archive::page::current(&mut reader, item.as_str()).await.expect("reads")
            };
            let displayed: Vec<String> = pages.iter().map(|page| page.page_id.to_string()).collect();
            let (one, other) = match act {
                "approve" => (
                    json!({ "fence": lease.fence, "checklist": ["seal"], "displayed_pages": displayed }),
                    json!({ "fence": lease.fence, "checklist": [], "displayed_pages": displayed }),
                ),
                "refuse" => (body("R11"), body("R12")),
                "send-back" => (body("R04"), body("R05")),
                _ => panic!("a new command has no case: {what}"),
            };
            let path = format!("/processing/authorizing/{}/{act}", lease.work_item_id);
            Case::posts(bank, "authorizer", path, one, other).await
        }
        _ => panic!("a new command has no case: {what}"),
    }
}
