//! The parameters of this area in one place, and its housekeeping.

use crate::{AttemptPolicy, HashParameters, Hasher, PasswordPolicy, SessionPolicy, attempts, session};
use kernel::Instant;
use kernel::calendar::{BusinessDate, TimeZone};
use storage::{Fault, Tx};

/// Everything that a bank may set here. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Rules {
    pub hasher: Hasher,
    pub password: PasswordPolicy,
    pub attempts: AttemptPolicy,
    pub session: SessionPolicy,
}

impl Rules {
    /// The defaults, with the given cost of a password's hash; hashes once, which takes as long as a sign-in.
    pub fn new(parameters: HashParameters) -> Result<Self, Fault> {
        Ok(Self {
            hasher: Hasher::new(parameters)?,
            password: PasswordPolicy::default(),
            attempts: AttemptPolicy::default(),
            session: SessionPolicy::default(),
        })
    }
}

/// The bank's date at an instant, for asking who is appointed and who has left.
pub(crate) fn today(now: Instant) -> Result<BusinessDate, Fault> {
    TimeZone::SHANGHAI.date_at(now).map_err(|error| Fault::inconsistent(format!("the clock: {error}")))
}

/// Forgets counters of attempts that no longer matter and sessions that ended long ago; a job calls it now and then.
/// Not recorded: the journal keeps when each session began and ended.
pub async fn forget(tx: &mut Tx, rules: &Rules, now: Instant) -> Result<u64, Fault> {
    Ok(attempts::forget(tx, &rules.attempts, now).await? + session::forget(tx, &rules.session, now).await?)
}
