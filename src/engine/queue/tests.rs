//! The queue against a sorted set, and its use of memory.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// Width of a bucket. \[ms\]
const WIDTH: u64 = 1 << OFFSET_BITS;

/// The note of a number in a phase.
fn note(phase: u64, number: u64) -> Note {
    Note(phase << (NOTE_BITS - PHASE_BITS) | number)
}

fn number_of(note: Note) -> u64 {
    note.0 & ((1 << (NOTE_BITS - PHASE_BITS)) - 1)
}

/// Ranks by number, in another order than that of the numbers; some are called off.
#[derive(Default)]
struct Backwards {
    called_off: BTreeSet<u64>,
}

impl Backwards {
    fn rank_of(number: u64) -> u64 {
        u64::MAX - number / 2
    }
}

impl Ranks for Backwards {
    fn rank(&mut self, _: Time, note: Note) -> Option<u64> {
        let number = number_of(note);
        (!self.called_off.contains(&number)).then(|| Self::rank_of(number))
    }
}

/// Its place in the order, and its number.
type Item = (Time, u64, u64, u64);

fn item(at: Time, phase: u64, number: u64) -> Item {
    (at, phase, Backwards::rank_of(number), number)
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Push(u64, Span),
    PopBefore(Span),
    KeepOneIn(u64),
    CallOffOneIn(u64),
}

/// From the present moment to beyond the calendar.
fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(1_000),
        Just(WIDTH),
        Just(60 * WIDTH),
        Just(2 * BUCKETS * WIDTH)
    ]
    .prop_flat_map(|longest| (0..=longest).prop_map(Span::from_millis))
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0_u64..3, span()).prop_map(|(phase, span)| Step::Push(phase, span)),
        8 => span().prop_map(Step::PopBefore),
        1 => (1_u64..4).prop_map(Step::KeepOneIn),
        1 => (2_u64..9).prop_map(Step::CallOffOneIn),
    ]
}

proptest! {
    #[test]
    fn interleaved_pushes_and_pops_agree_with_a_sorted_set(steps in prop::collection::vec(step(), 1..400)) {
        let mut queue = Queue::new();
        let mut ranks = Backwards::default();
        let mut reference: BTreeSet<Item> = BTreeSet::new();
        let mut now = Time::ZERO;
        // What was called off is dropped, now or when it is met: pops that give it are not looked at.
        let pop = |queue: &mut Queue, ranks: &mut Backwards, end| loop {
            let popped = queue.pop_before(end, ranks);
            if popped.is_none_or(|(_, note)| !ranks.called_off.contains(&number_of(note))) {
                return popped;
            }
        };
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Push(phase, span) => {
                    queue.push(now + span, note(phase, number), Backwards::rank_of(number));
                    reference.insert(item(now + span, phase, number));
                }
                Step::PopBefore(span) => {
                    let end = now + span;
                    let due = reference.first().copied().filter(|first| first.0 < end);
                    let expected = due.map(|(at, phase, _, number)| (at, note(phase, number)));
                    prop_assert_eq!(pop(&mut queue, &mut ranks, end), expected);
                    now = due.map_or(end, |first| first.0);
                    reference.retain(|&item| Some(item) != due);
                }
                Step::KeepOneIn(share) => {
                    queue.retain(|_, note| number_of(note).is_multiple_of(share));
                    reference.retain(|item| item.3 % share == 0);
                }
                Step::CallOffOneIn(share) => {
                    let off = reference.iter().map(|item| item.3);
                    ranks.called_off.extend(off.filter(|number| number % share == 0));
                    reference.retain(|item| !ranks.called_off.contains(&item.3));
                }
            }
            queue.retain(|_, note| !ranks.called_off.contains(&number_of(note)) || number % 3 > 0);
            prop_assert!(queue.len() >= reference.len());
        }
        let rest: Vec<_> = std::iter::from_fn(|| pop(&mut queue, &mut ranks, Time::MAX)).collect();
        reference.retain(|item| item.0 < Time::MAX);
        let expected: Vec<_> = reference.iter().map(|&(at, phase, _, number)| (at, note(phase, number))).collect();
        prop_assert_eq!(rest, expected);
    }
}

#[test]
fn notes_whose_moment_never_comes_do_not_stretch_the_calendar() {
    let mut queue = Queue::new();
    queue.push(Time::MAX, note(0, 0), 0);
    assert_eq!(queue.pop_before(Time::MAX, &mut Backwards::default()), None);
    assert_eq!(queue.len(), 1);
    assert!(queue.ahead.len() <= BUCKETS as usize);
}

#[test]
fn memory_of_emptied_buckets_is_used_again() {
    let mut queue = Queue::new();
    let mut ranks = Backwards::default();
    for day in 1..50 {
        for number in 0..10_000 {
            queue.push(Time::from_day(day), note(0, number), 0);
        }
        while queue
            .pop_before(Time::from_day(day + 1), &mut ranks)
            .is_some()
        {}
    }
    let held = queue.chunks.capacity();
    assert!((10_000..20_100).contains(&held), "{held}");
}

#[test]
fn a_bucket_full_of_one_moment_is_sorted_as_well() {
    let mut queue = Queue::new();
    let start = Time::ZERO + Span::from_millis(3 * WIDTH);
    for number in 0..5_000 {
        queue.push(
            start + Span::HOUR,
            note(0, number),
            Backwards::rank_of(number),
        );
        queue.push(
            start + Span::HOUR * 2,
            note(0, number),
            Backwards::rank_of(number),
        );
    }
    queue.push(start + Span::from_millis(WIDTH - 1), note(0, 0), 0);
    queue.push(start, note(0, 0), 0);
    let mut ranks = Backwards::default();
    let popped = std::iter::from_fn(|| queue.pop_before(Time::MAX, &mut ranks));
    let places = popped.map(|(at, note)| (at, Backwards::rank_of(number_of(note))));
    let places: Vec<_> = places.collect();
    assert_eq!(places.len(), 10_002);
    assert!(places.is_sorted());
}
