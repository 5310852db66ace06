//! Where image work runs: beside the threads that answer requests, as many at once as there are processors.
//!
//! Whoever decodes a page holds it whole in memory, so the number at once is a bound on memory too; the rest wait their turn.

use std::sync::LazyLock;
use storage::Fault;
use tokio::sync::Semaphore;

static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get)));

/// Runs work for the processor and answers what it gave.
///
/// # Errors
/// The work panicked, or the process is stopping.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    let _permit = AT_ONCE.acquire().await.map_err(|_| Fault::Stopped)?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Fault::Panicked(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_more_run_at_once_than_there_are_processors() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (running, most) = (running.clone(), most.clone());
            tasks.spawn(run(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                std::thread::sleep(std::time::Duration::from_millis(2));
                running.fetch_sub(1, Ordering::SeqCst);
            }));
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("the task is not cut off").expect("the work does not panic");
        }
        let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        assert!(most.load(Ordering::SeqCst) <= processors);
    }

    #[tokio::test]
    async fn work_that_panics_is_a_fault() {
        let ended = run(|| panic!("a broken page")).await;
        assert!(matches!(ended, Err(Fault::Panicked(_))));
        assert_eq!(run(|| 7).await.expect("the workers go on after a panic"), 7);
    }
}
