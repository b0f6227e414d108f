//! What came of a calibration: the posterior, and how well it fits.

use super::designs;
use super::fit::Fit;
use super::runs::PointRuns;
use super::settings::CalibrationError;
use super::surfaces::TargetSurfaces;
use crate::calibration::sampler::Mixing;
use crate::calibration::summary::{Bounds, ParameterSummary, Verdict, summarise};
use crate::calibration::weights::Weights;
use crate::month::Month;
use crate::scenario::calibrate::Parameter;
use crate::scenario::futures::Distribution;
use crate::stats::{Level, Moments};

/// The least share of the draws' number that they are to be worth.
const LEAST_WORTH: f64 = 0.5;

/// The posterior, and how well it fits.
#[derive(Debug, Clone)]
pub struct Fitted {
    /// In the order of `[calibrate]`.
    pub parameters: Vec<FittedParameter>,
    /// Draws of the posterior.
    pub draws: Vec<FittedDraw>,
    /// Every published figure, in the order of the fit.
    pub months: Vec<FittedMonth>,
    /// The same by column.
    pub columns: Vec<ColumnFit>,
    /// Number of draws of equal weight that would be worth as much.
    pub effective: f64,
    /// The same with the whole ratios of likelihoods as weights: few where the surfaces have not settled, so that the draws are of neither
    /// the posterior that they were drawn from nor that of the surfaces fitted with them.
    pub whole_effective: f64,
    /// The parameter whose mean coordinate the weights move most, by its place, and by how much: in standard deviations of the draws.
    pub moved: Option<(usize, f64)>,
    /// Power to which the weights are raised so that enough draws count; 1 where they are the likelihood's own.
    pub power: f64,
}

/// One draw of the posterior.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedDraw {
    /// The coordinates.
    pub z: Vec<f64>,
    /// Its weight; all sum to 1.
    pub weight: f64,
    /// Figures of each of its replications: those fitted to, then the others that are kept.
    pub values: Vec<Vec<f64>>,
}

/// Where a number lies before or after the data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// 5% quantile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95% quantile.
    pub high: f64,
}

/// The central share of a posterior that is told.
pub const CENTRAL: Level = Level::NINETY;

/// Orders of the quantiles between which it lies.
fn ends() -> [f64; 2] {
    let of_1000 = (CENTRAL.share() * 1000.0).round();
    [1000.0 - of_1000, 1000.0 + of_1000].map(|end| end / 2000.0)
}

impl Spread {
    fn of(values: &[f64], weights: &Weights) -> Self {
        let [low, high] = ends();
        Self {
            mean: weights.mean(values),
            low: weights.quantile(values, low),
            median: weights.quantile(values, 0.5),
            high: weights.quantile(values, high),
        }
    }
}

/// A parameter before and after the data.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedParameter {
    /// Its name.
    pub name: String,
    /// Before the data, in the unit of its keys.
    pub prior: Spread,
    /// After the data, in the unit of its keys.
    pub posterior: Spread,
    /// The fitted value: that of the mean coordinates, in the unit of its keys.
    pub value: f64,
    /// How much narrower than the prior the posterior is, 1 less the ratio of the standard deviations of the coordinate: 0 where the
    /// data say nothing, 1 where they say all.
    pub shrinkage: f64,
    /// What the data say of it.
    pub verdict: Verdict,
    /// Potential scale reduction of the chains; 1 if they agree.
    pub r_hat: f64,
    /// Number of independent draws that the chains are worth for the middle of it.
    pub chain_effective: f64,
    /// Number of independent draws that the chains are worth for its tails.
    pub chain_tail_effective: f64,
}

/// A published figure beside the simulated one.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedMonth {
    /// The month.
    pub month: Month,
    /// Column of the published table.
    pub column: String,
    /// The published figure.
    pub observed: f64,
    /// Weighted mean over the draws.
    pub simulated: f64,
    /// 5% quantile of single replications over the draws: doubt about the parameters, and chance so far as the few replications that all draws
    /// share differ.
    pub low: f64,
    /// 95% quantile of the same.
    pub high: f64,
}

impl FittedMonth {
    /// Simulated over observed, less 1.
    #[must_use]
    pub fn relative_error(&self) -> f64 {
        self.simulated / self.observed - 1.0
    }
}

/// How well a column is fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFit {
    /// The column.
    pub column: String,
    /// Months fitted to.
    pub months: usize,
    /// Mean of the absolute relative errors (MAPE).
    pub mape: f64,
    /// Mean of the relative errors.
    pub bias: f64,
    /// Root of the mean square of ln(observed / simulated).
    pub rms: f64,
    /// Stated discrepancy, to be held against it.
    pub sd: f64,
    /// Root mean variance of the logarithm of one replication.
    pub chance: f64,
    /// Root mean variance of the error of the surfaces.
    pub surface: f64,
}

