//! The write path of whichever engine is under test.

use kernel::{Instant, JobId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::jobs::{self, NewJob};
use storage::{Fault, sql};

fn job(n: u32) -> NewJob {
    NewJob {
        kind: "test.job",
        payload: serde_json::json!({ "n": n }),
        dedup_key: None,
        run_at: Instant::from_micros(1),
        attempts_max: 1,
    }
}

#[tokio::test]
async fn two_hundred_commands_at_once_all_commit_and_a_failing_neighbor_fails_alone() {
    let (_guard, db) = testkit::database().await;
    let writes = (0..200u32).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            db.write::<JobId, Fault, _>(move |tx| {
                Box::pin(async move {
                    let id = jobs::enqueue(tx, Instant::from_micros(1), job(n)).await?;
                    match n % 10 {
                        3 => Err(Fault::Inconsistent("a command that fails".into())),
                        7 => panic!("a command that panics"),
                        _ => id.ok_or_else(|| Fault::Inconsistent("not enqueued".into())),
                    }
                })
            })
            .await
        })
    });
    let mut done = 0;
    for write in writes.collect::<Vec<_>>() {
        done += u32::from(write.await.expect("the task ends").is_ok());
    }
    assert_eq!(done, 160);
    let row = db.reader().await.expect("reads").one(sql("SELECT COUNT(*) AS n FROM jobs")).await.expect("counts");
    assert_eq!(row.int("n").expect("a count"), 160, "what failed or panicked left nothing");
}

#[tokio::test]
async fn a_command_runs_to_its_end_when_its_caller_goes_away() {
    let (_guard, db) = testkit::database().await;
    let begun = Arc::new(AtomicU32::new(0));
    let (ours, mark) = (db.clone(), Arc::clone(&begun));
    let caller = tokio::spawn(async move {
        ours.write::<(), Fault, _>(move |tx| {
            let mark = Arc::clone(&mark);
            Box::pin(async move {
                mark.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                jobs::enqueue(tx, Instant::from_micros(1), job(1)).await?;
                Ok(())
            })
        })
        .await
    });
    while begun.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    caller.abort();
    for _ in 0..100 {
        let row = db.reader().await.expect("reads").one(sql("SELECT COUNT(*) AS n FROM jobs")).await.expect("counts");
        if row.int("n").expect("a count") == 1 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the command was cut short");
}

#[tokio::test]
async fn a_reader_sees_what_was_committed_and_cannot_write() {
    let (_guard, db) = testkit::database().await;
    db.write::<(), Fault, _>(|tx| {
        Box::pin(async move {
            jobs::enqueue(tx, Instant::from_micros(1), job(1)).await?;
            Ok(())
        })
    })
    .await
    .expect("writes");
    let mut reader = db.reader().await.expect("reads");
    assert_eq!(jobs::counts(&mut reader).await.expect("counts"), [("ready".to_owned(), 1)]);
    let stolen = reader.all(sql("DELETE FROM jobs RETURNING job_id")).await;
    assert!(matches!(stolen, Err(Fault::Database(_))), "{stolen:?}");
    assert_eq!(jobs::counts(&mut reader).await.expect("counts"), [("ready".to_owned(), 1)]);
}

#[tokio::test]
async fn readings_go_on_over_connections_that_the_server_closed() {
    let (_guard, db) = testkit::database().await;
    let Some(pool) = db.postgres_pool() else {
        eprintln!("skipped: an embedded database has no server that could close a connection");
        return;
    };
    let backend = || async {
        let mut reader = db.reader().await.expect("a reader");
        let row = reader.one(sql("SELECT CAST(pg_backend_pid() AS BIGINT) AS pid")).await.expect("reads");
        (reader, row.int("pid").expect("a number"))
    };
    let end = |pid: i64| async move {
        sqlx::query("SELECT pg_terminate_backend($1)").bind(i32::try_from(pid).expect("a process")).execute(pool).await
    };
    let (mut held, first) = backend().await;
    end(first).await.expect("the server closes it while it is lent");
    assert_eq!(held.one(sql("SELECT CAST(1 AS BIGINT) AS one")).await.expect("reads on").int("one").expect("one"), 1);
    drop(held);
    let (rested, second) = backend().await;
    assert_ne!(first, second);
    drop(rested);
    end(second).await.expect("the server closes it while it rests");
    let (_reader, third) = backend().await;
    assert_ne!(second, third);
}

#[tokio::test]
async fn jobs_are_leased_by_many_lanes_without_being_run_twice() {
    let (_guard, db) = testkit::database().await;
    for n in 0..60 {
        db.write::<(), Fault, _>(move |tx| {
            Box::pin(async move {
                jobs::enqueue(tx, Instant::from_micros(1), job(n)).await?;
                Ok(())
            })
        })
        .await
        .expect("enqueues");
    }
    let lanes = (0..8).map(|lane| {
        let db = db.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let node = format!("lane-{lane}");
                let leased = db
                    .write::<_, Fault, _>(move |tx| {
                        let node = node.clone();
                        Box::pin(async move { jobs::lease(tx, Instant::from_micros(2), &node, 60_000_000).await })
                    })
                    .await
                    .expect("leases");
                match leased {
                    Some(job) => taken.push(job.job_id),
                    None => return taken,
                }
            }
        })
    });
    let mut all = Vec::new();
    for lane in lanes.collect::<Vec<_>>() {
        all.extend(lane.await.expect("the lane ends"));
    }
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 60);
}

