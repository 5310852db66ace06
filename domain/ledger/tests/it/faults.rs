//! Each fault of the line and of the core: whatever happens, money moves once and the verdict is true.

use std::sync::Arc;
use std::time::Duration;

use corebank_sim::behavior::Behavior;
use ledger::{
    Attempt, ConnectorError, CoreConnector, PostingOutcome, QueryOutcome, RefusalCode, Reversal, Settled, settle,
    settle_reversal,
};

use crate::world::{World, key, payment, today};

fn is_posted(settled: &Settled) -> bool {
    matches!(settled, Settled::Posted { .. })
}

#[tokio::test]
async fn a_dropped_reply_is_unknown_and_a_query_finds_the_one_posting() {
    let world = World::new().await;
    world.behave(Behavior { drop_reply_after_commit: 1, ..Behavior::default() });
    let error = world.core.post(&payment(1), &key("k1")).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unknown(_)), "{error:?}");
    assert!(matches!(world.core.query(&key("k1")).await.unwrap(), QueryOutcome::Posted { .. }));
    assert!(is_posted(&world.settle("k1", Attempt::Unknown).await));
    assert_eq!(world.received().await, 1);

    world.behave(Behavior { drop_reply_after_commit: 1, ..Behavior::default() });
    assert!(is_posted(&world.settle("k2", Attempt::Fresh).await), "one call settles it");
    assert_eq!(world.received().await, 2);
}

#[tokio::test]
async fn a_core_that_fails_before_its_commit_is_asked_and_then_sent_again() {
    let world = World::new().await;
    world.behave(Behavior { fail_before_commit: 1, ..Behavior::default() });
    let Settled::Open { attempt, .. } = world.settle("k1", Attempt::Fresh).await else {
        panic!("the first call cannot know");
    };
    assert_eq!((attempt, world.received().await), (Attempt::Unknown, 0));
    assert!(is_posted(&world.settle("k1", attempt).await));
    assert_eq!(world.received().await, 1);
}

#[tokio::test]
async fn a_reply_that_comes_twice_is_never_taken_for_the_next_ones() {
    let world = World::new().await;
    world.behave(Behavior { answer_twice: 1_000, ..Behavior::default() });
    let mut references = Vec::new();
    for at in 0..40 {
        match world.settle_through(&format!("k{at}"), Attempt::Fresh).await {
            Settled::Posted { core_reference, .. } => references.push(core_reference.0),
            other => panic!("{other:?}"),
        }
    }
    references.sort();
    references.dedup();
    assert_eq!((references.len(), world.received().await), (40, 40));
}

#[tokio::test]
async fn a_core_that_is_down_leaves_the_outcome_unknown_until_it_is_up() {
    let world = World::new().await;
    world.behave(Behavior { down: true, ..Behavior::default() });
    let Settled::Open { attempt, .. } = world.settle("k1", Attempt::Fresh).await else {
        panic!("nobody answered");
    };
    assert_eq!(attempt, Attempt::Unknown);
    world.behave(Behavior::default());
    assert!(is_posted(&world.settle("k1", attempt).await));
    assert_eq!(world.received().await, 1);
}

#[tokio::test]
async fn a_core_that_does_not_listen_was_sent_nothing() {
    let stopped = World::new().await.stop().await;
    let fresh = settle(&*stopped.core, &payment(1), &key("k1"), Attempt::Fresh).await;
    assert!(matches!(fresh, Settled::Open { attempt: Attempt::Fresh, cause: ConnectorError::NotSent(_) }), "{fresh:?}");
    let unknown = settle(&*stopped.core, &payment(1), &key("k1"), Attempt::Unknown).await;
    assert!(matches!(unknown, Settled::Open { attempt: Attempt::Unknown, .. }), "an unsent question proves nothing");
}

#[tokio::test]
async fn a_refusal_is_final_under_its_key() {
    let world = World::new().await;
    world.behave(Behavior { refuse: Some("account_frozen".into()), ..Behavior::default() });
    let first = world.settle("k1", Attempt::Fresh).await;
    assert!(matches!(&first, Settled::Refused { code: RefusalCode::AccountFrozen, .. }), "{first:?}");
    world.behave(Behavior::default());
    assert_eq!(world.settle("k1", Attempt::Unknown).await, first);
    assert!(is_posted(&world.settle("k1.2", Attempt::Fresh).await), "a new decision takes a new key");
    assert_eq!(world.received().await, 1);
}

