//! What a model leaves out, as stated, and as learned from what it was off by: how large that is, and how long it lasts.

use crate::month::Month;
use crate::stats::ErrorLaw;

/// Steps in which a scale is learned, at most, and the relative change that ends them.
const STEPS: usize = 10_000;
const STEADY: f64 = 1e-12;

/// Autocorrelations that are weighed against each other: the middles of so many equal parts of 0 to 1.
const AUTOCORRELATIONS: u32 = 100;

/// Degrees of freedom of a law that is [estimated](LogError::and_estimated), at least: with 2 or fewer it would have no variance.
const FEWEST_FREEDOM: f64 = 2.5;

/// The error of the logarithm of a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LogError {
    /// Standard deviation, at least 0.
    pub sd: f64,
    /// Its shape.
    pub law: ErrorLaw,
}

impl LogError {
    /// There is none.
    pub const NONE: Self = Self::normal(0.0);

    /// A normal error.
    #[must_use]
    pub const fn normal(sd: f64) -> Self {
        Self {
            sd,
            law: ErrorLaw::NORMAL,
        }
    }

    /// With another error beside it, which is independent: of the same shape, with the sum of both variances.
    #[must_use]
    pub fn and(self, sd: f64) -> Self {
        Self {
            sd: libm::hypot(self.sd, sd),
            ..self
        }
    }

    /// With a normal error beside it of which the variance is itself estimated, with so many degrees of freedom: Student's t with the sum of both
    /// squared scales and the degrees of freedom that make its variance about as uncertain as that of the sum, ν = (a + b)² / (a² / ν(a) + b² / ν(b))
    /// (Satterthwaite 1946, doi:10.2307/3002019; Welch 1947, doi:10.1093/biomet/34.1-2.28). The squared scale of t is (ν - 2) / ν of its variance.
    #[must_use]
    pub fn and_estimated(self, variance: f64, freedom: f64) -> Self {
        let squared = self.sd * self.sd;
        let (own, uncertain) = match self.law.degrees_of_freedom() {
            None => (squared, 0.0),
            Some(of_law) => {
                let own = squared * (of_law - 2.0) / of_law;
                (own, own * own / of_law)
            }
        };
        let (scale, uncertain) = (own + variance, uncertain + variance * variance / freedom);
        if uncertain <= 0.0 {
            return self.and(libm::sqrt(variance));
        }
        let freedom = (scale * scale / uncertain).max(FEWEST_FREEDOM);
        let normal = Self::normal(libm::sqrt(scale));
        ErrorLaw::student(freedom).map_or(normal, |law| Self {
            sd: libm::sqrt(scale * freedom / (freedom - 2.0)),
            law,
        })
    }
}

/// What a published figure that was fitted to was off by.
#[derive(Debug, Clone, PartialEq)]
pub struct Misfit {
    /// The month.
    pub month: Month,
    /// Its logarithm less that which is simulated, for each draw of the parameters. A fit comes nearer to its figures than the truth does,
    /// in the mean of the draws by as much as these scatter: so each draw is asked, and not their mean.
    pub errors: Vec<f64>,
    /// The variance of what is no discrepancy in that: chance, of what was published and of what was simulated, and what a surface is off
    /// where one tells what would be simulated.
    pub noise: f64,
}

impl Misfit {
    /// Of a published figure from the logarithms of what is simulated, and the variance of noise; `None` where a logarithm is not finite.
    #[must_use]
    pub fn of(
        month: Month,
        observed: f64,
        simulated: impl IntoIterator<Item = f64>,
        noise: f64,
    ) -> Option<Self> {
        let log = libm::log(observed);
        let errors: Vec<f64> = simulated.into_iter().map(|draw| log - draw).collect();
        let is_finite = !errors.is_empty() && errors.iter().all(|error| error.is_finite());
        is_finite.then_some(Self {
            month,
            errors,
            noise,
        })
    }
}

/// What a model leaves out of a figure, month by month: an autoregression of the first order around 0, whose error in one month has the
/// correlation r^k with that k months later.
///
/// Where nothing was learned r is 0: the months are independent.
#[derive(Debug, Clone, PartialEq)]
pub struct Discrepancy {
    /// The error of any month of which no other is known.
    pub error: LogError,
    autocorrelation: Autocorrelation,
    last: Option<Last>,
}

/// The correlation r of the errors of neighbouring months, from 0 to 1, as far as it is known: values with their probabilities. Of none it is 0.
#[derive(Debug, Clone, Default, PartialEq)]
struct Autocorrelation(Vec<(f64, f64)>);

