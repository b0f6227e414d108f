//! The event list and its rivals, behind one trait.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use dary_heap::OctonaryHeap;
use portflow::engine::queue::{Note, Queue, Ranks};
use portflow::engine::{Span, Time};
use radix_heap::RadixHeapMap;

/// As an entry of the event list: time in the high bits of a number, then what tells events of the same time apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Item(u128);

impl Item {
    pub(crate) fn new(time: Time, subject: u64) -> Self {
        Self(u128::from(time.as_millis()) << 64 | u128::from(subject))
    }

    pub(crate) fn subject(self) -> u64 {
        self.0 as u64
    }

    pub(crate) fn time(self) -> Time {
        Time::ZERO + Span::from_millis((self.0 >> 64) as u64)
    }
}

/// What takes items in any order and gives them back in theirs.
pub(crate) trait Rival: Default {
    fn add(&mut self, item: Item);
    fn take_first(&mut self) -> Option<Item>;
}

/// Whom a note concerns is all that it says.
struct Subjects;

impl Ranks for Subjects {
    fn rank(&mut self, _: Time, note: Note) -> Option<u64> {
        Some(note.0)
    }
}

impl Rival for Queue {
    fn add(&mut self, item: Item) {
        let subject = item.subject();
        self.push(item.time(), Note(subject), subject);
    }

    fn take_first(&mut self) -> Option<Item> {
        let (time, note) = self.pop_before(Time::MAX, &mut Subjects)?;
        Some(Item::new(time, note.0))
    }
}

impl Rival for BinaryHeap<Reverse<Item>> {
    fn add(&mut self, item: Item) {
        self.push(Reverse(item));
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop().map(|item| item.0)
    }
}

impl Rival for BTreeSet<Item> {
    fn add(&mut self, item: Item) {
        self.insert(item);
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop_first()
    }
}

impl Rival for OctonaryHeap<Reverse<Item>> {
    fn add(&mut self, item: Item) {
        self.push(Reverse(item));
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop().map(|item| item.0)
    }
}

impl Rival for RadixHeapMap<Reverse<u128>, ()> {
    fn add(&mut self, item: Item) {
        self.push(Reverse(item.0), ());
    }

    fn take_first(&mut self) -> Option<Item> {
        self.pop().map(|(item, ())| Item(item.0))
    }
}

/// In order of time alone: it knows no numbers of 128 bits.
#[cfg(target_feature = "avx2")]
#[derive(Default)]
pub(crate) struct QuickHeap(quickheap::KvSimdQuickHeap<u64>);

#[cfg(target_feature = "avx2")]
impl Rival for QuickHeap {
    fn add(&mut self, item: Item) {
        self.0.push(item.time().as_millis(), item.subject());
    }

    fn take_first(&mut self) -> Option<Item> {
        let (time, subject) = self.0.pop()?;
        Some(Item::new(Time::ZERO + Span::from_millis(time), subject))
    }
}
