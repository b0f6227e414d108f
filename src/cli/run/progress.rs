//! How far the replications are: on standard error, when that is a terminal.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::num::NonZeroU32;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

const TEMPLATE: &str = "{bar:30} {pos}/{len} replications, {rate}, {eta} left";

/// The line moves this often, so that a long replication does not look like a standstill.
const TICK: Duration = Duration::from_millis(500);

/// A line that shows how far the replications are; it goes away when dropped.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Nothing done yet; silent where standard error is not a terminal.
    pub(super) fn of(replications: NonZeroU32) -> Self {
        if !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key(
                "rate",
                |state: &ProgressState, line: &mut dyn fmt::Write| {
                    // The line is a string in memory: writing to it does not fail.
                    let _ = write!(line, "{:.2} per second", state.per_sec());
                },
            );
        let bar = ProgressBar::new(replications.get().into()).with_style(style);
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// One more replication is done.
    pub(super) fn one_more(&self) {
        self.0.inc(1);
    }

    /// Writes a message above the line.
    pub(super) fn say(&self, message: &str) {
        self.0.suspend(|| {
            // Nobody is left to tell that nobody listens.
            let _ = writeln!(io::stderr(), "{message}");
        });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
