//! Functions of the unit cube whose sensitivities are known.

use std::f64::consts::PI;

/// Ishigami & Homma (1990), "An importance quantification technique in uncertainty analysis for computer models",
/// doi:10.1109/ISUMA.1990.151285, with a = 7 and b = 0.1: sin x + a sin² y + b z⁴ sin x with x, y, z from -π to π.
pub(super) fn ishigami(point: &[f64]) -> f64 {
    let [x, y, z] = [0, 1, 2].map(|factor| (2.0 * point[factor] - 1.0) * PI);
    let sine = libm::sin(y);
    libm::sin(x) * (1.0 + 0.1 * z.powi(4)) + 7.0 * sine * sine
}

/// First and total Sobol' index of each factor of [`ishigami`].
pub(super) fn ishigami_indices() -> Vec<(f64, f64)> {
    let (a, b): (f64, f64) = (7.0, 0.1);
    let x = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let y = a * a / 8.0;
    let xz = b * b * PI.powi(8) * 8.0 / 225.0;
    let all = x + y + xz;
    vec![
        (x / all, (x + xz) / all),
        (y / all, y / all),
        (0.0, xz / all),
    ]
}

/// Weights of [`g`]: the first factor matters most.
const WEIGHTS: [f64; 6] = [0.0, 0.5, 3.0, 9.0, 99.0, 99.0];

/// Sobol's g-function, the product of (|4 x - 2| + a) / (1 + a): Saltelli & Sobol' (1995), "About the use of rank
/// transformation in sensitivity analysis of model output", doi:10.1016/0951-8320(95)00099-2.
pub(super) fn g(point: &[f64]) -> f64 {
    point
        .iter()
        .zip(WEIGHTS)
        .map(|(x, weight)| ((4.0 * x - 2.0).abs() + weight) / (1.0 + weight))
        .product()
}

/// Factors of [`g`].
pub(super) const G_FACTORS: usize = WEIGHTS.len();

/// First and total Sobol' index of each factor of [`g`].
pub(super) fn g_indices() -> Vec<(f64, f64)> {
    let parts = WEIGHTS.map(|weight| 1.0 / (3.0 * (1.0 + weight).powi(2)));
    let product: f64 = parts.iter().map(|part| 1.0 + part).product();
    let all = product - 1.0;
    parts
        .iter()
        .map(|part| (part / all, part * product / (1.0 + part) / all))
        .collect()
}

/// A sum of factors with these coefficients, from a constant far off zero.
pub(super) fn linear(point: &[f64], coefficients: &[f64]) -> f64 {
    let sum: f64 = point.iter().zip(coefficients).map(|(x, c)| x * c).sum();
    1_000.0 + sum
}

#[test]
fn the_indices_of_ishigami_are_the_published_ones() {
    let published = [(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)];
    for (found, published) in ishigami_indices().iter().zip(published) {
        assert!((found.0 - published.0).abs() < 5e-5, "{found:?}");
        assert!((found.1 - published.1).abs() < 5e-5, "{found:?}");
    }
}
