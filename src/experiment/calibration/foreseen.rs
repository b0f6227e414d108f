//! What a fit says of figures that it is not fitted to: its forecasts.
//!
//! Only a few draws of the posterior are simulated, and their mean depends on which they are. So every figure that is forecast has a
//! response surface, fitted to all points that were simulated, which is evaluated at as many draws as are wanted.
//!
//! What the surface is off at the simulated draws, in the mean and each draw left out of its fit in turn, is added to the forecast, except
//! for what the luck that the draws share explains ([`Emulator::corrections`]). That makes the surface a control variate (Lavenberg & Welch
//! 1981, doi:10.1287/mnsc.27.3.322). What it leaves unexplained is in the forecast's variance. The simulated draws come from the posterior
//! as it was before they were among the points: they lie near the present one.

use std::collections::BTreeSet;

use super::figures::{OtherFigure, TargetFigure};
use super::fit::Fit;
use super::runs::PointRuns;
use super::settings::CalibrationError;
use super::surfaces::{self, Output, TargetSurfaces};
use crate::calibration::emulator::Emulator;
use crate::calibration::sampler::{Mixing, sample};
use crate::forecast::Misfit;
use crate::month::Month;

/// Draws of the posterior that a forecast is made of, where so many steps are kept.
const DRAWS: usize = 1_000;

/// Figures that are not fitted to, as the posterior has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// In the order of [`Fit::others`].
    pub figures: Vec<ForeseenFigure>,
    /// Number of independent draws that would tell as much of the parameter that the chains tell least of, in the middle or in the tails.
    pub effective: f64,
    /// The name of that parameter.
    pub slowest: String,
    /// Potential scale reduction of the chains in the parameter where it is largest; 1 if they agree.
    pub r_hat: f64,
    /// What the figures fitted to were off by at the same draws, with their columns.
    pub misfits: Vec<(String, Misfit)>,
}

/// A figure that is not fitted to, as the posterior has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeseenFigure {
    /// Column of the published table.
    pub column: String,
    /// The month.
    pub month: Month,
    /// What the model expects at each draw of the posterior, all of which count the same.
    pub expected: Vec<f64>,
    /// Standard deviation of the logarithm of one replication around that: of chance, and of what the surface is off.
    pub sd: f64,
}

impl Fit {
    /// What the fit says of the figures of months that it is not fitted to, once every task was done.
    ///
    /// # Errors
    /// Not all tasks were done, or too few of them came to something.
    pub fn foreseen(&self, months: &[Month]) -> Result<Foreseen, CalibrationError> {
        self.drawn()?;
        Foreseen::of(self, months)
    }
}

impl Foreseen {
    /// Figures of `months`, once every point was simulated; the draws are the last wave.
    fn of(fit: &Fit, months: &[Month]) -> Result<Self, CalibrationError> {
        let wave = fit.last_wave();
        let failed = |reason: String| CalibrationError::Failed(reason);
        let (settings, calibration) = (fit.settings(), fit.calibration());
        let runs = fit.runs();
        let replications = surfaces::replications(&runs);
        let targets = TargetSurfaces::of(&runs, fit.figures(), calibration).map_err(failed)?;
        let posterior = targets.posterior();
        let (seed, occasion) = (settings.seed, u64::from(wave) + 1);
        let sampling = settings.sampling.for_results();
        let draws = DRAWS.min(sampling.chains as usize * sampling.kept as usize);
        let sampled = sample(&posterior, draws, seed, occasion, &sampling);
        let sampled = sampled.map_err(|error| failed(error.to_string()))?;
        let fewest = sampled.mixing.iter().map(Mixing::fewest);
        let slowest = (calibration.parameters.iter().zip(fewest))
            .min_by(|(_, one), (_, other)| one.total_cmp(other))
            .map(|(parameter, fewest)| (parameter.name.clone(), fewest));
        let (slowest, fewest) = slowest.unwrap_or_default();
        let r_hat = sampled.mixing.iter().map(|mixing| mixing.r_hat);

        // A figure that is 0 at some point, as the pool is after the app was shut, has no logarithm there: it is not foreseen.
        let means: Vec<Vec<f64>> = runs.iter().map(PointRuns::means).collect();
        let is_positive = |place: usize| means.iter().all(|means| means[place] > 0.0);
        let wanted: Vec<(usize, &OtherFigure)> = (fit.figures().len()..)
            .zip(fit.others())
            .filter(|(place, figure)| months.contains(&figure.month) && is_positive(*place))
            .collect();
        let corrected = Corrected::of(&runs, &wanted, wave).map_err(failed)?;
        let logarithms: Vec<Vec<f64>> = (sampled.draws.iter())
            .map(|z| corrected.surfaces.predict(z))
            .collect();
        let figure = |(place, &(_, figure)): (usize, &(usize, &OtherFigure))| {
            let shift = corrected.shifts[place];
            let expected = logarithms.iter().map(|row| libm::exp(row[place] + shift));
            ForeseenFigure {
                column: figure.column.clone(),
                month: figure.month,
                expected: expected.collect(),
                sd: corrected.variances[place].sqrt(),
            }
        };
        Ok(Self {
            figures: wanted.iter().enumerate().map(figure).collect(),
            effective: fewest.min(draws as f64),
            slowest,
            r_hat: r_hat.fold(1.0, f64::max),
            misfits: misfits(
                fit.figures(),
                |wave| replications[&wave],
                &targets,
                wave,
                &sampled.draws,
            ),
        })
    }

