//! The promises of the engine, one after the other.

use proptest::prelude::*;

use super::*;
use crate::engine::random::Streams;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ping {
    phase: u8,
    subject: u64,
    mark: u8,
}

impl Event for Ping {
    fn phase(self) -> u8 {
        self.phase
    }

    fn rank(self) -> u64 {
        self.subject
    }

    /// In another order than that of the subjects, so that a test can tell a rank from a code.
    fn code(self) -> u64 {
        (Self::SUBJECTS - self.subject) << 8 | u64::from(self.mark)
    }
}

impl Ping {
    const SUBJECTS: u64 = 20_000;

    fn of(phase: u8, code: u64) -> Self {
        Self {
            phase,
            subject: Self::SUBJECTS - (code >> 8),
            mark: code as u8,
        }
    }
}

fn ping(mark: u8) -> Ping {
    Ping {
        mark,
        phase: 0,
        subject: 0,
    }
}

/// Events called off and not yet missed.
type CalledOff = Vec<(Time, Ping)>;

/// Writes down what happens, and does to the agenda what a test says.
struct Diary<F> {
    entries: Vec<(Time, Ping)>,
    called_off: CalledOff,
    then: F,
}

impl<F: FnMut(Ping, &mut Agenda<Ping>, &mut CalledOff)> Model for Diary<F> {
    type Event = Ping;

    fn recall(&self, at: Time, phase: u8, code: u64) -> Option<Ping> {
        let event = Ping::of(phase, code);
        (!self.called_off.contains(&(at, event))).then_some(event)
    }

    fn handle(&mut self, event: Ping, agenda: &mut Agenda<Ping>) {
        self.entries.push((agenda.now(), event));
        (self.then)(event, agenda, &mut self.called_off);
    }
}

fn diary<F: FnMut(Ping, &mut Agenda<Ping>)>(
    mut then: F,
) -> Diary<impl FnMut(Ping, &mut Agenda<Ping>, &mut CalledOff)> {
    calling_off(move |event, agenda, _| then(event, agenda))
}

/// A diary that may call events off.
fn calling_off<F: FnMut(Ping, &mut Agenda<Ping>, &mut CalledOff)>(then: F) -> Diary<F> {
    Diary {
        entries: Vec::new(),
        called_off: Vec::new(),
        then,
    }
}

impl<F> Diary<F> {
    fn marks(&self) -> Vec<u8> {
        self.entries.iter().map(|(_, event)| event.mark).collect()
    }

    fn days(&self) -> Vec<u32> {
        self.entries.iter().map(|(time, _)| time.day()).collect()
    }
}

fn day(day: u32) -> Time {
    Time::from_day(day)
}

// 1. Order.

/// Few times, phases, subjects and marks, so that ties at every level are common.
fn scheduled() -> impl Strategy<Value = Vec<(Time, Ping)>> {
    let entry = (0_u64..4, 0_u8..3, 0_u64..3, 0_u8..3).prop_map(|(hours, phase, subject, mark)| {
        (
            Time::ZERO + Span::HOUR * 10 * hours,
            Ping {
                phase,
                subject,
                mark,
            },
        )
    });
    prop::collection::vec(entry, 0..60).prop_shuffle()
}

proptest! {
    #[test]
    fn events_happen_in_their_order_and_not_in_that_of_scheduling(scheduled in scheduled()) {
        let mut agenda = Agenda::new();
        for (index, &(at, event)) in scheduled.iter().enumerate() {
            // In which role an event is scheduled makes no difference either.
            if index % 2 == 0 {
                agenda.schedule(at, event);
            } else {
                agenda.schedule_passive(at, event);
            }
        }
        agenda.schedule(day(9), ping(0));
        let mut diary = diary(|_, _| {});
        agenda.run_until(&mut diary, day(9));
        let mut expected = scheduled;
        expected.sort();
        prop_assert_eq!(diary.entries, expected);
    }
}

#[test]
#[should_panic(expected = "phase 16 and code 5120000 of an event are not below 16 and 2^34")]
fn a_phase_that_would_spill_into_the_time_is_refused() {
    Agenda::new().schedule(
        day(0),
        Ping {
            mark: 0,
            phase: 16,
            subject: 0,
        },
    );
}

// 2. No past.

