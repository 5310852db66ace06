use super::*;
use crate::verify::{Report, Wrong, verify};
use kernel::hash::HashSuite;
use kernel::{Clock as _, Code, Instant, ItemId, PersonId, Refusal, SettableClock};
use serde_json::json;
use std::sync::Arc;
use storage::cipher::FileMasterKey;
use storage::vault::{Private, Vault};
use storage::{Database, Db, Fault, Sql, sql};

struct Desk {
    _folder: tempfile::TempDir,
    journal: Journal,
    person: PersonId,
    item: ItemId,
}

async fn desk() -> Desk {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(SettableClock::new(Instant::from_micros(1_700_000_000_000_000)));
    let path = folder.path().join("journal.db");
    let db = Db::open(&Database::Sqlite { path, durable: false }).await.expect("opens");
    let master = FileMasterKey::from_bytes(vec![7; 32]).expect("a key");
    let vault = Vault::open(&db, &master, "fields", clock.now()).await.expect("opens");
    let (person, item) = (PersonId::new(clock.now()), ItemId::new(clock.now()));
    Desk { _folder: folder, journal: Journal { db, clock, vault }, person, item }
}

impl Desk {
    fn command(&self, key: &str, input: &str) -> Command {
        Command {
            name: "test.item.note",
            actor: Actor::person(self.person.clone()),
            key: key.into(),
            input_hash: HashSuite::Sha256.digest(&[input.as_bytes()]),
            subject: Subject::of(&self.item),
        }
    }

    async fn note(&self, key: &str, text: &'static str) -> Answer<Outcome<i64>> {
        let item = self.item.clone();
        self.journal
            .run(self.command(key, text), move |mut cx: Cx<'_>| {
                let item = item.clone();
                Box::pin(async move {
                    if text == "forbidden" {
                        return Err(Refusal::new(Code::NotPermitted).into());
                    }
                    let entry = Entry::new(&item, "test.item.note", json!({"length": text.len()}))
                        .with_private("text", Private::new(text));
                    Ok(cx.append(entry).await?.done(7))
                })
            })
            .await
    }

    async fn as_owner(&self, statement: Sql) {
        let changed = self
            .journal
            .db
            .write::<u64, Fault, _>(move |tx| {
                let statement = statement.clone();
                Box::pin(async move { tx.execute(statement).await })
            })
            .await
            .expect("the owner may do anything");
        assert!(changed > 0, "the attack changed nothing");
    }

    async fn verify(&self) -> Report {
        verify(&self.journal.db, Some(&self.journal.vault)).await.expect("walks")
    }

    async fn findings(&self) -> Vec<(i64, Wrong)> {
        self.verify()
            .await
            .problems
            .into_iter()
            .filter(|p| p.subject == self.item.as_str())
            .map(|p| (p.seq, p.what))
            .collect()
    }
}

#[tokio::test]
async fn a_command_is_done_once_repeated_as_it_was_and_refused_when_it_differs() {
    let desk = desk().await;
    assert_eq!(desk.note("k1", "first").await.expect("runs"), Outcome::Done(7));
    assert_eq!(desk.note("k1", "first").await.expect("runs"), Outcome::AlreadyDone(7));
    assert_eq!(desk.note("k1", "other").await.expect("runs"), Outcome::ConflictsWithEarlier);
    let chain =
        by_subject(&mut desk.journal.db.reader().await.expect("reads"), &Subject::of(&desk.item)).await.expect("reads");
    assert_eq!(chain.len(), 1, "one entry for three calls");
    assert_eq!(chain[0].actor, desk.person.to_string());
}

