//! The element check: one person compares what was keyed with the whole image, differences first, and decides.

mod core;
mod decide;
mod task;

pub(crate) use core::ask_core;
pub use core::{ASK_CORE_JOB, ask_before_pass, facts, run_ask_core};
pub use decide::{CAUSES, Decided, ask_rescan, pass, passed_values, propose_refusal, return_to_outlet, suspend};
pub(crate) use decide::{forget_fields, forget_values};
pub use task::{Candidate, CheckTask, FieldView, save_draft, task};

use crate::item::Item;
use crate::queues;
use journal::{Answer, Cx};
use kernel::BusinessDate;
use permission::Hand;
use serde_json::json;
use storage::Conn;

pub(crate) async fn enqueue(cx: &mut Cx<'_>, item: &Item) -> Answer<()> {
    let new = queues::work_on(item, queues::CHECKING, Hand::Check, cx.now, json!({}));
    work::enqueue(cx.tx, cx.now, new).await?;
    Ok(())
}

/// The bank's day for rules about dates.
pub(crate) async fn today(conn: &mut Conn, now: kernel::Instant) -> Answer<BusinessDate> {
    let calendar = queues::calendar(conn, now).await?;
    Ok(queues::business_date(&calendar, now)?)
}
