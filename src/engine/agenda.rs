//! The clock and the event list: what happens next, and when a run ends.

use super::entry::{Entry, Role};
use super::handle::Slots;
use super::queue::{Dated, Queue};
use super::time::{Span, Time};

pub use super::entry::Event;
pub use super::handle::Handle;

#[cfg(test)]
mod tests;

/// What events happen to: the state of the world and how each event changes it.
pub trait Model {
    /// What can happen in this model.
    type Event: Event;

    /// Lets an event happen at [`Agenda::now`], and schedules what follows from it.
    fn handle(&mut self, event: Self::Event, agenda: &mut Agenda<Self::Event>);

    /// Told of an event soon to be handled, unless it is called off: a model larger than the cache looks at what the
    /// event will need. Dozens are told at a time, so that the memory fetches them together and not one by one.
    ///
    /// For speed only; it changes nothing, and not every event is told beforehand.
    fn foresee(&self, event: &Self::Event) {
        let _ = event;
    }
}

/// Events that a model is told of at a time.
const FORESEEN: usize = 32;

/// The clock and all pending events.
#[derive(Debug)]
pub struct Agenda<E> {
    now: Time,
    queue: Queue<Entry<E>>,
    slots: Slots,
    periods: Vec<Span>,
    /// Pending events that keep the run alive.
    active: usize,
    /// Entries of the queue whose event was called off.
    dead: usize,
    stopping: bool,
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
            slots: Slots::default(),
            periods: Vec::new(),
            active: 0,
            dead: 0,
            stopping: false,
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

    /// Schedules an event that can be called off by its handle.
    ///
    /// # Panics
    /// If `at` lies in the past.
    pub fn schedule_cancellable(&mut self, at: Time, event: E) -> Handle {
        let (slot, handle) = self.slots.take();
        self.add(at, event, Role::Cancellable(slot));
        handle
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
    /// If `first` lies in the past or `every` is zero.
    pub fn schedule_every(&mut self, first: Time, every: Span, event: E) {
        assert!(
            every > Span::ZERO,
            "an event that comes again after no time at all would never end"
        );
        let index = u32::try_from(self.periods.len())
            .expect("fewer than 2^32 periodic events are scheduled");
        self.periods.push(every);
        self.add(first, event, Role::Periodic(index));
    }

    /// Calls off the event of a handle; false if it has happened or was called off before.
    pub fn cancel(&mut self, handle: Handle) -> bool {
        let cancelled = self.slots.cancel(handle);
        if cancelled {
            self.active -= 1;
            self.dead += 1;
            self.sweep();
        }
        cancelled
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
    /// If `end` lies in the past.
    pub fn run_until<M: Model<Event = E>>(&mut self, model: &mut M, end: Time) -> Stop {
        assert!(
            end >= self.now,
            "the end of the run, {end:?}, lies before the present, {:?}",
            self.now
        );
        self.stopping = false;
        let mut foreseen = 0_usize;
        while self.active > 0 {
            if foreseen == 0 {
                for entry in self.queue.upcoming(FORESEEN) {
                    model.foresee(&entry.event);
                }
                foreseen = FORESEEN;
            }
            foreseen -= 1;
            let Some(entry) = self.queue.pop_before(end) else {
                self.now = end;
                return Stop::EndReached;
            };
            if !self.leaves_queue(&entry) {
                continue;
            }
            self.now = entry.time();
            model.handle(entry.event, self);
            if self.stopping {
                return Stop::Stopped;
            }
        }
        Stop::Exhausted
    }

    fn add(&mut self, at: Time, event: E, role: Role) {
        assert!(at >= self.now, "{}", PastEvent { at, now: self.now });
        self.active += usize::from(role.is_active());
        self.queue.push(Entry::new(at, event, role));
    }

    /// Settles the accounts of an entry taken from the queue; false if its event was called off.
    fn leaves_queue(&mut self, entry: &Entry<E>) -> bool {
        match entry.role {
            Role::Active => self.active -= 1,
            Role::Cancellable(slot) if self.slots.release(slot) => self.active -= 1,
            Role::Cancellable(_) => {
                self.dead -= 1;
                return false;
            }
            Role::Passive => {}
            Role::Periodic(index) => {
                let next = entry.time() + self.periods[index as usize];
                self.queue.push(Entry::new(next, entry.event, entry.role));
            }
        }
        true
    }

    /// Clears the queue of dead entries once they are most of it: memory follows the pending events, and the cost of
    /// the sweep is shared by as many cancellations.
    fn sweep(&mut self) {
        const WORTHWHILE: usize = 1_024;
        if self.dead < WORTHWHILE || self.dead <= self.pending() {
            return;
        }
        let slots = &mut self.slots;
        self.queue.retain(|entry| match entry.role {
            Role::Cancellable(slot) if !slots.is_pending(slot) => {
                slots.release(slot);
                false
            }
            _ => true,
        });
        self.dead = 0;
    }
}
