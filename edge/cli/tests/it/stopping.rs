//! SIGTERM: new requests stop, what is under way is finished, and nothing is lost; however slow the others are.

use crate::auditor::{Evidence, audit};
use crate::people::Crew;
use crate::stage::{Stage, province};
use serde_json::json;
use std::time::Duration;
use storage::{Database, Db, sql};

/// The promise to whoever runs the machine.
const STOPS_WITHIN: Duration = Duration::from_secs(10);
/// Starting and reaping a process of a debug build on a busy machine is not the server's time.
const SLACK: Duration = Duration::from_secs(2);
const DRY_WITHIN: Duration = Duration::from_secs(45);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_under_load_and_with_a_silent_core_stops_within_ten_seconds_and_loses_nothing() {
    let mut stage = Stage::with_bank().await;
    stage.start_server().await;
    let rows = Db::open(&Database::parse(stage.database())).await.expect("the auditor's connection");
    let crew = Crew::begins(&stage.url(), &province(), rows.clone(), 1).await;
    until(&crew, 1).await;
    // Postings hang in a core that answers after a minute: the stop must not wait for it.
    core_answers_after(&stage, 60_000).await;
    a_posting_hangs(&rows).await;
    let (took, status) = stage.stop_server().await;
    assert!(status.success(), "{status}: {}", stage.troubles());
    assert!(took < STOPS_WITHIN + SLACK, "the stop took {took:?}");

    core_answers_after(&stage, 0).await;
    stage.start_server().await;
    let dry = crew.runs_dry(DRY_WITHIN).await;
    let floor = crew.goes_home().await;
    eprintln!("stopped in {took:?}; {}", floor.summary());
    let (promises, vouchers) = (floor.promises(), floor.vouchers());
    let (blobs, core_url) = (stage.path("blobs"), stage.core_url());
    let evidence =
        Evidence { rows: &rows, blobs: &blobs, core_url: &core_url, promises: &promises, vouchers: &vouchers };
    let found = audit(&evidence).await;
    assert!(found.is_empty(), "{}\n{}", found.join("\n"), stage.troubles());
    assert!(dry, "something stands still\n{}", stage.troubles());
    rows.close().await;
    stage.end().await;
}

/// Waits until so many items went all the way.
async fn until(crew: &Crew, confirmed: usize) {
    for _ in 0..600 {
        if crew.floor.confirmed() >= confirmed {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing goes through: {}", crew.floor.summary());
}

async fn core_answers_after(stage: &Stage, slow_ms: u64) {
    let url = format!("{}/v1/behavior", stage.core_url());
    let told = reqwest::Client::new().post(url).json(&json!({ "slow_ms": slow_ms })).send().await;
    assert!(told.expect("the core answers").status().is_success());
}

async fn a_posting_hangs(rows: &Db) {
    for _ in 0..600 {
        let running = sql("SELECT COUNT(*) AS n FROM jobs WHERE kind = 'processing.post_item' AND state = 'running'");
        if rows.reader().await.expect("a connection").one(running).await.expect("a row").int("n").expect("a count") > 0
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no posting came under way");
}
