//! Calibration: which values of the parameters fit what was observed. Pure mathematics over points in coordinates that are
//! standard normal a priori, and the logarithms of the figures that a simulation gave at them.
//!
//! - [`emulator`]: a response surface for every figure, fitted to the points simulated so far.
//! - [`likelihood`]: how well figures agree with what was observed; [`posterior`] is the same on a surface, times the prior.
//! - [`sampler`]: draws of the posterior by Hamiltonian Monte Carlo, and whether its chains agree.
//! - [`weights`]: what each draw counts once the surfaces have been fitted to it too.
//! - [`summary`]: what the data say about every parameter, and whether they say anything.
//!
//! A caller simulates a design of the prior, fits the surfaces, draws points of the posterior on them, simulates those, and
//! goes round as often as it likes: each wave makes the surfaces better where the posterior lies. The error of the surfaces
//! ([`Emulator::error_variances`], with the luck of the points beneath them) is part of the likelihood, so an early wave stays wide. The draws of the last wave are simulated as well, the surfaces are fitted once
//! more with them among the points, and each draw is weighted by the posterior on these over that which it was drawn from. What a draw's
//! own simulation gave would weigh it too, but with the luck of that one point in every figure; a surface has the luck of all of them.
//!
//! # Example
//!
//! One parameter with a standard normal prior; one figure, whose logarithm is 1 + z / 2 and was observed to be 1.5, give or
//! take 0.1. So z is near 1, give or take 0.2:
//!
//! ```
//! use portflow::calibration::{Emulator, Likelihood, Posterior, Sampling, Target, sample};
//! use portflow::stats::ErrorLaw;
//!
//! let points: Vec<_> = (-20..=20).map(|i| vec![f64::from(i) / 10.0]).collect();
//! let figures: Vec<_> = points.iter().map(|z| vec![1.0 + z[0] / 2.0]).collect();
//! let surfaces = Emulator::fit(&points, &figures, &[0], &[0; 41])?;
//! let target = Target { observed: 1.5, discrepancy: 0.1, chance_variance: 0.0, weight: 1.0 };
//! let likelihood = Likelihood::new(vec![target], ErrorLaw::NORMAL)?;
//! let posterior = Posterior::new(&likelihood, &surfaces, &surfaces.variances());
//! let drawn = sample(&posterior, 400, 1, 0, &Sampling::default())?;
//! let mean = drawn.draws.iter().map(|z| z[0]).sum::<f64>() / 400.0;
//! // The prior draws the mean from 1 to 1 / (1 + 0.2²).
//! assert!((mean - 1.0 / 1.04).abs() < 0.04, "{mean}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(test)]
mod coverage;
pub mod emulator;
pub mod likelihood;
pub mod posterior;
pub mod sampler;
pub mod summary;
pub mod weights;

pub use emulator::{Emulator, EmulatorError, Scales};
pub use likelihood::{Likelihood, LikelihoodError, Target};
pub use posterior::Posterior;
pub use sampler::{Density, Mixing, Sample, SamplerError, Sampling, sample};
pub use summary::{Bounds, End, ParameterSummary, Verdict, summarise};
pub use weights::{Weights, WeightsError};
