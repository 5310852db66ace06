//! Commits whose reply never comes, because the network cut the connection behind them.

use journal::{Actor, Command, Cx, Entry, Journal, Outcome, Subject, by_subject};
use kernel::hash::HashSuite;
use kernel::{Clock as _, PersonId, SettableClock};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use storage::vault::Vault;
use storage::{Database, Db, Fault};
use testkit::{MONDAY_MORNING, master_key};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};

/// What PostgreSQL says when a transaction was committed.
const COMMITTED: &[u8] = b"COMMIT\0";

/// A line to the server that loses the next reply to a commit when it is told to.
struct Line {
    journal: Journal,
    loses: Arc<AtomicBool>,
}

impl Line {
    /// `None` where the engine under test has no line.
    async fn open() -> Option<Self> {
        let url = std::env::var("SHUNIU_TEST_DATABASE").ok().filter(|url| url.starts_with("postgres"))?;
        let (account, place) = url.split_once('@')?;
        let (server, database) = place.split_once('/')?;
        let (database, socket) = match database.split_once("?host=") {
            // A server that listens on no port but in a folder of its own.
            Some((database, folder)) => (database, Some(format!("{folder}/.s.PGSQL.5432"))),
            None => (database, None),
        };
        let url_by = |line: &str| format!("{account}@{line}/{database}");
        let loses = Arc::new(AtomicBool::new(false));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let here = listener.local_addr().expect("an address").to_string();
        let (to, cut) = (server.to_owned(), Arc::clone(&loses));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                match &socket {
                    Some(file) => {
                        let server = UnixStream::connect(file).await.expect("the server");
                        tokio::spawn(carry(client, server, Arc::clone(&cut)));
                    }
                    None => {
                        let server = TcpStream::connect(&to).await.expect("the server");
                        tokio::spawn(carry(client, server, Arc::clone(&cut)));
                    }
                }
            }
        });
        let clock = Arc::new(SettableClock::new(MONDAY_MORNING));
        let schema = format!("test_{}", PersonId::new(clock.now()).as_str().to_lowercase());
        let database = Database::Postgres { url: url_by(&here), schema: Some(schema) };
        let db = Db::open(&database).await.expect("opens");
        let vault = Vault::open(&db, &master_key(), "fields", clock.now()).await.expect("opens");
        Some(Self { journal: Journal { db, clock, vault }, loses })
    }
}

async fn carry(mut client: TcpStream, mut server: impl AsyncRead + AsyncWrite + Unpin, loses: Arc<AtomicBool>) {
    let (mut said, mut answered) = ([0u8; 16 << 10], [0u8; 16 << 10]);
    loop {
        tokio::select! {
            read = client.read(&mut said) => match read {
                Ok(n) if n > 0 => server.write_all(&said[..n]).await.expect("the server hears"),
                _ => return,
            },
            read = server.read(&mut answered) => match read {
                Ok(n) if n > 0 => {
                    let committed = answered[..n].windows(COMMITTED.len()).any(|part| part == COMMITTED);
                    if committed && loses.swap(false, Ordering::SeqCst) {
                        return;
                    }
                    if client.write_all(&answered[..n]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
    }
}

#[tokio::test]
async fn a_command_whose_commit_was_not_answered_is_done_once_and_its_caller_is_told_so() {
    let Some(line) = Line::open().await else {
        eprintln!("skipped: an embedded database has no line that could be cut");
        return;
    };
    let person = PersonId::new(line.journal.now());
    let command = Command {
        name: "test.note",
        actor: Actor::person(person.clone()),
        key: "k".into(),
        input_hash: HashSuite::Sha256.digest(&[b"x"]),
        subject: Subject::of(&person),
    };
    let ran = Arc::new(AtomicU32::new(0));
    let note = || {
        let (person, ran) = (person.clone(), Arc::clone(&ran));
        line.journal.run(command.clone(), move |mut cx: Cx<'_>| {
            let person = person.clone();
            ran.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move { Ok(cx.append(Entry::new(&person, "test.note", json!({}))).await?.done(7i64)) })
        })
    };
    line.loses.store(true, Ordering::SeqCst);
    assert_eq!(note().await.expect("runs"), Outcome::Done(7), "it was this call that did it");
    assert!(!line.loses.load(Ordering::SeqCst), "no reply was lost");
    assert_eq!(note().await.expect("runs"), Outcome::AlreadyDone(7));
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    let mut reader = line.journal.db.reader().await.expect("reads");
    assert_eq!(by_subject(&mut reader, &Subject::of(&person)).await.expect("reads").len(), 1);
}

#[tokio::test]
async fn a_write_without_a_key_does_not_run_again_after_a_commit_that_was_not_answered() {
    let Some(line) = Line::open().await else {
        eprintln!("skipped: an embedded database has no line that could be cut");
        return;
    };
    let ran = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&ran);
    line.loses.store(true, Ordering::SeqCst);
    let outcome = line.journal.db.write::<(), Fault, _>(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Ok(()) })
    });
    assert!(matches!(outcome.await, Err(Fault::OutcomeUnknown(_))));
    assert_eq!(ran.load(Ordering::SeqCst), 1);
    line.journal.db.write::<(), Fault, _>(|_| Box::pin(async { Ok(()) })).await.expect("the next one is written");
}
