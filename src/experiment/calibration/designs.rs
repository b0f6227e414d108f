//! The points of each wave: known once every simulation of the waves before it is.

use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::figures::TargetFigure;
use super::runs::PointRuns;
use super::settings::Settings;
use super::surfaces::TargetSurfaces;
use crate::calibration::sampler::{Mixing, Sampling, sample};
use crate::design::LatinHypercube;
use crate::experiment::PointOutcome;
use crate::scenario::Calibration;
use crate::stats::normal;

/// Points to simulate.
#[derive(Debug, Clone)]
pub(super) struct Design {
    pub(super) points: Vec<Vec<f64>>,
    /// What they were drawn from; `None` for those of the prior.
    pub(super) proposal: Option<Arc<Proposal>>,
}

/// What points were drawn from.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) surfaces: TargetSurfaces,
    /// How well the chains mixed in each parameter.
    pub(super) mixing: Vec<Mixing>,
}

/// The records of all simulations, and the designs that follow from them.
#[derive(Debug)]
pub(super) struct Designs {
    /// By task, as far as the last that is recorded.
    records: Mutex<Vec<Option<PointOutcome>>>,
    recorded: Condvar,
    /// Of each wave, the draws last.
    made: Vec<OnceLock<Result<Design, String>>>,
}

impl Designs {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            records: Mutex::default(),
            recorded: Condvar::new(),
            made: (0..=settings.waves).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Keeps what a task came to. A task that is recorded again, from a journal or by whoever takes the results, came to the same.
    pub(super) fn record(&self, task: u32, outcome: &PointOutcome) {
        let mut records = self.lock();
        let task = task as usize;
        let length = records.len().max(task + 1);
        records.resize(length, None);
        if records[task].is_none() {
            records[task] = Some(outcome.clone());
            self.recorded.notify_all();
        }
    }

    /// The records of these tasks, once all are there.
    ///
    /// Whoever waits does a later task, and tasks are begun in their order: each of these is under way or done, and none of them waits
    /// for anything but tasks before itself.
    pub(super) fn wait_for(&self, tasks: Range<u32>) -> Vec<PointOutcome> {
        let tasks = tasks.start as usize..tasks.end as usize;
        let records = self
            .recorded
            .wait_while(self.lock(), |records| {
                let recorded = records.get(tasks.clone());
                recorded.is_none_or(|records| records.iter().any(Option::is_none))
            })
            .unwrap_or_else(PoisonError::into_inner);
        records[tasks].iter().flatten().cloned().collect()
    }

    /// The records of the first tasks, as many as there are without a gap.
    pub(super) fn recorded(&self) -> Vec<PointOutcome> {
        let records = self.lock();
        records.iter().map_while(Option::clone).collect()
    }

    /// The design of a wave, which whoever comes first makes.
    pub(super) fn of(
        &self,
        wave: u32,
        make: impl FnOnce() -> Result<Design, String>,
    ) -> &Result<Design, String> {
        self.made[wave as usize].get_or_init(make)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Option<PointOutcome>>> {
        // The records are whole between any two statements: a panic elsewhere cannot have left them half changed.
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A Latin hypercube of the prior.
pub(super) fn of_prior(parameters: usize, points: u32, seed: u64) -> Vec<Vec<f64>> {
    let cube = LatinHypercube::new(points, parameters, seed);
    (0..points)
        .map(|point| {
            cube.point(point)
                .into_iter()
                .map(normal::quantile)
                .collect()
        })
        .collect()
}

/// So many draws of the posterior on surfaces fitted to all runs so far.
pub(super) fn of_posterior(
    runs: &[PointRuns],
    figures: &[TargetFigure],
    calibration: &Calibration,
    seed: u64,
    sampling: &Sampling,
    draws: u32,
    wave: u32,
) -> Result<Design, String> {
    let surfaces = TargetSurfaces::of(runs, figures, calibration)?;
    let sampled = sample(
        &surfaces.posterior(),
        draws as usize,
        seed,
        u64::from(wave),
        sampling,
    );
    let sampled = sampled.map_err(|error| error.to_string())?;
    Ok(Design {
        points: sampled.draws,
        proposal: Some(Arc::new(Proposal {
            surfaces,
            mixing: sampled.mixing,
        })),
    })
}
