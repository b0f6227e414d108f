//! Integration tests, one binary.
#![expect(
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a test that cannot go on fails; the values compared were written, not computed"
)]

mod border;
mod model;
mod scenario;
mod theory;
mod tools;
