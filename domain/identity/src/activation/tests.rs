use super::*;
use crate::session;
use crate::testing::{Bank, PASSWORD, code_of, refusal_of};
use journal::by_subject;
use kernel::calendar::BusinessDate;

const NEW: &str = "quiet harbor 4 tea";

async fn issued(bank: &Bank, person: &PersonId) -> OneTimeCode {
    let command = bank.command(Actor::system("test"));
    issue(&bank.journal, &bank.rules, command, person.clone()).await.expect("issues").expect("for the first time")
}

async fn activated(bank: &Bank, key: &str, employee_no: &str, code: &str, password: &str) -> Answer<Outcome<()>> {
    let request = Activation {
        key: key.into(),
        employee_no: employee_no.into(),
        code: Private::new(code),
        password: Private::new(password),
        address: "10.1.1.2".into(),
    };
    activate(&bank.journal, &bank.rules, request).await
}

#[tokio::test]
async fn a_code_sets_the_first_password_once() {
    let bank = Bank::open().await;
    let person = bank.teller("620001").await;
    let code = issued(&bank, &person).await;
    let typed = code.reveal().to_lowercase().replace('-', " ");
    assert_eq!(activated(&bank, "k", "620001", &typed, PASSWORD).await.expect("activates"), Outcome::Done(()));
    assert_eq!(activated(&bank, "k", "620001", &typed, PASSWORD).await.expect("repeats"), Outcome::AlreadyDone(()));
    assert_eq!(activated(&bank, "k", "620001", &typed, NEW).await.expect("is told"), Outcome::ConflictsWithEarlier);
    assert_eq!(code_of(activated(&bank, "k2", "620001", &typed, NEW).await), Code::OneTimeCodeInvalid, "used");
    bank.sign_in("620001", PASSWORD).await.expect("signs in");
}

#[tokio::test]
async fn a_code_is_good_for_a_day_and_a_new_one_makes_it_void() {
    let bank = Bank::open().await;
    let person = bank.teller("620001").await;
    let first = issued(&bank, &person).await;
    let second = issued(&bank, &person).await;
    assert_eq!(code_of(activated(&bank, "k1", "620001", first.reveal(), PASSWORD).await), Code::OneTimeCodeInvalid);
    bank.clock.advance_seconds(24 * 3_600);
    assert_eq!(code_of(activated(&bank, "k2", "620001", second.reveal(), PASSWORD).await), Code::OneTimeCodeInvalid);
    let third = issued(&bank, &person).await;
    bank.clock.advance_seconds(24 * 3_600 - 1);
    activated(&bank, "k3", "620001", third.reveal(), PASSWORD).await.expect("just in time");
}

#[tokio::test]
async fn a_code_opens_its_own_persons_account_only_and_an_unknown_number_is_told_the_same() {
    let bank = Bank::open().await;
    let (li, _wang) = (bank.teller("620001").await, bank.teller("620002").await);
    let code = issued(&bank, &li).await;
    for number in ["620002", "629999", ""] {
        let refused = refusal_of(activated(&bank, "k", number, code.reveal(), PASSWORD).await);
        assert_eq!(refused, (Code::OneTimeCodeInvalid, String::new()), "{number}");
    }
    for _ in 0..5 {
        assert_eq!(
            code_of(activated(&bank, "k", "620001", "0000-0000-0000-0000", PASSWORD).await),
            Code::OneTimeCodeInvalid
        );
    }
    assert_eq!(
        code_of(activated(&bank, "k", "620001", code.reveal(), PASSWORD).await),
        Code::LockedOut,
        "guessing is bounded"
    );
}

