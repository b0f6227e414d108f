//! Ports of entry: admission of walk-ups, two queues before one set of officers, service, closing.

use std::collections::VecDeque;

use crate::engine::agenda::Agenda;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::policy::Closing;

use super::border::Border;
use super::draws::{Purpose, span_of_millis};
use super::event::{Event, What};
use super::ledger::Exit;
use super::levers::PortLevers;
use super::party::{Parties, State, next_occasion};

/// The state of a port.
#[derive(Debug, Default)]
pub(crate) struct Port {
    /// With an appointment: served first.
    with_appointment: VecDeque<Queued>,
    /// Admitted walk-ups.
    walk_ups: VecDeque<Queued>,
    /// Walk-ups beyond the day's cap, in order.
    line: VecDeque<Queued>,
    line_persons: u32,
    /// Walk-ups admitted today. [persons]
    admitted_today: u32,
    /// Officers in service.
    busy: u32,
    /// Officers on duty.
    on_duty: u32,
    /// Until when officer time has been recorded.
    recorded_until: Time,
}

/// A party in a queue.
#[derive(Debug, Clone, Copy)]
struct Queued {
    index: u32,
    since: Time,
}

impl Port {
    /// Persons in line for admission.
    pub(crate) fn line_persons(&self) -> u32 {
        self.line_persons
    }

    fn queue_is_empty(&self) -> bool {
        self.with_appointment.is_empty() && self.walk_ups.is_empty()
    }

    fn persons_in_queue(&self, parties: &Parties) -> u32 {
        self.with_appointment
            .iter()
            .chain(&self.walk_ups)
            .map(|queued| u32::from(parties[queued.index].size))
            .sum()
    }

    /// Officers on duty now: by the schedule while the port lets people in, and until the queue is empty where it is
    /// worked off after closing.
    fn officers(&self, levers: &PortLevers, time: Span) -> u32 {
        if levers.lets_in_at(time) {
            levers.officers_at(time)
        } else if levers.open && levers.closing == Closing::Finish && !self.queue_is_empty() {
            self.on_duty
        } else {
            0
        }
    }
}

