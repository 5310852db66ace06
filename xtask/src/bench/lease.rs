//! The best item for a ready person, out of very many that wait, on both databases and beside job queues of others.
//!
//! The example installs its peers from their registry into the scratch folder that it is given, and says so when it cannot.

use super::Ready;
use crate::postgres;
use crate::problem::Result;
use std::process::ExitCode;

pub const MEASURES: &str = "lease of the best item, 100,000 waiting, 1, 8 and 32 workers, SQLite and PostgreSQL";

pub fn run(ready: &Ready<'_>) -> Result<ExitCode> {
    let cluster = ready.postgres()?;
    ready.example("bench_lease", &[(postgres::VARIABLE, cluster.url())])
}
