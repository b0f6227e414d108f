//! Keyed random draws: what a draw gives depends on what it is for, never on what was drawn before.

mod binomial;
#[cfg(test)]
mod checks;
mod draw;
pub(crate) mod normal;
mod streams;

pub use draw::Draw;
pub use streams::{Luck, SCHEME, Streams};
