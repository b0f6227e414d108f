//! portflow: an appointment scheduling simulator for an appointment-gated border.

pub mod engine;
pub mod experiment;
pub mod model;
pub mod record;
pub mod report;
pub mod scenario;
pub mod stats;
