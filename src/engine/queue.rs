//! The priority queue under the event list: a calendar of buckets, and the open bucket in parts.
//!
//! Most events lie days or months ahead. So a note for later is appended, unsorted, to the bucket of its hours, in one word: its
//! time within the bucket and what is noted. When a bucket opens, its notes are spread over parts of it, a few to a part; when a
//! part opens, those that still stand are given their rank and sorted. Notes for the open bucket go to their part at once, and
//! those for the open part through a small binary heap. Notes beyond the calendar wait in one unsorted list until the calendar
//! reaches them. (A calendar queue, Brown 1988, doi:10.1145/63039.63045, with the year fixed and the sorting postponed as in the
//! ladder queue, Tang, Goh & Thng 2005, doi:10.1145/1103323.1103324, with two rungs.)

use std::collections::VecDeque;
use std::mem;

use super::time::{Span, Time};

mod chunks;
mod front;
mod open_bucket;
#[cfg(test)]
mod tests;

use chunks::{Chunks, List};
use open_bucket::OpenBucket;

pub(crate) use front::Front;

/// Bits of a note.
pub const NOTE_BITS: u32 = 40;

/// What is kept of something that waits for a moment, in [`NOTE_BITS`] bits, of which the four high ones come first in the
/// order of notes of the same moment, then the rank, then the other bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note(pub u64);

/// Bits of a note that come before its rank: the phase of an event.
pub(crate) const PHASE_BITS: u32 = 4;

/// Bits of a time within a bucket: buckets are 2^24 ms wide, 4.7 hours.
const OFFSET_BITS: u32 = u64::BITS - NOTE_BITS;

/// Number of buckets ahead of the open one when the calendar is filled from the far list: a little over two years.
const BUCKETS: u64 = 4_096;

/// Who knows the ranks of what is noted, asked when its moment is near.
pub trait Ranks {
    /// The rank of a note among those of its moment and phase; `None` drops it from the queue.
    fn rank(&mut self, at: Time, note: Note) -> Option<u64>;

    /// Told of a note whose rank will soon be asked for. For speed only.
    fn foresee(&self, note: Note) {
        let _ = note;
    }
}

/// Notes in order of their moments, for pushes that mostly lie well ahead of the pops.
#[derive(Debug)]
pub struct Queue {
    /// Number of the open bucket: that of a moment is its upper bits.
    open: u64,
    /// What it holds.
    bucket: OpenBucket,
    /// The buckets after the open one, as many as have been needed.
    ahead: VecDeque<List>,
    /// What the buckets ahead hold: times within the bucket, and notes.
    chunks: Chunks<u64>,
    /// Number of the last bucket of the calendar; `far` holds what lies beyond.
    last: u64,
    far: Vec<(Time, Note)>,
    len: usize,
}

