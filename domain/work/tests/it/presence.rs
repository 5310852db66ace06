//! Changes of presence: who may, into what, and what follows.

use crate::world::{AUTHORIZING, KEYING, World, assigned, drain, one, refused};
use journal::{Outcome, Subject};
use kernel::{Code, SessionId};
use organization::Duty;
use permission::{Hand, act};
use work::{BreakReason, Frame, PresenceChange, PresenceState, Standing};

#[tokio::test]
async fn every_change_is_in_the_persons_chain_and_heartbeats_are_not() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let _stream = world.ready(&keyer).await;
    world.pass(20_000, &[&keyer]).await;
    world.set_presence(&keyer, PresenceChange::to(Standing::Break(BreakReason::Meal))).await.expect("a break");
    world.set_presence(&keyer, PresenceChange::to(Standing::SignedOut)).await.expect("out");
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let entries = journal::by_subject(&mut reader, &Subject::of(&keyer.id)).await.expect("entries");
    let kinds: Vec<_> =
        entries.iter().map(|entry| entry.kind.as_str()).filter(|kind| kind.starts_with("work.")).collect();
    assert_eq!(kinds, ["work.presence.ready", "work.presence.break", "work.presence.sign_out"]);
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let _stream = world.connect(&keyer, None).await;
    let rights = world.rights(&keyer).await;
    let permit = rights.permit::<act::TakeWork>(None).expect("may");
    let command = world.command_with_key(&keyer.id, "one");
    let set = || world.engine.set_presence(command.clone(), &permit, &rights, &keyer.session, PresenceChange::ready());
    let Outcome::Done(first) = set().await.expect("ready") else { panic!("not done") };
    let Outcome::AlreadyDone(again) = set().await.expect("ready") else { panic!("not recognized") };
    assert_eq!(first, again);
}

#[tokio::test]
async fn queues_without_permission_unknown_queues_and_wrong_numbers_are_refused() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let with = |queues: Option<&[&str]>, capacity| PresenceChange {
        queues: queues.map(|codes| codes.iter().map(|code| (*code).to_owned()).collect()),
        capacity,
        ..PresenceChange::ready()
    };
    let cases = [
        (with(Some(&[AUTHORIZING]), None), Code::NotPermitted),
        (with(Some(&["gossip"]), None), Code::UnknownQueue),
        (with(None, Some(0)), Code::InvalidField),
        (with(None, Some(5)), Code::InvalidField),
        (PresenceChange::to(Standing::Break(BreakReason::Missed)), Code::ReasonRequired),
        (PresenceChange::to(Standing::Break(BreakReason::Away)), Code::ReasonRequired),
    ];
    for (change, code) in cases {
        assert_eq!(refused(world.set_presence(&keyer, change.clone()).await), code, "{change:?}");
    }
    let Outcome::Done(presence) = world.set_presence(&keyer, PresenceChange::ready()).await.expect("ready") else {
        panic!("not done")
    };
    assert_eq!(
        (presence.state, presence.queues, presence.capacity),
        (PresenceState::Ready, vec![KEYING.to_owned()], 4)
    );
}

#[tokio::test]
async fn a_supervisor_cannot_take_work() {
    let world = World::new().await;
    let supervisor = world.of(Duty::DutySupervisor).await;
    assert_eq!(
        world.rights(&supervisor).await.permit::<act::TakeWork>(None).expect_err("refused").code,
        Code::NotPermitted
    );
}

#[tokio::test]
async fn a_break_returns_what_was_not_shown_and_leaves_what_was() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    for subject in ["itm_1", "itm_2"] {
        world.enqueue_usual(KEYING, subject, Hand::FirstKey).await;
    }
    let mut stream = world.ready(&keyer).await;
    let leases = assigned(&mut stream);
    let [shown, ahead] = leases.as_slice() else { panic!("two slices: {leases:?}") };
    world.engine.acknowledge(&keyer.id, &shown.work_item_id, shown.fence).await.expect("shown");
    world.set_presence(&keyer, PresenceChange::to(Standing::Break(BreakReason::Break))).await.expect("a break");
    let mut others = world.ready(&other).await;
    assert_eq!(one(&mut others).work_item_id, ahead.work_item_id);
    world.finish(&keyer, &shown.work_item_id, shown.fence).await.expect("what was begun may be finished");
    world.enqueue_usual(KEYING, "itm_3", Hand::FirstKey).await;
    drain(&mut stream);
    world.pass(1_000, &[&keyer]).await;
    assert_eq!(assigned(&mut stream), [], "and nothing more comes");
}

#[tokio::test]
async fn signing_out_returns_everything() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (_stream, _) = world.ready_and_showing(&keyer).await;
    world.set_presence(&keyer, PresenceChange::to(Standing::SignedOut)).await.expect("out");
    assert_eq!(world.state(&id).await, "ready");
}

