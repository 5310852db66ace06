//! Holds that are kept, that run out, that are dropped: work always comes back, with its waiting time.

use crate::world::{AUTHORIZING, KEYING, World, assigned, drain, one, refused};
use kernel::Code;
use organization::Duty;
use permission::Hand;
use std::sync::Arc;
use work::{BreakReason, Frame, HoldEnd, PresenceState};

#[tokio::test]
async fn a_station_that_speaks_and_shows_its_work_keeps_it() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (_stream, lease) = world.ready_and_showing(&keyer).await;
    world.pass(30_000, &[&keyer]).await;
    let held = world.engine.heartbeat(&keyer.id, &keyer.session, true).await.expect("heard");
    assert_eq!(held.len(), 1);
    assert!(held[0].expires_at > world.now());
    world.finish(&keyer, &id, lease.fence).await.expect("still theirs after half a minute");
}

#[tokio::test]
async fn a_dead_browsers_work_is_with_somebody_else_within_five_seconds_and_keeps_its_waiting_time() {
    let world = World::new().await;
    let (dying, living) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (mut first, lease) = world.ready_and_showing(&dying).await;
    world.pass(10_000, &[&dying]).await;
    let mut second = world.ready(&living).await;
    // From here on the first browser says nothing; its socket stays open, as a proxy's would.
    let died = world.now();
    let found = loop {
        world.pass(250, &[]).await;
        world.engine.heartbeat(&living.id, &living.session, true).await.expect("heard");
        if let Some(found) = assigned(&mut second).pop() {
            break found;
        }
        assert!(world.now().since(died) <= 5_000_000, "not within five seconds");
    };
    assert_eq!((&found.work_item_id, found.fence), (&id, lease.fence + 1));
    assert_eq!((found.enqueued_at, found.due_at), (lease.enqueued_at, lease.due_at));
    assert_eq!(refused(world.finish(&dying, &id, lease.fence).await), Code::NotYourWork);
    assert!(drain(&mut first).iter().any(|frame| matches!(&**frame, Frame::Released { why: HoldEnd::Expired, .. })));
}

#[tokio::test]
async fn a_closed_socket_gives_work_back_after_a_second_and_a_half_and_a_reload_keeps_it() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (stream, lease) = world.ready_and_showing(&keyer).await;
    drop(stream);
    world.pass(1_250, &[]).await;
    let mut stream = world.connect(&keyer, None).await;
    assert_eq!(
        one(&mut stream),
        work::Lease { acked_at: Some(lease.leased_at), ..lease.clone() },
        "a reload finds its work in the hello"
    );
    drop(stream);
    let mut others = world.ready(&other).await;
    world.pass(1_250, &[&other]).await;
    assert_eq!(assigned(&mut others), []);
    world.pass(500, &[&other]).await;
    assert_eq!(one(&mut others).work_item_id, id);
    assert_eq!(world.ends(&id).await, ["released"]);
}

#[tokio::test]
async fn a_browsers_last_word_gives_work_back_at_once() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    one(&mut stream);
    let mut others = world.ready(&other).await;
    world.engine.end_session(&keyer.id, &keyer.session).await.expect("ended");
    assert_eq!(stream.next().await, None, "the stream ends with its session");
    world.tick().await;
    assert_eq!(one(&mut others).work_item_id, id);
}

#[tokio::test]
async fn a_reconnected_station_hears_exactly_what_it_missed() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let mut stream = world.ready(&keyer).await;
    let mut heard = 0;
    while let Some(numbered) = stream.now() {
        heard = numbered.seq;
    }
    drop(stream);
    world.engine.message(&keyer.id, "请留意".into(), "Take note".into(), None);
    let mut stream = world.connect(&keyer, Some(heard)).await;
    let hello = stream.next().await.expect("a hello");
    assert_eq!(hello.seq, heard);
    assert!(matches!(&*hello.frame, Frame::Hello { resumed: true, .. }));
    let missed = stream.next().await.expect("what was missed");
    assert_eq!(missed.seq, heard + 1);
    assert!(matches!(&*missed.frame, Frame::Message { .. }));
    // A number from another server, or from before a restart, cannot be resumed.
    let mut elsewhere = world.connect(&keyer, Some(9_999)).await;
    assert!(matches!(&*elsewhere.next().await.expect("a hello").frame, Frame::Hello { resumed: false, .. }));
    assert_eq!(stream.next().await, None, "a newer connection of the session ends the older one");
}

