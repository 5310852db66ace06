//! Who is at the seat: signing in, sessions, passwords, and how a person gets the first one.
//!
//! Invariants:
//! - No password, token or code is stored, only its hash; none is printable, none is in an idempotency key, a reply or a log.
//! - There is no default password. The first two administrators, and everyone after them, begin with a one-time code.
//! - A wrong attempt is counted before it is checked, so that a thousand attempts at once are no more guesses than one after another.
//! - An unknown employee number costs the same work, is answered with the same words and is locked out like a known one.
//! - A person's own keys are theirs alone: nobody else reads or changes them.
//! - Hashing happens outside every transaction, and the transaction then finds the credential unchanged or refuses.
//!
//! Deliberately absent: what a person may do (`permission`), second factors, OpenID Connect, remembering devices.

pub mod activation;
mod attempts;
pub mod keys;
pub mod password;
mod rules;
mod secret;
pub mod session;
#[cfg(test)]
mod testing;

pub use activation::OneTimeCode;
pub use attempts::AttemptPolicy;
pub use password::{DemonstrationOnly, HashParameters, Hasher, PasswordHash, PasswordPolicy};
pub use rules::{Rules, forget};
pub use secret::Token;
pub use session::{Session, SessionPolicy, SignIn, SignedIn};
