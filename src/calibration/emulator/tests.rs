use super::terms::{cube, square};
use super::*;
use crate::engine::random::Streams;

/// Points that are standard normal in every coordinate.
fn normal_points(n: u64, dimensions: usize) -> Vec<Vec<f64>> {
    let streams = Streams::new(8, 0);
    (0..n)
        .map(|i| {
            let mut draw = streams.draw(i, 0, 0);
            (0..dimensions).map(|_| draw.normal()).collect()
        })
        .collect()
}

/// An output of second order in three coordinates, with a cube.
fn polynomial(z: &[f64]) -> f64 {
    2.0 + 0.2 * cube(z[1]) + z[0] - 0.5 * z[1] + 0.3 * square(z[2]) + 0.2 * z[0] * z[2]
        - 0.1 * z[1] * z[2]
}

#[test]
fn a_polynomial_is_found_exactly() {
    let points = normal_points(60, 3);
    let outputs: Vec<_> = points.iter().map(|z| vec![polynomial(z), 7.0]).collect();
    let surfaces = Emulator::fit(&points, &outputs, &[0, 1], &[0; 60]).unwrap();
    for z in normal_points(70, 3) {
        let found = surfaces.predict(&z);
        assert!((found[0] - polynomial(&z)).abs() < 1e-4, "{found:?}");
        assert!((found[1] - 7.0).abs() < 1e-9, "{found:?}");
    }
    assert!(surfaces.variances()[0] < 1e-8);
}

#[test]
fn what_is_off_without_a_point_is_what_a_fit_without_it_is_off() {
    let points = normal_points(25, 4);
    let output = |z: &[f64]| libm::exp(0.3 * z[0] + 0.2 * z[1] * z[3]) + libm::sin(z[2]);
    let outputs: Vec<_> = points.iter().map(|z| vec![output(z)]).collect();
    let whole = Emulator::fit(&points, &outputs, &[0], &[0; 25]).unwrap();
    let scales = whole.scales(0).unwrap();
    for left_out in 0..points.len() {
        let (mut fewer, mut fewer_outputs) = (points.clone(), outputs.clone());
        let z = fewer.remove(left_out);
        let y = fewer_outputs.remove(left_out)[0];
        let kernels = Kernels::new(DMatrix::from_fn(24, 4, |i, a| fewer[i][a]));
        let fit = kernels.fit(scales, &DMatrix::from_fn(24, 1, |i, _| fewer_outputs[i][0]));
        let coefficients = kernels.coefficients(scales, &fit);
        let (mut predicted, mut term) = (0.0, 0);
        each_term(&z, &mut |value| {
            predicted += value * coefficients[(term, 0)];
            term += 1;
        });
        let off = whole.off(left_out..left_out + 1)[0];
        assert!((y - predicted - off.mean).abs() < 1e-8, "{left_out}");
        let square = off.mean * off.mean;
        assert!((off.variance - square).abs() < 1e-12, "{left_out}");
    }
}

/// 561 coefficients from 200 points; only four of them count.
#[test]
fn there_may_be_more_coefficients_than_points() {
    let output = |z: &[f64]| 0.5 * z[0] + 0.2 * z[7] + 0.1 * z[1] * z[2] + 0.05 * square(z[3]);
    let noisy = |points: &[Vec<f64>], purpose| -> Vec<Vec<f64>> {
        let streams = Streams::new(9, 0);
        let row = |(i, z): (u64, &Vec<f64>)| {
            vec![output(z) + 0.02 * streams.draw(i, purpose, 0).normal()]
        };
        (0..).zip(points).map(row).collect()
    };
    let points = normal_points(300, 32);
    let (fitted, others) = points.split_at(200);
    let surfaces = Emulator::fit(fitted, &noisy(fitted, 1), &[0], &[0; 200]).unwrap();
    let squares = others.iter().zip(noisy(others, 2)).map(|(z, y)| {
        let off = surfaces.predict(z)[0] - y[0];
        off * off
    });
    let error = squares.sum::<f64>() / 100.0;
    // The variance of the output is 0.3; that of the noise, 0.0004, is what nobody can know.
    assert!(error < 0.02, "{error}");
    let told = surfaces.variances()[0];
    assert!((0.6..1.6).contains(&(told / error)), "{told} for {error}");
}