#[tokio::test]
async fn a_weak_password_does_not_use_the_code_up_nor_tell_a_stranger_whose_number_it_is() {
    let bank = Bank::open().await;
    let person = bank.teller("620001").await;
    let code = issued(&bank, &person).await;
    let with_name = "我是张三丰2026年3月";
    assert_eq!(code_of(activated(&bank, "k1", "620001", code.reveal(), "short1").await), Code::PasswordTooWeak);
    assert_eq!(code_of(activated(&bank, "k2", "620001", "wrong code", with_name).await), Code::OneTimeCodeInvalid);
    assert_eq!(code_of(activated(&bank, "k3", "620001", code.reveal(), with_name).await), Code::PasswordTooWeak);
    activated(&bank, "k4", "620001", code.reveal(), PASSWORD).await.expect("activates");
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_way_of_a_code_and_its_sessions_end() {
    let bank = Bank::open().await;
    let person = bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let code = issued(&bank, &person).await;
    bank.sign_in("620001", PASSWORD).await.expect("the old one holds until then");
    assert_eq!(code_of(activated(&bank, "k1", "620001", code.reveal(), PASSWORD).await), Code::PasswordReused);
    activated(&bank, "k2", "620001", code.reveal(), NEW).await.expect("activates");
    let answer =
        session::authenticate(&mut *bank.reader().await, &bank.rules, signed_in.token.reveal(), bank.journal.now())
            .await;
    assert_eq!(code_of(answer), Code::Unauthenticated);
    assert_eq!(code_of(bank.sign_in("620001", PASSWORD).await), Code::WrongCredentials);
    bank.sign_in("620001", NEW).await.expect("signs in");
}

#[tokio::test]
async fn a_code_is_shown_once_and_not_issued_to_oneself_the_unknown_or_the_gone() {
    let bank = Bank::open().await;
    let person = bank.teller("620001").await;
    let gone = bank.teller("620002").await;
    let leaver = gone.clone();
    let today = BusinessDate::parse("2026-11-23").expect("a date");
    bank.done(move |cx| Box::pin(staff::leave(cx, leaver.clone(), today))).await;
    let command = bank.command(Actor::system("test"));
    let again = command.clone();
    assert!(issue(&bank.journal, &bank.rules, command, person.clone()).await.expect("issues").is_some());
    assert_eq!(issue(&bank.journal, &bank.rules, again, person.clone()).await.expect("repeats"), None);
    let own = bank.command(Actor::person(person.clone()));
    assert_eq!(code_of(issue(&bank.journal, &bank.rules, own, person.clone()).await), Code::NotPermitted);
    for (id, expected) in [(gone, Code::WrongState), (PersonId::new(bank.journal.now()), Code::NotFound)] {
        let command = bank.command(Actor::system("test"));
        assert_eq!(code_of(issue(&bank.journal, &bank.rules, command, id).await), expected);
    }
}

#[tokio::test]
async fn the_first_two_administrators_begin_with_codes_until_one_has_a_password() {
    let bank = Bank::open().await;
    let (li, wang, chen) = (bank.teller("620001").await, bank.teller("620002").await, bank.teller("620003").await);
    let start = |a: &PersonId, b: &PersonId| bootstrap(&bank.journal, &bank.rules, [a.clone(), b.clone()]);
    assert_eq!(code_of(start(&li, &li).await), Code::InvalidField, "one person twice");
    assert_eq!(code_of(start(&li, &PersonId::new(bank.journal.now())).await), Code::NotFound);
    let [lost, replaced] = start(&li, &chen).await.expect("starts");
    let [first, second] = start(&li, &wang).await.expect("starts again while nobody has a password");
    assert_eq!(
        code_of(activated(&bank, "k0", "620001", lost.reveal(), PASSWORD).await),
        Code::OneTimeCodeInvalid,
        "void"
    );
    let of_the_replaced = activated(&bank, "k0", "620003", replaced.reveal(), PASSWORD).await;
    assert_eq!(code_of(of_the_replaced), Code::OneTimeCodeInvalid, "who is no longer one of the two");
    activated(&bank, "k1", "620001", first.reveal(), PASSWORD).await.expect("activates");
    assert_eq!(code_of(start(&li, &wang).await), Code::WrongState);
    activated(&bank, "k2", "620002", second.reveal(), NEW).await.expect("the second's code still holds");
    let chain = by_subject(&mut *bank.reader().await, &Subject::named("identity/bootstrap")).await.expect("reads");
    assert_eq!(chain.len(), 2);
    assert!(!chain.iter().any(|entry| entry.payload.to_string().contains(first.reveal())));
}

#[tokio::test]
async fn who_left_with_a_code_in_hand_cannot_use_it() {
    let bank = Bank::open().await;
    let person = bank.teller("620001").await;
    let code = issued(&bank, &person).await;
    let today = BusinessDate::parse("2026-11-23").expect("a date");
    bank.done(move |cx| Box::pin(staff::leave(cx, person.clone(), today))).await;
    assert_eq!(code_of(activated(&bank, "k", "620001", code.reveal(), PASSWORD).await), Code::WrongState);
}

#[tokio::test]
async fn a_vendors_person_is_not_one_of_the_first_administrators() {
    let bank = Bank::open().await;
    let (li, keyer) = (bank.teller("620001").await, bank.outsourced("900001").await);
    let answer = bootstrap(&bank.journal, &bank.rules, [li, keyer]).await;
    assert_eq!(code_of(answer), Code::WrongPersonCategory);
}
