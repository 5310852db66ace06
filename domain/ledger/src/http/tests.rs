//! What a reply means, one canned reply at a time.

use std::time::Duration;

use kernel::calendar::BusinessDate;
use kernel::{Currency, Money};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::refusal::RefusalCode;
use crate::voucher::Posting;

const POSTED: &str = r#"{"state":"posted","idempotency_key":"k1","core_reference":"C1","posted_at":7,
    "business_date":"2026-11-23","reference":"v1","reverses":null,"postings":[
    {"debit":"A","credit":"B","amount_minor":"5","currency":"CNY","summary":"s"}]}"#;

fn key() -> PostingKey {
    PostingKey::parse("k1").unwrap()
}

fn voucher() -> Voucher {
    let (debit, credit) = (AccountNo::parse("A").unwrap(), AccountNo::parse("B").unwrap());
    let posting = Posting::new(debit, credit, Money::from_minor(5, Currency::CNY), "s").unwrap();
    Voucher::new(BusinessDate::new(2026, 11, 23).unwrap(), vec![posting], "v1").unwrap()
}

fn core(url: String) -> HttpCore {
    HttpCore::new(&HttpCoreConfig::new(url)).unwrap()
}

/// A server that says these bytes to whatever it hears, then closes.
async fn saying(bytes: Vec<u8>) -> HttpCore {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut heard = [0; 4096];
        let count = socket.read(&mut heard).await.unwrap();
        assert!(count > 0);
        socket.write_all(&bytes).await.unwrap();
    });
    core(url)
}

async fn replying(status: u16, body: &str) -> HttpCore {
    saying(
        format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
            .into_bytes(),
    )
    .await
}

fn kind(error: &ConnectorError) -> &'static str {
    match error {
        ConnectorError::Unknown(_) => "unknown",
        ConnectorError::NotSent(_) => "not sent",
        ConnectorError::Protocol(_) => "protocol",
        ConnectorError::KeyConflict => "conflict",
    }
}