impl Fit {
    /// What has been fitted, once every task was done.
    ///
    /// # Errors
    /// Not all tasks were done, or too few of them came to something.
    pub fn fitted(&self) -> Result<Fitted, CalibrationError> {
        Fitted::of(self)
    }
}

impl Fitted {
    /// Weighs the draws that were simulated.
    fn of(fit: &Fit) -> Result<Self, CalibrationError> {
        let (design, wave) = (fit.drawn()?, fit.last_wave());
        let runs = fit.runs();
        let failed = |reason: String| CalibrationError::Failed(reason);
        let proposal = (design.proposal.as_deref())
            .ok_or_else(|| failed("the draws are not from a posterior".to_owned()))?;
        // The surfaces once more, with the draws among their points: where the draws lie, they are better than those drawn from.
        let surfaces = TargetSurfaces::of(&runs, fit.figures(), fit.calibration());
        let surfaces = surfaces.map_err(failed)?;
        let (before, after) = (proposal.surfaces.posterior(), surfaces.posterior());
        let figures = fit.figures().len();
        let runs: Vec<&PointRuns> = (runs.iter())
            .filter(|run| run.wave == wave && run.logarithms(figures).is_some())
            .collect();
        let ratios: Vec<f64> = (runs.iter())
            .map(|run| after.log_likelihood(&run.z) - before.log_likelihood(&run.z))
            .collect();
        let weighed = Weights::tempered(&ratios, LEAST_WORTH);
        let (weights, power) = weighed.map_err(|error| failed(error.to_string()))?;
        let draws: Vec<FittedDraw> = (runs.iter().zip(weights.shares()))
            .map(|(run, &weight)| FittedDraw {
                z: run.z.clone(),
                weight,
                values: run.values.clone(),
            })
            .collect();
        let coordinates: Vec<Vec<f64>> = (0..fit.calibration().parameters.len())
            .map(|parameter| runs.iter().map(|run| run.z[parameter]).collect())
            .collect();
        let z: Vec<f64> = coordinates.iter().map(|of| weights.mean(of)).collect();
        let months = months(fit, &runs, &weights);
        Ok(Self {
            parameters: parameters(fit, &proposal.mixing, &draws, &weights, &z),
            columns: columns(fit, &months, &surfaces),
            months,
            draws,
            effective: weights.effective_size(),
            whole_effective: Weights::whole_effective_size(&ratios),
            moved: moved(&coordinates, &z),
            power,
        })
    }
}

/// Of which parameter the weighted mean lies farthest from that of the draws, in their standard deviations.
fn moved(coordinates: &[Vec<f64>], weighted: &[f64]) -> Option<(usize, f64)> {
    let of = |(place, (draws, weighted)): (usize, (&Vec<f64>, &f64))| {
        let moments: Moments = draws.iter().copied().collect();
        let sd = moments.variance()?.sqrt();
        (sd > 0.0).then_some((place, (weighted - moments.mean()?).abs() / sd))
    };
    let moves = coordinates.iter().zip(weighted).enumerate();
    moves.filter_map(of).max_by(|a, b| a.1.total_cmp(&b.1))
}

fn parameters(
    fit: &Fit,
    mixing: &[Mixing],
    draws: &[FittedDraw],
    weights: &Weights,
    z: &[f64],
) -> Vec<FittedParameter> {
    /// Points at which a prior is looked at: its 5% quantile lies between the 102nd and the 103rd.
    const PRIOR: u32 = 2048;
    let calibration = fit.calibration();
    let count = calibration.parameters.len();
    let bounds: Vec<Bounds> = calibration.parameters.iter().map(bounds).collect();
    let coordinates: Vec<Vec<f64>> = draws.iter().map(|draw| draw.z.clone()).collect();
    let summaries = summarise(&coordinates, weights, &bounds);
    let numbers = |points: &[Vec<f64>]| -> Vec<Vec<f64>> {
        points.iter().map(|z| calibration.numbers(z)).collect()
    };
    let prior = numbers(&designs::of_prior(count, PRIOR, fit.settings().seed));
    let posterior = numbers(&coordinates);
    let fitted = calibration.numbers(z);
    let even = Weights::equal(prior.len()).ok();
    let place = |(place, summary): (usize, ParameterSummary)| {
        let of = |rows: &[Vec<f64>], weights: &Weights| {
            let values: Vec<f64> = rows.iter().map(|row| row[place]).collect();
            Spread::of(&values, weights)
        };
        let posterior = of(&posterior, weights);
        FittedParameter {
            name: calibration.parameters[place].name.clone(),
            prior: even.as_ref().map_or(posterior, |even| of(&prior, even)),
            posterior,
            value: fitted[place],
            shrinkage: 1.0 - summary.sd,
            verdict: summary.verdict,
            r_hat: mixing[place].r_hat,
            chain_effective: mixing[place].effective,
            chain_tail_effective: mixing[place].tail_effective,
        }
    };
    summaries.into_iter().enumerate().map(place).collect()
}

