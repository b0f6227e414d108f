//! Tickets of the lottery: whoever is drawn next is uniform among all who hold one, whenever they came.
//!
//! A holder's luck is a uniform number. It is scaled by the place that the draws have reached, which is 1 at first, and the largest
//! product is drawn next; its value is the place from then on. In logarithms: everybody waits for an exponential time from when
//! they came on, in a time of which the draws are the clock, and by memorylessness nobody is nearer to their turn than others.
//!
//! Tickets lie in drawers by the size of their number, eight to each halving of it. Only the drawer that the draws have reached is
//! sorted; a new ticket mostly belongs in a later one and is merely put there. (A calendar queue, Brown 1988, doi:10.1145/63039.63045,
//! whose days are sorted when they come.)

use std::collections::VecDeque;

use crate::engine::queue::Front;

use super::member::{FORESEEN, Member, retain_foreseen};

/// Places are lifted by this factor before they come near the smallest numbers: a power of two, so that nothing is rounded.
const LIFT: f64 = f64::from_bits((1023 + 512) << 52);

/// Bits of a number that do not tell its drawer: those after its exponent, but for the first three.
const WITHIN_A_DRAWER: u32 = f64::MANTISSA_DIGITS - 1 - 3;

/// Tickets and the place that the draws have reached.
#[derive(Debug)]
pub(crate) struct Tickets {
    /// Those of the open drawer and before it.
    front: Front<Ticket>,
    /// Number of the open drawer.
    open: u64,
    /// The drawers after it, in no order inside.
    later: VecDeque<Vec<Ticket>>,
    /// Tickets in these.
    in_later: usize,
    /// The place that the draws have reached.
    place: f64,
}

/// The order of places: a larger one comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank(u64);

impl Rank {
    fn of(place: f64) -> Self {
        // The bits of positive numbers sort as the numbers do.
        Self(!place.to_bits())
    }

    fn place(self) -> f64 {
        f64::from_bits(!self.0)
    }

    /// Number of the drawer of a ticket: larger for a smaller number.
    fn drawer(self) -> u64 {
        self.0 >> WITHIN_A_DRAWER
    }
}

/// A ticket and its holder, in one number that is compared at once. From the high bits down: the rank, the holder's place and stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket(u128);

impl Ticket {
    fn new(at: Rank, member: Member) -> Self {
        Self(u128::from(at.0) << u64::BITS | u128::from(member.bits()))
    }

    fn at(self) -> Rank {
        Rank((self.0 >> u64::BITS) as u64)
    }

    fn member(self) -> Member {
        Member::from_bits(self.0 as u64)
    }
}

impl Default for Tickets {
    fn default() -> Self {
        let place = 1.0;
        Self {
            front: Front::default(),
            open: Rank::of(place).drawer(),
            later: VecDeque::new(),
            in_later: 0,
            place,
        }
    }
}

impl Tickets {
    /// Number of tickets.
    pub(crate) fn len(&self) -> usize {
        self.front.len() + self.in_later
    }

    /// Adds a ticket with a uniform number as its luck.
    pub(crate) fn push(&mut self, luck: f64, member: Member) {
        let at = Rank::of(self.place * luck);
        let ticket = Ticket::new(at, member);
        // The place is in a drawer before the open one until the first ticket of that is drawn.
        match at.drawer().saturating_sub(self.open) as usize {
            0 => self.front.push(ticket),
            after => {
                if after > self.later.len() {
                    self.later.resize_with(after, Vec::new);
                }
                self.later[after - 1].push(ticket);
                self.in_later += 1;
            }
        }
    }

    /// Takes the next ticket that is one of those wanted; the draws go on to its place. Others on the way are dropped. Holders are
    /// foreseen some places before.
    pub(crate) fn draw(
        &mut self,
        mut is_wanted: impl FnMut(Member) -> bool,
        foresee: impl Fn(Member),
    ) -> Option<Member> {
        loop {
            if self.front.is_empty() {
                self.open_next()?;
            }
            if let Some(ticket) = self.front.ahead(FORESEEN) {
                foresee(ticket.member());
            }
            let ticket = self.front.pop_if(|_| true)?;
            if is_wanted(ticket.member()) {
                self.place = ticket.at().place();
                return Some(ticket.member());
            }
        }
    }

    /// Keeps only the tickets of some members, of which those of later drawers are foreseen some places before.
    #[cold]
    pub(crate) fn retain(
        &mut self,
        mut keep: impl FnMut(Member) -> bool,
        foresee: impl Fn(Member),
    ) {
        self.front.retain(|ticket| keep(ticket.member()));
        self.in_later = 0;
        for tickets in &mut self.later {
            let keep = |ticket: Ticket| keep(ticket.member());
            retain_foreseen(tickets, keep, |ticket| foresee(ticket.member()));
            self.in_later += tickets.len();
        }
    }