#[tokio::test]
async fn only_an_answer_of_the_contract_about_this_key_settles_a_posting() {
    let refused = r#"{"state":"refused","idempotency_key":"k1","code":"stop_payment","text":"t"}"#;
    let table = [
        (201, POSTED.to_owned(), "posted"),
        (200, POSTED.to_owned(), "posted"),
        (422, refused.to_owned(), "refused"),
        (201, POSTED.replace("\"k1\"", "\"k2\""), "unknown"),
        (422, refused.replace("\"k1\"", "\"k2\""), "unknown"),
        (201, refused.to_owned(), "unknown"),
        (422, POSTED.to_owned(), "unknown"),
        (422, r#"{"code":"stop_payment","text":"t"}"#.to_owned(), "unknown"),
        (201, "<html>welcome</html>".to_owned(), "unknown"),
        (204, String::new(), "unknown"),
        (307, String::new(), "unknown"),
        (404, String::new(), "unknown"),
        (408, "{}".to_owned(), "unknown"),
        (500, r#"{"code":"internal_error","text":"t"}"#.to_owned(), "unknown"),
        (409, r#"{"code":"key_conflict","text":"t","idempotency_key":"k1"}"#.to_owned(), "conflict"),
        (409, r#"{"code":"key_conflict","text":"t","idempotency_key":"k2"}"#.to_owned(), "unknown"),
        (400, r#"{"code":"invalid_request","text":"t"}"#.to_owned(), "protocol"),
        (400, "bad gateway configuration".to_owned(), "unknown"),
    ];
    for (status, body, expected) in table {
        let said = match replying(status, &body).await.post(&voucher(), &key()).await {
            Ok(PostingOutcome::Posted { .. }) => "posted",
            Ok(PostingOutcome::Refused { code, .. }) => {
                assert_eq!(code, RefusalCode::StopPayment);
                "refused"
            }
            Err(error) => kind(&error),
        };
        assert_eq!(said, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn only_the_core_itself_can_say_never_seen() {
    let table = [
        (404, r#"{"code":"never_seen","text":"t","idempotency_key":"k1"}"#.to_owned(), "never seen"),
        (404, r#"{"code":"never_seen","text":"t","idempotency_key":"k2"}"#.to_owned(), "protocol"),
        (404, String::new(), "protocol"),
        (200, POSTED.to_owned(), "posted"),
        (200, POSTED.replace("\"k1\"", "\"k2\""), "protocol"),
        (200, POSTED.replace("\"5\"", "\"5.0\""), "protocol"),
        (200, POSTED.replace("\"5\"", "\"-5\""), "protocol"),
        (503, String::new(), "unknown"),
    ];
    for (status, body, expected) in table {
        let said = match replying(status, &body).await.query(&key()).await {
            Ok(QueryOutcome::NeverSeen) => "never seen",
            Ok(QueryOutcome::Posted { voucher: found, .. }) => {
                assert!(found.moves_the_same(&voucher()));
                "posted"
            }
            Ok(QueryOutcome::Refused { .. }) => "refused",
            Err(error) => kind(&error),
        };
        assert_eq!(said, expected, "{status} {body}");
    }
}

#[tokio::test]
async fn an_account_of_another_number_is_no_answer() {
    let body = |account: &str| {
        format!(
            r#"{{"account":"{account}","name":"王芳","status":"active","currency":"CNY",
            "balance_minor":"5","held_minor":"1","available_minor":"4"}}"#
        )
    };
    let number = AccountNo::parse("A").unwrap();
    let account = replying(200, &body("A")).await.account(&number).await.unwrap().unwrap();
    assert_eq!((account.available.minor(), account.status), (4, crate::AccountStatus::Active));
    assert!(!format!("{account:?}").contains("王芳"));
    assert_eq!(kind(&replying(200, &body("B")).await.account(&number).await.unwrap_err()), "protocol");
    assert_eq!(replying(404, r#"{"code":"unknown_account"}"#).await.account(&number).await.unwrap(), None);
    assert_eq!(kind(&replying(404, "").await.account(&number).await.unwrap_err()), "protocol");
}

#[tokio::test]
async fn a_reply_that_breaks_off_leaves_the_outcome_unknown() {
    let whole = format!("HTTP/1.1 201 X\r\ncontent-length: {}\r\n\r\n{POSTED}", POSTED.len());
    for length in [0, 5, 20, whole.len() / 2, whole.len() - 1] {
        let core = saying(whole.as_bytes()[..length].to_vec()).await;
        let error = core.post(&voucher(), &key()).await.unwrap_err();
        assert_eq!(kind(&error), "unknown", "{length} bytes: {error}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_was_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = core(url).post(&voucher(), &key()).await.unwrap_err();
    assert_eq!(error, ConnectorError::NotSent("no connection to the core".into()));
}

#[tokio::test]
async fn a_core_that_listens_and_says_nothing_leaves_the_outcome_unknown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let config = HttpCoreConfig { reply_timeout: Duration::from_millis(200), ..HttpCoreConfig::new(url) };
    let error = HttpCore::new(&config).unwrap().post(&voucher(), &key()).await.unwrap_err();
    assert_eq!(error, ConnectorError::Unknown("no reply in time".into()));
}

#[test]
fn an_address_with_secrets_or_without_a_host_is_refused() {
    for good in ["http://127.0.0.1:7001", "http://core.bank/adapter/"] {
        assert!(HttpCore::new(&HttpCoreConfig::new(good)).is_ok(), "{good}");
    }
    for bad in ["", "127.0.0.1:7001", "https://core", "http://me:secret@core", "http://core?x=1", "file:///core"] {
        assert!(matches!(HttpCore::new(&HttpCoreConfig::new(bad)), Err(HttpCoreError::Address)), "{bad}");
    }
}