/// An exponential is no polynomial: points far out would bend the surface where it is asked, near the middle.
#[test]
fn groups_that_lie_far_out_count_less() {
    let output = |z: &[f64]| libm::exp(0.8 * z[0] + 0.8 * z[1]);
    let far = normal_points(60, 2);
    let near = normal_points(120, 2).split_off(60);
    let near = near.iter().map(|z| vec![0.2 * z[0], 0.2 * z[1]]);
    let points: Vec<_> = far.into_iter().chain(near).collect();
    let outputs: Vec<_> = points.iter().map(|z| vec![output(z)]).collect();
    let groups: Vec<u32> = (0..120).map(|i| u32::from(i >= 60)).collect();
    let variance = |groups: &[u32]| {
        let surfaces = Emulator::fit(&points, &outputs, &[0], groups).unwrap();
        surfaces.off(60..120)[0].variance
    };
    let (even, weighed) = (variance(&[0; 120]), variance(&groups));
    assert!(weighed < even / 4.0, "{weighed} {even}");
}

/// Surfaces through groups of points at the same places, `sizes` points each, of outputs that are higher by the luck of the group, and off by
/// something of their own with a standard deviation of a hundredth.
fn lucky(sizes: &[usize], luck: &[f64]) -> Emulator {
    let noise = Streams::new(9, 0);
    let (mut points, mut outputs, mut groups) = (Vec::new(), Vec::new(), Vec::new());
    for ((group, &size), luck) in (0..).zip(sizes).zip(luck) {
        for z in normal_points(size as u64, 2) {
            let own = 0.01 * noise.draw(points.len() as u64, 0, 0).normal();
            outputs.push(vec![z[0] + luck + own]);
            points.push(z);
            groups.push(group);
        }
    }
    Emulator::fit(&points, &outputs, &[0], &groups).unwrap()
}

/// The second of two groups is higher by a tenth: of one replication each with a variance of 0.005, the variance of half the difference.
#[test]
fn luck_that_points_share_is_in_the_error_as_the_surface_has_it() {
    let surfaces = lucky(&[100, 100], &[0.0, 0.1]);
    let off = surfaces.off(100..200)[0];
    assert!((off.mean - 0.05).abs() < 0.01, "{off:?}");
    let own = off.variance;
    assert!((0.5e-4..2e-4).contains(&own), "{own}");
    let error = |chance, replications| surfaces.error_variances(&[chance], |_| replications)[0];
    // Without chance what they are off together is the surface's.
    let square = off.mean * off.mean;
    assert!((error(0.0, 1) - own - square).abs() < 1e-15);
    // Half of the chance of a replication is in the surface, and as much in what the points are off together; but that each is left out.
    let told = error(0.002, 1) - own;
    let share = surfaces.shares[&0][&1];
    assert!((share - 0.5).abs() < 0.01, "{share}");
    let expected = square - 0.002 * (1.0 - 2.0 * share);
    assert!((told - expected).abs() < 1e-15, "{told} {expected}");
    for (chance, replications) in [(0.01, 1), (0.04, 4)] {
        let told = error(chance, replications) - own;
        assert!((told - 0.005).abs() < 1e-4, "{told}");
    }
}

