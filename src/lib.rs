//! portflow: an appointment scheduling simulator for an appointment-gated border.

pub mod engine;
pub mod model;
pub mod record;
pub mod scenario;
