//! The parts of the product's interface that a simulated client reads; what it does not need is passed over.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Deserialize)]
pub struct Me {
    pub permissions: Vec<String>,
    #[serde(default)]
    pub must_change_password: bool,
}

/// A refusal, `application/problem+json`.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Problem {
    #[serde(default)]
    pub code: String,
    #[serde(default)]
    pub title_en: String,
    #[serde(default)]
    pub trace_id: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Listing<T> {
    pub items: Vec<T>,
    #[serde(default)]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Reason {
    pub code: String,
    #[serde(default)]
    pub uses: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct TypeRef {
    pub code: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    pub item_id: String,
    pub item_no: String,
    pub business_type: TypeRef,
    pub state: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Page {
    pub page_id: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub superseded: bool,
    /// Pixels.
    #[serde(default)]
    pub width: u32,
    #[serde(default)]
    pub height: u32,
    #[serde(default)]
    pub image_url: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ItemDetail {
    #[serde(flatten)]
    pub item: Item,
    #[serde(default)]
    pub pages: Vec<Page>,
}

/// A row of the supervisor's list of work.
#[derive(Debug, Clone, Deserialize)]
pub struct WorkRow {
    pub work_item_id: String,
    pub item_id: String,
    pub item_no: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ImageLink {
    #[serde(alias = "url")]
    pub image_url: String,
}

/// One unit of work that was pushed.
#[derive(Debug, Clone, Deserialize)]
pub struct Lease {
    pub work_item_id: String,
    pub fence: i64,
    pub task: Task,
}

/// What the work is; the tag is the task's `kind`.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Task {
    Slice(SliceTask),
    Check(CheckTask),
    RefusalReview(ReviewTask),
    Authorize(AuthorizeTask),
    /// A kind that came later; nobody here can do it.
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SliceTask {
    pub field: SliceField,
    pub image_url: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct SliceField {
    pub code: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct CheckTask {
    pub item: Item,
    pub pages: Vec<Page>,
    pub fields: Vec<CheckField>,
    #[serde(default)]
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct CheckField {
    pub code: String,
    pub state: String,
    #[serde(default)]
    pub value: Option<String>,
    #[serde(default)]
    pub candidates: Vec<Candidate>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Candidate {
    pub value: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ReviewTask {
    pub item: Item,
    #[serde(default)]
    pub pages: Vec<Page>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct AuthorizeTask {
    pub item: Item,
    pub pages: Vec<Page>,
    #[serde(default)]
    pub checklist: Vec<ChecklistLine>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ChecklistLine {
    pub id: String,
}

/// A frame that the server pushes.
#[derive(Debug, Clone, Deserialize)]
pub struct Frame {
    #[serde(default)]
    pub seq: i64,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Hello {
        leases: Vec<Lease>,
    },
    /// Boxed: a lease carries its whole task.
    Assigned {
        lease: Box<Lease>,
    },
    Released {
        work_item_id: String,
    },
    /// Presence, messages, items, the board, pongs: nothing that a simulated client acts on.
    #[serde(other)]
    Other,
}

/// What the client says on the stream.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Saying<'a> {
    Heartbeat { active: bool, t: u64 },
    Ack { work_item_id: &'a str, fence: i64 },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pushed_slice_is_read() {
        let text = r#"{"seq":4,"type":"assigned","lease":{"work_item_id":"wi_1","queue":"keying","fence":7,"expires_at":"x",
            "task":{"kind":"slice","slice_id":"s","pass":1,"field":{"code":"amount","kind":"amount","required":true},
            "image_url":"/api/v1/archive/links/t","image_width":1,"image_height":1,"wider_allowed":false}}}"#;
        let frame: Frame = serde_json::from_str(text).unwrap();
        let Event::Assigned { lease } = frame.event else { panic!("{frame:?}") };
        assert_eq!((frame.seq, lease.fence), (4, 7));
        assert!(matches!(lease.task, Task::Slice(task) if task.field.code == "amount"));
    }

    #[test]
    fn frames_and_tasks_of_later_kinds_are_passed_over() {
        let frame: Frame = serde_json::from_str(r#"{"seq":9,"type":"weather","sky":"blue"}"#).unwrap();
        assert!(matches!(frame.event, Event::Other));
        let lease: Lease =
            serde_json::from_str(r#"{"work_item_id":"wi","fence":1,"task":{"kind":"dance","partner":"x"}}"#).unwrap();
        assert!(matches!(lease.task, Task::Unknown));
    }

    #[test]
    fn a_heartbeat_is_written_as_the_contract_has_it() {
        let text = serde_json::to_string(&Saying::Heartbeat { active: true, t: 5 }).unwrap();
        assert_eq!(text, r#"{"type":"heartbeat","active":true,"t":5}"#);
    }
}
