//! One simulated teller at a counter: takes documents in, sends them to the center, minds what comes back.

use std::sync::Arc;
use std::time::Duration;

use kernel::calendar::{BusinessDate, TimeZone};
use kernel::{Clock, SystemClock};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::plan::{Arrival, Reaction, STATES_TO_REACT, next_arrival, react};
use super::{OutletError, Shared};
use crate::client::Client;
use crate::client::ClientError;
use crate::client::wire::{Item, ItemDetail, Listing};
use crate::documents::{Condition, Order, make};
use crate::people::decide::reason_for;
use crate::random::Random;
use crate::receipts::RealDocument;
use crate::truth::{Source, Truth};

/// The teller.
pub struct Counter {
    pub shared: Arc<Shared>,
    pub employee_no: String,
    pub random: Random,
    /// Real files still to be sent, the next one last.
    pub files: Vec<RealDocument>,
    /// Documents taken in so far.
    pub taken: u64,
    /// The browser with its session.
    pub client: Option<Arc<Client>>,
}

/// What is sent as a page, ready.
struct Prepared {
    bytes: Vec<u8>,
    content_type: &'static str,
    file_name: String,
    page_kind: &'static str,
    truth: Truth,
}

/// Between two customers at one counter, in life: the simulated keyers are then busy for about half of their time, and no queue grows without end.
const CUSTOMERS_APART: Duration = Duration::from_secs(90);
/// Between two looks at what came back, in life.
const LOOK_EVERY_MILLIS: u64 = 10_000;
/// Not more often than this, however fast the simulation: the product is not to be polled to death.
const LOOK_LEAST: Duration = Duration::from_millis(1_500);
/// With so many of its own items under way, a counter lets customers wait.
const OPEN_MOST: usize = 12;
const PAUSE: Duration = Duration::from_secs(5);
const UNDER_WAY: [&str; 7] =
    ["submitted", "keying", "checking", "refusal_review", "authorizing", "posting", "suspended"];

impl Counter {
    /// Serves until the process ends; trouble is told and waited out.
    pub async fn run(mut self) {
        loop {
            if let Err(error) = self.shift().await {
                tracing::warn!(employee = %self.employee_no, %error, "the counter closed for a moment");
                if matches!(&error, OutletError::Client(error) if error.is_signed_out()) {
                    self.client = None;
                }
            }
            tokio::time::sleep(PAUSE + Duration::from_millis(self.random.below(5_000))).await;
        }
    }

