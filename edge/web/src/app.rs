//! What every handler may reach. Cheap to clone.

use crate::measures::Measures;
use identity::Rules;
use journal::Journal;
use ledger::CoreConnector;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use storage::blobs::Blobs;
use tokio::sync::watch;
use work::Engine;

/// The parts of the running product behind the API.
pub struct Parts {
    pub journal: Journal,
    pub blobs: Blobs,
    pub rules: Rules,
    pub engine: Arc<Engine>,
    pub core: Arc<dyn CoreConnector>,
    pub measures: Measures,
    pub settings: Settings,
    /// Turns true when the process is about to stop: streams end, so that stations connect elsewhere.
    pub stopping: watch::Receiver<bool>,
}

/// What the configuration decides at this edge.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether cookies are sent over TLS only, and browsers told to use nothing else; off for a demonstration on plain HTTP.
    pub secure_cookies: bool,
    /// Whether this is the demonstration; it is told to the console, and changes no control.
    pub demo: bool,
    /// Proxies whose `X-Forwarded-For` names the address that a request came from.
    pub trusted_proxies: Vec<IpAddr>,
}

/// The state of the router.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
