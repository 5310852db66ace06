//! The same command several times at once, where its work finds the state that the first left.

use journal::{Actor, Answer, Command, Cx, Entry, Journal, Outcome, Subject, by_subject};
use kernel::hash::HashSuite;
use kernel::{Clock as _, Code, JobId, PersonId, Refusal};
use serde_json::json;
use std::time::Duration;
use storage::jobs::{self, NewJob};
use storage::{Fault, sql};
use testkit::{Desk, desk};

/// Something that can be taken once.
async fn thing(desk: &Desk) -> JobId {
    let now = desk.clock.now();
    let made = desk.journal.db.write::<Option<JobId>, Fault, _>(move |tx| {
        let payload = json!({});
        let job = NewJob { kind: "test.thing", payload, dedup_key: None, run_at: now, attempts_max: 1 };
        Box::pin(async move { jobs::enqueue(tx, now, job).await })
    });
    made.await.expect("writes").expect("made")
}

fn command(person: &PersonId, thing: &JobId, key: &str, input: &str) -> Command {
    Command {
        name: "test.thing.take",
        actor: Actor::person(person.clone()),
        key: key.into(),
        input_hash: HashSuite::Sha256.digest(&[input.as_bytes()]),
        subject: Subject::named(thing.as_str()),
    }
}

async fn take(journal: Journal, command: Command, thing: JobId) -> Answer<Outcome<i64>> {
    journal
        .run(command, move |mut cx: Cx<'_>| {
            let thing = thing.clone();
            Box::pin(async move {
                let taking = sql("UPDATE jobs SET state = 'done' WHERE job_id = $1 AND state = 'ready'");
                if cx.tx.execute(taking.bind(&thing)).await? == 0 {
                    return Err(Refusal::new(Code::WrongState).into());
                }
                // Long enough for every other to have begun and to wait for the row.
                tokio::time::sleep(Duration::from_millis(200)).await;
                let entry = Entry::named(Subject::named(thing.as_str()), "test.thing.take", json!({}));
                Ok(cx.append(entry).await?.done(7))
            })
        })
        .await
}

#[tokio::test]
async fn a_repeat_that_waited_for_the_first_is_told_what_the_first_was_told() {
    let desk = desk().await;
    let (thing, person) = (thing(&desk).await, PersonId::new(desk.clock.now()));
    let repeat = || take(desk.journal.clone(), command(&person, &thing, "k", "x"), thing.clone());
    let (a, b, c) = tokio::join!(repeat(), repeat(), repeat());
    let outcomes = [a.expect("runs"), b.expect("runs"), c.expect("runs")];
    assert_eq!(outcomes.iter().filter(|it| **it == Outcome::Done(7)).count(), 1);
    assert_eq!(outcomes.iter().filter(|it| **it == Outcome::AlreadyDone(7)).count(), 2);
    let mut reader = desk.journal.db.reader().await.expect("reads");
    let refusals = Subject::named(format!("refusals/{person}"));
    assert_eq!(by_subject(&mut reader, &refusals).await.expect("reads").len(), 0, "nobody was refused anything");
}

#[tokio::test]
async fn another_command_that_waited_for_the_first_is_refused_in_the_open() {
    let desk = desk().await;
    let (thing, person) = (thing(&desk).await, PersonId::new(desk.clock.now()));
    let run = |key, input| take(desk.journal.clone(), command(&person, &thing, key, input), thing.clone());
    let (one, other) = tokio::join!(run("k", "x"), run("l", "x"));
    assert_eq!([&one, &other].into_iter().filter(|it| it.is_err()).count(), 1, "{one:?} {other:?}");
    let key = if one.is_ok() { "k" } else { "l" };
    assert_eq!(run(key, "y").await.expect("runs"), Outcome::ConflictsWithEarlier);
    let mut reader = desk.journal.db.reader().await.expect("reads");
    let refusals = Subject::named(format!("refusals/{person}"));
    assert_eq!(by_subject(&mut reader, &refusals).await.expect("reads").len(), 1);
}
