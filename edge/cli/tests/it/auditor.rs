//! Looks at what is left after the storm: rows, objects on disk, and the core's ledger over HTTP.
//!
//! It believes nobody: none of the product's commands or rules are used here, only the schema's words.

use crate::people::{Promise, Voucher};
use serde_json::Value;
use sha2::Digest as _;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use storage::{Db, Row, sql};

/// Where an item's way ends.
const FINAL: [&str; 3] = ["confirmed", "withdrawn", "refused"];
/// States in which money has moved.
const POSTED: [&str; 3] = ["posted", "confirmed", "confirm_failed"];
/// States in which the outlet is asked to act.
const AT_THE_OUTLET: [&str; 6] = ["draft", "returned", "rescan", "posted", "post_failed", "confirm_failed"];

/// What the auditor is given.
pub struct Evidence<'a> {
    pub rows: &'a Db,
    pub blobs: &'a Path,
    pub core_url: &'a str,
    pub promises: &'a [Promise],
    /// What stands on the vouchers, by item id.
    pub vouchers: &'a HashMap<String, Voucher>,
}

struct Item {
    item_no: String,
    state: String,
    amount_minor: Option<i64>,
    core_reference: Option<String>,
}

struct LedgerLine {
    reference: String,
    core_reference: String,
    amount_minor: i64,
    credit: String,
}

/// Everything that is wrong, in sentences; nothing when all is well.
pub async fn audit(evidence: &Evidence<'_>) -> Vec<String> {
    let items = items(evidence.rows).await;
    let lines = ledger(evidence.core_url).await;
    let mut found = Vec::new();
    promises_are_kept(evidence, &items, &mut found).await;
    nobody_is_forgotten(evidence.rows, &items, &mut found).await;
    books_agree(evidence, &items, &lines, &mut found).await;
    work_was_held_by_one(evidence, &mut found).await;
    objects_are_there(evidence, &mut found).await;
    jobs_are_alive(evidence.rows, &mut found).await;
    found
}

async fn all(rows: &Db, text: &'static str) -> Vec<Row> {
    rows.reader().await.expect("a connection").all(sql(text)).await.expect("the statement reads")
}

fn text(row: &Row, name: &str) -> String {
    row.text(name).expect("text")
}

async fn items(rows: &Db) -> BTreeMap<String, Item> {
    let found = all(rows, "SELECT item_id, item_no, state, amount_minor, core_reference FROM items").await;
    let item = |row: &Row| Item {
        item_no: text(row, "item_no"),
        state: text(row, "state"),
        amount_minor: row.opt_int("amount_minor").expect("an amount"),
        core_reference: row.opt_text("core_reference").expect("a reference"),
    };
    found.iter().map(|row| (text(row, "item_id"), item(row))).collect()
}

/// Every line of the core, page by page.
async fn ledger(core_url: &str) -> Vec<LedgerLine> {
    let mut lines = Vec::new();
    let mut after = 0;
    loop {
        let page = get(&format!("{core_url}/v1/ledger?after={after}&limit=500")).await;
        // Opening balances are no business of the center's.
        for line in page["lines"].as_array().expect("lines").iter().filter(|line| line["kind"] != "opening") {
            let text = |name: &str| line[name].as_str().expect("text").to_owned();
            lines.push(LedgerLine {
                reference: text("reference"),
                core_reference: text("core_reference"),
                amount_minor: text("amount_minor").parse().expect("minor units"),
                credit: text("credit"),
            });
        }
        match page["next"].as_i64() {
            Some(next) => after = next,
            None => return lines,
        }
    }
}

async fn get(url: &str) -> Value {
    reqwest::get(url).await.expect("the core answers").json().await.expect("the core speaks JSON")
}

/// No item lost: what a person was told is done is there.
async fn promises_are_kept(evidence: &Evidence<'_>, items: &BTreeMap<String, Item>, found: &mut Vec<String>) {
    let ids = async |text_of: &'static str| -> HashSet<String> {
        all(evidence.rows, text_of).await.iter().map(|row| text(row, "id")).collect()
    };
    let pages = ids("SELECT page_id AS id FROM pages").await;
    let keyed = ids("SELECT slice_id || '/' || person_id AS id FROM keyings").await;
    let done = ids("SELECT work_item_id AS id FROM work_items WHERE state = 'done'").await;
    let state = |item_id: &String| items.get(item_id).map_or("nowhere", |item| item.state.as_str());
    for promise in evidence.promises {
        let kept = match promise {
            Promise::Opened { item_id, item_no } => items.get(item_id).is_some_and(|item| &item.item_no == item_no),
            Promise::PageAdded { page_id } => pages.contains(page_id),
            Promise::Submitted { item_id } => !["draft", "nowhere"].contains(&state(item_id)),
            Promise::Keyed { slice_id, person_id } => keyed.contains(&format!("{slice_id}/{person_id}")),
            Promise::Worked { work_item_id, .. } => done.contains(work_item_id),
            Promise::Withdrawn { item_id } => state(item_id) == "withdrawn",
            Promise::Confirmed { item_id } => state(item_id) == "confirmed",
        };
        if !kept {
            found.push(format!("lost: {promise:?}"));
        }
    }
}

