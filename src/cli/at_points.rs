//! Scenarios at the points of a design: a sweep and a sensitivity analysis differ in the points, and in what is made of the responses.

use std::io::{self, Write};
use std::ops::ControlFlow;

use portflow::experiment::{Failure, PointOutcome, Responses, Sweep};
use portflow::report::sweep::Swept;
use portflow::report::{Manifest, ResultsDir, sweep};
use portflow::scenario::Loaded;

use super::conduct::{Gathered, Study};
use super::input::Format;

/// What is made of the responses.
pub(crate) trait Told: Clone + Sync {
    /// Writes its files; that of single runs is written already.
    fn write(&self, swept: &Swept<'_>, directory: &ResultsDir) -> io::Result<()>;

    /// Prints what standard output gets.
    fn print(&self, swept: &Swept<'_>, format: Format, to: &mut dyn Write) -> io::Result<()>;
}

/// Simulations at points.
pub(crate) struct AtPoints<T> {
    pub(crate) sweep: Sweep,
    pub(crate) told: T,
    pub(crate) format: Format,
}

impl<T: Told> Study for AtPoints<T> {
    type Record = PointOutcome;
    type Gathered = Gathering<T>;

    const TASKS: &'static str = "simulations";

    fn units(&self) -> u32 {
        self.sweep.layout().points.len()
    }

    fn tasks_per_unit(&self) -> u32 {
        self.sweep.layout().tasks_per_point()
    }

    fn perform(&self, task: u32) -> PointOutcome {
        self.sweep.perform(task)
    }

    fn failure(&self, task: u32, outcome: &PointOutcome) -> Option<Failure> {
        self.sweep.failure(task, outcome)
    }

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<Gathering<T>> {
        Ok(Gathering {
            responses: Responses::new(self.sweep.layout().clone()),
            told: self.told.clone(),
            format: self.format,
        })
    }

    fn scenarios(&self) -> Vec<(String, &Loaded)> {
        let is_alone = self.sweep.scenarios().len() == 1;
        // The directory itself where there is but one.
        let folder = |name: &str| {
            if is_alone {
                String::new()
            } else {
                name.to_owned()
            }
        };
        let scenarios = self.sweep.scenarios();
        scenarios
            .map(|(name, loaded)| (folder(name), loaded))
            .collect()
    }
}

/// Responses in the making.
pub(crate) struct Gathering<T> {
    responses: Responses,
    told: T,
    format: Format,
}

impl<T: Told> Gathered<PointOutcome> for Gathering<T> {
    fn take(&mut self, _task: u32, outcome: PointOutcome) -> io::Result<ControlFlow<()>> {
        self.responses.take(outcome);
        Ok(ControlFlow::Continue(()))
    }

    fn write(&mut self, manifest: &Manifest, directory: &ResultsDir) -> io::Result<()> {
        let swept = self.swept(manifest);
        directory.write("runs.csv", |to| sweep::runs(&swept, to))?;
        self.told.write(&swept, directory)
    }

    fn print(&mut self, manifest: &Manifest, to: &mut dyn Write) -> io::Result<()> {
        self.told.print(&self.swept(manifest), self.format, to)
    }
}

impl<T> Gathering<T> {
    fn swept<'a>(&'a self, manifest: &'a Manifest) -> Swept<'a> {
        Swept {
            manifest,
            responses: &self.responses,
        }
    }
}
