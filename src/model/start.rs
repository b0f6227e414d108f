//! The state at the first instant: the pool with its ages, and who has an appointment already.

use crate::engine::agenda::Agenda;
use crate::engine::time::Span;
use crate::scenario::values::Region;

use super::border::Border;
use super::draws::{Luck, Purpose};
use super::event::Event;
use super::identity::{InitialPlace, PartyId};
use super::party::State;
use super::perception::Perception;
use super::setting::GroupSetting;

impl Border<'_> {
    /// Sets the state at the first instant: the pool with its ages, and the appointments of dates that no round will open.
    pub(super) fn set_up(&mut self, agenda: &mut Agenda<Event>) {
        let setting = self.setting;
        for (group, of_group) in setting.groups() {
            let pool = of_group.world.initial_pool;
            for (region, persons) in [
                (Region::South, pool.south_persons),
                (Region::North, pool.north_persons),
            ] {
                let mut placed = 0.0;
                for ordinal in 0.. {
                    if placed >= persons {
                        break;
                    }
                    let id = PartyId::in_pool(of_group.code, region, ordinal);
                    let mut actor = self.admit(id, group, State::Deciding);
                    placed += f64::from(actor.party.size);
                    actor.party.region = region;
                    if self.levers.may_use_app(group, region) {
                        let age = initial_age(actor.luck, pool.mean_age_days, pool.max_age_days);
                        actor.party.registered = -age.as_millis().cast_signed();
                        self.register(&mut actor, agenda);
                    } else {
                        // Nobody is registered where the app is not open.
                        self.respond(&mut actor, agenda);
                    }
                    self.put(&actor);
                }
            }
        }
        self.book_initial_dates(agenda);
        self.seen = Perception::new(self.setting.scenario, self.levers);
    }

    /// Books the share `world.initial_bookings` of the dates before the first that a round opens.
    fn book_initial_dates(&mut self, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        let first_opened = levers.lead_days;
        self.book.first_opened = first_opened;
        self.book.next_unopened = first_opened;
        // Nobody has an appointment of an app that was never open, or that nobody would use.
        let Some(parties) = self.app_users() else {
            return;
        };
        self.book.initial_share = self.setting.scenario.world.initial_bookings;
        self.book.initial_places.clone_from(&levers.places);
        for day in 0..first_opened {
            for port in 0..levers.ports.len() as u8 {
                let offered = (self.book).initially_offered(port, levers.places_on(day, port));
                self.book.set_capacity(day, port, offered);
                self.book_full(day, port, &parties, agenda);
            }
        }
    }

    /// By group, the parties that use the app, if it is open to them anywhere: of those who come on the first day on which any such are expected
    /// before the first date that a round opens, or else of the pool. `None` where there are none.
    fn app_users(&self) -> Option<Vec<f64>> {
        let rates = &self.setting.scenario.own_arrival_rates;
        let days = self
            .book
            .first_opened
            .min(self.setting.scenario.calendar.days());
        let groups = || self.setting.groups();
        let arriving = (0..days as usize).map(|day| -> Vec<f64> {
            let choosing = groups().map(|(number, group)| {
                rates[usize::from(number)][day] * self.share_choosing_app(group)
            });
            choosing.collect()
        });
        let pools = groups().map(|(_, group)| group.world.initial_pool);
        let waiting = pools.map(|pool| pool.persons());
        let mut parties = arriving.chain([waiting.collect()]).map(|persons| {
            let parties = groups().zip(persons).map(|((number, group), persons)| {
                let mut regions = Region::ALL.into_iter();
                if regions.any(|region| self.levers.may_use_app(number, region)) {
                    persons / group.sizes.mean
                } else {
                    0.0
                }
            });
            parties.collect::<Vec<f64>>()
        });
        parties.find(|parties| parties.iter().sum::<f64>() > 0.0)
    }

    /// The share of a group that chooses the app where it is open, by the weights of what else is.
    fn share_choosing_app(&self, group: &GroupSetting<'_>) -> f64 {
        let mut open = group.world.weights;
        if !self.levers.walk_ups_open {
            open.walk_up = 0.0;
        }
        let all: f64 = open.all().iter().sum();
        if all > 0.0 { open.app / all } else { 0.0 }
    }

    /// Fills the places of a date and port with parties of the groups, in proportion to how many there are.
    fn book_full(&mut self, day: u32, port: u8, parties: &[f64], agenda: &mut Agenda<Event>) {
        let total: f64 = parties.iter().sum();
        // A few tries for a party that fits the last places; then they stay empty.
        let mut misfits = 0;
        for number in 0.. {
            if self.book.free(day, port) == 0 || misfits == 20 {
                return;
            }
            let place = InitialPlace {
                date: day,
                port_code: self.setting.port_codes[usize::from(port)],
                number,
            };
            let mut position = self
                .luck(Self::WHOLE_BORDER)
                .draw(Purpose::InitialGroup, place.occasion())
                .uniform()
                * total;
            let group = parties
                .iter()
                .position(|parties| {
                    position -= parties;
                    position < 0.0
                })
                .unwrap_or(parties.len() - 1) as u8;
            let of_group = self.setting.group(group);
            let id = PartyId::booked(of_group.code, place);
            let luck = self.luck(id.0);
            let size = of_group.sizes.draw(luck);
            if u32::from(size) > self.book.free(day, port) {
                misfits += 1;
                continue;
            }
            let mut actor = self.admit(id, group, State::Booked);
            actor.party.region = Region::North;
            actor.party.registered = 0;
            self.hold_slot(&mut actor, day, port, agenda);
            self.put(&actor);
        }
    }
}

/// An age: exponential with a mean, cut off at the oldest age, so that the mean of those left is lower.
fn initial_age(luck: Luck, mean_days: f64, max_days: f64) -> Span {
    let uniform = luck.draw(Purpose::InitialAge, 0).uniform();
    if mean_days <= 0.0 {
        return Span::ZERO;
    }
    // Inverse of the exponential distribution function truncated at the oldest age.
    let inside = 1.0 - libm::exp(-max_days / mean_days);
    let days = -mean_days * libm::log1p(-uniform * inside);
    Span::nearest_millis(days * Span::DAY.as_millis() as f64)
}
