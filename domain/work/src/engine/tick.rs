//! What the engine does by the clock: renewing, noticing who is gone, sweeping, keeping memory and database in step.

use super::hub::Operator;
use super::{Engine, RESUME_MICROS};
use crate::lease::{self, Expired, Renewal};
use crate::model::{HoldEnd, LEASE_MICROS};
use crate::presence::{self, BreakReason, HEARTBEAT_KEPT_EVERY_MICROS, Standing};
use journal::Answer;
use kernel::clock::{MICROS_PER_MINUTE, MICROS_PER_SECOND};
use kernel::{Instant, PersonId, SessionId, WorkItemId};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use storage::{Fault, Reader};

/// A renewal is written when a hold has less than this left: one write about every second and a half, not one per sign of life.
const RENEW_BELOW_MICROS: i64 = 5 * MICROS_PER_SECOND / 2;
/// Without a touch or a visible page for so long a person is away.
const AWAY_MICROS: i64 = MICROS_PER_MINUTE;
/// A ready person whose station has been gone for so long is signed out.
const GONE_MICROS: i64 = 15 * MICROS_PER_SECOND;
/// A person on a break may close the station for longer.
const GONE_ON_BREAK_MICROS: i64 = 90 * MICROS_PER_MINUTE;
/// A person of whom no node has kept a sign of life for so long is signed out: their node has stopped.
const UNHEARD_MICROS: i64 = 3 * HEARTBEAT_KEPT_EVERY_MICROS;
/// How long reserved work waits for somebody who is not ready.
const RESERVED_MICROS: i64 = MICROS_PER_MINUTE;
/// Work missed so often in a row sets a person not ready.
const MISSED_MAX: i64 = 2;
/// How long a channel without a stream keeps its frames.
const FORGET_CHANNEL_MICROS: i64 = 2 * GONE_ON_BREAK_MICROS;

/// A hold that this node keeps in the database and knows nothing of is returned after so long: until then its taking may be under way.
const STRAY_MICROS: i64 = 2 * MICROS_PER_SECOND;

/// A work item and the fence of its hold.
type Hold = (WorkItemId, i64);

/// When each of the slower duties was last done, and what they keep between.
#[derive(Debug, Default)]
pub(super) struct Timers {
    holds_compared: AtomicI64,
    slow: AtomicI64,
    heartbeats_kept: AtomicI64,
    board_said: AtomicI64,
    /// Holds of this node that nobody here knows, since when.
    strays: Mutex<HashMap<Hold, Instant>>,
    board_dirty: AtomicBool,
    /// When the posts of somebody who speaks by requests were last looked at, by session.
    rechecked: Mutex<HashMap<SessionId, Instant>>,
}

impl Timers {
    pub fn board_changed(&self) {
        self.board_dirty.store(true, Ordering::Relaxed);
    }

    /// Says so once in every span, of each session.
    pub fn is_recheck_due(&self, session: &SessionId, every_micros: i64, now: Instant) -> bool {
        let mut rechecked = self.rechecked.lock().unwrap_or_else(PoisonError::into_inner);
        if rechecked.get(session).is_some_and(|at| now.since(*at) < every_micros) {
            return false;
        }
        rechecked.retain(|_, at| now.since(*at) < every_micros);
        rechecked.insert(session.clone(), now);
        true
    }
}

/// Whether `every` has passed since the timer last said so.
fn is_due(timer: &AtomicI64, every_micros: i64, now: Instant) -> bool {
    let last = timer.load(Ordering::Relaxed);
    let due = now.micros().saturating_sub(last) >= every_micros;
    due && timer.compare_exchange(last, now.micros(), Ordering::Relaxed, Ordering::Relaxed).is_ok()
}

impl Engine {
    /// One round: keep the holds of those who are there, return those of the others, let waiting work rise, give out work.
    pub async fn tick(&self) -> Answer<()> {
        let now = self.journal.now();
        self.renew_holds(now).await?;
        self.release_closed(now).await?;
        self.expire_holds(now).await?;
        if is_due(&self.timers.holds_compared, MICROS_PER_SECOND / 2, now) {
            self.compare_holds(now).await?;
        }
        if is_due(&self.timers.slow, MICROS_PER_SECOND, now) {
            self.keep_name(now).await?;
            self.hear_of_ours(now).await?;
            lease::promote(&self.journal.db, now).await?;
            lease::lapse_assignments(&self.journal.db, now.plus_micros(-RESERVED_MICROS)).await?;
            self.notice_away(now).await?;
            self.compare_presence(now).await?;
        }
        if is_due(&self.timers.heartbeats_kept, HEARTBEAT_KEPT_EVERY_MICROS, now) {
            self.keep_heartbeats(now).await?;
            self.forget_streams(now).await?;
        }
        self.end_wrap_ups(now);
        if self.dispatch().await? > 0 {
            self.timers.board_changed();
        }
        self.say_board(now);
        Ok(())
    }

