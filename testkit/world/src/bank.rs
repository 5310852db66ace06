//! The bank: institutions, people, the business type, and the core that it posts to.

use journal::{Actor, Answer, Command, Cx, Journal, Recorded, Reply, Subject};
use kernel::hash::HashSuite;
use kernel::{BusinessDate, InstitutionId, PersonId};
use ledger::{CoreConnector, HttpCore, HttpCoreConfig};
use organization::institution::{InstitutionClass, NewInstitution, Opening};
use organization::load::InstitutionRow;
use organization::staff::Relation;
use organization::{Category, Duty, NewAppointment, NewPerson};
use permission::{Act, Permit, Rights};
use processing::jobs::Machine;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::BoxFuture;
use storage::blobs::Blobs;
use testkit::Desk;

/// The code of the world's business type: a transfer with four double-keyed fields.
pub const TYPE_CODE: &str = "T01";

/// Name, duty, home institution, category. `kin` is declared a relative of `checker`.
pub const PEOPLE: &[(&str, Duty, &str, Category)] = &[
    ("teller", Duty::Teller, "OUT1", Category::Employee),
    ("other_teller", Duty::Teller, "OUT2", Category::Employee),
    ("outlet_supervisor", Duty::OutletSupervisor, "OUT1", Category::Employee),
    ("branch_manager", Duty::BranchManager, "BR1", Category::Employee),
    ("keyer_a", Duty::Keyer, "SUB1", Category::Employee),
    ("keyer_b", Duty::Keyer, "SUB1", Category::Employee),
    ("keyer_c", Duty::Keyer, "SUB1", Category::Employee),
    ("kin", Duty::Keyer, "SUB1", Category::Employee),
    ("vendor_a", Duty::Keyer, "SUB1", Category::Outsourced),
    ("vendor_b", Duty::Keyer, "SUB1", Category::Outsourced),
    ("third", Duty::ThirdKeyer, "SUB1", Category::Employee),
    ("third_b", Duty::ThirdKeyer, "SUB1", Category::Employee),
    ("checker", Duty::ElementChecker, "SUB1", Category::Employee),
    ("checker_b", Duty::ElementChecker, "SUB1", Category::Employee),
    ("reviewer", Duty::RefusalReviewer, "SUB1", Category::Employee),
    ("authorizer", Duty::Authorizer, "SUB1", Category::Employee),
    ("supervisor", Duty::DutySupervisor, "CENTER", Category::Employee),
    ("manager", Duty::CenterManager, "CENTER", Category::Employee),
    ("inspector", Duty::QualityInspector, "CENTER", Category::Employee),
    ("auditor", Duty::Auditor, "HEAD", Category::Employee),
    ("administrator", Duty::OrganizationAdministrator, "HEAD", Category::Employee),
    ("system_administrator", Duty::SystemAdministrator, "HEAD", Category::Employee),
    ("site_manager", Duty::VendorSiteManager, "SUB1", Category::Outsourced),
];

const INSTITUTIONS: &[(&str, Option<&str>, InstitutionClass)] = &[
    ("HEAD", None, InstitutionClass::HeadOffice),
    ("PROV", Some("HEAD"), InstitutionClass::Province),
    ("CENTER", Some("PROV"), InstitutionClass::Center),
    ("SUB1", Some("CENTER"), InstitutionClass::SubCenter),
    ("BR1", Some("PROV"), InstitutionClass::Tier2Branch),
    ("SB1", Some("BR1"), InstitutionClass::SubBranch),
    ("OUT1", Some("SB1"), InstitutionClass::Outlet),
    ("OUT2", Some("SB1"), InstitutionClass::Outlet),
];

/// A bank under test.
pub struct World {
    pub desk: Desk,
    pub blobs: Blobs,
    pub machine: Machine,
    pub institutions: HashMap<String, InstitutionId>,
    pub people: HashMap<String, PersonId>,
    pub core: Arc<dyn CoreConnector>,
    pub core_url: String,
    pub(crate) core_handle: Option<corebank_sim::Handle>,
    keys: AtomicU32,
}

