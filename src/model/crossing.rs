//! Crossing between ports: preparation, interception before the line, the attempt and its outcome.

use crate::engine::agenda::Agenda;
use crate::engine::time::Span;
use crate::record::{At, Count};

use super::border::Border;
use super::draws::{Duration, Luck, Purpose};
use super::event::{Event, What};
use super::ledger::Exit;
use super::party::{State, next_occasion};

impl Border<'_> {
    /// A party in the north prepares an attempt.
    pub(super) fn prepare_attempt(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.move_to(index, State::Preparing);
        let party = &mut self.parties[index];
        let occasion = next_occasion!(party.occasions.attempts);
        let id = party.id;
        let luck = self.luck(id.key());
        let time = self
            .preparation
            .draw(&mut luck.draw(Purpose::Preparation, occasion));
        self.schedule(index, self.now + time, What::Attempt, agenda);
    }

    /// The attempt takes place, unless Mexican enforcement is in the way.
    pub(super) fn attempt(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        let party = &self.parties[index];
        let (group, size) = (party.group, party.size);
        let luck = self.luck(party.id.key());
        let repeats = party.encounters > 0;
        let occasion = u64::from(party.occasions.attempts);
        let interception = levers.interception[usize::from(group)].attempt;
        if luck.happens(Purpose::AttemptInterception, occasion, interception) {
            self.attempt_intercepted(index, luck, occasion, agenda);
            return;
        }
        self.count(Count::CrossingAttempts, group, At::Anywhere, size);
        if repeats {
            self.count(Count::Repeats, group, At::Anywhere, size);
        }
        if luck.happens(Purpose::Apprehension, occasion, levers.apprehension) {
            self.encounter(index, luck, occasion, agenda);
        } else {
            self.count(Count::Gotaways, group, At::Anywhere, size);
            self.leave(index, Exit::Gotaway);
        }
    }

    /// An encounter between ports and its outcome under the policy in force.
    fn encounter(&mut self, index: u32, luck: Luck, occasion: u64, agenda: &mut Agenda<Event>) {
        let party = &mut self.parties[index];
        party.encounters = party.encounters.saturating_add(1);
        let (group, size) = (party.group, party.size);
        self.count(Count::IrregularEncounters, group, At::Anywhere, size);
        let today = &mut self.encounters_today[usize::from(group)];
        today.0 += u32::from(size);
        let all_today: u32 = self.encounters_today.iter().map(|&(all, _)| all).sum();
        let over_capacity = f64::from(all_today) > self.levers.consequence_capacity;
        let outcome = self.levers.outcome[usize::from(group)];
        let position = luck.draw(Purpose::CrossingOutcome, occasion).uniform();
        if over_capacity || position < outcome.released {
            self.count(Count::Released, group, At::Anywhere, size);
            self.leave(index, Exit::Released);
            return;
        }
        self.encounters_today[usize::from(group)].1 += u32::from(size);
        let irregular = &self.scenario.world.irregular;
        if position < outcome.released + outcome.removed {
            self.count(Count::Removed, group, At::Anywhere, size);
            // Who comes back after a removal begins where it entered.
            self.parties[index].region = self.entry_region(luck, group);
            let share = irregular.repeat_after_removal_share;
            self.come_back(
                index,
                occasion,
                share,
                self.after_removal,
                Exit::Removed,
                agenda,
            );
        } else {
            self.count(Count::Returned, group, At::Anywhere, size);
            let share = irregular.repeat_after_return_share;
            self.come_back(
                index,
                occasion,
                share,
                self.after_return,
                Exit::Returned,
                agenda,
            );
        }
    }

    /// After a removal or a return a share decides again in time; the others leave.
    fn come_back(
        &mut self,
        index: u32,
        occasion: u64,
        share: f64,
        delay: Duration,
        exit: Exit,
        agenda: &mut Agenda<Event>,
    ) {
        let luck = self.luck(self.parties[index].id.key());
        if luck.happens(Purpose::Repeat, occasion, share) {
            self.move_to(index, State::Returning);
            let time = delay.draw(&mut luck.draw(Purpose::RepeatDelay, occasion));
            // Trying again always takes time.
            self.schedule(
                index,
                self.now + time.max(Span::MINUTE),
                What::Decides,
                agenda,
            );
        } else {
            self.leave(index, exit);
        }
    }
}
