//! A session: who is signed in where, and for how long it holds.

use crate::Token;
use kernel::{Instant, PersonId, SessionId};
use storage::vault::Private;

/// How long sessions hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionPolicy {
    /// Without a request for so long, a session is over.
    pub idle_seconds: i64,
    /// A session is over after so long in any case.
    pub absolute_seconds: i64,
    /// A request moves the session's last sight only when it is older than this, to spare a write per request.
    pub touch_seconds: i64,
    /// Rows of ended sessions are deleted after so long; the journal keeps their beginning and end.
    pub keep_ended_seconds: i64,
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self {
            idle_seconds: 30 * 60,
            absolute_seconds: 12 * 3_600,
            touch_seconds: 60,
            keep_ended_seconds: 30 * 24 * 3_600,
        }
    }
}

/// A session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub session_id: SessionId,
    pub person_id: PersonId,
    /// The seat or workstation number that the person gave.
    pub seat: Option<String>,
    /// Network address of the sign-in.
    pub address: String,
    pub started_at: Instant,
    /// Up to a minute behind the truth.
    pub last_seen_at: Instant,
    /// The password is new or has expired: this session may do nothing but change it.
    pub must_change_password: bool,
    pub(crate) csrf_hash: [u8; 32],
}

impl Session {
    /// Whether a request's CSRF token is this session's.
    pub fn csrf_matches(&self, token: &str) -> bool {
        crate::secret::same(&crate::secret::hash(token), &self.csrf_hash)
    }

    pub(super) fn holds(&self, policy: &SessionPolicy, now: Instant) -> bool {
        now < self.last_seen_at.plus_seconds(policy.idle_seconds)
            && now < self.started_at.plus_seconds(policy.absolute_seconds)
    }
}

/// A request to sign in.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub employee_no: String,
    pub password: Private,
    pub seat: Option<String>,
    pub address: String,
}

/// What a successful sign-in gives, once: the tokens are nowhere else.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the cookie that scripts cannot read.
    pub token: Token,
    /// For the cookie that the console's scripts read and send back as a header.
    pub csrf: Token,
    pub session: Session,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    SignedOut,
    Revoked,
    PasswordChanged,
}

impl Ending {
    pub const ALL: [Self; 3] = [Self::SignedOut, Self::Revoked, Self::PasswordChanged];

    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Revoked => "revoked",
            Self::PasswordChanged => "password_changed",
        }
    }
}
