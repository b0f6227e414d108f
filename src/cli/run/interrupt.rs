//! Ctrl-C and a polite kill: the first stops a run cleanly, the second at once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::failure;

/// Whether somebody asked the run to stop.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    asked: AtomicBool,
    /// What is half written.
    unfinished: Mutex<Option<PathBuf>>,
}

impl Interrupt {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system's; a second listener is one.
    pub(super) fn listen() -> Result<Self, ctrlc::Error> {
        let interrupt = Self::default();
        let state = Arc::clone(&interrupt.0);
        ctrlc::set_handler(move || state.ask())?;
        Ok(interrupt)
    }

    /// Whether the run is to stop.
    pub(super) fn asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// Names a directory that must not be left behind half written; `None` when there is none any more.
    pub(super) fn unfinished(&self, directory: Option<&Path>) {
        *self.0.lock() = directory.map(Path::to_path_buf);
    }
}

impl State {
    fn ask(&self) {
        if !self.asked.swap(true, Ordering::Relaxed) {
            failure::say(
                "stopping: what has begun is finished and kept; interrupt again to drop it",
            );
            return;
        }
        // Held to the end: nothing is put in its place meanwhile.
        let unfinished = self.lock();
        if let Some(directory) = unfinished.as_deref() {
            // Nobody is left to tell what could not be removed.
            let _ = fs::remove_dir_all(directory);
        }
        process::exit(failure::FAILED.into());
    }

    fn lock(&self) -> MutexGuard<'_, Option<PathBuf>> {
        self.unfinished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
