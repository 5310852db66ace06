//! The province's accounts in the simulated core.

use super::SeedError;
use crate::province::{AccountStatus, Province};
use kernel::Instant;
use kernel::calendar::TimeZone;
use serde_json::{Value, json};

/// Accounts in one request.
const TOGETHER: usize = 500;

/// Opens every account; the core opens the same list once.
pub(super) async fn open_accounts(core_url: &str, province: &Province, now: Instant) -> Result<(), SeedError> {
    let date = TimeZone::SHANGHAI.date_at(now).map_err(|error| SeedError::CoreRefused(error.to_string()))?;
    let customers = province.accounts.companies.iter().chain(&province.accounts.people).map(|account| {
        json!({
            "account": account.number, "name": account.name, "currency": account.balance.currency().code(), "kind": "customer",
            "status": match account.status { AccountStatus::Active => "active", AccountStatus::Frozen => "frozen" },
            "opening_balance_minor": account.balance.minor().to_string(),
        })
    });
    let internal = province.accounts.internal.iter().map(|account| {
        json!({ "account": account.number, "name": account.name_zh, "currency": account.currency, "kind": "internal" })
    });
    let all: Vec<Value> = internal.chain(customers).collect();
    let client = reqwest::Client::new();
    for accounts in all.chunks(TOGETHER) {
        let body = json!({ "business_date": date.to_string(), "accounts": accounts });
        let answer = client.post(format!("{core_url}/v1/accounts")).json(&body).send().await?;
        if !answer.status().is_success() {
            return Err(SeedError::CoreRefused(answer.text().await?));
        }
    }
    Ok(())
}
