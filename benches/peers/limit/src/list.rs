//! Two event lists: day buckets with the open day in order, and one binary heap.
//!
//! A moment is a count of ticks since the first midnight, 2^32 to a day, so that its upper half is the day. An event is its tick
//! within the day in the upper half of 64 bits and what happens in the lower.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::border::DAY;

/// Events that are due, in order of time, one day after another.
pub trait EventList {
    /// An empty list of events on `days` days.
    fn new(days: u32) -> Self;

    /// Adds an event at `moment` [ticks], now or later and within the days.
    fn push(&mut self, moment: u64, what: u32);

    /// Begins a day: from now on `peek` and `pop` give its events, less those that `is_stale` says nobody waits for.
    fn open(&mut self, day: u32, is_stale: impl FnMut(u32) -> bool);

    /// The next event of the open day, `u64::MAX` if there is none.
    fn peek(&self) -> u64;

    /// Removes the event that `peek` gives.
    fn pop(&mut self);
}

/// Unsorted buckets for the days to come; the open day is one sorted run and a small heap of what was added since.
///
/// Tried and slower: all of the open day in one heap takes a quarter more time in all, sifting out what is stale without a
/// branch a few percent.
pub struct Buckets {
    days: Vec<Vec<u64>>,
    open_day: u64,
    /// What the day began with, the next event last.
    run: Vec<u64>,
    added: BinaryHeap<Reverse<u64>>,
}

impl Buckets {
    fn next_added(&self) -> u64 {
        self.added.peek().map_or(u64::MAX, |&Reverse(event)| event)
    }
}

impl EventList for Buckets {
    fn new(days: u32) -> Self {
        Self {
            days: vec![Vec::new(); days as usize],
            open_day: 0,
            run: Vec::new(),
            added: BinaryHeap::new(),
        }
    }

    #[inline]
    fn push(&mut self, moment: u64, what: u32) {
        let day = moment / DAY;
        let event = (moment << 32) | u64::from(what);
        if day == self.open_day {
            self.added.push(Reverse(event));
        } else {
            self.days[day as usize].push(event);
        }
    }

    fn open(&mut self, day: u32, mut is_stale: impl FnMut(u32) -> bool) {
        self.open_day = u64::from(day);
        self.run = std::mem::take(&mut self.days[day as usize]);
        self.run.retain(|&event| !is_stale(event as u32));
        self.run.sort_unstable_by_key(|&event| Reverse(event));
    }

    #[inline]
    fn peek(&self) -> u64 {
        let first = self.run.last().copied().unwrap_or(u64::MAX);
        first.min(self.next_added())
    }

    #[inline]
    fn pop(&mut self) {
        if self.run.last().copied().unwrap_or(u64::MAX) <= self.next_added() {
            self.run.pop();
        } else {
            self.added.pop();
        }
    }
}

/// One binary heap of everything, stale timers included until they are due.
pub struct Heap {
    events: BinaryHeap<Reverse<(u64, u32)>>,
    end_of_day: u64,
}

impl EventList for Heap {
    fn new(_: u32) -> Self {
        Self {
            events: BinaryHeap::new(),
            end_of_day: 0,
        }
    }

    #[inline]
    fn push(&mut self, moment: u64, what: u32) {
        self.events.push(Reverse((moment, what)));
    }

    fn open(&mut self, day: u32, _: impl FnMut(u32) -> bool) {
        self.end_of_day = (u64::from(day) + 1) * DAY;
    }

    #[inline]
    fn peek(&self) -> u64 {
        match self.events.peek() {
            Some(&Reverse((moment, what))) if moment < self.end_of_day => {
                (moment << 32) | u64::from(what)
            }
            _ => u64::MAX,
        }
    }

    #[inline]
    fn pop(&mut self) {
        self.events.pop();
    }
}
