//! What one node knows of the people it speaks with: their channels, their presence, their holds. In memory only.
//!
//! The database decides; this is what the node would otherwise have to ask it for at every sign of life.
//! No lock here is held across an await.

use super::frame::{Frame, Next, Ring};
use crate::lease::{Taker, Want};
use crate::model::{HoldEnd, Lease, QueueSpec};
use crate::presence::{CAPACITY_MAX, Presence, PresenceRow, PresenceState, Standing};
use kernel::{Instant, InstitutionId, PersonId, SessionId, WorkItemId};
use organization::Category;
use permission::Rights;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Nobody is given work who has not spoken for so long: 3 s, less than a hold lasts.
const SILENT_MICROS: i64 = 3_000_000;
/// Rows refused to a person that are remembered.
const REFUSED_MAX: usize = 256;

/// Who opens a stream, and what they listen to beside their own work.
#[derive(Debug, Clone)]
pub struct Listener {
    pub rights: Rights,
    pub session: SessionId,
    /// Institutions whose news the person may see.
    pub institutions: Vec<InstitutionId>,
    /// Whether the person may see the supervisors' board.
    pub board: bool,
}

/// A session that speaks, or spoke, with this node.
pub(super) struct Channel {
    pub person: PersonId,
    pub ring: Ring,
    /// Wakes the one stream that reads now.
    pub notify: Arc<Notify>,
    /// Counts connections, so that an older stream of the session ends when a newer one comes.
    pub connection: u64,
    /// When the stream went away; `None` while there is one.
    pub closed_at: Option<Instant>,
    institutions: HashSet<InstitutionId>,
    board: bool,
}

impl Channel {
    fn listen_to(&mut self, listener: &Listener) {
        self.institutions = listener.institutions.iter().cloned().collect();
        self.board = listener.board;
    }
}

/// A person whose station is, or could be, at this node.
pub(super) struct Operator {
    pub row: PresenceRow,
    pub home: InstitutionId,
    pub outsourced: bool,
    pub leases: HashMap<WorkItemId, Lease>,
    pub refused: Vec<WorkItemId>,
    pub last_beat: Instant,
    pub last_active: Instant,
    /// Until when dispatch leaves the person out, because what waits is not for them.
    pub passed_over_until: Instant,
    /// Only one task gives work to a person at a time, so that nobody gets more than they can hold.
    pub serving: Arc<tokio::sync::Mutex<()>>,
    shown: Option<PresenceState>,
}

impl Operator {
    fn new(row: PresenceRow, home: InstitutionId, outsourced: bool, now: Instant) -> Self {
        Self {
            row,
            home,
            outsourced,
            leases: HashMap::new(),
            refused: Vec::new(),
            last_beat: now,
            last_active: now,
            passed_over_until: now,
            serving: Arc::default(),
            shown: None,
        }
    }

    pub fn presence(&self, now: Instant) -> Presence {
        self.row.seen(self.leases.len(), now)
    }

    pub fn sorted_leases(&self) -> Vec<Lease> {
        let mut leases: Vec<Lease> = self.leases.values().cloned().collect();
        leases.sort_by(|a, b| (a.leased_at, &a.work_item_id).cmp(&(b.leased_at, &b.work_item_id)));
        leases
    }
}

/// What a person can be asked to take now.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub taker: Taker,
    pub wants: Vec<Want>,
    pub free: u32,
    pub refused: Vec<WorkItemId>,
}

/// Everything a node knows.
#[derive(Default)]
pub(super) struct Known {
    pub channels: HashMap<SessionId, Channel>,
    pub people: HashMap<PersonId, Operator>,
}

#[derive(Default)]
pub(super) struct Hub {
    known: Mutex<Known>,
}

impl Hub {
    pub fn known(&self) -> MutexGuard<'_, Known> {
        // A panic while the lock was held leaves a map that is whole: each change is one step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Opens the session's channel for a new connection; answers its number, its bell and the place to read from.
    /// The place is `None` when the asked one cannot be resumed.
    pub fn open(&mut self, listener: &Listener, resume: Option<u64>) -> (u64, Arc<Notify>, Option<u64>) {
        let person = listener.rights.person.person_id.clone();
        let channel = self.channels.entry(listener.session.clone()).or_insert_with(|| Channel {
            person,
            ring: Ring::default(),
            notify: Arc::default(),
            connection: 0,
            closed_at: None,
            institutions: HashSet::new(),
            board: false,
        });
        channel.notify.notify_one();
        channel.notify = Arc::default();
        channel.connection += 1;
        channel.closed_at = None;
        channel.listen_to(listener);
        let resumed = resume.filter(|seq| channel.ring.after(*seq) != Next::Gap);
        (channel.connection, Arc::clone(&channel.notify), resumed)
    }

    /// What the session may hear has changed.
    pub fn limit(&mut self, listener: &Listener) {
        if let Some(channel) = self.channels.get_mut(&listener.session) {
            channel.listen_to(listener);
        }
    }

