//! What a fit says of figures that it is not fitted to: its forecasts.
//!
//! Draws that are simulated are few, and what they say in the mean depends on which they are. Surfaces of the figures that are forecast,
//! fitted to every point there is, tell them at as many draws of the posterior as are wanted. The simulated draws are among those points,
//! and lie where the posterior does: what the surfaces are off there in the mean, each draw left out of the fit in turn, is added. The
//! surfaces are control variates, then (Lavenberg & Welch 1981, doi:10.1287/mnsc.27.3.322), and what they leave unexplained is in the
//! forecast's variance.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use super::designs::{self, Surface};
use super::figures::{OtherFigure, TargetFigure};
use super::fit::Fit;
use super::plan::CalibrationError;
use super::runs::PointRuns;
use crate::calibration::emulator::Emulator;
use crate::calibration::sampler::sample;
use crate::forecast::Misfit;

/// Draws of the posterior that a forecast is made of, where so many steps are kept.
const DRAWS: usize = 1_000;

/// Figures that are not fitted to, as the posterior has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    /// In the order of [`Fit::others`].
    pub figures: Vec<ForeseenFigure>,
    /// Number of independent draws that would tell as much of the parameter that the chains tell least of.
    pub effective: f64,
    /// Potential scale reduction of the chains in the parameter where it is largest; 1 if they agree.
    pub r_hat: f64,
    /// What the figures fitted to were off by, with their columns.
    pub misfits: Vec<(String, Misfit)>,
}

/// A figure that is not fitted to, as the posterior has it.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeseenFigure {
    /// Column of the published table.
    pub column: String,
    /// First day of the month.
    pub month: Date,
    /// What the model expects at each draw of the posterior, all of which count the same.
    pub expected: Vec<f64>,
    /// Standard deviation of the logarithm of one replication around that: of chance, and of what the surface is off.
    pub sd: f64,
}

impl Foreseen {
    /// Figures of `months`, once every point was simulated; the draws are the last wave.
    pub(super) fn of(fit: &Fit, months: &[Date], wave: u32) -> Result<Self, CalibrationError> {
        let failed = |reason: String| CalibrationError::Failed(reason);
        let (settings, calibration) = (fit.settings(), fit.calibration());
        let runs = fit.runs();
        let surface = Surface::of(&runs, fit.figures(), calibration, settings.replications);
        let surface = surface.map_err(failed)?;
        let posterior = surface.posterior();
        let (seed, occasion) = (settings.seed, u64::from(wave) + 1);
        let sampling = &settings.sampling;
        let draws = DRAWS.min(sampling.chains as usize * sampling.kept as usize);
        let sampled = sample(&posterior, draws, seed, occasion, sampling);
        let sampled = sampled.map_err(|error| failed(error.to_string()))?;
        let effective = sampled.mixing.iter().map(|mixing| mixing.effective);
        let r_hat = sampled.mixing.iter().map(|mixing| mixing.r_hat);

        // A figure that is 0 at some point, as the pool is after the app was shut, has no logarithm there: it is not foreseen.
        let means: Vec<Vec<f64>> = runs.iter().map(PointRuns::means).collect();
        let is_positive = |place: usize| means.iter().all(|means| means[place] > 0.0);
        let wanted: Vec<(usize, &OtherFigure)> = (fit.figures().len()..)
            .zip(fit.others())
            .filter(|(place, figure)| months.contains(&figure.month) && is_positive(*place))
            .collect();
        let surfaces = OtherSurfaces::of(&runs, &means, &wanted, wave).map_err(failed)?;
        let logarithms: Vec<Vec<f64>> = (sampled.draws.iter())
            .map(|z| surfaces.emulator.predict(z))
            .collect();
        let figure = |(place, &(_, figure)): (usize, &(usize, &OtherFigure))| {
            let shift = surfaces.shifts[place];
            let expected = logarithms.iter().map(|row| libm::exp(row[place] + shift));
            ForeseenFigure {
                column: figure.column.clone(),
                month: figure.month,
                expected: expected.collect(),
                sd: surfaces.variances[place].sqrt(),
            }
        };
        Ok(Self {
            figures: wanted.iter().enumerate().map(figure).collect(),
            effective: effective.fold(draws as f64, f64::min),
            r_hat: r_hat.fold(1.0, f64::max),
            misfits: misfits(fit.figures(), &surface, wave, &sampled.draws),
        })
    }

    /// The figure of a column in a month.
    #[must_use]
    pub fn figure(&self, column: &str, month: Date) -> Option<&ForeseenFigure> {
        let mut figures = self.figures.iter();
        figures.find(|figure| figure.month == month && figure.column == column)
    }

    /// What the figures of a column that were fitted to were off by.
    #[must_use]
    pub fn misfits_of(&self, column: &str) -> Vec<Misfit> {
        let of_column = self.misfits.iter().filter(|(of, _)| of == column);
        of_column.map(|&(_, misfit)| misfit).collect()
    }
}