#[tokio::test]
async fn a_lost_refusal_is_found_by_the_query() {
    let world = World::new().await;
    world.behave(Behavior { refuse: Some("E4711".into()), drop_reply_after_commit: 1, ..Behavior::default() });
    let settled = world.settle("k1", Attempt::Fresh).await;
    assert!(
        matches!(&settled, Settled::Refused { code: RefusalCode::Other(code), .. } if code == "E4711"),
        "{settled:?}"
    );
}

#[tokio::test]
async fn a_reply_beyond_the_time_out_is_unknown_and_the_late_posting_is_the_only_one() {
    let world = World::new().await;
    let slow_ms = 2_000;
    world.behave(Behavior { slow_ms, ..Behavior::default() });
    let hasty = world.hasty(Duration::from_millis(300));
    let Settled::Open { attempt, cause } = settle(&hasty, &payment(1), &key("k1"), Attempt::Fresh).await else {
        panic!("the core has not begun");
    };
    assert_eq!((attempt, cause), (Attempt::Unknown, ConnectorError::Unknown("no reply in time".into())));
    // The first try is still on its way when the second one is sent.
    world.behave(Behavior::default());
    assert!(is_posted(&world.settle("k1", attempt).await));
    tokio::time::sleep(Duration::from_millis(slow_ms)).await;
    assert_eq!(world.received().await, 1, "the late try found its key answered");
}

#[tokio::test]
async fn another_vouchers_key_is_a_conflict_whether_sent_or_asked() {
    let world = World::new().await;
    assert!(is_posted(&settle(&*world.core, &payment(2), &key("k1"), Attempt::Fresh).await));
    assert_eq!(world.settle("k1", Attempt::Fresh).await, Settled::Conflict);
    assert_eq!(world.settle("k1", Attempt::Unknown).await, Settled::Conflict);
    let reversal = Reversal::new(key("k1"), today(), "记错账").unwrap();
    assert_eq!(settle_reversal(&*world.core, &reversal, &key("k1"), Attempt::Unknown).await, Settled::Conflict);
    assert_eq!(world.received().await, 2);
}

#[tokio::test]
async fn a_reversal_whose_reply_is_lost_reverses_once() {
    let world = World::new().await;
    assert!(is_posted(&world.settle("k1", Attempt::Fresh).await));
    let reversal = Reversal::new(key("k1"), today(), "记错账").unwrap();
    world.behave(Behavior { drop_reply_after_commit: 1, ..Behavior::default() });
    assert!(is_posted(&settle_reversal(&*world.core, &reversal, &key("r1"), Attempt::Fresh).await));
    assert!(is_posted(&settle_reversal(&*world.core, &reversal, &key("r1"), Attempt::Unknown).await));
    let second = world.core.reverse(&reversal, &key("r2")).await.unwrap();
    assert!(matches!(second, PostingOutcome::Refused { code: RefusalCode::AlreadyReversed, .. }), "{second:?}");
    assert_eq!(world.received().await, 0);
}

#[tokio::test]
async fn a_restart_keeps_the_answers() {
    let world = World::new().await;
    let before = world.settle("k1", Attempt::Fresh).await;
    let world = world.stop().await.restart().await;
    assert_eq!(world.settle("k1", Attempt::Unknown).await, before);
    assert_eq!(world.received().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn under_every_fault_at_once_each_posting_is_settled_and_posted_once() {
    let world = Arc::new(World::new().await);
    let keys = 48;
    let settling: Vec<_> = (0..keys)
        .map(|at| {
            let world = world.clone();
            tokio::spawn(async move { world.settle_through(&format!("k{at}"), Attempt::Fresh).await })
        })
        .collect();
    for _ in 0..6 {
        let faults = Behavior {
            drop_reply_after_commit: 3,
            fail_before_commit: 3,
            answer_twice: 3,
            slow_ms: 5,
            ..Behavior::default()
        };
        world.behave(faults);
        tokio::time::sleep(Duration::from_millis(15)).await;
        world.behave(Behavior { down: true, ..Behavior::default() });
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    world.behave(Behavior::default());
    for verdict in settling {
        let verdict = verdict.await.unwrap();
        assert!(is_posted(&verdict), "{verdict:?}");
    }
    assert_eq!(world.received().await, keys);
}
