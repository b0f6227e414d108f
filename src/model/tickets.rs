//! Tickets of the lottery, the smallest first.
//!
//! Tickets are exponential, so that of those not yet drawn a fixed share lies in the next stretch of any length. Only the
//! tickets of the present stretch are sorted; a new one mostly lies beyond it and is merely noted. (As the ladder queue,
//! Tang, Goh & Thng 2005, doi:10.1145/1103323.1103324, with one rung.)

use crate::engine::queue::Front;

use super::pool::Member;

/// Tickets, by their place in a cell's own time.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    /// Those of the present stretch.
    front: Front<Ticket>,
    /// Those beyond it, in no order.
    later: Vec<Ticket>,
    /// Bits of the end of the present stretch.
    end: u64,
}

/// A ticket: the bits of a positive number, which sort as the number does, and its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Ticket {
    at: u64,
    member: Member,
}

impl Tickets {
    /// Number of tickets.
    pub(crate) fn len(&self) -> usize {
        self.front.len() + self.later.len()
    }

    /// Adds a ticket at a positive place.
    pub(crate) fn push(&mut self, at: f64, member: Member) {
        debug_assert!(at > 0.0, "a ticket lies ahead");
        let at = at.to_bits();
        let ticket = Ticket { at, member };
        if at < self.end {
            self.front.push(ticket);
        } else {
            self.later.push(ticket);
        }
    }

    /// Takes the smallest ticket.
    pub(crate) fn pop(&mut self) -> Option<(f64, Member)> {
        if self.front.is_empty() {
            self.begin_stretch()?;
        }
        let ticket = self.front.pop_if(|_| true);
        ticket.map(|ticket| (f64::from_bits(ticket.at), ticket.member))
    }

    /// The holder of the ticket that comes some places after the next: without those added to the present stretch.
    pub(crate) fn ahead(&self, places: usize) -> Option<Member> {
        self.front.ahead(places).map(|ticket| ticket.member)
    }

    /// Keeps only the tickets of some members.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Member) -> bool) {
        self.front.retain(|ticket| keep(ticket.member));
        self.later.retain(|ticket| keep(ticket.member));
    }

    /// Goes on to the stretch in which the smallest ticket lies; `None` if there is none.
    fn begin_stretch(&mut self) -> Option<()> {
        /// A stretch holds about as many tickets, but is never shorter than this: for each one all later tickets are looked
        /// through once.
        const WORTHWHILE: f64 = 64.0;
        const SHORTEST: f64 = 0.25;
        let first = self.later.iter().map(|ticket| ticket.at).min()?;
        let length = (WORTHWHILE / self.later.len() as f64).clamp(SHORTEST, 1.0);
        self.end = (f64::from_bits(first) + length).to_bits();
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::engine::random::Streams;

    use super::*;

    #[test]
    fn tickets_come_out_smallest_first_whenever_they_were_added() {
        let mut draw = Streams::new(4, 0).draw(0, 0, 0);
        let mut tickets = Tickets::default();
        let mut reference = BTreeSet::new();
        let mut hazard = 0.0;
        for round in 0..200 {
            // Many at first, then fewer than are drawn.
            for _ in 0..if round < 20 { 300 } else { 10 } {
                let at = hazard + draw.exponential();
                let member = Member::of(reference.len() as u32, 0);
                tickets.push(at, member);
                reference.insert((at.to_bits(), member));
            }
            for _ in 0..40 {
                let expected = reference.pop_first();
                let drawn = tickets.pop();
                assert_eq!(drawn.map(|(at, member)| (at.to_bits(), member)), expected);
                hazard = drawn.map_or(hazard, |(at, _)| at);
            }
            assert_eq!(tickets.len(), reference.len());
            if round % 50 == 49 {
                tickets.retain(|member| member.index % 2 == 0);
                reference.retain(|(_, member)| member.index % 2 == 0);
            }
        }
        assert!(tickets.pop().is_none() && reference.is_empty());
    }
}
