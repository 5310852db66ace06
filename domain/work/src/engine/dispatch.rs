//! Who gets what: a person who is free gets the best work they may have; who is asked first is left to chance.

use super::Engine;
use super::hub::Ask;
use crate::{lease, store};
use futures_util::{StreamExt as _, stream};
use journal::Answer;
use kernel::{InstitutionId, PersonId};
use rand::seq::SliceRandom as _;
use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// People of one kind who find nothing, one after the other, before a round stops asking that kind.
///
/// A row is closed to a few people because of what they did on its subject, and to a whole kind because of queue, firm or home.
/// So where the sixteenth of a kind finds nothing, the others of the kind would find nothing either; a small team is asked whole.
const MISSES_MAX: usize = 16;

/// People served at the same time: enough to fill the writer's group commit.
const SERVED_TOGETHER: usize = 16;

/// What a whole group of rows can have against a person.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Kind {
    queues: Vec<String>,
    outsourced: bool,
    home: InstitutionId,
}

impl Kind {
    fn of(ask: &Ask) -> Self {
        let queues = ask.wants.iter().map(|want| want.queue.clone()).collect();
        Self { queues, outsourced: ask.taker.outsourced, home: ask.taker.home.clone() }
    }
}

impl Engine {
    /// Gives waiting work to free people of this node, in random order; answers how many items.
    pub async fn dispatch(&self) -> Answer<usize> {
        let waiting = store::queues_with_waiting(&mut *self.journal.db.reader().await?).await?;
        let mut free = self.hub.known().free_people(&self.queues, self.journal.now());
        free.retain(|(_, ask)| ask.wants.iter().any(|want| waiting.contains(&want.queue)));
        if free.is_empty() {
            return Ok(0);
        }
        // Hash order is not chance: the people are put in order first, so that a seed replays.
        free.sort_by(|(a, _), (b, _)| a.cmp(b));
        free.shuffle(&mut *self.order.lock().unwrap_or_else(PoisonError::into_inner));
        let mut kinds: HashMap<Kind, AtomicUsize> = HashMap::new();
        for (_, ask) in &free {
            kinds.entry(Kind::of(ask)).or_default();
        }
        let (given, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let first_failure = std::sync::Mutex::new(None);
        stream::iter(&free)
            .for_each_concurrent(SERVED_TOGETHER, |(person, ask)| {
                let misses = kinds.get(&Kind::of(ask));
                let (given, failed, first_failure) = (&given, &failed, &first_failure);
                async move {
                    let hopeless = misses.is_some_and(|misses| misses.load(Ordering::Relaxed) >= MISSES_MAX);
                    if hopeless || failed.load(Ordering::Relaxed) {
                        return;
                    }
                    match self.serve(person, false).await {
                        Ok(Some(0)) => {
                            if let Some(misses) = misses {
                                misses.fetch_add(1, Ordering::Relaxed);
                            }
                        }
                        Ok(Some(count)) => {
                            given.fetch_add(count, Ordering::Relaxed);
                        }
                        // Somebody else is serving this person right now.
                        Ok(None) => {}
                        Err(failure) => {
                            failed.store(true, Ordering::Relaxed);
                            first_failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
                        }
                    }
                }
            })
            .await;
        match first_failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(failure) => Err(failure),
            None => Ok(given.into_inner()),
        }
    }

    /// Serves a person now, after whoever is serving them already.
    pub(super) async fn serve_waiting(&self, person: &PersonId) -> Answer<usize> {
        Ok(self.serve(person, true).await?.unwrap_or(0))
    }

    /// Gives the person as much of the best work as they can hold; answers how many items, `None` when somebody else is at it.
    async fn serve(&self, person: &PersonId, wait: bool) -> Answer<Option<usize>> {
        let Some(turn) = self.hub.known().people.get(person).map(|operator| std::sync::Arc::clone(&operator.serving))
        else {
            return Ok(Some(0));
        };
        let _turn = if wait {
            turn.lock().await
        } else {
            match turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return Ok(None),
            }
        };
        let now = self.journal.now();
        let Some(ask) = self.hub.known().ask(person, &self.queues, now) else { return Ok(Some(0)) };
        let taken = lease::take(&self.journal, &ask.taker, &ask.wants, ask.free, now, &ask.refused).await?;
        let count = taken.leases.len();
        if count > 0 {
            self.timers.board_changed();
        }
        self.hub.known().receive(person, taken.leases, taken.refused, now);
        Ok(Some(count))
    }
}
