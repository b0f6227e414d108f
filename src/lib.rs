//! portflow simulates an appointment-gated border and answers "what happens if…" with numbers that carry their uncertainty.
//!
//! People register on an app and ask each day for an appointment; a daily round hands out slots over ports of entry; the ports
//! process those who come with finite staff; whoever is not served waits, walks up to a port, crosses between ports or gives up. A
//! scenario file sets the world and moves the levers of policy on dates. The first case is the CBP One app at the US southwest border,
//! January 2023 to January 2025.
//!
//! ```
//! use std::path::Path;
//! use portflow::{model, record::Count, scenario};
//!
//! let file = Path::new("scenarios/theory/lottery.toml");
//! let loaded = scenario::load(file, &[]).map_err(|wrong| wrong.to_string())?;
//! let record = model::simulate(&loaded.scenario, 1, 0)?;
//! // 100 slots a day, 100 winners a day.
//! assert_eq!(record.group_count(Count::AppointmentsIssued, 0, 0), 100);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where things are
//!
//! | to change | look in |
//! |---|---|
//! | a key of the scenario format: its name, unit, range, default, meaning | [`scenario`]: `tables`, one file per table (`run`, `world`, `group`, `policy`, `change`, `observed`) |
//! | how files are read, inherited, checked, explained and resolved | [`scenario`]: `tree`, `layers`, `checks`, `schema`, `resolve`, a folder for each step |
//! | what people or ports do | [`model`]: one file per process of the flow; `decide` is the one place of choice, `round` and `tickets` the lottery, `appointment` who comes to its appointment. What moves a result raises [`model::REVISION`] |
//! | a figure of the results | [`metric`]: its name and unit, and whether it can be published; [`record`]: `recorder` and `summary`; the tables of [`report`] that show it |
//! | a month of the calendar | [`month`] |
//! | when things happen next; random numbers | [`engine`]: `time`, `agenda`, `queue`, `random` |
//! | what a replication keeps | [`record`] |
//! | how many times, on how many threads, in which futures; the journal, shards, when to stop | [`experiment`]: a folder for each kind |
//! | an interval, a quantile | [`stats`] |
//! | which points are tried: a grid, a Latin hypercube, a Sobol' sequence | [`design`] the mathematics; `experiment::points`, `scenario::experiment_file` and `src/cli/sweep.rs` where one is chosen |
//! | which inputs matter: Morris' screening, Sobol' indices | [`sensitivity`] |
//! | how parameters are fitted: response surfaces, likelihood, posterior draws | [`calibration`] |
//! | simple forecasts of monthly figures; how a forecast is scored | [`forecast`] |
//! | a table, a CSV, JSON | [`report`]: a module for each command, and what they share beside them |
//! | a file of the results, the manifest and its options, how results take their place | [`store`] |
//! | a command and its flags | `src/cli` (in the binary) |
//! | a number of the real case | `scenarios/cbp-one.toml`, `scenarios/history.toml` |
//!
//! Imports point one way: cli → report → store → experiment → model → engine. `metric`, `month` and `stats` import none of the others;
//! `forecast` and `scenario` import only these; `record` imports days, regions and the nearest name from `scenario`. The remaining modules
//! may use these six. `design` and `sensitivity` are mathematics over points of the unit cube, `calibration` over points that are standard
//! normal, which use random streams of `engine` and `stats`, and `experiment` uses them. `engine` knows no word of borders, `model` no file,
//! clock or thread, `experiment` no terminal; `store` knows what files are called and not what is in them; `report` orders, formats and
//! puts into words, and calculates nothing but the intervals of a table, which depend on what it shows.
//!
//! # Promises
//!
//! Randomness:
//!
//! 1. Every draw is keyed by (seed, replication, whom it concerns, what it decides, which occasion); no draw depends on another.
//! 2. A party is identified by (group, day, ordinal) and is the same party with the same luck in every scenario.
//! 3. Two scenarios that differ only from a date on are identical before it, party by party.
//! 4. The same scenario, seed and replication give the same bytes: on any number of threads, in any order of replications, on every
//!    platform. There is no wall clock, hash-map order, thread order or platform logarithm in any result.
//!
//! Engine:
//!
//! 5. Time is an integer; events are in total order of (time, named phase, rank, event), never of insertion; the rank of a party is
//!    a random number, so that chance tells who comes first, and no name of a group.
//! 6. Memory follows the parties alive, not the parties ever born.
//! 7. Nobody pays for what can be derived: a waiting day of a pool member costs nothing, unless the order of registration passes over it
//!    that day, and a change of policy reschedules nothing but what it takes away.
//!
//! Results:
//!
//! 8. Conservation: at every simulated midnight, persons arrived = persons in each state + persons left by each exit, and the pool and its
//!    account agree; at every month's end, and in builds with debug assertions every week, all who are alive are counted by state. A
//!    replication in which an account is wrong stops with an error.
//! 9. Theory: with the border stripped to one port, waits are those of M/M/1, M/M/c, M/G/1 and M/D/1; a pure lottery waits geometrically
//!    and a pure first-registered rule exactly pool over slots.
//! 10. An interval carries its level and n; fewer than two replications have none. What is missing is empty, never 0.
//! 11. Results are written whole or not at all, and never over others unless asked. A run that is stopped gives the bytes of a run with
//!     the replications that it finished; in futures, the figures of one with the futures that it finished.
//! 12. An experiment that was killed at any moment and resumed gives the bytes of one that was done in one piece; so do the shards of `run` and
//!     `compare`, joined. Memory of these two levels off (at twelve kilobytes a figure that has a band; that of `sweep`, `sensitivity`, `validate` and `calibrate` does, with points).
//! 13. Scenarios are compared on the same people; intervals told together hold together.
//! 14. A wrong file is refused before anything runs, with every mistake at its place; where a text cannot be read at all, with that alone.

pub mod calibration;
pub mod design;
pub mod engine;
pub mod experiment;
pub mod forecast;
pub mod metric;
pub mod model;
pub mod month;
pub mod record;
pub mod report;
pub mod scenario;
pub mod sensitivity;
pub mod stats;
pub mod store;