/// Every item that has not ended waits for somebody: a person, a job, or its outlet.
async fn nobody_is_forgotten(rows: &Db, items: &BTreeMap<String, Item>, found: &mut Vec<String>) {
    let work = all(rows, "SELECT subject FROM work_items WHERE state IN ('ready', 'leased')").await;
    let jobs = all(rows, "SELECT payload FROM jobs WHERE state IN ('ready', 'running')").await;
    let mut waiting: HashSet<String> = work.iter().map(|row| text(row, "subject")).collect();
    waiting.extend(jobs.iter().filter_map(|row| {
        let payload: Value = serde_json::from_str(&text(row, "payload")).expect("a payload is JSON");
        Some(payload["item_id"].as_str()?.to_owned())
    }));
    for (item_id, item) in items {
        let state = item.state.as_str();
        if !FINAL.contains(&state) && !AT_THE_OUTLET.contains(&state) && !waiting.contains(item_id) {
            found.push(format!("forgotten: {item_id} is {state}, and neither work nor job waits for it"));
        }
    }
}

/// None posted twice, none posted that was not passed, and the core's amounts are those on the paper.
async fn books_agree(
    evidence: &Evidence<'_>,
    items: &BTreeMap<String, Item>,
    lines: &[LedgerLine],
    found: &mut Vec<String>,
) {
    let mut by_reference: HashMap<&str, Vec<&LedgerLine>> = HashMap::new();
    for line in lines {
        by_reference.entry(&line.reference).or_default().push(line);
    }
    for (item_id, item) in items {
        let booked = by_reference.remove(item.item_no.as_str()).unwrap_or_default();
        let expected = usize::from(POSTED.contains(&item.state.as_str()));
        // A posting whose answer was lost is in the books before the item says so.
        let on_its_way = item.state == "posting" && booked.len() <= 1;
        if booked.len() != expected && !on_its_way {
            found.push(format!("books: {item_id} is {} and has {} lines in the core", item.state, booked.len()));
        }
        let voucher = evidence.vouchers.get(item_id);
        for line in booked {
            if item.amount_minor != Some(line.amount_minor)
                || voucher.is_some_and(|it| it.amount_minor != line.amount_minor || it.payee != line.credit)
            {
                found.push(format!("books: {item_id} was booked with another amount or payee than it shows"));
            }
            if !on_its_way && item.core_reference.as_ref() != Some(&line.core_reference) {
                found.push(format!("books: {item_id} does not name the core's {}", line.core_reference));
            }
        }
    }
    found
        .extend(by_reference.keys().map(|reference| format!("books: the core knows {reference}, the center does not")));
    let totals = get(&format!("{}/v1/totals", evidence.core_url)).await;
    if totals["balanced"] != Value::Bool(true) {
        found.push(format!("books: the core is out of balance: {totals}"));
    }
    let posted = items.values().filter(|item| POSTED.contains(&item.state.as_str())).count();
    let ended = all(evidence.rows, "SELECT item_id FROM posting_attempts WHERE outcome = 'posted'").await.len();
    if posted != ended {
        found.push(format!("books: {posted} items are posted, {ended} attempts say so"));
    }
}

/// No piece of work was held by two at one time, and who was told that it is done did it.
async fn work_was_held_by_one(evidence: &Evidence<'_>, found: &mut Vec<String>) {
    let holds = all(
        evidence.rows,
        "SELECT work_item_id, fence, person_id, leased_at, ended_at, how FROM ended_holds ORDER BY work_item_id, fence",
    )
    .await;
    let mut before: Option<(String, i64)> = None;
    let mut finishers: HashMap<String, String> = HashMap::new();
    for hold in &holds {
        let id = text(hold, "work_item_id");
        let leased_at = hold.int("leased_at").expect("an instant");
        if before.as_ref().is_some_and(|(of, ended_at)| *of == id && *ended_at > leased_at) {
            found.push(format!("held by two: {id} from {leased_at}"));
        }
        if text(hold, "how") == "done" {
            finishers.insert(id.clone(), text(hold, "person_id"));
        }
        before = Some((id, hold.int("ended_at").expect("an instant")));
    }
    for promise in evidence.promises {
        let Promise::Worked { work_item_id, person_id } = promise else { continue };
        if finishers.get(work_item_id) != Some(person_id) {
            found.push(format!("done by another: {work_item_id} was promised to {person_id}"));
        }
    }
}

/// Every row of an image has its object, and the object is what the row says.
async fn objects_are_there(evidence: &Evidence<'_>, found: &mut Vec<String>) {
    for row in all(evidence.rows, "SELECT blob_id, store_digest FROM blobs").await {
        let (blob_id, digest) = (text(&row, "blob_id"), text(&row, "store_digest"));
        let name = digest.strip_prefix("sha256:").expect("the suite of this installation");
        let path = evidence.blobs.join("sha256").join(&name[..2]).join(&name[2..4]).join(name);
        match std::fs::read(&path) {
            Ok(bytes) if hex::encode(sha2::Sha256::digest(&bytes)) == name => {}
            Ok(_) => found.push(format!("objects: {blob_id} is not what its row says")),
            Err(error) => found.push(format!("objects: {blob_id} cannot be read: {error}")),
        }
    }
}

async fn jobs_are_alive(rows: &Db, found: &mut Vec<String>) {
    for row in all(rows, "SELECT job_id, kind, last_error FROM jobs WHERE state = 'dead'").await {
        let error = row.opt_text("last_error").expect("text").unwrap_or_default();
        found.push(format!("dead: {} {}: {error}", text(&row, "kind"), text(&row, "job_id")));
    }
}
