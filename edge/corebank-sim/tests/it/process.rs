//! The real process, killed in the middle of its work.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::world::{accounts, line, voucher};

async fn start(folder: &Path) -> (Child, String) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_corebank-sim"))
        .args(["--listen", "127.0.0.1:0", "--database"])
        .arg(folder.join("core.db"))
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the core starts");
    let stdout = process.stdout.take().expect("stdout is piped");
    let line = BufReader::new(stdout).lines().next_line().await.unwrap().expect("one line");
    let said: Value = serde_json::from_str(&line).expect("the line is JSON");
    (process, said["url"].as_str().expect("a url").to_owned())
}

#[tokio::test]
async fn a_killed_core_has_kept_every_posting_that_it_answered() {
    let folder = TempDir::new().unwrap();
    let client = Client::new();
    let (mut process, url) = start(folder.path()).await;
    client.post(format!("{url}/v1/accounts")).json(&accounts()).send().await.unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let load: Vec<_> = (0..4)
        .map(|worker| {
            let (client, url, count) = (client.clone(), url.clone(), count.clone());
            tokio::spawn(async move {
                let mut answered = Vec::new();
                for at in 0.. {
                    let key = format!("w{worker}-{at}");
                    let body = voucher(&key, &[line("6222-PAYER", "6222-PAYEE", "1")]);
                    match client.post(format!("{url}/v1/postings")).json(&body).send().await {
                        Ok(reply) if reply.status() == 201 => {
                            answered.push(key);
                            count.fetch_add(1, Ordering::SeqCst);
                        }
                        Ok(reply) => panic!("{}", reply.status()),
                        Err(_) => break,
                    }
                }
                answered
            })
        })
        .collect();
    while count.load(Ordering::SeqCst) < 40 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    process.kill().await.expect("it is killed");
    let mut answered = Vec::new();
    for worker in load {
        answered.extend(worker.await.expect("the worker ends"));
    }
    assert!(answered.len() >= 40);

    let (mut process, url) = start(folder.path()).await;
    let read =
        async |path: &str| -> Value { client.get(format!("{url}{path}")).send().await.unwrap().json().await.unwrap() };
    for key in &answered {
        assert_eq!(read(&format!("/v1/postings/{key}")).await["state"], json!("posted"), "{key}");
    }
    assert_eq!(read("/v1/totals").await["balanced"], json!(true));
    let posted: i64 = read("/v1/accounts/6222-PAYEE").await["balance_minor"].as_str().unwrap().parse().unwrap();
    let extra = posted - answered.len() as i64;
    assert!((0..=4).contains(&extra), "at most one posting of each worker lost its reply, not {extra}");
    process.kill().await.expect("it is killed");
}
