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

/// At e² between draws at e and e³, each a unit away; the mean of draws with weights 1 and 3 is but half a unit off. (12 + 1 - 0.01) / 13.
#[test]
fn a_misfit_has_the_scatter_of_the_draws_in_it() {
    let of = |observed, draws: [f64; 2]| Misfit::of(month(0), observed, draws, 0.01);
    let misfit = of(libm::exp(2.0), [1.0, 3.0]).unwrap();
    let stated = LogError::normal(1.0);
    let sd = Discrepancy::learned(stated, &[1.0, 3.0], &[misfit])
        .error
        .sd;
    assert!((sd * sd - 12.99 / 13.0).abs() < 1e-12, "{sd}");
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
        let of = |(at, log)| Misfit::of(month(2 * pair + at), libm::exp(log), draws, 0.0).unwrap();
        misfits.extend((0..).zip(figures).map(of));
    }
    let learned = Discrepancy::learned(LogError::normal(0.1), &[1.0, 1.0], &misfits);
    assert!((learned.error.sd / sd - 1.0).abs() < 0.04, "{learned:?}");
}

/// Draws of months of which nothing but the law of their errors is known. Their mean squares are alike from month to month, and taken
/// for errors they would look normal: with heavy tails the scale would come out larger by up to √2.
#[test]
fn each_draw_has_the_tails_of_its_errors() {
    const DRAWS: u32 = 500;
    let error = LogError {
        sd: 0.1,
        law: ErrorLaw::student(4.0).unwrap(),
    };
    let predictive = Predictive::new([(1.0, 1.0)], error).unwrap();
    let quantile = |i: u32| predictive.quantile((f64::from(i) + 0.5) / f64::from(DRAWS));
    let errors: Vec<f64> = (0..DRAWS)
        .map(|i| libm::log(quantile(i).unwrap()))
        .collect();
    let misfits: Vec<Misfit> = (0..20)
        .map(|at| Misfit {
            month: month(at),
            errors: errors.clone(),
            noise: 0.0,
        })
        .collect();
    let weights = vec![1.0; errors.len()];
    let found = Discrepancy::learned(error, &weights, &misfits).error.sd;
    assert!((found / 0.1 - 1.0).abs() < 0.02, "{found}");
}

/// Also after the month before: of draws with weights 1 and 3, errors 0.1 and -0.5 after 0.2 and 0, of which 0.9 is carried over.
#[test]
fn the_density_of_an_error_is_that_of_each_draw() {
    let law = ErrorLaw::student(4.0).unwrap();
    let of = |at, errors: [f64; 2]| Misfit {
        month: month(at),
        errors: errors.to_vec(),
        noise: 0.0,
    };
    let misfits = [of(0, [0.2, 0.0]), of(1, [0.1, -0.5])];
    let evidence = Evidence::of(&[1.0, 3.0], &misfits);
    let found = evidence.log_density(law, 0.04, 0.9, &misfits[0], &misfits[1]);
    let sd = 0.2 * (1.0 - 0.81_f64).sqrt();
    let of_draw = |left: f64| law.log_density(left / sd);
    let expected = 0.25 * of_draw(0.1 - 0.18) + 0.75 * of_draw(-0.5) - libm::log(sd);
    assert!((found - expected).abs() < 1e-12, "{found} {expected}");
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
        learned(LogError::normal(stated), &errors, noise * noise)
            .autocorrelation
            .over(1)
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

/// Without a neighbour the prior speaks: the mean of r^k where r is anything from 0 to 1 is 1 / (k + 1), not 2^-k.
#[test]
fn half_of_a_single_error_is_carried_over() {
    let found = learned(LogError::normal(0.1), &[0.1], 0.0);
    for (months, share) in [(1, 0.5), (3, 0.25), (9, 0.1)] {
        assert!((found.expected(month(months)).share - share).abs() < 1e-3);
    }
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
    assert!(found.autocorrelation.over(1) > 0.95, "{found:?}");
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
    assert!(
        (found.autocorrelation.over(1) - 0.8).abs() < 0.05,
        "{found:?}"
    );
}

/// Months that are far apart tell of the autocorrelation by its power: nearly the same errors every third month.
#[test]
fn months_without_a_figure_count() {
    let errors = autoregression(0.8, 3_000, 0.0);
    let every_third: Vec<Misfit> = misfits(&errors, 0.0).into_iter().step_by(3).collect();
    let found = Discrepancy::learned(LogError::normal(0.1), ALONE, &every_third);
    assert!(
        (found.autocorrelation.over(1) - 0.8).abs() < 0.04,
        "{found:?}"
    );
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

/// Alone it is Student's t of its own degrees of freedom; beside a normal error as large, whose variance is known, it has four times as many; beside a
/// heavy tail both make it heavier.
#[test]
fn an_error_whose_variance_is_estimated_has_the_tails_of_students_t() {
    let told = |error: LogError| (error.sd * error.sd, error.law.degrees_of_freedom());
    let is = |(variance, freedom): (f64, Option<f64>), of_variance: f64, of_freedom: f64| {
        let freedom = freedom.unwrap();
        assert!((variance - of_variance).abs() < 1e-12, "{variance}");
        assert!((freedom - of_freedom).abs() < 1e-9, "{freedom}");
    };
    let (variance, freedom) = (0.04, 6.0);
    is(
        told(LogError::NONE.and_estimated(variance, freedom)),
        0.06,
        6.0,
    );
    let normal = LogError::normal(0.2);
    is(
        told(normal.and_estimated(variance, freedom)),
        0.08 * 24.0 / 22.0,
        24.0,
    );
    // The squared scale of a variance of 0.08 with four degrees of freedom is 0.04: 0.08² / (0.04² / 4 + 0.04² / 6) = 9.6.
    let heavy = LogError {
        sd: 0.08_f64.sqrt(),
        law: ErrorLaw::student(4.0).unwrap(),
    };
    is(
        told(heavy.and_estimated(variance, freedom)),
        0.08 * 9.6 / 7.6,
        9.6,
    );
    is(told(LogError::NONE.and_estimated(variance, 1.0)), 0.2, 2.5);
    assert_eq!(told(normal.and_estimated(0.0, freedom)), told(normal));
}
