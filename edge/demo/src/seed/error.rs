//! Why the province could not be loaded.

/// Every way in which loading ends early; nothing of the failing step is kept.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    #[error("the configuration {path}: {what}")]
    Settings { path: String, what: String },
    #[error(transparent)]
    Product(#[from] journal::Failure),
    #[error(transparent)]
    Fault(#[from] storage::Fault),
    #[error("the simulated core: {0}")]
    Core(#[from] reqwest::Error),
    #[error("the simulated core refused the accounts: {0}")]
    CoreRefused(String),
    #[error("the province names {0}, which it does not have")]
    Unknown(String),
}

impl From<kernel::Refusal> for SeedError {
    fn from(refusal: kernel::Refusal) -> Self {
        Self::Product(refusal.into())
    }
}
