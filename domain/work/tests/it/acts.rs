//! Every act on a work item: it works, twice, on the unknown, in the wrong state, by the wrong person.

use crate::world::{AUTHORIZING, CHECKING, KEYING, World, assigned, drain, one, refused, today};
use journal::Subject;
use kernel::{Code, WorkItemId};
use organization::{Category, Duty};
use permission::{Hand, act};
use work::{Frame, HoldEnd};

#[tokio::test]
async fn finished_work_is_done_and_its_hold_is_kept() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    assert_eq!((&lease.work_item_id, lease.fence, lease.task["of"].as_str()), (&id, 1, Some("itm_1")));
    world.finish(&keyer, &id, lease.fence).await.expect("done");
    assert_eq!(world.state(&id).await, "done");
    assert_eq!(world.ends(&id).await, ["done"]);
}

#[tokio::test]
async fn an_act_on_held_work_is_refused_twice_unknown_stale_expired_and_by_others() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    assert_eq!(refused(world.finish(&keyer, &id, 0).await), Code::NotYourWork, "nobody holds it");
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    let unknown = WorkItemId::new(world.now());
    assert_eq!(refused(world.finish(&keyer, &unknown, 1).await), Code::NotFound);
    assert_eq!(refused(world.finish(&other, &id, lease.fence).await), Code::NotYourWork);
    for fence in [lease.fence - 1, lease.fence + 1] {
        assert_eq!(refused(world.finish(&keyer, &id, fence).await), Code::LeaseLost, "fence {fence}");
    }
    world.desk.clock.advance_micros(work::LEASE_MICROS + 1);
    assert_eq!(refused(world.finish(&keyer, &id, lease.fence).await), Code::LeaseLost, "run out, not yet swept");
    world.tick().await;
    assert_eq!(refused(world.finish(&keyer, &id, lease.fence).await), Code::NotYourWork, "back in its queue");
    let mut stream = world.ready(&other).await;
    let lease = one(&mut stream);
    world.finish(&other, &id, lease.fence).await.expect("done");
    assert_eq!(refused(world.finish(&other, &id, lease.fence).await), Code::NotYourWork, "done already");
}

#[tokio::test]
async fn handed_back_work_goes_to_somebody_else_and_not_back_to_the_same_person() {
    let world = World::new().await;
    let (keyer, other) = (world.keyer().await, world.keyer().await);
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    let lease = one(&mut stream);
    let give = |command, reason| world.hand_back(command, &keyer, &id, lease.fence, reason, Some("看不清"));
    assert_eq!(refused(give(world.command(&keyer.id), " ").await), Code::ReasonRequired);
    let command = world.command(&keyer.id);
    give(command.clone(), "H01").await.expect("given back");
    give(command, "H01").await.expect("the same again is answered the same");
    assert_eq!(refused(give(world.command(&keyer.id), "H01").await), Code::NotYourWork);
    assert_eq!(world.ends(&id).await, ["handed_back"]);
    world.pass(1_000, &[&keyer]).await;
    assert_eq!(assigned(&mut stream), [], "what was handed back does not come back");
    let mut stream = world.ready(&other).await;
    assert_eq!(one(&mut stream).fence, 2);
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let entries = journal::by_subject(&mut reader, &Subject::named("itm_1")).await.expect("entries");
    assert_eq!(entries.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["work.item.hand_back"]);
    let kept =
        journal::private_values(&mut reader, &world.desk.journal.vault, &entries[0].entry_id).await.expect("kept");
    assert_eq!(
        kept.iter().map(|(field, value)| (field.as_str(), value.reveal())).collect::<Vec<_>>(),
        [("note", "看不清")]
    );
    assert!(!entries[0].payload.to_string().contains("看不清"), "it is sealed");
}

