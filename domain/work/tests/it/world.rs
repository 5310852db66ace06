//! A small bank: a center, two outlets, people by name, and stations that live as long as somebody lets them speak.

use journal::{Actor, Answer, Command, Cx, Failure, Outcome, Recorded, Reply, Subject};
use kernel::hash::HashSuite;
use kernel::{
    BusinessDate, Clock as _, Code, Instant, InstitutionId, PersonId, PostId, Refusal, SessionId, SliceId, VendorId,
    WorkItemId,
};
use organization::load::InstitutionRow;
use organization::staff::Relation;
use organization::{Category, Duty, InstitutionClass, NewAppointment, NewInstitution, NewPerson, Opening};
use permission::{Action, Hand, Permit, Rights, act};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use storage::BoxFuture;
use testkit::{Desk, desk};
use work::{Engine, Frame, Lease, Listener, NewWork, PresenceChange, QueueSpec, Stream};

pub const KEYING: &str = "keying";
pub const CHECKING: &str = "checking";
pub const AUTHORIZING: &str = "authorizing";

const fn queue(code: &'static str, action: Action, capacity: u32, wrap_up_seconds: i64) -> QueueSpec {
    QueueSpec { code, name_zh: code, name_en: code, action, capacity, wrap_up_seconds }
}

/// Keyers hold up to two slices, authorizers have five seconds of wrap-up.
pub const QUEUES: &[QueueSpec] = &[
    queue(KEYING, Action::KeySlice, 2, 0),
    queue(CHECKING, Action::CheckItem, 1, 0),
    queue(AUTHORIZING, Action::AuthorizeItem, 1, 5),
];

pub fn today() -> BusinessDate {
    BusinessDate::parse("2026-11-23").expect("a date")
}

/// Somebody of the bank.
#[derive(Debug, Clone)]
pub struct Who {
    pub id: PersonId,
    pub session: SessionId,
}

pub struct World {
    pub desk: Desk,
    pub engine: Arc<Engine>,
    pub center: InstitutionId,
    pub outlet: InstitutionId,
    posts: HashMap<Duty, PostId>,
    vendor: VendorId,
    counter: AtomicU64,
}

impl World {
    pub async fn new() -> Self {
        Self::with_seed(7).await
    }

    pub async fn with_seed(seed: u64) -> Self {
        let desk = desk().await;
        let (ids, posts, vendor) = found(&desk).await;
        let engine = Engine::with_seed(desk.journal.clone(), QUEUES.to_vec(), "node-a", seed);
        assert_eq!(engine.start().await.expect("the engine starts"), work::Start::Begun);
        let (center, outlet) = (ids[1].clone(), ids[4].clone());
        Self { desk, engine: Arc::new(engine), center, outlet, posts, vendor, counter: AtomicU64::new(1) }
    }

    /// A second server node on the same database.
    pub async fn second_node(&self) -> Arc<Engine> {
        let engine = Engine::with_seed(self.desk.journal.clone(), QUEUES.to_vec(), "node-b", 8);
        assert_eq!(engine.start().await.expect("the engine starts"), work::Start::Begun);
        Arc::new(engine)
    }

    pub fn now(&self) -> Instant {
        self.desk.clock.now()
    }

