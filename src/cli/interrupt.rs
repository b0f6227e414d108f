//! Ctrl-C and a polite kill: the first stops an experiment cleanly, the second at once.

use std::ffi::c_int;
use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use signal_hook::{consts, flag};

use super::failure;

/// Signals that ask a command to stop.
#[cfg(unix)]
const SIGNALS: [c_int; 3] = [consts::SIGINT, consts::SIGTERM, consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [c_int; 2] = [consts::SIGINT, consts::SIGTERM];

/// How often is looked whether there is something to say.
const LOOK: Duration = Duration::from_millis(20);

/// Whether somebody asked the experiment to stop.
#[derive(Debug, Clone)]
pub(super) struct Interrupt {
    asked: Arc<AtomicBool>,
    /// It is said once, and before anybody heeds it.
    said: Arc<Once>,
}

impl Interrupt {
    /// Listens from now on, but for signals that the command was begun to ignore, as by `nohup`.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn listen() -> io::Result<Self> {
        let interrupt = Self {
            asked: Arc::default(),
            said: Arc::new(Once::new()),
        };
        let ignored = ignored();
        for signal in SIGNALS {
            if ignored >> (signal - 1) & 1 == 0 {
                // Before the flag is set, so that it is the second that ends the process.
                let status = failure::FAILED.into();
                flag::register_conditional_shutdown(signal, status, Arc::clone(&interrupt.asked))?;
                flag::register(signal, Arc::clone(&interrupt.asked))?;
            }
        }
        let watched = interrupt.clone();
        let watch = move || {
            while !watched.asked() {
                thread::sleep(LOOK);
            }
        };
        // Where no thread can be had it is said as soon as it is heeded.
        let _ = thread::Builder::new().spawn(watch);
        Ok(interrupt)
    }

    /// Whether the experiment is to stop.
    pub(super) fn asked(&self) -> bool {
        let is_asked = self.asked.load(Ordering::Relaxed);
        if is_asked {
            self.said.call_once(|| {
                failure::say("stopping: as soon as what is under way allows it; interrupt again to stop at once");
            });
        }
        is_asked
    }
}

/// The signals that are ignored, a bit each; where the system does not tell, none.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.unwrap_or_default()
}
