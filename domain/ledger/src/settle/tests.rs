//! Every path of the rule, and random histories against a core that loses what it likes.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::ready;
use kernel::calendar::BusinessDate;
use kernel::{Currency, Money};
use proptest::prelude::*;

use super::*;
use crate::connector::{Account, Asking, NameCheck};
use crate::voucher::{AccountNo, Posting};

fn posted() -> PostingOutcome {
    PostingOutcome::Posted { core_reference: CoreReference("C1".into()), at: Instant::from_micros(7) }
}

fn refused() -> PostingOutcome {
    PostingOutcome::Refused { code: RefusalCode::StopPayment, text: "t".into() }
}

fn lost() -> ConnectorError {
    ConnectorError::Unknown("lost".into())
}

fn unsent() -> ConnectorError {
    ConnectorError::NotSent("closed".into())
}

fn open(attempt: Attempt, cause: ConnectorError) -> Progress {
    Progress::Done(Settled::Open { attempt, cause })
}

#[test]
fn a_fresh_attempt_is_sent_and_an_unknown_one_is_asked_about_first() {
    assert_eq!(Progress::begin(Attempt::Fresh), Progress::Send(Attempt::Fresh));
    assert_eq!(Progress::begin(Attempt::Unknown), Progress::AskFirst);
}

#[test]
fn after_the_first_question_only_never_seen_is_sent() {
    let table = [
        (Ok(Found::Never), Progress::Send(Attempt::Unknown)),
        (Ok(Found::Ours(posted())), Progress::Done(posted().into())),
        (Ok(Found::Ours(refused())), Progress::Done(refused().into())),
        (Ok(Found::SomethingElse), Progress::Done(Settled::Conflict)),
        (Err(lost()), open(Attempt::Unknown, lost())),
        (Err(unsent()), open(Attempt::Unknown, unsent())),
    ];
    for (found, next) in table {
        assert_eq!(Progress::asked_first(found.clone()), next, "{found:?}");
    }
}

#[test]
fn after_sending_silence_is_asked_about_and_an_unsent_try_changes_nothing() {
    let protocol = ConnectorError::Protocol("x".into());
    for before in [Attempt::Fresh, Attempt::Unknown] {
        let table = [
            (Ok(posted()), Progress::Done(posted().into())),
            (Ok(refused()), Progress::Done(refused().into())),
            (Err(unsent()), open(before, unsent())),
            (Err(lost()), Progress::AskAfter(lost())),
            (Err(protocol.clone()), Progress::AskAfter(protocol.clone())),
            (Err(ConnectorError::KeyConflict), Progress::Done(Settled::Conflict)),
        ];
        for (answer, next) in table {
            assert_eq!(Progress::sent(before, answer.clone()), next, "{before:?} {answer:?}");
        }
    }
}

#[test]
fn after_the_second_question_nothing_is_sent_again() {
    let table = [
        (Ok(Found::Ours(posted())), Progress::Done(posted().into())),
        (Ok(Found::Ours(refused())), Progress::Done(refused().into())),
        (Ok(Found::SomethingElse), Progress::Done(Settled::Conflict)),
        (Ok(Found::Never), open(Attempt::Unknown, lost())),
        (Err(unsent()), open(Attempt::Unknown, lost())),
    ];
    for (found, next) in table {
        assert_eq!(Progress::asked_after(lost(), found.clone()), next, "{found:?}");
    }
}

#[test]
fn an_attempt_comes_back_from_its_stored_text() {
    for attempt in [Attempt::Fresh, Attempt::Unknown] {
        assert_eq!(Attempt::parse(attempt.as_str()), Some(attempt));
    }
    assert_eq!(Attempt::parse("maybe"), None);
}

/// What befalls one request on its way.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Answered,
    NeverSent,
    LostOnTheWayThere,
    LostOnTheWayBack,
    /// It arrives after everything else.
    Delayed,
}

/// A core in memory on a bad line: keys are answered once, requests meet the fates in turn.
struct BadLine {
    fates: Mutex<Vec<Fate>>,
    books: Mutex<Books>,
}

#[derive(Default)]
struct Books {
    answers: HashMap<String, PostingOutcome>,
    moved: u32,
    delayed: u32,
    refuses: bool,
}

