//! Crossing between ports: preparation, interception before the line, the attempt and its outcome.

use crate::engine::agenda::Agenda;
use crate::engine::time::Span;
use crate::record::{At, Count};

use super::border::Border;
use super::draws::{Duration, Purpose};
use super::event::{Event, What};
use super::ledger::Exit;
use super::party::{Actor, State, next_occasion};

impl Border<'_> {
    /// A party in the north prepares an attempt.
    pub(super) fn prepare_attempt(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.move_to(actor, State::Preparing);
        let occasion = next_occasion!(actor.party.occasions.attempts);
        let mut draw = actor.luck.draw(Purpose::Preparation, occasion);
        let time = self.setting.durations.preparation.draw(&mut draw);
        self.schedule(actor, self.now + time, What::Attempt, agenda);
    }

    /// The attempt takes place, unless Mexican enforcement is in the way.
    pub(super) fn attempt(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        let luck = actor.luck;
        let occasion = u64::from(actor.party.occasions.attempts);
        let interception = levers.interception[usize::from(actor.party.group)].attempt;
        if luck.happens(Purpose::AttemptInterception, occasion, interception) {
            self.attempt_intercepted(actor, occasion, agenda);
            return;
        }
        self.count(Count::CrossingAttempts, &actor.party, At::Anywhere);
        if actor.party.encounters > 0 {
            self.count(Count::Repeats, &actor.party, At::Anywhere);
        }
        if luck.happens(Purpose::Apprehension, occasion, levers.apprehension) {
            self.encounter(actor, occasion, agenda);
        } else {
            self.count(Count::Gotaways, &actor.party, At::Anywhere);
            self.leave(actor, Exit::Gotaway);
        }
    }

    /// An encounter between ports and its outcome under the policy in force.
    fn encounter(&mut self, actor: &mut Actor, occasion: u64, agenda: &mut Agenda<Event>) {
        let party = &mut actor.party;
        party.encounters = party.encounters.saturating_add(1);
        self.count(Count::IrregularEncounters, party, At::Anywhere);
        let over_capacity = f64::from(self.today.irregular()) > self.levers.consequence_capacity;
        let outcome = self.levers.outcome[usize::from(actor.party.group)];
        let mut draw = actor.luck.draw(Purpose::CrossingOutcome, occasion);
        let position = draw.uniform();
        if over_capacity || position < outcome.released {
            self.count(Count::Released, &actor.party, At::Anywhere);
            self.leave(actor, Exit::Released);
            return;
        }
        let irregular = &self.setting.scenario.world.irregular;
        if position < outcome.released + outcome.removed {
            self.count(Count::Removed, &actor.party, At::Anywhere);
            // Who comes back after a removal begins where it entered.
            actor.party.region = self.entry_region(actor.luck, actor.party.group);
            let share = irregular.repeat_after_removal_share;
            let delay = self.setting.durations.after_removal;
            self.come_back(actor, occasion, share, delay, Exit::Removed, agenda);
        } else {
            self.count(Count::Returned, &actor.party, At::Anywhere);
            let share = irregular.repeat_after_return_share;
            let delay = self.setting.durations.after_return;
            self.come_back(actor, occasion, share, delay, Exit::Returned, agenda);
        }
    }

    /// After a removal or a return a share decides again in time; the others leave.
    fn come_back(
        &mut self,
        actor: &mut Actor,
        occasion: u64,
        share: f64,
        delay: Duration,
        exit: Exit,
        agenda: &mut Agenda<Event>,
    ) {
        let luck = actor.luck;
        if luck.happens(Purpose::Repeat, occasion, share) {
            self.move_to(actor, State::Returning);
            let time = delay.draw(&mut luck.draw(Purpose::RepeatDelay, occasion));
            // Trying again always takes time.
            let again = self.now + time.max(Span::MINUTE);
            self.schedule(actor, again, What::Decides, agenda);
        } else {
            self.leave(actor, exit);
        }
    }
}