/// Far from most points, a surface has more of the luck of those that are near than their number says: what it is off by at the last group, each
/// point left out, follows a shift of the outputs of a group by its share.
#[test]
fn the_share_of_a_group_is_what_its_luck_moves() {
    const LUCK: f64 = 1e-6;
    let points: Vec<Vec<f64>> = (normal_points(60, 3).into_iter().enumerate())
        .map(|(i, z)| {
            let last = i >= 40;
            vec![if last { 2.0 + z[0] / 4.0 } else { z[0] }, z[1], z[2]]
        })
        .collect();
    let groups: Vec<u32> = (0..60).map(|i| u32::from(i >= 40)).collect();
    let fit = |luck: [f64; 2]| {
        let noise = Streams::new(9, 0);
        let outputs: Vec<Vec<f64>> = (0..60)
            .map(|i| {
                let own = 0.01 * noise.draw(i as u64, 0, 0).normal();
                vec![polynomial(&points[i]) + own + luck[groups[i] as usize]]
            })
            .collect();
        Emulator::fit(&points, &outputs, &[0], &groups).unwrap()
    };
    let (plain, shares) = (fit([0.0; 2]), fit([0.0; 2]).shares[&0].clone());
    assert!(
        (shares.values().sum::<f64>() - 1.0).abs() < 1e-9,
        "{shares:?}"
    );
    assert!(
        shares[&1] > 0.5,
        "more than the third that its number is: {shares:?}"
    );
    let mean = |surfaces: &Emulator| surfaces.off(40..60)[0].mean;
    let moved = (mean(&plain) - mean(&fit([LUCK, 0.0]))) / LUCK;
    assert!((moved - shares[&0]).abs() < 1e-3, "{moved} {shares:?}");
}

/// In 300 trials a surface is off by the share of each group's luck in it; what it is said to be off is that, and some more where what the
/// points of the last group are off together is cut off at its luck.
#[test]
fn the_error_is_that_of_the_surface_whatever_the_sizes_of_the_groups() {
    const SD: f64 = 0.01;
    let streams = Streams::new(11, 0);
    let (mut told, mut squares) = (0.0, 0.0);
    for trial in 0..300 {
        let mut draw = streams.draw(trial, 0, 0);
        let luck = [0; 3].map(|_| SD * draw.normal());
        let surfaces = lucky(&[20, 30, 50], &luck);
        let own = surfaces.off(50..100)[0].variance;
        told += (surfaces.error_variances(&[SD * SD], |_| 1)[0] - own) / 300.0;
        let off = surfaces.predict(&[0.0, 0.0])[0];
        squares += off * off / 300.0;
    }
    // 0.2² + 0.3² + 0.5² of the variance.
    assert!((squares / (0.38 * SD * SD) - 1.0).abs() < 0.3, "{squares}");
    assert!((0.95..1.8).contains(&(told / squares)), "{told} {squares}");
}

/// Eight outputs of a class: the points of the last group have luck of theirs, and a lack that no surface has.
#[test]
fn a_correction_adds_what_the_surface_lacks_and_tells_the_error_that_is_left() {
    const OUTPUTS: usize = 8;
    let streams = Streams::new(12, 0);
    let trials = |missing_sd: f64, chance_sd: f64| {
        let mut of = [0.0; 4];
        for trial in 0..60 {
            let mut draw = streams.draw(trial, 0, 0);
            let mut normal = |sd: f64| [0.0; OUTPUTS].map(|_| sd * draw.normal());
            let luck = [normal(chance_sd), normal(chance_sd)];
            let missing = normal(missing_sd);
            let points = normal_points(120, 2);
            let groups: Vec<u32> = (0..120).map(|i| u32::from(i >= 60)).collect();
            let row = |(z, &group): (&Vec<f64>, &u32)| -> Vec<f64> {
                let luck = luck[group as usize].iter().zip(missing);
                luck.map(|(luck, missing)| z[0] + luck + f64::from(group) * missing)
                    .collect()
            };
            let rows: Vec<_> = points.iter().zip(&groups).map(row).collect();
            let surfaces = Emulator::fit(&points, &rows, &[0; OUTPUTS], &groups).unwrap();
            let chance = [chance_sd * chance_sd; OUTPUTS];
            let corrections = surfaces.corrections(&chance, |_| 1);
            let (off, predicted) = (surfaces.off(60..120), surfaces.predict(&[0.0; 2]));
            for j in 0..OUTPUTS {
                let error = |added: f64| (predicted[j] + added - missing[j]).powi(2) / 480.0;
                of[0] += error(corrections[j].mean);
                of[1] += corrections[j].variance / 480.0;
                of[2] += error(0.0);
                of[3] += error(off[j].mean);
            }
        }
        of
    };
    // Much lack, little luck; little and much; both alike: hardly worse than the better of nothing and all, and as far off as it says.
    for (missing, chance) in [(0.1, 0.01), (0.01, 0.1), (0.1, 0.1)] {
        let [error, told, with_nothing, with_all] = trials(missing, chance);
        assert!(
            error < 1.1 * with_nothing.min(with_all),
            "{missing}: {error} {with_nothing} {with_all}"
        );
        assert!(
            (0.75..1.35).contains(&(told / error)),
            "{missing}: {told} {error}"
        );
    }
}