/// What figures fitted to were off by at draws of the posterior, told by their surfaces, corrected as those of the figures forecast are.
fn misfits(
    figures: &[TargetFigure],
    surface: &Surface,
    wave: u32,
    draws: &[Vec<f64>],
) -> Vec<(String, Misfit)> {
    let simulated = from_wave(&surface.waves, wave);
    if simulated.is_empty() {
        return Vec::new();
    }
    let off = Off::over(&surface.emulator, simulated);
    let chance = surface.likelihood.chance();
    let told: Vec<Vec<f64>> = draws.iter().map(|z| surface.emulator.predict(z)).collect();
    let misfit = |(place, figure): (usize, &TargetFigure)| {
        let logarithms = told.iter().map(|row| (row[place] + off[place].mean, 1.0));
        let noise = chance[place] + off[place].variance;
        let misfit = Misfit::of(figure.observed, logarithms, noise)?;
        Some((figure.column.clone(), misfit))
    };
    figures.iter().enumerate().filter_map(misfit).collect()
}

/// The places of points from a wave on, where their waves ascend.
fn from_wave(waves: &[u32], wave: u32) -> Range<usize> {
    waves.partition_point(|&of| of < wave)..waves.len()
}

/// What a surface is off where the draws lie: told by those that were simulated, each left out of the fit in turn.
#[derive(Debug, Clone, Copy)]
struct Off {
    /// What is to be added to it.
    mean: f64,
    /// The variance of what it is off then.
    variance: f64,
}

impl Off {
    /// That of every surface over draws, of which there is one or more.
    fn over(emulator: &Emulator, draws: Range<usize>) -> Vec<Self> {
        let n = draws.len() as f64;
        let means = emulator.means_over(draws.clone()).into_iter();
        let squares = emulator.variances_over(draws).into_iter();
        let of = |(mean, square): (f64, f64)| Self {
            mean,
            // One draw tells no variance: what the surface is off altogether, then.
            variance: if n > 1.0 {
                (square - mean * mean).max(0.0) * n / (n - 1.0)
            } else {
                square
            },
        };
        means.zip(squares).map(of).collect()
    }
}

/// Surfaces of the figures forecast, and how far to trust them where the draws lie.
struct OtherSurfaces {
    emulator: Emulator,
    /// What is to be added to the logarithm of each figure.
    shifts: Vec<f64>,
    /// Variance of the logarithm of one replication around that.
    variances: Vec<f64>,
}

