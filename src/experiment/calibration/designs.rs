//! The points of each wave: known once every simulation of the waves before it is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use super::figures::TargetFigure;
use super::plan::Settings;
use super::runs::PointRuns;
use crate::calibration::emulator::Emulator;
use crate::calibration::likelihood::{Likelihood, Target};
use crate::calibration::posterior::Posterior;
use crate::calibration::sampler::{Mixing, sample};
use crate::design::LatinHypercube;
use crate::experiment::sweep::PointOutcome;
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
    pub(super) surface: Surface,
    /// How well the chains mixed in each parameter.
    pub(super) mixing: Vec<Mixing>,
}

/// Response surfaces, and how sure they are.
#[derive(Debug, Clone)]
pub(super) struct Surface {
    pub(super) emulator: Emulator,
    pub(super) likelihood: Likelihood,
    /// Variance of the error of each surface, where it matters.
    pub(super) variances: Vec<f64>,
    /// Wave of each point that they rest on, ascending: points without a logarithm of some figure are none of them.
    pub(super) waves: Vec<u32>,
}

impl Surface {
    /// Surfaces fitted to all these runs.
    pub(super) fn of(
        runs: &[PointRuns],
        figures: &[TargetFigure],
        calibration: &Calibration,
        replications: u32,
    ) -> Result<Self, String> {
        let parameters = calibration.parameters.len();
        let mut points = Vec::new();
        let mut outputs = Vec::new();
        let mut of = Vec::new();
        for run in runs {
            if let Some(logarithms) = run.logarithms(figures.len()) {
                points.push(run.z.clone());
                outputs.push(logarithms);
                of.push(run);
            }
        }
        if points.len() < points_needed(parameters) {
            return Err(format!(
                "{} points came to a figure above 0 for every target, too few to fit {parameters} parameters; look at what failed, or narrow the priors",
                points.len()
            ));
        }
        let classes: Vec<usize> = figures.iter().map(|figure| figure.target).collect();
        let waves: Vec<u32> = of.iter().map(|run| run.wave).collect();
        let emulator = Emulator::fit(&points, &outputs, &classes, &waves);
        let emulator = emulator.map_err(|error| error.to_string())?;
        Ok(Self {
            variances: emulator.variances_over(last_wave(&of)),
            waves,
            likelihood: likelihood(runs.iter(), figures, calibration, replications)?,
            emulator,
        })
    }

    /// The posterior on the surfaces.
    pub(super) fn posterior(&self) -> Posterior<'_> {
        Posterior::new(&self.likelihood, &self.emulator, &self.variances)
    }
}

/// The records of all simulations, and the designs that follow from them.
#[derive(Debug)]
pub(super) struct Designs {
    records: Mutex<Vec<Option<PointOutcome>>>,
    recorded: Condvar,
    /// Of each wave, the draws last.
    made: Vec<OnceLock<Result<Design, String>>>,
}

impl Designs {
    pub(super) fn new(settings: &Settings, tasks: u32) -> Self {
        Self {
            records: Mutex::new(vec![None; tasks as usize]),
            recorded: Condvar::new(),
            made: (0..=settings.waves).map(|_| OnceLock::new()).collect(),
        }
    }

