//! The appointment reference, less its event list: what the tight loop and the peers in Rust have in common.
//!
//! The peers thus differ from the tight loop in nothing but how their library keeps and hands out events.

pub mod border;
pub mod list;
pub mod options;
pub mod pool;
pub mod reference;