    /// Opens the next drawer in which there are tickets; `None` if there is none.
    #[cold]
    fn open_next(&mut self) -> Option<()> {
        if self.place < 1.0 / LIFT {
            self.lift();
        }
        let empty = self.later.iter().position(|tickets| !tickets.is_empty())?;
        self.open += empty as u64 + 1;
        let mut tickets = self.later.drain(..=empty).next_back()?;
        tickets.sort_unstable_by(|a, b| b.cmp(a));
        self.in_later -= tickets.len();
        self.front.sorted = tickets;
        Some(())
    }

    /// Lifts the present place and all tickets alike, between two drawers.
    fn lift(&mut self) {
        self.place *= LIFT;
        // As many drawers back as lie between a number and the number lifted.
        self.open -= Rank::of(1.0).drawer() - Rank::of(LIFT).drawer();
        for ticket in self.later.iter_mut().flatten() {
            *ticket = Ticket::new(Rank::of(ticket.at().place() * LIFT), ticket.member());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BTreeSet;

    use crate::engine::random::Streams;

    use super::*;

    /// The lottery with exponential tickets in a sorted set, as it is told in books.
    #[derive(Default)]
    struct Reference {
        tickets: BTreeSet<(u64, u32)>,
        hazard: f64,
    }

    impl Reference {
        fn push(&mut self, luck: f64, index: u32) {
            let at = self.hazard - libm::log(luck);
            self.tickets.insert((at.to_bits(), index));
        }

        fn draw(&mut self) -> Option<u32> {
            let (at, index) = self.tickets.pop_first()?;
            self.hazard = f64::from_bits(at);
            Some(index)
        }
    }

    #[test]
    fn the_draws_are_those_of_exponential_tickets_whenever_they_were_added() {
        let mut draw = Streams::new(4, 0).draw(0, 0, 0);
        let (mut tickets, mut reference) = (Tickets::default(), Reference::default());
        let mut index = 0;
        for round in 0..200 {
            // Many at first, then fewer than are drawn.
            for _ in 0..if round < 20 { 300 } else { 10 } {
                let luck = draw.uniform();
                tickets.push(luck, Member::of(index, 0));
                reference.push(luck, index);
                index += 1;
            }
            for _ in 0..40 {
                let drawn = tickets.draw(|_| true, |_| {});
                assert_eq!(drawn, reference.draw().map(|index| Member::of(index, 0)));
            }
            assert_eq!(tickets.len(), reference.tickets.len());
            if round % 50 == 49 {
                tickets.retain(|member| member.index % 2 == 0, |_| {});
                reference.tickets.retain(|(_, index)| index % 2 == 0);
            }
        }
        assert!(tickets.draw(|_| true, |_| {}).is_none() && reference.tickets.is_empty());
    }

    /// Some tickets stay behind whenever the places are lifted.
    #[test]
    fn the_draws_are_the_same_where_places_are_lifted() {
        let mut draw = Streams::new(6, 0).draw(0, 0, 0);
        let (mut tickets, mut reference) = (Tickets::default(), Reference::default());
        let mut index = 0;
        let mut push = |tickets: &mut Tickets, reference: &mut Reference| {
            let luck = draw.uniform();
            tickets.push(luck, Member::of(index, 0));
            reference.push(luck, index);
            index += 1;
        };
        for _ in 0..40 {
            push(&mut tickets, &mut reference);
        }
        for _ in 0..20_000 {
            for _ in 0..8 {
                push(&mut tickets, &mut reference);
            }
            for _ in 0..8 {
                let drawn = tickets.draw(|_| true, |_| {});
                assert_eq!(drawn, reference.draw().map(|index| Member::of(index, 0)));
            }
        }
        assert!(
            reference.hazard > 10.0 * libm::log(LIFT),
            "{}",
            reference.hazard
        );
    }

    #[test]
    fn ten_thousand_rounds_that_empty_the_pool_stay_within_the_numbers() {
        let mut draw = Streams::new(5, 0).draw(0, 0, 0);
        let mut tickets = Tickets::default();
        let mut first = [0_u32; 5];
        for _ in 0..10_000 {
            for index in 0..5 {
                tickets.push(draw.uniform(), Member::of(index, 0));
            }
            let drawn: Vec<Member> =
                std::iter::from_fn(|| tickets.draw(|_| true, |_| {})).collect();
            assert_eq!(
                drawn
                    .iter()
                    .map(|member| Reverse(member.index))
                    .collect::<BTreeSet<_>>()
                    .len(),
                5
            );
            first[drawn[0].index as usize] += 1;
        }
        // 2,000 each, with a standard deviation of 40.
        assert!(
            first.iter().all(|count| count.abs_diff(2_000) < 200),
            "{first:?}"
        );
    }
}