    /// The figure of a column in a month.
    #[must_use]
    pub fn figure(&self, column: &str, month: Month) -> Option<&ForeseenFigure> {
        let mut figures = self.figures.iter();
        figures.find(|figure| figure.month == month && figure.column == column)
    }

    /// What the figures of a column that were fitted to were off by, in ascending order of the months.
    #[must_use]
    pub fn misfits_of(&self, column: &str) -> Vec<Misfit> {
        let of_column = self.misfits.iter().filter(|(of, _)| of == column);
        let mut misfits: Vec<Misfit> = of_column.map(|(_, misfit)| misfit.clone()).collect();
        misfits.sort_by_key(|misfit| misfit.month);
        misfits
    }
}

/// What figures fitted to were off by at draws of the posterior, told by their surfaces, corrected as those of the figures forecast are.
fn misfits(
    figures: &[TargetFigure],
    replications: impl Fn(u32) -> u32,
    targets: &TargetSurfaces,
    wave: u32,
    draws: &[Vec<f64>],
) -> Vec<(String, Misfit)> {
    let surfaces = &targets.surfaces;
    if surfaces.points_from(wave).is_empty() {
        return Vec::new();
    }
    let chance: Vec<f64> = (targets.likelihood.targets().iter())
        .map(|target| target.chance_variance)
        .collect();
    let corrections = surfaces.corrections(&chance, replications);
    let told: Vec<Vec<f64>> = draws.iter().map(|z| surfaces.predict(z)).collect();
    let misfit = |(place, figure): (usize, &TargetFigure)| {
        let correction = corrections[place];
        let logarithms = told.iter().map(|row| row[place] + correction.mean);
        // The published figure is one replication.
        let noise = chance[place] + correction.variance;
        let misfit = Misfit::of(figure.month, figure.observed, logarithms, noise)?;
        Some((figure.column.clone(), misfit))
    };
    figures.iter().enumerate().filter_map(misfit).collect()
}

/// Surfaces of the figures forecast, corrected where the draws of the posterior lie.
struct Corrected {
    surfaces: Emulator,
    /// What is to be added to the logarithm of each figure.
    shifts: Vec<f64>,
    /// Variance of the logarithm of one replication around that.
    variances: Vec<f64>,
}