#[tokio::test]
async fn work_missed_twice_in_a_row_sets_the_person_not_ready_and_other_work_between_does_not() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let alive = [&keyer];
    let miss = || world.pass(5_000, &alive);
    let mut stream = world.ready_for_one(&keyer).await;
    world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    world.tick().await;
    miss().await;
    // Given again after the first miss: this time it is shown, so the count starts anew.
    let lease = assigned(&mut stream).pop().expect("given again");
    assert_eq!(lease.fence, 2);
    world.engine.acknowledge(&keyer.id, &lease.work_item_id, lease.fence).await.expect("shown");
    world.finish(&keyer, &lease.work_item_id, lease.fence).await.expect("done");
    world.enqueue_usual(KEYING, "itm_2", Hand::FirstKey).await;
    world.tick().await;
    miss().await;
    let presence = |frames: Vec<std::sync::Arc<Frame>>| {
        frames.iter().rev().find_map(|frame| match &**frame {
            Frame::Presence(presence) => Some((presence.state, presence.reason)),
            _ => None,
        })
    };
    assert_eq!(presence(drain(&mut stream)).map(|(state, _)| state), Some(PresenceState::Busy), "missed once");
    miss().await;
    assert_eq!(presence(drain(&mut stream)), Some((PresenceState::Break, Some(BreakReason::Missed))));
    world.pass(5_000, &[&keyer]).await;
    assert_eq!(assigned(&mut stream), []);
}

#[tokio::test]
async fn somebody_who_went_away_for_a_minute_is_on_a_break_and_their_work_goes_on() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (_stream, _) = world.ready_and_showing(&keyer).await;
    let mut others = world.ready(&other).await;
    // The browser speaks on, but nobody touches it and its page is hidden.
    for _ in 0..62 {
        world.engine.heartbeat(&keyer.id, &keyer.session, false).await.expect("heard");
        world.pass(1_000, &[&other]).await;
    }
    assert_eq!(one(&mut others).work_item_id, id);
    assert_eq!(world.ends(&id).await, ["released"]);
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let row = work::presence_of(&mut reader, &keyer.id).await.expect("a row").expect("known");
    assert_eq!(row.standing, work::Standing::Break(BreakReason::Away));
}

#[tokio::test]
async fn a_restarted_server_returns_what_it_held() {
    let world = World::new().await;
    let (keyer, id) = (world.keyer().await, world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await);
    let mut stream = world.ready(&keyer).await;
    one(&mut stream);
    let queues = world.engine.queues().to_vec();
    let restarted = work::Engine::new(world.desk.journal.clone(), queues, "node-a");
    world.desk.clock.advance_micros(work::NAME_FREE_AFTER_MICROS + 1);
    assert_eq!(restarted.start().await.expect("starts"), work::Start::Begun);
    assert_eq!((world.state(&id).await, world.ends(&id).await), ("ready".into(), vec!["released".into()]));
    assert_eq!(refused(world.finish(&keyer, &id, 1).await), Code::NotYourWork);
}

#[tokio::test]
async fn a_second_process_under_a_living_nodes_name_starts_nothing_and_takes_nothing() {
    let world = World::new().await;
    let (keyer, id) = (world.keyer().await, world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await);
    let (_stream, lease) = world.ready_and_showing(&keyer).await;
    let again = |name: &str| work::Engine::new(world.desk.journal.clone(), world.engine.queues().to_vec(), name);
    // As long as the first lives, however long that is.
    for _ in 0..3 {
        world.pass(5_000, &[&keyer]).await;
        assert_eq!(again("node-a").start().await.expect("answers"), work::Start::NameTaken);
    }
    assert_eq!(again("node-b").start().await.expect("answers"), work::Start::Begun, "another name is another node");
    world.pass(2_000, &[&keyer]).await;
    assert_eq!(world.state(&id).await, "leased", "neither start took the work away");
    world.finish(&keyer, &id, lease.fence).await.expect("still theirs");
}

#[tokio::test]
async fn a_name_is_free_at_once_after_an_orderly_end_and_soon_after_a_kill_and_who_lost_it_stops() {
    let world = World::new().await;
    let engine = |name: &str| work::Engine::new(world.desk.journal.clone(), world.engine.queues().to_vec(), name);
    let orderly = engine("node-x");
    assert_eq!(orderly.start().await.expect("starts"), work::Start::Begun);
    orderly.free_name().await.expect("freed");
    let killed = engine("node-x");
    assert_eq!(killed.start().await.expect("starts"), work::Start::Begun, "at once");
    let next = engine("node-x");
    world.desk.clock.advance_micros(work::NAME_FREE_AFTER_MICROS - 1);
    assert_eq!(next.start().await.expect("answers"), work::Start::NameTaken, "it may live");
    world.desk.clock.advance_micros(2);
    assert_eq!(next.start().await.expect("starts"), work::Start::Begun);
    // It was not killed but stood still, and now goes on.
    let stopped = tokio::time::timeout(std::time::Duration::from_secs(20), killed.run());
    stopped.await.expect("it stops working under a name that is another's");
}

