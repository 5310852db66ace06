//! Hashing of passwords by argon2id, beside the event loop, and only as many at once as the machine has processors.
//!
//! Each hash takes its memory for its time; without the bound a morning's sign-ins of a whole center would take gigabytes.

use argon2::password_hash::phc::PasswordHash as PhcHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;
use std::sync::Arc;
use storage::Fault;
use storage::vault::Private;
use tokio::sync::Semaphore;

/// What a hash costs, as RFC 9106 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashParameters {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl HashParameters {
    /// 19 MiB, two passes: the least that OWASP's password storage sheet recommends for argon2id.
    pub const PRODUCTION: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };
    /// For tests and for the thousands of people of the demonstration; guards nothing.
    pub const CHEAP: Self = Self { memory_kib: 64, passes: 1, lanes: 1 };
}

/// A password's hash in the PHC string form, with its salt and cost. It does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn stored(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Hashes and verifies. Cheap to clone.
#[derive(Clone)]
pub struct Hasher {
    inner: Arc<Inner>,
}

struct Inner {
    argon2: Argon2<'static>,
    /// The hash of a random text: what an unknown person's attempt is compared with.
    dummy: PasswordHash,
    running: Semaphore,
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hasher({:?})", self.inner.argon2.params())
    }
}

impl Hasher {
    /// Fails on a cost that argon2 does not know, such as less than 8 KiB a lane. Hashes once.
    pub fn new(parameters: HashParameters) -> Result<Self, Fault> {
        let HashParameters { memory_kib, passes, lanes } = parameters;
        let params = Params::new(memory_kib, passes, lanes, None)
            .map_err(|error| Fault::inconsistent(format!("parameters of argon2: {error}")))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash_now(&argon2, crate::Token::generate().reveal())?;
        let running = Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get));
        Ok(Self { inner: Arc::new(Inner { argon2, dummy, running }) })
    }

    /// The hash of a new password, with a salt of its own.
    pub async fn hash(&self, password: &Private) -> Result<PasswordHash, Fault> {
        let password = password.clone();
        self.beside(move |inner| hash_now(&inner.argon2, password.reveal())).await
    }

    /// Whether the password is the stored one. Without a stored one it is not, after the same work.
    pub async fn verify(&self, password: &Private, stored: Option<&PasswordHash>) -> Result<bool, Fault> {
        let (password, stored) = (password.clone(), stored.cloned());
        self.beside(move |inner| {
            let is_known = stored.is_some();
            let matches = verify_now(&inner.argon2, password.reveal(), stored.as_ref().unwrap_or(&inner.dummy))?;
            Ok(matches && is_known)
        })
        .await
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let permit = self.inner.running.acquire().await.map_err(|_| Fault::Stopped)?;
        let inner = Arc::clone(&self.inner);
        let answer = tokio::task::spawn_blocking(move || work(&inner)).await;
        drop(permit);
        answer.map_err(|error| Fault::Panicked(error.to_string()))?
    }
}

fn hash_now(argon2: &Argon2<'_>, password: &str) -> Result<PasswordHash, Fault> {
    let mut salt = [0u8; 16];
    rand::fill(&mut salt);
    let hash: PhcHash = argon2
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|error| Fault::Keys(format!("a password cannot be hashed: {error}")))?;
    Ok(PasswordHash(hash.to_string()))
}

/// The stored hash names its own cost, so that a change of the parameters locks nobody out.
fn verify_now(argon2: &Argon2<'_>, password: &str, stored: &PasswordHash) -> Result<bool, Fault> {
    let parsed = PhcHash::new(&stored.0).map_err(|error| Fault::inconsistent(format!("a password hash: {error}")))?;
    match argon2.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(Fault::inconsistent(format!("a password hash: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_verifies_its_password_only_and_two_hashes_of_one_password_differ() {
        let hasher = Hasher::new(HashParameters::CHEAP).expect("a hasher");
        let (right, wrong) = (Private::new("correct horse 1"), Private::new("correct horse 2"));
        let (one, two) = (hasher.hash(&right).await.expect("hashes"), hasher.hash(&right).await.expect("hashes"));
        assert_ne!(one, two);
        assert!(one.as_str().starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "the algorithm and the cost are named");
        assert!(hasher.verify(&right, Some(&one)).await.expect("verifies"));
        assert!(!hasher.verify(&wrong, Some(&one)).await.expect("verifies"));
        assert!(!hasher.verify(&right, None).await.expect("verifies"), "nobody's password is never right");
        assert!(!format!("{one:?} {hasher:?}").contains("argon2id$"));
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_still_verifies() {
        let old = Hasher::new(HashParameters { memory_kib: 128, ..HashParameters::CHEAP }).expect("a hasher");
        let new = Hasher::new(HashParameters::CHEAP).expect("a hasher");
        let password = Private::new("correct horse 1");
        let stored = old.hash(&password).await.expect("hashes");
        assert!(new.verify(&password, Some(&stored)).await.expect("verifies"));
    }

    #[test]
    fn a_cost_that_argon2_does_not_know_is_a_fault_at_the_start() {
        assert!(Hasher::new(HashParameters { memory_kib: 1, ..HashParameters::CHEAP }).is_err());
    }
}
