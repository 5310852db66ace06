//! Serving, and running jobs beside a server.

use crate::config::Config;
use crate::error::CliError;
use crate::{process, wiring};
use identity::{HashParameters, Rules};
use ledger::{CoreConnector, HttpCore, HttpCoreConfig};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout, timeout_at};
use web::measures::Measures;
use web::{App, Parts, Settings};
use work::{Engine, NAME_FREE_AFTER_MICROS, Start};

/// How long requests and jobs under way may take once the process is told to stop: with what comes after, ten seconds in all.
const DRAIN: Duration = Duration::from_secs(8);
/// How long connections to the database may take to come back after that.
const CLOSE: Duration = Duration::from_secs(1);

/// How long a start waits for the name of a server that may just have been killed; one that lives shows it in this time.
const NAME_PATIENCE: Duration = Duration::from_micros(NAME_FREE_AFTER_MICROS.unsigned_abs() + 1_500_000);
const NAME_LOOK: Duration = Duration::from_millis(500);

/// Sign-ins that one address may try in a minute while the demonstration plays.
const DEMONSTRATION_SIGN_INS: i64 = 10_000;

/// Serves until told to stop; then finishes what is under way.
pub async fn run(config: &Config, listen: Option<SocketAddr>) -> Result<ExitCode, CliError> {
    let address = listen.unwrap_or(config.server.listen);
    // First of all: a second start by mistake must end here, before it gives back what the running server holds.
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|error| CliError::Listen { address, error })?;
    let process = process::open(config).await?;
    let parameters = if config.demo.enabled { HashParameters::CHEAP } else { HashParameters::PRODUCTION };
    let mut rules = Rules::new(parameters)?;
    if config.demo.enabled {
        // Its simulated people all sign in from one address, within a minute.
        rules.attempts.address_attempts_max = DEMONSTRATION_SIGN_INS;
    }
    let core = core(config)?;
    let address = listener.local_addr().map_err(|error| CliError::Listen { address, error })?;
    let node = config.server.node.clone().unwrap_or_else(|| format!("{}:{address}", process::host_name()));
    let engine = Arc::new(Engine::new(process.journal.clone(), processing::queues::QUEUES.to_vec(), node.as_str()));
    begin(&engine, &node).await?;
    let (stop, stopping) = watch::channel(false);
    let parts = Parts {
        journal: process.journal.clone(),
        blobs: process.blobs.clone(),
        rules: rules.clone(),
        engine: Arc::clone(&engine),
        core: Arc::clone(&core),
        measures: Measures::install().map_err(|error| CliError::Process(error.to_string()))?,
        settings: Settings {
            secure_cookies: config.server.secure_cookies && !config.demo.enabled,
            demo: config.demo.enabled,
            trusted_proxies: config.server.trusted_proxies.clone(),
        },
        stopping: stopping.clone(),
    };
    tracing::info!(%address, node, database = process.journal.db.engine_name(), "serving");
    println!("{{\"listening\":\"{address}\"}}");
    let runner = Arc::new(wiring::runner(&process.journal, &process.blobs, &core, Some(&engine), &node));
    let jobs = tokio::spawn(runner.run(config.jobs.lanes, stopping.clone()));
    let housekeeping = tokio::spawn(wiring::housekeeping(process.journal.clone(), rules, stopping.clone()));
    let ours = Arc::clone(&engine);
    let mut dispatching = tokio::spawn(async move { ours.run().await });
    let router = web::router(App::new(parts)).into_make_service_with_connect_info::<SocketAddr>();
    let mut ended = stopping.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        // An error means that the sender is gone, which is the end as well.
        drop(ended.wait_for(|stop| *stop).await);
    });
    let mut serving = tokio::spawn(async move { serving.await });
    tokio::select! {
        told = process::told_to_stop() => told?,
        ended = &mut dispatching => return Err(engine_ended(ended, node)),
        broken = &mut serving => return Err(CliError::Process(format!("the listener ended by itself: {broken:?}"))),
    }
    tracing::info!("stopping: no new requests, what is under way is finished");
    stop.send_replace(true);
    let end = Instant::now() + DRAIN;
    if timeout_at(end, serving).await.is_err() {
        tracing::warn!(seconds = DRAIN.as_secs(), "requests still under way are cut off");
    }
    dispatching.abort();
    finish([jobs, housekeeping], end).await?;
    engine.free_name().await?;
    if timeout(CLOSE, process.journal.db.close()).await.is_err() {
        tracing::warn!("connections to the database are cut off");
    }
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The engine ends by itself only when its name is another's; anything else is a fault, and is told as one.
fn engine_ended(ended: Result<(), JoinError>, node: String) -> CliError {
    match ended {
        Ok(()) => CliError::NodeLost { node },
        Err(broken) => CliError::Process(format!(
            "the work engine broke, which is a fault of the program; work that was given out comes back by itself. \
             Start again, and report what stands above: {broken}"
        )),
    }
}

/// Starts the engine. A name that another process had a moment ago is waited for: after a kill it is free within seconds.
async fn begin(engine: &Engine, node: &str) -> Result<(), CliError> {
    let patience = Instant::now() + NAME_PATIENCE;
    while engine.start().await? == Start::NameTaken {
        if Instant::now() >= patience {
            return Err(CliError::NodeTaken { node: node.to_owned() });
        }
        tracing::info!(node, "a server of this name was alive a moment ago; waiting to see whether it still is");
        tokio::time::sleep(NAME_LOOK).await;
    }
    Ok(())
}

/// Waits for background work until `end`. A job that waits longer, such as for a core that does not answer, bears being cut off:
/// it is taken up at the next start.
async fn finish<const N: usize>(tasks: [JoinHandle<()>; N], end: Instant) -> Result<(), CliError> {
    for task in tasks {
        match timeout_at(end, task).await {
            Ok(ended) => ended.map_err(|error| CliError::Process(error.to_string()))?,
            Err(_) => tracing::warn!("background work still under way is left to the next start"),
        }
    }
    Ok(())
}

/// Runs jobs until told to stop.
pub async fn work(config: &Config) -> Result<ExitCode, CliError> {
    let process = process::open(config).await?;
    let core = core(config)?;
    let (stop, stopping) = watch::channel(false);
    // Never that of a server or of another such process: whoever starts under a name takes up the jobs that it left.
    let node = format!("{}/work/{}", process::host_name(), std::process::id());
    let runner = Arc::new(wiring::runner(&process.journal, &process.blobs, &core, None, &node));
    let jobs = tokio::spawn(runner.run(config.jobs.lanes, stopping));
    tracing::info!(node, lanes = config.jobs.lanes, "running jobs");
    process::told_to_stop().await?;
    stop.send_replace(true);
    finish([jobs], Instant::now() + DRAIN).await?;
    Ok(ExitCode::SUCCESS)
}

fn core(config: &Config) -> Result<Arc<dyn CoreConnector>, CliError> {
    Ok(Arc::new(HttpCore::new(&HttpCoreConfig::new(config.core.url.as_str()))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_engine_that_broke_is_not_told_as_a_name_that_was_taken() {
        let broken = tokio::spawn(async { panic!("a round") }).await;
        let said = engine_ended(broken, "node-a".to_owned()).to_string();
        assert!(said.contains("the work engine broke") && !said.contains("node-a"), "{said}");
        let lost = engine_ended(Ok(()), "node-a".to_owned()).to_string();
        assert!(lost.contains("took the node name `node-a`"), "{lost}");
    }
}