#[test]
fn scheduling_in_the_past_is_an_error_that_leaves_the_agenda_as_it_was() {
    let mut agenda = Agenda::new();
    agenda.schedule(day(3), ping(0));
    agenda.run_until(&mut diary(|_, _| {}), day(2));
    let error = agenda.try_schedule(day(1), ping(1)).unwrap_err();
    assert_eq!(
        error,
        PastEvent {
            at: day(1),
            now: day(2)
        }
    );
    assert_eq!(
        error.to_string(),
        "event at 86400000 ms lies before the present, 172800000 ms"
    );
    assert_eq!(agenda.pending(), 1);
    assert_eq!(agenda.try_schedule(day(2), ping(1)), Ok(()));
}

#[test]
#[should_panic(expected = "event at 0 ms lies before the present, 86400000 ms")]
fn a_model_that_schedules_in_the_past_is_stopped() {
    let mut agenda = Agenda::new();
    agenda.schedule(day(1), ping(0));
    agenda.run_until(
        &mut diary(|_, agenda| agenda.schedule(day(0), ping(1))),
        day(2),
    );
}

#[test]
fn an_event_added_at_the_present_still_happens_even_if_it_sorts_first() {
    let mut agenda = Agenda::new();
    for (mark, phase) in [(0, 5), (1, 7)] {
        agenda.schedule(
            day(1),
            Ping {
                mark,
                phase,
                subject: 0,
            },
        );
    }
    let mut diary = diary(|event, agenda| {
        if event.mark == 0 {
            agenda.schedule(
                agenda.now(),
                Ping {
                    mark: 2,
                    phase: 0,
                    subject: 0,
                },
            );
        }
    });
    agenda.run_until(&mut diary, day(2));
    assert_eq!(diary.marks(), [0, 2, 1]);
}

// 3. Cancellation.

proptest! {
    #[test]
    fn exactly_the_events_called_off_do_not_happen(plan in prop::collection::vec((0_u32..2_000, any::<bool>()), 0..200)) {
        let mut agenda = Agenda::new();
        let mut diary = diary(|_, _| {});
        for (subject, &(at, called_off)) in (0..).zip(&plan) {
            let event = Ping { mark: 0, phase: 0, subject };
            agenda.schedule(day(at), event);
            if called_off {
                diary.called_off.push((day(at), event));
                agenda.call_off();
            }
        }
        prop_assert_eq!(agenda.pending(), plan.iter().filter(|(_, called_off)| !called_off).count());
        prop_assert_eq!(agenda.run_until(&mut diary, Time::MAX), Stop::Exhausted);
        let mut happened: Vec<_> = diary.entries.iter().map(|(_, event)| event.subject).collect();
        happened.sort_unstable();
        let expected: Vec<_> = (0..).zip(&plan).filter(|(_, (_, called_off))| !called_off).map(|(id, _)| id).collect();
        prop_assert_eq!(happened, expected);
    }
}

#[test]
fn an_event_can_call_off_another_at_the_same_time() {
    let mut agenda = Agenda::new();
    for mark in 0..3 {
        agenda.schedule(day(1), ping(mark));
    }
    let mut diary = calling_off(|event, agenda, called_off| {
        if event == ping(0) {
            called_off.push((day(1), ping(1)));
            agenda.call_off();
        }
    });
    agenda.run_until(&mut diary, day(2));
    assert_eq!(diary.marks(), [0, 2]);
}

#[test]
#[should_panic(expected = "an event called off is active and pending")]
fn nothing_can_be_called_off_when_nothing_is_pending() {
    let mut agenda = Agenda::new();
    agenda.schedule_passive(day(1), ping(0));
    agenda.call_off();
}

// 4. Passive events.

#[test]
fn passive_events_happen_only_while_active_ones_are_pending() {
    let mut agenda = Agenda::new();
    agenda.schedule_passive(day(1), ping(1));
    agenda.schedule(day(2), ping(2));
    agenda.schedule_passive(day(3), ping(3));
    let mut diary = diary(|_, _| {});
    assert_eq!(agenda.run_until(&mut diary, day(9)), Stop::Exhausted);
    assert_eq!(diary.marks(), [1, 2]);
    assert_eq!((agenda.now(), agenda.pending()), (day(2), 1));
}

#[test]
fn of_two_equal_events_the_active_one_happens_first() {
    let mut agenda = Agenda::new();
    agenda.schedule_passive(day(1), ping(0));
    agenda.schedule(day(1), ping(0));
    let mut diary = diary(|_, _| {});
    assert_eq!(agenda.run_until(&mut diary, day(2)), Stop::Exhausted);
    assert_eq!((diary.entries.len(), agenda.pending()), (1, 1));
}

