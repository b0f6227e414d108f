//! The queue against a sorted set, and its use of memory.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Item(Time, usize);

impl Dated for Item {
    fn time(&self) -> Time {
        self.0
    }
}

#[derive(Debug, Clone)]
enum Step {
    Push(Span),
    PopBefore(Span),
    KeepOneIn(usize),
}

/// From the present moment to beyond the calendar.
fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        Just(1),
        Just(1_000),
        Just(QUARTER_DAY),
        Just(60 * QUARTER_DAY),
        Just(2 * BUCKETS * QUARTER_DAY)
    ]
    .prop_flat_map(|longest| (0..=longest).prop_map(Span::from_millis))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => span().prop_map(Step::Push),
        4 => span().prop_map(Step::PopBefore),
        1 => (1_usize..4).prop_map(Step::KeepOneIn),
    ]
}

proptest! {
    #[test]
    fn interleaved_pushes_and_pops_agree_with_a_sorted_set(steps in prop::collection::vec(step(), 1..400)) {
        let mut queue: Queue<Item> = Queue::new();
        let mut reference = BTreeSet::new();
        let mut now = Time::ZERO;
        for (id, step) in steps.into_iter().enumerate() {
            match step {
                Step::Push(span) => {
                    queue.push(Item(now + span, id));
                    reference.insert(Item(now + span, id));
                }
                Step::PopBefore(span) => {
                    let due = reference.first().copied().filter(|first| first.time() < now + span);
                    prop_assert_eq!(queue.pop_before(now + span), due);
                    now = due.map_or(now + span, |first| first.time());
                    reference.retain(|&item| Some(item) != due);
                }
                Step::KeepOneIn(share) => {
                    queue.retain(|item| item.1 % share == 0);
                    reference.retain(|item| item.1 % share == 0);
                }
            }
            prop_assert_eq!(queue.len(), reference.len());
        }
        let rest: Vec<_> = std::iter::from_fn(|| queue.pop_before(Time::MAX)).collect();
        reference.retain(|item| item.time() < Time::MAX);
        prop_assert_eq!(rest, reference.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn items_that_never_happen_do_not_stretch_the_calendar() {
    let mut queue: Queue<Item> = Queue::new();
    queue.push(Item(Time::MAX, 0));
    assert_eq!(queue.pop_before(Time::MAX), None);
    assert_eq!(queue.len(), 1);
    assert!(queue.ahead.len() <= BUCKETS as usize);
}

#[test]
fn memory_of_emptied_buckets_is_used_again() {
    let mut queue: Queue<Item> = Queue::new();
    for day in 1..50 {
        for id in 0..10_000 {
            queue.push(Item(Time::from_day(day), id));
        }
        while queue.pop_before(Time::from_day(day + 1)).is_some() {}
    }
    let held = queue.chunks.capacity();
    assert!((10_000..20_100).contains(&held), "{held}");
}

#[test]
fn a_bucket_full_of_one_moment_is_sorted_as_well() {
    let mut queue: Queue<Item> = Queue::new();
    for id in (0..5_000).rev() {
        queue.push(Item(Time::from_day(3) + Span::HOUR, id));
        queue.push(Item(Time::from_day(3) + Span::HOUR * 2, id));
    }
    queue.push(Item(
        Time::from_day(3) + Span::from_millis(QUARTER_DAY - 1),
        0,
    ));
    queue.push(Item(Time::from_day(3), 0));
    let popped: Vec<_> = std::iter::from_fn(|| queue.pop_before(Time::MAX)).collect();
    assert_eq!(popped.len(), 10_002);
    assert!(popped.is_sorted());
}
