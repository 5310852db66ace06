//! The two ways in which a command does not do what was asked.
//!
//! One type serves all domain crates because the closed list of refusals is the catalog in `kernel::refusal`:
//! an enum per module would repeat its codes, and every caller would convert between them.

use kernel::Refusal;
use storage::{Fault, WriteError};

/// A refusal is for the user; a fault is for the operators of the machine.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("{0}")]
    Fault(#[from] Fault),
}

/// What domain functions answer.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Fault(_) => None,
        }
    }
}

impl WriteError for Failure {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Refused(_) => None,
            Self::Fault(fault) => Some(fault),
        }
    }
}
