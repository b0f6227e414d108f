//! The daily round: requests in, slots out.
//!
//! How many members of each cell request is one binomial draw. Of the slots offered, the random share goes to requesters
//! drawn uniformly over the whole border; the rest to the longest registered among the day's requesters, found by a
//! sequential draw without replacement along the order of registration.

use crate::engine::agenda::Agenda;
use crate::engine::time::Span;
use crate::record::{At, Count};

use super::border::Border;
use super::draws::Purpose;
use super::event::Event;
use super::member::{FORESEEN, Member};
use super::party::{Actor, occasion_in_turn};
use super::setting::PortOdds;
use super::slots::Offers;

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

/// What a round still has to give, and who still asks for it.
struct Round {
    day: u32,
    offers: Offers,
    /// By cell.
    requests: Vec<Requests>,
    /// Requesters left by party size.
    left_by_size: Vec<u32>,
    /// Places not offered to anybody yet. Those of winners who did not confirm are free again in the next round only.
    slots_left: u32,
    /// Winners drawn at random who did not confirm: they have had their turn today.
    unconfirmed: Vec<(usize, Member)>,
}

impl Round {
    fn new(day: u32, offers: Offers, requests: Vec<Requests>) -> Self {
        let largest_size = requests.iter().map(|requests| requests.size).max();
        let mut left_by_size = vec![0; largest_size.unwrap_or(0) as usize + 1];
        for requests in &requests {
            left_by_size[requests.size as usize] += requests.left;
        }
        Self {
            day,
            slots_left: offers.places(),
            offers,
            requests,
            left_by_size,
            unconfirmed: Vec::new(),
        }
    }

    /// Requesters left whose parties are of a size or smaller.
    fn fitting(&self, largest: u32) -> u32 {
        let sizes = self.left_by_size.iter().take(largest as usize + 1);
        sizes.sum()
    }

    /// Decides the request of a member of a cell.
    fn decide_request(&mut self, cell: usize, asks: bool) {
        let requests = &mut self.requests[cell];
        requests.undecided -= 1;
        requests.left -= u32::from(asks);
        self.left_by_size[requests.size as usize] -= u32::from(asks);
    }
}

