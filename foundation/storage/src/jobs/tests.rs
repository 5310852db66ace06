use super::*;
use crate::{Database, Db};

const T0: Instant = Instant::from_micros(1_000_000_000_000);
const LEASE: i64 = 60_000_000;

async fn db() -> (tempfile::TempDir, Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("jobs.db");
    let db = Db::open(&Database::Sqlite { path, durable: false }).await.expect("opens");
    (folder, db)
}

fn job(dedup: Option<&str>, attempts_max: u32) -> NewJob {
    let dedup_key = dedup.map(str::to_owned);
    NewJob { kind: "test.job", payload: serde_json::json!({"n": 1}), dedup_key, run_at: T0, attempts_max }
}

async fn put(db: &Db, new: NewJob) -> Option<JobId> {
    db.write::<_, Fault, _>(move |tx| {
        let new = new.clone();
        Box::pin(async move { enqueue(tx, T0, new).await })
    })
    .await
    .expect("enqueues")
}

async fn take(db: &Db, at: Instant) -> Option<LeasedJob> {
    db.write::<_, Fault, _>(move |tx| Box::pin(async move { lease(tx, at, "node", LEASE).await }))
        .await
        .expect("leases")
}

async fn end(db: &Db, leased: &LeasedJob, at: Instant, error: Option<&'static str>) -> bool {
    let leased = leased.clone();
    db.write::<_, Fault, _>(move |tx| {
        let leased = leased.clone();
        Box::pin(async move {
            match error {
                None => finish(tx, &leased, at).await,
                Some(error) => fail(tx, &leased, at, error).await,
            }
        })
    })
    .await
    .expect("ends")
}

#[tokio::test]
async fn a_job_runs_once_and_a_waiting_duplicate_is_not_enqueued() {
    let (_folder, db) = db().await;
    assert!(put(&db, job(Some("item 1"), 3)).await.is_some());
    assert!(put(&db, job(Some("item 1"), 3)).await.is_none(), "same kind and key");
    let later = NewJob { run_at: T0.plus_seconds(1), ..job(Some("item 2"), 3) };
    assert!(put(&db, later).await.is_some());
    let first = take(&db, T0).await.expect("due");
    assert!(put(&db, job(Some("item 1"), 3)).await.is_none(), "still running");
    assert!(end(&db, &first, T0, None).await);
    assert!(put(&db, job(Some("item 1"), 3)).await.is_some(), "done, so it may be asked for again");
}

#[tokio::test]
async fn a_late_act_of_a_node_that_slept_past_its_lease_is_refused() {
    let (_folder, db) = db().await;
    put(&db, job(None, 3)).await;
    let slept = take(&db, T0).await.expect("due");
    assert!(take(&db, T0.plus_micros(LEASE)).await.is_none(), "the lease still holds");
    let second = take(&db, T0.plus_micros(LEASE + 1)).await.expect("taken over");
    assert_eq!(second.job_id, slept.job_id);
    assert!(!end(&db, &slept, T0.plus_micros(LEASE + 2), None).await, "fenced off");
    assert!(end(&db, &second, T0.plus_micros(LEASE + 3), None).await);
    assert!(!end(&db, &second, T0.plus_micros(LEASE + 4), None).await, "done once");
}

#[tokio::test]
async fn a_failing_job_backs_off_dies_at_its_bound_and_can_be_revived() {
    let (_folder, db) = db().await;
    put(&db, job(None, 2)).await;
    let first = take(&db, T0).await.expect("due");
    assert!(end(&db, &first, T0, Some("down")).await);
    assert!(take(&db, T0.plus_micros(999_999)).await.is_none(), "waits a second after the first failure");
    let second = take(&db, T0.plus_micros(1_000_000)).await.expect("due again");
    assert_eq!(second.attempt, 2);
    assert!(end(&db, &second, T0.plus_micros(1_000_000), Some("still down")).await);
    let dead_jobs = dead(&mut db.reader().await.expect("reads"), None, 10).await.expect("lists").items;
    assert_eq!(dead_jobs.len(), 1);
    assert_eq!(dead_jobs[0].last_error, "still down");
    let id = dead_jobs[0].job_id.clone();
    let revived = db
        .write::<_, Fault, _>(move |tx| {
            let id = id.clone();
            Box::pin(async move { revive(tx, &id, T0).await })
        })
        .await;
    assert!(revived.expect("revives"));
    assert_eq!(take(&db, T0).await.expect("due").attempt, 1);
}

#[tokio::test]
async fn what_a_killed_node_ran_is_due_again_when_a_node_of_its_name_begins() {
    let (_folder, db) = db().await;
    put(&db, job(None, 3)).await;
    let killed = take(&db, T0).await.expect("due");
    assert_eq!(give_back(&db, "another").await, 0, "only the node's own");
    assert_eq!(give_back(&db, "node").await, 1);
    assert!(!end(&db, &killed, T0, None).await, "the former process is fenced off");
    let again = take(&db, T0).await.expect("due at once");
    assert_eq!((again.job_id.clone(), again.attempt), (killed.job_id.clone(), 2));
    assert!(!end(&db, &killed, T0, None).await, "by its number too");
    assert!(end(&db, &again, T0, None).await);
    assert_eq!(give_back(&db, "node").await, 0, "what is done stays done");
}

#[tokio::test]
async fn a_job_that_kills_its_process_each_time_dies_at_its_bound_and_lets_the_others_run() {
    for restarts in [false, true] {
        let (_folder, db) = db().await;
        put(&db, job(Some("deadly"), 2)).await;
        put(&db, NewJob { run_at: T0.plus_seconds(1), ..job(Some("harmless"), 2) }).await;
        let mut now = T0;
        let mut killed = Vec::new();
        for attempt in [1, 2] {
            let taken = take(&db, now).await.expect("due");
            assert_eq!(taken.attempt, attempt);
            killed.push(taken);
            // Either the node of that name begins again, or another finds the lease expired.
            now = now.plus_micros(if restarts { 1 } else { LEASE + 1 });
            assert_eq!(if restarts { give_back(&db, "node").await } else { 1 }, 1);
        }
        assert_eq!(killed[0].job_id, killed[1].job_id);
        let next = take(&db, now.plus_seconds(1)).await.expect("the other one");
        assert_ne!(next.job_id, killed[0].job_id);
        let dead_jobs = dead(&mut db.reader().await.expect("reads"), None, 10).await.expect("lists").items;
        assert_eq!(dead_jobs.iter().map(|it| &it.job_id).collect::<Vec<_>>(), [&killed[0].job_id]);
        assert_eq!((dead_jobs[0].attempts, dead_jobs[0].last_error.as_str()), (2, UNSETTLED));
        assert!(!end(&db, &killed[1], now, None).await, "a process that only slept is fenced off");
    }
}

async fn give_back(db: &Db, node: &'static str) -> u64 {
    db.write::<_, Fault, _>(move |tx| Box::pin(release_node(tx, node))).await.expect("releases")
}
