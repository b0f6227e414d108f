//! Formats of results: a table for people, JSON and CSV for programs. Statistics are made elsewhere; here they are ordered, formatted and
//! put into words.
//!
//! A module for each command that has results, and beside them what they share. A format writes to whatever takes bytes: where the
//! files are is [`store`](crate::store)'s to know.

mod bands;
pub mod best;
pub mod calibration;
pub mod comparison;
pub mod format;
pub mod number;
mod precision;
mod queues;
pub mod rolling;
pub mod run;
pub mod sensitivity;
pub mod sweep;
pub mod table;
pub mod validation;
mod watched;
