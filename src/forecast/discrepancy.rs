//! What a model leaves out, as stated, and as learned from what it was off by: how large that is, and how long it lasts.

use crate::month::Month;
use crate::stats::ErrorLaw;

/// Steps in which a scale is learned, at most, and the relative change that ends them.
const STEPS: usize = 10_000;
const STEADY: f64 = 1e-12;

/// Autocorrelations that are weighed against each other: the middles of so many equal parts of 0 to 1.
const AUTOCORRELATIONS: u32 = 100;

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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discrepancy {
    /// The error of any month of which no other is known.
    pub error: LogError,
    /// The correlation r of the errors of neighbouring months, from 0 to 1.
    pub autocorrelation: f64,
    last: Option<Last>,
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
    /// year's months would give it. Assumed.
    pub const STATED_FREEDOM: f64 = 12.0;

    /// As stated: of no month's error anything is known.
    #[must_use]
    pub const fn stated(error: LogError) -> Self {
        Self {
            error,
            autocorrelation: 0.0,
            last: None,
        }
    }

    /// What is to be expected of further months, now that these were off by so much, in ascending order; `weights` are those of the draws
    /// in every month. Where no error is stated there is none to learn.
    ///
    /// **The scale.** The variance stated is the scale of a scaled inverse χ² prior with 12 degrees of freedom (Gelman et al., Bayesian Data
    /// Analysis, 3rd ed., section 2.6), and s² = (12 stated² + Σ (w e² - v)) / (12 + n) of n misfits e, each a root mean square over the
    /// draws, with variances v of noise, which is no discrepancy; the sum is at least 0. With normal errors each w is 1. With heavy tails
    /// it is [`ErrorLaw::pull`] over the misfit, both in standard deviations √(s² + v), so that a month far off says little of the others
    /// (Lange, Little & Taylor 1989, doi:10.1080/01621459.1989.10478852); as it has s in it, it is found step by step.
    ///
    /// **The autocorrelation** is the mean of its posterior under an even prior from 0 to 1 (assumed), by the likelihood of each error
    /// after the one before it. The scale in that is the one of the errors alone, without what was stated: with too large a scale
    /// errors that are merely small would look like ones that last. Noise is taken as independent from month to month: of a figure
    /// whose chance lasts, as that of a pool does, some of that counts as discrepancy that lasts.
    #[must_use]
    pub fn learned(stated: LogError, weights: &[f64], misfits: &[Misfit]) -> Self {
        let Some(last) = misfits.last().filter(|_| stated.sd > 0.0) else {
            return Self::stated(stated);
        };
        let evidence = Evidence { weights, misfits };
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
    /// off by is the share b = r^k a / (a + v) of it, where v is its noise and a the variance of errors, as they alone tell it: where all
    /// may be noise, nothing is carried over. Of the variance s² of a month, s² (1 - 2 b r^k + b²) is left, and b² v comes with the share.
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
        let correlation = power(self.autocorrelation, month.since(last.month));
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
#[derive(Clone, Copy)]
struct Evidence<'a> {
    weights: &'a [f64],
    misfits: &'a [Misfit],
}

impl Evidence<'_> {
    /// Mean over the draws of the product of two months' errors.
    fn product(self, one: &Misfit, other: &Misfit) -> f64 {
        debug_assert_eq!(one.errors.len(), self.weights.len());
        debug_assert_eq!(one.errors.len(), other.errors.len());
        let errors = one.errors.iter().zip(&other.errors);
        let products = errors
            .zip(self.weights)
            .map(|((a, b), weight)| weight * a * b);
        products.sum::<f64>() / self.weights.iter().sum::<f64>()
    }

    /// The variance of errors: where what is stated, which counts as so many months, and the months balance.
    fn variance(self, stated: LogError, stated_freedom: f64) -> f64 {
        let from_stated = stated_freedom * stated.sd * stated.sd;
        let freedom = stated_freedom + self.misfits.len() as f64;
        let squares: Vec<(f64, f64)> = (self.misfits.iter())
            .map(|misfit| (self.product(misfit, misfit), misfit.noise))
            .collect();
        let step = |variance: f64| {
            let excess = squares.iter().map(|&(square, noise)| {
                let (error, sd) = (libm::sqrt(square), libm::sqrt(variance + noise));
                error * stated.law.pull(error / sd) * sd - noise
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
    fn autocorrelation(self, law: ErrorLaw, variance: f64) -> f64 {
        let pairs: Vec<Pair> = (self.misfits.windows(2))
            .map(|pair| Pair {
                months: pair[1].month.since(pair[0].month),
                squares: [0, 1].map(|at| self.product(&pair[at], &pair[at])),
                product: self.product(&pair[0], &pair[1]),
                noise: [0, 1].map(|at| pair[at].noise),
            })
            .collect();
        let values =
            (0..AUTOCORRELATIONS).map(|part| (f64::from(part) + 0.5) / f64::from(AUTOCORRELATIONS));
        let logs: Vec<(f64, f64)> = values
            .map(|value| {
                let logs = pairs
                    .iter()
                    .map(|pair| pair.log_density(law, variance, value));
                (value, logs.sum())
            })
            .collect();
        // The largest is taken out, so that none underflows alone.
        let most = (logs.iter()).fold(f64::NEG_INFINITY, |most, &(_, log)| most.max(log));
        let (mut mean, mut whole) = (0.0, 0.0);
        for (value, log) in logs {
            let weight = libm::exp(log - most);
            mean += weight * value;
            whole += weight;
        }
        mean / whole
    }
}

/// Two errors, one after the other: moments over the draws.
struct Pair {
    /// Months between them.
    months: i32,
    squares: [f64; 2],
    product: f64,
    noise: [f64; 2],
}

impl Pair {
    /// Logarithm of the density of the second after the first, taken at the root mean square over the draws of what the first did not
    /// foretell; 0 where there is neither an error nor noise.
    fn log_density(&self, law: ErrorLaw, variance: f64, autocorrelation: f64) -> f64 {
        let correlation = power(autocorrelation, self.months);
        let share = correlation * signal(variance, self.noise[0]);
        let carried = share * share * self.noise[0];
        let variance = variance * left(share, correlation) + carried + self.noise[1];
        if variance <= 0.0 {
            return 0.0;
        }
        let [first, second] = self.squares;
        let square = second - 2.0 * share * self.product + share * share * first;
        let sd = libm::sqrt(variance);
        law.log_density(libm::sqrt(square.max(0.0)) / sd) - libm::log(sd)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Streams;
    use crate::forecast::Predictive;

    /// One draw.
    const ALONE: &[f64] = &[1.0];

    fn month(after: i32) -> Month {
        Month::new(2023, 1).after(after)
    }

    fn misfits(errors: &[f64], noise: f64) -> Vec<Misfit> {
        let misfit = |(at, &error): (i32, &f64)| Misfit {
            month: month(at),
            errors: vec![error],
            noise,
        };
        (0..).zip(errors).map(misfit).collect()
    }

    fn learned(stated: LogError, errors: &[f64], noise: f64) -> Discrepancy {
        Discrepancy::learned(stated, ALONE, &misfits(errors, noise))
    }

    #[test]
    fn a_discrepancy_is_learned_from_what_chance_leaves() {
        let stated = LogError::normal(0.2);
        assert_eq!(learned(stated, &[], 0.0), Discrepancy::stated(stated));
        let none = LogError::NONE;
        assert_eq!(learned(none, &[0.3], 0.0), Discrepancy::stated(none));
        let errors = [0.1, -0.1, 0.1, -0.1];
        // (12 × 0.04 + 4 × 0.01) / 16, and without 4 × 0.004 of chance.
        for (chance, variance) in [(0.0, 0.0325), (0.004, 0.0315)] {
            let sd = learned(stated, &errors, chance).error.sd;
            assert!((sd * sd - variance).abs() < 1e-12);
        }
        // Where chance is more than all of it, what was stated is only the surer.
        let tiny = learned(LogError::normal(1e-6), &errors, 0.02).error.sd;
        assert!((tiny - 1e-6 * (12.0_f64 / 16.0).sqrt()).abs() < 1e-12);
    }

    /// A thousand quantiles of the law with another scale.
    #[test]
    fn a_scale_is_found_whatever_the_tails_and_a_month_far_off_hardly_moves_it() {
        for law in [ErrorLaw::NORMAL, ErrorLaw::student(4.0).unwrap()] {
            let true_error = LogError { sd: 0.1, law };
            let one = Predictive::new([(1.0, 1.0)], true_error).unwrap();
            let quantile = |i: u32| one.quantile((f64::from(i) + 0.5) / 1_000.0);
            let mut errors: Vec<f64> = (0..1_000)
                .map(|i| libm::log(quantile(i).unwrap()))
                .collect();
            let stated = LogError { sd: 0.2, law };
            let found = learned(stated, &errors, 0.0).error.sd;
            assert!((0.1..0.103).contains(&found), "{law}: {found}");
            errors.push(3.0);
            let moved = learned(stated, &errors, 0.0).error.sd / found;
            let is_robust = moved < 1.01;
            assert_eq!(is_robust, law != ErrorLaw::NORMAL, "{law}: {moved}");
        }
    }

    /// Five months of thirteen off by a factor of seven: the slowest kind, to be found nevertheless.
    #[test]
    fn what_is_learned_is_where_the_prior_and_the_months_balance() {
        let law = ErrorLaw::student(4.0).unwrap();
        let errors = [[2.0; 5].as_slice(), &[0.0; 8]].concat();
        let sd = learned(LogError { sd: 0.02, law }, &errors, 0.0).error.sd;
        let pulls = (errors.iter()).map(|error| error * law.pull(error / sd) / sd);
        let balance = 12.0 * (0.02 / sd).powi(2) + pulls.sum::<f64>();
        assert!((balance - 25.0).abs() < 1e-6, "{sd}: {balance}");
    }

    /// At e² between draws at e and e³, each a unit away; the mean of draws with weights 1 and 3 is but half a unit off.
    #[test]
    fn a_misfit_has_the_scatter_of_the_draws_in_it() {
        let of = |observed, draws: [f64; 2]| Misfit::of(month(0), observed, draws, 0.01);
        let misfit = of(libm::exp(2.0), [1.0, 3.0]).unwrap();
        let evidence = Evidence {
            weights: &[1.0, 3.0],
            misfits: &[],
        };
        assert!((evidence.product(&misfit, &misfit) - 1.0).abs() < 1e-12);
        assert_eq!(of(5.0, [1.0, f64::NEG_INFINITY]), None);
        assert_eq!(of(0.0, [1.0, 1.0]), None);
        assert_eq!(Misfit::of(month(0), 5.0, [], 0.01), None);
    }

    /// A level is fitted to each pair of figures, which takes half of their squares out of the mean of its draws: with draws that scatter as
    /// the posterior of the level does, what is learned is the error there was.
    #[test]
    fn what_a_fit_has_taken_out_of_its_errors_is_put_back() {
        let (pairs, sd) = (500, 0.1);
        let mut draw = Streams::new(3, 0).draw(0, 0, 0);
        let mut misfits = Vec::new();
        for pair in 0..pairs {
            let figures = [sd * draw.normal(), sd * draw.normal()];
            let level = f64::midpoint(figures[0], figures[1]);
            let scatter = sd / std::f64::consts::SQRT_2;
            let draws = [level - scatter, level + scatter];
            let of =
                |(at, log)| Misfit::of(month(2 * pair + at), libm::exp(log), draws, 0.0).unwrap();
            misfits.extend((0..).zip(figures).map(of));
        }
        let learned = Discrepancy::learned(LogError::normal(0.1), &[1.0, 1.0], &misfits);
        assert!((learned.error.sd / sd - 1.0).abs() < 0.04, "{learned:?}");
    }

    /// An autoregression with a stationary standard deviation of 0.1, and noise in what is seen of it.
    fn autoregression(autocorrelation: f64, months: u32, noise: f64) -> Vec<f64> {
        let mut draw = Streams::new(5, 0).draw(0, 0, 0);
        let innovation = 0.1 * (1.0 - autocorrelation * autocorrelation).sqrt();
        let mut error = 0.1 * draw.normal();
        let mut next = || {
            error = autocorrelation * error + innovation * draw.normal();
            error + noise * draw.normal()
        };
        (0..months).map(|_| next()).collect()
    }

    /// Also where far more is stated, and where half of what is seen is noise.
    #[test]
    fn an_autocorrelation_is_found() {
        let of = |truth, stated, noise: f64| {
            let errors = autoregression(truth, 1_000, noise);
            learned(LogError::normal(stated), &errors, noise * noise).autocorrelation
        };
        for (truth, stated, noise) in [
            (0.0, 0.1, 0.0),
            (0.5, 0.1, 0.0),
            (0.8, 0.1, 0.0),
            (0.5, 1.0, 0.0),
            (0.0, 1.0, 0.0),
            (0.8, 0.1, 0.1),
        ] {
            let found = of(truth, stated, noise);
            assert!((found - truth).abs() < 0.06, "{truth} {stated}: {found}");
        }
    }

    /// Without a neighbour the prior speaks.
    #[test]
    fn half_of_a_single_error_is_carried_over() {
        let found = learned(LogError::normal(0.1), &[0.1], 0.0);
        assert!((found.autocorrelation - 0.5).abs() < 1e-12, "{found:?}");
        assert!((found.expected(month(1)).share - 0.5).abs() < 1e-12);
    }

    #[test]
    fn what_may_be_noise_is_not_carried_over() {
        let found = learned(LogError::normal(0.1), &[0.02, 0.03, 0.03], 0.001);
        let expected = found.expected(month(3));
        assert_eq!((expected.share, expected.noise), (0.0, 0.0));
        assert_eq!(expected.error, found.error);
    }

    /// Every month has one draw above and one below, the same at all times: errors that last, though their mean is always 0.
    #[test]
    fn each_draw_has_errors_of_its_own() {
        let misfit = |at: i32| Misfit {
            month: month(at),
            errors: vec![0.1, -0.1],
            noise: 0.0,
        };
        let months: Vec<Misfit> = (0..20).map(misfit).collect();
        let found = Discrepancy::learned(LogError::normal(0.1), &[1.0, 3.0], &months);
        assert!(found.autocorrelation > 0.95, "{found:?}");
    }

    /// As the innovations are drawn from it; a normal law would take the few that are far off for a sign that nothing lasts.
    #[test]
    fn an_autocorrelation_of_errors_with_heavy_tails_is_found() {
        let law = ErrorLaw::student(4.0).unwrap();
        let one = Predictive::new([(1.0, 1.0)], LogError { sd: 0.06, law }).unwrap();
        let mut draw = Streams::new(7, 0).draw(0, 0, 0);
        let mut error = 0.0;
        let mut next = || {
            error = 0.8 * error + libm::log(one.quantile(draw.uniform()).unwrap());
            error
        };
        let errors: Vec<f64> = (0..1_000).map(|_| next()).collect();
        let found = learned(LogError { sd: 0.1, law }, &errors, 0.0);
        assert!((found.autocorrelation - 0.8).abs() < 0.05, "{found:?}");
    }

    /// Months that are far apart tell of the autocorrelation by its power: nearly the same errors every third month.
    #[test]
    fn months_without_a_figure_count() {
        let errors = autoregression(0.8, 3_000, 0.0);
        let every_third: Vec<Misfit> = misfits(&errors, 0.0).into_iter().step_by(3).collect();
        let found = Discrepancy::learned(LogError::normal(0.1), ALONE, &every_third);
        assert!((found.autocorrelation - 0.8).abs() < 0.04, "{found:?}");
    }

    /// Against what followed: of 3,000 months the errors around what is expected one and three months later.
    #[test]
    fn the_last_error_tells_of_the_next_ones_as_much_as_is_said() {
        let (seen, noise) = (autoregression(0.8, 3_000, 0.05), 0.0025);
        let learned = learned(LogError::normal(0.1), &seen, noise);
        for ahead in [1, 3] {
            let Expected {
                share,
                error,
                noise: carried,
            } = learned.expected(month(2_999 + ahead));
            let correlation = 0.8_f64.powi(ahead);
            assert!((share - 0.8 * correlation).abs() < 0.05, "{share}");
            let pairs = seen.iter().zip(&seen[ahead as usize..]);
            let left = pairs.map(|(now, then)| (then - share * now) * (then - share * now));
            let left = left.sum::<f64>() / 3_000.0 - noise;
            let said = error.sd * error.sd + carried * carried;
            assert!((said / left - 1.0).abs() < 0.06, "{ahead}");
        }
        // Far ahead it tells nothing.
        let far = learned.expected(month(3_100));
        assert!(far.share < 1e-6 && (far.error.sd - learned.error.sd).abs() < 1e-9);
        let unknown = Discrepancy::stated(LogError::normal(0.1)).expected(month(0));
        assert_eq!((unknown.share, unknown.error.sd), (0.0, 0.1));
    }

    /// What is published, and one replication of what is simulated, have the same chance. A forecast is made of replications, each with the
    /// share of what it is off by itself: their scatter, of two months' chance, and the error that is left are what the next month is off
    /// by from their mean.
    #[test]
    fn replications_have_the_noise_of_their_share_already() {
        let (chance, months) = (0.05, 3_000);
        let mut draw = Streams::new(9, 0).draw(0, 0, 0);
        let errors = autoregression(0.8, months, 0.0).into_iter();
        let published: Vec<f64> = errors.map(|error| error + chance * draw.normal()).collect();
        let off: Vec<f64> = (published.iter())
            .map(|published| published - chance * draw.normal())
            .collect();
        let learned = learned(LogError::normal(0.1), &off, 2.0 * chance * chance);
        let Expected { share, error, .. } = learned.expected(month(3_000));
        let said = error.sd * error.sd + (1.0 + share * share) * chance * chance;
        let pairs = published.iter().zip(&published[1..]);
        let squares = pairs.map(|(now, next)| (next - share * now) * (next - share * now));
        let happened = squares.sum::<f64>() / f64::from(months - 1);
        assert!((said / happened - 1.0).abs() < 0.06, "{said} {happened}");
    }
}
