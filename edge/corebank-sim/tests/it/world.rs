//! A core in this process with named accounts, and verbs to speak to it over HTTP.

use std::path::PathBuf;
use std::sync::Arc;

use corebank_sim::{Config, Handle};
use kernel::{Instant, SettableClock};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const DAY: &str = "2026-11-23";

pub struct World {
    pub url: String,
    pub client: Client,
    pub folder: TempDir,
    handle: Handle,
}

/// The accounts of every test: payer with 1,000.00, payee with nothing, and one of each trouble.
pub fn accounts() -> Value {
    json!({ "business_date": DAY, "accounts": [
        { "account": "6222-PAYER", "name": "华东机电（集团）有限公司", "currency": "CNY", "opening_balance_minor": "100000" },
        { "account": "6222-PAYEE", "name": "王芳", "currency": "CNY" },
        { "account": "6222-USD", "name": "Acme Ltd", "currency": "USD", "opening_balance_minor": "5000" },
        { "account": "6222-FROZEN", "name": "李冻", "currency": "CNY", "status": "frozen", "opening_balance_minor": "500" },
        { "account": "6222-STOPPED", "name": "赵止", "currency": "CNY", "status": "stop_payment", "opening_balance_minor": "500" },
        { "account": "6222-CLOSED", "name": "钱销", "currency": "CNY", "status": "closed" },
        { "account": "9001-FEES", "name": "手续费", "currency": "CNY", "kind": "internal" },
    ]})
}

pub fn line(debit: &str, credit: &str, amount: &str) -> Value {
    json!({ "debit": debit, "credit": credit, "amount_minor": amount, "currency": "CNY", "summary": "货款" })
}

pub fn voucher(key: &str, lines: &[Value]) -> Value {
    json!({ "idempotency_key": key, "business_date": DAY, "voucher": lines, "reference": "vch_1" })
}

impl World {
    pub async fn new() -> Self {
        let folder = TempDir::new().expect("a scratch folder");
        let world = Self::on(folder).await;
        let (status, _) = world.post("/v1/accounts", &accounts()).await;
        assert_eq!(status, 201);
        world
    }

    async fn on(folder: TempDir) -> Self {
        let database: PathBuf = folder.path().join("core.db");
        let clock = Arc::new(SettableClock::new(Instant::from_micros(1_795_000_000_000_000)));
        let config = Config { listen: "127.0.0.1:0".parse().unwrap(), database, clock };
        let (address, handle) = corebank_sim::serve(config).await.expect("the core starts");
        Self { url: format!("http://{address}"), client: Client::new(), folder, handle }
    }

    pub async fn restart(self) -> Self {
        self.handle.stop().await.expect("the core stops");
        Self::on(self.folder).await
    }

    pub async fn send(&self, path: &str, body: &Value) -> reqwest::Result<Response> {
        self.client.post(format!("{}{path}", self.url)).json(body).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        read(self.send(path, body).await.expect("a reply")).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(self.client.get(format!("{}{path}", self.url)).send().await.expect("a reply")).await
    }

    pub async fn delete(&self, path: &str) -> u16 {
        self.client.delete(format!("{}{path}", self.url)).send().await.expect("a reply").status().as_u16()
    }

    pub async fn behave(&self, behavior: Value) {
        let (status, _) = self.post("/v1/behavior", &behavior).await;
        assert_eq!(status, 200);
    }

    /// Posts one line and gives the status with the refusal code, if any.
    pub async fn pays(&self, key: &str, debit: &str, credit: &str, amount: &str) -> (u16, String) {
        let (status, reply) = self.post("/v1/postings", &voucher(key, &[line(debit, credit, amount)])).await;
        (status, reply["code"].as_str().unwrap_or_default().to_owned())
    }

    pub async fn balance(&self, account: &str) -> String {
        let (_, reply) = self.get(&format!("/v1/accounts/{account}")).await;
        reply["balance_minor"].as_str().expect("a balance").to_owned()
    }

    /// The end of every test: whatever happened, the books balance.
    pub async fn audit(self) {
        self.behave(json!({})).await;
        let (_, totals) = self.get("/v1/totals").await;
        assert_eq!(totals["balanced"], true, "{totals}");
        let (_, ledger) = self.get("/v1/ledger?limit=10000").await;
        let lines = ledger["lines"].as_array().expect("lines");
        let numbers: Vec<i64> = lines.iter().map(|l| l["seq"].as_i64().unwrap()).collect();
        assert_eq!(numbers, (1..=lines.len() as i64).collect::<Vec<_>>(), "ledger numbers have no gaps");
        self.handle.stop().await.expect("the core stops");
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}