    /// Keeps what a task came to. A task that is recorded again, from a journal or by whoever takes the results, came to the same.
    pub(super) fn record(&self, task: u32, outcome: &PointOutcome) {
        let mut records = self.lock();
        if records[task as usize].is_none() {
            records[task as usize] = Some(outcome.clone());
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
                records[tasks.clone()].iter().any(Option::is_none)
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

/// Draws of the posterior on surfaces fitted to all runs so far.
pub(super) fn of_posterior(
    runs: &[PointRuns],
    figures: &[TargetFigure],
    calibration: &Calibration,
    settings: &Settings,
    draws: u32,
    wave: u32,
) -> Result<Design, String> {
    let surface = Surface::of(runs, figures, calibration, settings.replications)?;
    let sampled = sample(
        &surface.posterior(),
        draws as usize,
        settings.seed,
        u64::from(wave),
        &settings.sampling,
    );
    let sampled = sampled.map_err(|error| error.to_string())?;
    Ok(Design {
        points: sampled.draws,
        proposal: Some(Arc::new(Proposal {
            surface,
            mixing: sampled.mixing,
        })),
    })
}

/// The points of the last wave, unless they are too few to tell a variance from: all, then.
fn last_wave(runs: &[&PointRuns]) -> Range<usize> {
    const FEW: usize = 20;
    let last = runs.last().map_or(0, |run| run.wave);
    let first = runs.iter().position(|run| run.wave == last).unwrap_or(0);
    if runs.len() - first < FEW {
        0..runs.len()
    } else {
        first..runs.len()
    }
}

/// The likelihood of the figures, with the variance of chance as all runs so far tell it.
///
/// The variance of a count is taken to grow with its mean, by a factor of its column: Pearson's dispersion, Generalized Linear Models
/// (1989), section 4.5, doi:10.1007/978-1-4899-3242-6. All points of a wave have the same luck, so that they tell no more of it than one
/// point; other waves and other months do.
pub(super) fn likelihood<'r>(
    runs: impl Iterator<Item = &'r PointRuns>,
    figures: &[TargetFigure],
    calibration: &Calibration,
    replications: u32,
) -> Result<Likelihood, String> {
    let classes: Vec<(usize, usize)> = (figures.iter().enumerate())
        .map(|(place, figure)| (place, figure.target))
        .collect();
    let dispersions = dispersions(runs, &classes, calibration.targets.len());
    let target = |figure: &TargetFigure| {
        let target = &calibration.targets[figure.target];
        Target {
            observed: libm::log(figure.observed),
            discrepancy: target.sd,
            chance: dispersions[figure.target] / figure.observed,
            weight: target.weight,
        }
    };
    let targets = figures.iter().map(target).collect();
    Likelihood::new(targets, replications, calibration.errors).map_err(|error| error.to_string())
}

/// Variance over mean of one replication, by class of the figures, which are given by their place and class: the mean over points, then
/// over the figures of the class and waves.
pub(super) fn dispersions<'r>(
    runs: impl Iterator<Item = &'r PointRuns>,
    figures: &[(usize, usize)],
    classes: usize,
) -> Vec<f64> {
    // By wave: points, degrees of freedom of one, and sums over points and figures by class.
    let mut waves: BTreeMap<u32, (f64, f64, Vec<f64>)> = BTreeMap::new();
    for run in runs {
        let freedom = (run.values.len() - 1) as f64;
        let wave = waves.entry(run.wave);
        let (points, _, sums) = wave.or_insert_with(|| (0.0, freedom, vec![0.0; classes]));
        *points += 1.0;
        let of_run = run.dispersions();
        for &(place, class) in figures {
            sums[class] += of_run[place];
        }
    }
    let count = |class: usize| figures.iter().filter(|figure| figure.1 == class).count() as f64;
    let freedom: f64 = waves.values().map(|(_, freedom, _)| freedom).sum();
    let mean = |class: usize| {
        let of_waves = waves.values();
        let sum: f64 = of_waves.map(|(points, _, sums)| sums[class] / points).sum();
        sum / (freedom.max(1.0) * count(class))
    };
    (0..classes).map(mean).collect()
}

/// The fewest points that response surfaces of so many parameters can be fitted to.
pub(super) fn points_needed(parameters: usize) -> usize {
    parameters + 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(wave: u32, point: u32, values: [f64; 2]) -> PointRuns {
        PointRuns {
            wave,
            point,
            first: 2 * wave,
            z: vec![0.0],
            values: values.map(|value| vec![value]).to_vec(),
        }
    }

    /// Deviations of 10 and 20 around 100: dispersions of 2 and 8 with one degree of freedom each.
    #[test]
    fn points_of_a_wave_share_their_luck_and_waves_do_not() {
        let figures = [(0, 0)];
        let many = (0..99).map(|point| run(0, point, [90.0, 110.0]));
        let runs: Vec<PointRuns> = many.chain([run(1, 0, [80.0, 120.0])]).collect();
        assert_eq!(dispersions(runs.iter(), &figures, 1), [5.0]);
        assert_eq!(dispersions(runs[..99].iter(), &figures, 1), [2.0]);
    }
}
