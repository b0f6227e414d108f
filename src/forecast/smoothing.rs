//! Exponential smoothing of logarithms: a level, and a level with a damped trend.

/// Fewest figures for a level.
pub(super) const FEWEST_FOR_LEVEL: usize = 3;

/// Fewest figures for a level with a damped trend, which has five numbers to fit.
pub(super) const FEWEST_FOR_TREND: usize = 8;

/// The least and the greatest smoothing weight.
const WEIGHTS: [f64; 2] = [1e-4, 0.9999];

/// The least and the greatest damping factor (Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., section 8.2).
const DAMPING: [f64; 2] = [0.8, 0.98];

/// Values of each parameter that are tried first.
const GRID: usize = 9;

/// As many of the best of them are searched around.
const STARTS: usize = 24;

/// Halvings of the step around each.
const HALVINGS: usize = 30;

/// Simple exponential smoothing: every month ahead is the level (Brown 1959; the state space form ETS(A,N,N) of Hyndman et al. 2002,
/// doi:10.1016/S0169-2070(01)00110-8).
///
/// On logarithms: the weight and the first level minimise the sum of squared errors one month ahead. `None` for fewer than three
/// figures, or one that is not above 0.
#[must_use]
pub fn level(known: &[f64], months: usize) -> Option<Vec<f64>> {
    let logs = logarithms(known, FEWEST_FOR_LEVEL)?;
    let fit = |at: &[f64; 3]| Fit::new(&logs, Smoothing::level(at[0]));
    let best = minimise(|at| fit(at).squares, [WEIGHTS, [0.0; 2], [0.0; 2]]);
    let level = fit(&best).level;
    Some(vec![libm::exp(level); months])
}

/// Exponential smoothing with a trend that fades by a factor each month (Gardner and others 1985, doi:10.1287/mnsc.31.10.1237; the
/// state space form ETS(A,Ad,N) as above).
///
/// On logarithms: both weights, the factor, the first level and the first trend minimise the sum of squared errors one month ahead.
/// `None` for fewer than eight figures, or one that is not above 0.
#[must_use]
pub fn damped_trend(known: &[f64], months: usize) -> Option<Vec<f64>> {
    let logs = logarithms(known, FEWEST_FOR_TREND)?;
    let fit = |at: &[f64; 3]| Fit::new(&logs, Smoothing::damped(*at));
    let best = minimise(|at| fit(at).squares, [WEIGHTS, WEIGHTS, DAMPING]);
    let Fit {
        mut level,
        mut trend,
        ..
    } = fit(&best);
    let ahead = (0..months).map(|_| {
        trend *= best[2];
        level += trend;
        libm::exp(level)
    });
    Some(ahead.collect())
}

fn logarithms(known: &[f64], fewest: usize) -> Option<Vec<f64>> {
    let can = known.len() >= fewest && known.iter().all(|&figure| figure > 0.0);
    can.then(|| known.iter().map(|&figure| libm::log(figure)).collect())
}

/// How a level and a trend follow errors.
#[derive(Debug, Clone, Copy)]
struct Smoothing {
    /// Weight of an error in the level.
    level: f64,
    /// Weight of an error in the trend.
    trend: f64,
    /// Factor of the trend from month to month; 0 is no trend.
    damping: f64,
}

impl Smoothing {
    fn level(level: f64) -> Self {
        Self {
            level,
            trend: 0.0,
            damping: 0.0,
        }
    }

    /// From the level's weight, that of the trend as a share of it, and the damping.
    fn damped([level, share, damping]: [f64; 3]) -> Self {
        Self {
            level,
            trend: level * share,
            damping,
        }
    }

    /// Errors one month ahead from a first level and trend, and the last level and trend.
    fn errors(self, logs: &[f64], mut level: f64, mut trend: f64) -> (Vec<f64>, [f64; 2]) {
        let one = |&log: &f64| {
            let expected = level + self.damping * trend;
            let error = log - expected;
            level = expected + self.level * error;
            trend = self.damping * trend + self.trend * error;
            error
        };
        let errors = logs.iter().map(one).collect();
        (errors, [level, trend])
    }
}

/// What comes of the best first level and trend.
struct Fit {
    /// Sum of squared errors.
    squares: f64,
    level: f64,
    trend: f64,
}

impl Fit {
    /// The errors are straight lines in the first level and trend, so that the best are a solution of normal equations.
    fn new(logs: &[f64], smoothing: Smoothing) -> Self {
        let nothing = vec![0.0; logs.len()];
        let (errors, _) = smoothing.errors(logs, 0.0, 0.0);
        // Of a first level, and of a first trend, of 1, less sign: by how much less every error is.
        let (by_level, _) = smoothing.errors(&nothing, -1.0, 0.0);
        let (by_trend, _) = smoothing.errors(&nothing, 0.0, -1.0);
        let product = |one: &[f64], other: &[f64]| -> f64 {
            one.iter().zip(other).map(|(one, other)| one * other).sum()
        };
        let (ll, lt) = (product(&by_level, &by_level), product(&by_level, &by_trend));
        let tt = product(&by_trend, &by_trend);
        let (le, te) = (product(&by_level, &errors), product(&by_trend, &errors));
        let determinant = ll * tt - lt * lt;
        // Without a trend, or where it cannot be told from the level, there is the level alone.
        let (level, trend) = if determinant > 1e-12 * ll * tt {
            (
                (le * tt - te * lt) / determinant,
                (te * ll - le * lt) / determinant,
            )
        } else {
            (le / ll, 0.0)
        };
        let (errors, [level, trend]) = smoothing.errors(logs, level, trend);
        Self {
            squares: product(&errors, &errors),
            level,
            trend,
        }
    }
}

