//! The pool: everybody registered and without an appointment.
//!
//! A waiting day costs nothing, but for those whom the order of registration passes over. Members of equal regularity, group and
//! size form a *cell*; how many of a cell request in a round is one binomial draw. Uniform winners come from tickets, a lottery in
//! each cell. The longest registered come from buckets by day of registration.

use crate::engine::time::Span;
use crate::scenario::values::Region;

use super::member::{FORESEEN, Member, retain_foreseen};
use super::party::{Actor, Parties, Party};
use super::tickets::Tickets;

/// The pool of the app.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) cells: Vec<Cell>,
    /// Largest party size that has cells.
    sizes: usize,
    classes: usize,
    pub(crate) registered: ByRegistration,
    /// Parties.
    members: usize,
    /// Persons by group and region.
    persons: Vec<[u32; Region::ALL.len()]>,
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
    /// Tickets of members, and of some who have left.
    tickets: Tickets,
}

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
            members: 0,
            persons: vec![[0; Region::ALL.len()]; groups],
        }
    }

    /// Persons in the largest party.
    pub(crate) fn largest_party(&self) -> u32 {
        self.sizes as u32
    }

    /// Index of the cell of a party.
    pub(crate) fn cell_of(&self, party: &Party) -> usize {
        let class = usize::from(party.group) * self.classes + usize::from(party.regularity);
        class * self.sizes + usize::from(party.size) - 1
    }

    /// Takes a party in, with a uniform number as its luck in the lottery.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    pub(crate) fn join(&mut self, parties: &Parties, actor: &Actor, luck: f64) {
        let party = &actor.party;
        let member = Member::of(actor.index, party.stay);
        let cell = self.cell_of(party);
        let cell = &mut self.cells[cell];
        cell.members += 1;
        cell.enter(member, luck, parties);
        self.members += 1;
        if self.registered.entries > 2 * self.members + 64 {
            self.registered.retain_current(parties);
        }
        let key = (party.registered, actor.luck.rank());
        self.registered.insert(member, key);
        self.persons[usize::from(party.group)][party.region as usize] += u32::from(party.size);
    }

    /// Lets a member go. Its ticket and its place by registration are out of date from now on and are dropped when met.
    pub(crate) fn leave(&mut self, actor: &mut Actor) {
        let party = &mut actor.party;
        // After four thousand million stays at one place it begins again.
        party.stay = party.stay.wrapping_add(1);
        let cell = self.cell_of(&actor.party);
        let party = &actor.party;
        self.members -= 1;
        self.cells[cell].members -= 1;
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
    /// Gives a member a ticket with a uniform number as its luck.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    pub(crate) fn enter(&mut self, member: Member, luck: f64, parties: &Parties) {
        let members = self.members as usize;
        if self.tickets.len() > 2 * members + 64 {
            self.tickets.retain(
                |member| member.is_current(parties),
                |member| parties.fetch(member.index),
            );
        }
        self.tickets.push(luck, member);
    }

    /// Draws a member uniformly at random and takes its ticket.
    pub(crate) fn draw(&mut self, parties: &Parties) -> Option<Member> {
        self.tickets.draw(
            |member| member.is_current(parties),
            |member| parties.fetch(member.index),
        )
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
    /// Members in all buckets, those who have left with them.
    entries: usize,
}

/// Members that registered on one day, and some who have left.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    members: Vec<Member>,
    /// Registration and rank of the last member, while they are in order.
    last: Option<(i64, u64)>,
    /// Whether they may be out of order: of those who registered in the same millisecond, who goes first is a matter of chance, told by the
    /// ranks of their luck.
    unsorted: bool,
}

impl ByRegistration {
    #[inline]
    fn insert(&mut self, member: Member, key: (i64, u64)) {
        let day = key.0.div_euclid(Span::DAY.as_millis().cast_signed());
        let index = match usize::try_from(day - self.first_day) {
            Ok(index) if index < self.buckets.len() => index,
            _ => self.reach(day),
        };
        self.first_used = self.first_used.min(index);
        let bucket = &mut self.buckets[index];
        bucket.unsorted |= Some(key) <= bucket.last;
        bucket.last = Some(key);
        bucket.members.push(member);
        self.entries += 1;
    }