impl Autocorrelation {
    /// The correlation of months that lie so far apart: the mean of r^k. As r is not known well, that is more than the power of its mean.
    fn over(&self, months: i32) -> f64 {
        let values = self.0.iter();
        let terms = values.map(|&(value, probability)| probability * power(value, months));
        terms.sum()
    }
}

/// The last month whose error is known.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Last {
    month: Month,
    /// How much of what it is off by is discrepancy, and not noise: a share of the variance.
    signal: f64,
    /// Variance of the noise.
    noise: f64,
}

/// What is expected of the discrepancy of a month.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    /// How much of what the last month known is off by is in this one too, from 0 to 1.
    pub share: f64,
    /// The error that is left of the discrepancy.
    pub error: LogError,
    /// Standard deviation of the noise that comes with that share. Where what is forecast are replications, each with its own share of what
    /// it is off by itself, they have this noise already.
    pub noise: f64,
}

impl Discrepancy {
    /// Degrees of freedom that a discrepancy which is stated has beside the months that it is [learned](Self::learned) from: as many as a
    /// year's months would give it under normal errors. Assumed.
    pub const STATED_FREEDOM: f64 = 12.0;

    /// As stated: of no month's error anything is known.
    #[must_use]
    pub const fn stated(error: LogError) -> Self {
        Self {
            error,
            autocorrelation: Autocorrelation(Vec::new()),
            last: None,
        }
    }

    /// What is to be expected of further months, now that these were off by so much, in ascending order; `weights` are those of the draws
    /// in every month. Where no error is stated there is none to learn.
    ///
    /// **The scale.** The variance stated is the scale of a scaled inverse χ² prior with 12 degrees of freedom (Gelman et al., Bayesian Data
    /// Analysis, 3rd ed., section 2.6), and s² = (12 stated² + Σ (w e² - v)) / (12 + n) of n misfits e with variances v of noise, which is
    /// no discrepancy; w e² is the mean over the draws, and the sum is at least 0. With normal errors each w is 1. With heavy tails it is
    /// [`ErrorLaw::pull`] over the misfit of the draw, both in standard deviations √(s² + v), so that a month far off says little of the
    /// others (Lange, Little & Taylor 1989, doi:10.1080/01621459.1989.10478852); as it has s in it, it is found step by step.
    ///
    /// The weights are those of the EM algorithm for Student's t. The draws stay those of the fit, which believes what is stated, and noise
    /// is taken out by its variance. A known error under Student's t with ν degrees of freedom tells of the scale ν / (ν + 3) of what it
    /// tells under a normal law: with ν = 4 the 12 degrees of freedom count as 21 months.
    ///
    /// **The autocorrelation** has the posterior under an even prior from 0 to 1 (assumed), by the log-likelihood of each error
    /// after the one before it, in the mean over the draws. The scale in that is the one of the errors alone, without what was stated: with
    /// too large a scale errors that are merely small would look like ones that last. Noise is taken as independent from month to month: of
    /// a figure whose chance lasts, as that of a pool does, some of that counts as discrepancy that lasts.
    #[must_use]
    pub fn learned(stated: LogError, weights: &[f64], misfits: &[Misfit]) -> Self {
        let Some(last) = misfits.last().filter(|_| stated.sd > 0.0) else {
            return Self::stated(stated);
        };
        let evidence = Evidence::of(weights, misfits);
        let with_stated = evidence.variance(stated, Self::STATED_FREEDOM);
        let of_errors = evidence.variance(stated, 0.0);
        Self {
            error: LogError {
                sd: libm::sqrt(with_stated),
                ..stated
            },
            autocorrelation: evidence.autocorrelation(stated.law, of_errors),
            last: Some(Last {
                month: last.month,
                signal: signal(of_errors, last.noise),
                noise: last.noise,
            }),
        }
    }

    /// What is expected of a month after those it was learned from, k months after the last. The best linear prediction from what that was
    /// off by is the share b = ρ a / (a + v) of it, where ρ is the mean of r^k over what r may be, v its noise and a the variance of errors, as
    /// they alone tell it: where all may be noise, nothing is carried over. Of the variance s² of a month, s² (1 - 2 b ρ + b²) is left, and
    /// b² v comes with the share.
    ///
    /// Months before the last would tell a little more where there is much noise; they are not asked.
    #[must_use]
    pub fn expected(&self, month: Month) -> Expected {
        let Some(last) = self.last else {
            return Expected {
                share: 0.0,
                error: self.error,
                noise: 0.0,
            };
        };
        let correlation = self.autocorrelation.over(month.since(last.month));
        let share = correlation * last.signal;
        Expected {
            share,
            error: LogError {
                sd: self.error.sd * libm::sqrt(left(share, correlation)),
                ..self.error
            },
            noise: share * libm::sqrt(last.noise),
        }
    }
}