impl Books {
    fn answer(&mut self, key: &PostingKey) -> PostingOutcome {
        let (refuses, moved) = (self.refuses, &mut self.moved);
        let decide = || {
            if refuses {
                refused()
            } else {
                *moved += 1;
                posted()
            }
        };
        self.answers.entry(key.to_string()).or_insert_with(decide).clone()
    }
}

impl BadLine {
    fn fate(&self) -> Fate {
        self.fates.lock().unwrap().pop().unwrap_or(Fate::Answered)
    }

    fn delayed_requests_arrive(&self, key: &PostingKey) {
        let mut books = self.books.lock().unwrap();
        for _ in 0..std::mem::take(&mut books.delayed) {
            books.answer(key);
        }
    }
}

impl CoreConnector for BadLine {
    fn post<'a>(&'a self, _: &'a Voucher, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        let mut books = self.books.lock().unwrap();
        let answer = match self.fate() {
            Fate::Answered => Ok(books.answer(key)),
            Fate::NeverSent => Err(unsent()),
            Fate::LostOnTheWayThere => Err(lost()),
            Fate::LostOnTheWayBack => {
                books.answer(key);
                Err(lost())
            }
            Fate::Delayed => {
                books.delayed += 1;
                Err(lost())
            }
        };
        ready(answer).boxed()
    }

    fn query<'a>(&'a self, key: &'a PostingKey) -> Asking<'a, QueryOutcome> {
        let answer = match self.fate() {
            Fate::Answered => Ok(match self.books.lock().unwrap().answers.get(key.as_str()).cloned() {
                None => QueryOutcome::NeverSeen,
                Some(PostingOutcome::Refused { code, text }) => QueryOutcome::Refused { code, text },
                Some(PostingOutcome::Posted { core_reference, at }) => {
                    QueryOutcome::Posted { core_reference, at, voucher: voucher(), reverses: None }
                }
            }),
            Fate::NeverSent => Err(unsent()),
            _ => Err(lost()),
        };
        ready(answer).boxed()
    }

    fn reverse<'a>(&'a self, _: &'a Reversal, key: &'a PostingKey) -> Asking<'a, PostingOutcome> {
        ready(Ok(self.books.lock().unwrap().answer(key))).boxed()
    }

    fn account<'a>(&'a self, _: &'a AccountNo) -> Asking<'a, Option<Account>> {
        ready(Ok(None)).boxed()
    }

    fn name_check<'a>(&'a self, _: &'a AccountNo, _: &'a str) -> Asking<'a, NameCheck> {
        ready(Ok(NameCheck::UnknownAccount)).boxed()
    }
}

fn voucher() -> Voucher {
    let (debit, credit) = (AccountNo::parse("A").unwrap(), AccountNo::parse("B").unwrap());
    let posting = Posting::new(debit, credit, Money::from_minor(5, Currency::CNY), "s").unwrap();
    Voucher::new(BusinessDate::new(2026, 11, 23).unwrap(), vec![posting], "v1").unwrap()
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = prop_oneof![
        Just(Fate::Answered),
        Just(Fate::NeverSent),
        Just(Fate::LostOnTheWayThere),
        Just(Fate::LostOnTheWayBack),
        Just(Fate::Delayed),
    ];
    prop::collection::vec(fate, 0..12)
}

proptest! {
    #[test]
    fn whatever_is_lost_the_verdict_is_what_the_books_say_then_and_ever_after(
        fates in fates(),
        refuses in any::<bool>(),
        late_after in 0..8_usize,
    ) {
        let line = BadLine { fates: Mutex::new(fates), books: Mutex::new(Books { refuses, ..Books::default() }) };
        let key = PostingKey::parse("k1").unwrap();
        let (mut attempt, mut calls) = (Attempt::Fresh, 0);
        let verdict = loop {
            match settle(&line, &voucher(), &key, attempt).now_or_never().expect("the core answers at once") {
                Settled::Open { attempt: next, .. } => attempt = next,
                settled => break settled,
            }
            calls += 1;
            if calls == late_after {
                line.delayed_requests_arrive(&key);
            }
            prop_assert!(calls < 20, "it comes to an end when the line does");
        };
        // The cause of a refusal may go away before the delayed requests arrive.
        line.books.lock().unwrap().refuses = false;
        line.delayed_requests_arrive(&key);
        let moved = line.books.lock().unwrap().moved;
        match verdict {
            Settled::Posted { .. } => prop_assert_eq!(moved, 1),
            Settled::Refused { .. } => prop_assert_eq!(moved, 0),
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
