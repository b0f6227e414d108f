//! Midnight: one day is closed and the next begun.

use crate::engine::agenda::Agenda;
use crate::engine::time::{Span, Time};
use crate::record::LedgerRow;
use crate::scenario::values::Region;

use super::border::Border;
use super::error::ModelError;
use super::event::Event;
use super::party::State;

impl Border<'_> {
    /// Closes the day before, if there was one, and begins a day.
    pub(super) fn midnight(&mut self, agenda: &mut Agenda<Event>) {
        let day = self.now.day();
        if let Some(yesterday) = day.checked_sub(1)
            && let Err(error) = self.end_day(yesterday)
        {
            self.fault.get_or_insert(error);
        }
        if self.fault.is_some() {
            agenda.stop();
            return;
        }
        self.record.begin_day(day);
        agenda.schedule(Time::from_day(day + 1), Event::Midnight);
        self.begin_policy_day(day, agenda);
        self.look_about();
        self.today.begin();
        self.update_open_channels();
        self.begin_port_day(day, agenda);
        self.begin_arrivals(day);
        if self.levers.app_open {
            let round = self.levers.round_time;
            agenda.schedule(self.now + round, Event::Round);
            self.take_in_arrivals(round, agenda);
        } else {
            self.take_in_arrivals(Span::DAY, agenda);
        }
    }

    /// Closes a day: the ledger must balance, and the day's state is recorded.
    pub(super) fn end_day(&mut self, day: u32) -> Result<(), ModelError> {
        self.check_ledger(day)?;
        for (group, _) in self.setting.groups() {
            for region in Region::ALL {
                let persons = self.pool.persons(group, region);
                self.record.pool_size(day, group, region, persons);
            }
        }
        if self.setting.scenario.calendar.ends_month(day) {
            self.record_pool_ages(day);
            for (account, persons) in self.ledger.accounts() {
                self.record.ledger(LedgerRow {
                    day,
                    account: account.into(),
                    persons,
                });
            }
        }
        let today = &self.today;
        self.watched.push(
            today.irregular(),
            today.port_encounters,
            self.pool.size(),
            today.registered,
        );
        let behaviour = &self.setting.scenario.world.behaviour;
        self.seen.end_day(behaviour, self.levers, day, today);
        Ok(())
    }

    /// The ledger balances every midnight, its account of the pool is as large as the pool, and nobody is left deciding; all its states
    /// are counted among the living at every month's end, and in builds with debug assertions every week. At a month's end nobody alive has
    /// used up what tells its occasions apart.
    fn check_ledger(&self, day: u32) -> Result<(), ModelError> {
        let imbalance = self.ledger.imbalance();
        if imbalance != 0 {
            return Err(ModelError::Imbalance { day, imbalance });
        }
        let counted = [
            (State::Pool, u64::from(self.pool.size())),
            (State::Deciding, 0),
        ];
        for (state, counted) in counted {
            let account = self.ledger.in_state(state);
            if account != counted {
                let state = state.name();
                return Err(ModelError::Recount {
                    day,
                    state,
                    account,
                    counted,
                });
            }
        }
        let ends_month = self.setting.scenario.calendar.ends_month(day);
        let is_weekly = cfg!(debug_assertions) && day.is_multiple_of(7);
        if !ends_month && !is_weekly {
            return Ok(());
        }
        // In one pass, since there are millions of them.
        let mut counted = [0_u64; State::ALL.len()];
        let mut endless = None;
        for (_, party) in self.parties.iter() {
            counted[party.state as usize] += u64::from(party.size);
            if party.occasions.are_used_up() {
                endless = endless.or(Some(party));
            }
        }
        if let Some((state, account, counted)) = self.ledger.differs_from(&counted) {
            return Err(ModelError::Recount {
                day,
                state: state.name(),
                account,
                counted,
            });
        }
        match endless {
            Some(party) if ends_month => Err(self.endless(party)),
            _ => Ok(()),
        }
    }

    fn record_pool_ages(&mut self, day: u32) {
        let end = Time::from_day(day + 1);
        let members = self
            .parties
            .iter()
            .filter(|(_, party)| party.state == State::Pool);
        for (_, party) in members {
            let hours = party.hours_registered(end);
            self.record
                .pool_age(day, party.group, party.region, hours, u32::from(party.size));
        }
    }

    /// Lets parties see how things stand as a day begins.
    fn look_about(&mut self) {
        let capped = self
            .levers
            .ports
            .iter()
            .zip(&self.ports)
            .filter(|(levers, _)| levers.takes_walk_ups() && levers.walk_up_cap < u32::MAX);
        let (mut line, mut cap) = (0.0, 0.0);
        for (levers, port) in capped {
            line += f64::from(port.line_persons());
            cap += f64::from(levers.walk_up_cap);
        }
        let line_days = if cap > 0.0 { line / cap } else { 0.0 };
        let pool = self.pool.size();
        self.seen.begin_day(
            self.setting.scenario,
            self.levers,
            self.now.day(),
            pool,
            line_days,
        );
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::engine::random::Streams;
    use crate::model::ledger::Exit;
    use crate::model::setting::Setting;
    use crate::scenario;

    use super::*;

    /// What a run says of accounts that are put wrong before its second midnight.
    fn fault(spoil: impl FnOnce(&mut Border<'_>)) -> ModelError {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/theory/lottery.toml");
        let scenario = scenario::load(&file, &[]).unwrap().scenario;
        let setting = Setting::new(&scenario);
        let mut border = Border::new(&setting, Streams::new(1, 0));
        let mut agenda = Agenda::new();
        border.begin(&mut agenda);
        agenda.run_until(&mut border, Time::from_day(1));
        spoil(&mut border);
        agenda.run_until(&mut border, Time::from_day(3));
        border.finish(2).unwrap_err()
    }

    #[test]
    fn a_run_stops_where_somebody_is_in_no_account() {
        let error = fault(|border| border.ledger.arrive(State::Pool, 1));
        let ModelError::Recount {
            day,
            state,
            account,
            counted,
        } = error
        else {
            panic!("{error}");
        };
        assert_eq!((day, state, account), (0, "in_pool", counted + 1));
    }

    #[test]
    fn a_run_stops_where_a_state_has_others_than_are_alive() {
        let error = fault(|border| border.ledger.transfer(State::Pool, State::Waiting, 1));
        assert!(
            matches!(
                error,
                ModelError::Recount {
                    state: "in_pool",
                    ..
                }
            ),
            "{error}"
        );
        let error = fault(|border| {
            border.ledger.arrive(State::Waiting, 1);
        });
        assert!(
            matches!(
                error,
                ModelError::Recount {
                    state: "waiting_outside_app",
                    counted: 0,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn a_run_stops_where_more_have_left_than_came() {
        let error = fault(|border| {
            border.ledger.arrive(State::Deciding, 2);
            border.ledger.leave(State::Deciding, Exit::GaveUp, 2);
            border.ledger.lose_arrivals(2);
        });
        assert_eq!(
            error,
            ModelError::Imbalance {
                day: 0,
                imbalance: -2
            }
        );
    }
}
