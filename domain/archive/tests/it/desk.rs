//! The counter of these tests: a database, a blob store, a clock, and a person with a seat.

use archive::capture::{self, SliceImage, StoredPage};
use archive::imaging::{QualityPolicy, Rect};
use archive::page::{self, Page};
use journal::{Actor, Answer, Command, Cx, Entry, EntryRow, Journal, Outcome, Recorded, Reply, Subject};
use kernel::hash::HashSuite;
use kernel::{Code, PageId, PersonId, Refusal, SliceId};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use storage::blobs::{Blobs, Stored};
use storage::{BoxFuture, Sql, sql};
use testkit::Desk;

/// The subject that pages are captured for, as an item's id would be.
pub const ITEM: &str = "itm_of_the_test";

/// The seat of the person who looks.
pub const SEAT: &str = "SEAT-07";

pub struct Counter {
    pub desk: Desk,
    pub blobs: Blobs,
    pub person: PersonId,
    keys: AtomicU32,
}

impl Counter {
    pub async fn new() -> Self {
        let desk = testkit::desk().await;
        let folder = desk.guard.folder.path().join("blobs");
        let blobs = Blobs::local(&folder, Arc::new(testkit::master_key()), false).expect("a blob store");
        let person = PersonId::new(desk.journal.now());
        Self { desk, blobs, person, keys: AtomicU32::new(0) }
    }

    pub fn journal(&self) -> &Journal {
        &self.desk.journal
    }

    pub fn actor(&self) -> Actor {
        Actor::person(self.person.clone()).at(None, None, Some(SEAT.to_owned()))
    }

    /// Decodes, judges and stores a file.
    pub async fn takes_in(&self, file: Vec<u8>) -> Answer<Vec<StoredPage>> {
        let prepared = capture::prepare(file.into(), QualityPolicy::attachment()).await?;
        capture::store(&self.blobs, prepared, self.journal().now()).await
    }

    /// Takes in a file of one page that is good.
    pub async fn one(&self, file: Vec<u8>) -> StoredPage {
        self.takes_in(file).await.expect("a good file").remove(0)
    }

