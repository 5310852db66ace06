//! How attempts are bounded: pure arithmetic over counters.

use kernel::Instant;
use kernel::clock::MICROS_PER_SECOND;

/// The bounds. Sources: classified protection (GB/T 22239-2019, 8.1.4.1) asks for an end to attempts after failures; the figures are trade practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptPolicy {
    /// Failures in a row after which a number is locked out.
    pub failures_max: i64,
    /// The first lock-out; each further failure doubles it.
    pub lock_seconds_first: i64,
    pub lock_seconds_max: i64,
    /// Failures are forgotten after so long without another attempt.
    pub forget_after_seconds: i64,
    /// Attempts from one address in a window.
    pub address_attempts_max: i64,
    pub address_window_seconds: i64,
}

impl Default for AttemptPolicy {
    fn default() -> Self {
        Self {
            failures_max: 5,
            lock_seconds_first: 30,
            lock_seconds_max: 3_600,
            forget_after_seconds: 24 * 3_600,
            address_attempts_max: 60,
            address_window_seconds: 60,
        }
    }
}

/// Failures of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lock {
    pub failures: i64,
    pub locked_until: Instant,
    pub last_at: Instant,
}

/// Attempts from one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub start: Instant,
    pub attempts: i64,
}

/// What becomes of an attempt; the seconds say when to come again, at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Admission {
    Open,
    Locked { seconds: i64 },
    TooMany { seconds: i64, is_first: bool },
}

fn seconds_until(now: Instant, later: Instant) -> i64 {
    (later.since(now).max(0) / MICROS_PER_SECOND + i64::from(later.since(now) % MICROS_PER_SECOND != 0)).max(1)
}

impl AttemptPolicy {
    /// Counts an attempt from an address.
    pub(super) fn enter(&self, window: Option<Window>, now: Instant) -> (Window, Admission) {
        let end = |start: Instant| start.plus_seconds(self.address_window_seconds);
        let running = window.filter(|window| now < end(window.start) && window.start <= now);
        let Some(Window { start, attempts }) = running else {
            return (Window { start: now, attempts: 1 }, Admission::Open);
        };
        // Counts one beyond the bound, to tell the first refusal from the others, and no further.
        let counted = Window { start, attempts: (attempts + 1).min(self.address_attempts_max + 2) };
        if attempts < self.address_attempts_max {
            return (counted, Admission::Open);
        }
        let is_first = attempts == self.address_attempts_max;
        (counted, Admission::TooMany { seconds: seconds_until(now, end(start)), is_first })
    }

    /// Counts an attempt on a number as failed; while it is locked out nothing is counted.
    pub(super) fn attempt(&self, lock: Option<Lock>, now: Instant) -> (Lock, Admission) {
        let fresh = Lock { failures: 0, locked_until: now, last_at: now };
        let lock = lock.filter(|lock| now < lock.last_at.plus_seconds(self.forget_after_seconds)).unwrap_or(fresh);
        if now < lock.locked_until {
            return (lock, Admission::Locked { seconds: seconds_until(now, lock.locked_until) });
        }
        let failures = lock.failures.saturating_add(1);
        let locked_until = now.plus_seconds(self.lock_seconds(failures));
        (Lock { failures, locked_until, last_at: now }, Admission::Open)
    }

    /// How long a number is locked out after so many failures in a row.
    fn lock_seconds(&self, failures: i64) -> i64 {
        if failures < self.failures_max {
            return 0;
        }
        let beyond = u32::try_from(failures - self.failures_max).unwrap_or(u32::MAX);
        let factor = 1i64.checked_shl(beyond).filter(|factor| *factor > 0).unwrap_or(i64::MAX);
        self.lock_seconds_first.saturating_mul(factor).min(self.lock_seconds_max)
    }
}