#[tokio::test]
async fn a_stopped_nodes_work_is_taken_up_by_another() {
    let world = World::new().await;
    let (there, here) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let other_node = world.second_node().await;
    let mut far = world.connect_at(&other_node, &there, None).await;
    world.set_presence_at(&other_node, &there, work::PresenceChange::ready()).await.expect("ready");
    let lease = one(&mut far);
    other_node.acknowledge(&there.id, &id, lease.fence).await.expect("shown");
    let mut near = world.ready(&here).await;
    // The other node does nothing more.
    world.pass(5_000, &[&here]).await;
    assert_eq!(one(&mut near).work_item_id, id);
    world.pass(60_000, &[&here]).await;
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let row = work::presence_of(&mut reader, &there.id).await.expect("a row").expect("known");
    assert_eq!(row.standing, work::Standing::SignedOut, "its people are signed out");
}

#[tokio::test]
async fn a_session_that_moves_to_another_node_takes_its_work_along() {
    let world = World::new().await;
    let checker = world.of(Duty::Keyer).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (stream, lease) = world.ready_and_showing(&checker).await;
    drop(stream);
    let other_node = world.second_node().await;
    let mut stream = world.connect_at(&other_node, &checker, Some(3)).await;
    assert_eq!(one(&mut stream).work_item_id, id);
    for _ in 0..40 {
        world.desk.clock.advance_micros(250_000);
        other_node.heartbeat(&checker.id, &checker.session, true).await.expect("heard");
        world.tick().await;
        other_node.tick().await.expect("a round");
    }
    assert_eq!(world.ends(&id).await, Vec::<String>::new(), "it is still held");
    world.finish(&checker, &id, lease.fence).await.expect("done");
}

/// SQLite has one node.
#[tokio::test]
async fn work_that_comes_to_one_node_is_given_out_at_once_by_another_without_waiting_for_its_tick() {
    let world = World::new().await;
    if world.desk.journal.db.engine_name() == "sqlite" {
        eprintln!("skipped: an embedded database has one node");
        return;
    }
    let other_node = world.second_node().await;
    let keyer = world.keyer().await;
    let mut stream = world.connect_at(&other_node, &keyer, None).await;
    world.set_presence_at(&other_node, &keyer, work::PresenceChange::ready()).await.expect("ready");
    let hour = std::time::Duration::from_secs(3_600);
    let (here, there) = (Arc::clone(&world.engine), Arc::clone(&other_node));
    let here = tokio::spawn(async move { here.run_every(hour).await });
    let there = tokio::spawn(async move { there.run_every(hour).await });
    // The first tick comes at once; it and the bell of the connection have found nothing by then.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut given = Vec::new();
    for _ in 0..100 {
        given = assigned(&mut stream);
        if !given.is_empty() {
            break;
        }
        // Again, because a ring before the other listens is heard by nobody.
        world.engine.wake();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    here.abort();
    there.abort();
    assert_eq!(given.iter().map(|lease| &lease.work_item_id).collect::<Vec<_>>(), [&id]);
}

#[tokio::test]
async fn a_late_repeat_of_a_hand_back_leaves_the_person_what_was_reassigned_to_them() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let supervisor = world.of(Duty::DutySupervisor).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    let command = world.command(&keyer.id);
    let hand_back = || world.hand_back(command.clone(), &keyer, &id, lease.fence, "H01", None);
    hand_back().await.expect("handed back");
    let supervises = world.permit::<permission::act::SuperviseWork>(&supervisor).await;
    let today = crate::world::today();
    let moved = world.engine.reassign(world.command(&supervisor.id), &supervises, &id, &keyer.id, "请完成", today);
    moved.await.expect("re-assigned");
    let again = one(&mut stream);
    assert_eq!((&again.work_item_id, again.fence), (&id, lease.fence + 1));
    assert_eq!(hand_back().await.expect("a repeat"), journal::Outcome::AlreadyDone(()));
    let held = world.engine.heartbeat(&keyer.id, &keyer.session, true).await.expect("heard");
    assert_eq!(held.len(), 1, "the repeat of the old one took nothing away");
    world.finish(&keyer, &id, again.fence).await.expect("still theirs");
}

#[tokio::test]
async fn a_hold_that_nobody_was_told_of_goes_back_although_the_person_s_other_work_is_renewed() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let known = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (mut stream, lease) = world.ready_and_showing(&keyer).await;
    // As a request does that breaks off between the commit and the hand-over.
    let lost = world.enqueue_usual(KEYING, "itm_2", Hand::FirstKey).await;
    let taker = world.taker(&keyer, 2);
    let wants = [work::Want { queue: KEYING.into(), count: 1 }];
    let taken = work::take(&world.desk.journal, &taker, &wants, 1, world.now(), &[]).await.expect("taken");
    assert_eq!(taken.leases.iter().map(|lease| &lease.work_item_id).collect::<Vec<_>>(), [&lost]);
    let mut others = world.ready(&other).await;
    world.pass(1_500, &[&keyer, &other]).await;
    assert_eq!(assigned(&mut others), [], "its taking may still be under way");
    world.pass(1_500, &[&keyer, &other]).await;
    let given = [assigned(&mut stream), assigned(&mut others)].concat();
    assert_eq!(given.iter().map(|lease| &lease.work_item_id).collect::<Vec<_>>(), [&lost]);
    assert_eq!(world.ends(&lost).await[0], "released");
    world.finish(&keyer, &known, lease.fence).await.expect("what they know of stays theirs");
}