impl World {
    pub async fn new() -> Self {
        let desk = testkit::desk().await;
        let folder = desk.guard.folder.path();
        let blobs = Blobs::local(&folder.join("blobs"), Arc::new(testkit::master_key()), false).expect("a blob store");
        let config = corebank_sim::Config {
            listen: ([127, 0, 0, 1], 0).into(),
            database: folder.join("core.db"),
            clock: Arc::clone(&desk.clock) as Arc<dyn kernel::Clock>,
        };
        let (address, handle) = corebank_sim::serve(config).await.expect("the simulated core starts");
        let core_url = format!("http://{address}");
        let connector = HttpCore::new(&HttpCoreConfig::new(core_url.as_str())).expect("a connector");
        let core: Arc<dyn CoreConnector> = Arc::new(connector);
        let machine = Machine { journal: desk.journal.clone(), blobs: blobs.clone(), core: Arc::clone(&core) };
        // No node works here, but commands look the queues up.
        let queues = work::Engine::new(desk.journal.clone(), processing::queues::QUEUES.to_vec(), "world");
        assert_eq!(queues.start().await.expect("the queues are written down"), work::Start::Begun);
        let mut world = Self {
            desk,
            blobs,
            machine,
            institutions: HashMap::new(),
            people: HashMap::new(),
            core,
            core_url,
            core_handle: Some(handle),
            keys: AtomicU32::new(0),
        };
        world.found().await;
        world
    }

    pub fn journal(&self) -> &Journal {
        &self.desk.journal
    }

    /// Runs a command of the machine under a key of its own.
    pub async fn run<T, F>(&self, name: &'static str, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        self.run_as(name, Actor::system("test"), work).await
    }

    /// Runs a command as somebody.
    pub async fn run_as<T, F>(&self, name: &'static str, actor: Actor, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let key = format!("world-{}", self.keys.fetch_add(1, Ordering::SeqCst));
        let input_hash = HashSuite::Sha256.digest(&[key.as_bytes()]);
        let command = Command { name, actor, key, input_hash, subject: Subject::named("world") };
        Ok(self.journal().run(command, work).await?.value()?)
    }

    /// What a named person may do today.
    pub async fn rights(&self, name: &str) -> Rights {
        let mut reader = self.journal().db.reader().await.expect("reads");
        Rights::load(&mut reader, self.person(name), self.today()).await.expect("a person of the world")
    }

    /// A named person's permit; the test ends when the person has none.
    pub async fn permit<A: Act>(&self, name: &str) -> Permit<A> {
        self.rights(name).await.permit(Some(format!("seat-{name}"))).expect("the person may do it")
    }

    pub fn person(&self, name: &str) -> &PersonId {
        self.people.get(name).expect("a person of the world")
    }

    pub fn today(&self) -> BusinessDate {
        kernel::calendar::TimeZone::SHANGHAI.date_at(self.journal().now()).expect("a date")
    }

    async fn found(&mut self) {
        let ids = self.load_institutions().await;
        self.institutions = INSTITUTIONS.iter().map(|(code, _, _)| (*code).to_owned()).zip(ids).collect();
        self.load_people().await;
        self.load_calendar().await;
        let text = include_str!("../definitions/T01.toml").to_owned();
        self.run("test.definitions", move |cx| {
            let texts = vec![text.clone()];
            Box::pin(async move { processing::definition::load_at_setup(cx, &texts).await })
        })
        .await
        .expect("the business type loads");
        crate::verbs::open_accounts(&self.core_url).await;
    }

    async fn load_institutions(&self) -> Vec<InstitutionId> {
        let rows: Vec<InstitutionRow> = INSTITUTIONS
            .iter()
            .map(|(code, parent, class)| InstitutionRow {
                parent_code: parent.map(str::to_owned),
                new: NewInstitution {
                    code: (*code).to_owned(),
                    name_zh: format!("机构{code}"),
                    name_en: format!("Institution {code}"),
                    class: *class,
                    parent: None,
                    cnaps: None,
                    opening: Opening::weekdays("08:30-12:00,13:30-17:30").expect("opening hours"),
                },
            })
            .collect();
        let joined = self
            .run("test.institutions", move |mut cx| {
                let rows = rows.clone();
                Box::pin(async move {
                    let (ids, receipt) = organization::load::institutions(&mut cx, &rows).await?;
                    Ok(receipt.done(ids.iter().map(InstitutionId::as_str).collect::<Vec<_>>().join(",")))
                })
            })
            .await
            .expect("institutions load");
        joined.split(',').map(|id| InstitutionId::parse(id).expect("an id")).collect()
    }

