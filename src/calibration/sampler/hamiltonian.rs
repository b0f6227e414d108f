//! Hamiltonian Monte Carlo: Neal (2011), "MCMC using Hamiltonian dynamics", doi:10.1201/b10905-6.

use nalgebra::DVector;

use super::{Density, Sampling, Whitening};
use crate::engine::random::Draw;

/// Share of accepted steps that the step size is tuned to. In theory 0.65 is cheapest (Beskos et al. 2013,
/// doi:10.3150/12-BEJ414); a little more costs next to nothing and copes with more.
const ACCEPTANCE: f64 = 0.8;

/// Time that a trajectory takes, at least and at most. A quarter of a turn of a standard normal, at time π / 2, is a point
/// that has forgotten the one before; a random time keeps any direction from coming back to where it was.
const TIMES: [f64; 2] = [0.8, 2.4];

/// Leaps of a trajectory, at most: a bound of the time that a badly scaled density takes.
const LEAPS: u32 = 100;

/// Share of the steps that are taken in finer leaps, and how much finer. Where a ridge is narrower than elsewhere, leaps of
/// one size overshoot again and again, and a chain seldom goes there or stays for long (Neal 2011, section 5.4.2).
const FINE: (f64, f64) = (0.2, 5.0);

/// A point of a trajectory.
#[derive(Clone)]
struct State {
    u: DVector<f64>,
    z: DVector<f64>,
    log_density: f64,
    /// Slopes of the logarithm along u.
    slopes: DVector<f64>,
}

/// One chain from the point with coordinates `start`: where its kept steps ended, in order.
pub(super) fn chain(
    density: &impl Density,
    whitening: &Whitening,
    start: DVector<f64>,
    sampling: &Sampling,
    draw: &mut Draw,
) -> Vec<DVector<f64>> {
    let p = start.len();
    let at = |u: DVector<f64>| {
        let z = whitening.point(u.clone());
        let mut slopes = DVector::zeros(p);
        let log_density = density.log_density(z.as_slice(), slopes.as_mut_slice());
        whitening.slopes(&mut slopes);
        State {
            u,
            z,
            log_density,
            slopes,
        }
    };
    let mut now = at(start);
    let mut step = StepSize::new(p);
    let mut points = Vec::with_capacity(sampling.kept as usize);
    for turn in 0..sampling.warm_up + sampling.kept {
        let warm = turn >= sampling.warm_up;
        let fine = draw.chance(FINE.0);
        let usual = if warm { step.settled() } else { step.tried() };
        let size = if fine { usual / FINE.1 } else { usual };
        let time = TIMES[0] + draw.uniform() * (TIMES[1] - TIMES[0]);
        let leaps = ((time / size).ceil() as u32).clamp(1, LEAPS);
        let mut momentum = DVector::from_fn(p, |_, _| draw.normal());
        let before = now.log_density - momentum.norm_squared() / 2.0;
        let mut end = now.clone();
        for _ in 0..leaps {
            momentum.axpy(size / 2.0, &end.slopes, 1.0);
            end = at(end.u + &momentum * size);
            momentum.axpy(size / 2.0, &end.slopes, 1.0);
            if !end.log_density.is_finite() {
                break;
            }
        }
        let change = end.log_density - momentum.norm_squared() / 2.0 - before;
        // No number where the trajectory ran off.
        let probability = if change.is_nan() {
            0.0
        } else {
            libm::exp(change.min(0.0))
        };
        if draw.chance(probability) {
            now = end;
        }
        if warm {
            points.push(now.z.clone());
        } else if !fine {
            step.learn(probability);
        }
    }
    points
}

/// The size of a leap, tuned by dual averaging: Hoffman & Gelman (2014), "The No-U-Turn sampler", section 3.2, with its
/// γ, t₀ and κ; Journal of Machine Learning Research 15, 1593-1623.
struct StepSize {
    /// Logarithm that the size is drawn to: that of the first guess, where they take ten times it.
    anchor: f64,
    turn: f64,
    /// Mean shortfall of the acceptance.
    shortfall: f64,
    log: f64,
    log_mean: f64,
}

impl StepSize {
    /// A first guess for p dimensions: sizes fall with the fourth root of p.
    fn new(p: usize) -> Self {
        let log = -0.25 * libm::log(p as f64);
        Self {
            anchor: log,
            turn: 0.0,
            shortfall: 0.0,
            log,
            log_mean: log,
        }
    }

    fn tried(&self) -> f64 {
        libm::exp(self.log)
    }

    fn settled(&self) -> f64 {
        libm::exp(self.log_mean)
    }

    fn learn(&mut self, probability: f64) {
        self.turn += 1.0;
        let share = 1.0 / (self.turn + 10.0);
        self.shortfall += share * (ACCEPTANCE - probability - self.shortfall);
        self.log = self.anchor - self.turn.sqrt() / 0.05 * self.shortfall;
        let newest = libm::pow(self.turn, -0.75);
        self.log_mean += newest * (self.log - self.log_mean);
    }
}
