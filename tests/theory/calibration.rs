//! How often the intervals of a calibration hold the truth: measured on figures that the model itself generated.
//!
//! A hundred data sets, each with true values of its own, drawn from the prior, and luck of its own; each calibrated in full, with two
//! waves of 30 points and 50 draws in 4 replications. Of the intervals for level, odds and step, 90, 87 and 83 hold the truth with
//! portflow-4 (printed with `--nocapture`).
//!
//! With twice the draws it is 88, 86 and 83, and 87, 87 and 79 in 2 replications. Where the luck that points share was counted as error of the
//! surfaces too, it was 88, 88 and 84, and of four hundred data sets 363, 362 and 349; with portflow-3 92, 93 and 86, with portflow-1 86, 84
//! and 88, and the exact posterior of those data sets (counts of Poisson, on a grid, computed apart) held it 84, 86 and 92 times.

use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::RangeInclusive;

use portflow::calibration::Sampling;
use portflow::design::LatinHypercube;
use portflow::experiment::calibration::{Fit, Settings, Spread};
use portflow::model::simulate;
use portflow::record::{Detail, Layout};
use portflow::scenario::{Calibration, Loaded};

use crate::tools::Files;
use crate::tools::three::{OBSERVED, THREE};

const DATA_SETS: u32 = 100;
/// Draws of the last wave.
const DRAWS: u32 = 50;

/// How many of the hundred intervals of one parameter hold the truth: of a binomial count with probability 0.9 there are fewer with
/// probability 0.005, and more with probability 0.002; for one of three, 2% together. The data sets are always the same: once right, it
/// fails for a change only.
const EACH: RangeInclusive<usize> = 82..=97;

/// How many of the three hundred intervals hold the truth, together: of a binomial count with probability 0.9 there are fewer with
/// probability 0.0008, and more with probability 0.0006. If the intervals held the truth four times in five, 97% of the counts would be
/// too few. The three intervals of a data set share its luck, which makes
/// these probabilities somewhat larger in truth.
const POOLED: RangeInclusive<usize> = 253..=285;

fn settings(seed: u64) -> Settings {
    let number = |number| NonZeroU32::new(number).unwrap();
    Settings {
        waves: 2,
        points: number(30),
        replications: 4,
        draws: number(DRAWS),
        seed,
        sampling: Sampling {
            chains: 4,
            warm_up: 150,
            kept: 150,
        },
    }
}

/// Coordinates that cover the prior evenly.
fn truths(parameters: usize) -> Vec<Vec<f64>> {
    let cube = LatinHypercube::new(DATA_SETS, parameters, 2024);
    let normal = |u: f64| {
        // The quantile by bisection of the distribution function.
        let (mut low, mut high) = (-8.0_f64, 8.0_f64);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if 0.5 * libm::erfc(-middle / std::f64::consts::SQRT_2) < u {
                low = middle;
            } else {
                high = middle;
            }
        }
        f64::midpoint(low, high)
    };
    (0..DATA_SETS)
        .map(|point| cube.point(point).into_iter().map(normal).collect())
        .collect()
}

/// The figures of one replication at the true values, as a published table.
fn published(loaded: &Loaded, calibration: &Calibration, truth: &[f64], luck: u64) -> String {
    let scenario = loaded.with(&calibration.values(truth)).unwrap().scenario;
    let layout = Layout::of(&scenario, Detail::Summary);
    let observed = layout.observe(&simulate(&scenario, luck, 0).unwrap());
    let figure = |name: &str| {
        let key = layout.select(name).unwrap();
        observed.values[layout.position(key).unwrap()].unwrap()
    };
    let row = |month: &str| {
        let [irregular, registered] = ["irregular_encounters", "registrations"]
            .map(|metric| figure(&format!("{metric}@{month}")));
        format!("{month},{irregular},{registered}\n")
    };
    let rows = row("2024-01") + &row("2024-02");
    format!("month,irregular_encounters,registrations\n{rows}")
}

/// Whether the interval of each parameter holds the truth, and what the draws are worth.
fn calibrated(files: &Files, number: u32, truth: &[f64]) -> (Vec<bool>, f64) {
    let end = ("run.end", "2024-02-29");
    let loaded = files.load("a.toml", &[end]).unwrap();
    let calibration = loaded.calibration.clone().unwrap();
    // The luck of the data is that of no simulation of the fit.
    let data = published(&loaded, &calibration, truth, 1_000_000 + u64::from(number));
    let path = files.0.path().join(format!("data-{number}.csv"));
    std::fs::write(&path, data).unwrap();
    let set = format!("{:?}", path.display().to_string());
    let observed = ("observed.file", set.as_str());
    let loaded = files.load("a.toml", &[end, observed]).unwrap();
    let fit = Fit::new(&loaded, settings(u64::from(number))).unwrap();
    fit.simulate(NonZeroUsize::MIN, &|| false).unwrap();
    let fitted = fit.fitted().unwrap();
    let truths = calibration.numbers(truth);
    let holds = (fitted.parameters.iter().zip(truths)).map(|(parameter, truth)| {
        let Spread { low, high, .. } = parameter.posterior;
        (low..=high).contains(&truth)
    });
    (holds.collect(), fitted.effective)
}

#[test]
fn ninety_percent_intervals_of_each_parameter_hold_the_truth_in_82_to_97_of_100_data_sets() {
    let files = &Files::new(&[("a.toml", THREE), ("observed.csv", OBSERVED)]);
    let numbered: Vec<(u32, Vec<f64>)> = (0..).zip(truths(3)).collect();
    let fits = std::thread::scope(|scope| {
        let halves = numbered.chunks(numbered.len().div_ceil(2)).map(|half| {
            let fit = |(number, truth): &(u32, Vec<f64>)| calibrated(files, *number, truth);
            scope.spawn(move || half.iter().map(fit).collect::<Vec<_>>())
        });
        let halves: Vec<_> = halves.collect();
        let join = |half: std::thread::ScopedJoinHandle<'_, Vec<_>>| half.join().unwrap();
        halves.into_iter().flat_map(join).collect::<Vec<_>>()
    });
    let mut held = [0; 3];
    for (held, place) in held.iter_mut().zip(0..) {
        *held = fits.iter().filter(|(holds, _)| holds[place]).count();
    }
    let mut worth: Vec<f64> = fits.iter().map(|(_, worth)| *worth).collect();
    worth.sort_by(f64::total_cmp);
    println!(
        "of {DATA_SETS} intervals of level, odds and step {held:?} hold the truth; {DRAWS} draws are worth {:.0} in the median, {:.0} at least",
        worth[worth.len() / 2],
        worth[0]
    );
    for held in held {
        assert!(EACH.contains(&held), "{held}");
    }
    let all: usize = held.iter().sum();
    assert!(POOLED.contains(&all), "{all}");
}