#[tokio::test]
async fn reassigned_work_leaves_its_holder_and_reaches_only_the_named_person() {
    let world = World::new().await;
    let (holder, idle, named) = (world.keyer().await, world.keyer().await, world.keyer().await);
    let supervisor = world.of(Duty::DutySupervisor).await;
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut held = world.ready(&holder).await;
    let lease = one(&mut held);
    let mut idles = world.ready(&idle).await;
    let mut names = world.ready(&named).await;
    let move_to = |to| world.engine.reassign(world.command(&supervisor.id), &permit, &id, to, "忙不过来", today());
    assert_eq!(refused(move_to(&holder.id).await), Code::NotEligible, "it is with them already");
    move_to(&named.id).await.expect("re-assigned");
    assert!(drain(&mut held).iter().any(|frame| matches!(&**frame, Frame::Released { why: HoldEnd::Reassigned, .. })));
    assert_eq!(refused(world.finish(&holder, &id, lease.fence).await), Code::NotYourWork);
    assert_eq!(one(&mut names).work_item_id, id);
    world.pass(1_000, &[&holder, &idle, &named]).await;
    assert_eq!(assigned(&mut idles), []);
    assert_eq!(world.ends(&id).await[0], "reassigned");
}

#[tokio::test]
async fn work_is_not_reassigned_without_reason_to_the_unknown_the_unfit_or_when_it_has_ended() {
    let world = World::new().await;
    let (keyer, checker) = (world.keyer().await, world.of(Duty::ElementChecker).await);
    let local = world.person(Duty::Keyer, Category::Employee, &world.outlet).await;
    let outsourced = world.person(Duty::Keyer, Category::Outsourced, &world.center).await;
    let supervisor = world.of(Duty::DutySupervisor).await;
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    let first_key = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready_for_one(&keyer).await;
    let lease = one(&mut stream);
    let second_key = world.enqueue_usual(KEYING, "itm_1", Hand::SecondKey).await;
    let mut new = world.new_work(KEYING, "itm_2", Hand::FirstKey);
    new.internal_only = true;
    let internal = world.enqueue(new).await;
    let reassign = |work, to, reason: &'static str| {
        world.engine.reassign(world.command(&supervisor.id), &permit, work, to, reason, today())
    };
    let (nothing, nobody) = (WorkItemId::new(world.now()), kernel::PersonId::new(world.now()));
    assert_eq!(refused(reassign(&second_key, &checker.id, " ").await), Code::ReasonRequired);
    assert_eq!(refused(reassign(&nothing, &keyer.id, "忙").await), Code::NotFound);
    assert_eq!(refused(reassign(&second_key, &nobody, "忙").await), Code::NotFound);
    assert_eq!(refused(reassign(&second_key, &checker.id, "忙").await), Code::NotEligible, "without the permission");
    assert_eq!(refused(reassign(&second_key, &local.id, "忙").await), Code::NotEligible, "at home where it comes from");
    assert_eq!(refused(reassign(&internal, &outsourced.id, "忙").await), Code::NotEligible, "of a firm");
    assert_eq!(refused(reassign(&second_key, &keyer.id, "忙").await), Code::NotEligible, "with another hand in it");
    world.finish(&keyer, &first_key, lease.fence).await.expect("done");
    assert_eq!(refused(reassign(&first_key, &keyer.id, "忙").await), Code::WrongState);
}

#[tokio::test]
async fn reserved_work_goes_to_others_when_the_named_person_is_not_there_for_a_minute() {
    let world = World::new().await;
    let (absent, present) = (world.keyer().await, world.keyer().await);
    let supervisor = world.of(Duty::DutySupervisor).await;
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let command = world.command(&supervisor.id);
    world.engine.reassign(command, &permit, &id, &absent.id, "熟悉该客户", today()).await.expect("re-assigned");
    let mut stream = world.ready(&present).await;
    world.pass(59_000, &[&present]).await;
    assert_eq!(assigned(&mut stream), [], "it waits for the named person");
    world.pass(3_000, &[&present]).await;
    assert_eq!(one(&mut stream).work_item_id, id);
}

