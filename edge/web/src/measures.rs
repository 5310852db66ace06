//! Counters and histograms behind `/metrics`.

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

/// Seconds; the upper ones are where people notice.
const REQUEST_SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Renders what the process has counted.
#[derive(Clone)]
pub struct Measures {
    handle: PrometheusHandle,
}

impl Measures {
    /// Makes this the process's recorder. Once per process; a second one is an error.
    pub fn install() -> Result<Self, BuildError> {
        let handle = builder()?.install_recorder()?;
        metrics::describe_counter!("http_requests_total", "Requests by route template, method and status.");
        metrics::describe_histogram!("http_request_seconds", "Time to answer by route template and method.");
        Ok(Self { handle })
    }

    /// Counts nothing: for tests, which share a process.
    pub fn silent() -> Result<Self, BuildError> {
        Ok(Self { handle: builder()?.build_recorder().handle() })
    }

    /// The Prometheus text form.
    pub fn render(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets(REQUEST_SECONDS)
}