#[tokio::test]
async fn a_command_that_panics_before_its_first_step_fails_alone_and_writing_goes_on() {
    let (_guard, db) = testkit::database().await;
    let broken = db.write::<(), Fault, _>(|_| panic!("before there is a future")).await;
    assert!(matches!(&broken, Err(Fault::Panicked(text)) if text.contains("before there is a future")), "{broken:?}");
    assert!(db.takes_writes());
    db.write::<(), Fault, _>(|_| Box::pin(async { Ok(()) })).await.expect("the next one is written");
}

#[tokio::test]
async fn closing_waits_for_the_commands_that_were_taken_and_takes_no_more() {
    let (_guard, db) = testkit::database().await;
    let ended = Arc::new(AtomicU32::new(0));
    let commands: Vec<_> = (0..3)
        .map(|_| {
            let (db, ended) = (db.clone(), Arc::clone(&ended));
            tokio::spawn(async move {
                db.write::<(), Fault, _>(move |_| {
                    let ended = Arc::clone(&ended);
                    Box::pin(async move {
                        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                        ended.fetch_add(1, Ordering::SeqCst);
                        Ok(())
                    })
                })
                .await
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    db.close().await;
    assert_eq!(ended.load(Ordering::SeqCst), 3);
    assert!(!db.takes_writes());
    let late = db.write::<(), Fault, _>(|_| Box::pin(async { Ok(()) })).await;
    assert!(matches!(late, Err(Fault::Stopped)), "{late:?}");
    for command in commands {
        command.await.expect("ends").expect("was taken, so it was done");
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_commands_that_share_a_transaction_only_those_that_fail_are_undone() {
    let (_guard, db) = testkit::database().await;
    let commands = (0..200).map(|n| {
        let db = db.clone();
        tokio::spawn(async move {
            let write = db.write_together::<u32, Fault, _>(move |tx| {
                Box::pin(async move {
                    jobs::enqueue(tx, Instant::from_micros(1), job(n)).await?;
                    match n % 50 {
                        7 => Err(Fault::inconsistent("refused after it had written")),
                        11 => panic!("a defect of one command"),
                        _ => Ok(n),
                    }
                })
            });
            (n, write.await)
        })
    });
    let mut kept = 0;
    for command in commands.collect::<Vec<_>>() {
        let (n, answer) = command.await.expect("answers");
        match (n % 50, answer) {
            (7, Err(Fault::Inconsistent(_))) | (11, Err(Fault::Panicked(_))) => {}
            (place, Ok(answered)) if place != 7 && place != 11 => {
                assert_eq!(answered, n, "each is told its own");
                kept += 1;
            }
            (_, answer) => panic!("{n}: {answer:?}"),
        }
    }
    let row = db.reader().await.expect("reads").one(sql("SELECT COUNT(*) AS n FROM jobs")).await.expect("counts");
    assert_eq!((kept, row.int("n").expect("a number")), (192, 192));
}
