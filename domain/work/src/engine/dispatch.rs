//! Who gets what: a person who is free gets the best work they may have; who is asked first is left to chance.

use super::Engine;
use super::hub::{Free, Kind};
use crate::{lease, store};
use futures_util::future::join_all;
use journal::Answer;
use kernel::PersonId;
use rand::seq::SliceRandom as _;
use std::collections::HashMap;
use std::sync::PoisonError;

/// People of one kind who find nothing, one after the other, before a round stops asking that kind.
///
/// A row is closed to a few people because of what they did on its subject, and to a whole kind because of queue, firm or home.
/// So where the sixteenth of a kind finds nothing, the others of the kind would find nothing either; a small team is asked whole.
const MISSES_MAX: usize = 16;

/// People served at the same time: enough to fill the writer's group commit.
const SERVED_TOGETHER: usize = 16;

/// How long somebody is left out for whom nothing of what waits is meant: half a second, so that nobody idles for a whole one.
const PASSED_OVER_MICROS: i64 = 500_000;

impl Engine {
    /// Gives waiting work to free people of this node, in random order; answers how many items.
    ///
    /// It goes in waves of as many people as items wait, sixteen at most, and looks again after each:
    /// so one new item costs one attempt and not one for everybody who is free.
    pub async fn dispatch(&self) -> Answer<usize> {
        let mut free: Option<Vec<Free>> = None;
        let mut misses: HashMap<Kind, usize> = HashMap::new();
        let mut given = 0;
        loop {
            let waiting = store::waiting_counts(&mut *self.journal.db.reader().await?).await?;
            if waiting.is_empty() {
                return Ok(given);
            }
            let free = free.get_or_insert_with(|| self.free_in_random_order());
            let wave = self.next_wave(free, &waiting, &misses);
            if wave.is_empty() {
                return Ok(given);
            }
            let served = join_all(wave.iter().map(|free| self.serve(&free.person, false))).await;
            for (free, served) in wave.into_iter().zip(served) {
                match served? {
                    Some(0) => {
                        self.hub.known().pass_over(&free.person, self.journal.now().plus_micros(PASSED_OVER_MICROS));
                        *misses.entry(free.kind).or_default() += 1;
                    }
                    Some(count) => given += count,
                    // Somebody else is serving this person right now.
                    None => {}
                }
            }
        }
    }

    fn free_in_random_order(&self) -> Vec<Free> {
        let mut free = self.hub.known().free_people(&self.queues, self.journal.now());
        // Hash order is not chance: the people are put in order first, so that a seed replays.
        free.sort_by(|a, b| a.person.cmp(&b.person));
        free.shuffle(&mut *self.order.lock().unwrap_or_else(PoisonError::into_inner));
        free
    }

    /// The next people to ask: those who take work from a queue where something waits, of kinds that still find something.
    fn next_wave(
        &self,
        free: &mut Vec<Free>,
        waiting: &HashMap<String, i64>,
        misses: &HashMap<Kind, usize>,
    ) -> Vec<Free> {
        let waits: Vec<bool> = self.queues.iter().map(|spec| waiting.contains_key(spec.code)).collect();
        let items: i64 = waiting.values().sum();
        let size = usize::try_from(items).unwrap_or(0).min(SERVED_TOGETHER);
        let mut wave = Vec::with_capacity(size);
        while wave.len() < size {
            let Some(next) = free.pop() else { break };
            let takes = next.kind.queues.iter().zip(&waits).any(|(takes, waits)| *takes && *waits);
            let hopeless = misses.get(&next.kind).is_some_and(|misses| *misses >= MISSES_MAX);
            if takes && !hopeless {
                wave.push(next);
            }
        }
        wave
    }

    /// Serves a person now, after whoever is serving them already.
    pub(super) async fn serve_waiting(&self, person: &PersonId) -> Answer<usize> {
        Ok(self.serve(person, true).await?.unwrap_or(0))
    }

    /// Gives the person as much of the best work as they can hold; answers how many items, `None` when somebody else is at it.
    async fn serve(&self, person: &PersonId, wait: bool) -> Answer<Option<usize>> {
        let Some(turn) = self.hub.known().serving(person) else { return Ok(Some(0)) };
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
