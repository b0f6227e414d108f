use super::*;

/// A normal density with the given mean and inverse covariance.
struct Normal {
    mean: DVector<f64>,
    precision: DMatrix<f64>,
}

impl Density for Normal {
    fn dimensions(&self) -> usize {
        self.mean.len()
    }

    fn log_density(&self, z: &[f64], gradient: &mut [f64]) -> f64 {
        let off = DVector::from_column_slice(z) - &self.mean;
        let pull = &self.precision * &off;
        gradient.copy_from_slice((-&pull).as_slice());
        -0.5 * off.dot(&pull)
    }

    fn curvature(&self, _: &[f64]) -> DMatrix<f64> {
        self.precision.clone()
    }
}

/// A ridge along a parabola: x is normal with sd 1, y given x is normal around x² with a small sd.
struct Banana;

/// Standard deviation of y around x².
const RIDGE: f64 = 0.5;

impl Density for Banana {
    fn dimensions(&self) -> usize {
        2
    }

    fn log_density(&self, z: &[f64], gradient: &mut [f64]) -> f64 {
        let off = (z[1] - z[0] * z[0]) / (RIDGE * RIDGE);
        gradient[0] = -z[0] + 2.0 * z[0] * off;
        gradient[1] = -off;
        -0.5 * (z[0] * z[0] + off * off * RIDGE * RIDGE)
    }

    fn curvature(&self, z: &[f64]) -> DMatrix<f64> {
        let v = RIDGE * RIDGE;
        let (slope, cross) = (2.0 * z[0], -2.0 * z[0] / v);
        DMatrix::from_row_slice(2, 2, &[1.0 + slope * slope / v, cross, cross, 1.0 / v])
    }
}

/// Two normal hills far apart, of which the left one is lower.
struct TwoHills {
    /// Logarithm of the ratio of their heights.
    lower: f64,
}

const ALIKE: TwoHills = TwoHills { lower: 0.0 };

impl Density for TwoHills {
    fn dimensions(&self) -> usize {
        1
    }

    fn log_density(&self, z: &[f64], gradient: &mut [f64]) -> f64 {
        let off = z[0].abs() - 6.0;
        gradient[0] = -z[0].signum() * off * 4.0;
        let lower = if z[0] < 0.0 { self.lower } else { 0.0 };
        -2.0 * off * off - lower
    }

    fn curvature(&self, _: &[f64]) -> DMatrix<f64> {
        DMatrix::from_element(1, 1, 4.0)
    }
}

/// Draws of two hills that are of the right one.
fn on_the_right(draws: &[Vec<f64>]) -> usize {
    draws.iter().filter(|z| z[0] > 0.0).count()
}

/// Mean and sd of values.
fn moments(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<_> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    (mean, (squares.sum::<f64>() / n).sqrt())
}

/// A covariance with sds from 0.02 to 1 and neighbours correlated by 0.5 and more.
fn covariance(p: usize) -> DMatrix<f64> {
    let sd = |a: usize| libm::pow(0.02, a as f64 / (p - 1) as f64);
    DMatrix::from_fn(p, p, |a, b| {
        let apart = a.abs_diff(b) as f64;
        libm::pow(0.7, apart) * sd(a) * sd(b)
    })
}

#[test]
fn a_normal_posterior_in_thirty_dimensions_is_recovered_with_its_covariance() {
    const P: usize = 30;
    let covariance = covariance(P);
    let density = Normal {
        mean: DVector::from_fn(P, |a, _| 0.1 * a as f64 - 1.0),
        precision: covariance.clone().cholesky().unwrap().inverse(),
    };
    let drawn = sample(&density, 4_000, 3, 0, &Sampling::default()).unwrap();
    assert!(
        (drawn.mixing.iter()).all(|of| of.r_hat < R_HAT_LIMIT && of.fewest() > EFFECTIVE_LIMIT),
        "{:?}",
        drawn.mixing
    );
    // Every step is drawn, of four chains in turn; one that was not accepted repeats the one before it.
    let moved = drawn.draws.windows(5).filter(|steps| steps[0] != steps[4]);
    let accepted = moved.count() as f64 / 3_996.0;
    assert!((0.6..0.95).contains(&accepted), "{accepted}");
    let at = |a: usize| drawn.draws.iter().map(move |z| z[a]);
    let scores: Vec<Vec<f64>> = (0..P)
        .map(|a| {
            let sd = covariance[(a, a)].sqrt();
            let mean = density.mean[a];
            at(a).map(|z| (z - mean) / sd).collect()
        })
        .collect();
    // A mean of 4,000 draws worth at least 2,000 has a standard error of 0.022 sds; products of two have one of at most 0.032.
    for (a, xs) in scores.iter().enumerate() {
        let (mean, _) = moments(xs.iter().copied());
        assert!(mean.abs() < 0.1, "{a}: {mean}");
        for (b, ys) in scores.iter().enumerate() {
            let product = xs.iter().zip(ys).map(|(x, y)| x * y).sum::<f64>() / 4_000.0;
            let expected = covariance[(a, b)] / (covariance[(a, a)] * covariance[(b, b)]).sqrt();
            assert!(
                (product - expected).abs() < 0.15,
                "{a} {b}: {product} for {expected}"
            );
        }
    }
}

