//! Integration tests, one binary.

mod model;
mod scenario;
mod theory;
mod tools;
