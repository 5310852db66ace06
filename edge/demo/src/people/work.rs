//! Doing one piece of pushed work as a person does: look at the image, take the time, answer.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::decide::{self, Authorized, Checked, Keyed};
use super::lookup::Known;
use super::pace::{checking_millis, deciding_millis, keying_millis};
use super::seat::Shared;
use crate::client::wire::{
    AuthorizeTask, CheckTask, ImageLink, Item, Lease, Page, Reason, ReviewTask, SliceTask, Task,
};
use crate::client::{Client, ClientError};
use crate::random::Random;
use crate::truth::Truth;

/// A signed-in person with what they share with the others.
pub struct Worker {
    pub client: Arc<Client>,
    pub shared: Arc<Shared>,
    pub reasons: Vec<Reason>,
}

impl Worker {
    /// The catalog of reasons, which does not change during a shift.
    pub async fn with_reasons(mut self) -> Result<Self, ClientError> {
        self.reasons = self.client.reasons().await?;
        Ok(self)
    }

    async fn truth(&self, item: &Item) -> Result<Option<Truth>, ClientError> {
        let item = Known { item_id: item.item_id.clone(), item_no: item.item_no.clone() };
        self.shared.lookup.truth(&item).await
    }

    async fn take_time(&self, millis: u64) -> Duration {
        let time = self.shared.speed.scaled(millis);
        tokio::time::sleep(time).await;
        time
    }

    /// Looks at the pages that have an image; answers which.
    async fn look_at_pages<'p>(&self, pages: &'p [Page]) -> Result<Vec<&'p str>, ClientError> {
        let mut displayed = Vec::new();
        for page in pages {
            if let Some(link) = page.image_url.as_deref() {
                self.client.look_at(link).await?;
                displayed.push(page.page_id.as_str());
            }
        }
        Ok(displayed)
    }

    async fn hand_back(&self, lease: &Lease) -> Result<(), ClientError> {
        let body = json!({ "fence": lease.fence, "reason_code": decide::hand_back_reason(&self.reasons), "note": "left for the people at the stations" });
        self.client.act(&format!("/work/items/{}/hand-back", lease.work_item_id), &body).await
    }
}

/// Works one lease to its end.
pub async fn perform(worker: &Worker, lease: &Lease, random: &mut Random) -> Result<(), ClientError> {
    match &lease.task {
        Task::Slice(task) => key(worker, lease, task, random).await,
        Task::Check(task) => check(worker, lease, task, random).await,
        Task::RefusalReview(task) => review(worker, lease, task, random).await,
        Task::Authorize(task) => authorize(worker, lease, task, random).await,
        Task::Unknown => worker.hand_back(lease).await,
    }
}

async fn key(worker: &Worker, lease: &Lease, task: &SliceTask, random: &mut Random) -> Result<(), ClientError> {
    let station = format!("/processing/keying/{}", lease.work_item_id);
    if let Err(error) = worker.client.look_at(&task.image_url).await {
        // A link is used once and for two minutes; as at a real station, a fresh one is asked for.
        let gone = matches!(&error, ClientError::Refused { status, .. } if *status == StatusCode::GONE);
        if !gone {
            return Err(error);
        }
        let link: ImageLink = worker
            .client
            .send(reqwest::Method::POST, &format!("{station}/image"), &json!({ "fence": lease.fence }))
            .await?;
        worker.client.look_at(&link.image_url).await?;
    }
    let truth = match worker.shared.lookup.item(&lease.work_item_id).await? {
        Some(item) => worker.shared.lookup.truth(&item).await?,
        None => None,
    };
    let (value, unreadable) = match decide::keying(&task.field.code, truth.as_ref(), worker.shared.mistakes, random) {
        Keyed::Value(value) => (value, false),
        Keyed::Unreadable => (String::new(), true),
        Keyed::HandBack => return worker.hand_back(lease).await,
    };
    let time = worker.take_time(keying_millis(&value, random)).await;
    let elapsed_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let body = json!({
        "fence": lease.fence, "value": value, "unreadable": unreadable, "elapsed_ms": elapsed_ms, "keystrokes": value.chars().count() + 1,
    });
    worker.client.act(&format!("{station}/entry"), &body).await
}

async fn check(worker: &Worker, lease: &Lease, task: &CheckTask, random: &mut Random) -> Result<(), ClientError> {
    worker.look_at_pages(&task.pages).await?;
    let truth = worker.truth(&task.item).await?;
    let decision = decide::check(task, truth.as_ref(), random);
    if decision == Checked::HandBack {
        return worker.hand_back(lease).await;
    }
    let unsure = task.fields.iter().filter(|field| field.state != "agreed").count();
    worker.take_time(checking_millis(task.fields.len(), unsure, random)).await;
    let station = format!("/processing/checking/{}", lease.work_item_id);
    let fence = lease.fence;
    let (verb, body) = match decision {
        Checked::Pass(fields) => {
            ("pass", json!({ "fence": fence, "fields": fields.into_iter().map(settled).collect::<Vec<_>>() }))
        }
        Checked::Return(reason) => ("return", json!({ "fence": fence, "reason_code": reason })),
        Checked::Rescan(reason, pages) => ("rescan", json!({ "fence": fence, "reason_code": reason, "pages": pages })),
        Checked::Refuse(reason) => ("refuse", json!({ "fence": fence, "reason_code": reason })),
        Checked::HandBack => return worker.hand_back(lease).await,
    };
    worker.client.act(&format!("{station}/{verb}"), &body).await
}

fn settled(field: decide::Settled) -> Value {
    let decide::Settled { code, value, cause } = field;
    match cause {
        Some(cause) => json!({ "code": code, "value": value, "cause": cause }),
        None => json!({ "code": code, "value": value }),
    }
}

async fn review(worker: &Worker, lease: &Lease, task: &ReviewTask, random: &mut Random) -> Result<(), ClientError> {
    worker.look_at_pages(&task.pages).await?;
    if worker.truth(&task.item).await?.is_none() {
        return worker.hand_back(lease).await;
    }
    worker.take_time(deciding_millis(random)).await;
    let station = format!("/processing/refusal-review/{}", lease.work_item_id);
    let (verb, body) = match decide::uphold(random) {
        true => ("uphold", json!({ "fence": lease.fence })),
        false => ("overturn", json!({ "fence": lease.fence, "note": "用途可以办理" })),
    };
    worker.client.act(&format!("{station}/{verb}"), &body).await
}

async fn authorize(
    worker: &Worker,
    lease: &Lease,
    task: &AuthorizeTask,
    random: &mut Random,
) -> Result<(), ClientError> {
    let displayed = worker.look_at_pages(&task.pages).await?;
    let truth = worker.truth(&task.item).await?;
    let decision = decide::authorize(task, truth.as_ref(), &worker.reasons, random);
    if decision != Authorized::HandBack {
        worker.take_time(deciding_millis(random)).await;
    }
    let station = format!("/processing/authorizing/{}", lease.work_item_id);
    match decision {
        Authorized::Approve { checklist } => {
            let body = json!({ "fence": lease.fence, "checklist": checklist, "displayed_pages": displayed });
            worker.client.act(&format!("{station}/approve"), &body).await
        }
        Authorized::Refuse(reason) => {
            worker
                .client
                .act(&format!("{station}/refuse"), &json!({ "fence": lease.fence, "reason_code": reason }))
                .await
        }
        Authorized::HandBack => worker.hand_back(lease).await,
    }
}
