//! The binomial distribution by inversion outward from its mode.

/// The value that the uniform number `u` selects.
///
/// The interval (0, 1) is cut into pieces as long as the masses of the values, in the order mode, mode + 1, mode - 1,
/// mode + 2 and so on: the likely values come first, so few are tried. Kemp (1986), "A modal method for generating
/// binomial variables", doi:10.1080/03610928608829152.
///
/// Exact but for rounding: the mass of the mode has a relative error of about n log(n) 2^-53.
pub(super) fn invert(n: u64, p: f64, u: f64) -> u64 {
    if n == 0 || p.is_nan() || p <= 0.0 {
        return 0;
    }
    if p >= 1.0 {
        return n;
    }
    let odds = p / (1.0 - p);
    let mode = (((n as f64 + 1.0) * p) as u64).min(n);
    let mass = mass(n, p, mode);
    let mut left = u - mass;
    let (mut above, mut mass_above) = (mode, mass);
    let (mut below, mut mass_below) = (mode, mass);
    while left >= 0.0 && mass_above + mass_below > 0.0 {
        // The ratio of neighbouring masses is zero past either end.
        mass_above *= (n - above) as f64 / (above + 1) as f64 * odds;
        if mass_above > 0.0 {
            above += 1;
            left -= mass_above;
            if left < 0.0 {
                return above;
            }
        }
        mass_below *= below as f64 / ((n - below + 1) as f64 * odds);
        if mass_below > 0.0 {
            below -= 1;
            left -= mass_below;
            if left < 0.0 {
                return below;
            }
        }
    }
    // Chosen at once, or all masses together fell short of `u` by their rounding: the mode is given that remainder.
    mode
}

/// Probability of `k` successes.
fn mass(n: u64, p: f64, k: u64) -> f64 {
    let (n, k) = (n as f64, k as f64);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    libm::exp(ways + k * libm::log(p) + (n - k) * libm::log1p(-p))
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Binomial, Discrete};

    use super::super::Streams;
    use super::super::checks::assert_counts_fit;
    use super::*;

    /// Chi-square against the exact masses, neighbouring values joined until a cell expects ten draws.
    fn assert_binomial_fits(n: u64, p: f64) {
        const DRAWS: u64 = 200_000;
        let exact = Binomial::new(p, n).unwrap();
        let streams = Streams::new(31, n);
        let mut values: Vec<_> = (0..DRAWS)
            .map(|who| streams.draw(who, 0, 0).binomial(n, p))
            .collect();
        values.sort_unstable();
        let (mut observed, mut expected) = (vec![0], vec![0.0]);
        // Twelve standard deviations hold all but a hopelessly small part of the distribution.
        let reach = 12.0 * (n as f64 * p * (1.0 - p)).sqrt() + 12.0;
        let from = (n as f64 * p - reach).max(0.0) as u64;
        let to = ((n as f64 * p + reach) as u64).min(n);
        assert!(from <= values[0] && values[values.len() - 1] <= to);
        for k in from..=to {
            if expected[expected.len() - 1] >= 10.0 {
                observed.push(0);
                expected.push(0.0);
            }
            let cell = expected.len() - 1;
            observed[cell] +=
                (values.partition_point(|&v| v <= k) - values.partition_point(|&v| v < k)) as u64;
            expected[cell] += exact.pmf(k) * DRAWS as f64;
        }
        // What is left over at the upper end joins the last full cell.
        if expected.len() > 1 && expected[expected.len() - 1] < 10.0 {
            let (rest, share) = (observed.pop().unwrap(), expected.pop().unwrap());
            let cell = expected.len() - 1;
            observed[cell] += rest;
            expected[cell] += share;
        }
        if expected.len() > 1 {
            assert_counts_fit(&observed, &expected);
        }
    }

    #[test]
    fn binomial_draws_have_the_exact_masses() {
        for (n, p) in [
            (1, 0.3),
            (2, 0.5),
            (10, 0.5),
            (20, 0.999),
            (40, 0.02),
            (1_000, 0.001),
            (1_000, 0.7),
        ] {
            assert_binomial_fits(n, p);
        }
    }

    #[test]
    fn binomial_draws_of_very_many_trials_have_the_exact_masses() {
        for (n, p) in [
            (280_000, 0.01),
            (280_000, 0.999_9),
            (280_000, 1e-6),
            (3_000_000, 0.4),
        ] {
            assert_binomial_fits(n, p);
        }
    }

    #[test]
    fn certain_results_need_no_luck() {
        for u in [1e-16, 0.5, 1.0 - 1e-16] {
            assert_eq!(invert(0, 0.5, u), 0);
            assert_eq!(invert(9, 0.0, u), 0);
            assert_eq!(invert(9, -1.0, u), 0);
            assert_eq!(invert(9, f64::NAN, u), 0);
            assert_eq!(invert(9, 1.0, u), 9);
            assert_eq!(invert(9, 2.0, u), 9);
        }
    }

    #[test]
    fn the_extremes_of_the_uniform_number_give_values_in_range() {
        let last = 1.0 - f64::EPSILON / 2.0;
        for n in [1, 2, 3, 100, 1_000_000_000_000] {
            for p in [5e-324, 1e-300, 1e-16, 1e-9, 0.5, 1.0 - 1e-9, last] {
                for u in [f64::EPSILON / 2.0, 0.5, last] {
                    // A sum of very many rounded masses may fall short of u; it must end all the same.
                    if n as f64 * p * (1.0 - p) < 1e6 {
                        assert!(invert(n, p, u) <= n, "{n} {p} {u}");
                    }
                }
            }
        }
    }
}
