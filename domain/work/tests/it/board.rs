//! The supervisors' figures, and the rows behind them.

use crate::world::{AUTHORIZING, CHECKING, KEYING, World, assigned, one, refused, today};
use kernel::Code;
use organization::Duty;
use permission::{Hand, act};
use work::{PresenceState, State, WorkFilter};

#[tokio::test]
async fn the_board_counts_what_waits_what_is_held_what_is_done_and_who_is_there() {
    let world = World::new().await;
    let since = world.now();
    let (keyer, supervisor) = (world.keyer().await, world.of(Duty::DutySupervisor).await);
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    for (number, due) in [(1, 10), (2, 1_800), (3, 1_800), (4, 5), (5, 3_600)] {
        let mut new = world.new_work(KEYING, &format!("itm_{number}"), Hand::FirstKey);
        new.due_at = since.plus_seconds(due);
        world.enqueue(new).await;
    }
    let mut stream = world.ready_for_one(&keyer).await;
    // Four seconds of keying: the first in time, the second late.
    for (seconds, expected) in [(3, "itm_4"), (8, "itm_1")] {
        let lease = one(&mut stream);
        assert_eq!(lease.subject, expected);
        world.engine.acknowledge(&keyer.id, &lease.work_item_id, lease.fence).await.expect("shown");
        world.pass(seconds * 1_000, &[&keyer]).await;
        world.finish(&keyer, &lease.work_item_id, lease.fence).await.expect("done");
    }
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let lines = work::queues(&mut reader, &permit, since, world.now()).await.expect("the board");
    assert_eq!(lines.iter().map(|line| line.queue.as_str()).collect::<Vec<_>>(), [AUTHORIZING, CHECKING, KEYING]);
    let keying = &lines[2];
    assert_eq!((keying.waiting, keying.working, keying.done_today, keying.overdue), (2, 1, 2, 0));
    assert_eq!((keying.oldest_wait_seconds, keying.ready_people), (11, 1));
    assert_eq!((keying.within_limit_permille, keying.average_handle_seconds), (Some(500), Some(5)));
    assert_eq!(
        (lines[0].within_limit_permille, lines[0].average_handle_seconds, lines[0].ready_people),
        (None, None, 0)
    );
    let people = work::people(&mut reader, &permit, since, world.now()).await.expect("people");
    let [person] = people.as_slice() else { panic!("one person: {people:?}") };
    assert_eq!(
        (&person.person, person.presence.state, person.leases, person.done_today),
        (&keyer.id, PresenceState::Busy, 1, 2)
    );
    assert_eq!(person.queue.as_deref(), Some(KEYING));
    let day = work::own_day(&mut reader, &keyer.id, since).await.expect("a day");
    assert_eq!((day.done, day.handle_seconds, day.by_half_hour), (2, 11, vec![(since, 2)]));
}

#[tokio::test]
async fn half_hours_count_arrivals_and_results_where_they_happened() {
    let world = World::new().await;
    let since = world.now();
    let (checker, supervisor) = (world.of(Duty::ElementChecker).await, world.of(Duty::DutySupervisor).await);
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    world.enqueue_usual(CHECKING, "itm_1", Hand::Check).await;
    world.desk.clock.set(since.plus_seconds(1_801));
    world.enqueue_usual(CHECKING, "itm_2", Hand::Check).await;
    let mut stream = world.ready(&checker).await;
    assert_eq!(world.do_all(&checker, &mut stream).await, 1);
    world.desk.clock.set(since.plus_seconds(3_600));
    let mut stream = world.ready(&checker).await;
    let shown = assigned(&mut stream).pop().expect("the second");
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let found = work::half_hours(&mut reader, &permit, since).await.expect("half hours");
    let slots: Vec<_> = found.iter().map(|it| (it.from.since(since) / 1_000_000, it.arrived, it.done)).collect();
    assert_eq!(slots, [(0, 1, 0), (1_800, 1, 1)]);
    world
        .finish(&checker, &shown.work_item_id, shown.fence)
        .await
        .expect_err("an hour later the first hold has run out");
}

#[tokio::test]
async fn the_rows_behind_a_number_are_all_found_page_by_page_what_is_held_or_given_first_and_the_oldest_in_front() {
    let world = World::new().await;
    let (keyer, supervisor) = (world.keyer().await, world.of(Duty::DutySupervisor).await);
    let permit = world.permit::<act::SuperviseWork>(&supervisor).await;
    for number in 0..7 {
        let mut new = world.new_work(KEYING, &format!("itm_{number}"), Hand::FirstKey);
        new.priority_class = 4 - number % 3;
        world.enqueue(new).await;
        world.desk.clock.advance_seconds(1);
    }
    world.enqueue_usual(CHECKING, "itm_x", Hand::Check).await;
    let mut stream = world.ready_for_one(&keyer).await;
    let lease = one(&mut stream);
    let mut reader = world.desk.journal.db.reader().await.expect("a reader");
    let mut list = async |queue: Option<&str>, state: Option<State>| {
        let filter = WorkFilter { queue: queue.map(str::to_owned), state };
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = work::rows(&mut reader, &permit, &filter, after.as_ref(), 2).await.expect("a page");
            found.extend(page.items);
            after = page.next;
            if after.is_none() {
                return found;
            }
        }
    };
    let waiting = list(Some(KEYING), Some(State::Ready)).await;
    assert_eq!(waiting.len(), 6);
    assert!(waiting.is_sorted_by_key(|row| row.enqueued_at));
    assert_eq!(list(None, Some(State::Ready)).await.len(), 7);
    let held = list(None, Some(State::Leased)).await;
    assert_eq!(held.len(), 1);
    assert_eq!((&held[0].work_item_id, held[0].holder.as_ref()), (&lease.work_item_id, Some(&keyer.id)));
    assert_eq!(list(Some(CHECKING), Some(State::Leased)).await, []);
    let youngest = waiting.last().expect("six").work_item_id.clone();
    let named = world.keyer().await;
    let command = world.command(&supervisor.id);
    world.engine.reassign(command, &permit, &youngest, &named.id, "忙不过来", today()).await.expect("re-assigned");
    let all = list(None, None).await;
    assert_eq!(all.len(), 8);
    let front: Vec<_> = all.iter().take(3).map(|row| row.work_item_id.clone()).collect();
    assert_eq!(front, [lease.work_item_id, youngest, waiting[0].work_item_id.clone()]);
    assert_eq!((all[1].holder.as_ref(), all[1].assigned_to.as_ref()), (None, Some(&named.id)));
    assert!(all[2..].iter().all(|row| row.assigned_to.is_none()));
    let ended = WorkFilter { queue: None, state: Some(State::Done) };
    assert_eq!(refused(work::rows(&mut reader, &permit, &ended, None, 2).await), Code::InvalidField);
}
