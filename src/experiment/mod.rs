//! Replications: run in parallel, kept in a journal, merged in order, at one point or many. The only place that simulates on
//! several threads.
//!
//! - The bytes of a result do not depend on the number of threads: replications are merged strictly in their order.
//! - A finished replication is reduced to its observations at once, at most two per thread wait for an earlier one, and what is
//!   taken of it is moments and where single replications lie, at most some kilobytes a figure: memory levels off. Only a sweep, a
//!   sensitivity analysis and a validation keep more, every figure of every replication at every point, since each is a row of their
//!   results ([`responses`]) - with what is [`watched`] there lest figures mislead -, and a calibration its points; failures are kept one by
//!   one everywhere.
//! - A replication that fails is named and left out; the others go on.
//! - Where inputs are uncertain, everything compared is run in the same [`futures`], and a future is what was sampled, from ranges
//!   or from a [posterior](resampled): its replications tell chance from the world, and do not count as independent draws of it.
//! - Where figures must be known to a precision, the number of replications is a result too: decided in
//!   their order, it depends on nothing but their values.
//! - Stopped before the end, an experiment has the results of a plan with fewer replications.

mod bands;
pub mod best;
pub mod calibration;
pub mod compare;
pub mod crossover;
pub mod futures;
pub mod goals;
pub mod journal;
mod nests;
pub mod objective;
pub mod observed;
pub mod ordered;
pub mod points;
mod ready;
mod recent;
pub mod regrets;
pub mod resampled;
pub mod responses;
pub mod results;
pub mod run;
pub mod sensitivity;
pub mod shard;
pub mod sweep;
pub mod tasks;
pub mod validation;
pub mod warmup;
pub mod watched;

pub use best::{BestOf, Eliminated, Trial};
pub use compare::{Comparison, Difference, OtherDays, Own};
pub use crossover::Crossover;
pub use goals::{Goal, Goals, Standing, Wanted};
pub use journal::{Journal, JournalError};
pub use objective::{Objective, ObjectiveError};
pub use points::{Input, Points, PointsError};
pub use regrets::Regrets;
pub use resampled::Resampled;
pub use responses::Responses;
pub use results::Results;
pub use run::{FailedPoint, Failure, Plan, run};
pub use sensitivity::{Analysis, Indices, Method};
pub use shard::Shard;
pub use sweep::{Figure, PointOutcome, Sweep, SweepLayout};
pub use tasks::{Outcome, Tasks};
pub use warmup::Warmup;
pub use watched::Watched;
