//! The one place where a party chooses what to do.
//!
//! A party chooses among the channels open to it with odds `weight × exp(-sensitivity × what it sees)`. A channel that
//! needs a region nearer to the line begins with the journey there. The choice stands at its end, but that who has come to the
//! north to cross looks once more at what is in force by then.

use crate::engine::agenda::Agenda;
use crate::scenario::values::Region;

use super::border::Border;
use super::draws::Purpose;
use super::event::Event;
use super::ledger::Exit;
use super::party::{Party, State, next_occasion};

/// What a party can do. The order is that of the cumulative odds: less crossing moves people to its neighbours first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Channel {
    /// Cross between ports.
    Irregular,
    /// Present at a port without an appointment.
    WalkUp,
    /// Register on the app, or stay registered.
    App,
    /// Wait outside the app and decide again later.
    Wait,
    /// Leave.
    GiveUp,
}

impl Channel {
    const ALL: [Self; 5] = [
        Self::Irregular,
        Self::WalkUp,
        Self::App,
        Self::Wait,
        Self::GiveUp,
    ];
}

/// Channels that a decision leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Nothing,
    App,
    WalkUp,
}

impl Border<'_> {
    /// A party decides among all channels.
    pub(super) fn decide(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.decide_among(index, Without::Nothing, agenda);
    }

    /// A party that has lost patience with the app decides among the other channels that lead somewhere.
    pub(super) fn decide_without_app(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.decide_among(index, Without::App, agenda);
    }

    /// A party turned back at a port decides among the other channels.
    pub(super) fn decide_without_walk_up(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.decide_among(index, Without::WalkUp, agenda);
    }

    fn decide_among(&mut self, index: u32, without: Without, agenda: &mut Agenda<Event>) {
        let party = &mut self.parties[index];
        let in_pool = party.state == State::Pool;
        let occasion = next_occasion!(party.occasions.decisions);
        let channel = self.choose(index, occasion, without);
        self.parties[index].channel = channel;
        if channel == Channel::App {
            if in_pool {
                self.wind_clock(index, agenda);
            } else {
                self.pursue(index, agenda);
            }
            return;
        }
        if in_pool {
            self.leave_pool(index, agenda);
        }
        self.parties[index].registered = match without {
            Without::App => Party::OUT_OF_PATIENCE,
            Without::Nothing | Without::WalkUp => Party::UNREGISTERED,
        };
        self.pursue(index, agenda);
    }

    /// Does what a party has chosen, or takes the next leg of the journey to where it can be done.
    pub(super) fn pursue(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (channel, region, group) = (party.channel, party.region, party.group);
        match channel {
            Channel::App => match self.levers.app_region(group, region) {
                Some(here) if here == region => self.register(index, agenda),
                Some(_) => self.set_out(index, agenda),
                // The app has closed to it on the way.
                None => self.decide(index, agenda),
            },
            Channel::Wait => {
                self.move_to(index, State::Waiting);
                self.wind_clock(index, agenda);
            }
            Channel::GiveUp => self.leave(index, Exit::GaveUp),
            Channel::Irregular | Channel::WalkUp if region != Region::North => {
                self.set_out(index, agenda);
            }
            Channel::Irregular => self.prepare_attempt(index, agenda),
            Channel::WalkUp => self.walk_up(index, agenda),
        }
    }

    /// A party makes its last decision once more, with the same luck: it comes to the same unless it now sees something else.
    pub(super) fn look_again(&mut self, index: u32) {
        let party = &self.parties[index];
        let occasion = u64::from(party.occasions.decisions.wrapping_sub(1));
        let without = if party.registered == Party::OUT_OF_PATIENCE {
            Without::App
        } else {
            Without::Nothing
        };
        self.parties[index].channel = self.choose(index, occasion, without);
    }

    /// Draws a channel with the odds that a party sees; with no channel open, it gives up.
    fn choose(&self, index: u32, occasion: u64, without: Without) -> Channel {
        let party = &self.parties[index];
        let (key, group, region) = (party.id.key(), party.group, party.region);
        let open = &self.open_channels[usize::from(group)][region as usize];
        let narrowed;
        let open = match without {
            Without::Nothing => open,
            Without::App => {
                narrowed = open.without(&[Channel::App, Channel::Wait]);
                &narrowed
            }
            Without::WalkUp => {
                narrowed = open.without(&[Channel::WalkUp]);
                &narrowed
            }
        };
        let uniform = self.luck(key).draw(Purpose::Decision, occasion).uniform();
        open.at(uniform)
    }

    /// Works out what is open to whom today, and with which odds.
    pub(super) fn update_open_channels(&mut self) {
        for (group, by_region) in (0_u8..).zip(&mut self.open_channels) {
            for region in Region::ALL {
                let mut odds = self.seen.odds[usize::from(group)];
                if self.levers.app_region(group, region).is_none() {
                    odds[Channel::App as usize] = 0.0;
                }
                if !self.levers.walk_ups_open {
                    odds[Channel::WalkUp as usize] = 0.0;
                }
                by_region[region as usize] = OpenChannels::new(odds);
            }
        }
    }
}

/// Odds of the channels that are open; those of the others are 0.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OpenChannels {
    odds: [f64; Channel::ALL.len()],
    total: f64,
}

impl OpenChannels {
    fn new(odds: [f64; Channel::ALL.len()]) -> Self {
        let total = odds.iter().sum();
        Self { odds, total }
    }

    fn without(&self, channels: &[Channel]) -> Self {
        let mut odds = self.odds;
        for &channel in channels {
            odds[channel as usize] = 0.0;
        }
        Self::new(odds)
    }

    /// The channel at a uniform number's place among the odds.
    fn at(&self, uniform: f64) -> Channel {
        let mut position = uniform * self.total;
        for (channel, odds) in Channel::ALL.into_iter().zip(self.odds) {
            if position < odds {
                return channel;
            }
            position -= odds;
        }
        // No channel is open, or the last bit of the sum was lost to rounding.
        Channel::ALL
            .into_iter()
            .rev()
            .find(|&channel| self.odds[channel as usize] > 0.0)
            .unwrap_or(Channel::GiveUp)
    }
}
