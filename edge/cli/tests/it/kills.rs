//! kill -9 of the server and of the core, again and again, while people work; then everything is counted.
//!
//! `SHUNIU_KILLS=200` kills more often, `SHUNIU_SEED` repeats the moments of an earlier run.
//! (Peers' defects 7 and 24 of the list in the evidence: duplicates after a lost answer, sums that do not agree after concurrency.)

use crate::auditor::{Evidence, audit};
use crate::people::{Crew, Promise};
use crate::stage::{Stage, province};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use std::time::Duration;
use storage::{Database, Db, sql};

const KILLS: u64 = 5;
/// Fewer than this, and the kills met nobody at work.
const CONFIRMED_MIN: usize = 10;
/// Nothing waits longer than a lease or a job's back-off.
const DRY_WITHIN: Duration = Duration::from_secs(60);

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kill_9_of_server_and_core_under_load_loses_nothing_and_repeats_nothing() {
    let (kills, seed) = (from_environment("SHUNIU_KILLS", KILLS), from_environment("SHUNIU_SEED", rand::random()));
    eprintln!("SHUNIU_KILLS={kills} SHUNIU_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut stage = Stage::with_bank().await;
    stage.start_server().await;
    let rows = Db::open(&Database::parse(stage.database())).await.expect("the auditor's connection");
    let crew = Crew::begins(&stage.url(), &province(), rows.clone(), seed).await;
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(random.random_range(600..3_000))).await;
        stage.kill_server().await;
        stage.start_server().await;
        tokio::time::sleep(Duration::from_millis(random.random_range(400..2_000))).await;
        stage.kill_core().await;
        tokio::time::sleep(Duration::from_millis(random.random_range(0..800))).await;
        stage.start_core().await;
    }
    let dry = crew.runs_dry(DRY_WITHIN).await;
    let floor = crew.goes_home().await;
    eprintln!("{}", floor.summary());
    let (took, status) = stage.stop_server().await;
    assert!(status.success() && took < Duration::from_secs(10), "SIGTERM: {status} after {took:?}");

    let (promises, vouchers) = (floor.promises(), floor.vouchers());
    let (blobs, core_url) = (stage.path("blobs"), stage.core_url());
    let evidence =
        Evidence { rows: &rows, blobs: &blobs, core_url: &core_url, promises: &promises, vouchers: &vouchers };
    let found = audit(&evidence).await;
    assert!(found.is_empty(), "{}\n{}", found.join("\n"), stage.troubles());
    assert!(dry, "something stands still\n{}", stage.troubles());
    assert!(floor.confirmed() >= CONFIRMED_MIN, "too little was under way: {}", floor.summary());
    let verified = stage.run(&["verify", "--config", "CONFIG"]).await;
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));

    the_auditor_sees_what_is_planted(&evidence).await;
    verify_sees_a_changed_entry(&stage, &rows).await;
    rows.close().await;
    stage.end().await;
}

/// An auditor who finds nothing must be able to find something: one fault of each kind, by hand.
async fn the_auditor_sees_what_is_planted(evidence: &Evidence<'_>) {
    let confirmed: Vec<String> = evidence
        .promises
        .iter()
        .filter_map(|promise| match promise {
            Promise::Confirmed { item_id } => Some(item_id.clone()),
            _ => None,
        })
        .collect();
    let [lost, forgotten, doubled] = [&confirmed[0], &confirmed[1], &confirmed[2]].map(Clone::clone);
    let asked = sql("SELECT item_no FROM items WHERE item_id = $1").bind(doubled.as_str());
    let reference = evidence
        .rows
        .reader()
        .await
        .expect("a connection")
        .one(asked)
        .await
        .expect("a row")
        .text("item_no")
        .expect("text");
    change(evidence.rows, sql("UPDATE items SET state = 'draft' WHERE item_id = $1").bind(lost.as_str())).await;
    change(evidence.rows, sql("UPDATE items SET state = 'keying' WHERE item_id = $1").bind(forgotten.as_str())).await;
    change(
        evidence.rows,
        sql("UPDATE work_holds SET leased_at = 0, ended_at = 9000000000000000 WHERE fence = 1 AND work_item_id IN
             (SELECT work_item_id FROM ended_holds WHERE fence = 2)"),
    )
    .await;
    change(evidence.rows, sql("UPDATE jobs SET state = 'dead' WHERE job_id = (SELECT MIN(job_id) FROM jobs)")).await;
    post_again(evidence, &doubled, &reference).await;
    spoil_an_object(evidence).await;
    let found = audit(evidence).await;
    for (kind, about) in [
        ("lost", lost.as_str()),
        ("forgotten", forgotten.as_str()),
        ("books", doubled.as_str()),
        ("held by two", ""),
        ("dead", ""),
        ("objects", ""),
    ] {
        let seen = found.iter().any(|line| line.starts_with(kind) && line.contains(about));
        assert!(seen, "the auditor does not see `{kind}` {about}: {found:?}");
    }
}

async fn change(rows: &Db, statement: storage::Sql) {
    let changed = rows.write::<u64, storage::Fault, _>(move |tx| {
        let statement = statement.clone();
        Box::pin(async move { tx.execute(statement).await })
    });
    assert!(changed.await.expect("the rows change") > 0);
}

/// The same voucher under another key: what a product without keys would do.
async fn post_again(evidence: &Evidence<'_>, item_id: &str, reference: &str) {
    let voucher = &evidence.vouchers[item_id];
    let line = json!({
        "debit": "6200001562621002", "credit": voucher.payee, "amount_minor": voucher.amount_minor.to_string(), "currency": "CNY",
    });
    let body = json!({
        "idempotency_key": "planted-by-hand", "business_date": "2026-11-23", "reference": reference, "voucher": [line],
    });
    let url = format!("{}/v1/postings", evidence.core_url);
    let answer = reqwest::Client::new().post(url).json(&body).send().await.expect("the core answers");
    assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
}

async fn spoil_an_object(evidence: &Evidence<'_>) {
    // An object without a row is what a crash may leave; only one that a row names counts.
    let row = evidence
        .rows
        .reader()
        .await
        .expect("a connection")
        .one(sql("SELECT store_digest FROM blobs LIMIT 1"))
        .await
        .expect("a row");
    let name = row.text("store_digest").expect("text").replace("sha256:", "");
    let path = evidence.blobs.join("sha256").join(&name[..2]).join(&name[2..4]).join(&name);
    assert!(path.is_file(), "the audit has just read it");
    std::fs::write(path, "spoiled").expect("the object is overwritten");
}

async fn verify_sees_a_changed_entry(stage: &Stage, rows: &Db) {
    change(
        rows,
        sql("UPDATE journal_entries SET actor = 'nobody' WHERE entry_id = (SELECT MAX(entry_id) FROM journal_entries)"),
    )
    .await;
    let verified = stage.run(&["verify", "--config", "CONFIG"]).await;
    assert_eq!(verified.status.code(), Some(1), "one entry was changed by hand");
}