/// Where a function of three numbers within bounds is least: the best of what compass searches from the best points of a grid come to,
/// since one alone may end in a valley beside the deepest.
fn minimise(of: impl Fn(&[f64; 3]) -> f64, bounds: [[f64; 2]; 3]) -> [f64; 3] {
    let along = |axis: usize| {
        let [low, high] = bounds[axis];
        let points = if low < high { GRID } else { 1 };
        (0..points).map(move |step| low + (high - low) * step as f64 / (GRID - 1) as f64)
    };
    let mut grid: Vec<([f64; 3], f64)> = along(0)
        .flat_map(|first| along(1).map(move |second| (first, second)))
        .flat_map(|(first, second)| along(2).map(move |third| [first, second, third]))
        .map(|point| (point, of(&point)))
        .collect();
    grid.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    let starts = grid.into_iter().take(STARTS);
    let ends = starts.map(|start| descend(&of, bounds, start));
    let least = ends.min_by(|(_, one), (_, other)| one.total_cmp(other));
    let (best, _) = least.expect("a grid has a point");
    best
}

/// From a point and its value down, by steps along the axes that halve whenever none of them helps (the compass search of Kolda, Lewis &
/// Torczon 2003, doi:10.1137/S003614450242889).
fn descend(
    of: impl Fn(&[f64; 3]) -> f64,
    bounds: [[f64; 2]; 3],
    (mut best, mut least): ([f64; 3], f64),
) -> ([f64; 3], f64) {
    let mut width = 1.0 / (GRID - 1) as f64;
    let mut halvings = 0;
    while halvings < HALVINGS {
        let from = best;
        let before = least;
        for (axis, &[low, high]) in bounds.iter().enumerate() {
            for sign in [-1.0, 1.0] {
                let mut point = from;
                point[axis] = (point[axis] + sign * width * (high - low)).clamp(low, high);
                let value = of(&point);
                if value < least {
                    (best, least) = (point, value);
                }
            }
        }
        if least >= before {
            width /= 2.0;
            halvings += 1;
        }
    }
    (best, least)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A level of 1, weight 1/2, logarithms 1, 3, 2: errors 0, 2, 0 (level 2 after the second), then level 2.
    #[test]
    fn a_level_follows_half_of_every_error() {
        let (errors, [level, _]) = Smoothing::level(0.5).errors(&[1.0, 3.0, 2.0], 1.0, 0.0);
        assert_eq!(errors, [0.0, 2.0, 0.0]);
        assert!((level - 2.0).abs() < 1e-12);
    }

    /// Level 0, trend 1, damping 0.8, weights 0.5 and 0.25: the first month expects 0.8; 1.8 is an error of 1; the level becomes 1.3 and
    /// the trend 1.05; the second month expects 1.3 + 0.84.
    #[test]
    fn a_damped_trend_follows_its_share_of_every_error() {
        let smoothing = Smoothing::damped([0.5, 0.5, 0.8]);
        let (errors, [level, trend]) = smoothing.errors(&[1.8, 2.14], 0.0, 1.0);
        assert!((errors[0] - 1.0).abs() < 1e-12 && errors[1].abs() < 1e-12);
        assert!((level - 2.14).abs() < 1e-12 && (trend - 0.84).abs() < 1e-12);
    }

    #[test]
    fn a_fading_trend_is_found_and_goes_on() {
        // Logarithms that rise by 0.9, 0.81, ...: no errors at damping 0.9.
        let mut log = 1.0;
        let mut step = 1.0;
        let known: Vec<f64> = (0..12)
            .map(|_| {
                step *= 0.9;
                log += step;
                libm::exp(log)
            })
            .collect();
        let ahead = damped_trend(&known, 2).unwrap();
        let expected = [log + step * 0.9, log + step * 1.71].map(libm::exp);
        for (found, expected) in ahead.iter().zip(expected) {
            assert!((found / expected - 1.0).abs() < 1e-4, "{found} {expected}");
        }
    }

    #[test]
    fn the_best_first_level_of_a_slow_level_is_the_mean() {
        // The weight is as small as it may be where figures scatter around a level.
        let known: Vec<f64> = (0..20)
            .map(|i| libm::exp(if i % 2 == 0 { 3.0 } else { 5.0 }))
            .collect();
        let ahead = level(&known, 3).unwrap();
        assert_eq!(ahead.len(), 3);
        assert!((libm::log(ahead[2]) - 4.0).abs() < 1e-2, "{ahead:?}");
    }

    #[test]
    fn too_few_figures_or_a_zero_have_no_forecast() {
        assert_eq!(level(&[1.0, 2.0], 1), None);
        assert_eq!(level(&[1.0, 0.0, 2.0], 1), None);
        assert_eq!(damped_trend(&[1.0; 7], 1), None);
        assert!(damped_trend(&[1.0; 8], 1).is_some());
    }
}
