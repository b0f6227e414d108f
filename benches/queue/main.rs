//! The event list against its alternatives, and the draws that fill it.

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../shared/act.rs"]
mod act;
mod deadlines;
mod draws;
mod hold;
mod increments;
#[path = "../shared/mode.rs"]
mod mode;
mod rivals;

criterion_group! {
    name = queue;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = hold::hold_model, deadlines::cancellations, draws::draws
}
criterion_main!(queue);