    /// Takes the person into account: as stored, or signed out when nothing is stored.
    pub fn admit(
        &mut self,
        listener: &Listener,
        stored: Option<PresenceRow>,
        leases: Vec<Lease>,
        node: &str,
        now: Instant,
    ) {
        let person = &listener.rights.person;
        let row = stored.unwrap_or_else(|| PresenceRow {
            person: person.person_id.clone(),
            session: listener.session.clone(),
            node: node.to_owned(),
            standing: Standing::SignedOut,
            since: now,
            queues: Vec::new(),
            capacity: CAPACITY_MAX,
            missed: 0,
            wrap_up_until: None,
        });
        let outsourced = person.category == Category::Outsourced;
        let works_here = row.session == listener.session;
        let operator = self
            .people
            .entry(person.person_id.clone())
            .or_insert_with(|| Operator::new(row.clone(), person.home.clone(), outsourced, now));
        operator.home = person.home.clone();
        operator.outsourced = outsourced;
        operator.row = row;
        if works_here {
            operator.last_beat = now;
            operator.last_active = now;
            operator.leases = leases.into_iter().map(|lease| (lease.work_item_id.clone(), lease)).collect();
        }
    }

    /// The person's stored presence has changed.
    /// What whoever serves a person, or writes down and remembers a change of theirs, holds meanwhile.
    pub fn serving(&self, person: &PersonId) -> Option<Arc<tokio::sync::Mutex<()>>> {
        self.people.get(person).map(|operator| Arc::clone(&operator.serving))
    }

    pub fn set_row(&mut self, row: PresenceRow, now: Instant) {
        let person = row.person.clone();
        if let Some(operator) = self.people.get_mut(&person) {
            if row.standing == Standing::Ready && operator.row.standing != Standing::Ready {
                operator.last_active = now;
                operator.refused.clear();
            }
            let left = (operator.row.session != row.session).then(|| operator.row.session.clone());
            operator.row = row;
            if let Some(left) = left {
                operator.shown = None;
                let mut elsewhere = operator.presence(now);
                elsewhere.state = PresenceState::SignedOut;
                self.say(&left, Frame::Presence(elsewhere));
            }
            self.show_presence(&person, now);
        }
    }

    /// People whom this node remembers otherwise than the rows of all who work at it say.
    pub fn remembered_otherwise(&self, stored: &[PresenceRow], now: Instant) -> Vec<PersonId> {
        let stored: HashMap<&PersonId, &PresenceRow> = stored.iter().map(|row| (&row.person, row)).collect();
        let ends = |row: &PresenceRow| row.wrap_up_until.filter(|until| *until > now);
        let differs = |ours: &PresenceRow| match stored.get(&ours.person) {
            None => ours.standing != Standing::SignedOut,
            Some(row) => {
                let said = (ours.standing, &ours.session, &ours.queues, ours.capacity);
                said != (row.standing, &row.session, &row.queues, row.capacity) || ends(ours) != ends(row)
            }
        };
        self.people
            .values()
            .map(|operator| &operator.row)
            .filter(|row| differs(row))
            .map(|row| row.person.clone())
            .collect()
    }

    /// Says the presence to the working session when it looks different from what was said last.
    pub fn show_presence(&mut self, person: &PersonId, now: Instant) {
        let Some(operator) = self.people.get_mut(person) else { return };
        let presence = operator.presence(now);
        if operator.shown.replace(presence.state) != Some(presence.state) {
            let session = operator.row.session.clone();
            self.say(&session, Frame::Presence(presence));
        }
    }

    pub fn say(&mut self, session: &SessionId, frame: Frame) {
        self.say_shared(session, Arc::new(frame));
    }

    fn say_shared(&mut self, session: &SessionId, frame: Arc<Frame>) {
        if let Some(channel) = self.channels.get_mut(session) {
            channel.ring.push(frame);
            channel.notify.notify_one();
        }
    }

    /// Says the frame to every session that `listens`.
    fn say_to_all(&mut self, frame: Frame, listens: impl Fn(&Channel) -> bool) {
        let frame = Arc::new(frame);
        let sessions: Vec<SessionId> =
            self.channels.iter().filter(|(_, channel)| listens(channel)).map(|(session, _)| session.clone()).collect();
        for session in sessions {
            self.say_shared(&session, Arc::clone(&frame));
        }
    }

    pub fn say_to_board(&mut self) {
        self.say_to_all(Frame::Board, |channel| channel.board && channel.closed_at.is_none());
    }

    pub fn say_to_institution(&mut self, institution: &InstitutionId, news: serde_json::Value) {
        self.say_to_all(Frame::News(news), |channel| channel.institutions.contains(institution));
    }

    pub fn say_to_person(&mut self, person: &PersonId, frame: Frame) {
        self.say_to_all(frame, |channel| &channel.person == person);
    }