    fn next(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::SeqCst)
    }

    pub fn command(&self, actor: &PersonId) -> Command {
        self.command_with_key(actor, &format!("key-{}", self.next()))
    }

    pub fn command_with_key(&self, actor: &PersonId, key: &str) -> Command {
        let actor = Actor::person(actor.clone());
        let input_hash = HashSuite::Sha256.digest(&[b"input"]);
        Command { name: "test", actor, key: key.to_owned(), input_hash, subject: Subject::named("test") }
    }

    /// A new person in a post, at home in the center unless told otherwise.
    pub async fn person(&self, duty: Duty, category: Category, home: &InstitutionId) -> Who {
        let number = self.next();
        let vendor_id = (category == Category::Outsourced).then(|| self.vendor.clone());
        let new = NewPerson {
            employee_no: format!("{number:06}"),
            name: format!("员工{number}"),
            category,
            vendor_id,
            home: home.clone(),
        };
        let (post, center) = (self.posts[&duty].clone(), self.center.clone());
        let command = Command::of_machine("test.person", "test", format!("person-{number}"), Subject::named("test"));
        let outcome = self.desk.journal.run(command, move |mut cx| {
            let (new, post, center) = (new.clone(), post.clone(), center.clone());
            Box::pin(async move {
                let (people, _) = organization::load::people(&mut cx, &[new]).await?;
                let row = NewAppointment {
                    person_id: people[0].clone(),
                    post_id: post,
                    institution_id: center,
                    from: today(),
                    until: None,
                };
                let (_, receipt) = organization::load::appointments(&mut cx, &[row]).await?;
                Ok(receipt.done(people[0].clone()))
            })
        });
        let id = outcome.await.expect("a person").value().expect("new");
        Who { session: SessionId::new(self.now()), id }
    }

    pub async fn of(&self, duty: Duty) -> Who {
        self.person(duty, Category::Employee, &self.center).await
    }

    pub async fn keyer(&self) -> Who {
        self.of(Duty::Keyer).await
    }

    pub async fn relatives(&self, a: &Who, b: &Who) {
        let (a, b, number) = (a.id.clone(), b.id.clone(), self.next());
        let command = Command::of_machine("test.kin", "test", format!("kin-{number}"), Subject::named("test"));
        let declared = self.desk.journal.run(command, move |cx| {
            let (a, b) = (a.clone(), b.clone());
            Box::pin(organization::staff::declare_relative(cx, a, b, Relation::Spouse))
        });
        declared.await.expect("declared");
    }

    /// From today on the person holds no post.
    pub async fn end_appointments(&self, who: &Who) {
        let mut reader = self.desk.journal.db.reader().await.expect("a reader");
        let held = organization::appointment::of_person(&mut reader, &who.id).await.expect("appointments");
        drop(reader);
        for appointment in held {
            let id = appointment.appointment_id;
            let ended = self.run(self.command(&who.id), move |cx| {
                Box::pin(organization::appointment::end(cx, id.clone(), today(), "转岗".into()))
            });
            ended.await.expect("ended");
        }
    }

    pub async fn rights(&self, who: &Who) -> Rights {
        let mut reader = self.desk.journal.db.reader().await.expect("a reader");
        Rights::load(&mut reader, &who.id, today()).await.expect("rights")
    }

    pub async fn permit<A: permission::Act>(&self, who: &Who) -> Permit<A> {
        self.rights(who).await.permit(None).expect("a permit")
    }

    /// An employee of the center as the statement that finds work must know them, spoken with by the first node.
    pub fn taker(&self, keyer: &Who, capacity: u32) -> work::Taker {
        work::Taker {
            person: keyer.id.clone(),
            session: keyer.session.clone(),
            node: "node-a".into(),
            home: self.center.clone(),
            outsourced: false,
            capacity,
        }
    }

    /// Opens the stream of a person's session on the first node.
    pub async fn connect(&self, who: &Who, resume: Option<u64>) -> Stream {
        self.connect_at(&self.engine, who, resume).await
    }

    pub async fn connect_at(&self, engine: &Engine, who: &Who, resume: Option<u64>) -> Stream {
        let rights = self.rights(who).await;
        let listener = Listener { rights, session: who.session.clone(), institutions: vec![], board: false };
        engine.connect(listener, resume).await.expect("connected")
    }

    pub async fn set_presence(&self, who: &Who, change: PresenceChange) -> Answer<Outcome<work::Presence>> {
        self.set_presence_at(&self.engine, who, change).await
    }

    pub async fn set_presence_at(
        &self,
        engine: &Engine,
        who: &Who,
        change: PresenceChange,
    ) -> Answer<Outcome<work::Presence>> {
        let rights = self.rights(who).await;
        let permit = rights.permit::<act::TakeWork>(None).expect("may take work");
        engine.set_presence(self.command(&who.id), &permit, &rights, &who.session, change).await
    }

    /// Connects and becomes ready.
    pub async fn ready(&self, who: &Who) -> Stream {
        let stream = self.connect(who, None).await;
        self.set_presence(who, PresenceChange::ready()).await.expect("ready");
        stream
    }

    /// Connects and becomes ready; the one piece of work that comes is shown.
    pub async fn ready_and_showing(&self, who: &Who) -> (Stream, Lease) {
        let mut stream = self.ready(who).await;
        let lease = one(&mut stream);
        self.engine.acknowledge(&who.id, &lease.work_item_id, lease.fence).await.expect("shown");
        (stream, lease)
    }

    /// One item at a time, where prefetch would hide what is tested.
    pub async fn ready_for_one(&self, who: &Who) -> Stream {
        let stream = self.connect(who, None).await;
        let change = PresenceChange { capacity: Some(1), ..PresenceChange::ready() };
        self.set_presence(who, change).await.expect("ready");
        stream
    }

    /// Work of the usual kind: third class, due in half an hour, from the outlet.
    pub fn new_work(&self, queue: &'static str, subject: &str, hand: Hand) -> NewWork {
        NewWork {
            queue,
            subject: subject.to_owned(),
            origin: self.outlet.clone(),
            hand,
            slice: None,
            internal_only: false,
            priority_class: 3,
            due_at: self.now().plus_seconds(1_800),
            promote_at: None,
            task: serde_json::json!({"of": subject}),
        }
    }

    pub fn slice(&self) -> SliceId {
        SliceId::new(self.now())
    }

    pub async fn enqueue(&self, new: NewWork) -> WorkItemId {
        let now = self.now();
        let write = self.desk.journal.db.write::<_, storage::Fault, _>(move |tx| {
            let new = new.clone();
            Box::pin(async move { work::enqueue(tx, now, new).await })
        });
        write.await.expect("enqueued")
    }

    pub async fn enqueue_usual(&self, queue: &'static str, subject: &str, hand: Hand) -> WorkItemId {
        self.enqueue(self.new_work(queue, subject, hand)).await
    }

    pub async fn tick(&self) {
        self.engine.tick().await.expect("a round");
    }

    /// Lets time pass in quarter seconds, with a round in each; the named stations speak every second.
    pub async fn pass(&self, millis: i64, alive: &[&Who]) {
        for step in 0..millis / 250 {
            self.desk.clock.advance_micros(250_000);
            if step % 4 == 3 {
                for who in alive {
                    self.engine.heartbeat(&who.id, &who.session, true).await.expect("heard");
                }
            }
            self.tick().await;
        }
    }

    /// Runs an act of a person as a command of its own.
    pub async fn run<T, F>(&self, command: Command, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        Ok(self.desk.journal.run(command, work).await?.value()?)
    }

    /// Finishes work the way the areas do: check the hold, end it, one entry; then the engine is told.
    pub async fn finish(&self, who: &Who, id: &WorkItemId, fence: i64) -> Answer<()> {
        self.finish_at(&self.engine, who, id, fence).await
    }

    /// The same by a request that reached the node of `engine`.
    pub async fn finish_at(&self, engine: &Engine, who: &Who, id: &WorkItemId, fence: i64) -> Answer<()> {
        let (person, work) = (who.id.clone(), id.clone());
        self.run(self.command(&who.id), move |mut cx| {
            let (person, work) = (person.clone(), work.clone());
            Box::pin(async move {
                let held = work::held(&mut cx, &person, &work, fence).await?;
                work::complete(&mut cx, &held).await?;
                let entry = journal::Entry::named(Subject::named(held.subject), "test.finish", serde_json::json!({}));
                Ok(cx.append(entry).await?.done(()))
            })
        })
        .await?;
        engine.completed(&who.id, id).await
    }

    /// Gives work back the way the areas do; then the engine is told, unless it is a repeat.
    pub async fn hand_back(
        &self,
        command: Command,
        who: &Who,
        id: &WorkItemId,
        fence: i64,
        reason: &'static str,
        note: Option<&'static str>,
    ) -> Answer<Outcome<()>> {
        let (person, work) = (who.id.clone(), id.clone());
        let outcome = self.desk.journal.run(command, move |mut cx| {
            let (person, work) = (person.clone(), work.clone());
            Box::pin(async move { Ok(work::hand_back(&mut cx, &person, &work, fence, reason, note).await?.1.done(())) })
        });
        let outcome = outcome.await?;
        if matches!(outcome, Outcome::Done(())) {
            self.engine.handed_back(&who.id, id).await?;
        }
        Ok(outcome)
    }

    /// The station shows what it was given, and the work is done.
    pub async fn do_all(&self, who: &Who, stream: &mut Stream) -> usize {
        let mut done = 0;
        for lease in assigned(stream) {
            self.engine.acknowledge(&who.id, &lease.work_item_id, lease.fence).await.expect("shown");
            self.finish(who, &lease.work_item_id, lease.fence).await.expect("done");
            done += 1;
        }
        done
    }

    /// Text of one column of a work item, read past the engine.
    pub async fn column(&self, id: &WorkItemId, statement: &'static str) -> Option<String> {
        let mut reader = self.desk.journal.db.reader().await.expect("a reader");
        reader.one(storage::sql(statement).bind(id)).await.expect("the row").opt_text("value").expect("text")
    }

    pub async fn state(&self, id: &WorkItemId) -> String {
        self.column(id, "SELECT state AS value FROM work_items WHERE work_item_id = $1").await.expect("a state")
    }

    /// How the holds of a work item ended, in their order.
    pub async fn ends(&self, id: &WorkItemId) -> Vec<String> {
        let mut reader = self.desk.journal.db.reader().await.expect("a reader");
        let statement = storage::sql("SELECT how FROM ended_holds WHERE work_item_id = $1 ORDER BY fence");
        reader.all(statement.bind(id)).await.expect("rows").iter().map(|row| row.text("how").expect("text")).collect()
    }
}

