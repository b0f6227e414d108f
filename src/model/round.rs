//! The daily round: requests in, slots out.
//!
//! How many members of each cell request is one binomial draw. Of the slots offered, the random share goes to requesters
//! drawn uniformly over the whole border; the rest to the longest registered among the day's requesters, found by a
//! sequential draw without replacement along the order of registration.

use crate::engine::agenda::Agenda;
use crate::record::{At, Count};

use super::border::{Border, PortOdds};
use super::draws::Purpose;
use super::event::Event;
use super::party::{PartyId, next_occasion};
use super::pool::{Entry, Member};
use super::slots::Offer;

/// The requests of one cell in a round.
#[derive(Debug, Clone, Copy)]
struct Requests {
    /// Members whose request is not decided yet.
    undecided: u32,
    /// Requesters among them.
    left: u32,
    /// Party size of the cell.
    size: u32,
}

/// What a round still has to give.
struct Round {
    day: u32,
    offers: Vec<Offer>,
    /// Places of the largest offer: no larger party can be served.
    largest_offer: u32,
    requests: Vec<Requests>,
    /// Places not offered to anybody yet. Those of winners who did not confirm are free again in the next round only.
    slots_left: u32,
    /// Winners drawn at random who did not confirm: they have had their turn today.
    unconfirmed: Vec<(usize, Member)>,
}

impl Round {
    /// Takes places of an offer.
    fn take(&mut self, position: usize, persons: u32) -> Offer {
        let offer = &mut self.offers[position];
        let was_largest = offer.free == self.largest_offer;
        offer.free -= persons;
        let taken = *offer;
        self.slots_left -= persons;
        if was_largest {
            self.largest_offer = largest(&self.offers);
        }
        taken
    }

    /// Requesters left among cells whose parties fit.
    fn fitting(&self, largest: u32) -> u32 {
        self.requests
            .iter()
            .filter(|requests| requests.size <= largest)
            .map(|requests| requests.left)
            .sum()
    }
}

/// Places of the largest offer.
fn largest(offers: &[Offer]) -> u32 {
    offers.iter().map(|offer| offer.free).max().unwrap_or(0)
}

