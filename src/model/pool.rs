//! The pool: everybody registered and without an appointment.
//!
//! Nobody pays for a waiting day. Members of equal regularity, group and size form a *cell*; how many of a cell request
//! in a round is one binomial draw. Uniform winners come from tickets: each member holds a unit exponential, the cell has
//! one cumulative hazard, and the member whose ticket comes first is uniform among all by memorylessness. The longest
//! registered come from buckets by day of registration.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::engine::time::Span;
use crate::scenario::values::Region;

use super::party::{Parties, PartyId};

/// The pool of the app.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) cells: Vec<Cell>,
    /// Largest party size that has cells.
    sizes: usize,
    classes: usize,
    pub(crate) registered: ByRegistration,
    /// Persons by group and region.
    persons: Vec<[u32; Region::ALL.len()]>,
    pub(crate) stays: Stays,
}

/// Which stay in the pool each party is on, by its place: 0 outside the pool.
///
/// Apart from the parties, so that looks at members, many of whom left long ago, find it in the cache.
#[derive(Debug, Default)]
pub(crate) struct Stays {
    stamps: Vec<u32>,
    last: u32,
}

/// Members of one class of regularity, group and size.
#[derive(Debug, Default)]
pub(crate) struct Cell {
    pub(crate) group: u8,
    pub(crate) size: u8,
    /// Class of regularity.
    pub(crate) class: u8,
    /// Parties in the cell.
    pub(crate) members: u32,
    /// Cumulative hazard so far: the place in the cell's own time.
    hazard: f64,
    /// Tickets of members, and of some who have left.
    tickets: BinaryHeap<Reverse<Ticket>>,
}

/// A member's turn in the cell's own time.
#[derive(Debug, Clone, Copy)]
struct Ticket {
    at: f64,
    member: Member,
}

/// A party's stay in the pool: stale once the party has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Member {
    pub(crate) index: u32,
    stamp: u32,
}

impl Stays {
    fn begin(&mut self, index: u32) -> Member {
        self.last += 1;
        let place = index as usize;
        if place >= self.stamps.len() {
            self.stamps.resize(place + 1, 0);
        }
        self.stamps[place] = self.last;
        Member {
            index,
            stamp: self.last,
        }
    }

    fn end(&mut self, index: u32) {
        let stamp = &mut self.stamps[index as usize];
        debug_assert!(*stamp != 0, "only a member leaves the pool");
        *stamp = 0;
    }

    /// Whether a party is still in the pool on this stay.
    pub(crate) fn is_current(&self, member: Member) -> bool {
        self.stamps[member.index as usize] == member.stamp
    }
}

impl Ord for Ticket {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at
            .total_cmp(&other.at)
            .then(self.member.cmp(&other.member))
    }
}

impl PartialOrd for Ticket {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ticket {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ticket {}

impl Pool {
    /// An empty pool for groups, classes of regularity and party sizes up to `sizes`.
    pub(crate) fn new(groups: usize, classes: usize, sizes: usize) -> Self {
        let mut cells = Vec::with_capacity(groups * classes * sizes);
        for group in 0..groups {
            for class in 0..classes {
                for size in 1..=sizes {
                    cells.push(Cell {
                        group: group as u8,
                        size: size as u8,
                        class: class as u8,
                        ..Cell::default()
                    });
                }
            }
        }
        Self {
            cells,
            sizes,
            classes,
            registered: ByRegistration::default(),
            persons: vec![[0; Region::ALL.len()]; groups],
            stays: Stays::default(),
        }
    }

    /// Index of the cell of a party.
    fn cell_of(&self, parties: &Parties, index: u32) -> usize {
        let party = &parties[index];
        let class = usize::from(party.group) * self.classes + usize::from(party.regularity);
        class * self.sizes + usize::from(party.size) - 1
    }

    /// Takes a party in, with a unit exponential as its luck.
    pub(crate) fn join(&mut self, parties: &Parties, index: u32, luck: f64) {
        let member = self.stays.begin(index);
        let cell = self.cell_of(parties, index);
        self.cells[cell].members += 1;
        self.cells[cell].enter(member, luck, &self.stays);
        let party = &parties[index];
        let entry = Entry {
            id: party.id,
            member,
            cell: cell as u16,
        };
        self.registered.insert(entry, party.registered);
        self.persons[usize::from(party.group)][party.region as usize] += u32::from(party.size);
    }

