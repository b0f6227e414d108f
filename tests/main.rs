//! Integration tests, one binary.

mod scenario;
mod tools;