/// x is standard normal; y = x² + noise has mean 1 and variance 2 + 0.25.
#[test]
fn a_curved_posterior_is_recovered() {
    let sampling = Sampling {
        kept: 20_000,
        ..Sampling::default()
    };
    let drawn = sample(&Banana, 20_000, 5, 0, &sampling).unwrap();
    let of = |a: usize| moments(drawn.draws.iter().map(|z| z[a]));
    let (x, sd_of_x) = of(0);
    let (y, sd_of_y) = of(1);
    assert!(
        x.abs() < 0.06 && (sd_of_x - 1.0).abs() < 0.06,
        "{x} {sd_of_x}"
    );
    assert!(
        (y - 1.0).abs() < 0.1 && (sd_of_y - 2.25_f64.sqrt()).abs() < 0.2,
        "{y} {sd_of_y}"
    );
    assert!(
        drawn.mixing.iter().all(|of| of.r_hat < 1.03),
        "{:?}",
        drawn.mixing
    );
}

#[test]
fn chains_on_two_hills_do_not_agree() {
    let sampling = Sampling {
        chains: 8,
        ..Sampling::default()
    };
    // With half of the chains on each hill: the fewer on one, the less they differ.
    let drawn = (0..40).find_map(|seed| {
        let drawn = sample(&ALIKE, 400, seed, 0, &sampling).unwrap();
        (on_the_right(&drawn.draws) == 200).then_some(drawn)
    });
    let drawn = drawn.expect("a seed of forty has four chains of eight on each hill");
    assert!(drawn.mixing[0].r_hat > 1.5, "{:?}", drawn.mixing);
}

/// Where the left hill has a share of 0.0025 of the right one's probability, and where it has 0.05.
#[test]
fn a_hill_about_which_there_is_hardly_anything_has_no_chain_of_its_own() {
    let left = |lower, seed| {
        let drawn = sample(&TwoHills { lower }, 400, seed, 0, &Sampling::default()).unwrap();
        400 - on_the_right(&drawn.draws)
    };
    assert_eq!([0, 1, 2, 3].map(|seed| left(6.0, seed)), [0; 4]);
    let some = [0, 1, 2, 3].map(|seed| left(3.0, seed));
    assert!(some.iter().any(|&left| left >= 100), "{some:?}");
}

#[test]
fn draws_depend_on_seed_and_wave_only() {
    let sampling = Sampling {
        kept: 100,
        ..Sampling::default()
    };
    let draw = |seed, wave| sample(&Banana, 50, seed, wave, &sampling).unwrap();
    assert_eq!(draw(1, 0), draw(1, 0));
    assert_ne!(draw(1, 0).draws, draw(2, 0).draws);
    assert_ne!(draw(1, 0).draws, draw(1, 1).draws);
}

#[test]
fn what_cannot_be_sampled_is_refused() {
    let refuse = |draws, chains, kept| {
        let sampling = Sampling {
            chains,
            kept,
            ..Sampling::default()
        };
        sample(&Banana, draws, 1, 0, &sampling).unwrap_err()
    };
    assert_eq!(refuse(10, 1, 100), SamplerError::TooShort);
    assert_eq!(refuse(0, 4, 100), SamplerError::TooShort);
    assert_eq!(refuse(10, 4, 3), SamplerError::TooShort);
    let (draws, steps) = (401, 400);
    assert_eq!(
        refuse(draws, 4, 100),
        SamplerError::TooManyDraws { draws, steps }
    );
    let nowhere = Normal {
        mean: DVector::from_element(1, f64::NAN),
        precision: DMatrix::identity(1, 1),
    };
    let refused = sample(&nowhere, 10, 1, 0, &Sampling::default());
    assert_eq!(refused.unwrap_err(), SamplerError::NoStart { chain: 0 });
}

#[test]
fn draws_are_of_all_chains_alike_however_many_they_are() {
    // A chain stays on the hill where it began, so that its draws are known by their sign.
    let drawn = |draws: usize, seed: u64| {
        let drawn = sample(&ALIKE, draws, seed, 0, &Sampling::default());
        drawn.unwrap().draws
    };
    let seed = (0..20).find(|&seed| on_the_right(&drawn(4_000, seed)) == 1_000);
    let seed = seed.expect("one chain of four begins alone once in four times");
    for draws in [4, 30, 60, 80, 140, 200, 250, 500, 1_000, 4_000] {
        let right = on_the_right(&drawn(draws, seed));
        assert!(right.abs_diff(draws / 4) <= 1, "{right} of {draws}");
    }
    let mut all = drawn(4_000, seed);
    all.sort_by(|a, b| a[0].total_cmp(&b[0]));
    all.dedup();
    // A step that was not accepted repeats the one before it, and nothing else is there twice.
    assert!(all.len() > 2_000, "{}", all.len());
}