#[test]
fn a_last_group_of_few_points_has_the_error_of_all() {
    let surfaces = lucky(&[100, 5], &[0.0, 0.1]);
    assert_eq!(
        surfaces.error_variances(&[0.01], |_| 1),
        surfaces.variances()
    );
}

#[test]
fn slopes_and_gradient_are_those_of_the_prediction() {
    let points = normal_points(40, 3);
    let outputs: Vec<_> = points
        .iter()
        .map(|z| {
            (0..11)
                .map(|j| polynomial(z) * f64::from(j) + z[0] * z[1])
                .collect()
        })
        .collect();
    let surfaces = Emulator::fit(&points, &outputs, &[0; 11], &[0; 40]).unwrap();
    let z = [0.4, -1.1, 0.7];
    let slopes = surfaces.slopes(&z);
    let weights: Vec<_> = (0..11).map(|j| 0.3 - f64::from(j) / 9.0).collect();
    let mut gradient = vec![0.0; 3];
    surfaces.add_gradient(&z, &weights, &mut gradient);
    for a in 0..3 {
        let at = |step: f64| {
            let mut z = z;
            z[a] += step;
            surfaces.predict(&z)
        };
        let (up, down) = (at(1e-5), at(-1e-5));
        let mut sum = 0.0;
        for j in 0..11 {
            let slope = (up[j] - down[j]) / 2e-5;
            assert!((slopes[(j, a)] - slope).abs() < 1e-6, "{j} {a}");
            sum += weights[j] * slope;
        }
        assert!((gradient[a] - sum).abs() < 1e-6, "{a}");
    }
}

#[test]
fn what_makes_no_surface_is_refused_with_its_place() {
    use EmulatorError as Wrong;
    let points = normal_points(4, 2);
    let outputs = vec![vec![1.0]; 4];
    let fit = |points: &[Vec<f64>], outputs: &[Vec<f64>]| {
        Emulator::fit(points, outputs, &[0], &vec![0; points.len()]).unwrap_err()
    };
    assert_eq!(fit(&points[..2], &outputs[..2]), Wrong::TooFew { found: 2 });
    let wrong = fit(&points, &outputs[..3]).to_string();
    assert_eq!(
        wrong,
        "the list of rows of outputs has 3 numbers where 4 are expected"
    );
    let wrong = Emulator::fit(&points, &outputs, &[0], &[0, 2, 1, 2]).unwrap_err();
    assert_eq!(
        wrong.to_string(),
        "point 2 is of group 1, and the one before it of group 2: give the points by ascending groups"
    );
    let mut short = points.clone();
    short[1].pop();
    let wrong = fit(&short, &outputs).to_string();
    assert_eq!(wrong, "point 1 has 1 numbers where 2 are expected");
    let mut infinite = outputs.clone();
    infinite[3][0] = f64::NEG_INFINITY;
    let wrong = fit(&points, &infinite).to_string();
    assert_eq!(
        wrong,
        "the row of outputs of point 3 has a number that is not finite"
    );
}
