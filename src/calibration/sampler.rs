//! Draws of a density, and whether they can be trusted.
//!
//! Hamiltonian Monte Carlo in coordinates in which the curvature at the mode is 1 everywhere. An ensemble of walkers, the
//! usual sampler where there are no gradients, forgets too slowly in forty dimensions: Huijser, Goodman & Brewer (2015),
//! "Properties of the affine invariant ensemble sampler in high dimensions", doi:10.48550/arXiv.1509.02230. On the normal
//! density of the tests, in thirty dimensions, 64 walkers took 600 to 1,000 densities for one independent draw; gradients, at
//! twice the cost, are needed a handful of times.
//!
//! Written here and not taken from a crate: the one that is well kept, `nuts-rs`, multiplies with instructions that it picks by
//! the processor (`faer`, `pulp`) and turns on the platform's logarithm in `num-traits`, so that neither its draws nor those of
//! the model would be the same bits everywhere.

mod hamiltonian;
mod mixing;
mod mode;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use self::mode::Mode;
use crate::design::luck::{self, Use};

/// Purposes of the draws of a chain.
const START: u32 = 0;
const STEPS: u32 = 1;

/// Potential scale reduction from which on chains do not agree: Vehtari et al. (2021), see [`Mixing`].
pub const R_HAT_LIMIT: f64 = 1.01;

/// Effective draws, of the bulk and of the tails, below which neither quantiles nor the diagnostics themselves can be trusted: Vehtari et al.
/// (2021), section 4.
pub const EFFECTIVE_LIMIT: f64 = 400.0;

/// Share of the probability about the highest mode below which another has no chain of its own.
const NEGLIGIBLE: f64 = 0.01;

/// A density over points, known but for a constant factor.
pub trait Density {
    /// Coordinates of a point.
    fn dimensions(&self) -> usize;

    /// Logarithm of the density at a point but for a constant; writes its slope along every coordinate to `gradient`.
    fn log_density(&self, z: &[f64], gradient: &mut [f64]) -> f64;

    /// A positive definite stand-in for the negative second derivatives of the logarithm at a point. It guides the sampler;
    /// the draws have the right distribution whatever it is.
    fn curvature(&self, z: &[f64]) -> DMatrix<f64>;
}

/// How long to sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Chains, each from a start of its own. Two at least, so that they can disagree.
    pub chains: u32,
    /// First steps of each chain, which settle its step size and are thrown away.
    pub warm_up: u32,
    /// Steps of each chain that are kept, before thinning; four at least.
    pub kept: u32,
}

impl Default for Sampling {
    /// Four chains of 500 + 1000 steps, as is usual.
    fn default() -> Self {
        Self {
            chains: 4,
            warm_up: 500,
            kept: 1_000,
        }
    }
}

impl Sampling {
    /// Steps that are kept of the chains that results are told from, for each that is kept where chains only say which points to
    /// simulate next: a chain seldom comes to the tails of one of the forty parameters of a fit to three groups, and steps cost little beside
    /// surfaces and simulations.
    const LONGER: u32 = 8;

    /// As the chains are that results are told from, not only where to simulate next.
    #[must_use]
    pub const fn for_results(self) -> Self {
        Self {
            kept: self.kept.saturating_mul(Self::LONGER),
            ..self
        }
    }
}

/// Why there are no draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SamplerError {
    /// Too few chains or steps.
    #[error("sampling needs at least 2 chains of at least 4 kept steps, 1 draw and 1 parameter")]
    TooShort,
    /// More draws than steps.
    #[error("{draws} draws cannot be taken from {steps} steps")]
    TooManyDraws {
        /// Draws asked for.
        draws: usize,
        /// Steps kept, in all chains.
        steps: usize,
    },
    /// The density or its curvature is not a number where a chain would start.
    #[error("the density has no finite value or curvature where chain {chain} starts")]
    NoStart {
        /// Number of the chain, from 0.
        chain: u32,
    },
}

/// Draws of a density.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The draws, evenly thinned from all chains in turn.
    pub draws: Vec<Vec<f64>>,
    /// How well the chains mixed in each coordinate, from all kept steps.
    pub mixing: Vec<Mixing>,
}

/// Whether chains agree on a coordinate, and what their steps are worth.
///
/// Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021), "Rank-normalization, folding, and localization: an improved R-hat
/// for assessing convergence of MCMC", doi:10.1214/20-BA1221.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mixing {
    /// Potential scale reduction of halves of the rank-normalised chains, of the values or of their distance from the median,
    /// whichever is larger: 1 if the chains agree. (Gelman & Rubin 1992, doi:10.1214/ss/1177011136.)
    pub r_hat: f64,
    /// Number of independent draws that would tell as much about the middle of the distribution (bulk ESS, section 4.1).
    pub effective: f64,
    /// Number of independent draws that would tell as much about its quantiles of 5% and 95%, of the one that the steps tell less of (tail
    /// ESS, section 4.3).
    pub tail_effective: f64,
}

