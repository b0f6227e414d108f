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