    /// Runs a command on the item under a key of its own.
    pub async fn run<T, F>(&self, work: F) -> Answer<T>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let key = self.keys.fetch_add(1, Ordering::SeqCst).to_string();
        Ok(self.run_under(&key, work).await?.value()?)
    }

    pub async fn run_under<T, F>(&self, key: &str, work: F) -> Answer<Outcome<T>>
    where
        T: Reply,
        F: for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
    {
        let command = Command {
            name: "test.archive",
            actor: self.actor(),
            key: key.to_owned(),
            input_hash: HashSuite::Sha256.digest(&[]),
            subject: Subject::named(ITEM),
        };
        self.journal().run(command, work).await
    }

    pub async fn adds(&self, stored: &StoredPage) -> Answer<PageId> {
        self.run(adding(stored, &self.person)).await
    }

    pub async fn adds_under(&self, key: &str, stored: &StoredPage) -> Answer<Outcome<PageId>> {
        self.run_under(key, adding(stored, &self.person)).await
    }

    pub async fn replaces(&self, old: &PageId, stored: &StoredPage) -> Answer<PageId> {
        let (old, stored, person) = (old.clone(), stored.clone(), self.person.clone());
        self.run(move |mut cx| {
            let (old, stored, person) = (old.clone(), stored.clone(), person.clone());
            Box::pin(async move {
                let id = page::replace(&mut cx, &old, &stored, &person).await?;
                Ok(cx.append(entry()).await?.done(id))
            })
        })
        .await
    }

    pub async fn removes(&self, subject: &'static str, old: &PageId) -> Answer<()> {
        let old = old.clone();
        self.run(move |mut cx| {
            let old = old.clone();
            Box::pin(async move {
                page::remove(&mut cx, subject, &old).await?;
                Ok(cx.append(entry()).await?.done(()))
            })
        })
        .await
    }

    /// Cuts a slice out of a page and records its picture.
    pub async fn slice(&self, page: &Page, rect: Rect) -> (SliceId, SliceImage) {
        let display = self.load(&page.display).await;
        let slices =
            capture::cut_slices(&self.blobs, display, vec![rect], self.journal().now()).await.expect("a slice");
        let slice = slices.into_iter().next().expect("one for each rectangle");
        self.records(slice.stored.clone()).await;
        (SliceId::new(self.journal().now()), slice)
    }

    pub async fn records(&self, stored: Stored) {
        self.run(move |mut cx| {
            let stored = stored.clone();
            Box::pin(async move {
                stored.record(cx.tx).await?;
                Ok(cx.append(entry()).await?.done(()))
            })
        })
        .await
        .expect("the row is written");
    }

    pub async fn page(&self, id: &PageId) -> Page {
        let mut reader = self.journal().db.reader().await.expect("reads");
        page::find(&mut reader, id).await.expect("reads").expect("the page is there")
    }

    pub async fn current(&self) -> Vec<Page> {
        page::current(&mut self.journal().db.reader().await.expect("reads"), ITEM).await.expect("reads")
    }

    pub async fn versions(&self) -> Vec<Page> {
        page::all_versions(&mut self.journal().db.reader().await.expect("reads"), ITEM).await.expect("reads")
    }

    /// The plain bytes behind a blob.
    pub async fn load(&self, blob: &kernel::BlobId) -> Vec<u8> {
        let mut reader = self.journal().db.reader().await.expect("reads");
        page::bytes(&mut reader, &self.blobs, blob).await.expect("the blob is there")
    }

    pub async fn count(&self, statement: Sql) -> i64 {
        let mut reader = self.journal().db.reader().await.expect("reads");
        reader.one(statement).await.expect("a row").int("n").expect("a number")
    }

    /// Rows of pages and of blobs.
    pub async fn rows(&self) -> (i64, i64) {
        let pages = self.count(sql("SELECT COUNT(*) AS n FROM pages")).await;
        (pages, self.count(sql("SELECT COUNT(*) AS n FROM blobs")).await)
    }

    /// Every object of the blob store.
    pub fn objects(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        gather(&self.desk.guard.folder.path().join("blobs"), &mut found);
        found
    }

    /// What is recorded of looking at something: the openings in its chain.
    pub async fn openings(&self, subject: Subject) -> Vec<EntryRow> {
        let mut reader = self.journal().db.reader().await.expect("reads");
        let chain = journal::by_subject(&mut reader, &subject).await.expect("reads");
        chain.into_iter().filter(|entry| entry.kind == "archive.image.view").collect()
    }

    /// What was refused to the person who looks.
    pub async fn refusals(&self) -> Vec<EntryRow> {
        let mut reader = self.journal().db.reader().await.expect("reads");
        let chain = Subject::named(format!("refusals/{}", self.actor().name()));
        journal::by_subject(&mut reader, &chain).await.expect("reads")
    }
}

fn adding(
    stored: &StoredPage,
    person: &PersonId,
) -> impl for<'t> Fn(Cx<'t>) -> BoxFuture<'t, Answer<Recorded<PageId>>> + Send + Sync + 'static {
    let (stored, person) = (stored.clone(), person.clone());
    move |mut cx| {
        let (stored, person) = (stored.clone(), person.clone());
        Box::pin(async move {
            let id = page::add(&mut cx, ITEM, "voucher_front", &stored, &person).await?;
            Ok(cx.append(entry()).await?.done(id))
        })
    }
}

fn entry() -> Entry {
    Entry::named(Subject::named(ITEM), "test.archive", json!({}))
}

fn gather(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { gather(&path, found) } else { found.push(path) }
    }
}

/// The code of what was refused; a fault ends the test.
pub fn code<T: std::fmt::Debug>(answer: Answer<T>) -> Code {
    refusal(answer).code
}

pub fn refusal<T: std::fmt::Debug>(answer: Answer<T>) -> Refusal {
    let failure = answer.expect_err("it is refused");
    failure.refusal().cloned().unwrap_or_else(|| panic!("a fault: {failure}"))
}
