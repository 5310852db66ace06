use super::*;
use crate::testing::{Bank, PASSWORD, code_of, refusal_of};
use journal::by_subject;
use model::{Admission, Lock, Window};

fn at(seconds: i64) -> Instant {
    Instant::from_micros(0).plus_seconds(seconds)
}

#[test]
fn five_failures_lock_for_half_a_minute_and_each_further_one_twice_as_long_up_to_an_hour() {
    let policy = AttemptPolicy::default();
    let mut lock = None;
    let mut now = at(0);
    let mut waits = Vec::new();
    for _ in 0..14 {
        let (next, admission) = policy.attempt(lock, now);
        assert_eq!(admission, Admission::Open);
        let wait = next.locked_until.since(now) / 1_000_000;
        waits.push(wait);
        if wait > 0 {
            let almost = next.locked_until.plus_micros(-1);
            assert_eq!(
                policy.attempt(Some(next), almost),
                (next, Admission::Locked { seconds: 1 }),
                "nothing is counted"
            );
        }
        now = next.locked_until;
        lock = Some(next);
    }
    assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
}

#[test]
fn failures_are_forgotten_after_a_day_and_never_overflow() {
    let policy = AttemptPolicy::default();
    let four = Lock { failures: 4, locked_until: at(0), last_at: at(0) };
    let day = 24 * 3_600;
    assert_eq!(policy.attempt(Some(four), at(day - 1)).0.failures, 5);
    assert_eq!(policy.attempt(Some(four), at(day)).0.failures, 1);
    let endless = Lock { failures: i64::MAX, locked_until: at(0), last_at: at(0) };
    assert_eq!(policy.attempt(Some(endless), at(1)).0.locked_until, at(1 + 3_600));
}

#[test]
fn an_address_has_sixty_attempts_a_minute_and_only_the_first_refusal_is_marked() {
    let policy = AttemptPolicy::default();
    let mut window: Option<Window> = None;
    let mut answers = Vec::new();
    for _ in 0..63 {
        let (next, admission) = policy.enter(window, at(10));
        answers.push(admission);
        window = Some(next);
    }
    assert!(answers[..60].iter().all(|admission| *admission == Admission::Open));
    let refused = |is_first| Admission::TooMany { seconds: 60, is_first };
    assert_eq!(answers[60..], [refused(true), refused(false), refused(false)]);
    assert_eq!(policy.enter(window, at(69)).1, Admission::TooMany { seconds: 1, is_first: false });
    assert_eq!(policy.enter(window, at(70)).1, Admission::Open, "the window is over");
    assert_eq!(policy.enter(window, at(9)).1, Admission::Open, "a clock set back locks nobody out for long");
}

#[tokio::test]
async fn a_number_is_locked_out_after_five_wrong_passwords_also_for_the_right_one_and_also_when_nobody_has_it() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    for number in ["620001", "no such number"] {
        for _ in 0..5 {
            assert_eq!(code_of(bank.sign_in(number, "wrong horse 5").await), Code::WrongCredentials, "{number}");
        }
        let locked = (Code::LockedOut, "30".to_owned());
        assert_eq!(refusal_of(bank.sign_in(number, "wrong horse 5").await), locked, "{number}");
        assert_eq!(refusal_of(bank.sign_in(number, PASSWORD).await), locked, "{number}");
    }
    bank.clock.advance_seconds(30);
    bank.sign_in("620001", PASSWORD).await.expect("the lock-out is over");
    for _ in 0..4 {
        assert_eq!(code_of(bank.sign_in("620001", "wrong horse 5").await), Code::WrongCredentials, "counted anew");
    }
    bank.sign_in("620001", PASSWORD).await.expect("four failures lock nobody out");
}

#[tokio::test]
async fn thirty_guesses_at_once_are_five_guesses() {
    let bank = std::sync::Arc::new(Bank::open().await);
    bank.activated("620001").await;
    let guesses: Vec<_> = (0..30)
        .map(|n| {
            let bank = bank.clone();
            tokio::spawn(async move { code_of(bank.sign_in("620001", &format!("guess number {n}")).await) })
        })
        .collect();
    let mut codes = Vec::new();
    for guess in guesses {
        codes.push(guess.await.expect("ends"));
    }
    assert_eq!(codes.iter().filter(|code| **code == Code::WrongCredentials).count(), 5);
    assert_eq!(codes.iter().filter(|code| **code == Code::LockedOut).count(), 25);
}

#[tokio::test]
async fn an_address_is_bounded_whatever_numbers_it_tries_and_its_flood_leaves_one_entry() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    for n in 0..60 {
        let answer = bank.sign_in_from("10.9.9.9", &format!("guess{n}"), "wrong horse 5").await;
        assert_eq!(code_of(answer), Code::WrongCredentials);
    }
    for _ in 0..5 {
        let answer = bank.sign_in_from("10.9.9.9", "620001", PASSWORD).await;
        assert_eq!(refusal_of(answer), (Code::RateLimited, "60".to_owned()));
    }
    bank.sign_in_from("10.9.9.8", "620001", PASSWORD)
        .await
        .expect("another address is free, and the number was not locked");
    let chain = by_subject(&mut *bank.reader().await, &Subject::named("refusals/system:sign_in")).await.expect("reads");
    assert_eq!(chain.iter().filter(|entry| entry.payload["code"] == "rate_limited").count(), 1);
    assert_eq!(chain.iter().filter(|entry| entry.payload["code"] == "wrong_credentials").count(), 60);
    assert!(!chain.iter().any(|entry| entry.payload.to_string().contains("guess")), "what was typed is not kept");
}

#[tokio::test]
async fn counters_that_no_longer_matter_are_forgotten() {
    let bank = Bank::open().await;
    assert_eq!(code_of(bank.sign_in("x", "wrong horse 5").await), Code::WrongCredentials);
    for (seconds, expected) in [(30, 0), (60, 1), (24 * 3_600, 1), (24 * 3_600, 0)] {
        bank.clock.advance_seconds(seconds);
        let (rules, now) = (bank.rules.clone(), bank.journal.now());
        let forgotten = bank
            .journal
            .db
            .write::<u64, Fault, _>(move |tx| {
                let rules = rules.clone();
                Box::pin(async move { crate::forget(tx, &rules, now).await })
            })
            .await;
        assert_eq!(forgotten.expect("runs"), expected, "after {seconds} seconds more");
    }
}

#[tokio::test]
async fn attempts_that_race_the_forgetting_of_counters_are_counted_and_never_a_fault() {
    let bank = std::sync::Arc::new(Bank::open().await);
    let policy = bank.rules.attempts;
    for round in 0..40 {
        let tasks = (0..6).map(|n| {
            let bank = bank.clone();
            tokio::spawn(async move {
                match n % 3 {
                    0 => clear(&bank.journal, "620001").await.map_err(journal::Failure::from),
                    1 => {
                        let later = bank.journal.now().plus_seconds(2 * 24 * 3_600);
                        let work = bank.journal.db.write::<u64, Fault, _>(move |tx| {
                            Box::pin(async move { forget(tx, &policy, later).await })
                        });
                        work.await.map(drop).map_err(journal::Failure::from)
                    }
                    _ => admit(&bank.journal, &policy, "620001", "10.1.1.9").await,
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            if let Err(failure) = task.await.expect("ends") {
                assert!(failure.refusal().is_some(), "round {round}: {failure}");
            }
        }
    }
}