#[tokio::test]
async fn a_second_browser_takes_the_person_over_and_the_first_is_told() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut first = world.ready(&keyer).await;
    one(&mut first);
    let mut elsewhere = keyer.clone();
    elsewhere.session = SessionId::new(world.now());
    let mut second = world.connect(&elsewhere, None).await;
    assert_eq!(assigned(&mut second), [], "looking on is not taking over");
    world.set_presence(&elsewhere, PresenceChange::ready()).await.expect("ready");
    assert_eq!(one(&mut second).work_item_id, id);
    let out = |frame: &Frame| matches!(frame, Frame::Presence(presence) if presence.state == PresenceState::SignedOut);
    assert!(drain(&mut first).iter().any(|frame| out(frame)));
}

#[tokio::test]
async fn an_authorizer_is_left_in_peace_for_the_wrap_up_and_may_end_it() {
    let world = World::new().await;
    let authorizer = world.of(Duty::Authorizer).await;
    for subject in ["itm_1", "itm_2", "itm_3"] {
        world.enqueue_usual(AUTHORIZING, subject, Hand::Authorize).await;
    }
    let mut stream = world.ready(&authorizer).await;
    let lease = one(&mut stream);
    world.finish(&authorizer, &lease.work_item_id, lease.fence).await.expect("done");
    world.pass(4_750, &[&authorizer]).await;
    assert_eq!(assigned(&mut stream), [], "wrapping up");
    world.pass(500, &[&authorizer]).await;
    let lease = one(&mut stream);
    world.finish(&authorizer, &lease.work_item_id, lease.fence).await.expect("done");
    world.set_presence(&authorizer, PresenceChange::ready()).await.expect("ready before the time");
    one(&mut stream);
}

#[tokio::test]
async fn who_loses_the_post_loses_the_queue_and_what_they_held_of_it() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (_stream, _) = world.ready_and_showing(&keyer).await;
    world.engine.recheck(&world.rights(&keyer).await).await.expect("nothing changed");
    assert_eq!(world.state(&id).await, "leased");
    let mut others = world.ready(&other).await;
    world.end_appointments(&keyer).await;
    world.engine.recheck(&world.rights(&keyer).await).await.expect("rechecked");
    world.tick().await;
    assert_eq!(one(&mut others).work_item_id, id);
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let row = work::presence_of(&mut reader, &keyer.id).await.expect("a row").expect("known");
    assert_eq!(row.standing, Standing::SignedOut);
}

#[tokio::test]
async fn what_a_sign_out_that_was_cut_off_left_behind_goes_back_at_the_next_look() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let (_stream, _) = world.ready_and_showing(&keyer).await;
    world.end_appointments(&keyer).await;
    let person = keyer.id.clone();
    // The sign-out committed, and the request that wrote it broke off before the work went back.
    let write = world.desk.journal.db.write::<(), storage::Fault, _>(move |tx| {
        let statement = storage::sql("UPDATE presence SET state = 'signed_out' WHERE person_id = $1").bind(&person);
        Box::pin(async move { tx.execute_one(statement).await })
    });
    write.await.expect("written");
    assert_eq!(world.state(&id).await, "leased");
    world.engine.recheck(&world.rights(&keyer).await).await.expect("rechecked");
    assert_eq!((world.state(&id).await, world.ends(&id).await), ("ready".into(), vec!["released".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_comes_again_while_a_lost_post_signs_somebody_out() {
    for _ in 0..16 {
        let world = World::new().await;
        let keyer = world.keyer().await;
        let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
        let (mut stream, _) = world.ready_and_showing(&keyer).await;
        drain(&mut stream);
        world.end_appointments(&keyer).await;
        let rights = world.rights(&keyer).await;
        let engine = std::sync::Arc::clone(&world.engine);
        let rounds = tokio::spawn(async move {
            loop {
                engine.dispatch().await.expect("a round");
                tokio::task::yield_now().await;
            }
        });
        world.engine.recheck(&rights).await.expect("rechecked");
        rounds.abort();
        assert_eq!(assigned(&mut stream), []);
        assert_eq!((world.state(&id).await, world.ends(&id).await), ("ready".into(), vec!["released".to_owned()]));
    }
}

#[tokio::test]
async fn who_loses_the_post_hears_no_more_news_and_no_more_of_the_board() {
    let world = World::new().await;
    let supervisor = world.of(Duty::DutySupervisor).await;
    let listener = |rights, on: bool| work::Listener {
        rights,
        session: supervisor.session.clone(),
        institutions: if on { vec![world.outlet.clone()] } else { vec![] },
        board: on,
    };
    let all = listener(world.rights(&supervisor).await, true);
    let mut stream = world.engine.connect(all.clone(), None).await.expect("connected");
    drain(&mut stream);
    let news = || world.engine.news(&world.outlet, serde_json::json!({}));
    let heard = |frames: Vec<std::sync::Arc<Frame>>| {
        let told = |frame: &Frame| matches!(frame, Frame::News(_) | Frame::Board);
        frames.iter().filter(|frame| told(frame)).count()
    };
    world.engine.recheck_listener(&all).await.expect("nothing changed");
    news();
    world.pass(1_000, &[]).await;
    assert_eq!(heard(drain(&mut stream)), 2);
    world.end_appointments(&supervisor).await;
    world.engine.recheck_listener(&listener(world.rights(&supervisor).await, false)).await.expect("rechecked");
    news();
    world.pass(1_000, &[]).await;
    assert_eq!(heard(drain(&mut stream)), 0);
}