    /// Prolongs what is held by those who spoke, in one transaction: a hold lasts four seconds from the last sign of life.
    ///
    /// A station that shows none of what it was given is not renewed, however lively: its work runs out and counts as missed.
    async fn renew_holds(&self, now: Instant) -> Answer<()> {
        let renewals: Vec<Renewal> = {
            let known = self.hub.known();
            let people = known.people.iter().filter(|(_, operator)| {
                let shows = operator.leases.values().any(|lease| lease.acked_at.is_some());
                let ends = operator.leases.values().map(|lease| lease.expires_at).min();
                let until = operator.last_beat.plus_micros(LEASE_MICROS);
                shows && ends.is_some_and(|ends| ends < until && ends.since(now) < RENEW_BELOW_MICROS)
            });
            people
                .map(|(person, operator)| Renewal {
                    person: person.clone(),
                    session: operator.row.session.clone(),
                    until: operator.last_beat.plus_micros(LEASE_MICROS),
                })
                .collect()
        };
        let written = lease::renew_many(&self.journal.db, renewals).await?;
        let mut known = self.hub.known();
        for Renewal { person, session: _, until } in &written {
            let leases = known.people.get_mut(person).into_iter().flat_map(|operator| operator.leases.values_mut());
            leases.for_each(|lease| lease.expires_at = lease.expires_at.max(*until));
        }
        Ok(())
    }

    /// Returns the work of stations whose connection closed and did not come back.
    async fn release_closed(&self, now: Instant) -> Answer<()> {
        let mut holding = Vec::new();
        let mut gone = Vec::new();
        {
            let mut known = self.hub.known();
            let known = &mut *known;
            known
                .channels
                .retain(|_, channel| channel.closed_at.is_none_or(|at| now.since(at) < FORGET_CHANNEL_MICROS));
            for (session, channel) in &known.channels {
                let Some(away) = channel.closed_at.map(|at| now.since(at)) else { continue };
                // Who has a stream at another node meanwhile is that node's to look after.
                let ours = |it: &&Operator| &it.row.session == session && it.row.node == self.node;
                let Some(operator) = known.people.get(&channel.person).filter(ours) else {
                    continue;
                };
                if away >= RESUME_MICROS && !operator.leases.is_empty() {
                    holding.push((channel.person.clone(), session.clone()));
                }
                let patience = match operator.row.standing {
                    Standing::Ready => GONE_MICROS,
                    Standing::Break(_) => GONE_ON_BREAK_MICROS,
                    Standing::SignedOut => continue,
                };
                if away >= patience {
                    gone.push((channel.person.clone(), session.clone()));
                }
            }
        }
        for (person, session) in holding {
            self.release(&person, &session, false).await?;
        }
        for (person, session) in gone {
            self.force(&person, &session, Standing::SignedOut).await?;
        }
        Ok(())
    }

    async fn expire_holds(&self, now: Instant) -> Answer<()> {
        let (expired, missed) = lease::expire(&self.journal.db, now).await?;
        if expired.is_empty() {
            return Ok(());
        }
        // This node gives it out at the end of the round; somebody at another node may be free as well.
        self.news.notify_one();
        self.timers.board_changed();
        {
            let mut known = self.hub.known();
            for hold in &expired {
                known.forget(&hold.person, &hold.work_item_id, HoldEnd::Expired, now);
            }
            for person in &missed {
                if let Some(operator) = known.people.get_mut(&person.person) {
                    operator.row.missed = person.times;
                }
            }
        }
        for person in missed.iter().filter(|missed| missed.times >= MISSED_MAX) {
            let session = |hold: &&Expired| hold.person == person.person;
            if let Some(hold) = expired.iter().find(session) {
                self.force(&person.person, &hold.session, Standing::Break(BreakReason::Missed)).await?;
            }
        }
        Ok(())
    }

    /// Brings holds in memory and in the database together, from both sides.
    async fn compare_holds(&self, now: Instant) -> Answer<()> {
        let remembered = self.remembered();
        let mut reader = self.journal.db.reader().await?;
        let on_node = lease::held_on_node(&mut reader, &self.node).await?;
        self.note_shown(&on_node);
        let held: HashSet<Hold> = on_node.into_iter().map(|(id, fence, _)| (id, fence)).collect();
        self.forget_ended(reader, &held, remembered, now).await?;
        self.release_strays(held, now).await
    }

    /// Work that a station said to another node it shows.
    fn note_shown(&self, on_node: &[lease::HeldOnNode]) {
        let shown: HashMap<&WorkItemId, (i64, Instant)> =
            on_node.iter().filter_map(|(id, fence, acked_at)| Some((id, (*fence, (*acked_at)?)))).collect();
        let mut known = self.hub.known();
        for lease in known.people.values_mut().flat_map(|operator| operator.leases.values_mut()) {
            if let Some((_, at)) = shown.get(&lease.work_item_id).filter(|(fence, _)| *fence == lease.fence) {
                lease.acked_at = lease.acked_at.or(Some(*at));
            }
        }
    }

    fn remembered(&self) -> Vec<(PersonId, WorkItemId, i64)> {
        let known = self.hub.known();
        let people = known.people.iter();
        people
            .flat_map(|(person, it)| {
                it.leases.values().map(|lease| (person.clone(), lease.work_item_id.clone(), lease.fence))
            })
            .collect()
    }

