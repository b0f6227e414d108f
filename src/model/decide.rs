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
use super::party::{Actor, Party, State, next_occasion};

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
    pub(super) fn decide(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.decide_among(actor, Without::Nothing, agenda);
    }

    /// A party that has lost patience with the app decides among the other channels that lead somewhere.
    pub(super) fn decide_without_app(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.decide_among(actor, Without::App, agenda);
    }

    /// A party turned back at a port decides among the other channels.
    pub(super) fn decide_without_walk_up(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.decide_among(actor, Without::WalkUp, agenda);
    }

    fn decide_among(&mut self, actor: &mut Actor, without: Without, agenda: &mut Agenda<Event>) {
        let in_pool = actor.party.state == State::Pool;
        let occasion = next_occasion!(actor.party.occasions.decisions);
        let channel = self.choose(actor, occasion, without);
        actor.party.channel = channel;
        if channel == Channel::App && in_pool {
            self.wind_clock(actor, agenda);
            return;
        }
        if channel != Channel::App {
            if in_pool {
                self.leave_pool(actor, agenda);
            }
            actor.party.registered = match without {
                Without::App => Party::OUT_OF_PATIENCE,
                Without::Nothing | Without::WalkUp => Party::UNREGISTERED,
            };
        }
        self.pursue(actor, agenda);
    }

    /// Does what a party has chosen, or takes the next leg of the journey to where it can be done.
    pub(super) fn pursue(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let (group, region) = (actor.party.group, actor.party.region);
        match actor.party.channel {
            Channel::App => match self.levers.app_region(group, region) {
                Some(here) if here == region => self.register(actor, agenda),
                Some(_) => self.set_out(actor, agenda),
                // The app has closed to it on the way.
                None => self.decide(actor, agenda),
            },
            Channel::Wait => {
                self.move_to(actor, State::Waiting);
                self.wind_clock(actor, agenda);
            }
            Channel::GiveUp => self.leave(actor, Exit::GaveUp),
            Channel::Irregular | Channel::WalkUp if region != Region::North => {
                self.set_out(actor, agenda);
            }
            Channel::Irregular => self.prepare_attempt(actor, agenda),
            Channel::WalkUp => self.walk_up(actor, agenda),
        }
    }

    /// A party makes its last decision once more, with the same luck: it comes to the same unless it now sees something else.
    pub(super) fn look_again(&self, actor: &mut Actor) {
        let occasion = u64::from(actor.party.occasions.decisions - 1);
        let without = if actor.party.registered == Party::OUT_OF_PATIENCE {
            Without::App
        } else {
            Without::Nothing
        };
        actor.party.channel = self.choose(actor, occasion, without);
    }

    /// Draws a channel with the odds that a party sees; with no channel open, it gives up.
    fn choose(&self, actor: &Actor, occasion: u64, without: Without) -> Channel {
        let (group, region) = (actor.party.group, actor.party.region);
        let open = &self.open_channels[usize::from(group)][region as usize];
        let uniform = actor.luck.draw(Purpose::Decision, occasion).uniform();
        match without {
            Without::Nothing => open.at(uniform),
            Without::App => open.without(&[Channel::App, Channel::Wait]).at(uniform),
            Without::WalkUp => open.without(&[Channel::WalkUp]).at(uniform),
        }
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
    /// Sum of the odds of each channel and those before it.
    cumulative: [f64; Channel::ALL.len()],
}

impl OpenChannels {
    fn new(odds: [f64; Channel::ALL.len()]) -> Self {
        let mut cumulative = odds;
        for channel in 1..cumulative.len() {
            cumulative[channel] += cumulative[channel - 1];
        }
        Self { odds, cumulative }
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
        let [.., total] = self.cumulative;
        let position = uniform * total;
        // Counted, not searched: where somebody's luck falls, no processor foresees.
        let passed = self
            .cumulative
            .iter()
            .map(|&end| usize::from(end <= position));
        let channel = Channel::ALL.get(passed.sum::<usize>()).copied();
        // No channel is open, or the last bit of the product was lost to rounding.
        channel.unwrap_or_else(|| {
            let open = Channel::ALL.into_iter().rev();
            let mut open = open.filter(|&channel| self.odds[channel as usize] > 0.0);
            open.next().unwrap_or(Channel::GiveUp)
        })
    }
}