impl OtherSurfaces {
    fn of(
        runs: &[PointRuns],
        means: &[Vec<f64>],
        wanted: &[(usize, &OtherFigure)],
        wave: u32,
    ) -> Result<Self, String> {
        let columns: BTreeSet<&str> = wanted.iter().map(|(_, it)| it.column.as_str()).collect();
        let columns: Vec<&str> = columns.into_iter().collect();
        let class = |column: &str| columns.partition_point(|&other| other < column);
        let points: Vec<Vec<f64>> = runs.iter().map(|run| run.z.clone()).collect();
        let logarithms = |means: &Vec<f64>| {
            let of_wanted = wanted.iter().map(|&(place, _)| libm::log(means[place]));
            of_wanted.collect()
        };
        let outputs: Vec<Vec<f64>> = means.iter().map(logarithms).collect();
        let classes: Vec<usize> = wanted.iter().map(|(_, it)| class(&it.column)).collect();
        let waves: Vec<u32> = runs.iter().map(|run| run.wave).collect();
        let draws = from_wave(&waves, wave);
        if draws.is_empty() {
            return Err("no draw of the posterior came to something".to_owned());
        }
        let emulator = Emulator::fit(&points, &outputs, &classes, &waves)
            .map_err(|error| error.to_string())?;
        let off = Off::over(&emulator, draws.clone());
        let places = wanted.iter().map(|&(place, _)| place);
        let of_class: Vec<(usize, usize)> = places.zip(classes).collect();
        let dispersions = designs::dispersions(runs.iter(), &of_class, columns.len());
        let n = draws.len() as f64;
        let replications = runs[draws.start].values.len() as f64;
        let variance = |(off, &(figure, class)): (&Off, &(usize, usize))| {
            let expected = means[draws.clone()].iter().map(|means| means[figure]);
            let chance = dispersions[class] * n / expected.sum::<f64>();
            // The month is one replication; all draws share the luck of theirs, which is in the shift.
            off.variance + chance * (1.0 + 1.0 / replications)
        };
        Ok(Self {
            variances: off.iter().zip(&of_class).map(variance).collect(),
            shifts: off.iter().map(|off| off.mean).collect(),
            emulator,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calibration::{Likelihood, Target};
    use crate::forecast::LogError;
    use crate::stats::{ErrorLaw, normal};

    /// A figure with a kink, which no polynomial follows, of two replications a tenth above and below it.
    fn figure(z: f64) -> f64 {
        1_000.0 * libm::exp(z.abs())
    }

    /// Points of the prior in wave 0, and draws around the kink in wave 1: quantiles of what they are drawn from.
    fn points(wave: u32, count: u32, spread: f64) -> Vec<PointRuns> {
        let point = |i: u32| {
            let z = spread * normal::quantile((f64::from(i) + 0.5) / f64::from(count));
            PointRuns {
                wave,
                point: i,
                first: 2 * wave,
                z: vec![z],
                values: [0.9, 1.1].map(|luck| vec![luck * figure(z)]).to_vec(),
            }
        };
        (0..count).map(point).collect()
    }

    /// Surfaces of that figure.
    fn surfaces(runs: &[PointRuns]) -> OtherSurfaces {
        let means: Vec<Vec<f64>> = runs.iter().map(PointRuns::means).collect();
        let wanted = OtherFigure {
            name: "arrivals@2024-01".to_owned(),
            column: "arrivals".to_owned(),
            month: date(2024, 1, 1),
        };
        OtherSurfaces::of(runs, &means, &[(0, &wanted)], 1).unwrap()
    }

    #[test]
    fn what_a_surface_cannot_bend_to_is_added_where_the_draws_lie() {
        let runs = [points(0, 80, 1.0), points(1, 40, 0.3)].concat();
        let surfaces = surfaces(&runs);
        let others = points(2, 2_000, 0.3);
        let mean = |value: &dyn Fn(f64) -> f64| {
            others.iter().map(|point| value(point.z[0])).sum::<f64>() / others.len() as f64
        };
        let expected = mean(&|z| libm::log(figure(z)));
        let surface = mean(&|z| surfaces.emulator.predict(&[z])[0]);
        let told = surface + surfaces.shifts[0];
        assert!((surface - expected).abs() > 0.04, "{surface} {expected}");
        assert!((told - expected).abs() < 0.02, "{told} {expected}");
        // One in a tenth squared times two of chance, half as much again in the shift, and what the surface is off.
        let variance = surfaces.variances[0];
        assert!((0.03..0.07).contains(&variance), "{variance}");
    }

    /// Published is what the model says beside the kink: it is wrong in nothing, and the surface in much.
    #[test]
    fn what_a_surface_is_off_is_no_discrepancy() {
        let runs = [points(0, 80, 1.0), points(1, 40, 0.3)].concat();
        let outputs: Vec<Vec<f64>> = runs.iter().map(|run| run.logarithms(1).unwrap()).collect();
        let points_of: Vec<Vec<f64>> = runs.iter().map(|run| run.z.clone()).collect();
        let waves: Vec<u32> = runs.iter().map(|run| run.wave).collect();
        let target = Target {
            observed: libm::log(figure(0.3)),
            discrepancy: 0.01,
            chance: 0.0,
            weight: 1.0,
        };
        let surface = Surface {
            emulator: Emulator::fit(&points_of, &outputs, &[0], &waves).unwrap(),
            likelihood: Likelihood::new(vec![target], 2, ErrorLaw::NORMAL).unwrap(),
            variances: vec![0.0],
            waves,
        };
        let published = TargetFigure {
            name: "arrivals@2024-01".to_owned(),
            column: "arrivals".to_owned(),
            month: date(2024, 1, 1),
            observed: figure(0.3),
            target: 0,
        };
        // The posterior is where the surface is as published.
        let off = Off::over(&surface.emulator, 80..120)[0];
        let told = |z: f64| surface.emulator.predict(&[z])[0] + off.mean;
        let near = (0..1_000).map(|i| f64::from(i) / 1_000.0);
        let far = |z: &f64| (told(*z) - target.observed).abs();
        let z = near
            .min_by(|one, other| far(one).total_cmp(&far(other)))
            .unwrap();
        let misfits = misfits(&[published], &surface, 1, &[vec![z]]);
        let (column, misfit) = &misfits[0];
        assert_eq!(column, "arrivals");
        // What a surface is off at others of those draws.
        let others = points(2, 2_000, 0.3);
        let squares = others.iter().map(|point| {
            let off = libm::log(figure(point.z[0])) - told(point.z[0]);
            off * off
        });
        let variance = squares.sum::<f64>() / others.len() as f64;
        assert!(
            (misfit.noise / variance - 1.0).abs() < 0.3,
            "{misfit:?} {variance}"
        );
        let learned = LogError::normal(0.01).learned(&[*misfit; 20]);
        assert!(learned.sd < 0.01, "{learned:?} {misfit:?}");
    }

    #[test]
    fn one_draw_tells_a_variance_too() {
        let runs = [points(0, 80, 1.0), points(1, 1, 0.3)].concat();
        let surfaces = surfaces(&runs);
        assert!(surfaces.variances[0] > 0.03, "{:?}", surfaces.variances);
    }

    #[test]
    fn without_a_draw_there_is_nothing_to_say() {
        let runs = points(0, 20, 1.0);
        assert!(OtherSurfaces::of(&runs, &[], &[], 1).is_err());
    }
}