#[tokio::test]
async fn a_raised_priority_overtakes_and_wrong_requests_change_nothing() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let supervisor = world.of(Duty::DutySupervisor).await;
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    let early = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    world.desk.clock.advance_seconds(1);
    let late = world.enqueue_usual(KEYING, "itm_2", Hand::FirstKey).await;
    let nothing = WorkItemId::new(world.now());
    let set = |command, id, class, reason: &'static str| world.engine.set_priority(command, &permit, id, class, reason);
    assert_eq!(refused(set(world.command(&supervisor.id), &late, 5, "急").await), Code::InvalidField);
    assert_eq!(refused(set(world.command(&supervisor.id), &late, -1, "急").await), Code::InvalidField);
    assert_eq!(refused(set(world.command(&supervisor.id), &late, 1, "").await), Code::ReasonRequired);
    assert_eq!(refused(set(world.command(&supervisor.id), &nothing, 1, "急").await), Code::NotFound);
    let command = world.command(&supervisor.id);
    set(command.clone(), &late, 0, "法定时限").await.expect("raised");
    set(command, &late, 0, "法定时限").await.expect("the same again is answered the same");
    let mut stream = world.ready_for_one(&keyer).await;
    let lease = one(&mut stream);
    assert_eq!((&lease.work_item_id, lease.priority_class), (&late, 0));
    world.finish(&keyer, &late, lease.fence).await.expect("done");
    assert_eq!(one(&mut stream).work_item_id, early);
    assert_eq!(refused(set(world.command(&supervisor.id), &late, 1, "急").await), Code::WrongState);
}

#[tokio::test]
async fn a_subject_that_goes_another_way_takes_its_waiting_and_its_held_work_with_it() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let held = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready_for_one(&keyer).await;
    let lease = one(&mut stream);
    let waiting = world.enqueue_usual(CHECKING, "itm_1", Hand::Check).await;
    let other = world.enqueue_usual(KEYING, "itm_2", Hand::FirstKey).await;
    let now = world.now();
    let cancel = || {
        world.desk.journal.db.write::<_, storage::Fault, _>(move |tx| Box::pin(work::cancel_subject(tx, now, "itm_1")))
    };
    let mut ended = cancel().await.expect("cancelled");
    ended.sort();
    let mut expected = vec![(held.clone(), Some(keyer.id.clone())), (waiting.clone(), None)];
    expected.sort();
    assert_eq!(ended, expected);
    world.engine.cancelled(&ended).await.expect("told");
    let frames = drain(&mut stream);
    assert!(frames.iter().any(
        |frame| matches!(&**frame, Frame::Released { why: HoldEnd::Cancelled, work_item_id } if work_item_id == &held)
    ));
    assert!(
        frames.iter().any(|frame| matches!(&**frame, Frame::Assigned(lease) if lease.work_item_id == other)),
        "and the next is there at once"
    );
    assert_eq!((world.state(&held).await, world.state(&waiting).await), ("cancelled".into(), "cancelled".into()));
    assert_eq!(refused(world.finish(&keyer, &held, lease.fence).await), Code::NotYourWork);
    assert_eq!(cancel().await.expect("nothing left"), []);
}

#[tokio::test]
async fn work_cancelled_without_a_word_to_the_engine_is_noticed_within_a_second() {
    let world = World::new().await;
    let keyer = world.keyer().await;
    let id = world.enqueue_usual(KEYING, "itm_1", Hand::FirstKey).await;
    let mut stream = world.ready(&keyer).await;
    one(&mut stream);
    let now = world.now();
    let cancel =
        world.desk.journal.db.write::<_, storage::Fault, _>(move |tx| Box::pin(work::cancel_subject(tx, now, "itm_1")));
    cancel.await.expect("cancelled");
    world.pass(1_000, &[&keyer]).await;
    let told = |frame: &Frame| matches!(frame, Frame::Released { why: HoldEnd::Cancelled, work_item_id } if work_item_id == &id);
    assert!(drain(&mut stream).iter().any(|frame| told(frame)));
}

#[tokio::test]
async fn a_place_in_the_queue_counts_who_is_served_before() {
    let world = World::new().await;
    for (subject, class) in [("itm_1", 3), ("itm_2", 3), ("itm_3", 1)] {
        let mut new = world.new_work(AUTHORIZING, subject, Hand::Authorize);
        new.priority_class = class;
        world.enqueue(new).await;
        world.desk.clock.advance_seconds(1);
    }
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    for (subject, place) in [("itm_3", Some(1)), ("itm_1", Some(2)), ("itm_2", Some(3)), ("itm_4", None)] {
        assert_eq!(work::position(&mut reader, subject).await.expect("a place"), place, "{subject}");
    }
}
