use super::*;
use crate::testing::{Bank, PASSWORD, code_of};
use journal::by_subject;
use kernel::calendar::BusinessDate;
use kernel::hash::HashSuite;
use storage::sql;

async fn seen(bank: &Bank, token: &Token) -> Answer<Session> {
    authenticate(&mut *bank.reader().await, &bank.rules, token.reveal(), bank.journal.now()).await
}

async fn refused<T, F>(bank: &Bank, actor: Actor, work: F) -> Code
where
    T: journal::Reply + std::fmt::Debug,
    F: for<'t> Fn(Cx<'t>) -> storage::BoxFuture<'t, Answer<Recorded<T>>> + Send + Sync + 'static,
{
    code_of(bank.run_as(actor, work).await)
}

#[tokio::test]
async fn a_person_signs_in_with_number_and_password_and_is_known_by_the_token() {
    let bank = Bank::open().await;
    let person = bank.activated("620001").await;
    let signed_in = bank.sign_in(" 620001 ", PASSWORD).await.expect("signs in");
    let session = seen(&bank, &signed_in.token).await.expect("is known");
    assert_eq!(session, signed_in.session);
    assert_eq!(
        (session.person_id.clone(), session.seat.as_deref(), session.address.as_str()),
        (person.clone(), Some("A-07"), "10.1.1.2")
    );
    assert!(!session.must_change_password);
    assert!(session.csrf_matches(signed_in.csrf.reveal()));
    assert!(!session.csrf_matches(signed_in.token.reveal()));
    assert!(!session.csrf_matches(""));
    let chain = by_subject(&mut *bank.reader().await, &Subject::of(&session.session_id)).await.expect("reads");
    assert_eq!((chain.len(), chain[0].actor.as_str(), chain[0].seat.as_deref()), (1, person.as_str(), Some("A-07")));
}

#[tokio::test]
async fn a_wrong_password_an_unknown_number_and_an_account_without_a_password_are_told_the_same() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    bank.teller("620002").await;
    let mut texts = Vec::new();
    for (number, password) in [("620001", "river stone 7 lamb"), ("620002", PASSWORD), ("629999", PASSWORD), ("", "")] {
        let failure = bank.sign_in(number, password).await.expect_err("refused");
        texts.push(failure.refusal().map(|refusal| (refusal.code, refusal.zh(), refusal.en(), refusal.field.clone())));
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    assert_eq!(texts[0].as_ref().map(|text| text.0), Some(Code::WrongCredentials));
    let chain = by_subject(&mut *bank.reader().await, &Subject::named("refusals/system:sign_in")).await.expect("reads");
    assert_eq!(chain.len(), 4, "each attempt is recorded");
}

#[tokio::test]
async fn who_holds_no_appointment_does_not_get_in() {
    let bank = Bank::open().await;
    let person = bank.person("620001").await;
    bank.activate(&person, "620001", PASSWORD).await.expect("activates");
    assert_eq!(code_of(bank.sign_in("620001", PASSWORD).await), Code::NoCurrentAppointment);
    assert_eq!(
        code_of(bank.sign_in("620001", "wrong horse 5").await),
        Code::WrongCredentials,
        "and learns it only with the password"
    );
}

#[tokio::test]
async fn who_leaves_is_out_on_that_date_with_a_session_open() {
    let bank = Bank::open().await;
    let person = bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let today = BusinessDate::parse("2026-11-23").expect("a date");
    bank.done(move |cx| Box::pin(staff::leave(cx, person.clone(), today))).await;
    assert_eq!(code_of(seen(&bank, &signed_in.token).await), Code::Unauthenticated);
    assert_eq!(code_of(bank.sign_in("620001", PASSWORD).await), Code::NoCurrentAppointment);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours_in_any_case() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    bank.clock.advance_seconds(29 * 60 + 59);
    seen(&bank, &signed_in.token).await.expect("still holds");
    bank.clock.advance_seconds(1);
    assert_eq!(code_of(seen(&bank, &signed_in.token).await), Code::Unauthenticated);
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    for quarter in 1..48 {
        bank.clock.advance_seconds(15 * 60);
        let session =
            seen(&bank, &signed_in.token).await.unwrap_or_else(|failure| panic!("quarter {quarter}: {failure}"));
        touch(&bank.journal.db, &bank.rules, &session, bank.journal.now()).await.expect("touches");
    }
    bank.clock.advance_seconds(15 * 60);
    assert_eq!(code_of(seen(&bank, &signed_in.token).await), Code::Unauthenticated, "twelve hours");
}

#[tokio::test]
async fn a_request_moves_the_last_sight_at_most_once_a_minute() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let start = signed_in.session.started_at;
    for (seconds, expected) in [(59, 0), (1, 60), (30, 60), (30, 120)] {
        bank.clock.advance_seconds(seconds);
        let session = seen(&bank, &signed_in.token).await.expect("is known");
        touch(&bank.journal.db, &bank.rules, &session, bank.journal.now()).await.expect("touches");
        let after = seen(&bank, &signed_in.token).await.expect("is known");
        assert_eq!(after.last_seen_at, start.plus_seconds(expected), "after {seconds} seconds more");
    }
}

