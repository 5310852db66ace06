//! The bank of this crate's tests: an empty database of either engine, a clock that stands still, and a few named things.

use crate::institution::{self, InstitutionClass, NewInstitution, Opening};
use crate::post::{Category, Duty, NewPost};
use crate::staff::NewPerson;
use crate::{post, staff};
use journal::{Actor, Answer, Command, Cx, Journal, Recorded, Reply, Subject};
use kernel::calendar::BusinessDate;
use kernel::hash::HashSuite;
use kernel::{Code, InstitutionId, PersonId, PostId, Refusal};
use std::sync::atomic::{AtomicU32, Ordering};
use storage::{BoxFuture, Reader};
use testkit::{Desk, Guard};

pub(crate) struct Bank {
    _guard: Guard,
    pub journal: Journal,
    keys: AtomicU32,
}

impl Bank {
    pub async fn empty() -> Self {
        let Desk { guard, journal, clock: _ } = testkit::desk().await;
        Self { _guard: guard, journal, keys: AtomicU32::new(0) }
    }

    /// Runs a command under a key of its own.
    pub async fn run<T, F>(&self, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let command = Command {
            name: "test.command",
            actor: Actor::system("test"),
            key: self.keys.fetch_add(1, Ordering::SeqCst).to_string(),
            input_hash: HashSuite::Sha256.digest(&[]),
            subject: Subject::named("test"),
        };
        Ok(self.journal.run(command, work).await?.value()?)
    }

    /// Runs a command that must work.
    pub async fn done<T, F>(&self, work: F) -> T
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        self.run(work).await.expect("the command works")
    }

    /// Runs a command that must be refused; answers the code and the field.
    pub async fn refused<T, F>(&self, work: F) -> (Code, Option<String>)
    where
        T: Reply + std::fmt::Debug,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let failure = self.run(work).await.expect_err("the command is refused");
        let Refusal { code, field, .. } = failure.refusal().cloned().unwrap_or_else(|| panic!("a fault: {failure}"));
        (code, field)
    }

    pub async fn reader(&self) -> Reader {
        self.journal.db.reader().await.expect("reads")
    }

    pub async fn institution(
        &self,
        code: &str,
        class: InstitutionClass,
        parent: Option<&InstitutionId>,
    ) -> InstitutionId {
        let new = new_institution(code, class, parent);
        self.done(move |cx| Box::pin(institution::add(cx, new.clone()))).await
    }

    /// Province, tier-2 branch, sub-branch and outlet, in this order.
    pub async fn tree(&self) -> [InstitutionId; 4] {
        let province = self.institution("62", InstitutionClass::Province, None).await;
        let branch = self.institution("6201", InstitutionClass::Tier2Branch, Some(&province)).await;
        let sub_branch = self.institution("620101", InstitutionClass::SubBranch, Some(&branch)).await;
        let outlet = self.institution("62010101", InstitutionClass::Outlet, Some(&sub_branch)).await;
        [province, branch, sub_branch, outlet]
    }

    pub async fn post(&self, duty: Duty) -> PostId {
        self.done(move |cx| Box::pin(post::add(cx, NewPost::standard(duty)))).await
    }

    pub async fn employee(&self, employee_no: &str, home: &InstitutionId) -> PersonId {
        let new = new_person(employee_no, Category::Employee, home);
        self.done(move |cx| Box::pin(staff::add(cx, new.clone()))).await
    }
}

/// Fixes the lifetimes of a command that is made in one place and run in another.
pub(crate) fn command<T, F>(work: F) -> F
where
    F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    work
}

pub(crate) fn new_institution(code: &str, class: InstitutionClass, parent: Option<&InstitutionId>) -> NewInstitution {
    NewInstitution {
        code: code.into(),
        name_zh: format!("机构{code}"),
        name_en: format!("Institution {code}"),
        class,
        parent: parent.cloned(),
        cnaps: None,
        opening: Opening::weekdays("08:30-17:00").expect("hours"),
    }
}

pub(crate) fn new_person(employee_no: &str, category: Category, home: &InstitutionId) -> NewPerson {
    NewPerson {
        employee_no: employee_no.into(),
        name: format!("张{employee_no}"),
        category,
        vendor_id: None,
        home: home.clone(),
    }
}

pub(crate) fn date(text: &str) -> BusinessDate {
    BusinessDate::parse(text).expect("a date")
}
