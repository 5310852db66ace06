//! How the core misbehaves, when told to.
//!
//! Faults live in memory: a restarted core behaves well.
//! They change when and whether a reply arrives, never what the books allow.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The whole behavior; what a request leaves out is good behavior, so `{}` ends every fault.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Behavior {
    /// Milliseconds that a posting or reversal waits before it is worked on; it goes on when the client has left.
    pub slow_ms: u64,
    /// The same for every other request.
    pub slow_reads_ms: u64,
    /// Refuses every new posting and reversal with this code.
    pub refuse: Option<String>,
    /// The next so many new answers are committed, then the connection closes without a reply.
    pub drop_reply_after_commit: u32,
    /// The next so many new answers are rolled back, then the connection closes without a reply.
    pub fail_before_commit: u32,
    /// The next so many replies to postings and reversals are sent twice over.
    pub answer_twice: u32,
    /// Closes every connection without a reply; only `/v1/behavior` still answers.
    pub down: bool,
}

/// The present behavior, shared by all connections.
#[derive(Debug, Default)]
pub struct Switch(Mutex<Behavior>);

impl Switch {
    pub fn set(&self, behavior: Behavior) {
        *self.lock() = behavior;
    }

    pub fn get(&self) -> Behavior {
        self.lock().clone()
    }

    pub fn is_down(&self) -> bool {
        self.lock().down
    }

    pub fn refusal(&self) -> Option<String> {
        self.lock().refuse.clone()
    }

    pub fn delay(&self, is_posting: bool) -> Duration {
        let now = self.lock();
        Duration::from_millis(if is_posting { now.slow_ms } else { now.slow_reads_ms })
    }

    pub fn take_drop_reply(&self) -> bool {
        take(&mut self.lock().drop_reply_after_commit)
    }

    pub fn take_failure(&self) -> bool {
        take(&mut self.lock().fail_before_commit)
    }

    pub fn take_second_answer(&self) -> bool {
        take(&mut self.lock().answer_twice)
    }

    fn lock(&self) -> MutexGuard<'_, Behavior> {
        // A panic cannot leave these plain values half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take(count: &mut u32) -> bool {
    let had = *count > 0;
    *count = count.saturating_sub(1);
    had
}