#[tokio::test]
async fn garbage_and_the_stored_hash_are_no_tokens() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let mut conn = bank.reader().await;
    let row = conn.one(sql("SELECT token_hash FROM sessions")).await.expect("reads");
    let stolen: String = row.bytes("token_hash").expect("bytes").iter().map(|byte| format!("{byte:02x}")).collect();
    for token in ["", "x", &stolen, signed_in.csrf.reveal(), &signed_in.token.reveal()[..42]] {
        let answer = authenticate(&mut conn, &bank.rules, token, bank.journal.now()).await;
        assert_eq!(code_of(answer), Code::Unauthenticated, "{token}");
    }
}

#[tokio::test]
async fn a_second_sign_in_leaves_the_first_which_is_listed_and_can_be_ended_by_its_owner_only() {
    let bank = Bank::open().await;
    let (li, wang) = (bank.activated("620001").await, bank.activated("620002").await);
    let first = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    bank.clock.advance_seconds(1);
    let second = bank.sign_in_from("10.1.1.3", "620001", PASSWORD).await.expect("signs in");
    let listed = list(&mut *bank.reader().await, &bank.rules, &li, bank.journal.now()).await.expect("lists");
    assert_eq!(listed, [second.session.clone(), first.session.clone()]);
    let (id, owner, other) = (first.session.session_id.clone(), Actor::person(li.clone()), Actor::person(wang));
    let end = |id: &SessionId| {
        let id = id.clone();
        crate::testing::work(move |cx| Box::pin(sign_out(cx, id.clone())))
    };
    assert_eq!(refused(&bank, other, end(&id)).await, Code::NotFound, "somebody else's");
    seen(&bank, &first.token).await.expect("still holds");
    bank.run_as(owner.clone(), end(&id)).await.expect("ends");
    assert_eq!(code_of(seen(&bank, &first.token).await), Code::Unauthenticated);
    assert_eq!(refused(&bank, owner.clone(), end(&id)).await, Code::NotFound, "twice");
    assert_eq!(refused(&bank, owner, end(&SessionId::new(bank.journal.now()))).await, Code::NotFound, "unknown");
    seen(&bank, &second.token).await.expect("the other goes on");
    bank.clock.advance_seconds(30 * 60);
    assert_eq!(
        list(&mut *bank.reader().await, &bank.rules, &li, bank.journal.now()).await.expect("lists"),
        [],
        "idle ones are over"
    );
}

#[tokio::test]
async fn an_administrator_ends_one_session_or_all_with_a_reason() {
    let bank = Bank::open().await;
    let li = bank.activated("620001").await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(bank.sign_in("620001", PASSWORD).await.expect("signs in"));
    }
    let one = |index: usize, reason: &'static str| {
        let (person, id) = (li.clone(), sessions[index].session.session_id.clone());
        crate::testing::work(move |cx| Box::pin(revoke(cx, person.clone(), id.clone(), reason.into())))
    };
    let (somebody, his) = (PersonId::new(bank.journal.now()), sessions[1].session.session_id.clone());
    let of_another =
        crate::testing::work(move |cx| Box::pin(revoke(cx, somebody.clone(), his.clone(), "误操作".into())));
    let admin = || Actor::system("test");
    assert_eq!(refused(&bank, admin(), one(0, " ")).await, Code::ReasonRequired);
    assert_eq!(refused(&bank, admin(), of_another).await, Code::NotFound, "another person's session");
    bank.done(one(0, "离席未签退")).await;
    assert_eq!(refused(&bank, admin(), one(0, "离席未签退")).await, Code::NotFound, "twice");
    assert_eq!(code_of(seen(&bank, &sessions[0].token).await), Code::Unauthenticated);
    let keep = sessions[3].session.session_id.clone();
    let all = |person: &PersonId, reason: &'static str| {
        let (person, keep) = (person.clone(), keep.clone());
        crate::testing::work(move |cx| Box::pin(revoke_all(cx, person.clone(), Some(keep.clone()), reason.into())))
    };
    assert_eq!(refused(&bank, admin(), all(&li, "")).await, Code::ReasonRequired);
    assert_eq!(refused(&bank, admin(), all(&PersonId::new(bank.journal.now()), "密码泄露")).await, Code::NotFound);
    assert_eq!(bank.done(all(&li, "密码泄露")).await, 2);
    assert_eq!(bank.done(all(&li, "密码泄露")).await, 0, "twice");
    seen(&bank, &sessions[3].token).await.expect("the one that asked goes on");
    let mut conn = bank.reader().await;
    for (subject, reason) in
        [(journal::Subject::of(&sessions[0].session.session_id), "离席未签退"), (journal::Subject::of(&li), "密码泄露")]
    {
        let last = journal::by_subject(&mut conn, &subject).await.expect("entries").pop().expect("an entry");
        assert!(!last.payload.to_string().contains(reason), "what somebody writes is sealed: {}", last.payload);
        let kept = journal::private_values(&mut conn, &bank.journal.vault, &last.entry_id).await.expect("kept");
        assert_eq!(
            kept.iter().map(|(field, value)| (field.as_str(), value.reveal())).collect::<Vec<_>>(),
            [("reason", reason)]
        );
    }
}

