//! The priority queue under the event list: a calendar of buckets.
//!
//! Most events lie days or months ahead, and all events of some hours are wanted together. So an item for later is
//! appended to the unsorted bucket of its hours; when a bucket opens, it is sorted once and then read off, and items added
//! to the open bucket go through a small binary heap. Items beyond the calendar wait in one unsorted list until the
//! calendar reaches them. (A calendar queue, Brown 1988, doi:10.1145/63039.63045, with the year fixed and the sorting
//! postponed as in the ladder queue, Tang, Goh & Thng 2005, doi:10.1145/1103323.1103324.)

use std::collections::VecDeque;
use std::mem;

use super::time::{Span, Time};

mod chunks;
mod front;
mod spread;
#[cfg(test)]
mod tests;

use chunks::{Chunks, List};
use spread::Spread;

pub(crate) use front::Front;

/// Something that waits for a moment; its `Ord` must put earlier moments first.
pub trait Dated {
    /// The moment.
    fn time(&self) -> Time;
}

/// Six hours in milliseconds: the width of the buckets in use.
pub const QUARTER_DAY: u64 = Span::DAY.as_millis() / 4;

/// Number of buckets ahead of the open one when the calendar is filled from the far list.
const BUCKETS: u64 = 4_096;

/// Items in ascending order, for pushes that mostly lie well ahead of the pops; buckets are `WIDTH` ms wide.
#[derive(Debug)]
pub struct Queue<T, const WIDTH: u64 = QUARTER_DAY> {
    /// Number of the open bucket: that of moment t is t / `WIDTH`.
    open: u64,
    /// What the open bucket holds.
    front: Front<T>,
    /// The buckets after the open one, as many as have been needed.
    ahead: VecDeque<List>,
    /// What the buckets ahead hold.
    chunks: Chunks<T>,
    /// Buffers for sorting a bucket.
    spread: Spread<T>,
    /// Number of the last bucket of the calendar; `far` holds what lies beyond.
    last: u64,
    far: Vec<T>,
    len: usize,
}

impl<T: Copy + Ord + Dated, const WIDTH: u64> Default for Queue<T, WIDTH> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Copy + Ord + Dated, const WIDTH: u64> Queue<T, WIDTH> {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: 0,
            front: Front::default(),
            ahead: VecDeque::new(),
            chunks: Chunks::default(),
            spread: Spread::default(),
            last: BUCKETS,
            far: Vec::new(),
            len: 0,
        }
    }

    /// Number of items.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no item.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an item.
    pub fn push(&mut self, item: T) {
        self.len += 1;
        self.file(item);
    }

    /// Removes the first item, if it is due before `end`.
    #[inline]
    pub fn pop_before(&mut self, end: Time) -> Option<T> {
        while self.front.is_empty() {
            if !self.open_next(end) {
                return None;
            }
        }
        let first = self.front.pop_if(|first| first.time() < end)?;
        self.len -= 1;
        Some(first)
    }

    /// The item that comes some places after the next: of those already sorted, without what was added among them since.
    #[must_use]
    #[inline]
    pub fn ahead(&self, places: usize) -> Option<&T> {
        self.front.ahead(places)
    }

    /// Keeps only the items that satisfy a condition.
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.front.retain(&mut keep);
        self.far.retain(&mut keep);
        for bucket in &mut self.ahead {
            self.chunks.retain(bucket, &mut keep);
        }
        let ahead: usize = self.ahead.iter().map(|list| list.len()).sum();
        self.len = self.front.len() + self.far.len() + ahead;
    }

    #[expect(clippy::inline_always, reason = "measured: a tenth of scheduling")]
    #[inline(always)]
    fn file(&mut self, item: T) {
        let bucket = item.time().as_millis() / WIDTH;
        if bucket <= self.open {
            self.front.push(item);
        } else if bucket <= self.last {
            let index = (bucket - self.open - 1) as usize;
            if index >= self.ahead.len() {
                self.ahead.resize_with(index + 1, List::default);
            }
            self.chunks.push(&mut self.ahead[index], item);
        } else {
            self.far.push(item);
        }
    }

    /// Opens the next bucket that holds an item, unless it begins at `end` or later.
    fn open_next(&mut self, end: Time) -> bool {
        // Short of `end`, so that what is pushed from there on still finds its bucket closed.
        while (self.open + 1) * WIDTH < end.as_millis() {
            if let Some(mut bucket) = self.ahead.pop_front() {
                self.open += 1;
                if bucket.len() > 0 {
                    let items = &mut self.front.sorted;
                    self.chunks.drain(&mut bucket, items);
                    let start = self.open * WIDTH;
                    self.spread.sort_descending(items, start, WIDTH);
                    return true;
                }
            } else if !self.refill(end) {
                return false;
            }
        }
        false
    }

    /// Moves the calendar on to the earliest of the far items, unless its bucket begins at `end` or later.
    fn refill(&mut self, end: Time) -> bool {
        let Some(first) = self.far.iter().map(Dated::time).min() else {
            return false;
        };
        let bucket = first.as_millis() / WIDTH;
        if bucket * WIDTH >= end.as_millis() {
            return false;
        }
        self.open = bucket - 1;
        self.last = self.open + BUCKETS;
        for item in mem::take(&mut self.far) {
            self.file(item);
        }
        true
    }
}
