//! Replications: run in parallel, kept in a journal, merged in order, at one point or many. The only place that simulates on
//! several threads.
//!
//! - The bytes of a result do not depend on the number of threads: replications are merged strictly in their order.
//! - A finished replication is reduced to its observations at once, at most two per thread wait for an earlier one, and what is
//!   taken of it is moments and where single replications lie, at most some kilobytes a figure: memory levels off. Only a sweep, a
//!   sensitivity analysis and a validation keep more, every figure of every replication at every point, since each is a row of their
//!   results ([`points::responses`]) - with what is [watched](points::watched) there lest figures mislead -, and a calibration its points; failures are kept one by
//!   one everywhere.
//! - A replication that fails is named and left out; the others go on.
//! - Where inputs are uncertain, everything compared is run in the same [`futures`], and a future is what was sampled, from ranges
//!   or from a [posterior](futures::resampled): its replications tell chance from the world, and do not count as independent draws of it.
//! - Where figures must be known to a precision, the number of replications is a result too: decided in
//!   their order, it depends on nothing but their values.
//! - Stopped before the end, an experiment has the results of a plan with fewer replications.
//!
//! | to change | look in |
//! |---|---|
//! | how simulations are carried out: threads, order, the journal, shards, what failed | [`tasks`] |
//! | what is known of one scenario: estimates, bands, when the precision is reached, the warm-up, published figures beside | [`results`], [`mod@run`] |
//! | what is known of several on the same people: differences, which is best, what a choice may cost | [`compare`] |
//! | which values uncertain inputs have in a future | [`futures`] |
//! | experiments at many points: sweeps and sensitivity analyses | [`points`] |
//! | fitting, and judging what was fitted | [`calibration`], [`validation`] |

pub mod calibration;
pub mod compare;
pub mod futures;
pub mod points;
pub mod results;
pub mod run;
pub mod tasks;
pub mod validation;

pub use compare::best::{BestOf, Eliminated, Trial};
pub use compare::objective::{Objective, ObjectiveError};
pub use compare::regrets::Regrets;
pub use compare::{Comparison, Difference, OtherDays, Own};
pub use futures::resampled::Resampled;
pub use points::layout::{Figure, SweepLayout};
pub use points::ready::PointOutcome;
pub use points::responses::Responses;
pub use points::sensitivity::{Analysis, Indices, Method};
pub use points::sweep::Sweep;
pub use points::watched::Watched;
pub use points::{Input, Points, PointsError};
pub use results::Results;
pub use results::crossover::Crossover;
pub use results::goals::{Goal, Goals, Standing, Wanted};
pub use results::warmup::Warmup;
pub use run::{Plan, run};
pub use tasks::failure::{FailedPoint, Failure};
pub use tasks::journal::{Journal, JournalError};
pub use tasks::shard::Shard;
pub use tasks::{Outcome, Tasks};
