//! How far ahead events are set: 80% uniform within a day, 20% exponential with a mean of 60 days, as in the simulator.

use portflow::engine::{Draw, Span, Streams, Time};

/// Increments drawn beforehand, so that the queue is measured and not the logarithm; few enough to stay in the cache.
pub(crate) struct Increments {
    spans: Vec<Span>,
    next: usize,
}

impl Increments {
    pub(crate) fn new() -> Self {
        let mut draw = Streams::new(1, 0).draw(0, 0, 0);
        Self {
            spans: (0..4_096).map(|_| increment(&mut draw)).collect(),
            next: 0,
        }
    }

    pub(crate) fn next(&mut self) -> Span {
        self.next = (self.next + 1) % self.spans.len();
        self.spans[self.next]
    }
}

fn increment(draw: &mut Draw) -> Span {
    Span::from_days(if draw.chance(0.8) {
        draw.uniform()
    } else {
        60.0 * draw.exponential()
    })
}

/// What is left of an increment at a time chosen at random: times drawn so are in equilibrium from the start.
pub(crate) fn remainder(draw: &mut Draw) -> Span {
    const MEAN: f64 = 0.8 * 0.5 + 0.2 * 60.0;
    let short = draw.chance(0.8 * 0.5 / MEAN);
    Span::from_days(if short {
        1.0 - draw.uniform().sqrt()
    } else {
        60.0 * draw.exponential()
    })
}

/// Whether it is time for a fresh start, before simulated time can run out.
pub(crate) fn is_late(now: Time) -> bool {
    now > Time::from_day(Time::MAX.day() / 4)
}
