//! From a keyer's confirmation to the next slice on the screen, end to end over HTTP against the shipped server.

use super::Ready;
use crate::postgres;
use crate::problem::Result;
use std::process::ExitCode;

pub const MEASURES: &str = "open the next keying slice over HTTP, 200 keyers";

pub fn run(ready: &Ready<'_>) -> Result<ExitCode> {
    ready.build(&["-p", "cli", "-p", "corebank-sim", "--bins"])?;
    let cluster = ready.postgres()?;
    ready.example("bench_keying", &[(postgres::VARIABLE, cluster.url())])
}