impl Mixing {
    /// The smaller of the two numbers of independent draws: the one that [`EFFECTIVE_LIMIT`] is asked of.
    #[must_use]
    pub const fn fewest(&self) -> f64 {
        self.effective.min(self.tail_effective)
    }
}

/// Coordinates u in which a density is about standard normal: z = centre + L⁻ᵀ u with L Lᵀ the curvature at the centre.
struct Whitening {
    centre: DVector<f64>,
    curvature: Cholesky<f64, Dyn>,
}

impl Whitening {
    fn point(&self, mut u: DVector<f64>) -> DVector<f64> {
        let solved = self
            .curvature
            .l_dirty()
            .tr_solve_lower_triangular_mut(&mut u);
        debug_assert!(solved, "a factor has no zero pivots");
        u + &self.centre
    }

    fn coordinates(&self, z: &DVector<f64>) -> DVector<f64> {
        self.curvature
            .l_dirty()
            .lower_triangle()
            .tr_mul(&(z - &self.centre))
    }

    /// From slopes along z to slopes along u.
    fn slopes(&self, gradient: &mut DVector<f64>) {
        let solved = self
            .curvature
            .l_dirty()
            .solve_lower_triangular_mut(gradient);
        debug_assert!(solved, "a factor has no zero pivots");
    }
}

/// `draws` draws of a density.
///
/// Each chain climbs to a mode from a standard normal point of its own and starts near it: chains that find different modes
/// will not agree, and the [`Mixing`] tells. A mode about which there is less than a hundredth of the probability of the highest one's is
/// passed over, as a surface may have one where it is far from every point: a chain that starts there stays, and would count as much as each of the
/// others. The draws are a function of the density, the seed, the `wave` (the occasion of
/// the draws) and how long is sampled; they need one thread.
///
/// # Errors
/// If too little or too much is asked for, or the density is not finite where a chain would start.
pub fn sample(
    density: &impl Density,
    draws: usize,
    seed: u64,
    wave: u64,
    sampling: &Sampling,
) -> Result<Sample, SamplerError> {
    let Sampling { chains, kept, .. } = *sampling;
    if chains < 2 || kept < 4 || draws == 0 || density.dimensions() == 0 {
        return Err(SamplerError::TooShort);
    }
    let steps = chains as usize * kept as usize;
    if draws > steps {
        return Err(SamplerError::TooManyDraws { draws, steps });
    }
    let streams = luck::streams(seed, Use::Chains);
    let mut modes = Vec::new();
    for chain in 0..chains {
        let mut draw = streams.draw(u64::from(chain), START, wave);
        let start = DVector::from_fn(density.dimensions(), |_, _| draw.normal());
        let mode = mode::climb(density, start).ok_or(SamplerError::NoStart { chain })?;
        modes.push(mode);
    }
    let (best, curvature) = modes
        .iter()
        .max_by(|a, b| a.height.total_cmp(&b.height))
        .and_then(|best| Some((best, best.curvature(density)?)))
        .ok_or(SamplerError::NoStart { chain: 0 })?;
    let fewest = best.log_mass(&curvature) + libm::log(NEGLIGIBLE);
    let is_negligible = |mode: &Mode| {
        let curvature = mode.curvature(density);
        curvature.is_some_and(|curvature| mode.log_mass(&curvature) < fewest)
    };
    let whitening = Whitening {
        centre: best.point.clone(),
        curvature,
    };
    let of_chain = |(chain, own): (u64, &Mode)| {
        let mode = if is_negligible(own) { best } else { own };
        let mut draw = streams.draw(chain, STEPS, wave);
        let away = DVector::from_fn(density.dimensions(), |_, _| draw.normal());
        let start = whitening.coordinates(&mode.point) + away;
        hamiltonian::chain(density, &whitening, start, sampling, &mut draw)
    };
    let histories: Vec<_> = (0..).zip(&modes).map(of_chain).collect();
    let of_coordinate = |a: usize| {
        let chains = histories.iter().map(|history| {
            let values = history.iter().map(|point| point[a]);
            values.collect::<Vec<_>>()
        });
        mixing::of(&chains.collect::<Vec<_>>())
    };
    // The chains take turns; of each, the middles of equal stretches are drawn.
    let chains = chains as usize;
    let per_chain = draws.div_ceil(chains);
    let thinned = |i: usize| {
        let step = (2 * (i / chains) + 1) * kept as usize / (2 * per_chain);
        histories[i % chains][step].as_slice().to_vec()
    };
    Ok(Sample {
        draws: (0..draws).map(thinned).collect(),
        mixing: (0..density.dimensions()).map(of_coordinate).collect(),
    })
}

#[cfg(test)]
mod tests;
