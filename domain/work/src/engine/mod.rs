//! The engine of one server node: it knows who is there, gives each the best work they may have, and notices who is gone.
//!
//! Work is pushed: nobody picks. A person who becomes ready or finishes is served in the same call; whatever else changes
//! (new work, work that came back) is served after every [`Engine::wake`] of any node, and by [`Engine::tick`], four times a second.
//! Several nodes share one database; a person is served by the node that speaks with them, and the database decides every hold.

mod commands;
mod dispatch;
mod elsewhere;
mod frame;
mod hub;
mod name;
mod nodes;
mod stream;
mod tick;

pub use frame::{Frame, Numbered};
pub use hub::Listener;
pub use name::{NAME_FREE_AFTER_MICROS, Start};
pub use stream::Stream;

use crate::lease;
use crate::model::{HoldEnd, Lease, QueueSpec};
use crate::presence::{self, Presence, PresenceChange, Standing};
use crate::{item, store};
use hub::{Hub, Known};
use journal::{Answer, Command, Journal, Outcome};
use kernel::clock::MICROS_PER_SECOND;
use kernel::{Code, Instant, InstitutionId, PersonId, Refusal, SessionId, WorkItemId};
use permission::{Permit, Rights, act};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use storage::Fault;
use tick::Timers;
use tokio::sync::Notify;

/// How often the engine looks for work that nobody woke it for, and for holds that ran out.
pub const TICK_MILLIS: u64 = 250;

/// One node's engine. Shared by all handlers behind an [`Arc`].
pub struct Engine {
    pub journal: Journal,
    queues: Vec<QueueSpec>,
    node: String,
    /// Tells this process from another under the same name.
    process: String,
    is_named: AtomicBool,
    name_lost: Notify,
    hub: Arc<Hub>,
    bell: Notify,
    /// Rung for the other nodes.
    news: Notify,
    timers: Timers,
    /// Whom to try first, among those who could have the work.
    order: Mutex<StdRng>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({}, {} queues)", self.node, self.queues.len())
    }
}

/// What a station does with the work it holds, for [`Engine::heartbeat`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldUntil {
    pub work_item_id: WorkItemId,
    pub fence: i64,
    pub expires_at: Instant,
}

impl Engine {
    /// An engine for the given queues; `node` is the server's name, which no other process that lives may have.
    pub fn new(journal: Journal, queues: Vec<QueueSpec>, node: impl Into<String>) -> Self {
        Self::with_seed(journal, queues, node, rand::random())
    }

    /// The same with the random order of service fixed, for tests that replay.
    pub fn with_seed(journal: Journal, queues: Vec<QueueSpec>, node: impl Into<String>, seed: u64) -> Self {
        Self {
            journal,
            queues,
            node: node.into(),
            process: format!("{:032x}", rand::random::<u128>()),
            is_named: AtomicBool::new(false),
            name_lost: Notify::new(),
            hub: Arc::default(),
            bell: Notify::new(),
            news: Notify::new(),
            timers: Timers::default(),
            order: Mutex::new(StdRng::seed_from_u64(seed)),
        }
    }

    pub fn queues(&self) -> &[QueueSpec] {
        &self.queues
    }

    /// Before the first connection: takes the node's name, writes down the queues, and returns what the name held when it stopped.
    pub async fn start(&self) -> Answer<Start> {
        let (queues, node, now) = (self.queues.clone(), self.node.clone(), self.journal.now());
        if !self.take_name(now).await? {
            return Ok(Start::NameTaken);
        }
        self.journal
            .db
            .write::<(), Fault, _>(move |tx| {
                let queues = queues.clone();
                Box::pin(async move { store::put_queues(tx, &queues).await })
            })
            .await?;
        lease::release_node(&self.journal.db, &node, now).await?;
        for row in presence::store::on_node(&mut *self.journal.db.reader().await?, &node).await? {
            self.force(&row.person, &row.session, Standing::SignedOut).await?;
        }
        Ok(Start::Begun)
    }

    /// Runs until the future is dropped, or until another process has taken the node's name because this one was silent for too long:
    /// then nothing more may be done under it. [`Engine::tick`] four times a second, [`Engine::dispatch`] at every bell between.
    pub async fn run(&self) {
        self.run_every(Duration::from_millis(TICK_MILLIS)).await;
    }