    /// Lets a member go. Its ticket and its place by registration become stale and are dropped when met.
    pub(crate) fn leave(&mut self, parties: &Parties, index: u32) {
        let cell = self.cell_of(parties, index);
        self.cells[cell].members -= 1;
        self.stays.end(index);
        let party = &parties[index];
        self.persons[usize::from(party.group)][party.region as usize] -= u32::from(party.size);
    }

    /// Persons of a group in a region.
    pub(crate) fn persons(&self, group: u8, region: Region) -> u32 {
        self.persons[usize::from(group)][region as usize]
    }

    /// Persons in the pool.
    pub(crate) fn size(&self) -> u32 {
        self.persons.iter().flatten().sum()
    }
}

impl Cell {
    /// Gives a member a ticket: its unit exponential from now on in the cell's own time.
    pub(crate) fn enter(&mut self, member: Member, luck: f64, stays: &Stays) {
        if self.tickets.len() > 2 * self.members as usize + 64 {
            self.tickets
                .retain(|Reverse(ticket)| stays.is_current(ticket.member));
        }
        self.tickets.push(Reverse(Ticket {
            at: self.hazard + luck,
            member,
        }));
    }

    /// Draws a member uniformly at random and takes its ticket.
    pub(crate) fn draw(&mut self, stays: &Stays) -> Option<Member> {
        while let Some(Reverse(ticket)) = self.tickets.pop() {
            if stays.is_current(ticket.member) {
                self.hazard = ticket.at;
                return Some(ticket.member);
            }
        }
        None
    }
}

/// Pool members in order of registration.
#[derive(Debug, Default)]
pub(crate) struct ByRegistration {
    /// By day of registration, from `first_day` on.
    buckets: Vec<Bucket>,
    first_day: i64,
    /// Index of the first bucket that may hold members.
    first_used: usize,
}

/// Members that registered on one day.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    pub(crate) entries: Vec<Entry>,
    /// Registration of the last entry, while the entries are in order.
    last: i64,
    unsorted: bool,
}

/// A member with what a round asks of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) id: PartyId,
    pub(crate) member: Member,
    pub(crate) cell: u16,
}

impl ByRegistration {
    fn insert(&mut self, entry: Entry, registered: i64) {
        let day = registered.div_euclid(Span::DAY.as_millis().cast_signed());
        if self.buckets.is_empty() {
            self.first_day = day;
        }
        if day < self.first_day {
            let missing = (self.first_day - day) as usize;
            self.buckets
                .splice(0..0, std::iter::repeat_with(Bucket::default).take(missing));
            self.first_day = day;
            self.first_used = 0;
        }
        let index = (day - self.first_day) as usize;
        if index >= self.buckets.len() {
            self.buckets.resize_with(index + 1, Bucket::default);
        }
        self.first_used = self.first_used.min(index);
        let bucket = &mut self.buckets[index];
        bucket.unsorted |= !bucket.entries.is_empty() && registered < bucket.last;
        bucket.last = registered;
        bucket.entries.push(entry);
    }

    /// Index of the first bucket that may hold members.
    pub(crate) fn first(&self) -> usize {
        self.first_used
    }

    /// Takes the entries of a bucket out, in order of registration; `None` past the last bucket.
    pub(crate) fn take(
        &mut self,
        index: usize,
        stays: &Stays,
        parties: &Parties,
    ) -> Option<Vec<Entry>> {
        let bucket = self.buckets.get_mut(index)?;
        let mut entries = std::mem::take(&mut bucket.entries);
        if bucket.unsorted {
            entries.retain(|entry| stays.is_current(entry.member));
            entries.sort_by_key(|entry| (parties[entry.member.index].registered, entry.id));
            bucket.last = entries
                .last()
                .map_or(i64::MIN, |entry| parties[entry.member.index].registered);
            bucket.unsorted = false;
        }
        Some(entries)
    }

    /// Puts back the entries of a bucket that stay.
    pub(crate) fn put_back(&mut self, index: usize, entries: Vec<Entry>) {
        if index == self.first_used && entries.is_empty() {
            self.first_used += 1;
        }
        self.buckets[index].entries = entries;
    }
}