    /// Whether the person works in a session whose stream is open and that spoke lately.
    fn is_there(&self, operator: &Operator, now: Instant) -> bool {
        let open = self.channels.get(&operator.row.session).is_some_and(|channel| channel.closed_at.is_none());
        open && now.since(operator.last_beat) <= SILENT_MICROS
    }

    /// Whether work may be pushed to the person: ready or busy, and there.
    fn receives(&self, operator: &Operator, now: Instant) -> bool {
        let row = &operator.row;
        let state = PresenceState::of(row.standing, operator.leases.len(), row.wrap_up_until, now);
        matches!(state, PresenceState::Ready | PresenceState::Busy) && self.is_there(operator, now)
    }

    /// What the person can be given now; `None` when nothing.
    pub fn ask(&self, person: &PersonId, queues: &[QueueSpec], now: Instant) -> Option<Ask> {
        let operator = self.people.get(person)?;
        let row = &operator.row;
        let held = u32::try_from(operator.leases.len()).unwrap_or(u32::MAX);
        let free = row.capacity.saturating_sub(held);
        if free == 0 || !self.receives(operator, now) {
            return None;
        }
        let wants: Vec<Want> = queues
            .iter()
            .filter(|spec| row.queues.iter().any(|code| code == spec.code))
            .map(|spec| {
                let of_queue = operator.leases.values().filter(|lease| lease.queue == spec.code).count();
                let count = spec.capacity.saturating_sub(u32::try_from(of_queue).unwrap_or(u32::MAX));
                Want { queue: spec.code.to_owned(), count }
            })
            .filter(|want| want.count > 0)
            .collect();
        (!wants.is_empty()).then(|| Ask {
            taker: Taker {
                person: person.clone(),
                session: row.session.clone(),
                node: row.node.clone(),
                home: operator.home.clone(),
                outsourced: operator.outsourced,
                capacity: row.capacity,
            },
            wants,
            free,
            refused: operator.refused.clone(),
        })
    }

    /// Hands over what was taken for the person.
    pub fn receive(&mut self, person: &PersonId, leases: Vec<Lease>, refused: Vec<WorkItemId>, now: Instant) {
        let Some(operator) = self.people.get_mut(person) else { return };
        operator.refused.extend(refused);
        let too_many = operator.refused.len().saturating_sub(REFUSED_MAX);
        operator.refused.drain(..too_many);
        let session = operator.row.session.clone();
        for lease in leases {
            operator.leases.insert(lease.work_item_id.clone(), lease.clone());
            if let Some(channel) = self.channels.get_mut(&session) {
                channel.ring.push(Arc::new(Frame::Assigned(lease)));
                channel.notify.notify_one();
            }
        }
        self.show_presence(person, now);
    }

    /// Forgets a hold; says so unless the person finished it or gave it back. `true` when it was known.
    pub fn forget(&mut self, person: &PersonId, id: &WorkItemId, how: HoldEnd, now: Instant) -> bool {
        let Some(operator) = self.people.get_mut(person) else { return false };
        if operator.leases.remove(id).is_none() {
            return false;
        }
        let session = operator.row.session.clone();
        if !matches!(how, HoldEnd::Done | HoldEnd::HandedBack) {
            self.say(&session, Frame::Released { work_item_id: id.clone(), why: how });
        }
        self.show_presence(person, now);
        true
    }

    /// The people who could be given work now and were not found to be shut out of it a moment ago.
    /// Which of the queues each takes work from, by their places, stands beside.
    pub fn free_people(&self, queues: &[QueueSpec], now: Instant) -> Vec<Free> {
        let people = self.people.iter().filter(|(_, operator)| operator.passed_over_until <= now);
        people
            .filter_map(|(person, operator)| {
                let held = u32::try_from(operator.leases.len()).unwrap_or(u32::MAX);
                if operator.row.capacity <= held || !self.receives(operator, now) {
                    return None;
                }
                let takes = |spec: &QueueSpec| operator.row.queues.iter().any(|code| code == spec.code);
                let queues = queues.iter().map(takes).collect();
                Some(Free {
                    person: person.clone(),
                    kind: Kind { queues, outsourced: operator.outsourced, home: operator.home.clone() },
                })
            })
            .collect()
    }

    /// Something waits, and none of it was for this person: they are not asked again before `until`, unless they finish something.
    pub fn pass_over(&mut self, person: &PersonId, until: Instant) {
        if let Some(operator) = self.people.get_mut(person) {
            operator.passed_over_until = until;
        }
    }
}

/// What a whole group of rows can have against a person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    /// For each of the engine's queues, whether the person takes its work.
    pub queues: Vec<bool>,
    pub outsourced: bool,
    pub home: InstitutionId,
}

/// Somebody who could be given work.
#[derive(Debug, Clone)]
pub(super) struct Free {
    pub person: PersonId,
    pub kind: Kind,
}
