//! Tickets of the lottery: whoever is drawn next is uniform among all who hold one, whenever they came.
//!
//! A holder's luck is a uniform number. It is scaled by the place that the draws have reached, which is 1 at first, and the largest
//! product is drawn next; its value is the place from then on. In logarithms: everybody waits for an exponential time from when
//! they came on, in a time of which the draws are the clock, and by memorylessness nobody is nearer to their turn than others.
//!
//! A fixed share of the tickets lies in the next stretch down to any part of the present place. Only the tickets of the present
//! stretch are sorted; a new one mostly lies beyond it and is merely noted. (As the ladder queue, Tang, Goh & Thng 2005,
//! doi:10.1145/1103323.1103324, with one rung.)

use crate::engine::queue::Front;

use super::pool::{FORESEEN, Member};

/// Places are lifted by this factor before they come near the smallest numbers: a power of two, so that nothing is rounded.
const LIFT: f64 = f64::from_bits((1023 + 512) << 52);

/// Tickets and the place that the draws have reached.
#[derive(Debug)]
pub(crate) struct Tickets {
    /// Those of the present stretch.
    front: Front<Ticket>,
    /// Those beyond it, in no order.
    later: Vec<Ticket>,
    /// End of the present stretch; what is on it or below lies beyond.
    end: Rank,
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
}

/// A ticket and its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    at: Rank,
    member: Member,
}

impl Default for Tickets {
    fn default() -> Self {
        Self {
            front: Front::default(),
            later: Vec::new(),
            end: Rank::of(1.0),
            place: 1.0,
        }
    }
}

impl Tickets {
    /// Number of tickets.
    pub(crate) fn len(&self) -> usize {
        self.front.len() + self.later.len()
    }

    /// Adds a ticket with a uniform number as its luck.
    pub(crate) fn push(&mut self, luck: f64, member: Member) {
        let at = Rank::of(self.place * luck);
        let ticket = Ticket { at, member };
        if at < self.end {
            self.front.push(ticket);
        } else {
            self.later.push(ticket);
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
                self.begin_stretch()?;
            }
            if let Some(ticket) = self.front.ahead(FORESEEN) {
                foresee(ticket.member);
            }
            let ticket = self.front.pop_if(|_| true)?;
            if is_wanted(ticket.member) {
                self.place = ticket.at.place();
                return Some(ticket.member);
            }
        }
    }

    /// Keeps only the tickets of some members, each of which is foreseen some places before.
    #[cold]
    pub(crate) fn retain(
        &mut self,
        mut keep: impl FnMut(Member) -> bool,
        foresee: impl Fn(Member),
    ) {
        self.front.retain(|ticket| keep(ticket.member));
        let mut kept = 0;
        for place in 0..self.later.len() {
            if let Some(ticket) = self.later.get(place + FORESEEN) {
                foresee(ticket.member);
            }
            let ticket = self.later[place];
            self.later[kept] = ticket;
            kept += usize::from(keep(ticket.member));
        }
        self.later.truncate(kept);
    }

    /// Goes on to the stretch in which the next ticket lies; `None` if there is none.
    #[cold]
    fn begin_stretch(&mut self) -> Option<()> {
        /// A stretch holds about as many tickets, but is never shorter than this, in logarithms: for each one all later tickets are
        /// looked through once.
        const WORTHWHILE: f64 = 64.0;
        const SHORTEST: f64 = 0.25;
        if self.place < 1.0 / LIFT {
            self.lift();
        }
        let first = self.later.iter().map(|ticket| ticket.at).min()?;
        let length = (WORTHWHILE / self.later.len() as f64).clamp(SHORTEST, 1.0);
        self.end = Rank::of(first.place() * libm::exp(-length));
        let (end, sorted) = (self.end, &mut self.front.sorted);
        self.later.retain(|&ticket| {
            let beyond = ticket.at >= end;
            if !beyond {
                sorted.push(ticket);
            }
            beyond
        });
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        Some(())
    }

    /// Lifts the present place and all tickets alike, between two stretches.
    fn lift(&mut self) {
        self.place *= LIFT;
        for ticket in &mut self.later {
            ticket.at = Rank::of(ticket.at.place() * LIFT);
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
