//! The open bucket: its notes in parts, one part after another sorted when it opens.

use super::super::time::Time;
use super::{Front, NOTE_BITS, Note, OFFSET_BITS, PHASE_BITS, Ranks, note_in, time_in};

/// Bits of the fewest parts, and of the most.
const FEWEST: u32 = 6;
const MOST: u32 = 20;

/// Notes that a part is expected to hold: opening a part takes as long as sorting a few.
const IN_A_PART: usize = 8;

/// So many notes ahead of the present part a note is told of: in their time the memory answers.
const FORESEEN: usize = 12;

/// No note came late.
const NONE: u32 = u32::MAX;

/// The notes of the open bucket.
#[derive(Debug)]
pub(super) struct OpenBucket {
    /// Number of the bucket.
    bucket: u64,
    /// Number of the part of a time within the bucket: its bits from here up.
    shift: u32,
    /// The next part to open.
    next: usize,
    parts: Vec<Part>,
    /// Notes that the bucket opened with, part by part.
    notes: Vec<u64>,
    /// Notes that came once the bucket was open.
    late: Vec<Late>,
    /// Notes in the parts that have not opened.
    unopened: usize,
    /// Notes of the parts that have opened.
    front: Front<Ranked>,
    /// Notes as they are given to this bucket.
    given: Vec<u64>,
}

/// A part of the bucket.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// Where its notes begin; they end where those of the next begin.
    begin: u32,
    /// The last note that came late to it, if any.
    late: u32,
}

/// A note that came late.
#[derive(Debug, Clone, Copy)]
struct Late {
    word: u64,
    /// The one before it in its part, if any.
    before: u32,
}

/// A note with its rank, in one number. From the high bits down: the time within the bucket and the phase; the rank; what is left
/// of the note.
type Ranked = u128;

const RANK_BITS: u32 = u64::BITS;
const REST_BITS: u32 = NOTE_BITS - PHASE_BITS;

const _: () = assert!(OFFSET_BITS + PHASE_BITS + RANK_BITS + REST_BITS == u128::BITS);

#[inline]
fn ranked(word: u64, rank: u64) -> Ranked {
    let rest = word & ((1 << REST_BITS) - 1);
    u128::from(word >> REST_BITS) << (RANK_BITS + REST_BITS)
        | u128::from(rank) << REST_BITS
        | u128::from(rest)
}

/// The note and its time within the bucket, without the rank.
#[inline]
fn word_in(ranked: Ranked) -> u64 {
    let rest = ranked as u64 & ((1 << REST_BITS) - 1);
    ((ranked >> (RANK_BITS + REST_BITS)) as u64) << REST_BITS | rest
}

impl Default for OpenBucket {
    fn default() -> Self {
        let mut parts = Self {
            bucket: 0,
            shift: 0,
            next: 0,
            parts: Vec::new(),
            notes: Vec::new(),
            late: Vec::new(),
            unopened: 0,
            front: Front::default(),
            given: Vec::new(),
        };
        parts.spread();
        parts
    }
}

impl OpenBucket {
    /// Number of notes.
    pub(super) fn len(&self) -> usize {
        self.unopened + self.front.len()
    }

    #[inline]
    pub(super) fn front_is_empty(&self) -> bool {
        self.front.is_empty()
    }

    /// Begins a bucket, once the last one is empty: its notes go into the vector.
    pub(super) fn begin(&mut self, bucket: u64) -> &mut Vec<u64> {
        debug_assert!(self.len() == 0, "a bucket is left when it is empty");
        self.bucket = bucket;
        self.given.clear();
        &mut self.given
    }

    /// Spreads the notes given over parts; as many notes as came late to the bucket before are expected to come late.
    pub(super) fn spread(&mut self) {
        let expected = self.given.len() + self.late.len();
        let parts = (expected / IN_A_PART).next_power_of_two();
        self.next = 0;
        self.spread_over(parts.ilog2().clamp(FEWEST, MOST));
    }