#[test]
fn a_periodic_event_comes_at_its_first_time_and_after_each_period() {
    let mut agenda = Agenda::new();
    agenda.schedule_every(day(1), Span::DAY * 3, ping(0));
    agenda.schedule(day(8), ping(1));
    let mut diary = diary(|_, _| {});
    assert_eq!(agenda.run_until(&mut diary, day(99)), Stop::Exhausted);
    assert_eq!(diary.days(), [1, 4, 7, 8]);
    assert_eq!(agenda.pending(), 1);
}

#[test]
fn calling_off_the_last_active_event_exhausts_the_run() {
    let mut agenda = Agenda::new();
    agenda.schedule_every(day(0), Span::DAY, ping(0));
    agenda.schedule(day(50), ping(1));
    let mut diary = calling_off(|_, agenda, called_off| {
        if agenda.now() == day(2) {
            called_off.push((day(50), ping(1)));
            agenda.call_off();
        }
    });
    assert_eq!(agenda.run_until(&mut diary, day(99)), Stop::Exhausted);
    assert_eq!(diary.days(), [0, 1, 2]);
}

#[test]
fn periodic_events_keep_their_periods_apart() {
    let mut agenda = Agenda::new();
    agenda.schedule_every(day(0), Span::DAY * 2, ping(0));
    agenda.schedule_every(day(0), Span::DAY * 3, ping(1));
    agenda.schedule(day(7), ping(2));
    let mut diary = diary(|_, _| {});
    agenda.run_until(&mut diary, day(9));
    assert_eq!(diary.marks(), [0, 1, 0, 1, 0, 0, 1, 2]);
}

#[test]
#[should_panic(expected = "an event has one period")]
fn a_second_period_of_an_event_is_refused() {
    let mut agenda = Agenda::new();
    agenda.schedule_every(day(0), Span::DAY, ping(0));
    agenda.schedule_every(day(1), Span::HOUR, ping(0));
}

#[test]
#[should_panic(expected = "after no time at all would never end")]
fn a_period_of_no_time_is_refused() {
    Agenda::new().schedule_every(day(0), Span::ZERO, ping(0));
}

// 5. Ends.

#[test]
fn a_run_handles_what_lies_before_its_end_and_nothing_at_it() {
    let mut agenda = Agenda::new();
    agenda.schedule(day(1), ping(1));
    agenda.schedule(day(2), ping(2));
    let mut diary = diary(|_, _| {});
    assert_eq!(agenda.run_until(&mut diary, day(2)), Stop::EndReached);
    assert_eq!(agenda.handled(), 1);
    assert_eq!(diary.marks(), [1]);
    assert_eq!((agenda.now(), agenda.pending()), (day(2), 1));
}

#[test]
fn a_stopped_run_ends_after_the_event_that_stopped_it_and_can_go_on() {
    let mut agenda = Agenda::new();
    agenda.stop();
    for mark in 1..4 {
        agenda.schedule(day(5), ping(mark));
    }
    let mut diary = diary(|event, agenda| {
        if event.mark == 2 {
            agenda.stop();
        }
    });
    assert_eq!(agenda.run_until(&mut diary, day(9)), Stop::Stopped);
    assert_eq!(
        (diary.marks(), agenda.now(), agenda.pending()),
        (vec![1, 2], day(5), 1)
    );
    assert_eq!(agenda.run_until(&mut diary, day(9)), Stop::Exhausted);
    assert_eq!(diary.marks(), [1, 2, 3]);
}

#[test]
fn a_run_with_nothing_to_do_is_exhausted_at_once() {
    let mut agenda = Agenda::new();
    agenda.schedule_passive(day(1), ping(0));
    assert_eq!(
        agenda.run_until(&mut diary(|_, _| {}), day(2)),
        Stop::Exhausted
    );
    assert_eq!(agenda.now(), Time::ZERO);
}

#[test]
#[should_panic(expected = "lies before the present")]
fn a_run_cannot_end_in_the_past() {
    let mut agenda = Agenda::new();
    agenda.schedule(day(7), ping(0));
    agenda.run_until(&mut diary(|_, _| {}), day(2));
    agenda.run_until(&mut diary(|_, _| {}), day(1));
}

// 6. Continuation.

