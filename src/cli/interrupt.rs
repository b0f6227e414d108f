//! Ctrl-C and a polite kill: the first stops an experiment cleanly, the second at once.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::failure;

/// Whether somebody asked the experiment to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system's; a second listener is one.
    pub(super) fn listen() -> Result<Self, ctrlc::Error> {
        let interrupt = Self::default();
        let asked = Arc::clone(&interrupt.0);
        ctrlc::set_handler(move || {
            if asked.swap(true, Ordering::Relaxed) {
                process::exit(failure::FAILED.into());
            }
            failure::say(
                "stopping: as soon as what is under way allows it; interrupt again to stop at once",
            );
        })?;
        Ok(interrupt)
    }

    /// Whether the experiment is to stop.
    pub(super) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
