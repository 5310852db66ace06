use super::*;
use crate::testing::{Bank, PASSWORD, code_of, work};
use crate::{SignedIn, session};
use journal::by_subject;

const NEW: &str = "quiet harbor 4 tea";

async fn changed(bank: &Bank, signed_in: &SignedIn, key: &str, old: &str, new: &str) -> Answer<Outcome<()>> {
    let request = Change {
        actor: Actor::person(signed_in.session.person_id.clone()),
        key: key.into(),
        session_id: signed_in.session.session_id.clone(),
        address: "10.1.1.2".into(),
        old: Private::new(old),
        new: Private::new(new),
    };
    change(&bank.journal, &bank.rules, request).await
}

async fn one_signed_in(bank: &Bank) -> SignedIn {
    bank.activated("620001").await;
    bank.sign_in("620001", PASSWORD).await.expect("signs in")
}

#[tokio::test]
async fn a_changed_password_replaces_the_old_one_and_ends_the_other_sessions() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    let elsewhere = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    assert_eq!(changed(&bank, &here, "k", PASSWORD, NEW).await.expect("changes"), Outcome::Done(()));
    assert_eq!(changed(&bank, &here, "k", PASSWORD, NEW).await.expect("repeats"), Outcome::AlreadyDone(()));
    let other = changed(&bank, &here, "k", PASSWORD, "another harbor 4 tea").await.expect("is told");
    assert_eq!(other, Outcome::ConflictsWithEarlier, "another password under the same key");
    let mut conn = bank.reader().await;
    let now = bank.journal.now();
    session::authenticate(&mut conn, &bank.rules, here.token.reveal(), now).await.expect("goes on");
    let ended = session::authenticate(&mut conn, &bank.rules, elsewhere.token.reveal(), now).await;
    assert_eq!(code_of(ended), Code::Unauthenticated);
    assert_eq!(code_of(bank.sign_in("620001", PASSWORD).await), Code::WrongCredentials);
    bank.sign_in("620001", NEW).await.expect("signs in with the new one");
    let chain = by_subject(&mut conn, &Subject::of(&here.session.person_id)).await.expect("reads");
    let entry = chain.iter().find(|entry| entry.kind == "identity.password.change").expect("is recorded");
    assert_eq!(entry.payload["sessions_ended"], 1);
}

#[tokio::test]
async fn a_wrong_old_password_is_refused_recorded_and_counted_like_a_wrong_sign_in() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    for n in 0..5 {
        let answer = changed(&bank, &here, &format!("k{n}"), "wrong horse 5", NEW).await;
        assert_eq!(code_of(answer), Code::WrongCredentials);
    }
    assert_eq!(code_of(changed(&bank, &here, "k5", PASSWORD, NEW).await), Code::LockedOut);
    let refusals = Subject::named(format!("refusals/{}", here.session.person_id));
    assert_eq!(by_subject(&mut *bank.reader().await, &refusals).await.expect("reads").len(), 5);
    bank.clock.advance_seconds(30);
    changed(&bank, &here, "k6", PASSWORD, NEW).await.expect("changes after the lock-out");
}

#[tokio::test]
async fn weak_passwords_are_refused_without_being_counted() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    for (n, weak) in ["short1", "nodigitsatall", "620001-and-more", "我叫张三丰今年25岁呀", "Password123"]
        .into_iter()
        .cycle()
        .take(8)
        .enumerate()
    {
        assert_eq!(
            code_of(changed(&bank, &here, &format!("k{n}"), PASSWORD, weak).await),
            Code::PasswordTooWeak,
            "{weak}"
        );
    }
    changed(&bank, &here, "good", PASSWORD, NEW).await.expect("changes");
}

#[tokio::test]
async fn none_of_the_last_five_passwords_comes_again_and_the_sixth_may() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    let nth = |n: usize| if n == 0 { PASSWORD.to_owned() } else { format!("quiet harbor {n} tea") };
    for n in 1..=5 {
        for earlier in 0..n {
            let answer = changed(&bank, &here, &format!("{n} back to {earlier}"), &nth(n - 1), &nth(earlier)).await;
            assert_eq!(code_of(answer), Code::PasswordReused, "back from {} to {earlier}", n - 1);
        }
        changed(&bank, &here, &format!("to {n}"), &nth(n - 1), &nth(n)).await.expect("changes");
    }
    changed(&bank, &here, "to the first", &nth(5), PASSWORD).await.expect("the first is long ago");
}

#[tokio::test]
async fn two_racing_changes_leave_one() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    let (a, b) = tokio::join!(
        changed(&bank, &here, "a", PASSWORD, NEW),
        changed(&bank, &here, "b", PASSWORD, "another harbor 4 tea")
    );
    let refused: Vec<_> = [a, b].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].refusal().map(|refusal| refusal.code), Some(Code::WrongCredentials));
}

#[tokio::test]
async fn a_person_who_must_change_the_password_is_told_so_until_it_is_changed() {
    let bank = Bank::open().await;
    let here = one_signed_in(&bank).await;
    let require = |person: &PersonId| {
        let person = person.clone();
        work(move |cx| Box::pin(require_change(cx, person.clone())))
    };
    bank.done(require(&here.session.person_id)).await;
    bank.done(require(&here.session.person_id)).await;
    assert_eq!(code_of(bank.run(require(&PersonId::new(bank.journal.now()))).await), Code::NotFound);
    let seen = |token: &str| {
        let token = token.to_owned();
        let bank = &bank;
        async move {
            session::authenticate(&mut *bank.reader().await, &bank.rules, &token, bank.journal.now())
                .await
                .expect("holds")
        }
    };
    assert!(seen(here.token.reveal()).await.must_change_password);
    changed(&bank, &here, "k", PASSWORD, NEW).await.expect("changes");
    assert!(!seen(here.token.reveal()).await.must_change_password);
}

#[tokio::test]
async fn the_demonstration_sets_many_passwords_with_one_entry_and_never_over_another() {
    let bank = Bank::open().await;
    let people = [bank.teller("620001").await, bank.teller("620002").await];
    let hash = bank.rules.hasher.hash(&Private::new(PASSWORD)).await.expect("hashes");
    let proof = DemonstrationOnly::from_flag(true).expect("a demonstration");
    let load = |ids: &[PersonId]| {
        let rows: Vec<_> = ids.iter().map(|id| (id.clone(), hash.clone())).collect();
        let rules = bank.rules.clone();
        work(move |mut cx| {
            let (rows, rules) = (rows.clone(), rules.clone());
            Box::pin(async move { Ok(set_initial(&mut cx, &rules, &rows, proof).await?.done(())) })
        })
    };
    assert_eq!(code_of(bank.run(load(&[PersonId::new(bank.journal.now())])).await), Code::NotFound);
    bank.done(load(&people)).await;
    assert_eq!(code_of(bank.run(load(&people[1..])).await), Code::WrongState, "twice");
    for number in ["620001", "620002"] {
        assert!(!bank.sign_in(number, PASSWORD).await.expect("signs in").session.must_change_password);
    }
    assert!(is_set(&mut *bank.reader().await, &people[0]).await.expect("reads"));
    let chain = by_subject(&mut *bank.reader().await, &Subject::named("identity/demonstration")).await.expect("reads");
    assert_eq!(chain.len(), 1);
}