/// The share of a variance in the sum with noise; 0 where there is neither.
fn signal(variance: f64, noise: f64) -> f64 {
    if variance > 0.0 {
        variance / (variance + noise)
    } else {
        0.0
    }
}

/// The variance of one of two variables with variance 1 and this correlation, less a share of the other.
fn left(share: f64, correlation: f64) -> f64 {
    1.0 - 2.0 * share * correlation + share * share
}

/// A correlation over so many months.
fn power(autocorrelation: f64, months: i32) -> f64 {
    debug_assert!(months > 0, "{months} months after");
    libm::pow(autocorrelation, f64::from(months))
}

/// What there is to learn from.
struct Evidence<'a> {
    /// Of the draws, with a sum of 1.
    weights: Vec<f64>,
    misfits: &'a [Misfit],
}

impl<'a> Evidence<'a> {
    fn of(weights: &[f64], misfits: &'a [Misfit]) -> Self {
        debug_assert!((misfits.iter()).all(|misfit| misfit.errors.len() == weights.len()));
        let sum: f64 = weights.iter().sum();
        Self {
            weights: weights.iter().map(|weight| weight / sum).collect(),
            misfits,
        }
    }

    /// Mean over the draws of what comes of each.
    fn mean(&self, of: impl Fn(usize) -> f64) -> f64 {
        let weights = self.weights.iter().enumerate();
        weights.map(|(draw, weight)| weight * of(draw)).sum()
    }

    /// The variance of errors: where what is stated, which counts as so many degrees of freedom, and the months balance.
    fn variance(&self, stated: LogError, stated_freedom: f64) -> f64 {
        let from_stated = stated_freedom * stated.sd * stated.sd;
        let freedom = stated_freedom + self.misfits.len() as f64;
        let step = |variance: f64| {
            let excess = self.misfits.iter().map(|Misfit { errors, noise, .. }| {
                let sd = libm::sqrt(variance + noise);
                let weighted = |draw: usize| errors[draw] * stated.law.pull(errors[draw] / sd) * sd;
                self.mean(weighted) - noise
            });
            (from_stated + excess.sum::<f64>().max(0.0)) / freedom
        };
        let mut variance = stated.sd * stated.sd;
        for _ in 0..STEPS {
            if variance <= 0.0 {
                break;
            }
            let next = step(variance);
            let is_steady = (next - variance).abs() <= STEADY * next;
            variance = next;
            if is_steady {
                break;
            }
        }
        variance
    }

    /// The autocorrelation of errors of a variance.
    fn autocorrelation(&self, law: ErrorLaw, variance: f64) -> Autocorrelation {
        let values =
            (0..AUTOCORRELATIONS).map(|part| (f64::from(part) + 0.5) / f64::from(AUTOCORRELATIONS));
        let logs: Vec<(f64, f64)> = values
            .map(|value| {
                let pairs = self.misfits.windows(2);
                let logs =
                    pairs.map(|pair| self.log_density(law, variance, value, &pair[0], &pair[1]));
                (value, logs.sum())
            })
            .collect();
        // The largest is taken out, so that none underflows alone.
        let most = (logs.iter()).fold(f64::NEG_INFINITY, |most, &(_, log)| most.max(log));
        let weights = logs
            .iter()
            .map(|&(value, log)| (value, libm::exp(log - most)));
        let whole: f64 = weights.clone().map(|(_, weight)| weight).sum();
        Autocorrelation(
            weights
                .map(|(value, weight)| (value, weight / whole))
                .collect(),
        )
    }

    /// Logarithm of the density of an error after one before it, in the mean over the draws; 0 where there is neither an error nor noise.
    fn log_density(
        &self,
        law: ErrorLaw,
        variance: f64,
        autocorrelation: f64,
        before: &Misfit,
        after: &Misfit,
    ) -> f64 {
        let correlation = power(autocorrelation, after.month.since(before.month));
        let share = correlation * signal(variance, before.noise);
        let carried = share * share * before.noise;
        let variance = variance * left(share, correlation) + carried + after.noise;
        if variance <= 0.0 {
            return 0.0;
        }
        let sd = libm::sqrt(variance);
        let log_density =
            |draw: usize| law.log_density((after.errors[draw] - share * before.errors[draw]) / sd);
        self.mean(log_density) - libm::log(sd)
    }
}

#[cfg(test)]
mod tests;
