//! How a calibration is made, and what stands against it.

use std::num::NonZeroU32;

use crate::calibration::sampler::Sampling;
use crate::experiment::tasks::{self, TooManyTasks};
use crate::scenario::Diagnostics;

/// Waves, points, replications.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Waves before the draws of the posterior are simulated; 0 only where runs are given.
    pub waves: u32,
    /// Points of a wave.
    pub points: NonZeroU32,
    /// Replications of each point; two at least, to know chance from the world.
    pub replications: u32,
    /// Draws of the posterior, all of which are simulated.
    pub draws: NonZeroU32,
    /// Seed of every random number.
    pub seed: u64,
    /// How the surfaces are sampled.
    pub sampling: Sampling,
}

impl Settings {
    /// Whether a fit can be made so, whatever it is of.
    pub(super) fn check(&self) -> Result<(), CalibrationError> {
        if self.replications < 2 {
            return Err(CalibrationError::FewReplications);
        }
        let steps = self.sampling.chains * self.sampling.kept;
        let draws = self.draws.max(self.points).get();
        if draws > steps {
            return Err(CalibrationError::TooManyDraws { draws, steps });
        }
        let points = u64::from(self.waves) * u64::from(self.points.get());
        let points = points.saturating_add(self.draws.get().into());
        tasks::count(points, self.replications)?;
        Ok(())
    }
}

/// A calibration that cannot be made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CalibrationError {
    /// The file does not say what to fit.
    #[error("there is nothing to fit: write [calibrate] in the file, with parameters and targets")]
    NoTable,
    /// Nothing to fit.
    #[error(
        "[calibrate] has no parameters: name the keys to fit under [calibrate.parameters.NAME]"
    )]
    NoParameters,
    /// Nothing to fit to.
    #[error("[calibrate] has no targets: name published columns under [calibrate.targets]")]
    NoTargets,
    /// No published table.
    #[error("there are no published figures: name their file in [observed], or with --data")]
    NoObserved,
    /// All that was published of the targets that count is 0.
    #[error(
        "nothing above 0, which has no logarithm, is published from {from} to {to} of the targets that count, those of a weight above 0: fit to other columns, or change the window"
    )]
    NothingAboveZero {
        /// First day of the window.
        from: String,
        /// Last day of the window.
        to: String,
    },
    /// Every target begins after the window.
    #[error(
        "no target is published in a whole month from {from} to {to}: change the window, or the published table"
    )]
    NothingPublished {
        /// First day of the window.
        from: String,
        /// Last day of the window.
        to: String,
    },
    /// A target without a figure.
    #[error(
        "nothing is published of {columns} in a whole month from {from} to {to} (the table has {months}): take it out of [calibrate.targets], give it `weight = 0` where it is inherited, or add its column and months to the published table"
    )]
    Unpublished {
        /// The targets.
        columns: String,
        /// First day of the window.
        from: String,
        /// Last day of the window.
        to: String,
        /// The months of the table.
        months: String,
    },
    /// The window ends after the simulation.
    #[error(
        "`{key}` is {to}, after the last day of the run, {end}: change it (--to MONTH ends every window earlier), or `run.end`"
    )]
    AfterEnd {
        /// The key that sets the window.
        key: String,
        /// Last day of the window.
        to: String,
        /// Last day of the run.
        end: String,
    },
    /// The window begins before the simulation.
    #[error(
        "the window begins on {from}, before the first recorded day, {start}; change `calibrate.from` or `run.start`"
    )]
    BeforeStart {
        /// First day of the window.
        from: String,
        /// First recorded day.
        start: String,
    },
    /// A figure is not among those simulated.
    #[error(transparent)]
    NotSimulated(#[from] crate::record::SelectorError),
    /// The scenario cannot be run with its window cut at an origin.
    #[error(transparent)]
    Refused(#[from] Box<Diagnostics>),
    /// Chance cannot be told.
    #[error(
        "a point needs two replications at least, to know chance from the world; give -r 2 or more"
    )]
    FewReplications,
    /// Surfaces need more points than parameters.
    #[error(
        "{points} points are too few to fit {parameters} parameters: give --points {needed} or more"
    )]
    FewPoints {
        /// Points of the first wave.
        points: u32,
        /// Parameters.
        parameters: u32,
        /// So many are needed.
        needed: u32,
    },
    /// Surfaces need more points than parameters, and those given come first.
    #[error(
        "the runs given have too few points to fit {parameters} parameters: {given}, where {needed} or more are needed; make them anew with more --points"
    )]
    FewRuns {
        /// Points given.
        given: u32,
        /// Parameters.
        parameters: u32,
        /// So many are needed.
        needed: u32,
    },
    /// No wave and no runs.
    #[error("without a wave there must be runs: give --from-runs, or one wave at least")]
    NoWave,
    /// More than one experiment can have.
    #[error("{0}; give fewer waves, points, draws or replications")]
    TooMany(#[from] TooManyTasks),
    /// More draws than the sampler keeps.
    #[error("{draws} points or draws are more than the {steps} steps that are sampled; give fewer")]
    TooManyDraws {
        /// Points or draws asked for.
        draws: u32,
        /// Steps kept of all chains.
        steps: u32,
    },
    /// Runs that do not fit.
    #[error("the runs given are of another calibration: {0}")]
    OtherRuns(String),
    /// Runs that are not as they were written.
    #[error("its runs.csv is damaged: {0}; take it as `calibrate --out` wrote it, or make it anew")]
    DamagedRuns(String),
    /// Somebody stopped it.
    #[error("the calibration was stopped before its last wave")]
    Stopped,
    /// What came of the simulations allows no fit.
    #[error("{0}")]
    Failed(String),
}
