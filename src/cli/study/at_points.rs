//! Scenarios at points: a sweep, a sensitivity analysis and a validation differ in the points, and in what is made of the responses.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Failure, Plan, PointOutcome, Points, Resampled, Responses, Sweep};
use portflow::report::sweep;
use portflow::report::sweep::Swept;
use portflow::scenario::{Loaded, Posterior};
use portflow::store::files::RUNS;
use portflow::store::{Manifest, ResultsDir};

use crate::cli::args::input::{Format, ReplicationArgs};
use crate::cli::args::output::{OutArgs, ShardArgs};
use crate::cli::inputs::subject::Subject;
use crate::cli::study::conduct::{Conduct, conduct};
use crate::cli::study::{Means, Study};

/// How simulations at points are conducted.
#[derive(Debug, Args)]
pub(crate) struct HowArgs {
    #[command(flatten)]
    pub(crate) replication: ReplicationArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    shard: ShardArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

impl HowArgs {
    /// Runs the scenarios at the points. The status is 1 when a simulation failed or somebody stopped them.
    pub(crate) fn conduct<T: Told>(
        &self,
        subject: Subject,
        points: Points,
        plan: &Plan,
        asked: Manifest,
        told: T,
    ) -> anyhow::Result<ExitCode> {
        let study = AtPoints {
            sweep: subject.sweep(points, plan)?,
            told,
            format: self.format,
        };
        let how = Conduct {
            asked: Manifest {
                shard: self.shard.shard,
                ..asked
            },
            threads: plan.threads,
            out: &self.out,
        };
        Ok(conduct(&study, &how)?.status)
    }
}

/// What is told of the responses.
pub(crate) trait Told: Sync {
    /// What is made of them.
    type Made;

    /// The posterior whose draws are the points; `None` where they are not of one.
    fn posterior(&self) -> Option<&Posterior> {
        None
    }

    /// Makes it, once, of all responses.
    fn made(&self, responses: &Responses) -> Self::Made;

    /// Writes its files; that of single runs is written already.
    fn write(&self, made: &Self::Made, swept: &Swept<'_>, directory: &ResultsDir)
    -> io::Result<()>;

    /// Prints what standard output gets.
    fn print(
        &self,
        made: &Self::Made,
        swept: &Swept<'_>,
        format: Format,
        to: &mut dyn Write,
    ) -> io::Result<()>;
}

/// Simulations at points.
pub(crate) struct AtPoints<T> {
    pub(crate) sweep: Sweep,
    pub(crate) told: T,
    pub(crate) format: Format,
}

impl<T: Told> Study for AtPoints<T> {
    type Record = PointOutcome;
    type Gathered = Gathering<T::Made>;

    const TASKS: &'static str = "simulations";

    fn units(&self) -> u32 {
        self.sweep.layout().points.len()
    }

    fn tasks_per_unit(&self) -> u32 {
        self.sweep.layout().tasks_per_point()
    }

    fn perform(&self, task: u32, _: &Means<'_>) -> anyhow::Result<PointOutcome> {
        Ok(self.sweep.perform(task))
    }

    fn fits(&self, _task: u32, outcome: &PointOutcome) -> bool {
        let layout = self.sweep.layout();
        outcome.is_of(layout.figures.len() + layout.watched.len())
    }

    fn failures(&self, task: u32, outcome: &PointOutcome) -> Vec<Failure> {
        self.sweep.failure(task, outcome).into_iter().collect()
    }

    fn gather(&self, _directory: Option<&ResultsDir>) -> io::Result<Gathering<T::Made>> {
        Ok(Gathering {
            responses: Responses::new(self.sweep.layout().clone()),
            made: None,
        })
    }

    fn take(
        &self,
        gathered: &mut Gathering<T::Made>,
        _task: u32,
        outcome: PointOutcome,
    ) -> io::Result<()> {
        gathered.responses.take(outcome);
        Ok(())
    }

    fn write(
        &self,
        gathered: &mut Gathering<T::Made>,
        manifest: &Manifest,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        let (made, swept) = self.made(gathered, manifest);
        directory.write(RUNS, |to| sweep::runs(&swept, to))?;
        self.told.write(made, &swept, directory)
    }

    fn print(
        &self,
        gathered: &mut Gathering<T::Made>,
        manifest: &Manifest,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let (made, swept) = self.made(gathered, manifest);
        self.told.print(made, &swept, self.format, to)
    }

    fn scenarios(&self) -> Vec<(&str, &Loaded)> {
        self.sweep.scenarios().collect()
    }

    fn posterior(&self) -> Option<&Posterior> {
        let of_futures = || self.sweep.source().draws().map(Resampled::posterior);
        self.told.posterior().or_else(of_futures)
    }
}

impl<T: Told> AtPoints<T> {
    /// What is made of the responses, and these: made where it is not yet.
    fn made<'a>(
        &self,
        gathered: &'a mut Gathering<T::Made>,
        manifest: &'a Manifest,
    ) -> (&'a T::Made, Swept<'a>) {
        let Gathering { responses, made } = gathered;
        let made = made.get_or_insert_with(|| self.told.made(responses));
        let swept = Swept {
            manifest,
            responses,
        };
        (made, swept)
    }
}

/// Responses in the making.
pub(crate) struct Gathering<M> {
    responses: Responses,
    /// What is made of them, once they are told.
    pub(crate) made: Option<M>,
}
