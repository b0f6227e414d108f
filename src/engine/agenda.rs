//! The clock and the event list: what happens next, and when a run ends.

use std::marker::PhantomData;

use super::entry::{Role, note};
use super::queue::{Note, Queue, Ranks};
use super::time::{Span, Time};

pub use super::entry::{CODE_BITS, Event};

#[cfg(test)]
mod tests;

/// What events happen to: the state of the world and how each event changes it.
pub trait Model {
    /// What can happen in this model.
    type Event: Event;

    /// Lets an event happen at [`Agenda::now`], and schedules what follows from it.
    fn handle(&mut self, event: Self::Event, agenda: &mut Agenda<Self::Event>);

    /// The event of a phase and a code that was to happen at a time; `None` if it was called off: it does not happen. Asked when
    /// its time is near and again when it has come. Of equal events as many happen as were not called off.
    ///
    /// Most models know what each of their subjects does next; what differs from that was called off. The model that
    /// calls an event off also says so, by [`Agenda::call_off`]. A code that is used again within its last hours, for an event of
    /// the same time and phase, has the place among simultaneous ones that the first asking gave it.
    fn recall(&self, at: Time, phase: u8, code: u64) -> Option<Self::Event>;

    /// Told of an event that will soon be recalled: a model larger than the cache has what it will need fetched meanwhile.
    ///
    /// For speed only; it changes nothing. Not every event is told beforehand, and some of those told were called off.
    fn foresee(&self, phase: u8, code: u64) {
        let _ = (phase, code);
    }
}

/// The clock and all pending events.
#[derive(Debug)]
pub struct Agenda<E> {
    now: Time,
    queue: Queue,
    /// Periodic events with their periods.
    periods: Vec<(Note, Span)>,
    /// Pending events that keep the run alive.
    active: usize,
    /// Notes of the queue whose event was called off.
    dead: usize,
    /// Those of them that the last sweep left, since each equals a note that stands: called off and scheduled again.
    twins: usize,
    handled: u64,
    stopping: bool,
    event: PhantomData<E>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Every event before the end has been handled, and now it is the end.
    EndReached,
    /// No active event is left; it is still the time of the last event handled, and passive events stay pending.
    Exhausted,
    /// The model stopped the run; it is the time of the event that did, and all others stay pending.
    Stopped,
}

/// An event was to happen in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("event at {} ms lies before the present, {} ms", at.as_millis(), now.as_millis())]
pub struct PastEvent {
    /// When it was to happen.
    pub at: Time,
    /// What time it was when it was scheduled.
    pub now: Time,
}

impl<E: Event> Default for Agenda<E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<E: Event> Agenda<E> {
    /// An empty agenda at [`Time::ZERO`].
    #[must_use]
    pub fn new() -> Self {
        Self {
            now: Time::ZERO,
            queue: Queue::new(),
            periods: Vec::new(),
            active: 0,
            dead: 0,
            twins: 0,
            handled: 0,
            stopping: false,
            event: PhantomData,
        }
    }