    /// Forgets those who have left: where all win by lot, nobody meets them.
    #[cold]
    fn retain_current(&mut self, parties: &Parties) {
        self.entries = 0;
        for bucket in &mut self.buckets {
            let members = &mut bucket.members;
            let is_current = |member: Member| member.is_current(parties);
            retain_foreseen(members, is_current, |member| parties.fetch(member.index));
            members.shrink_to(2 * members.len());
            self.entries += members.len();
        }
    }

    /// Makes buckets up to that of a day, and says which it is.
    #[cold]
    fn reach(&mut self, day: i64) -> usize {
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
        index
    }

    /// Index of the first bucket that may hold members.
    pub(crate) fn first(&self) -> usize {
        self.first_used
    }

    /// Takes the members of a bucket out, in order of registration; `None` past the last bucket.
    pub(crate) fn take(&mut self, index: usize, parties: &Parties) -> Option<Vec<Member>> {
        let bucket = self.buckets.get_mut(index)?;
        let mut members = std::mem::take(&mut bucket.members);
        self.entries -= members.len();
        if bucket.unsorted {
            let mut keyed = Vec::with_capacity(members.len());
            for (place, &member) in members.iter().enumerate() {
                if let Some(member) = members.get(place + FORESEEN) {
                    parties.fetch(member.index);
                }
                if member.is_current(parties) {
                    let registered = parties[member.index].registered;
                    keyed.push(((registered, parties.luck(member.index).rank()), member));
                }
            }
            // They came in a few runs, each in order, but for those of one millisecond.
            keyed.sort();
            bucket.last = keyed.last().map(|&(key, _)| key);
            bucket.unsorted = false;
            members.clear();
            members.extend(keyed.into_iter().map(|(_, member)| member));
        }
        Some(members)
    }

    /// Puts back the members of a bucket that stay.
    pub(crate) fn put_back(&mut self, index: usize, mut members: Vec<Member>) {
        if members.capacity() > 2 * members.len() {
            members.shrink_to_fit();
        }
        if index == self.first_used && members.is_empty() {
            self.first_used += 1;
        }
        self.entries += members.len();
        self.buckets[index].members = members;
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::random::Streams;
    use crate::model::draws::Luck;
    use crate::model::party::State;

    use super::*;

    #[test]
    fn those_who_register_at_once_go_by_their_luck_and_not_as_they_came() {
        let order = |came: [u32; 4]| {
            let (mut parties, mut registered) = (Parties::default(), ByRegistration::default());
            for ordinal in came {
                let luck = Luck::new(Streams::new(1, 0), u64::from(ordinal));
                let (index, stay) = parties.reserve(luck);
                let mut party = Party::new(stay, 0, 1, Region::North, State::Pool);
                party.registered = 7;
                parties.put(index, party);
                registered.insert(Member::of(index, stay), (7, luck.rank()));
            }
            let members = registered.take(0, &parties).unwrap();
            members
                .iter()
                .map(|member| parties.luck(member.index).rank())
                .collect::<Vec<_>>()
        };
        let ranks = order([0, 1, 2, 3]);
        assert!(ranks.is_sorted());
        assert_eq!(ranks, order([2, 3, 0, 1]));
        let by_identity = [0, 1, 2, 3].map(|who| Luck::new(Streams::new(1, 0), who).rank());
        assert_ne!(ranks, by_identity);
    }

    /// One comes and leaves on each of ten thousand days, and nobody looks at the order of registration.
    #[test]
    fn those_who_have_left_are_forgotten() {
        let (mut parties, mut pool) = (Parties::default(), Pool::new(1, 1, 1));
        for day in 0..10_000_u32 {
            let luck = Luck::new(Streams::new(1, 0), u64::from(day));
            let (index, stay) = parties.reserve(luck);
            let mut party = Party::new(stay, 0, 1, Region::North, State::Pool);
            party.registered = i64::from(day) * Span::DAY.as_millis().cast_signed();
            let mut actor = Actor { index, luck, party };
            parties.put(index, party);
            pool.join(&parties, &actor, 0.5);
            pool.leave(&mut actor);
            parties.put(index, actor.party);
            parties.free(index);
        }
        let held: usize = (pool.registered.buckets.iter())
            .map(|bucket| bucket.members.len())
            .sum();
        assert_eq!(held, pool.registered.entries);
        let tickets = pool.cells[0].tickets.len();
        assert!(held < 100 && tickets < 100, "{held} {tickets}");
    }
}
