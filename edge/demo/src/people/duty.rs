//! The simulated duty supervisor: sends back to its outlet what the core refused to post.
//!
//! What visitors made is left to visitors; so is whatever needs more than a reason.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::decide::reason_for;
use super::lookup::Known;
use super::seat::Shared;
use crate::client::ClientError;
use crate::client::wire::{Item, Listing, Reason};
use crate::truth::{Source, Truth};

/// Between two looks, at the speed of life.
const LOOKS_APART_MILLIS: u64 = 60_000;
const LOOK_AT_LEAST: Duration = Duration::from_secs(5);
/// 账户冻结、止付或销户: the usual cause of the simulated core's refusals.
const ACCOUNT_CLOSED: &str = "R15";

/// Looks again and again until the future is dropped; trouble is told and the next look tries anew.
pub async fn run(shared: Arc<Shared>) {
    loop {
        tokio::time::sleep(shared.speed.scaled(LOOKS_APART_MILLIS).max(LOOK_AT_LEAST)).await;
        if let Err(error) = send_back_refused(&shared).await {
            tracing::info!(%error, "the duty supervisor tries again later");
        }
    }
}

async fn send_back_refused(shared: &Shared) -> Result<(), ClientError> {
    let supervisor = shared.lookup.supervisor();
    let refused: Listing<Item> = supervisor.get("/processing/items?state=post_failed&limit=50").await?;
    if refused.items.is_empty() {
        return Ok(());
    }
    let reasons: Vec<Reason> = supervisor.reasons().await?;
    let reason = reason_for("return", ACCOUNT_CLOSED, &reasons);
    for item in refused.items {
        let known = Known { item_id: item.item_id.clone(), item_no: item.item_no };
        if is_of_a_simulated_outlet(shared.lookup.truth(&known).await?.as_ref()) {
            let body = json!({ "reason_code": reason, "note": "核心未入账，请核对账户后重新提交" });
            let sent_back = supervisor.act(&format!("/processing/items/{}/return", item.item_id), &body).await;
            // Somebody was faster; the others are not to wait for this one.
            if let Err(error @ ClientError::Refused { .. }) = &sent_back
                && !error.is_signed_out()
            {
                tracing::info!(item_no = %known.item_no, %error, "refused");
            } else {
                sent_back?;
            }
        }
    }
    Ok(())
}

fn is_of_a_simulated_outlet(truth: Option<&Truth>) -> bool {
    truth.is_some_and(|truth| matches!(truth.source, Source::Drawn { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_simulated_outlet_drew_is_sent_back() {
        let truth =
            |source| Truth { business_type: "R01".into(), source, fields: Default::default(), flaws: Vec::new() };
        assert!(is_of_a_simulated_outlet(Some(&truth(Source::Drawn { seed: 1, date: "2026-11-23".into() }))));
        assert!(!is_of_a_simulated_outlet(Some(&truth(Source::File { name: "R01-000000.jpg".into() }))));
        assert!(!is_of_a_simulated_outlet(None));
    }
}