impl Corrected {
    /// Those of figures above 0 in all runs; the draws are the points from `wave` on.
    fn of(runs: &[PointRuns], wanted: &[(usize, &OtherFigure)], wave: u32) -> Result<Self, String> {
        let columns: BTreeSet<&str> = wanted.iter().map(|(_, it)| it.column.as_str()).collect();
        let columns: Vec<&str> = columns.into_iter().collect();
        let output = |&(place, figure): &(usize, &OtherFigure)| Output {
            place,
            class: columns.partition_point(|&other| other < figure.column.as_str()),
        };
        let outputs: Vec<Output> = wanted.iter().map(output).collect();
        let draws: Vec<&PointRuns> = runs.iter().filter(|run| run.wave >= wave).collect();
        if draws.is_empty() {
            return Err("no draw of the posterior came to something".to_owned());
        }
        let surfaces = surfaces::fitted_to(&runs.iter().collect::<Vec<_>>(), &outputs)?;
        let laws = surfaces::chance(runs, &outputs, columns.len());
        let means: Vec<Vec<f64>> = draws.iter().map(|run| run.means()).collect();
        let chance = |output: &Output| {
            let expected = means.iter().map(|means| means[output.place]).sum::<f64>();
            laws[output.class].relative_variance(expected / means.len() as f64)
        };
        let chance: Vec<f64> = outputs.iter().map(chance).collect();
        let replications = surfaces::replications(runs);
        let corrections = surfaces.corrections(&chance, |wave| replications[&wave]);
        Ok(Self {
            shifts: corrections.iter().map(|it| it.mean).collect(),
            // The month is one replication.
            variances: (corrections.iter().zip(chance))
                .map(|(correction, chance)| correction.variance + chance)
                .collect(),
            surfaces,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calibration::{Likelihood, Target};
    use crate::forecast::{Discrepancy, LogError};
    use crate::stats::{ErrorLaw, normal};

    /// A figure with a kink, which no polynomial follows.
    fn figure(z: f64) -> f64 {
        1_000.0 * libm::exp(z.abs())
    }

    /// Points of the prior in wave 0, and draws around the kink in wave 1: quantiles of what they are drawn from. Two replications, a
    /// hundredth above and below the figure.
    fn points(wave: u32, count: u32, spread: f64) -> Vec<PointRuns> {
        with_luck(wave, count, spread, [0.99, 1.01])
    }

    fn with_luck(wave: u32, count: u32, spread: f64, luck: [f64; 2]) -> Vec<PointRuns> {
        let point = |i: u32| {
            let z = spread * normal::quantile((f64::from(i) + 0.5) / f64::from(count));
            PointRuns {
                wave,
                point: i,
                first: 2 * wave,
                z: vec![z],
                values: luck.map(|luck| vec![luck * figure(z)]).to_vec(),
            }
        };
        (0..count).map(point).collect()
    }

    /// Surfaces of that figure.
    fn corrected(runs: &[PointRuns]) -> Corrected {
        let wanted = OtherFigure {
            name: "arrivals@2024-01".to_owned(),
            column: "arrivals".to_owned(),
            month: Month::new(2024, 1),
        };
        Corrected::of(runs, &[(0, &wanted)], 1).unwrap()
    }

    #[test]
    fn what_a_surface_cannot_bend_to_is_added_where_the_draws_lie() {
        let runs = [points(0, 80, 1.0), points(1, 40, 0.3)].concat();
        let corrected = corrected(&runs);
        let others = points(2, 2_000, 0.3);
        let mean = |value: &dyn Fn(f64) -> f64| {
            others.iter().map(|point| value(point.z[0])).sum::<f64>() / others.len() as f64
        };
        let expected = mean(&|z| libm::log(figure(z)));
        let surface = mean(&|z| corrected.surfaces.predict(&[z])[0]);
        let told = surface + corrected.shifts[0];
        assert!((surface - expected).abs() > 0.04, "{surface} {expected}");
        assert!((told - expected).abs() < 0.02, "{told} {expected}");
        // One in a hundred squared times two of chance, half as much again in the shift, and what the surface is off.
        let squares = others.iter().map(|point| {
            let off = libm::log(figure(point.z[0])) - corrected.surfaces.predict(&point.z)[0];
            (off - corrected.shifts[0]) * (off - corrected.shifts[0])
        });
        let of_surface = squares.sum::<f64>() / others.len() as f64;
        let variance = corrected.variances[0] - 2e-4 * 1.5;
        assert!(
            (0.7..1.3).contains(&(variance / of_surface)),
            "{variance} {of_surface}"
        );
    }

    /// All draws have the same two replications, a tenth and a fifth above what is expected: that is what they are off.
    #[test]
    fn the_luck_that_the_draws_share_is_not_added() {
        let lucky = |wave, luck| with_luck(wave, 60, 1.0, luck);
        let runs = [lucky(0, [0.8, 1.2]), lucky(1, [1.1, 1.2])].concat();
        let corrected = corrected(&runs);
        let off = corrected.surfaces.off(60..120)[0].mean;
        assert!(off > 0.05, "{off}");
        assert!(corrected.shifts[0].abs() < 1e-12, "{:?}", corrected.shifts);
        // The surface is fitted to twice as many replications as a wave has: chance of one and a fourth, and what it cannot bend to.
        let chance = surfaces::chance(&runs, &[Output { place: 0, class: 0 }], 1)[0];
        let mean = runs[60..].iter().map(|run| run.means()[0]).sum::<f64>() / 60.0;
        let own = corrected.surfaces.off(60..120)[0].variance;
        let variance = corrected.variances[0] - own - 1.25 * chance.relative_variance(mean);
        assert!(variance.abs() < 0.01 * own, "{variance} {own}");
    }

    /// Published is what the model says beside the kink: it is wrong in nothing, and the surface in much.
    #[test]
    fn what_a_surface_is_off_is_no_discrepancy() {
        let runs = [points(0, 80, 1.0), points(1, 40, 0.3)].concat();
        let target = Target {
            observed: libm::log(figure(0.3)),
            discrepancy: 0.01,
            chance_variance: 2e-4,
            weight: 1.0,
        };
        let all: Vec<&PointRuns> = runs.iter().collect();
        let targets = TargetSurfaces {
            surfaces: surfaces::fitted_to(&all, &[Output { place: 0, class: 0 }]).unwrap(),
            likelihood: Likelihood::new(vec![target], ErrorLaw::NORMAL).unwrap(),
            variances: vec![0.0],
        };
        let published = TargetFigure {
            name: "arrivals@2024-01".to_owned(),
            column: "arrivals".to_owned(),
            month: Month::new(2024, 1),
            observed: figure(0.3),
            target: 0,
        };
        // The posterior is where the surface is as published.
        let off = targets.surfaces.off(80..120)[0];
        let told = |z: f64| targets.surfaces.predict(&[z])[0] + off.mean;
        let near = (0..1_000).map(|i| f64::from(i) / 1_000.0);
        let far = |z: &f64| (told(*z) - target.observed).abs();
        let z = near
            .min_by(|one, other| far(one).total_cmp(&far(other)))
            .unwrap();
        let misfits = misfits(&[published], |_| 2, &targets, 1, &[vec![z]]);
        let (column, misfit) = &misfits[0];
        assert_eq!(column, "arrivals");
        // What a surface is off at others of those draws.
        let others = points(2, 2_000, 0.3);
        let squares = others.iter().map(|point| {
            let off = libm::log(figure(point.z[0])) - told(point.z[0]);
            off * off
        });
        let variance = squares.sum::<f64>() / others.len() as f64;
        // Beside it the chance of the month, and half of it in the shift: two replications.
        let of_surface = misfit.noise - 2e-4 * 1.5;
        assert!(
            (of_surface / variance - 1.0).abs() < 0.3,
            "{misfit:?} {variance}"
        );
        let again = |after| Misfit {
            month: misfit.month.after(after),
            ..misfit.clone()
        };
        let months: Vec<Misfit> = (0..20).map(again).collect();
        let learned = Discrepancy::learned(LogError::normal(0.01), &[1.0], &months);
        assert!(learned.error.sd < 0.01, "{learned:?} {misfit:?}");
    }

    #[test]
    fn one_draw_tells_a_variance_too() {
        let runs = [points(0, 80, 1.0), points(1, 1, 0.3)].concat();
        let corrected = corrected(&runs);
        assert!(corrected.variances[0] > 0.03, "{:?}", corrected.variances);
    }

    #[test]
    fn without_a_draw_there_is_nothing_to_say() {
        let runs = points(0, 20, 1.0);
        assert!(Corrected::of(&runs, &[], 1).is_err());
    }
}
