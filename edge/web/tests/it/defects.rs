//! Defects of peers that show at the interface, each named after its row in the list.

use crate::bank::{Answer, Bank, picture};
use axum::http::{Method, StatusCode};
use kernel::ItemId;
use permission::act;
use processing::item::State;
use processing::queues;
use serde_json::json;
use web::Kind;
use world::PEOPLE;

/// A value that stands nowhere but in the first keyer's entry.
const FIRST_READING: &str = "7391846205";

/// 3: a later person sees the earlier result. Every list, every detail, every export, for everybody but the item's checker.
#[tokio::test]
async fn peer_defect_3_no_list_detail_or_export_shows_the_first_keyer_s_value() {
    let bank = Bank::open().await;
    let item = bank.world.keyable(41).await;
    let leases = bank.world.takes("keyer_a", queues::KEYING, 8).await;
    let mut work = leases.iter().map(|lease| lease.work_item_id.to_string()).collect::<Vec<_>>();
    for lease in &leases {
        bank.world.keys::<act::KeySlice>("keyer_a", lease, FIRST_READING).await.expect("keys");
    }
    // The second keyer has answered one field differently: the third keyer's work exists, too.
    let second = bank.world.takes("keyer_b", queues::KEYING, 8).await;
    bank.world.keys::<act::KeySlice>("keyer_b", &second[0], "1").await.expect("keys");
    work.extend(second.iter().map(|lease| lease.work_item_id.to_string()));
    let mut heard = 0;
    for (name, ..) in PEOPLE {
        let client = bank.signed(name).await;
        for endpoint in web::inventory().iter().filter(|it| it.kind == Kind::Query) {
            if endpoint.path.ends_with("/work/events") || endpoint.path.ends_with("/work/stream") {
                continue;
            }
            let person = bank.world.person("keyer_a").to_string();
            let at = |work: &str| {
                let path = endpoint.path.replace("{item_id}", item.as_str()).replace("{work_item_id}", work);
                path.replace("{person_id}", &person)
            };
            for path in [at(&work[0]), at(&work[work.len() - 1])] {
                let answer = bank.send(client.request(Method::GET, &path, "", None)).await;
                assert!(!answer.text().contains(FIRST_READING), "{name}: GET {path} shows it");
                heard += usize::from(answer.status == StatusCode::OK);
            }
        }
        let asks = format!("/journal/entries?subject={item}&limit=200");
        let answer = client.get(&asks).await;
        assert!(!answer.text().contains(FIRST_READING), "{name}: the journal shows it");
        heard += usize::from(answer.status == StatusCode::OK);
    }
    assert!(heard > 60, "{heard} answers had a content to look at");
    // What the third keyer's own task carries is the slice, and neither value.
    let third = bank.world.takes("third", queues::THIRD_KEYING, 1).await.pop().expect("work");
    let world = &bank.world;
    let person = world.person("third");
    let task =
        processing::keying::task(world.journal(), &third.work_item_id, &third.subject, &third.task, person, false);
    let task = task.await.expect("a task");
    let draft = task.draft.as_ref().map(|draft| draft.reveal());
    assert!(!format!("{task:?} {draft:?}").contains(FIRST_READING), "not even a draft of somebody else");
}

fn refused(answer: &Answer, what: &str) {
    assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.text());
}

async fn state(bank: &Bank, item: &str) -> State {
    bank.world.state(&ItemId::parse(item).expect("an id")).await
}

/// 9: a screen skips the control. Whoever asks without any screen, in any order, meets the same controls.
#[tokio::test]
async fn peer_defect_9_without_a_screen_no_step_can_be_skipped_or_taken_twice() {
    let bank = Bank::open().await;
    let teller = bank.signed("teller").await;
    let item = teller.post("/processing/items", json!({ "business_type": "T01" })).await.ok();
    let id = item["item_id"].as_str().expect("an id").to_owned();
    let at = |act: &str| format!("/processing/items/{id}/{act}");
    refused(&teller.post(&at("submit"), json!({})).await, "submitted without its page");
    refused(&teller.post(&at("confirm"), json!({})).await, "confirmed before it is posted");
    refused(&teller.delete(&format!("/processing/items/{id}")).await, "deleted");
    refused(&teller.put(&format!("/processing/items/{id}"), json!({ "state": "posted" })).await, "set to posted");
    assert_eq!(state(&bank, &id).await, State::Draft);
    let path = format!("/processing/items/{id}/pages?kind=voucher_front&keep_warnings=true");
    assert_eq!(teller.upload(&path, &teller.key(), picture(&bank, 42).await).await.status, StatusCode::CREATED);
    teller.post(&at("submit"), json!({})).await.ok();
    bank.world.drain().await;
    let world_item = ItemId::parse(&id).expect("an id");
    bank.world.keyed(&world_item, &world::voucher_values("60000.00", "陆万元整")).await;

    // The check's work exists and nobody holds it: its id and any fence are not enough.
    let waiting = {
        let mut reader = bank.world.journal().db.reader().await.expect("reads");
        let waiting = storage::sql("SELECT work_item_id FROM work_items WHERE queue = 'checking' AND state = 'ready'");
        reader.one(waiting).await.expect("one").text("work_item_id").expect("an id")
    };
    let (checker, authorizer) = (bank.signed("checker").await, bank.signed("authorizer").await);
    for fence in [0, 1, 2] {
        let body = json!({ "fence": fence, "fields": [] });
        refused(
            &checker.post(&format!("/processing/checking/{waiting}/pass"), body).await,
            "passed without holding it",
        );
        let body = json!({ "fence": fence, "checklist": ["seal"], "displayed_pages": [] });
        let path = format!("/processing/authorizing/{waiting}/approve");
        refused(&authorizer.post(&path, body).await, "approved what waits for its check");
    }
    let lease = bank.world.takes("checker", queues::CHECKING, 1).await.pop().expect("work");
    let body = json!({ "fence": lease.fence, "checklist": ["seal"], "displayed_pages": [] });
    let path = format!("/processing/authorizing/{waiting}/approve");
    refused(&authorizer.post(&path, body).await, "approved with a fence that is right, held by somebody else");
    let colleague = bank.signed("checker_b").await;
    let body = json!({ "fence": lease.fence, "fields": [] });
    let path = format!("/processing/checking/{waiting}/pass");
    refused(&colleague.post(&path, body).await, "passed by another checker than the one who holds it");
    let supervisor = bank.signed("supervisor").await;
    for act in ["resume", "retry-posting"] {
        refused(&supervisor.post(&at(act), json!({ "note": "试" })).await, act);
    }
    assert_eq!(state(&bank, &id).await, State::Checking, "nothing of all this moved it");
    let pass = json!({ "fence": lease.fence, "fields": [] });
    let path = format!("/processing/checking/{waiting}/pass");
    assert_eq!(checker.post(&path, pass.clone()).await.ok()["item_state"], "authorizing");
    refused(&checker.post(&path, pass).await, "passed twice under another key");
    assert_eq!(state(&bank, &id).await, State::Authorizing);
    let posted = storage::sql("SELECT COUNT(*) AS n FROM posting_attempts");
    let mut reader = bank.world.journal().db.reader().await.expect("reads");
    assert_eq!(reader.one(posted).await.expect("one").int("n").expect("a number"), 0, "and no posting was decided");
}
