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
    pub(crate) const ALL: [Self; 5] = [
        Self::Irregular,
        Self::WalkUp,
        Self::App,
        Self::Wait,
        Self::GiveUp,
    ];
}

/// Channels that a decision leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Without {
    /// The app, and waiting for it: who has lost patience with it has done so for good.
    app: bool,
    /// Walking up, from which the party comes.
    walk_up: bool,
}

impl Without {
    /// What no decision of a party has: the app, where it has lost patience with that.
    fn of(party: &Party) -> Self {
        Self {
            app: party.is_out_of_patience(),
            walk_up: false,
        }
    }
}

impl Border<'_> {
    /// A party decides among all channels, but for the app where it has lost patience with that.
    pub(super) fn decide(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.decide_among(actor, Without::of(&actor.party), agenda);
    }

    /// A party that has lost patience with the app decides among the other channels that lead somewhere.
    pub(super) fn decide_without_app(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let without = Without {
            app: true,
            walk_up: false,
        };
        self.decide_among(actor, without, agenda);
    }

    /// A party turned back at a port decides among the other channels.
    pub(super) fn decide_without_walk_up(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let without = Without {
            walk_up: true,
            ..Without::of(&actor.party)
        };
        self.decide_among(actor, without, agenda);
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
            actor.party.registered = if without.app {
                Party::OUT_OF_PATIENCE
            } else {
                Party::UNREGISTERED
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
        actor.party.channel = self.choose(actor, occasion, Without::of(&actor.party));
    }

    /// Draws a channel with the odds that a party sees; with no channel open, it gives up.
    fn choose(&self, actor: &Actor, occasion: u64, without: Without) -> Channel {
        let (group, region) = (actor.party.group, actor.party.region);
        let open = &self.open_channels[usize::from(group)][region as usize];
        let uniform = actor.luck.draw(Purpose::Decision, occasion).uniform();
        let left_out: &[Channel] = match (without.app, without.walk_up) {
            (false, false) => return open.at(uniform),
            (true, false) => &[Channel::App, Channel::Wait],
            (false, true) => &[Channel::WalkUp],
            (true, true) => &[Channel::App, Channel::Wait, Channel::WalkUp],
        };
        open.without(left_out).at(uniform)
    }

    /// Works out what is open to whom today, and with which odds.
    pub(super) fn update_open_channels(&mut self) {
        for (group, by_region) in (0_u8..).zip(&mut self.open_channels) {
            for region in Region::ALL {
                let mut odds = self.seen.odds[usize::from(group)];
                if self.levers.app_region(group, region).is_none() {
                    odds[Channel::App as usize].weight = 0.0;
                }
                if !self.levers.walk_ups_open {
                    odds[Channel::WalkUp as usize].weight = 0.0;
                }
                by_region[region as usize] = OpenChannels::of(&odds);
            }
        }
    }
}

/// The odds of a channel: weight × exp(utility), and 0 where the weight is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Odds {
    /// What a party that saw nothing would go by, at least 0.
    pub(crate) weight: f64,
    /// What a party sees, times how much it minds.
    pub(crate) utility: f64,
}

impl Odds {
    /// The odds, divided by exp(base).
    fn over(self, base: f64) -> f64 {
        if self.weight > 0.0 {
            self.weight * libm::exp(self.utility - base)
        } else {
            0.0
        }
    }
}

/// The channels that are open; the others have no weight.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct OpenChannels {
    channels: [Odds; Channel::ALL.len()],
    odds: [f64; Channel::ALL.len()],
    /// Sum of the odds of each channel and those before it.
    cumulative: [f64; Channel::ALL.len()],
}

impl OpenChannels {
    fn of(channels: &[Odds; Channel::ALL.len()]) -> Self {
        Self::with(*channels, channels.map(|channel| channel.over(0.0)))
    }

    /// Those of channels whose odds have been worked out.
    fn with(channels: [Odds; Channel::ALL.len()], mut odds: [f64; Channel::ALL.len()]) -> Self {
        let total: f64 = odds.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            // Beyond what a float holds, odds are told beside those of the greatest utility.
            let open = channels.iter().filter(|channel| channel.weight > 0.0);
            let most = open.fold(f64::NEG_INFINITY, |most, open| most.max(open.utility));
            odds = channels.map(|channel| channel.over(most));
        }
        let mut cumulative = odds;
        for channel in 1..cumulative.len() {
            cumulative[channel] += cumulative[channel - 1];
        }
        Self {
            channels,
            odds,
            cumulative,
        }
    }

    fn without(&self, left_out: &[Channel]) -> Self {
        let (mut channels, mut odds) = (self.channels, self.odds);
        for &channel in left_out {
            channels[channel as usize].weight = 0.0;
            odds[channel as usize] = 0.0;
        }
        Self::with(channels, odds)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of 1 for crossing and giving up, which is worth nothing.
    fn cross_or_give_up(utility: f64, weight: f64) -> OpenChannels {
        let mut odds = [Odds::default(); Channel::ALL.len()];
        odds[Channel::Irregular as usize] = Odds { weight, utility };
        odds[Channel::GiveUp as usize] = Odds {
            weight: 1.0,
            utility: 0.0,
        };
        OpenChannels::of(&odds)
    }

    #[test]
    fn a_channel_has_its_part_of_the_odds() {
        let three_to_one = cross_or_give_up(libm::log(3.0), 1.0);
        assert_eq!(three_to_one.at(0.74), Channel::Irregular);
        assert_eq!(three_to_one.at(0.76), Channel::GiveUp);
    }

    #[test]
    fn odds_beyond_what_a_float_holds_choose_what_is_all_but_certain() {
        for uniform in [0.001, 0.5, 0.999] {
            let at = |utility, weight| cross_or_give_up(utility, weight).at(uniform);
            assert_eq!(at(800.0, 1.0), Channel::Irregular);
            assert_eq!(at(-800.0, 1.0), Channel::GiveUp);
            // What has no weight has no odds, whatever it is worth.
            assert_eq!(at(800.0, 0.0), Channel::GiveUp);
            // Alone, it is chosen however little it is worth; also where it is alone because the others are left out.
            let left = cross_or_give_up(-800.0, 1.0).without(&[Channel::GiveUp]);
            assert_eq!(left.at(uniform), Channel::Irregular);
            let mut odds = [Odds::default(); Channel::ALL.len()];
            odds[Channel::App as usize] = Odds {
                weight: 1.0,
                utility: -800.0,
            };
            assert_eq!(OpenChannels::of(&odds).at(uniform), Channel::App);
        }
    }

    #[test]
    fn with_no_channel_open_a_party_gives_up() {
        let none = OpenChannels::of(&[Odds::default(); Channel::ALL.len()]);
        assert_eq!(none.at(0.5), Channel::GiveUp);
    }
}