impl Border<'_> {
    /// Runs the round of the day.
    pub(super) fn run_round(&mut self, agenda: &mut Agenda<Event>) {
        let day = self.now.day();
        let places = self.open_dates(day);
        self.today.places_opened = if self.pool.size() > 0 { places } else { 0 };
        let offers = self.book.offers(day + 1, self.pool.largest_party());
        let mut round = Round::new(day, offers, self.collect_requests(day));
        // The product may miss a whole number by its last bit: 0.29 of 100 slots are 29.
        let slots = f64::from(round.slots_left);
        let at_random = (self.levers.random_share * slots + 1e-9).floor() as u32;
        self.issue_at_random(&mut round, at_random, agenda);
        self.return_tickets(&mut round);
        self.issue_by_registration(&mut round, agenda);
        self.take_in_arrivals(Span::DAY, agenda);
    }

    /// Opens every date up to the lead time that is not open yet, and gives the places of the one with the most.
    fn open_dates(&mut self, day: u32) -> u32 {
        let levers = self.levers;
        let dates = self.book.next_unopened.max(day + 1)..=day + levers.lead_days;
        let most = dates.clone().map(|date| levers.places_of_date(date)).max();
        for date in dates {
            for port in 0..levers.ports.len() as u8 {
                self.book
                    .set_capacity(date, port, levers.places_on(date, port));
            }
            self.book.next_unopened = date + 1;
        }
        most.unwrap_or(0)
    }

    /// Draws how many members of each cell request.
    fn collect_requests(&mut self, day: u32) -> Vec<Requests> {
        let factor = self.levers.request_factor;
        let mut requests = Vec::with_capacity(self.pool.cells.len());
        for cell in &self.pool.cells {
            let probability = self.setting.request_probability[usize::from(cell.class)] * factor;
            let left = if probability >= 1.0 {
                cell.members
            } else {
                let who = u64::from(self.setting.group(cell.group).code) << 16
                    | u64::from(cell.class) << 8
                    | u64::from(cell.size);
                let mut draw = self.luck(who).draw(Purpose::RequestCount, u64::from(day));
                draw.binomial(u64::from(cell.members), probability) as u32
            };
            let persons = left * u32::from(cell.size);
            self.record
                .count(Count::Requests, cell.group, At::Anywhere, persons);
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
            let largest = round.offers.most().min(quota);
            let fitting = round.fitting(largest);
            if fitting == 0 {
                return;
            }
            let occasion = u64::from(round.day) << 32 | turn;
            turn += 1;
            let mut draw = self
                .luck(Self::WHOLE_BORDER)
                .draw(Purpose::WinningCell, occasion);
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
                .draw(&self.parties)
                .expect("a requester is a member and every member has a ticket");
            round.decide_request(cell, true);
            quota -= round.requests[cell].size;
            let mut actor = self.actor(member.index);
            if !self.issue(round, &mut actor, agenda) {
                round.unconfirmed.push((cell, member));
            }
            self.put(&actor);
        }
    }

    /// Gives winners who did not confirm a new ticket each: they stay in the pool, for the rounds to come.
    fn return_tickets(&mut self, round: &mut Round) {
        for &(cell, member) in &round.unconfirmed {
            let mut actor = self.actor(member.index);
            let luck = actor.next_ticket();
            self.pool.cells[cell].enter(member, luck, &self.parties);
            self.put(&actor);
        }
        round
            .unconfirmed
            .sort_unstable_by_key(|&(_, member)| member);
    }

    /// Issues what is left to the longest registered among the day's requesters.
    fn issue_by_registration(&mut self, round: &mut Round, agenda: &mut Agenda<Event>) {
        let mut bucket = self.pool.registered.first();
        while round.slots_left > 0 && round.fitting(round.offers.most()) > 0 {
            let taken = self.pool.registered.take(bucket, &self.parties);
            let Some(mut members) = taken else { return };
            let (mut seen, mut kept) = (0, 0);
            for member in members.iter().take(FORESEEN) {
                self.parties.fetch(member.index);
            }
            while seen < members.len() && round.slots_left > 0 {
                if let Some(member) = members.get(seen + FORESEEN) {
                    self.parties.fetch(member.index);
                }
                let member = members[seen];
                seen += 1;
                let stays =
                    member.is_current(&self.parties) && !self.issue_if_asked(round, member, agenda);
                members[kept] = member;
                kept += usize::from(stays);
            }
            members.drain(kept..seen);
            self.pool.registered.put_back(bucket, members);
            bucket += 1;
        }
    }

    /// Offers a member a slot if it is one of the day's requesters that fit into what is left. Whether it has left the pool.
    fn issue_if_asked(
        &mut self,
        round: &mut Round,
        member: Member,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        let mut actor = self.actor(member.index);
        let issued =
            self.requests_today(round, member, &actor) && self.issue(round, &mut actor, agenda);
        if issued {
            self.put(&actor);
        }
        issued
    }

    /// Whether a member is one of the day's requesters that fit into what is left: one step of the sequential draw.
    fn requests_today(&self, round: &mut Round, member: Member, actor: &Actor) -> bool {
        let cell = self.pool.cell_of(&actor.party);
        let requests = round.requests[cell];
        if requests.left == 0 || requests.size > round.offers.most() {
            return false;
        }
        if round
            .unconfirmed
            .binary_search_by_key(&member, |&(_, member)| member)
            .is_ok()
        {
            return false;
        }
        let probability = f64::from(requests.left) / f64::from(requests.undecided);
        let today = u64::from(round.day);
        let asks = actor
            .luck
            .happens(Purpose::RequestToday, today, probability);
        round.decide_request(cell, asks);
        asks
    }

    /// Offers a winner the slot that it likes best among those with room for the whole party: at the best-liked port the earliest
    /// date that begins after the time it allows for the journey, and the latest where all begin before. Whether it confirmed.
    fn issue(&mut self, round: &mut Round, actor: &mut Actor, agenda: &mut Agenda<Event>) -> bool {
        let persons = actor.persons();
        let port = self
            .best_liked(actor, round.offers.ports_with_room(persons))
            .expect("only parties that fit win a slot");
        let there = self.now + self.setting.allowed_for_journey[actor.party.region as usize];
        let reachable = there.day() + u32::from(there.time_of_day() > Span::ZERO);
        let strain = |day: u32| (day < reachable, day.abs_diff(reachable));
        let day = round.offers.take(port, persons, strain);
        round.slots_left -= persons;
        let confirms = !self.levers.confirmation_required
            || actor
                .luck
                .draw(Purpose::Confirmation, u64::from(round.day))
                .chance(self.setting.scenario.world.app.confirmation_probability);
        if confirms {
            self.book_slot(actor, day, port, agenda);
        }
        confirms
    }

    /// The port that a party likes best among some, the first of equals.
    pub(super) fn best_liked(&self, actor: &Actor, ports: impl Iterator<Item = u8>) -> Option<u8> {
        let liking = |port: u8| {
            let key = self.setting.port_keys[usize::from(port)];
            actor.luck.draw(Purpose::PortLiking, key)
        };
        match &self.setting.group(actor.party.group).port_odds {
            PortOdds::Equal => first_of_greatest(ports.map(|port| (liking(port).bits(), port))),
            // How little it likes a port is exponential with the port's odds as rate, so that the least disliked of any set of
            // ports is each with probability in proportion to its odds. By inversion, so that it falls as the uniform number rises,
            // and odds that are hardly unequal choose as equal ones do, which need no logarithm.
            PortOdds::ByPort(odds) => first_of_greatest(ports.map(|port| {
                let liking = libm::log(liking(port).uniform()) / odds[usize::from(port)];
                (liking, port)
            })),
        }
    }
}

impl Actor {
    /// The uniform number of the party's next ticket.
    pub(super) fn next_ticket(&mut self) -> f64 {
        let occasion = occasion_in_turn(&mut self.party.occasions.tickets);
        self.luck.draw(Purpose::Ticket, occasion).uniform()
    }
}

/// What belongs to the greatest value, the first of equals.
#[inline]
fn first_of_greatest<V: PartialOrd>(valued: impl Iterator<Item = (V, u8)>) -> Option<u8> {
    let greatest = valued.reduce(|best, next| if next.0 > best.0 { next } else { best });
    greatest.map(|(_, port)| port)
}