impl Default for Queue {
    fn default() -> Self {
        Self::new()
    }
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: 0,
            bucket: OpenBucket::default(),
            ahead: VecDeque::new(),
            chunks: Chunks::default(),
            last: BUCKETS,
            far: Vec::new(),
            len: 0,
        }
    }

    /// Number of notes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no note.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a note of a rank.
    #[inline]
    pub fn push(&mut self, at: Time, note: Note, rank: u64) {
        self.len += 1;
        let bucket = bucket_of(at);
        debug_assert!(note.0 >> NOTE_BITS == 0, "a note spills into its time");
        debug_assert!(
            bucket >= self.open,
            "a note is for the open bucket or later"
        );
        if bucket > self.open {
            self.file(at, note);
        } else {
            self.bucket.push(word(at, note), rank);
        }
    }

    /// Removes the first note, if it is due before `end`.
    pub fn pop_before(&mut self, end: Time, ranks: &mut impl Ranks) -> Option<(Time, Note)> {
        if !self.is_open() {
            self.open_next(end, ranks);
        }
        self.pop_open(end)
    }

    /// Whether the next notes are ready: sorted, and with their ranks.
    #[inline]
    pub(super) fn is_open(&self) -> bool {
        !self.bucket.front_is_empty()
    }

    /// Removes the first note of those that are ready, if it is due before `end`.
    #[inline]
    pub(super) fn pop_open(&mut self, end: Time) -> Option<(Time, Note)> {
        let first = self.bucket.pop_before(end)?;
        self.len -= 1;
        Some(first)
    }

    /// Gets the next notes ready, unless none can be due before `end`.
    pub(super) fn open_next(&mut self, end: Time, ranks: &mut impl Ranks) {
        while !self.is_open() && self.open_part(end, ranks) {}
    }

    /// Keeps only the notes that satisfy a condition.
    pub fn retain(&mut self, mut keep: impl FnMut(Time, Note) -> bool) {
        self.bucket.retain(&mut keep);
        self.far.retain(|&(at, note)| keep(at, note));
        for (bucket, list) in (self.open + 1..).zip(&mut self.ahead) {
            self.chunks
                .retain(list, |&word| keep(time_in(bucket, word), note_in(word)));
        }
        let ahead: usize = self.ahead.iter().map(|list| list.len()).sum();
        self.len = self.bucket.len() + self.far.len() + ahead;
    }

    /// Keeps a note for a bucket after the open one.
    #[inline]
    fn file(&mut self, at: Time, note: Note) {
        let index = (bucket_of(at) - self.open - 1) as usize;
        match self.ahead.get_mut(index) {
            Some(list) => self.chunks.push(list, word(at, note)),
            None => self.file_beyond(at, note),
        }
    }

    /// Keeps a note for a bucket after the last that has been needed.
    #[cold]
    fn file_beyond(&mut self, at: Time, note: Note) {
        let bucket = bucket_of(at);
        if bucket > self.last {
            self.far.push((at, note));
            return;
        }
        let buckets = (bucket - self.open) as usize;
        self.ahead.resize_with(buckets, List::default);
        self.file(at, note);
    }

    /// Opens the next part of the open bucket that holds a note, or the next bucket; false if there is none that begins before
    /// `end`.
    fn open_part(&mut self, end: Time, ranks: &mut impl Ranks) -> bool {
        if let Some(dropped) = self.bucket.open_next(ranks) {
            self.len -= dropped;
            return true;
        }
        // Short of `end`, so that what is pushed from there on still finds its bucket closed.
        while start_of(self.open + 1) < end {
            if let Some(mut bucket) = self.ahead.pop_front() {
                self.open += 1;
                let notes = self.bucket.begin(self.open);
                self.chunks.drain(&mut bucket, notes);
                self.bucket.spread();
                if self.bucket.len() > 0 {
                    return true;
                }
            } else if !self.refill(end) {
                return false;
            }
        }
        false
    }

    /// Moves the calendar on to the earliest of the far notes, unless its bucket begins at `end` or later.
    fn refill(&mut self, end: Time) -> bool {
        let Some(first) = self.far.iter().map(|&(at, _)| at).min() else {
            return false;
        };
        let bucket = bucket_of(first);
        if start_of(bucket) >= end {
            return false;
        }
        self.open = bucket - 1;
        self.bucket.begin(self.open).clear();
        self.bucket.spread();
        self.last = self.open + BUCKETS;
        for (at, note) in mem::take(&mut self.far) {
            self.file(at, note);
        }
        true
    }
}

/// Number of the bucket of a moment.
fn bucket_of(at: Time) -> u64 {
    at.as_millis() >> OFFSET_BITS
}

/// First moment of a bucket.
fn start_of(bucket: u64) -> Time {
    Time::ZERO + Span::from_millis(bucket << OFFSET_BITS)
}

/// A note and its time within its bucket, which comes first, in one word.
fn word(at: Time, note: Note) -> u64 {
    at.as_millis() << NOTE_BITS | note.0
}

/// The moment of a word in a bucket.
#[inline]
fn time_in(bucket: u64, word: u64) -> Time {
    Time::at_millis(bucket << OFFSET_BITS | word >> NOTE_BITS)
}

#[inline]
fn note_in(word: u64) -> Note {
    Note(word & ((1 << NOTE_BITS) - 1))
}