/// Everything that waits in the stream now.
pub fn drain(stream: &mut Stream) -> Vec<Arc<Frame>> {
    std::iter::from_fn(|| stream.now()).map(|numbered| numbered.frame).collect()
}

/// The work among everything that waits in the stream now, also that of a hello.
pub fn assigned(stream: &mut Stream) -> Vec<Lease> {
    let mut leases = Vec::new();
    for frame in drain(stream) {
        match &*frame {
            Frame::Assigned(lease) => leases.push(lease.clone()),
            Frame::Hello { leases: held, .. } => leases.extend(held.iter().cloned()),
            _ => {}
        }
    }
    leases
}

/// The one piece of work that waits in the stream now.
pub fn one(stream: &mut Stream) -> Lease {
    let mut leases = assigned(stream);
    assert_eq!(leases.len(), 1, "one piece of work: {leases:?}");
    leases.remove(0)
}

pub fn subjects(leases: &[Lease]) -> Vec<&str> {
    leases.iter().map(|lease| lease.subject.as_str()).collect()
}

/// The code with which an act was refused.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Answer<T>) -> Code {
    match answer {
        Err(Failure::Refused(Refusal { code, .. })) => code,
        other => panic!("not refused: {other:?}"),
    }
}

/// Institutions from the province to two outlets, every standard post, one firm.
async fn found(desk: &Desk) -> (Vec<InstitutionId>, HashMap<Duty, PostId>, VendorId) {
    let row = |code: &str, class, parent: Option<&str>| InstitutionRow {
        parent_code: parent.map(str::to_owned),
        new: NewInstitution {
            code: code.into(),
            name_zh: format!("机构{code}"),
            name_en: format!("Institution {code}"),
            class,
            parent: None,
            cnaps: None,
            opening: Opening::weekdays("08:30-17:00").expect("hours"),
        },
    };
    let rows = vec![
        row("62", InstitutionClass::Province, None),
        row("6200", InstitutionClass::Center, Some("62")),
        row("6201", InstitutionClass::Tier2Branch, Some("62")),
        row("620101", InstitutionClass::SubBranch, Some("6201")),
        row("62010101", InstitutionClass::Outlet, Some("620101")),
    ];
    let command = Command::of_machine("test.found", "test", "bank", Subject::named("test"));
    let outcome = desk.journal.run(command, move |mut cx| {
        let rows = rows.clone();
        Box::pin(async move {
            let (institutions, _) = organization::load::institutions(&mut cx, &rows).await?;
            let (posts, _) = organization::load::standard_posts(&mut cx).await?;
            let (vendors, receipt) = organization::load::vendors(&mut cx, &[("V1".into(), "外包公司".into())]).await?;
            let ids = institutions.iter().map(InstitutionId::as_str);
            let posts = posts.iter().map(|(duty, post)| format!("{}={post}", duty.as_str()));
            let text: Vec<String> = ids.map(str::to_owned).chain(posts).chain([vendors[0].to_string()]).collect();
            Ok(receipt.done(text.join(" ")))
        })
    });
    let text = outcome.await.expect("a bank").value().expect("new");
    let mut words = text.split(' ');
    let institutions = words.by_ref().take(5).map(|id| InstitutionId::parse(id).expect("an id")).collect();
    let mut posts = HashMap::new();
    let mut vendor = None;
    for word in words {
        match word.split_once('=') {
            Some((duty, post)) => {
                posts.insert(Duty::parse(duty).expect("a duty"), PostId::parse(post).expect("an id"));
            }
            None => vendor = VendorId::parse(word).ok(),
        }
    }
    (institutions, posts, vendor.expect("a firm"))
}