impl Border<'_> {
    /// Runs the round of the day.
    pub(super) fn run_round(&mut self, agenda: &mut Agenda<Event>) {
        let day = self.now.day();
        if !self.levers.app_open {
            return;
        }
        self.open_dates(day);
        let offers = self.book.offers(day + 1);
        let slots: u32 = offers.iter().map(|offer| offer.free).sum();
        let mut round = Round {
            day,
            largest_offer: largest(&offers),
            offers,
            requests: self.collect_requests(day),
            slots_left: slots,
            unconfirmed: Vec::new(),
        };
        // The product may miss a whole number by its last bit: 0.29 of 100 slots are 29.
        let at_random = (self.levers.random_share * f64::from(slots) + 1e-9).floor() as u32;
        self.issue_at_random(&mut round, at_random, agenda);
        self.return_tickets(&mut round);
        self.issue_by_registration(&mut round, agenda);
    }

    /// Opens every date up to the lead time that is not open yet.
    fn open_dates(&mut self, day: u32) {
        let levers = self.levers;
        for date in self.book.next_unopened.max(day + 1)..=day + levers.lead_days {
            for (port, &places) in levers.places.iter().enumerate() {
                self.book.set_capacity(date, port as u8, places);
            }
            self.book.next_unopened = date + 1;
        }
    }

    /// Draws how many members of each cell request.
    fn collect_requests(&mut self, day: u32) -> Vec<Requests> {
        let factor = self.levers.request_factor;
        let mut requests = Vec::with_capacity(self.pool.cells.len());
        for cell in &self.pool.cells {
            let probability = self.request_probability[usize::from(cell.class)] * factor;
            let left = if probability >= 1.0 {
                cell.members
            } else {
                let who = u64::from(self.code(cell.group)) << 16
                    | u64::from(cell.class) << 8
                    | u64::from(cell.size);
                let mut draw = self.draw(who, Purpose::RequestCount, u64::from(day));
                draw.binomial(u64::from(cell.members), probability) as u32
            };
            let persons = left * u32::from(cell.size);
            self.record
                .count(day, Count::Requests, cell.group, At::Anywhere, persons);
            requests.push(Requests {
                undecided: cell.members,
                left,
                size: u32::from(cell.size),
            });
        }
        requests
    }

    /// Issues up to a number of slots to requesters drawn uniformly at random.
    fn issue_at_random(&mut self, round: &mut Round, mut quota: u32, agenda: &mut Agenda<Event>) {
        let mut turn = 0_u64;
        while quota > 0 {
            let largest = round.largest_offer.min(quota);
            let fitting = round.fitting(largest);
            if fitting == 0 {
                return;
            }
            let occasion = u64::from(round.day) << 32 | turn;
            turn += 1;
            let mut draw = self.draw(Self::WHOLE_BORDER, Purpose::WinningCell, occasion);
            let mut position = draw.below(u64::from(fitting)) as u32;
            let cell = round
                .requests
                .iter()
                .position(|requests| {
                    if requests.size > largest {
                        return false;
                    }
                    let here = position < requests.left;
                    position = position.wrapping_sub(if here { 0 } else { requests.left });
                    here
                })
                .expect("the position is below the number of fitting requesters");
            let member = self.pool.cells[cell]
                .draw(&self.pool.stays)
                .expect("a requester is a member and every member has a ticket");
            round.requests[cell].left -= 1;
            round.requests[cell].undecided -= 1;
            quota -= round.requests[cell].size;
            if !self.issue(round, member.index, agenda) {
                round.unconfirmed.push((cell, member));
            }
        }
    }

    /// Gives winners who did not confirm a new ticket each: they stay in the pool, for the rounds to come.
    fn return_tickets(&mut self, round: &mut Round) {
        for &(cell, member) in &round.unconfirmed {
            let luck = self.next_ticket(member.index);
            self.pool.cells[cell].enter(member, luck, &self.pool.stays);
        }
        round
            .unconfirmed
            .sort_unstable_by_key(|&(_, member)| member);
    }

    /// Issues what is left to the longest registered among the day's requesters.
    fn issue_by_registration(&mut self, round: &mut Round, agenda: &mut Agenda<Event>) {
        let mut bucket = self.pool.registered.first();
        while round.slots_left > 0 && round.fitting(round.largest_offer) > 0 {
            let pool = &mut self.pool;
            let taken = pool.registered.take(bucket, &pool.stays, &self.parties);
            let Some(mut entries) = taken else { return };
            entries.retain(|entry| {
                self.pool.stays.is_current(entry.member)
                    && !(self.requests_today(round, *entry)
                        && self.issue(round, entry.member.index, agenda))
            });
            self.pool.registered.put_back(bucket, entries);
            bucket += 1;
        }
    }

    /// Whether a member is one of the day's requesters that fit into what is left: one step of the sequential draw.
    fn requests_today(&self, round: &mut Round, entry: Entry) -> bool {
        let requests = &mut round.requests[usize::from(entry.cell)];
        if requests.left == 0 || requests.size > round.largest_offer {
            return false;
        }
        let is_entry = |&(_, member): &(usize, Member)| member.cmp(&entry.member);
        if round.unconfirmed.binary_search_by(is_entry).is_ok() {
            return false;
        }
        let probability = f64::from(requests.left) / f64::from(requests.undecided);
        let mut draw = self.draw(entry.id.key(), Purpose::RequestToday, u64::from(round.day));
        let asks = draw.chance(probability);
        requests.undecided -= 1;
        requests.left -= u32::from(asks);
        asks
    }

    /// Offers a winner the slot it likes best among those with room for the whole party. Whether it confirmed.
    fn issue(&mut self, round: &mut Round, index: u32, agenda: &mut Agenda<Event>) -> bool {
        let (id, size) = (self.parties[index].id, self.parties[index].size);
        let place = self.best_offer(round, index);
        let Offer { day, port, .. } = round.take(place, u32::from(size));
        let occasion = u64::from(round.day);
        let confirms = !self.levers.confirmation_required
            || self
                .draw(id.key(), Purpose::Confirmation, occasion)
                .chance(self.scenario.world.app.confirmation_probability);
        if confirms {
            self.book_slot(index, day, port, agenda);
        }
        confirms
    }

    /// Position of the offer that a party likes best: the best-liked port with room, there the earliest date that it can
    /// reach, and the latest where it can reach none.
    fn best_offer(&self, round: &Round, index: u32) -> usize {
        let party = &self.parties[index];
        let reachable = round.day + self.days_to_port[party.region as usize];
        let strain = |day: u32| (day < reachable, day.abs_diff(reachable));
        // It likes a port alike on every date.
        let mut dislikes = vec![None; self.ports.len()];
        let mut best: Option<(f64, (bool, u32), usize)> = None;
        for (position, offer) in round.offers.iter().enumerate() {
            if offer.free < u32::from(party.size) {
                continue;
            }
            let dislike = *dislikes[usize::from(offer.port)]
                .get_or_insert_with(|| self.dislike(party.id, party.group, offer.port));
            let strain = strain(offer.day);
            let better = best.is_none_or(|(least_dislike, least_strain, _)| {
                dislike < least_dislike || (dislike <= least_dislike && strain < least_strain)
            });
            if better {
                best = Some((dislike, strain, position));
            }
        }
        let (_, _, position) = best.expect("only parties that fit win a slot");
        position
    }

    /// How little a party likes a port: exponential with the port's odds as rate, so that the least disliked of any set of
    /// ports is each with probability in proportion to its odds.
    pub(super) fn dislike(&self, id: PartyId, group: u8, port: u8) -> f64 {
        let odds = &self.port_odds[usize::from(group)];
        let mut draw = self.draw(
            id.key(),
            Purpose::PortLiking,
            self.port_keys[usize::from(port)],
        );
        match odds {
            // Equal odds need no logarithm: an exponential falls as its uniform number rises.
            PortOdds::Equal => 1.0 - draw.uniform(),
            PortOdds::ByPort(odds) => draw.exponential() / odds[usize::from(port)],
        }
    }

    /// The unit exponential of a party's next ticket.
    pub(super) fn next_ticket(&mut self, index: u32) -> f64 {
        let party = &mut self.parties[index];
        let occasion = next_occasion!(party.occasions.tickets);
        let id = party.id;
        self.draw(id.key(), Purpose::Ticket, occasion).exponential()
    }
}
