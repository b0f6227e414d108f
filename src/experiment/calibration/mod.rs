//! Calibration: the numbers of `[calibrate]` fitted to published months, in waves of simulations.
//!
//! The model of the error is that of [`crate::calibration`]: the logarithm of each published figure is that of the simulated mean plus an
//! error, normal or of Student's t as the file says, whose variance is that of the stated discrepancy, of chance, and of the surface that stands for the simulation.
//!
//! 1. The first wave simulates a Latin hypercube of the prior. All points of a wave are simulated on the same people, so that they differ
//!    by their values and not by their luck; each wave has people of its own.
//! 2. A response surface is fitted to all points so far, and sampled: its draws are the points of the next wave. Its own error is
//!    in the likelihood, so that the points stay as wide as it is ignorant.
//! 3. The last wave are draws of the posterior, and simulated too. The surfaces are fitted once more with them among the points, and each
//!    draw is weighted by its posterior density on these over that on the surfaces it was drawn from.
//! 4. Figures that are not fitted to, the forecasts, are told by surfaces of their own at many draws, corrected at those simulated.
//!
//! A design follows from the records of the waves before it, by their numbers: not from threads, nor from where a journal was taken up.

mod designs;
mod figures;
mod fit;
mod fitted;
mod foreseen;
mod runs;
mod settings;
mod surfaces;

pub use figures::{OtherFigure, TargetFigure};
pub use fit::Fit;
pub use fitted::{CENTRAL, ColumnFit, Fitted, FittedDraw, FittedMonth, FittedParameter, Spread};
pub use foreseen::{Foreseen, ForeseenFigure};
pub(crate) use runs::{HEADINGS, coordinate};
pub use runs::{PointRuns, read as read_runs};
pub use settings::{CalibrationError, Settings};
