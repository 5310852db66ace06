//! Why a command of the command line did not do what was asked.

use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error("configuration {path}: {what}")]
    Config { path: PathBuf, what: String },
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Product(#[from] journal::Failure),
    #[error(transparent)]
    Fault(#[from] storage::Fault),
    /// Something that the configuration names cannot be used; `what` says what and where.
    #[error("{what}: {fault}")]
    Opening { what: String, fault: storage::Fault },
    #[error("cannot listen on {address}: {error}")]
    Listen { address: std::net::SocketAddr, error: std::io::Error },
    #[error(
        "another server runs under the node name `{node}` on this database; two under one name would take each other's work away. \
         Stop it, or give each its own `server.node` (without one it is `<host name>:<address>`)"
    )]
    NodeTaken { node: String },
    #[error(
        "this server gave no sign of life for so long that another took the node name `{node}`, and so it ends. \
         Look for what held it up (a machine that slept, a database that did not answer), and start it again"
    )]
    NodeLost { node: String },
    #[error("{path}: {error}")]
    File { path: PathBuf, error: std::io::Error },
    #[error("core connector: {0}")]
    Core(#[from] ledger::HttpCoreError),
    #[error("{0}")]
    Process(String),
}

impl CliError {
    /// 1 for what was refused, 2 for what the caller must write otherwise, 3 for faults.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Product(journal::Failure::Refused(_)) => 1,
            Self::Config { .. } | Self::Usage(_) => 2,
            _ => 3,
        }
    }
}

impl From<kernel::Refusal> for CliError {
    fn from(refusal: kernel::Refusal) -> Self {
        Self::Product(refusal.into())
    }
}