    async fn shift(&mut self) -> Result<(), OutletError> {
        let client = self.signed_in().await?;
        let client = client.as_ref();
        let speed = self.shared.speed;
        let mut customer = tokio::time::Instant::now() + speed.until_next(CUSTOMERS_APART, &mut self.random);
        let look = speed.scaled(LOOK_EVERY_MILLIS).max(LOOK_LEAST);
        let mut next_look = tokio::time::Instant::now() + look;
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(customer) => {
                    if self.under_way(client).await? < OPEN_MOST {
                        self.serve_customer(client).await?;
                    }
                    customer = tokio::time::Instant::now() + speed.until_next(CUSTOMERS_APART, &mut self.random);
                }
                () = tokio::time::sleep_until(next_look) => {
                    self.mind_items(client).await?;
                    next_look = tokio::time::Instant::now() + look;
                }
            }
        }
    }

    /// The session outlives trouble: only so many sign-ins are taken from one address in a minute.
    async fn signed_in(&mut self) -> Result<Arc<Client>, OutletError> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = Arc::new(Client::new(&self.shared.url)?);
        client.sign_in(&self.employee_no, &self.shared.password).await?;
        self.client = Some(client.clone());
        Ok(client)
    }

    async fn under_way(&self, client: &Client) -> Result<usize, OutletError> {
        // The last changed come first, so what is under way stands in front of what has ended.
        let listing: Listing<Item> = client.get("/processing/items?mine=true&limit=100").await?;
        Ok(listing.items.iter().filter(|item| UNDER_WAY.contains(&item.state.as_str())).count())
    }

    async fn serve_customer(&mut self, client: &Client) -> Result<(), OutletError> {
        let today = today()?;
        let arrival = next_arrival(&mut self.files, self.taken, today, &mut self.random);
        self.taken += 1;
        let (business_type, prepared) = match &arrival {
            Arrival::Customer(order) => (order.business_type.to_owned(), self.prepare(*order).await?),
            Arrival::File(file) => (file.business_type.clone(), prepare_file(file).await?),
        };
        let item: Item =
            client.send(Method::POST, "/processing/items", &json!({ "business_type": business_type })).await?;
        // The truth lies ready before anyone can be asked to key the item.
        self.shared.truth.write(&item.item_no, &prepared.truth)?;
        if let Err(error) = self.upload(client, &item, prepared).await {
            if !is_poor_image(&error) {
                return Err(error);
            }
            let Arrival::Customer(order) = arrival else {
                tracing::info!(item_no = %item.item_no, "a real file was refused for its quality and stays a draft");
                return Ok(());
            };
            // The capture screen refused the picture on the spot: the teller lays the sheet straight and scans again.
            let again = self.prepare(Order { condition: Condition::Rescanned, ..order }).await?;
            self.shared.truth.write(&item.item_no, &again.truth)?;
            self.upload(client, &item, again).await?;
        }
        let _: Value =
            client.send(Method::POST, &format!("/processing/items/{}/submit", item.item_id), &json!({})).await?;
        tracing::debug!(item_no = %item.item_no, business_type, "sent");
        Ok(())
    }

    async fn upload(&self, client: &Client, item: &Item, page: Prepared) -> Result<(), OutletError> {
        let path = format!("/processing/items/{}/pages?kind={}&keep_warnings=true", item.item_id, page.page_kind);
        Ok(client.upload(&path, page.bytes, page.content_type, &page.file_name).await?)
    }

    async fn mind_items(&mut self, client: &Client) -> Result<(), OutletError> {
        for state in STATES_TO_REACT {
            let listing: Listing<Item> =
                client.get(&format!("/processing/items?state={state}&mine=true&limit=50")).await?;
            for item in listing.items {
                let truth = self.shared.truth.read(&item.item_no)?;
                let reaction = react(&item.state, truth.as_ref(), &mut self.random);
                match self.act(client, &item, truth, reaction).await {
                    // Somebody was faster, or the state moved on: the next look sees it.
                    Err(OutletError::Client(error @ ClientError::Refused { .. })) if !error.is_signed_out() => {
                        tracing::info!(item_no = %item.item_no, %error, "refused");
                    }
                    other => other?,
                }
            }
        }
        Ok(())
    }

    async fn act(
        &self,
        client: &Client,
        item: &Item,
        truth: Option<Truth>,
        reaction: Reaction,
    ) -> Result<(), OutletError> {
        let at = |verb: &str| format!("/processing/items/{}/{verb}", item.item_id);
        match reaction {
            Reaction::Wait => Ok(()),
            Reaction::Confirm => Ok(client.act(&at("confirm"), &json!({})).await?),
            Reaction::Resubmit => Ok(client.act(&at("resubmit"), &json!({})).await?),
            Reaction::Withdraw => {
                let reason = reason_for("withdraw", "W01", &self.shared.reasons(client).await?);
                let body = json!({ "reason_code": reason, "note": "客户未再提交" });
                Ok(client.act(&at("withdraw"), &body).await?)
            }
            Reaction::Replace(condition) => {
                let Some(order) = truth.and_then(|truth| order_of(&truth, condition)) else { return Ok(()) };
                let detail: ItemDetail = client.get(&format!("/processing/items/{}", item.item_id)).await?;
                for page in detail.pages.iter().filter(|page| !page.superseded) {
                    client.delete(&format!("/processing/items/{}/pages/{}", item.item_id, page.page_id)).await?;
                }
                let page = self.prepare(order).await?;
                self.shared.truth.write(&item.item_no, &page.truth)?;
                self.upload(client, item, page).await?;
                Ok(client.act(&at("resubmit"), &json!({})).await?)
            }
        }
    }

    /// Draws a voucher beside the running tasks, one at a time for all counters: it is work for a processor.
    async fn prepare(&self, order: Order) -> Result<Prepared, OutletError> {
        let _turn = self.shared.drawing.lock().await;
        let shared = self.shared.clone();
        tokio::task::spawn_blocking(move || {
            let document = make(&order, &shared.accounts).ok_or(OutletError::NoForm(order.business_type))?;
            Ok(Prepared {
                bytes: document.to_jpeg()?,
                content_type: "image/jpeg",
                file_name: "scan.jpg".to_owned(),
                page_kind: document.page_kind,
                truth: Truth {
                    business_type: order.business_type.to_owned(),
                    source: Source::Drawn { seed: order.seed, date: order.today.to_string() },
                    fields: document.fields,
                    flaws: document.flaws,
                },
            })
        })
        .await?
    }
}

async fn prepare_file(file: &RealDocument) -> Result<Prepared, OutletError> {
    let bytes =
        tokio::fs::read(&file.path).await.map_err(|source| OutletError::File { name: file.name.clone(), source })?;
    let truth = Truth {
        business_type: file.business_type.clone(),
        source: Source::File { name: file.name.clone() },
        fields: file.fields.clone(),
        flaws: file.flaws.clone(),
    };
    // A header holds ASCII only.
    let file_name = if file.name.is_ascii() { file.name.clone() } else { "scan".to_owned() };
    Ok(Prepared { bytes, content_type: file.content_type, file_name, page_kind: file.page_kind, truth })
}

/// The order that an item's document was drawn by, in another condition.
fn order_of(truth: &Truth, condition: Condition) -> Option<Order> {
    let Source::Drawn { seed, date } = &truth.source else { return None };
    let business_type = crate::documents::form(&truth.business_type)?.business_type;
    Some(Order { business_type, seed: *seed, today: BusinessDate::parse(date).ok()?, condition })
}

fn today() -> Result<BusinessDate, kernel::calendar::CalendarError> {
    TimeZone::SHANGHAI.date_at(SystemClock.now())
}

fn is_poor_image(error: &OutletError) -> bool {
    matches!(error, OutletError::Client(ClientError::Refused { status, code, .. })
        if *status == StatusCode::UNPROCESSABLE_ENTITY && code == "poor_image")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_can_be_drawn_again_from_its_truth() {
        let truth = Truth {
            business_type: "C02".into(),
            source: Source::Drawn { seed: 12, date: "2026-11-23".into() },
            fields: Default::default(),
            flaws: Vec::new(),
        };
        let today = BusinessDate::new(2026, 11, 23).unwrap();
        let order = Order { business_type: "C02", seed: 12, today, condition: Condition::Corrected };
        assert_eq!(order_of(&truth, Condition::Corrected), Some(order));
        let file = Truth { source: Source::File { name: "a.jpg".into() }, ..truth };
        assert_eq!(order_of(&file, Condition::Corrected), None);
    }
}