/// Runs a busy made-up model to the last of `ends`, pausing at the others.
fn run_in_parts(ends: &[Time]) -> (Vec<(Time, Ping)>, usize) {
    let streams = Streams::new(7, 0);
    let mut agenda = Agenda::new();
    agenda.schedule_every(day(0), Span::HOUR * 7, ping(0));
    for subject in 1..20 {
        agenda.schedule(
            day(0),
            Ping {
                mark: 1,
                phase: 1,
                subject,
            },
        );
    }
    let mut deadlines = [None; 20];
    let mut diary = calling_off(|event, agenda, called_off| {
        if event.mark == 2 {
            deadlines[event.subject as usize] = None;
        }
        if event.mark == 1 {
            let mut draw = streams.draw(event.subject, 0, agenda.now().as_millis());
            agenda.schedule(agenda.now() + Span::from_days(draw.exponential()), event);
            let deadline = &mut deadlines[event.subject as usize];
            if let Some(pending) = deadline.take() {
                called_off.push(pending);
                agenda.call_off();
            }
            let at = agenda.now() + Span::from_days(draw.exponential());
            *deadline = Some((at, Ping { mark: 2, ..event }));
            agenda.schedule(at, Ping { mark: 2, ..event });
        }
    });
    for &end in ends {
        assert_eq!(agenda.run_until(&mut diary, end), Stop::EndReached);
    }
    (diary.entries, agenda.pending())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_run_in_parts_is_the_same_as_one_run(hours in prop::collection::vec(0_u64..2_400, 0..12)) {
        let mut ends: Vec<_> = hours.iter().map(|&hours| Time::ZERO + Span::HOUR * hours).collect();
        ends.push(day(100));
        ends.sort();
        prop_assert_eq!(run_in_parts(&ends), run_in_parts(&[day(100)]));
    }
}

// 7. Memory.

#[test]
fn events_called_off_do_not_pile_up() {
    let mut agenda = Agenda::new();
    agenda.schedule(day(9_000), ping(0));
    agenda.schedule(day(0), ping(1));
    let mut most = 0;
    // Each of its events calls off the deadline that the one before set far ahead.
    let mut diary = Forgetful {
        deadline: None,
        most: &mut most,
    };
    agenda.run_until(&mut diary, day(8_000));
    assert!((1_000..2_100).contains(&most), "{most}");
    assert_eq!(agenda.pending(), 3);
}

/// Sets a deadline every hour and calls it off in the next.
struct Forgetful<'a> {
    deadline: Option<Time>,
    most: &'a mut usize,
}

impl Model for Forgetful<'_> {
    type Event = Ping;

    fn recall(&self, at: Time, phase: u8, code: u64) -> Option<Ping> {
        let event = Ping::of(phase, code);
        (event.mark != 2 || self.deadline == Some(at)).then_some(event)
    }

    fn handle(&mut self, event: Ping, agenda: &mut Agenda<Ping>) {
        if self.deadline.is_some() {
            agenda.call_off();
        }
        let deadline = agenda.now() + Span::DAY * 5_000;
        self.deadline = Some(deadline);
        agenda.schedule(deadline, ping(2));
        agenda.schedule(agenda.now() + Span::HOUR, event);
        *self.most = agenda.queue.len().max(*self.most);
    }
}

#[test]
fn what_is_called_off_and_scheduled_again_for_the_same_moment_happens_once() {
    /// Ten thousand deadlines at one moment, each set twice; then as many that are called off for good.
    struct Undecided {
        happened: usize,
        lapsed: bool,
    }

    impl Model for Undecided {
        type Event = Ping;

        fn recall(&self, _: Time, phase: u8, code: u64) -> Option<Ping> {
            let event = Ping::of(phase, code);
            let stands = match event.mark {
                1 => event.subject >= self.happened as u64,
                2 => !self.lapsed,
                _ => true,
            };
            stands.then_some(event)
        }

        fn handle(&mut self, event: Ping, agenda: &mut Agenda<Ping>) {
            if event.mark == 0 {
                for subject in 0..10_000 {
                    let deadline = Ping { subject, ..ping(1) };
                    agenda.schedule(day(9), deadline);
                    agenda.call_off();
                    agenda.schedule(day(9), deadline);
                    agenda.schedule(day(7), ping(2));
                    agenda.call_off();
                }
                self.lapsed = true;
                // Something to do, so that there is an occasion to sweep.
                agenda.schedule(agenda.now(), ping(3));
            }
            self.happened += usize::from(event.mark == 1);
        }
    }

    let mut agenda = Agenda::new();
    agenda.schedule(day(0), ping(0));
    let mut model = Undecided {
        happened: 0,
        lapsed: false,
    };
    assert_eq!(agenda.run_until(&mut model, day(8)), Stop::EndReached);
    assert_eq!((agenda.pending(), agenda.queue.len()), (10_000, 20_000));
    assert_eq!(agenda.run_until(&mut model, day(10)), Stop::Exhausted);
    assert_eq!((model.happened, agenda.pending()), (10_000, 0));
}
