//! A lottery by tickets: luck scaled by the place that the draws have reached, the largest first, as in portflow's pool.

use std::collections::BinaryHeap;

/// A ticket: the bits of a positive number, which sort as the number does, and its holder.
type Ticket = (u64, u32);

pub struct Tickets {
    /// Those of the present stretch, the next one last.
    sorted: Vec<Ticket>,
    /// Those that came to the stretch since.
    added: BinaryHeap<Ticket>,
    later: Vec<Ticket>,
    end: u64,
    place: f64,
}

impl Default for Tickets {
    fn default() -> Self {
        Self {
            sorted: Vec::new(),
            added: BinaryHeap::new(),
            later: Vec::new(),
            end: 1.0_f64.to_bits(),
            place: 1.0,
        }
    }
}

impl Tickets {
    #[inline]
    pub fn push(&mut self, luck: f64, party: u32) {
        let at = (self.place * luck).to_bits();
        if at > self.end {
            self.added.push((at, party));
        } else {
            self.later.push((at, party));
        }
    }

    /// Takes the next ticket of somebody wanted, of whom there must be one.
    pub fn draw(&mut self, is_wanted: impl Fn(u32) -> bool) -> u32 {
        loop {
            if self.sorted.is_empty() && self.added.is_empty() {
                self.begin_stretch();
            }
            let added_first = self.added.peek() > self.sorted.last();
            let next = if added_first {
                self.added.pop()
            } else {
                self.sorted.pop()
            };
            let (at, party) = next.expect("somebody is wanted");
            if is_wanted(party) {
                self.place = f64::from_bits(at);
                return party;
            }
        }
    }

    fn begin_stretch(&mut self) {
        /// Length of a stretch in logarithms.
        const LENGTH: f64 = 0.25;
        let first = self.later.iter().map(|&(at, _)| at).max();
        let first = first.expect("somebody is wanted");
        let end = (f64::from_bits(first) * libm::exp(-LENGTH)).to_bits();
        let sorted = &mut self.sorted;
        self.later.retain(|&ticket| {
            if ticket.0 > end {
                sorted.push(ticket);
            }
            ticket.0 <= end
        });
        sorted.sort_unstable();
        self.end = end;
    }
}
