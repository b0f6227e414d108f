//! Response surfaces of the figures of the runs, and how far to trust them.

use std::collections::BTreeMap;

use super::figures::TargetFigure;
use super::runs::PointRuns;
use crate::calibration::emulator::Emulator;
use crate::calibration::likelihood::{Likelihood, Target};
use crate::calibration::posterior::Posterior;
use crate::scenario::Calibration;
use crate::stats::{ChanceLaw, Spread};

/// A figure of the runs that has a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Output {
    /// Its place among the figures of a run.
    pub(super) place: usize,
    /// Figures of one class are of one column: they share the scales of their surfaces, and how much chance there is in them.
    pub(super) class: usize,
}

/// Surfaces of the logarithms of figures, fitted to these runs, in each of which every one of them is above 0; the points of a wave are a group.
pub(super) fn fitted_to(runs: &[&PointRuns], outputs: &[Output]) -> Result<Emulator, String> {
    let points: Vec<Vec<f64>> = runs.iter().map(|run| run.z.clone()).collect();
    let logarithms = |run: &&PointRuns| {
        let means = run.means();
        let of_outputs = outputs.iter().map(|output| libm::log(means[output.place]));
        of_outputs.collect()
    };
    let rows: Vec<Vec<f64>> = runs.iter().map(logarithms).collect();
    let classes: Vec<usize> = outputs.iter().map(|output| output.class).collect();
    let waves: Vec<u32> = runs.iter().map(|run| run.wave).collect();
    Emulator::fit(&points, &rows, &classes, &waves).map_err(|error| error.to_string())
}

/// The surfaces of the figures that are fitted to, with what was published of them.
#[derive(Debug, Clone)]
pub(super) struct TargetSurfaces {
    pub(super) surfaces: Emulator,
    pub(super) likelihood: Likelihood,
    /// Variance of the error of each surface, where it matters.
    pub(super) variances: Vec<f64>,
}

impl TargetSurfaces {
    /// Surfaces fitted to the runs that have a logarithm of every figure.
    pub(super) fn of(
        runs: &[PointRuns],
        figures: &[TargetFigure],
        calibration: &Calibration,
    ) -> Result<Self, String> {
        let parameters = calibration.parameters.len();
        let usable: Vec<&PointRuns> = (runs.iter())
            .filter(|run| run.logarithms(figures.len()).is_some())
            .collect();
        if usable.len() < points_needed(parameters) {
            let means: Vec<Vec<f64>> = runs.iter().map(PointRuns::means).collect();
            let zeros = |place: usize| means.iter().filter(|means| means[place] <= 0.0).count();
            let worst = figures.iter().enumerate();
            let worst = worst.map(|(place, figure)| (zeros(place), &figure.name));
            let help = match worst.max_by_key(|&(zeros, _)| zeros) {
                Some((zeros, name)) if zeros > 0 => format!(
                    "`{name}` is 0 at {zeros} of {}: take its column out of [calibrate.targets], also where its weight is 0, or narrow the priors",
                    runs.len()
                ),
                _ => "look at what failed, or simulate more points".to_owned(),
            };
            return Err(format!(
                "{} points came to a figure above 0 for every target, too few to fit {parameters} parameters; {help}",
                usable.len()
            ));
        }
        let surfaces = fitted_to(&usable, &outputs(figures))?;
        let likelihood = likelihood(runs, figures, calibration)?;
        let chance = likelihood
            .targets()
            .iter()
            .map(|target| target.chance_variance);
        let chance: Vec<f64> = chance.collect();
        let replications = replications(runs);
        Ok(Self {
            variances: surfaces.error_variances(&chance, |wave| replications[&wave]),
            likelihood,
            surfaces,
        })
    }

    /// The posterior on the surfaces.
    pub(super) fn posterior(&self) -> Posterior<'_> {
        Posterior::new(&self.likelihood, &self.surfaces, &self.variances)
    }
}

/// The figures fitted to are the first of a run; each target is a class.
fn outputs(figures: &[TargetFigure]) -> Vec<Output> {
    let output = |(place, figure): (usize, &TargetFigure)| Output {
        place,
        class: figure.target,
    };
    figures.iter().enumerate().map(output).collect()
}

/// The likelihood of the figures, with the variance of chance as all runs so far tell it.
///
/// Its law is that of the column, taken where the figure was published.
fn likelihood(
    runs: &[PointRuns],
    figures: &[TargetFigure],
    calibration: &Calibration,
) -> Result<Likelihood, String> {
    let chance = chance(runs, &outputs(figures), calibration.targets.len());
    let target = |figure: &TargetFigure| {
        let target = &calibration.targets[figure.target];
        Target {
            observed: libm::log(figure.observed),
            discrepancy: target.sd,
            chance_variance: chance[figure.target].relative_variance(figure.observed),
            weight: target.weight,
        }
    };
    let targets = figures.iter().map(target).collect();
    Likelihood::new(targets, calibration.errors).map_err(|error| error.to_string())
}

/// How much of a figure is chance, by class of the figures. All points of a wave have the same luck, so that they tell no more of it than one
/// point; other waves and other months do.
pub(super) fn chance(runs: &[PointRuns], outputs: &[Output], classes: usize) -> Vec<ChanceLaw> {
    let mut levels: Vec<Vec<(Spread, f64)>> = vec![Vec::new(); classes];
    for wave in runs.chunk_by(|one, next| one.wave == next.wave) {
        let freedom = (wave[0].values.len() - 1) as f64;
        for output in outputs {
            let spreads = wave.iter().filter_map(|run| run.spread(output.place));
            let level = Spread::mean(spreads.map(|spread| (spread, 1.0)));
            levels[output.class].extend(level.map(|level| (level, freedom)));
        }
    }
    levels.iter().map(|levels| ChanceLaw::fit(levels)).collect()
}

/// Replications of each point, by wave.
pub(super) fn replications(runs: &[PointRuns]) -> BTreeMap<u32, u32> {
    let of_runs = runs.iter().map(|run| (run.wave, run.values.len() as u32));
    of_runs.collect()
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
        let outputs = [Output { place: 0, class: 0 }];
        let many = (0..99).map(|point| run(0, point, [90.0, 110.0]));
        let runs: Vec<PointRuns> = many.chain([run(1, 0, [80.0, 120.0])]).collect();
        let of = |runs: &[PointRuns]| chance(runs, &outputs, 1)[0].relative_variance(100.0);
        assert!((of(&runs) - 0.05).abs() < 1e-12);
        assert!((of(&runs[..99]) - 0.02).abs() < 1e-12);
    }
}
