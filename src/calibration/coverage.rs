//! The whole way from data to intervals, on a model that takes no time: do 90% intervals hold the truth nine times in ten?

use super::*;
use crate::design::LatinHypercube;
use crate::engine::random::Streams;
use crate::stats::ErrorLaw;
use crate::stats::normal;

/// Months observed.
const MONTHS: u32 = 12;
/// Parameters: a level, the height of a start above it, how fast that passes, a step in the seventh month.
const PARAMETERS: usize = 4;
/// The errors of a month.
#[derive(Clone, Copy)]
struct Errors {
    /// Standard deviation of its chance, in the logarithm.
    chance: f64,
    /// Standard deviation of what the model cannot know.
    discrepancy: f64,
    /// Whether that is Student's t with four degrees of freedom.
    heavy: bool,
}

impl Errors {
    fn law(self) -> ErrorLaw {
        if self.heavy {
            ErrorLaw::student(4.0).unwrap()
        } else {
            ErrorLaw::NORMAL
        }
    }

    /// A discrepancy. Student's t with four degrees of freedom is a normal number over the root of half a sum of two exponential ones,
    /// and has a variance of 2.
    fn draw(self, luck: Streams, month: u32) -> f64 {
        let mut draw = luck.draw(u64::from(month), 1, 0);
        let normal = draw.normal();
        let heavier = if self.heavy {
            libm::sqrt(draw.exponential() + draw.exponential())
        } else {
            1.0
        };
        self.discrepancy * normal / heavier
    }
}
/// Data sets, each with a truth and luck of its own.
const DATA_SETS: u64 = 100;
/// Points of a wave but the last, replications of a point, draws of the last wave.
const POINTS: usize = 60;
const REPLICATIONS: u64 = 10;
const DRAWS: usize = 120;

/// What the model would give in a month without chance.
fn expected(z: &[f64], month: u32) -> f64 {
    let month = f64::from(month);
    let pace = libm::exp(0.4 * z[2] - 1.0);
    let start = libm::exp(0.5 * z[1] - pace * month);
    let step = if month < 6.0 { 0.0 } else { 0.2 * z[3] };
    libm::exp(6.0 + 0.4 * z[0] + step) * (1.0 + start)
}

/// The figures of one replication: its chance is the same whatever the parameters.
fn replicate(z: &[f64], errors: Errors, luck: Streams, replication: u64) -> Vec<f64> {
    let figure = |month| {
        let chance = luck.draw(replication, 0, u64::from(month)).normal();
        expected(z, month) * libm::exp(errors.chance * chance)
    };
    (0..MONTHS).map(figure).collect()
}

/// Logarithms of the means of a point over the replications of a wave, and the variances of those of single replications.
fn simulate(z: &[f64], errors: Errors, luck: Streams, wave: u64) -> (Vec<f64>, Vec<f64>) {
    let replications = wave * REPLICATIONS..(wave + 1) * REPLICATIONS;
    let runs: Vec<_> = replications
        .map(|r| replicate(z, errors, luck, r))
        .collect();
    let n = REPLICATIONS as f64;
    let mut means = Vec::new();
    let mut variances = Vec::new();
    for month in 0..MONTHS as usize {
        means.push(libm::log(
            runs.iter().map(|run| run[month]).sum::<f64>() / n,
        ));
        let logs = || runs.iter().map(|run| libm::log(run[month]));
        let mean = logs().sum::<f64>() / n;
        let squares = logs().map(|log| (log - mean) * (log - mean));
        variances.push(squares.sum::<f64>() / (n - 1.0));
    }
    (means, variances)
}

/// The parameters behind a data set, as the prior has them.
fn truth(luck: Streams) -> Vec<f64> {
    let mut draw = luck.draw(0, 2, 0);
    (0..PARAMETERS).map(|_| draw.normal()).collect()
}

/// The observed figures of a truth: a replication that no wave has, and a discrepancy.
fn observe(truth: &[f64], errors: Errors, luck: Streams) -> Vec<f64> {
    (0..MONTHS)
        .zip(replicate(truth, errors, luck, 1_000_000))
        .map(|(month, figure)| libm::log(figure) + errors.draw(luck, month))
        .collect()
}