#[tokio::test]
async fn a_refusal_changes_nothing_and_is_recorded_with_its_code() {
    let desk = desk().await;
    let refused = desk.note("k1", "forbidden").await.expect_err("refused");
    assert_eq!(refused.refusal().map(|r| r.code), Some(Code::NotPermitted));
    let mut reader = desk.journal.db.reader().await.expect("reads");
    assert!(by_subject(&mut reader, &Subject::of(&desk.item)).await.expect("reads").is_empty());
    let refusals = by_subject(&mut reader, &Subject::named(format!("refusals/{}", desk.person))).await.expect("reads");
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].refused);
    assert_eq!(refusals[0].payload["code"], "not_permitted");
    drop(reader);
    assert!(refused.refusal().is_some_and(Refusal::is_recorded), "whoever passes it on need not record it again");
    assert_eq!(desk.note("k1", "now allowed").await.expect("a refused key is free"), Outcome::Done(7));
}

#[tokio::test]
async fn a_refusal_that_is_recorded_is_not_recorded_again() {
    let desk = desk().await;
    let first = desk.journal.record_refusal(desk.command("k1", "x"), Refusal::new(Code::NotFound)).await.expect("runs");
    desk.journal.record_refusal(desk.command("k1", "x"), first).await.expect("runs");
    let mut reader = desk.journal.db.reader().await.expect("reads");
    let chain = Subject::named(format!("refusals/{}", desk.person));
    assert_eq!(by_subject(&mut reader, &chain).await.expect("reads").len(), 1);
}

#[tokio::test]
async fn what_a_repeat_is_told_is_kept_sealed_and_bound_to_its_key() {
    let desk = desk().await;
    let item = desk.item.clone();
    let say = |key: &str, said: &'static str| {
        let item = item.clone();
        desk.journal.run(desk.command(key, "x"), move |mut cx: Cx<'_>| {
            let item = item.clone();
            Box::pin(async move {
                Ok(cx.append(Entry::new(&item, "test.item.note", json!({}))).await?.done(said.to_owned()))
            })
        })
    };
    say("k1", "the note of a person").await.expect("runs");
    say("k2", "another").await.expect("runs");
    let kept = desk
        .journal
        .db
        .reader()
        .await
        .expect("reads")
        .all(sql("SELECT reply FROM idempotency_keys ORDER BY key"))
        .await;
    let kept = kept.expect("reads")[0].bytes("reply").expect("bytes");
    assert!(!String::from_utf8_lossy(&kept).contains("person"), "it is readable in the database");
    let again = desk.journal.earlier::<String>(&desk.command("k1", "x")).await.expect("reads");
    assert_eq!(again, Some(Outcome::AlreadyDone("the note of a person".to_owned())));
    assert_eq!(
        desk.journal.earlier::<String>(&desk.command("k1", "y")).await.expect("reads"),
        Some(Outcome::ConflictsWithEarlier)
    );
    assert_eq!(desk.journal.earlier::<String>(&desk.command("k3", "x")).await.expect("reads"), None);
    desk.as_owner(sql(
        "UPDATE idempotency_keys SET reply = (SELECT reply FROM idempotency_keys WHERE key = 'k2') WHERE key = 'k1'",
    ))
    .await;
    assert!(say("k1", "x").await.is_err(), "another command's reply is no reply of this one");
}

#[tokio::test]
async fn racing_repeats_of_one_key_do_one_thing() {
    let desk = desk().await;
    let (a, b, c) = tokio::join!(desk.note("k", "x"), desk.note("k", "x"), desk.note("k", "x"));
    let outcomes = [a.expect("runs"), b.expect("runs"), c.expect("runs")];
    assert_eq!(outcomes.iter().filter(|o| **o == Outcome::Done(7)).count(), 1);
    assert_eq!(outcomes.iter().filter(|o| **o == Outcome::AlreadyDone(7)).count(), 2);
}

#[tokio::test]
async fn an_untouched_journal_verifies_and_erasing_personal_text_keeps_it_so() {
    let desk = desk().await;
    for key in ["a", "b", "c"] {
        desk.note(key, "text of a person").await.expect("runs");
    }
    let report = desk.verify().await;
    assert_eq!((report.chains, report.entries, report.private_values), (1, 3, 3));
    assert_eq!(report.problems, []);
    desk.as_owner(sql("DELETE FROM journal_private WHERE entry_id = (SELECT MIN(entry_id) FROM journal_private)"))
        .await;
    assert_eq!(desk.findings().await, []);
}