    /// The same with another time between ticks.
    pub async fn run_every(&self, tick: Duration) {
        tokio::select! {
            ((), (), ()) = async { tokio::join!(self.rounds(tick), self.tell_nodes(), self.hear_nodes()) } => {}
            () = self.name_lost.notified() => tracing::error!(node = self.node, "another process works under this node's name"),
        }
    }

    /// A fault of one round is logged and the next round goes on: the database may be back by then.
    async fn rounds(&self, tick: Duration) {
        let mut ticks = tokio::time::interval(tick);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let round = tokio::select! {
                biased;
                _ = ticks.tick() => self.tick().await,
                () = self.bell.notified() => self.dispatch().await.map(|_| ()),
            };
            if let Err(failure) = round {
                tracing::error!(%failure, "a round of the work engine failed");
            }
        }
    }

    /// Work was enqueued or came back: look at once, here and at the other nodes. Cheap; call it after every commit that may have done so.
    pub fn wake(&self) {
        self.bell.notify_one();
        self.news.notify_one();
    }

    /// Opens the stream of a session. With `resume` the station says up to which number it heard.
    /// A second connection of the same session ends the first.
    pub async fn connect(&self, listener: Listener, resume: Option<u64>) -> Answer<Stream> {
        let now = self.journal.now();
        let person = listener.rights.person.person_id.clone();
        let mut reader = self.journal.db.reader().await?;
        let stored = presence::find(&mut reader, &person).await?;
        let held = item::store::held_by_session(&mut reader, &person, &listener.session).await?;
        drop(reader);
        let leases = held.into_iter().map(item::store::lease).collect::<Result<Vec<Lease>, Fault>>()?;
        let stored = self.adopt(&listener.session, stored, now).await?;
        let (connection, notify, heard) = {
            let mut known = self.hub.known();
            known.admit(&listener, stored, leases, &self.node, now);
            known.open(&listener, resume)
        };
        self.wake();
        Ok(Stream {
            hub: Arc::clone(&self.hub),
            clock: Arc::clone(&self.journal.clock),
            person,
            session: listener.session,
            connection,
            notify,
            heard,
            greeted: false,
        })
    }

    /// Writes down that the stream is here, and takes a working session over from the node that it spoke with before.
    async fn adopt(
        &self,
        session: &SessionId,
        stored: Option<presence::PresenceRow>,
        now: Instant,
    ) -> Answer<Option<presence::PresenceRow>> {
        let moves = stored.as_ref().filter(|row| &row.session == session && row.node != self.node);
        let (person, session, node) = (moves.map(|row| row.person.clone()), session.clone(), self.node.clone());
        let is_moved = person.is_some();
        self.journal
            .db
            .write::<(), Fault, _>(move |tx| {
                let (person, session, node) = (person.clone(), session.clone(), node.clone());
                Box::pin(async move {
                    elsewhere::opened(tx, &session, &node, now).await?;
                    match person {
                        Some(person) => presence::store::move_to_node(tx, &person, &session, &node).await,
                        None => Ok(()),
                    }
                })
            })
            .await?;
        Ok(stored.map(|row| if is_moved { presence::PresenceRow { node: self.node.clone(), ..row } } else { row }))
    }

    /// Changes a person's presence: a command. Who becomes ready is served before this answers.
    ///
    /// Refuses unknown queues, queues without the permission, a capacity outside 1 to 4, and a reason that only the engine gives.
    /// A break returns what the station has not shown yet; signing out, or moving to another session, returns everything.
    /// A repeat is answered the presence that the command left behind, before work was found for it.
    pub async fn set_presence(
        &self,
        command: Command,
        permit: &Permit<act::TakeWork>,
        rights: &Rights,
        session: &SessionId,
        change: PresenceChange,
    ) -> Answer<Outcome<Presence>> {
        let person = permit.person_id().clone();
        let checked = change.checked_standing().and_then(|standing| {
            Ok((standing, self.allowed_queues(rights, change.queues.as_deref())?, change.capacity()?))
        });
        let (standing, queues, capacity) = match checked {
            Ok(checked) => checked,
            Err(refusal) => {
                return Err(self.journal.record_refusal(command, refusal).await?.into());
            }
        };
        let before = presence::find(&mut *self.journal.db.reader().await?, &person).await?;
        let node = self.node_with_stream(session).await?;
        let at = presence::At { person: person.clone(), session: session.clone(), node };
        let outcome = self
            .journal
            .run(command, move |cx| {
                let (at, queues) = (at.clone(), queues.clone());
                Box::pin(async move { presence::change(cx, at, standing, queues, capacity).await })
            })
            .await?;
        if !matches!(outcome, Outcome::Done(_)) {
            // A late repeat undoes nothing of what the person did since. Where the first request broke off after its commit, this goes on with it.
            let now_there = presence::find(&mut *self.journal.db.reader().await?, &person).await?;
            if matches!(outcome, Outcome::AlreadyDone(_)) && now_there.is_some_and(|row| &row.session == session) {
                self.follow(&person, session).await?;
            }
            return Ok(outcome);
        }
        if let Some(before) = before.filter(|before| &before.session != session) {
            self.release(&person, &before.session, false).await?;
        }
        Ok(Outcome::Done(self.follow(&person, session).await?))
    }

    fn allowed_queues(&self, rights: &Rights, asked: Option<&[String]>) -> Result<Vec<String>, Refusal> {
        let Some(asked) = asked else {
            let allowed = self.queues.iter().filter(|spec| rights.may(spec.action));
            return Ok(allowed.map(|spec| spec.code.to_owned()).collect());
        };
        for code in asked {
            let spec = self.queues.iter().find(|spec| spec.code == code);
            let spec = spec.ok_or_else(|| Refusal::naming(Code::UnknownQueue, code).at("queues"))?;
            if !rights.may(spec.action) {
                return Err(spec.action.refused().at("queues"));
            }
        }
        Ok(asked.to_vec())
    }

    /// The person's posts may have changed: queues that they no longer allow are dropped from the presence, and what is held of them goes back.
    /// Call it after a command that ends an appointment; acts are refused without it too, since each reads the rights afresh.
    pub async fn recheck(&self, rights: &Rights) -> Answer<()> {
        let person = rights.person.person_id.clone();
        let Some(row) = presence::find(&mut *self.journal.db.reader().await?, &person).await? else { return Ok(()) };
        let allowed = self.allowed_queues(rights, None)?;
        let kept: Vec<String> = row.queues.iter().filter(|queue| allowed.contains(queue)).cloned().collect();
        if row.standing == Standing::SignedOut {
            return self.return_what_is_left(&person, &row.session).await;
        }
        if kept.len() == row.queues.len() {
            return Ok(());
        }
        if kept.is_empty() {
            // Signed out first: what goes back while somebody is still ready would come again.
            return self.force(&person, &row.session, Standing::SignedOut).await;
        }
        let key = format!("{person}/recheck/{}", self.journal.now().micros());
        let command = Command::of_machine("work.presence.recheck", "work", key, journal::Subject::of(&person));
        let at = presence::At { person: person.clone(), session: row.session.clone(), node: row.node.clone() };
        let (standing, capacity) = (row.standing, row.capacity);
        self.journal
            .run(command, move |cx| {
                let (at, kept) = (at.clone(), kept.clone());
                Box::pin(async move { presence::change(cx, at, standing, kept, capacity).await })
            })
            .await?;
        // The queues are known to be fewer before anything goes back, so that none of theirs comes again.
        self.read_presence(&person).await?;
        self.release(&person, &row.session, false).await?;
        self.follow(&person, &row.session).await?;
        Ok(())
    }

    /// Returns what somebody holds who is signed out: the sign-out has committed, and what should have followed was cut off.
    async fn return_what_is_left(&self, person: &PersonId, session: &SessionId) -> Answer<()> {
        let mut reader = self.journal.db.reader().await?;
        let left = item::store::held_by_session(&mut reader, person, session).await?;
        drop(reader);
        if !left.is_empty() {
            self.release(person, session, false).await?;
        }
        Ok(())
    }

    /// Whether `every` has passed since this last said so of the session: then its holder's posts are looked at again.
    /// For signs of life that come as requests, whose stream, if there is one, is not looked after here.
    pub fn is_recheck_due(&self, session: &SessionId, every: Duration) -> bool {
        self.timers.is_recheck_due(session, i64::try_from(every.as_micros()).unwrap_or(i64::MAX), self.journal.now())
    }

    /// The same for whoever listens: news and board that they may no longer have are not said to them either.
    /// Call it now and then while a stream is open: posts end at midnight without a command, and by commands of other nodes.
    pub async fn recheck_listener(&self, listener: &Listener) -> Answer<()> {
        self.hub.known().limit(listener);
        self.recheck(&listener.rights).await
    }

    /// Brings memory in line with the stored presence of a person, returns what they may no longer hold, and serves them.
    async fn follow(&self, person: &PersonId, session: &SessionId) -> Answer<Presence> {
        let row = self.read_presence(person).await?;
        let row = row.ok_or_else(|| Fault::inconsistent(format!("no presence of {person}")))?;
        let (standing, now) = (row.standing, self.journal.now());
        match standing {
            Standing::Ready => self.serve_waiting(person).await?,
            Standing::Break(reason) => self.release(person, session, reason.is_chosen()).await?,
            Standing::SignedOut => self.release(person, session, false).await?,
        };
        self.timers.board_changed();
        let held = self.hub.known().people.get(person).map_or(0, |operator| operator.leases.len());
        Ok(row.seen(held, now))
    }

    /// Reads a person's stored presence into memory, in turn with whatever else serves them or changes it here,
    /// so that no older reading is remembered over a newer one.
    async fn read_presence(&self, person: &PersonId) -> Answer<Option<presence::PresenceRow>> {
        // Whoever is being served right now is served to the end first, so that no work comes after the word that none will.
        let serving = self.hub.known().serving(person);
        let _turn = match &serving {
            Some(serving) => Some(serving.lock().await),
            None => None,
        };
        let row = presence::find(&mut *self.journal.db.reader().await?, person).await?;
        if let Some(row) = &row {
            self.hub.known().set_row(row.clone(), self.journal.now());
        }
        Ok(row)
    }

    /// A sign of life of a station; `active` says that the page was visible or somebody touched it.
    /// Answers what is held and until when.
    /// With the stream here it costs no write: holds are renewed together by the next tick. Heard for another node it is written down.
    pub async fn heartbeat(&self, person: &PersonId, session: &SessionId, active: bool) -> Answer<Vec<HeldUntil>> {
        let now = self.journal.now();
        {
            let mut known = self.hub.known();
            let here = known.channels.get(session).is_some_and(|channel| channel.closed_at.is_none());
            if here && let Some(operator) = known.people.get_mut(person).filter(|it| &it.row.session == session) {
                operator.last_beat = now;
                if active {
                    operator.last_active = now;
                }
                let leases = operator.sorted_leases().into_iter();
                return Ok(leases
                    .map(|it| HeldUntil { work_item_id: it.work_item_id, fence: it.fence, expires_at: it.expires_at })
                    .collect());
            }
        }
        // The stream is with another node, or there is none: the database is told.
        let until = self.heard_for_another(person, session, active, now).await?;
        let held = item::store::held_by_session(&mut *self.journal.db.reader().await?, person, session).await?;
        Ok(held
            .into_iter()
            .map(|row| HeldUntil { work_item_id: row.work_item_id, fence: row.fence, expires_at: until })
            .collect())
    }

    /// The station shows the work.
    pub async fn acknowledge(&self, person: &PersonId, id: &WorkItemId, fence: i64) -> Answer<()> {
        let now = self.journal.now();
        {
            let mut known = self.hub.known();
            if let Some(operator) = known.people.get_mut(person) {
                operator.last_active = now;
                operator.row.missed = 0;
                if let Some(lease) = operator.leases.get_mut(id).filter(|lease| lease.fence == fence) {
                    lease.acked_at = Some(now);
                }
            }
        }
        Ok(lease::acknowledge(&self.journal.db, vec![(person.clone(), id.clone(), fence)], now).await?)
    }

    /// The person finished the work in a command that has committed: they have the next one when this answers.
    pub async fn completed(&self, person: &PersonId, id: &WorkItemId) -> Answer<()> {
        self.timers.board_changed();
        self.finished(person, id, self.journal.now()).await?;
        // What was finished may have put new work into other queues.
        self.wake();
        Ok(())
    }

    /// Forgets finished work of a person whose stream is here, and begins the wrap-up or gives them the next.
    /// Of a person whose stream is at another node nothing is known: that node finds the ended hold.
    async fn finished(&self, person: &PersonId, id: &WorkItemId, now: Instant) -> Answer<()> {
        let wrap_up = self.wrap_up_after(&self.hub.known(), person, id, now);
        {
            let serving = self.hub.known().serving(person);
            let _turn = match (&serving, wrap_up) {
                (Some(serving), Some(_)) => Some(serving.lock().await),
                _ => None,
            };
            if let Some(until) = wrap_up {
                // Written and remembered in one turn, so that whoever compares both finds both or neither.
                self.keep_wrap_up(person, until).await?;
            }
            let mut known = self.hub.known();
            if let Some(operator) = known.people.get_mut(person) {
                operator.last_active = now;
                operator.row.wrap_up_until = wrap_up.or(operator.row.wrap_up_until);
            }
            known.forget(person, id, HoldEnd::Done, now);
        }
        if wrap_up.is_none() {
            self.serve_waiting(person).await?;
        }
        Ok(())
    }

    /// When the wrap-up ends that starts now; `None` when more is held, or the queue has none.
    fn wrap_up_after(&self, known: &Known, person: &PersonId, id: &WorkItemId, now: Instant) -> Option<Instant> {
        let operator = known.people.get(person)?;
        let lease = operator.leases.get(id).filter(|_| operator.leases.len() == 1)?;
        let spec = self.queues.iter().find(|spec| spec.code == lease.queue)?;
        (spec.wrap_up_seconds > 0).then(|| now.plus_seconds(spec.wrap_up_seconds))
    }

    async fn keep_wrap_up(&self, person: &PersonId, until: Instant) -> Answer<()> {
        let person = person.clone();
        let write = self.journal.db.write::<(), Fault, _>(move |tx| {
            let person = person.clone();
            Box::pin(async move { presence::store::set_wrap_up(tx, &person, until).await })
        });
        Ok(write.await?)
    }

    /// Tells the holders of cancelled work, as [`crate::cancel_subject`] answered it, and serves them.
    pub async fn cancelled(&self, ended: &[(WorkItemId, Option<PersonId>)]) -> Answer<()> {
        for (id, holder) in ended {
            if let Some(person) = holder {
                self.taken_away(person, id, HoldEnd::Cancelled).await?;
            }
        }
        self.timers.board_changed();
        Ok(())
    }

    /// A hold ended by somebody else's act: the holder is told and gets other work.
    async fn taken_away(&self, person: &PersonId, id: &WorkItemId, how: HoldEnd) -> Answer<()> {
        let known = self.hub.known().forget(person, id, how, self.journal.now());
        if known {
            self.serve_waiting(person).await?;
        }
        Ok(())
    }

    /// The session ended, by sign-out or by the browser's last word: everything it holds goes back now.
    pub async fn end_session(&self, person: &PersonId, session: &SessionId) -> Answer<()> {
        self.release(person, session, false).await?;
        let works_here = {
            let mut known = self.hub.known();
            if let Some(channel) = known.channels.remove(session) {
                channel.notify.notify_one();
            }
            known.people.get(person).is_some_and(|operator| &operator.row.session == session)
        };
        if works_here {
            self.force(person, session, Standing::SignedOut).await?;
        }
        Ok(())
    }

    /// A sentence for every station of a person.
    pub fn message(&self, to: &PersonId, text_zh: String, text_en: String, from: Option<PersonId>) {
        self.hub.known().say_to_person(to, Frame::Message { text_zh, text_en, from });
    }

    /// News for everybody who listens to an institution.
    pub fn news(&self, institution: &InstitutionId, news: serde_json::Value) {
        self.hub.known().say_to_institution(institution, news);
        self.timers.board_changed();
    }

    /// Returns what a session holds, tells its station, and lets others have it.
    async fn release(&self, person: &PersonId, session: &SessionId, only_unseen: bool) -> Answer<usize> {
        let now = self.journal.now();
        let released = lease::release_some(&self.journal.db, person, session, now, only_unseen).await?;
        if !released.is_empty() {
            let mut known = self.hub.known();
            for lease in &released {
                known.forget(person, &lease.work_item_id, HoldEnd::Released, now);
            }
            drop(known);
            self.wake();
        }
        Ok(released.len())
    }

    /// A change of presence that the engine decides, journaled as its own act.
    async fn force(&self, person: &PersonId, session: &SessionId, standing: Standing) -> Answer<()> {
        let now = self.journal.now();
        let key = format!("{person}/{session}/{}/{}", standing.as_str(), now.micros());
        let command = Command::of_machine("work.presence.force", "work", key, journal::Subject::of(person));
        let (of, at) = (person.clone(), session.clone());
        self.journal
            .run(command, move |cx| {
                let (of, at) = (of.clone(), at.clone());
                Box::pin(async move { presence::force(cx, of, at, standing).await })
            })
            .await?;
        if presence::find(&mut *self.journal.db.reader().await?, person).await?.is_some() {
            self.follow(person, session).await?;
        }
        Ok(())
    }
}

/// How long a closed connection may stay away before its work goes back: 1.5 s, the time of a reload.
pub(crate) const RESUME_MICROS: i64 = 3 * MICROS_PER_SECOND / 2;