    /// Returns holds of which this node knows nothing: the request that took them broke off between the commit and the hand-over.
    /// They would not run out by themselves while the person's other work is renewed.
    async fn release_strays(&self, mut held: HashSet<Hold>, now: Instant) -> Answer<()> {
        for (_, id, fence) in self.remembered() {
            held.remove(&(id, fence));
        }
        let strayed: Vec<Hold> = {
            let mut strays = self.timers.strays.lock().unwrap_or_else(PoisonError::into_inner);
            strays.retain(|hold, _| held.contains(hold));
            for hold in held {
                strays.entry(hold).or_insert(now);
            }
            strays
                .iter()
                .filter(|(_, since)| now.since(**since) >= STRAY_MICROS)
                .map(|(hold, _)| hold.clone())
                .collect()
        };
        for (id, fence) in strayed {
            if lease::release_stray(&self.journal.db, &id, fence, &self.node, now).await? {
                tracing::warn!(work_item = %id, fence, "a hold that nobody was told of went back to its queue");
                self.wake();
            }
        }
        Ok(())
    }

    /// Finds holds that ended elsewhere: cancelled or re-assigned by another node, or by a command whose caller went away.
    async fn forget_ended(
        &self,
        mut reader: Reader,
        held: &HashSet<Hold>,
        remembered: Vec<(PersonId, WorkItemId, i64)>,
        now: Instant,
    ) -> Answer<()> {
        let mut ended = Vec::new();
        for (person, id, fence) in remembered {
            if !held.contains(&(id.clone(), fence)) {
                let how = lease::ended_how(&mut reader, &id, fence).await?;
                ended.push((person, id, how));
            }
        }
        drop(reader);
        for (person, id, how) in ended {
            match how {
                // Finished by a request that reached another node: the wrap-up begins here, where the stream is.
                Some(HoldEnd::Done) => self.finished(&person, &id, now).await?,
                // No end on record: another node has taken the session over, and the hold goes on there.
                how => {
                    self.hub.known().forget(&person, &id, how.unwrap_or(HoldEnd::Done), now);
                    self.serve_waiting(&person).await?;
                }
            }
        }
        Ok(())
    }

    async fn notice_away(&self, now: Instant) -> Answer<()> {
        let away: Vec<(PersonId, SessionId)> = {
            let known = self.hub.known();
            let away = known.people.iter().filter(|(_, operator)| {
                let ours = operator.row.node == self.node;
                ours && operator.row.standing == Standing::Ready && now.since(operator.last_active) > AWAY_MICROS
            });
            away.map(|(person, operator)| (person.clone(), operator.row.session.clone())).collect()
        };
        for (person, session) in away {
            self.force(&person, &session, Standing::Break(BreakReason::Away)).await?;
        }
        Ok(())
    }

    /// Follows changes of presence that other nodes wrote.
    ///
    /// The list tells only whom to look at: a row of it may be older than what this node has written and remembered since,
    /// so each that differs is read again in turn with those who change it.
    async fn compare_presence(&self, now: Instant) -> Answer<()> {
        let stored = presence::store::on_node(&mut *self.journal.db.reader().await?, &self.node).await?;
        let otherwise = self.hub.known().remembered_otherwise(&stored, now);
        for person in otherwise {
            let found = self.read_presence(&person).await?;
            if found.is_none_or(|row| row.node != self.node) {
                let mut known = self.hub.known();
                if let Some(operator) = known.people.get_mut(&person) {
                    operator.row.standing = Standing::SignedOut;
                }
                known.show_presence(&person, now);
            }
        }
        Ok(())
    }

    /// Tells the other nodes that this one lives, and signs out people of nodes that do not.
    async fn keep_heartbeats(&self, now: Instant) -> Answer<()> {
        let node = self.node.clone();
        self.journal
            .db
            .write::<(), Fault, _>(move |tx| {
                let node = node.clone();
                Box::pin(async move { presence::store::keep_heartbeats(tx, &node, now).await })
            })
            .await?;
        let before = now.plus_micros(-UNHEARD_MICROS);
        for row in presence::store::unheard(&mut *self.journal.db.reader().await?, before).await? {
            self.force(&row.person, &row.session, Standing::SignedOut).await?;
        }
        Ok(())
    }

    fn end_wrap_ups(&self, now: Instant) {
        let mut known = self.hub.known();
        let ended: Vec<PersonId> = known
            .people
            .iter()
            .filter(|(_, operator)| operator.row.wrap_up_until.is_some_and(|until| until <= now))
            .map(|(person, _)| person.clone())
            .collect();
        for person in ended {
            if let Some(operator) = known.people.get_mut(&person) {
                operator.row.wrap_up_until = None;
            }
            known.show_presence(&person, now);
        }
    }

    fn say_board(&self, now: Instant) {
        let dirty = self.timers.board_dirty.load(Ordering::Relaxed);
        if dirty && is_due(&self.timers.board_said, MICROS_PER_SECOND, now) {
            self.timers.board_dirty.store(false, Ordering::Relaxed);
            self.hub.known().say_to_board();
        }
    }
}
