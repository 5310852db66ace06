//! Seeded minutes of a small center, with an auditor who looks at the database after every step and trusts nothing else.
//!
//! People come, go silent, close their browsers, take breaks and finish; items arrive in bursts with hands that exclude each other.

use crate::world::{AUTHORIZING, CHECKING, KEYING, Who, World};
use organization::{Category, Duty};
use permission::Hand;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use std::collections::HashMap;
use work::{BreakReason, Frame, Lease, PresenceChange, PresenceState, Standing, Stream};

/// A person with their browser.
struct Operator {
    who: Who,
    queue: &'static str,
    outsourced: bool,
    /// `None` while the browser is closed.
    stream: Option<Stream>,
    /// A frozen browser: the socket stays, nothing is said.
    frozen: bool,
    held: HashMap<kernel::WorkItemId, Lease>,
    state: PresenceState,
    /// Since when the person could have had work, by the auditor's reckoning.
    idle_since: Option<kernel::Instant>,
}

struct Center {
    world: World,
    random: StdRng,
    people: Vec<Operator>,
    items: u64,
    done: usize,
}

const STEP_MILLIS: i64 = 250;

impl Center {
    async fn open(seed: u64) -> Self {
        let world = World::with_seed(seed).await;
        let mut people = Vec::new();
        for number in 0..9 {
            let (duty, queue) = match number {
                0..=4 => (Duty::Keyer, KEYING),
                5 | 6 => (Duty::ElementChecker, CHECKING),
                _ => (Duty::Authorizer, AUTHORIZING),
            };
            let outsourced = number < 2;
            let category = if outsourced { Category::Outsourced } else { Category::Employee };
            let who = world.person(duty, category, &world.center).await;
            let (held, state) = (HashMap::new(), PresenceState::SignedOut);
            people.push(Operator {
                who,
                queue,
                outsourced,
                stream: None,
                frozen: false,
                held,
                state,
                idle_since: None,
            });
        }
        Self { world, random: StdRng::seed_from_u64(seed), people, items: 0, done: 0 }
    }

    async fn arrive(&mut self) {
        self.items += 1;
        let subject = format!("itm_{}", self.items);
        let class = self.random.random_range(0..=4);
        let due = self.world.now().plus_seconds(self.random.random_range(60..900));
        let hands = [
            (KEYING, Hand::FirstKey),
            (KEYING, Hand::SecondKey),
            (CHECKING, Hand::Check),
            (AUTHORIZING, Hand::Authorize),
        ];
        for (queue, hand) in hands {
            let slices = if queue == KEYING { 2 } else { 1 };
            for _ in 0..slices {
                let mut new = self.world.new_work(queue, &subject, hand);
                (new.priority_class, new.due_at) = (class, due);
                new.slice = (queue == KEYING).then(|| self.world.slice());
                new.internal_only = queue != KEYING;
                self.world.enqueue(new).await;
            }
        }
    }

    /// What a person or their browser does in a step.
    async fn live(&mut self, place: usize) {
        let roll = self.random.random_range(0..1_000);
        let operator = &mut self.people[place];
        let world = &self.world;
        if operator.stream.is_none() {
            if roll < 100 {
                operator.stream = Some(world.connect(&operator.who, None).await);
                operator.frozen = false;
                world.set_presence(&operator.who, PresenceChange::ready()).await.expect("ready");
            }
            return;
        }
        match roll {
            0..4 => operator.stream = None,
            4..8 => operator.frozen = true,
            8..12 => {
                let meal = PresenceChange::to(Standing::Break(BreakReason::Meal));
                world.set_presence(&operator.who, meal).await.expect("a break");
            }
            12..32 if operator.state == PresenceState::Break => {
                operator.frozen = false;
                world.set_presence(&operator.who, PresenceChange::ready()).await.expect("ready");
            }
            _ => {}
        }
        self.work(place).await;
    }

    /// Shows what came, and finishes it after a while.
    async fn work(&mut self, place: usize) {
        let finishes = self.random.random_range(0..8) == 0;
        let operator = &mut self.people[place];
        let Some(stream) = &mut operator.stream else { return };
        if operator.frozen {
            return;
        }
        let mut came = Vec::new();
        while let Some(numbered) = stream.now() {
            match &*numbered.frame {
                Frame::Hello { leases, presence, .. } => {
                    operator.held = leases.iter().map(|lease| (lease.work_item_id.clone(), lease.clone())).collect();
                    operator.state = presence.state;
                    came.extend(leases.iter().cloned());
                }
                Frame::Assigned(lease) => {
                    operator.held.insert(lease.work_item_id.clone(), lease.clone());
                    came.push(lease.clone());
                }
                Frame::Released { work_item_id, .. } => {
                    operator.held.remove(work_item_id);
                }
                Frame::Presence(presence) => operator.state = presence.state,
                _ => {}
            }
        }
        for lease in came {
            self.world.engine.acknowledge(&operator.who.id, &lease.work_item_id, lease.fence).await.expect("shown");
        }
        let next = operator.held.values().min_by_key(|lease| (lease.leased_at, lease.work_item_id.clone())).cloned();
        if let Some(lease) = next.filter(|_| finishes) {
            operator.held.remove(&lease.work_item_id);
            match self.world.finish(&operator.who, &lease.work_item_id, lease.fence).await {
                Ok(()) => self.done += 1,
                // The hold may have run out under a browser that was frozen; nothing else may refuse it.
                Err(failure) => {
                    let code = failure.refusal().map(|refusal| refusal.code);
                    assert!(matches!(code, Some(kernel::Code::NotYourWork | kernel::Code::LeaseLost)), "{failure}");
                }
            }
        }
    }