/// At which ends of a prior nothing is possible: a median with a factor has none at 0.
fn bounds(parameter: &Parameter) -> Bounds {
    let (low, high) = parameter.prior.ends();
    let has_low = !matches!(parameter.prior, Distribution::Lognormal { low, .. } if low <= 0.0);
    Bounds {
        below: low.is_finite() && has_low,
        above: high.is_finite(),
    }
}

fn months(fit: &Fit, runs: &[&PointRuns], weights: &Weights) -> Vec<FittedMonth> {
    let [low, high] = ends();
    let month = |(place, figure): (usize, &super::TargetFigure)| {
        let means: Vec<f64> = runs.iter().map(|run| run.means()[place]).collect();
        let of_draw = |run: &&PointRuns| run.values.iter().map(|values| values[place]).collect();
        let values: Vec<Vec<f64>> = runs.iter().map(of_draw).collect();
        FittedMonth {
            month: figure.month,
            column: figure.column.clone(),
            observed: figure.observed,
            simulated: weights.mean(&means),
            low: weights.quantile_of_all(&values, low),
            high: weights.quantile_of_all(&values, high),
        }
    };
    fit.figures().iter().enumerate().map(month).collect()
}

fn columns(fit: &Fit, months: &[FittedMonth], surfaces: &TargetSurfaces) -> Vec<ColumnFit> {
    let column = |(target, described): (usize, &crate::scenario::calibrate::Target)| {
        let of: Vec<usize> = (0..months.len())
            .filter(|&place| fit.figures()[place].target == target)
            .collect();
        // All that was published of it was 0.
        if of.is_empty() {
            return None;
        }
        let mean = |value: &dyn Fn(usize) -> f64| {
            of.iter().map(|&place| value(place)).sum::<f64>() / of.len() as f64
        };
        let error = |place: usize| months[place].relative_error();
        let logarithm = |place: usize| libm::log(months[place].observed / months[place].simulated);
        Some(ColumnFit {
            column: described.column.clone(),
            months: of.len(),
            mape: mean(&|place| error(place).abs()),
            bias: mean(&error),
            rms: mean(&|place| logarithm(place) * logarithm(place)).sqrt(),
            sd: described.sd,
            chance: mean(&|place| surfaces.likelihood.targets()[place].chance_variance).sqrt(),
            surface: mean(&|place| surfaces.variances[place]).sqrt(),
        })
    };
    let targets = fit.calibration().targets.iter().enumerate();
    targets.filter_map(column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers from 1 to 1,000, of which the second half counts three times as much as the first.
    #[test]
    fn a_spread_holds_the_central_ninety_percent() {
        let values: Vec<f64> = (1..=1_000).map(f64::from).collect();
        let shares = (1..=1_000).map(|i| libm::log(if i > 500 { 3.0 } else { 1.0 }));
        let weights = Weights::truncated(&shares.collect::<Vec<_>>()).unwrap();
        let spread = Spread::of(&values, &weights);
        // A fourth of the weight lies below 500.5.
        for (found, expected) in [
            (spread.mean, 0.25 * 250.5 + 0.75 * 750.5),
            (spread.low, 100.0),
            (spread.median, 500.0 + 500.0 / 3.0),
            (spread.high, 1_000.0 - 500.0 / 15.0),
        ] {
            assert!((found - expected).abs() < 2.0, "{spread:?} {expected}");
        }
    }

    #[test]
    fn the_parameter_that_the_weights_move_most_is_told_in_standard_deviations() {
        // Means 0 and standard deviations √2 and 2√2; the weighted means are 0.5 and 1.5.
        let coordinates = [vec![-1.0, 1.0], vec![-2.0, 2.0], vec![3.0, 3.0]];
        let (place, by) = moved(&coordinates, &[0.5, 1.5, 3.0]).unwrap();
        assert_eq!(place, 1);
        assert!((by - 1.5 / 8.0_f64.sqrt()).abs() < 1e-12, "{by}");
        assert_eq!(moved(&[vec![3.0]], &[3.0]), None);
    }
}