/// The draws of the posterior that one data set gives, by a likelihood with errors of some shape, and what each counts.
fn calibrate(
    observed: &[f64],
    errors: Errors,
    law: ErrorLaw,
    luck: Streams,
    seed: u64,
) -> (Vec<Vec<f64>>, Weights) {
    let sampling = Sampling {
        chains: 2,
        warm_up: 200,
        kept: 400,
    };
    let design = LatinHypercube::new(POINTS as u32, PARAMETERS, seed);
    let mut next: Vec<Vec<f64>> = (0..design.points())
        .map(|i| design.point(i).into_iter().map(normal::quantile).collect())
        .collect();
    let (mut points, mut figures, mut chance) = (Vec::new(), Vec::new(), Vec::new());
    let (mut waves, mut before) = (Vec::new(), Vec::new());
    for wave in 0..3 {
        for z in &next {
            let (means, variances) = simulate(z, errors, luck, wave);
            figures.push(means);
            chance.extend(variances);
        }
        points.extend_from_slice(&next);
        waves.resize(points.len(), wave as u32);
        let surfaces = Emulator::fit(&points, &figures, &[0; MONTHS as usize], &waves).unwrap();
        let pooled = chance.iter().sum::<f64>() / chance.len() as f64;
        let targets = observed.iter().map(|&observed| Target {
            observed,
            discrepancy: errors.discrepancy,
            chance_variance: pooled,
            weight: 1.0,
        });
        let likelihood = Likelihood::new(targets.collect(), law).unwrap();
        let chance = [pooled; MONTHS as usize];
        let variances = surfaces.error_variances(&chance, |_| REPLICATIONS as u32);
        let posterior = Posterior::new(&likelihood, &surfaces, &variances);
        let log_likelihood = |z: &Vec<f64>| posterior.log_likelihood(z);
        if wave == 2 {
            let after = next.iter().map(log_likelihood);
            let ratios = after.zip(&before).map(|(after, before)| after - before);
            let weights = Weights::truncated(&ratios.collect::<Vec<_>>()).unwrap();
            return (next, weights);
        }
        let draws = if wave == 0 { POINTS } else { DRAWS };
        next = sample(&posterior, draws, seed, wave, &sampling)
            .unwrap()
            .draws;
        before = next.iter().map(log_likelihood).collect();
    }
    unreachable!("the third wave is the last")
}

/// One coordinate of all draws.
fn coordinate(draws: &[Vec<f64>], a: usize) -> Vec<f64> {
    draws.iter().map(|z| z[a]).collect()
}

/// How many intervals of a hundred data sets hold the truth, by parameter: of right 90% intervals 82 to 97, with a probability of 0.99.
fn held(errors: Errors) -> [u32; PARAMETERS] {
    let mut held = [0; PARAMETERS];
    let mut widths = [0.0; PARAMETERS];
    let mut effective = 0.0;
    for data_set in 0..DATA_SETS {
        let luck = Streams::new(1, data_set);
        let truth = truth(luck);
        let observed = observe(&truth, errors, luck);
        let (draws, weights) = calibrate(&observed, errors, errors.law(), luck, data_set);
        effective += weights.effective_size() / DATA_SETS as f64;
        for (a, truth) in truth.iter().enumerate() {
            let values = coordinate(&draws, a);
            let [low, high] = [0.05, 0.95].map(|p| weights.quantile(&values, p));
            held[a] += u32::from((low..=high).contains(truth));
            widths[a] += weights.sd(&values) / DATA_SETS as f64;
        }
    }
    // The intervals are no prior in disguise, and the surfaces lead to draws that count.
    assert!(
        widths[0] < 0.4 && widths.iter().all(|&sd| sd < 0.9),
        "{widths:?}"
    );
    assert!(effective > DRAWS as f64 / 2.0, "{effective}");
    held
}

/// With a thousand in [`DATA_SETS`] and 200 draws the four intervals held it 890, 905, 894 and 899 times under the random numbers of portflow-1.
#[test]
fn ninety_percent_intervals_hold_the_truth_nine_times_in_ten() {
    let held = held(Errors {
        chance: 0.1,
        discrepancy: 0.05,
        heavy: false,
    });
    for count in held {
        assert!((82..=97).contains(&count), "{held:?} of {DATA_SETS}");
    }
}

/// Discrepancy with heavy tails and little chance beside it, whose sum is taken to have the shape of the first.
const HEAVY: Errors = Errors {
    chance: 0.03,
    discrepancy: 0.1,
    heavy: true,
};

#[test]
fn so_do_intervals_where_errors_have_heavy_tails() {
    let held = held(HEAVY);
    for count in held {
        assert!((82..=97).contains(&count), "{held:?} of {DATA_SETS}");
    }
}

/// Intervals of a normal likelihood would hold the truth as often; but the one month would move them.
#[test]
fn a_month_that_is_far_off_says_less_where_errors_have_heavy_tails() {
    let luck = Streams::new(1, 0);
    let step = |law, off: f64| {
        let mut observed = observe(&truth(luck), HEAVY, luck);
        observed[9] += off;
        let (draws, weights) = calibrate(&observed, HEAVY, law, luck, 0);
        weights.mean(&coordinate(&draws, 3))
    };
    // Ten standard deviations, of one of the six months after the step.
    let moved = |law| step(law, 1.0) - step(law, 0.0);
    let (knowing, normal) = (moved(HEAVY.law()), moved(ErrorLaw::NORMAL));
    assert!(normal > 0.3, "{normal}");
    assert!(knowing.abs() < normal / 2.0, "{knowing} {normal}");
}