    fn spread_over(&mut self, bits: u32) {
        let begin = Part {
            begin: 0,
            late: NONE,
        };
        self.shift = OFFSET_BITS - bits;
        self.late.clear();
        self.parts.clear();
        // One more, so that the notes of the last part have an end.
        self.parts.resize((1 << bits) + 1, begin);
        let shift = NOTE_BITS + self.shift;
        for word in &self.given {
            self.parts[(word >> shift) as usize].begin += 1;
        }
        let mut sum = 0;
        for part in &mut self.parts {
            sum += part.begin;
            part.begin = sum;
        }
        self.notes.clear();
        self.notes.resize(self.given.len(), 0);
        // Each part is filled from its end, so that what is told of it comes to be its beginning.
        for &word in &self.given {
            let place = &mut self.parts[(word >> shift) as usize].begin;
            *place -= 1;
            self.notes[*place as usize] = word;
        }
        self.unopened = self.given.len();
    }

    /// Adds a note of a rank.
    #[inline]
    pub(super) fn push(&mut self, word: u64, rank: u64) {
        let part = (word >> (NOTE_BITS + self.shift)) as usize;
        if part < self.next {
            self.front.push(ranked(word, rank));
            return;
        }
        let last = &mut self.parts[part].late;
        let before = std::mem::replace(last, self.late.len() as u32);
        self.late.push(Late { word, before });
        self.unopened += 1;
    }

    /// Opens the next part that holds notes, and says how many of them were dropped; `None` if there is no such part.
    pub(super) fn open_next(&mut self, ranks: &mut impl Ranks) -> Option<usize> {
        if self.unopened == 0 {
            return None;
        }
        let (part, mut late, end) = self.next_part();
        self.next = part + 1;
        let begin = self.parts[part].begin as usize;
        let bucket = self.bucket;
        let sorted = &mut self.front.sorted;
        let mut count = end - begin;
        for place in begin..end {
            if let Some(&word) = self.notes.get(place + FORESEEN) {
                ranks.foresee(note_in(word));
            }
            let word = self.notes[place];
            if let Some(rank) = ranks.rank(time_in(bucket, word), note_in(word)) {
                sorted.push(ranked(word, rank));
            }
        }
        while late != NONE {
            let Late { word, before } = self.late[late as usize];
            if let Some(rank) = ranks.rank(time_in(bucket, word), note_in(word)) {
                sorted.push(ranked(word, rank));
            }
            late = before;
            count += 1;
        }
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        self.unopened -= count;
        Some(count - self.front.sorted.len())
    }

    /// The next part that holds notes: its number, its last late note, and the end of the others.
    fn next_part(&self) -> (usize, u32, usize) {
        let unopened = self.parts[self.next..].windows(2);
        let mut numbered = (self.next..).zip(unopened);
        let held = numbered.find_map(|(number, parts)| match parts {
            [part, after] if part.late != NONE || part.begin < after.begin => {
                Some((number, part.late, after.begin as usize))
            }
            _ => None,
        });
        held.expect("a note that has not been opened is in a part")
    }

    /// Removes the first note of the open parts, if it is due before `end`.
    #[inline]
    pub(super) fn pop_before(&mut self, end: Time) -> Option<(Time, Note)> {
        let bucket = self.bucket;
        let at = |&ranked: &Ranked| time_in(bucket, word_in(ranked));
        let first = self.front.pop_if(|first| at(first) < end)?;
        Some((at(&first), note_in(word_in(first))))
    }

    /// Keeps only the notes that satisfy a condition.
    pub(super) fn retain(&mut self, keep: &mut impl FnMut(Time, Note) -> bool) {
        let bucket = self.bucket;
        let mut stays = |word| keep(time_in(bucket, word), note_in(word));
        self.front.retain(|&ranked| stays(word_in(ranked)));
        // Those that came late to parts that have opened are in front.
        let unopened = &self.parts[self.next..];
        let opened = unopened.first().map_or(0, |part| part.begin as usize);
        self.given.clear();
        self.given.extend_from_slice(&self.notes[opened..]);
        for part in unopened {
            let mut late = part.late;
            while late != NONE {
                let Late { word, before } = self.late[late as usize];
                self.given.push(word);
                late = before;
            }
        }
        self.given.retain(|&word| stays(word));
        // The same parts, of which the same have opened.
        self.spread_over(OFFSET_BITS - self.shift);
    }
}