/// A station's requests all reach another node than its stream, as one of two behind a balancer may see it.
#[tokio::test]
async fn a_station_whose_requests_reach_another_node_than_its_stream_works_as_any_other() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let second = world.second_node().await;
    let mut stream = world.connect(&keyer, None).await;
    world.set_presence_at(&second, &keyer, work::PresenceChange::ready()).await.expect("ready");
    world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let passes = async |seconds: i64, speaks: bool| {
        for _ in 0..seconds * 4 {
            world.desk.clock.advance_micros(250_000);
            if speaks {
                second.heartbeat(&keyer.id, &keyer.session, true).await.expect("heard");
            }
            world.tick().await;
            second.tick().await.expect("a round");
        }
    };
    passes(2, true).await;
    let lease = one(&mut stream);
    second.acknowledge(&keyer.id, &lease.work_item_id, lease.fence).await.expect("shown");
    passes(90, true).await;
    assert_eq!(world.ends(&lease.work_item_id).await, [] as [&str; 0], "kept for a minute and a half");
    let presence = async || {
        let mut reader = world.desk.journal.db.reader().await.expect("a reader");
        work::presence_of(&mut reader, &keyer.id).await.expect("a row").expect("known")
    };
    assert_eq!(
        (presence().await.standing, presence().await.missed),
        (work::Standing::Ready, 0),
        "and not thought away"
    );
    world.finish_at(&second, &keyer, &lease.work_item_id, lease.fence).await.expect("theirs");
    let next = world.enqueue_usual(KEYING, "itm_2", Hand::FirstKey).await;
    passes(2, true).await;
    assert_eq!(one(&mut stream).work_item_id, next, "and more work comes");
    let taken = world.state(&next).await;
    passes(5, false).await;
    assert_eq!(
        (taken.as_str(), world.ends(&next).await[0].as_str()),
        ("leased", "expired"),
        "silence is noticed as ever"
    );
}

#[tokio::test]
async fn a_wrap_up_begins_and_ends_as_any_other_when_the_requests_reach_another_node_than_the_stream() {
    let world = World::new().await;
    let authorizer = world.of(Duty::Authorizer).await;
    let second = world.second_node().await;
    for subject in ["itm_1", "itm_2", "itm_3"] {
        world.enqueue_usual(AUTHORIZING, subject, Hand::Authorize).await;
    }
    let mut stream = world.ready(&authorizer).await;
    let rounds = async |quarters: i64| {
        for _ in 0..quarters {
            world.desk.clock.advance_micros(250_000);
            second.heartbeat(&authorizer.id, &authorizer.session, true).await.expect("heard");
            world.tick().await;
            second.tick().await.expect("a round");
        }
    };
    let lease = one(&mut stream);
    second.acknowledge(&authorizer.id, &lease.work_item_id, lease.fence).await.expect("shown");
    world.finish_at(&second, &authorizer, &lease.work_item_id, lease.fence).await.expect("done");
    rounds(19).await;
    assert_eq!(assigned(&mut stream), [], "wrapping up");
    rounds(4).await;
    let lease = one(&mut stream);
    second.acknowledge(&authorizer.id, &lease.work_item_id, lease.fence).await.expect("shown");
    world.finish_at(&second, &authorizer, &lease.work_item_id, lease.fence).await.expect("done");
    rounds(4).await;
    assert_eq!(assigned(&mut stream), [], "wrapping up again");
    world.set_presence_at(&second, &authorizer, work::PresenceChange::ready()).await.expect("ready before the time");
    rounds(5).await;
    one(&mut stream);
}

#[tokio::test]
async fn a_capacity_that_another_node_was_told_holds_at_the_node_with_the_stream() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let second = world.second_node().await;
    let mut stream = world.ready(&keyer).await;
    let one_only = work::PresenceChange { capacity: Some(1), ..work::PresenceChange::ready() };
    world.set_presence_at(&second, &keyer, one_only).await.expect("ready for one");
    world.pass(1_500, &[&keyer]).await;
    for subject in ["itm_1", "itm_2"] {
        world.enqueue_usual(KEYING, subject, Hand::FirstKey).await;
    }
    world.pass(500, &[&keyer]).await;
    assert_eq!(assigned(&mut stream).len(), 1);
}
