//! Frames of the work engine in their wire shape. A lease carries its station's task, built when the frame leaves.

use super::wire::{FrameWire, LeaseWire, NumberedWire, PresenceWire};
use crate::App;
use crate::extract::{Signed, rights};
use crate::problem::Reply;
use crate::processing::tasks::{self, TaskWire};
use crate::wire::time;
use kernel::Instant;
use kernel::clock::MICROS_PER_SECOND;
use permission::{Action, act};
use storage::Fault;
use work::{Frame, HoldEnd, Lease, Listener, Numbered};

/// Who listens, for building tasks.
#[derive(Clone)]
pub(super) struct Hearer {
    pub app: App,
    pub session: Signed,
    pub employee_no: String,
    pub outsourced: bool,
}

impl Hearer {
    /// Whether the session still holds: it may have idled out or been revoked at another node while its stream was open.
    async fn is_signed_in(&self) -> Reply<bool> {
        let now = self.app.journal.now();
        let mut reader = self.app.journal.db.reader().await?;
        let held = identity::session::list(&mut reader, &self.app.rules, &self.session.person_id, now).await?;
        Ok(held.iter().any(|session| session.session_id == self.session.session_id))
    }

    /// Whether the stream goes on. What the person may no longer do is taken from them first: their posts may have ended,
    /// at midnight or by a command at another node.
    pub async fn goes_on(&self) -> Reply<bool> {
        if !self.is_signed_in().await? {
            return Ok(false);
        }
        let listener = listener(&self.app, &self.session, self.app.journal.now()).await?;
        self.app.engine.recheck_listener(&listener).await?;
        Ok(true)
    }

    /// The frame as text for the stream.
    pub async fn text(&self, numbered: &Numbered) -> Reply<String> {
        let Numbered { seq, frame } = numbered;
        let wire = NumberedWire { seq: *seq, frame: self.wire(frame).await? };
        let text = serde_json::to_string(&wire);
        Ok(text.map_err(|error| Fault::inconsistent(format!("a frame: {error}")))?)
    }

    async fn wire(&self, frame: &Frame) -> Reply<FrameWire> {
        Ok(match frame {
            Frame::Hello { presence, leases, resumed } => {
                let mut shown = Vec::with_capacity(leases.len());
                for lease in leases {
                    if let Some(lease) = self.lease(lease).await {
                        shown.push(lease);
                    }
                }
                FrameWire::Hello { presence: PresenceWire::from(presence), leases: shown, resumed: *resumed }
            }
            Frame::Assigned(lease) => match self.lease(lease).await {
                Some(lease) => FrameWire::Assigned { lease: Box::new(lease) },
                None => {
                    FrameWire::Released { work_item_id: lease.work_item_id.to_string(), why: HoldEnd::Expired.as_str() }
                }
            },
            Frame::Released { work_item_id, why } => {
                FrameWire::Released { work_item_id: work_item_id.to_string(), why: why.as_str() }
            }
            Frame::Presence(presence) => FrameWire::Presence { presence: PresenceWire::from(presence) },
            Frame::Message { text_zh, text_en, from } => {
                let from = self.name_of(from.as_ref()).await?;
                FrameWire::Message { text_zh: text_zh.clone(), text_en: text_en.clone(), from }
            }
            Frame::News(news) => {
                let news = serde_json::from_value(news.clone());
                FrameWire::Item(news.map_err(|error| Fault::inconsistent(format!("news of an item: {error}")))?)
            }
            Frame::Board => FrameWire::Board {},
        })
    }

    /// `None` when the task cannot be built, such as when its subject has moved on: the hold is not shown and runs out by itself.
    async fn lease(&self, lease: &Lease) -> Option<LeaseWire> {
        let now = self.app.journal.now();
        let seat = tasks::Seat { session: &self.session, employee_no: &self.employee_no, outsourced: self.outsourced };
        match tasks::describe(&self.app, &seat, lease).await {
            Ok(task) => Some(wire(lease, task, now)),
            Err(problem) => {
                tracing::warn!(work_item = %lease.work_item_id, queue = lease.queue, code = problem.code(), "a task could not be built");
                None
            }
        }
    }

    async fn name_of(&self, person: Option<&kernel::PersonId>) -> Reply<String> {
        let Some(person) = person else { return Ok(String::new()) };
        let mut reader = self.app.journal.db.reader().await?;
        Ok(organization::staff::find(&mut reader, person).await?.map(|person| person.name).unwrap_or_default())
    }
}

/// What the person may hear today: own work, news of the institutions whose items they may see, and the board for supervisors.
pub(super) async fn listener(app: &App, session: &Signed, now: Instant) -> Reply<Listener> {
    let rights = rights(app, &session.person_id, now).await?;
    let institutions = rights.permit::<act::ViewItem>(None).ok().and_then(|permit| permit.institution().ok().cloned());
    Ok(Listener {
        board: rights.may(Action::SuperviseWork),
        rights,
        session: session.session_id.clone(),
        institutions: institutions.into_iter().collect(),
    })
}

fn wire(lease: &Lease, task: TaskWire, now: Instant) -> LeaseWire {
    LeaseWire {
        work_item_id: lease.work_item_id.to_string(),
        queue: lease.queue.clone(),
        fence: lease.fence,
        expires_at: time(lease.expires_at),
        due_at: time(lease.due_at),
        overdue: lease.due_at < now,
        wait_seconds: lease.leased_at.since(lease.enqueued_at).max(0) / MICROS_PER_SECOND,
        priority_class: lease.priority_class,
        task,
    }
}
