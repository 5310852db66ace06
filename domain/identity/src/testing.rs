//! The bank of this crate's tests: one outlet, a teller's post, and people in it.

use crate::{HashParameters, Rules, SignIn, SignedIn, activation, session};
use journal::{Actor, Answer, Command, Cx, Journal, Recorded, Reply, Subject};
use kernel::calendar::BusinessDate;
use kernel::hash::HashSuite;
use kernel::{Code, InstitutionId, PersonId, PostId, SettableClock};
use organization::post::Category;
use organization::{Duty, InstitutionClass, NewAppointment, NewInstitution, NewPerson, NewPost, Opening};
use organization::{appointment, institution, post, staff};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::vault::Private;
use storage::{BoxFuture, Reader};
use testkit::{Desk, Guard};

pub(crate) const PASSWORD: &str = "river stone 7 lamp";

pub(crate) struct Bank {
    _guard: Guard,
    pub journal: Journal,
    pub rules: Rules,
    pub clock: Arc<SettableClock>,
    keys: AtomicU32,
    home: InstitutionId,
    post: PostId,
}

impl Bank {
    pub async fn open() -> Self {
        let Desk { guard, journal, clock } = testkit::desk().await;
        let now = journal.now();
        let mut bank = Self {
            _guard: guard,
            journal,
            rules: Rules::new(HashParameters::CHEAP).expect("rules"),
            clock,
            keys: AtomicU32::new(0),
            home: InstitutionId::new(now),
            post: PostId::new(now),
        };
        let province = NewInstitution {
            code: "62".into(),
            name_zh: "甘肃省分行".into(),
            name_en: "Gansu".into(),
            class: InstitutionClass::Province,
            parent: None,
            cnaps: None,
            opening: Opening::weekdays("08:30-17:00").expect("hours"),
        };
        bank.home = bank.done(move |cx| Box::pin(institution::add(cx, province.clone()))).await;
        bank.post = bank.done(|cx| Box::pin(post::add(cx, NewPost::standard(Duty::Teller)))).await;
        bank
    }

    pub fn key(&self) -> String {
        self.keys.fetch_add(1, Ordering::SeqCst).to_string()
    }

    pub fn command(&self, actor: Actor) -> Command {
        Command {
            name: "test.command",
            actor,
            key: self.key(),
            input_hash: HashSuite::Sha256.digest(&[]),
            subject: Subject::named("test"),
        }
    }

    /// Runs a command of the machine under a key of its own.
    pub async fn run<T, F>(&self, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        self.run_as(Actor::system("test"), work).await
    }

    pub async fn run_as<T, F>(&self, actor: Actor, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        Ok(self.journal.run(self.command(actor), work).await?.value()?)
    }

    /// Runs a command that must work.
    pub async fn done<T, F>(&self, work: F) -> T
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        self.run(work).await.expect("the command works")
    }

    pub async fn reader(&self) -> Reader {
        self.journal.db.reader().await.expect("reads")
    }

    /// Someone registered, without a post.
    pub async fn person(&self, employee_no: &str) -> PersonId {
        let new = NewPerson {
            employee_no: employee_no.into(),
            name: "张三丰".into(),
            category: Category::Employee,
            vendor_id: None,
            home: self.home.clone(),
        };
        self.done(move |cx| Box::pin(staff::add(cx, new.clone()))).await
    }

    /// Someone whom a vendor lends.
    pub async fn outsourced(&self, employee_no: &str) -> PersonId {
        let vendor = self.done(|cx| Box::pin(staff::add_vendor(cx, "V1".into(), "信达数据".into()))).await;
        let new = NewPerson {
            employee_no: employee_no.into(),
            name: "李四".into(),
            category: Category::Outsourced,
            vendor_id: Some(vendor),
            home: self.home.clone(),
        };
        self.done(move |cx| Box::pin(staff::add(cx, new.clone()))).await
    }

    /// Someone registered and appointed.
    pub async fn teller(&self, employee_no: &str) -> PersonId {
        let person_id = self.person(employee_no).await;
        let new = NewAppointment {
            person_id: person_id.clone(),
            post_id: self.post.clone(),
            institution_id: self.home.clone(),
            from: BusinessDate::parse("2026-01-01").expect("a date"),
            until: None,
        };
        self.done(move |mut cx| {
            let new = new.clone();
            Box::pin(async move { Ok(appointment::insert(&mut cx, new).await?.1.done(())) })
        })
        .await;
        person_id
    }

    /// A teller who has activated the account with [`PASSWORD`].
    pub async fn activated(&self, employee_no: &str) -> PersonId {
        let person = self.teller(employee_no).await;
        self.activate(&person, employee_no, PASSWORD).await.expect("activates");
        person
    }

    /// Sets a password by way of a new one-time code.
    pub async fn activate(&self, person: &PersonId, employee_no: &str, password: &str) -> Answer<()> {
        let command = self.command(Actor::system("test"));
        let code =
            activation::issue(&self.journal, &self.rules, command, person.clone()).await?.expect("a new command");
        let request = activation::Activation {
            key: self.key(),
            employee_no: employee_no.into(),
            code: Private::new(code.reveal()),
            password: Private::new(password),
            address: "10.1.1.1".into(),
        };
        Ok(activation::activate(&self.journal, &self.rules, request).await?.value()?)
    }

    pub async fn sign_in_from(&self, address: &str, employee_no: &str, password: &str) -> Answer<SignedIn> {
        let request = SignIn {
            employee_no: employee_no.into(),
            password: Private::new(password),
            seat: Some("A-07".into()),
            address: address.into(),
        };
        session::sign_in(&self.journal, &self.rules, request).await
    }

    pub async fn sign_in(&self, employee_no: &str, password: &str) -> Answer<SignedIn> {
        self.sign_in_from("10.1.1.2", employee_no, password).await
    }
}

/// The code and the detail of a refusal.
pub(crate) fn refusal_of<T: std::fmt::Debug>(answer: Answer<T>) -> (Code, String) {
    let failure = answer.expect_err("refused");
    let refusal = failure.refusal().unwrap_or_else(|| panic!("a fault: {failure}"));
    (refusal.code, refusal.detail.en.clone())
}

pub(crate) fn code_of<T: std::fmt::Debug>(answer: Answer<T>) -> Code {
    refusal_of(answer).0
}

/// Fixes the lifetimes of a command that is made in one place and run in another.
pub(crate) fn work<T, F>(work: F) -> F
where
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    work
}
