//! How far an experiment is: on standard error, when that is a terminal.

use std::fmt;
use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::cli::failure;
use crate::cli::study::interrupt::Interrupt;

const TEMPLATE: &str = "{bar:30} {pos}/{len} {prefix}{pace}";

/// The line moves this often, so that a long simulation does not look like a standstill.
const TICK: Duration = Duration::from_millis(500);

/// A line that shows how many tasks are done; it goes away when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Nothing done yet of `tasks`, which are called `name`; silent where standard error is not a terminal.
    pub(crate) fn of(tasks: u32, name: &'static str) -> Self {
        if !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let style = ProgressStyle::with_template(TEMPLATE)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key(
                "pace",
                |state: &ProgressState, line: &mut dyn fmt::Write| {
                    // Before the first is done nobody knows.
                    if state.per_sec() > 0.0 {
                        let left = HumanDuration(state.eta());
                        // The line is a string in memory: writing to it does not fail.
                        let _ = write!(line, ", {:.2} per second, {left:#} left", state.per_sec());
                    }
                },
            );
        let bar = ProgressBar::new(tasks.into()).with_style(style);
        bar.set_prefix(name);
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// One more task is done; `recorded` ones were done before, and say nothing of the time that is left.
    pub(crate) fn one_more(&self, recorded: bool) {
        self.0.inc(1);
        if recorded {
            self.0.reset_eta();
        }
    }

    /// How many tasks there will be, as far as is known now.
    pub(crate) fn expect(&self, tasks: u32) {
        self.0.set_length(tasks.into());
    }

    /// Writes a message above the line.
    pub(crate) fn say(&self, message: &str) {
        say_above(&self.0, message);
    }

    /// Says above the line, as soon as somebody asks for it, that the experiment stops.
    pub(crate) fn watch(&self, interrupt: &Interrupt) {
        let line = self.0.clone();
        interrupt.watch(move |message| say_above(&line, message));
    }
}

fn say_above(line: &ProgressBar, message: &str) {
    line.suspend(|| failure::say(message));
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