    /// The present: the time of the event being handled; between runs, see [`Stop`].
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Number of pending events, active and passive, without those called off.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.queue.len() - self.dead
    }

    /// Number of events handled so far.
    #[must_use]
    pub fn handled(&self) -> u64 {
        self.handled
    }

    /// Schedules an event, at the present or later.
    ///
    /// An event at the present is handled in this run after the one being handled, even if it sorts before that one.
    ///
    /// # Panics
    /// If `at` lies in the past, which is a mistake in the model; [`Agenda::try_schedule`] returns an error instead.
    pub fn schedule(&mut self, at: Time, event: E) {
        self.add(at, event, Role::Active);
    }

    /// Schedules an event, as [`Agenda::schedule`] does, where the past is no mistake of the model.
    ///
    /// # Errors
    /// If `at` lies in the past; the agenda is then as it was.
    pub fn try_schedule(&mut self, at: Time, event: E) -> Result<(), PastEvent> {
        if at < self.now {
            return Err(PastEvent { at, now: self.now });
        }
        self.schedule(at, event);
        Ok(())
    }

    /// Schedules an event that happens only if active events keep the run going until then.
    ///
    /// # Panics
    /// If `at` lies in the past.
    pub fn schedule_passive(&mut self, at: Time, event: E) {
        self.add(at, event, Role::Passive);
    }

    /// Schedules an event at `first` and again after each span of `every`, for as long as active events keep the run
    /// going.
    ///
    /// # Panics
    /// If `first` lies in the past, `every` is zero, or the event is periodic already.
    pub fn schedule_every(&mut self, first: Time, every: Span, event: E) {
        assert!(
            every > Span::ZERO,
            "an event that comes again after no time at all would never end"
        );
        let name = note(event, Role::Periodic);
        assert!(
            self.periods.iter().all(|&(known, _)| known != name),
            "an event has one period"
        );
        self.periods.push((name, every));
        self.add(first, event, Role::Periodic);
    }

    /// Takes note that a pending active event was called off: from now on the model does not
    /// [recall](Model::recall) it. It keeps no run alive any more.
    ///
    /// # Panics
    /// If no active event is pending.
    pub fn call_off(&mut self) {
        self.active = self
            .active
            .checked_sub(1)
            .expect("an event called off is active and pending");
        self.dead += 1;
    }

    /// Ends the run once the event being handled has been; without effect between runs.
    pub fn stop(&mut self) {
        self.stopping = true;
    }

    /// Handles in order every event before `end`; the result says why the run ended, and at what time.
    ///
    /// A further call goes on from there. Events at `end` itself belong to the next run.
    ///
    /// # Panics
    /// If `end` lies in the past, or if an event does not stand that was never called off.
    pub fn run_until<M: Model<Event = E>>(&mut self, model: &mut M, end: Time) -> Stop {
        assert!(
            end >= self.now,
            "the end of the run, {end:?}, lies before the present, {:?}",
            self.now
        );
        self.stopping = false;
        while self.active > 0 {
            if !self.queue.is_open() {
                self.open_next(end, model);
            }
            let Some((at, note)) = self.queue.pop_open(end) else {
                self.now = end;
                return Stop::EndReached;
            };
            let event = model.recall(at, note.phase(), note.code());
            if note.role() == Role::Active {
                if event.is_none() {
                    self.bury(1);
                    continue;
                }
                let active = self.active.checked_sub(1);
                self.active = active.expect("an event that was called off is not recalled");
            }
            let event = event.expect("only active events are called off");
            if note.role() == Role::Periodic {
                self.come_again(at, event);
            }
            self.now = at;
            self.handled += 1;
            model.handle(event, self);
            if self.stopping {
                return Stop::Stopped;
            }
        }
        Stop::Exhausted
    }

    #[expect(clippy::inline_always, reason = "measured: a tenth of scheduling")]
    #[inline(always)]
    fn add(&mut self, at: Time, event: E, role: Role) {
        assert!(at >= self.now, "{}", PastEvent { at, now: self.now });
        self.active += usize::from(role == Role::Active);
        self.queue.push(at, note(event, role), event.rank());
    }

    /// Has the queue open its next notes, if any begin before `end`, without those called off.
    fn open_next<M: Model<Event = E>>(&mut self, end: Time, model: &M) {
        self.sweep(model);
        let mut standing = Standing { model, dropped: 0 };
        self.queue.open_next(end, &mut standing);
        self.bury(standing.dropped);
    }

    /// Takes events that were called off out of the account.
    fn bury(&mut self, events: usize) {
        let dead = self.dead.checked_sub(events);
        self.dead = dead.expect("an event that is not recalled was called off");
        self.twins = self.twins.min(self.dead);
    }

    /// Puts a periodic event on the list again.
    fn come_again(&mut self, at: Time, event: E) {
        let name = note(event, Role::Periodic);
        let period = self.periods.iter().find(|&&(known, _)| known == name);
        let &(_, period) = period.expect("every periodic event has its period");
        self.queue.push(at + period, name, event.rank());
    }

    /// Clears the queue of dead notes once there are twice as many as pending: memory follows the pending events, and the
    /// cost of the sweep is shared by as many cancellations.
    fn sweep<M: Model<Event = E>>(&mut self, model: &M) {
        const WORTHWHILE: usize = 1_024;
        let found = self.dead.saturating_sub(self.twins);
        if found < WORTHWHILE || found <= 2 * self.pending() {
            return;
        }
        let before = self.queue.len();
        self.queue.retain(|at, note| {
            note.role() != Role::Active || model.recall(at, note.phase(), note.code()).is_some()
        });
        self.dead -= before - self.queue.len();
        self.twins = self.dead;
    }
}

/// The events that a model recalls, for the queue.
struct Standing<'a, M> {
    model: &'a M,
    /// Those that it did not recall.
    dropped: usize,
}

impl<M: Model> Ranks for Standing<'_, M> {
    #[inline]
    fn rank(&mut self, at: Time, note: Note) -> Option<u64> {
        let event = self.model.recall(at, note.phase(), note.code());
        self.dropped += usize::from(event.is_none());
        event.map(Event::rank)
    }

    #[inline]
    fn foresee(&self, note: Note) {
        self.model.foresee(note.phase(), note.code());
    }
}