    async fn step(&mut self, number: i64) {
        self.world.desk.clock.advance_micros(STEP_MILLIS * 1_000);
        if number % 240 < 60 && self.random.random_range(0..4) == 0 {
            self.arrive().await;
        }
        for place in 0..self.people.len() {
            self.live(place).await;
        }
        if number % 4 == 0 {
            for operator in self.people.iter().filter(|operator| operator.stream.is_some() && !operator.frozen) {
                self.world.engine.heartbeat(&operator.who.id, &operator.who.session, true).await.expect("heard");
            }
        }
        self.world.tick().await;
        self.audit().await;
    }

    /// The invariants, from the database alone.
    async fn audit(&mut self) {
        let now = self.world.now();
        let mut reader = self.world.desk.journal.db.reader().await.expect("a reader");
        let stale = "SELECT COUNT(*) AS n FROM work_items WHERE state = 'leased' AND lease_until < $1";
        assert_eq!(
            reader.one(storage::sql(stale).bind(now)).await.expect("a row").int("n").expect("n"),
            0,
            "a hold outlived its time"
        );
        let hands = "SELECT COUNT(*) AS n FROM (SELECT subject, person_id FROM (
                         SELECT w.subject, h.person_id, w.hand FROM ended_holds h JOIN work_items w ON w.work_item_id = h.work_item_id
                         UNION SELECT subject, person_id, hand FROM work_items WHERE state = 'leased') AS both_kinds
                     GROUP BY subject, person_id HAVING COUNT(DISTINCT hand) > 1) AS twice";
        assert_eq!(
            reader.one(storage::sql(hands)).await.expect("a row").int("n").expect("n"),
            0,
            "one person, two hands of an item"
        );
        for operator in &mut self.people {
            let idle = could_work(&mut reader, operator).await;
            operator.idle_since = if idle { Some(operator.idle_since.unwrap_or(now)) } else { None };
            let idle_micros = operator.idle_since.map_or(0, |since| now.since(since));
            assert!(idle_micros <= 1_000_000, "{} idles beside work for {idle_micros} µs", operator.who.id);
        }
    }
}

/// Whether the person is there, ready, without work, and something waits that they may take; said in other words than the engine's.
async fn could_work(reader: &mut storage::Reader, operator: &Operator) -> bool {
    let ready = operator.state == PresenceState::Ready && operator.stream.is_some() && !operator.frozen;
    if !ready {
        return false;
    }
    let person = &operator.who.id;
    let held = storage::sql("SELECT COUNT(*) AS n FROM work_items WHERE person_id = $1 AND state = 'leased'");
    if reader.one(held.bind(person)).await.expect("a row").int("n").expect("n") > 0 {
        return false;
    }
    let waiting = storage::sql(
        "SELECT subject, hand, slice_id, internal_only FROM work_items WHERE queue = $1 AND state = 'ready'",
    );
    let marks = storage::sql("SELECT subject, rule, side FROM separation_marks WHERE person_id = $1");
    let marks: HashMap<(String, String), String> = reader
        .all(marks.bind(person))
        .await
        .expect("marks")
        .iter()
        .map(|row| ((row.text("subject").expect("s"), row.text("rule").expect("r")), row.text("side").expect("s")))
        .collect();
    let rows = reader.all(waiting.bind(operator.queue)).await.expect("rows");
    rows.iter().any(|row| {
        let (subject, hand) = (row.text("subject").expect("s"), row.text("hand").expect("h"));
        let slice = row.opt_text("slice_id").expect("s");
        let by_hand = marks.get(&(subject.clone(), "one_hand_per_item".into())).is_none_or(|side| side == &hand);
        let by_slice = marks
            .get(&(subject, "one_slice_per_outsourced_seat".into()))
            .is_none_or(|side| Some(side) == slice.as_ref());
        by_hand && by_slice && !(operator.outsourced && row.bool("internal_only").expect("b"))
    })
}

async fn day(seed: u64, seconds: i64) {
    let mut center = Center::open(seed).await;
    for number in 0..seconds * 1_000 / STEP_MILLIS {
        center.step(number).await;
    }
    assert!(
        center.done > 20,
        "seed {seed}: the center did some work, {} of {} items' steps",
        center.done,
        center.items
    );
}

#[tokio::test]
async fn nobody_idles_beside_work_and_nothing_is_held_twice_or_too_long() {
    for seed in 1..=3 {
        day(seed, 180).await;
    }
}
