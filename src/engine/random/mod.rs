//! Keyed random draws: what a draw gives depends on what it is for, never on what was drawn before.

mod binomial;
#[cfg(test)]
mod checks;
mod draw;
mod mixing;
mod streams;
mod ziggurat;

pub use draw::Draw;
pub use streams::{Luck, SCHEME, Streams};
