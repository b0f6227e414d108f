//! Integration tests, one binary.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test that cannot go on fails; the values compared were written, not computed"
)]

mod border;
#[cfg(unix)]
mod experiment;
mod model;
mod readme;
mod scenario;
mod theory;
mod tools;