impl Border<'_> {
    /// Begins the day of every port: its admissions and the times at which its staff changes.
    pub(super) fn begin_port_day(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        // At every port first: whom a closed port sends away may go to any other.
        for port in &mut self.ports {
            port.admitted_today = 0;
        }
        for (port, levers) in (0_u8..).zip(&levers.ports) {
            let closes = if levers.closes >= Span::DAY {
                levers.closes.saturating_sub(Span::DAY)
            } else {
                levers.closes
            };
            let mut times: Vec<Span> = levers.shifts.iter().map(|&(from, _)| from).collect();
            times.extend([levers.opens, closes]);
            times.sort_unstable();
            times.dedup();
            for time in times.into_iter().filter(|&time| time > Span::ZERO) {
                agenda.schedule(Time::from_day(day) + time, Event::Shift { port });
            }
            if !levers.open {
                self.empty_closed_port(port, agenda);
            } else if levers.walk_up_cap == 0 {
                self.dissolve_line(port, agenda);
            }
            self.change_shift(port, agenda);
        }
    }

    /// A port opens, closes or changes its shift.
    pub(super) fn change_shift(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        self.record_officers(port);
        self.admit_line(port, agenda);
        let levers = &self.levers.ports[usize::from(port)];
        let time = self.now.time_of_day();
        let state = &mut self.ports[usize::from(port)];
        state.on_duty = state.officers(levers, time);
        self.start_services(port, agenda);
    }

    /// Figures of the full hour.
    pub(super) fn hour_strikes(&mut self) {
        let (day, hour) = (self.now.day(), self.hour());
        for port in 0..self.ports.len() as u8 {
            self.record_officers(port);
            let queue = self.ports[usize::from(port)].persons_in_queue(&self.parties);
            self.record.queue(day, port, hour, queue);
        }
    }

    /// Records officer time up to the end of the run.
    pub(super) fn end_port_records(&mut self) {
        for port in 0..self.ports.len() as u8 {
            self.record_officers(port);
        }
    }

    fn hour(&self) -> usize {
        (self.now.time_of_day().as_millis() / Span::HOUR.as_millis()) as usize
    }

    /// Records officer time since the last change. No stretch crosses a full hour, since every hour strikes.
    fn record_officers(&mut self, port: u8) {
        let state = &mut self.ports[usize::from(port)];
        let from = state.recorded_until;
        state.recorded_until = self.now;
        let seconds = (self.now - from).as_seconds();
        // Whoever works past the end of a shift is on duty until the service ends.
        let on_duty = state.on_duty.max(state.busy);
        if seconds > 0.0 && on_duty > 0 {
            let busy = state.busy;
            let hour = (from.time_of_day().as_millis() / Span::HOUR.as_millis()) as usize;
            if let Some(cell) = self.record.port_hour(from.day(), port, hour) {
                cell.busy_seconds += f64::from(busy) * seconds;
                cell.duty_seconds += f64::from(on_duty) * seconds;
            }
        }
    }

    /// A party goes to the port it likes best among those that take walk-ups: now, or in the next opening hours.
    pub(super) fn walk_up(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (id, group) = (party.id, party.group);
        let levers = self.levers;
        let taking = (0_u8..).zip(&levers.ports);
        let taking = taking.filter(|(_, port)| port.takes_walk_ups());
        let Some(port) = self.best_liked(id, group, taking.map(|(port, _)| port)) else {
            self.decide_without_walk_up(index, agenda);
            return;
        };
        self.move_to(index, State::WalkingUp);
        let party = &mut self.parties[index];
        party.port = port;
        let occasion = next_occasion!(party.occasions.visits);
        let port = &levers.ports[usize::from(port)];
        let time = self.now.time_of_day();
        if port.lets_in_at(time) {
            self.present_walk_up(index, agenda);
            return;
        }
        let wait = if time < port.opens {
            port.opens.saturating_sub(time)
        } else {
            (port.opens + Span::DAY).saturating_sub(time)
        };
        let hours = port.closes.saturating_sub(port.opens).as_millis() as f64;
        let place = self
            .luck(id.key())
            .draw(Purpose::WalkUpTime, occasion)
            .uniform();
        let at = self.now + wait + span_of_millis(place * hours);
        self.schedule(index, at, What::WalksUp, agenda);
    }

    /// A party presents itself without an appointment: admitted under the day's cap, put in line, or turned back.
    pub(super) fn present_walk_up(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (size, port) = (party.size, party.port);
        let levers = &self.levers.ports[usize::from(port)];
        let persons = u32::from(size);
        let state = &mut self.ports[usize::from(port)];
        let lets_in = levers.lets_in_at(self.now.time_of_day());
        let room = levers.walk_up_cap - state.admitted_today.min(levers.walk_up_cap);
        let line_limit = self.levers.line_limit_days * f64::from(levers.walk_up_cap);
        if lets_in && state.line.is_empty() && persons <= room {
            state.admitted_today += persons;
            self.join_queue(index, State::AtPortWalkUp, agenda);
        } else if levers.open && f64::from(state.line_persons + persons) <= line_limit {
            let since = self.now;
            state.line.push_back(Queued { index, since });
            state.line_persons += persons;
            self.move_to(index, State::AtPortWalkUp);
        } else {
            self.turn_back(index, agenda);
        }
    }

    /// Admits from the line of a port what the day's cap allows.
    fn admit_line(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        let levers = &self.levers.ports[usize::from(port)];
        if !levers.lets_in_at(self.now.time_of_day()) {
            return;
        }
        while let Some(&queued) = self.ports[usize::from(port)].line.front() {
            let persons = u32::from(self.parties[queued.index].size);
            let state = &mut self.ports[usize::from(port)];
            // A party larger than the whole cap takes a day of its own.
            let fits = state.admitted_today + persons <= levers.walk_up_cap
                || (state.admitted_today == 0 && levers.walk_up_cap > 0);
            if !fits {
                return;
            }
            state.line.pop_front();
            state.line_persons -= persons;
            state.admitted_today += persons;
            // Its wait goes on from when it presented itself.
            state.walk_ups.push_back(queued);
        }
        self.start_services(port, agenda);
    }

    /// A party joins a queue of its port.
    pub(super) fn join_queue(&mut self, index: u32, state: State, agenda: &mut Agenda<Event>) {
        if self.parties[index].state != state {
            self.move_to(index, state);
        }
        let port = self.parties[index].port;
        let queued = Queued {
            index,
            since: self.now,
        };
        let port_state = &mut self.ports[usize::from(port)];
        if state == State::AtPortWithAppointment {
            port_state.with_appointment.push_back(queued);
        } else {
            port_state.walk_ups.push_back(queued);
        }
        self.start_services(port, agenda);
    }

    /// Puts free officers to work, appointments first.
    fn start_services(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        loop {
            let state = &mut self.ports[usize::from(port)];
            if state.busy >= state.on_duty {
                return;
            }
            let next = state
                .with_appointment
                .pop_front()
                .or_else(|| state.walk_ups.pop_front());
            let Some(queued) = next else { return };
            self.record_officers(port);
            self.ports[usize::from(port)].busy += 1;
            self.begin_service(port, queued, agenda);
        }
    }

    fn begin_service(&mut self, port: u8, queued: Queued, agenda: &mut Agenda<Event>) {
        let party = &mut self.parties[queued.index];
        let (id, state, size) = (party.id, party.state, party.size);
        let occasion = next_occasion!(party.occasions.visits);
        let (day, hour) = (self.now.day(), self.hour());
        let minutes = (self.now - queued.since).as_minutes();
        if let Some(month) = self.record.port_month(day, port) {
            month.waits.add(minutes, u32::from(size));
            let cell = &mut month.hours[hour];
            cell.wait_minutes_sum += minutes * f64::from(size);
            cell.wait_persons += u32::from(size);
        }
        let service = &self.scenario.world.service;
        let further = f64::from(size - 1) * service.further_member_minutes / service.mean_minutes;
        let registered = if state == State::AtPortWithAppointment {
            service.preregistered_factor
        } else {
            1.0
        };
        let alone = self
            .service
            .draw(&mut self.luck(id.key()).draw(Purpose::Service, occasion));
        let time = span_of_millis(alone.as_millis() as f64 * (1.0 + further) * registered);
        self.schedule(queued.index, self.now + time, What::ServiceEnds, agenda);
    }

    /// A service ends: the party leaves with its outcome and the officer is free.
    pub(super) fn service_ends(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (key, group, size, port) = (party.id.key(), party.group, party.size, party.port);
        let processed = if party.state == State::AtPortWithAppointment {
            Count::AppointmentsProcessed
        } else {
            Count::WalkUpsProcessed
        };
        let at = At::Port(port);
        self.count(processed, group, at, size);
        self.port_encounters_today += u32::from(size);
        let shares = self.levers.port_outcome;
        let position = self.luck(key).draw(Purpose::PortOutcome, 0).uniform();
        let outcome = if position < shares.paroled {
            Count::Paroled
        } else if position < shares.paroled + shares.repatriated {
            Count::Repatriated
        } else {
            Count::Transferred
        };
        self.count(outcome, group, at, size);
        self.leave(index, Exit::Processed);
        self.record_officers(port);
        let levers = &self.levers.ports[usize::from(port)];
        let time = self.now.time_of_day();
        let state = &mut self.ports[usize::from(port)];
        state.busy -= 1;
        if !levers.lets_in_at(time) {
            state.on_duty = state.officers(levers, time);
        }
        self.start_services(port, agenda);
    }

    /// Sends away everybody in line and in the queues of a port that has closed; services under way are finished.
    fn empty_closed_port(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        let state = &mut self.ports[usize::from(port)];
        let with_appointment = std::mem::take(&mut state.with_appointment);
        let without = std::mem::take(&mut state.walk_ups);
        for queued in with_appointment {
            self.appointment_missed(queued.index, agenda);
        }
        for queued in without {
            self.turn_back(queued.index, agenda);
        }
        self.dissolve_line(port, agenda);
    }

    /// Turns back everybody in line at a port that takes no walk-ups any more.
    fn dissolve_line(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        let state = &mut self.ports[usize::from(port)];
        state.line_persons = 0;
        for queued in std::mem::take(&mut state.line) {
            self.turn_back(queued.index, agenda);
        }
    }

    /// Turns a party without an appointment back: it decides among the other channels.
    fn turn_back(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (group, size, port) = (party.group, party.size, party.port);
        self.count(Count::WalkUpsTurnedAway, group, At::Port(port), size);
        self.decide_without_walk_up(index, agenda);
    }
}
