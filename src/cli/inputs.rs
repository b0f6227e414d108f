//! What is simulated: scenarios, the futures they are run in, and what a design is laid over.

pub(crate) mod earlier;
pub(crate) mod futures;
pub(crate) mod scenarios;
pub(crate) mod subject;