    async fn load_people(&mut self) {
        let homes = self.institutions.clone();
        let joined = self
            .run("test.people", move |mut cx| {
                let homes = homes.clone();
                Box::pin(async move {
                    let (posts, _) = organization::load::standard_posts(&mut cx).await?;
                    let (vendors, _) =
                        organization::load::vendors(&mut cx, &[("V1".into(), "外包公司".into())]).await?;
                    let rows: Vec<NewPerson> = PEOPLE
                        .iter()
                        .map(|(name, _, home, category)| NewPerson {
                            employee_no: (*name).to_owned(),
                            name: format!("姓名 {name}"),
                            category: *category,
                            vendor_id: (*category == Category::Outsourced).then(|| vendors[0].clone()),
                            home: homes[*home].clone(),
                        })
                        .collect();
                    let (ids, _) = organization::load::people(&mut cx, &rows).await?;
                    let find = |name: &str| ids[PEOPLE.iter().position(|row| row.0 == name).expect("named")].clone();
                    let kin = [(find("kin"), find("checker"), Relation::Spouse)];
                    organization::load::relatives(&mut cx, &kin).await?;
                    let appointments = PEOPLE.iter().zip(&ids).map(|((name, duty, home, _), person)| NewAppointment {
                        person_id: person.clone(),
                        post_id: posts.iter().find(|(of, _)| of == duty).expect("every duty has a post").1.clone(),
                        institution_id: homes[*home].clone(),
                        // The relative of a checker may not hold a keyer's post beside him; the post is older than the kinship here.
                        from: BusinessDate::new(2026, 1, if *name == "kin" { 2 } else { 1 }).expect("a date"),
                        until: None,
                    });
                    let (_, receipt) =
                        organization::load::appointments(&mut cx, &appointments.collect::<Vec<_>>()).await?;
                    Ok(receipt.done(ids.iter().map(PersonId::as_str).collect::<Vec<_>>().join(",")))
                })
            })
            .await
            .expect("people load");
        self.people = PEOPLE
            .iter()
            .map(|row| row.0.to_owned())
            .zip(joined.split(',').map(|id| PersonId::parse(id).expect("an id")))
            .collect();
    }

    /// One more person of a duty, in the first sub-center.
    pub async fn joins(&mut self, name: &'static str, duty: Duty) {
        let home = self.institutions["SUB1"].clone();
        let id = self
            .run("test.joins", move |mut cx| {
                let home = home.clone();
                Box::pin(async move {
                    let posts = organization::post::all(cx.tx).await?;
                    let post = posts.iter().find(|post| post.duty == duty).expect("every duty has a post");
                    let row = NewPerson {
                        employee_no: name.to_owned(),
                        name: format!("姓名 {name}"),
                        category: Category::Employee,
                        vendor_id: None,
                        home: home.clone(),
                    };
                    let (ids, _) = organization::load::people(&mut cx, &[row]).await?;
                    let appointment = NewAppointment {
                        person_id: ids[0].clone(),
                        post_id: post.post_id.clone(),
                        institution_id: home,
                        from: BusinessDate::new(2026, 1, 1).expect("a date"),
                        until: None,
                    };
                    let (_, receipt) = organization::load::appointments(&mut cx, &[appointment]).await?;
                    Ok(receipt.done(ids[0].to_string()))
                })
            })
            .await
            .expect("joins");
        self.people.insert(name.to_owned(), PersonId::parse(&id).expect("an id"));
    }

    async fn load_calendar(&self) {
        for year in [2025, 2026, 2027] {
            let table =
                format!(r#"{{"year":{year},"days":[{{"name":"元旦","date":"{year}-01-01","isOffDay":true}}]}}"#);
            self.run("test.calendar", move |cx| {
                let table = table.clone();
                Box::pin(async move { organization::calendar::import_holidays(cx, table).await })
            })
            .await
            .expect("the calendar loads");
        }
    }
}