#[tokio::test]
async fn an_expired_password_gives_a_session_that_may_only_change_it() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    bank.clock.advance_seconds(90 * 24 * 3_600 - 1);
    assert!(!bank.sign_in("620001", PASSWORD).await.expect("signs in").session.must_change_password);
    bank.clock.advance_seconds(1);
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    assert!(signed_in.session.must_change_password);
    assert!(seen(&bank, &signed_in.token).await.expect("is known").must_change_password);
}

#[tokio::test]
async fn no_token_password_or_code_is_anywhere_in_the_database() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    let signed_in = bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let mut conn = bank.reader().await;
    let mut texts = String::new();
    let queries = [
        "SELECT payload AS a, kind AS b FROM journal_entries",
        "SELECT command AS a, key AS b FROM idempotency_keys",
        "SELECT password_hash AS a, person_id AS b FROM credentials",
        "SELECT address AS a, seat AS b FROM sessions",
    ];
    for query in queries {
        for row in conn.all(sql(query)).await.expect("reads") {
            texts.push_str(&row.text("a").expect("text"));
            texts.push_str(&row.text("b").expect("text"));
        }
    }
    for secret in [PASSWORD, signed_in.token.reveal(), signed_in.csrf.reveal()] {
        assert!(!texts.contains(secret));
    }
    let fast = HashSuite::Sha256.digest(&[PASSWORD.as_bytes()]).bytes;
    for row in conn.all(sql("SELECT input_hash FROM idempotency_keys")).await.expect("reads") {
        assert_ne!(row.bytes("input_hash").expect("bytes"), fast);
    }
    assert!(!format!("{signed_in:?}").contains(signed_in.token.reveal()));
}

#[tokio::test]
async fn a_password_that_changed_while_the_old_one_was_verified_opens_nothing() {
    let bank = Bank::open().await;
    let person_id = bank.activated("620001").await;
    let (person, credential) = lookup(&mut *bank.reader().await, "620001").await.expect("reads").expect("is there");
    bank.activate(&person_id, "620001", "quiet harbor 4 tea").await.expect("changes meanwhile");
    let (token, csrf) = (Token::generate(), Token::generate());
    let opening = Opening { person, credential, seat: None, address: "10.1.1.2".into(), token: token.clone(), csrf };
    assert_eq!(code_of(open(&bank.journal, &bank.rules, opening).await), Code::WrongCredentials);
    assert_eq!(code_of(seen(&bank, &token).await), Code::Unauthenticated);
}

#[tokio::test]
async fn rows_of_old_sessions_are_deleted_a_month_after_they_can_hold() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let month_and_shift = 30 * 24 * 3_600 + 12 * 3_600;
    for (seconds, expected) in [(month_and_shift, 0), (1, 1)] {
        bank.clock.advance_seconds(seconds);
        let (policy, now) = (bank.rules.session, bank.journal.now());
        let deleted =
            bank.journal.db.write::<u64, Fault, _>(move |tx| Box::pin(async move { forget(tx, &policy, now).await }));
        assert_eq!(deleted.await.expect("runs"), expected);
    }
}

#[tokio::test]
async fn the_database_itself_refuses_what_the_commands_never_write() {
    let bank = Bank::open().await;
    bank.activated("620001").await;
    bank.sign_in("620001", PASSWORD).await.expect("signs in");
    let statements = [
        "UPDATE credentials SET password_hash = 'river stone 7 lamp'",
        "UPDATE sessions SET last_seen_at = started_at - 1",
        "UPDATE sessions SET ended_at = 1",
        "UPDATE sessions SET ended_at = 1, ended_why = 'bored'",
        "UPDATE sessions SET person_id = 'psn_x'",
        "UPDATE one_time_codes SET expires_at = issued_at",
    ];
    for statement in statements {
        let by_hand = bank.journal.db.write::<u64, Fault, _>(move |tx| Box::pin(tx.execute(sql(statement)))).await;
        assert!(by_hand.is_err(), "{statement}");
    }
}

#[test]
fn a_seat_is_trimmed_may_be_missing_and_is_no_essay() {
    let check = |seat: &str| checked_seat(Some(seat.to_owned()));
    assert_eq!(checked_seat(None), Ok(None));
    assert_eq!(check("  "), Ok(None));
    assert_eq!(check(" A-07 "), Ok(Some("A-07".to_owned())));
    for seat in ["A\n07", &"9".repeat(33)] {
        assert_eq!(check(seat).map_err(|refusal| refusal.code), Err(Code::InvalidField), "{seat:?}");
    }
}
