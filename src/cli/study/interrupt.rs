//! Ctrl-C and a polite kill: the first stops an experiment cleanly, a later one at once.

use std::ffi::c_int;
#[cfg(unix)]
use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use signal_hook::{consts, flag};

use crate::cli::failure;

/// Signals that ask a command to stop. The last of them, a hangup, does not where the command was begun to ignore it.
#[cfg(unix)]
const SIGNALS: [c_int; 3] = [consts::SIGINT, consts::SIGTERM, consts::SIGHUP];
#[cfg(not(unix))]
const SIGNALS: [c_int; 2] = [consts::SIGINT, consts::SIGTERM];

/// How often is looked whether there is something to say.
const LOOK: Duration = Duration::from_millis(20);

/// A signal that comes within so long of the first is the same wish: who sends it to a command and to its group, as `timeout` does, sends two.
const SAME: Duration = Duration::from_millis(500);

/// Whether somebody asked the experiment to stop.
#[derive(Debug, Clone)]
pub(crate) struct Interrupt {
    asked: Arc<AtomicBool>,
    /// Whether the next signal ends the process.
    is_last: Arc<AtomicBool>,
    /// That it stops is said once.
    said: Arc<Once>,
}

impl Interrupt {
    /// Listens from now on; to a hangup only where the command was not begun to ignore it, as by `nohup`, as far as the system tells (Linux does).
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn listen() -> io::Result<Self> {
        let interrupt = Self {
            asked: Arc::default(),
            is_last: Arc::default(),
            said: Arc::new(Once::new()),
        };
        for signal in SIGNALS.into_iter().filter(|&signal| !ignores(signal)) {
            let status = failure::FAILED.into();
            flag::register_conditional_shutdown(signal, status, Arc::clone(&interrupt.is_last))?;
            flag::register(signal, Arc::clone(&interrupt.asked))?;
        }
        Ok(interrupt)
    }

    /// Has it said from now on, as soon as somebody asks for it, that the experiment stops.
    pub(crate) fn watch(&self, say: impl FnOnce(&str) + Send + 'static) {
        let watched = self.clone();
        let watch = move || {
            while !watched.asked() {
                thread::sleep(LOOK);
            }
            watched.tell(say);
            thread::sleep(SAME);
            watched.is_last.store(true, Ordering::Relaxed);
        };
        // Where no thread can be had it is said once the experiment has stopped, and no signal ends it before.
        let _ = thread::Builder::new().spawn(watch);
    }

    /// Whether the experiment is to stop.
    pub(crate) fn asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Says that the experiment stops, where it is to and nobody has said so.
    pub(crate) fn tell(&self, say: impl FnOnce(&str)) {
        if self.asked() {
            self.said.call_once(|| {
                say("stopping: as soon as what is under way allows it; interrupt again to stop at once");
            });
        }
    }
}

/// Whether the command was begun to ignore a hangup; where the system does not tell, no.
#[cfg(unix)]
fn ignores(signal: c_int) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    signal == consts::SIGHUP && mask.unwrap_or_default() >> (signal - 1) & 1 == 1
}

#[cfg(not(unix))]
fn ignores(_: c_int) -> bool {
    false
}