/// A name, what the owner runs, and what the walk must find.
type Attack = (&'static str, &'static str, &'static [(i64, Wrong)]);

#[tokio::test]
async fn every_attack_of_the_database_owner_inside_a_chain_is_named() {
    let attacks: [Attack; 8] = [
        ("edit", "UPDATE journal_entries SET payload = '{}' WHERE seq = 2", &[(2, Wrong::Edited)]),
        ("hide a refusal", "UPDATE journal_entries SET refused = TRUE WHERE seq = 1", &[(1, Wrong::Edited)]),
        ("drop the post", "UPDATE journal_entries SET post = '' WHERE seq = 3", &[(3, Wrong::Edited)]),
        ("delete inside", "DELETE FROM journal_entries WHERE seq = 2", &[(3, Wrong::Gap)]),
        ("delete the tail", "DELETE FROM journal_entries WHERE seq = 4", &[(3, Wrong::HeadMismatch)]),
        ("delete the head row", "DELETE FROM journal_heads", &[(4, Wrong::HeadMissing)]),
        ("delete all entries", "DELETE FROM journal_entries", &[(4, Wrong::EntriesMissing)]),
        (
            "renumber",
            "UPDATE journal_entries SET seq = 9 WHERE seq = 4",
            &[(9, Wrong::Edited), (9, Wrong::Gap), (9, Wrong::HeadMismatch)],
        ),
    ];
    for (name, attack, expected) in attacks {
        let desk = desk().await;
        for key in ["a", "b", "c", "d"] {
            desk.note(key, "x").await.expect("runs");
        }
        desk.as_owner(sql("DELETE FROM journal_private")).await;
        desk.as_owner(sql(attack)).await;
        let mut expected = expected.to_vec();
        let mut found = desk.findings().await;
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[tokio::test]
async fn keys_are_kept_a_day_and_then_forgotten() {
    let desk = desk().await;
    desk.note("k", "x").await.expect("runs");
    for (hours, forgotten) in [(23, 0u64), (25, 1)] {
        let at = desk.journal.now().plus_seconds(hours * 3_600);
        let count =
            desk.journal.db.write::<u64, Fault, _>(move |tx| Box::pin(async move { forget_keys(tx, at).await })).await;
        assert_eq!(count.expect("runs"), forgotten, "after {hours} hours");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn chains_that_grow_while_they_are_walked_are_not_called_wrong() {
    let desk = std::sync::Arc::new(desk().await);
    let writers: Vec<_> = (0..4)
        .map(|lane| {
            let desk = std::sync::Arc::clone(&desk);
            tokio::spawn(async move {
                for n in 0..u32::MAX {
                    desk.note(&format!("k{lane}/{n}"), "first").await.expect("runs");
                    // Every refusal of a new person begins a chain of its own.
                    let actor = Actor::person(PersonId::new(Instant::from_micros(i64::from(n) + 1)));
                    let command = Command { actor, ..desk.command(&format!("r{lane}/{n}"), "first") };
                    let refused = desk.journal.record_refusal(command, Refusal::new(Code::NotPermitted)).await;
                    refused.expect("recorded");
                }
            })
        })
        .collect();
    let mut seen = 0;
    for _ in 0..40 {
        let report = desk.verify().await;
        assert_eq!(report.problems, []);
        seen = report.entries;
    }
    writers.iter().for_each(tokio::task::JoinHandle::abort);
    assert!(seen > 0, "something was written meanwhile");
    // What is wrong is found all the same.
    let cut = "DELETE FROM journal_heads WHERE subject = $1";
    desk.as_owner(sql(cut).bind(desk.item.as_str())).await;
    assert!(desk.findings().await.iter().any(|(_, wrong)| *wrong == Wrong::HeadMissing));
}
