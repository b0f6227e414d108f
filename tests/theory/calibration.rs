//! How often the intervals of a calibration hold the truth: measured on figures that the model itself generated.
//!
//! A hundred data sets, each with true values of its own, drawn from the prior, and luck of its own; each calibrated in full, with two
//! waves of 30 points and 100 draws in 4 replications. Measured (`cargo test --test main calibration -- --ignored --nocapture`): 81, 77
//! and 88 of 100 for level, odds and step. The standard error of a share of 90% is 3%.

use std::num::{NonZeroU32, NonZeroUsize};

use portflow::calibration::Sampling;
use portflow::design::LatinHypercube;
use portflow::experiment::calibration::{Fit, Settings, Spread};
use portflow::model::simulate;
use portflow::record::{Detail, Layout};
use portflow::scenario::{Calibration, Loaded};

use crate::tools::Files;
use crate::tools::three::{OBSERVED, THREE};

const DATA_SETS: u32 = 100;

fn settings(seed: u64) -> Settings {
    let number = |number| NonZeroU32::new(number).unwrap();
    Settings {
        waves: 2,
        points: number(30),
        replications: 4,
        draws: number(100),
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

#[test]
#[ignore = "intervals hold the truth in 77 to 88 of 100 data sets, not yet in 82 to 97 for each parameter"]
fn ninety_percent_intervals_hold_the_truth_in_ninety_percent_of_the_data_sets() {
    let files = Files::new(&[("a.toml", THREE), ("observed.csv", OBSERVED)]);
    let loaded = files.load("a.toml", &[("run.end", "2024-02-29")]).unwrap();
    let calibration = loaded.calibration.clone().unwrap();
    let mut held = [0; 3];
    let mut worth = Vec::new();
    for (number, truth) in (0..).zip(truths(3)) {
        // The luck of the data is that of no simulation of the fit.
        let data = published(&loaded, &calibration, &truth, 1_000_000 + number);
        std::fs::write(files.0.path().join("data.csv"), data).unwrap();
        let path = files.0.path().join("data.csv");
        let path = (
            "observed.file".to_owned(),
            format!("{:?}", path.display().to_string()),
        );
        let loaded = files.load("a.toml", &[(&path.0, &path.1)]).unwrap();
        let fit = Fit::new(&loaded, settings(number)).unwrap();
        let fitted = fit.make(NonZeroUsize::MIN, &|| false).unwrap();
        worth.push(fitted.effective);
        let truths = calibration.numbers(&truth);
        for ((parameter, truth), held) in fitted.parameters.iter().zip(truths).zip(&mut held) {
            let Spread { low, high, .. } = parameter.posterior;
            *held += u32::from((low..=high).contains(&truth));
            if !(low..=high).contains(&truth) {
                println!("{number} {} {truth} not in {low}..{high}", parameter.name);
            }
        }
    }
    worth.sort_by(f64::total_cmp);
    println!(
        "of {DATA_SETS} intervals of level, odds and step {held:?} hold the truth; 100 draws are worth {:.0} in the median, {:.0} at least",
        worth[worth.len() / 2],
        worth[0]
    );
    for held in held {
        assert!((82..=97).contains(&held), "{held}");
    }
}
