//! Ctrl-C and its relatives, noticed instead of suffered.

use crate::problem::{Explain, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether somebody asked this process to stop. Cheap to clone; all clones see the same.
#[derive(Clone)]
pub struct Interrupts {
    raised: Arc<AtomicBool>,
}

impl Interrupts {
    /// From now on Ctrl-C, a hang-up and a polite kill raise a flag and do not end the process.
    pub fn watch() -> Result<Self> {
        let raised = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&raised))
                .explain(|| format!("signal {signal} cannot be watched"))?;
        }
        Ok(Self { raised })
    }

    pub fn raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// Takes the flag down, so that a second Ctrl-C can be told from the first.
    pub fn clear(&self) {
        self.raised.store(false, Ordering::SeqCst);
    }
}
