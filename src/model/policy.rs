//! Policy through the days: events on their dates, triggers by the simulated state.

use crate::engine::agenda::Agenda;
use crate::scenario::change::Watched;
use crate::scenario::timeline::TriggerRule;
use crate::scenario::values::Region;

use super::border::Border;
use super::event::Event;
use super::levers::Levers;
use super::party::{Party, State};

/// The state of a trigger.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Trigger {
    on: bool,
    /// Days in a row for which the mean has been below its bound while the trigger is on.
    days_below: u32,
}

/// Daily figures that triggers can watch, since the first simulated day.
#[derive(Debug, Default)]
pub(crate) struct WatchedDays {
    irregular_encounters: Vec<f64>,
    port_encounters: Vec<f64>,
    pool_size: Vec<f64>,
    registrations: Vec<f64>,
}

impl WatchedDays {
    /// Adds the day that ends.
    pub(crate) fn push(&mut self, irregular: u32, ports: u32, pool: u32, registrations: u32) {
        self.irregular_encounters.push(f64::from(irregular));
        self.port_encounters.push(f64::from(ports));
        self.pool_size.push(f64::from(pool));
        self.registrations.push(f64::from(registrations));
    }

    /// Mean over the last days; `None` while there are not as many.
    fn mean(&self, watched: Watched, days: u32) -> Option<f64> {
        let figures = match watched {
            Watched::IrregularEncounters => &self.irregular_encounters,
            Watched::PortEncounters => &self.port_encounters,
            Watched::PoolSize => &self.pool_size,
            Watched::Registrations => &self.registrations,
        };
        let first = figures.len().checked_sub(days as usize)?;
        Some(figures[first..].iter().sum::<f64>() / f64::from(days))
    }
}

impl Trigger {
    /// Moves the trigger on to the day that begins.
    fn begin_day(&mut self, rule: &TriggerRule, day: u32, watched: &WatchedDays) {
        if day < rule.from_day || day > rule.to_day {
            *self = Self::default();
            return;
        }
        if rule.initially && day == rule.from_day {
            self.on = true;
            return;
        }
        if self.on {
            let Some(until) = &rule.until else { return };
            let below = watched
                .mean(until.metric, until.mean_over_days)
                .is_some_and(|mean| mean < until.below);
            self.days_below = if below { self.days_below + 1 } else { 0 };
            if self.days_below > until.delay_days {
                *self = Self::default();
            }
        } else {
            let when = &rule.when;
            self.on = watched
                .mean(when.metric, when.mean_over_days)
                .is_some_and(|mean| mean >= when.at_least);
        }
    }
}

impl Border<'_> {
    /// Brings the levers of a day into force: events first, triggers over them.
    pub(super) fn begin_policy_day(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        let epoch = self.setting.scenario.timeline.epoch_on(day);
        self.begin_policy(epoch, day, agenda);
        let (_, mask) = self.in_force;
        let triggers = 0..self.setting.scenario.timeline.triggers.len();
        for trigger in triggers.filter(|trigger| mask >> trigger & 1 == 1) {
            self.record.in_force(day, trigger);
        }
    }

    /// Brings the levers of a stretch of days into force, and the triggers that are on on a day of it.
    pub(super) fn begin_policy(&mut self, epoch: usize, day: u32, agenda: &mut Agenda<Event>) {
        let timeline = &self.setting.scenario.timeline;
        let mut mask = 0_usize;
        for (index, rule) in timeline.epochs[epoch].rules.iter().enumerate() {
            let trigger = &mut self.triggers[index];
            trigger.begin_day(rule, day, &self.watched);
            mask |= usize::from(trigger.on) << index;
        }
        if self.in_force == (epoch, mask) {
            return;
        }
        self.in_force = (epoch, mask);
        let before = self.levers;
        self.levers = &self.setting.levers[epoch][mask];
        self.respond_to_change(before, day, agenda);
    }

    /// What a change of levers does at once: slots, appointments, and the members of a pool that has closed to them.
    fn respond_to_change(&mut self, before: &Levers, day: u32, agenda: &mut Agenda<Event>) {
        let now = self.levers;
        // A place that is lost acts by the rule in force, whichever of the two moves: with `honour` it is kept until another rule comes. Of what
        // is kept at a port that closes, others may give out as much.
        let ports = || before.ports.iter().zip(&now.ports);
        if before.places != now.places
            || before.app_open != now.app_open
            || before.booked != now.booked
            || ports()
                .any(|(before, now)| (before.open, &before.closures) != (now.open, &now.closures))
        {
            self.apply_slots(day, agenda);
        }
        let other_times: Vec<bool> = ports()
            .map(|(before, now)| before.appointment_times != now.appointment_times)
            .collect();
        if other_times.contains(&true) {
            self.move_times(&other_times, agenda);
        }
        if before.app_region != now.app_region {
            let shut_out: Vec<u32> = self
                .parties
                .iter()
                .filter(|(_, party)| party.state == State::Pool)
                .filter(|(_, party)| !now.may_use_app(party.group, party.region))
                .map(|(index, _)| index)
                .collect();
            for index in shut_out {
                let mut actor = self.actor(index);
                self.leave_pool(&mut actor, agenda);
                actor.party.registered = Party::UNREGISTERED;
                self.respond(&mut actor, agenda);
                self.put(&actor);
            }
        }
    }

    /// Appointments at these ports are at the times of day now in force: who is on the way learns that at the end of the journey, and who is
    /// in reach at once.
    fn move_times(&mut self, ports: &[bool], agenda: &mut Agenda<Event>) {
        let in_reach: Vec<u32> = (self.parties.iter())
            .filter(|(_, party)| party.state == State::Booked && party.region == Region::North)
            .filter(|(_, party)| ports[usize::from(party.port)])
            .map(|(index, _)| index)
            .collect();
        for index in in_reach {
            let mut actor = self.actor(index);
            self.call_off(index, agenda);
            self.go_to_appointment(&mut actor, agenda);
            self.put(&actor);
        }
    }
}
