//! Ports of entry: admission of walk-ups, two queues before one set of officers, service, closing.

use std::collections::VecDeque;

use crate::engine::agenda::Agenda;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::policy::Closing;

use super::border::Border;
use super::draws::Purpose;
use super::event::{Event, What};
use super::ledger::Exit;
use super::levers::PortLevers;
use super::party::{Actor, State, occasion_in_turn};

/// The state of a port.
#[derive(Debug, Default)]
pub(crate) struct Port {
    /// With an appointment: served first.
    with_appointment: VecDeque<Queued>,
    /// Admitted walk-ups.
    walk_ups: VecDeque<Queued>,
    /// Persons in these two queues.
    queue_persons: u32,
    /// Walk-ups beyond the day's cap, in order.
    line: VecDeque<Queued>,
    line_persons: u32,
    /// Walk-ups admitted today. \[persons\]
    admitted_today: u32,
    /// Officers in service. While one on duty is not, nobody is in the queues.
    busy: u32,
    /// Officers on duty.
    on_duty: u32,
    /// Officers on duty by the schedule.
    scheduled: u32,
    /// What there was since the last full hour.
    hour: HourSoFar,
}

/// A party in a queue, or in line for admission, since a moment.
#[derive(Debug, Clone, Copy)]
struct Queued {
    index: u32,
    since: Time,
}

/// What is averaged over an hour, so far.
#[derive(Debug, Default)]
struct HourSoFar {
    until: Time,
    /// Officers in service. \[ms\]
    busy: u64,
    /// Officers on duty. \[ms\]
    on_duty: u64,
    /// What of it is beyond the schedule. \[ms\]
    overtime: u64,
    /// Persons in the queues. \[ms\]
    queue: u64,
}

impl Port {
    /// Puts a party of so many persons, in a state at the port, at the end of its queue.
    fn enqueue(&mut self, queued: Queued, persons: u32, state: State) {
        self.record_until(queued.since);
        self.queue_persons += persons;
        if state == State::AtPortWithAppointment {
            self.with_appointment.push_back(queued);
        } else {
            self.walk_ups.push_back(queued);
        }
    }

    /// Persons in line for admission.
    pub(crate) fn line_persons(&self) -> u32 {
        self.line_persons
    }

    fn queue_is_empty(&self) -> bool {
        self.with_appointment.is_empty() && self.walk_ups.is_empty()
    }

    /// Takes in the time up to the present, before the number of officers or of persons in the queues changes.
    fn record_until(&mut self, now: Time) {
        let hour = &mut self.hour;
        // Much happens at one instant: whole appointment hours come at once.
        if now == hour.until {
            return;
        }
        let millis = (now - hour.until).as_millis();
        hour.until = now;
        hour.busy += u64::from(self.busy) * millis;
        // Whoever works past the end of a shift is on duty until the service ends.
        let on_duty = self.on_duty.max(self.busy);
        hour.on_duty += u64::from(on_duty) * millis;
        hour.overtime += u64::from(on_duty.saturating_sub(self.scheduled)) * millis;
        hour.queue += u64::from(self.queue_persons) * millis;
    }

    /// Officers who stay on duty after closing: until the queue is empty, where it is worked off then.
    fn officers_staying(&self, levers: &PortLevers) -> u32 {
        if levers.open && levers.closing == Closing::Finish && !self.queue_is_empty() {
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
            self.ports[usize::from(port)].admitted_today = 0;
            self.change_shift(port, agenda);
        }
        // Once the day has begun at every port: whom a closed one sends away may go to any other.
        for (port, levers) in (0_u8..).zip(&levers.ports) {
            if !levers.open {
                self.empty_closed_port(port, agenda);
            } else if levers.walk_up_cap == 0 {
                self.dissolve_line(port, agenda);
            }
        }
    }

    /// A port opens, closes or changes its shift.
    pub(super) fn change_shift(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        self.admit_line(port);
        let levers = &self.levers.ports[usize::from(port)];
        let state = &mut self.ports[usize::from(port)];
        state.record_until(self.now);
        (state.scheduled, state.on_duty) = if levers.lets_in_at(self.now) {
            let scheduled = levers.officers_at(self.now.time_of_day());
            (scheduled, scheduled)
        } else {
            (0, state.officers_staying(levers))
        };
        self.start_services(port, agenda);
    }

    /// Records what there was at every port in the hour that ends.
    pub(super) fn end_port_hour(&mut self) {
        let within = Time::ZERO + (self.now - Time::ZERO).saturating_sub(Span::from_millis(1));
        for (port, state) in (0_u8..).zip(&mut self.ports) {
            state.record_until(self.now);
            let hour = std::mem::take(&mut state.hour);
            state.hour.until = self.now;
            let (day, hour_of_day) = (within.day(), hour_of(within));
            if let Some(cell) = self.record.port_hour(day, port, hour_of_day) {
                cell.busy_seconds += Span::from_millis(hour.busy).as_seconds();
                cell.duty_seconds += Span::from_millis(hour.on_duty).as_seconds();
                cell.overtime_seconds += Span::from_millis(hour.overtime).as_seconds();
            }
            let persons = hour.queue as f64 / Span::HOUR.as_millis() as f64;
            self.record.queue(day, port, hour_of_day, persons);
        }
    }

    /// A party goes to the port it likes best among those that take walk-ups: now, or in the next opening hours.
    pub(super) fn walk_up(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        let taking = (0_u8..).zip(&levers.ports);
        let taking = taking.filter(|(_, port)| port.takes_walk_ups());
        let Some(port) = self.best_liked(actor, taking.map(|(port, _)| port)) else {
            self.decide_without_walk_up(actor, agenda);
            return;
        };
        self.move_to(actor, State::WalkingUp);
        actor.party.port = port;
        let occasion = occasion_in_turn(&mut actor.party.occasions.visits);
        let port = &levers.ports[usize::from(port)];
        if port.lets_in_at(self.now) {
            // An event even where it comes at once: of those who come at the same instant, chance tells who is first.
            self.schedule(actor, self.now, What::WalksUp, agenda);
            return;
        }
        let hours = port.closes.saturating_sub(port.opens).as_millis() as f64;
        let place = actor.luck.draw(Purpose::WalkUpTime, occasion).uniform();
        let at = port.next_opening(self.now) + Span::nearest_millis(place * hours);
        self.schedule(actor, at, What::WalksUp, agenda);
    }

    /// A party presents itself without an appointment: admitted under the day's cap, put in line, or turned back.
    pub(super) fn present_walk_up(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let port = usize::from(actor.party.port);
        let levers = &self.levers.ports[port];
        if levers.open && !levers.is_open_on(self.now.day()) && !levers.lets_in_at(self.now) {
            // The closure was announced when it had set out.
            self.walk_up(actor, agenda);
            return;
        }
        let persons = actor.persons();
        let state = &mut self.ports[port];
        let lets_in = levers.lets_in_at(self.now);
        let line_limit = self.levers.line_limit_days * f64::from(levers.walk_up_cap);
        if lets_in && state.line.is_empty() && levers.admits(state.admitted_today, persons) {
            state.admitted_today += persons;
            self.record.line_wait(actor.party.port, 0.0, persons);
            self.join_queue(actor, State::AtPortWalkUp, agenda);
        } else if levers.open && f64::from(state.line_persons + persons) <= line_limit {
            state.line.push_back(Queued {
                index: actor.index,
                since: self.now,
            });
            state.line_persons += persons;
            self.move_to(actor, State::AtPortWalkUp);
        } else {
            self.turn_back(actor, agenda);
        }
    }

    /// Admits from the line of a port what the day's cap allows.
    fn admit_line(&mut self, port: u8) {
        let levers = &self.levers.ports[usize::from(port)];
        if !levers.lets_in_at(self.now) {
            return;
        }
        while let Some(&queued) = self.ports[usize::from(port)].line.front() {
            let persons = u32::from(self.parties[queued.index].size);
            let now = self.now;
            let state = &mut self.ports[usize::from(port)];
            if !levers.admits(state.admitted_today, persons) {
                return;
            }
            state.line.pop_front();
            state.line_persons -= persons;
            state.admitted_today += persons;
            let admitted = Queued {
                since: now,
                ..queued
            };
            state.enqueue(admitted, persons, State::AtPortWalkUp);
            let days = (now - queued.since).as_days();
            self.record.line_wait(port, days, persons);
        }
    }

    /// A party joins a queue of its port, or is served at once.
    pub(super) fn join_queue(
        &mut self,
        actor: &mut Actor,
        state: State,
        agenda: &mut Agenda<Event>,
    ) {
        if actor.party.state != state {
            self.move_to(actor, state);
        }
        let port = &mut self.ports[usize::from(actor.party.port)];
        if port.busy < port.on_duty {
            debug_assert!(
                port.queue_is_empty(),
                "no officer is idle while somebody waits"
            );
            self.begin_service(actor, self.now, agenda);
            return;
        }
        let queued = Queued {
            index: actor.index,
            since: self.now,
        };
        port.enqueue(queued, actor.persons(), state);
    }

    /// Puts free officers to work, appointments first.
    fn start_services(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        loop {
            let state = &mut self.ports[usize::from(port)];
            if state.busy >= state.on_duty {
                return;
            }
            let with_appointment = state.with_appointment.pop_front();
            let Some(queued) = with_appointment.or_else(|| state.walk_ups.pop_front()) else {
                return;
            };
            let mut actor = self.actor(queued.index);
            let state = &mut self.ports[usize::from(port)];
            state.record_until(self.now);
            state.queue_persons -= actor.persons();
            self.begin_service(&mut actor, queued.since, agenda);
            self.put(&actor);
        }
    }

    /// An officer begins to serve a party that has been in the queue since a moment.
    fn begin_service(&mut self, actor: &mut Actor, since: Time, agenda: &mut Agenda<Event>) {
        let (port, persons) = (actor.party.port, actor.persons());
        let state = &mut self.ports[usize::from(port)];
        state.record_until(self.now);
        state.busy += 1;
        let minutes = (self.now - since).as_minutes();
        self.record
            .port_wait(port, hour_of(self.now), minutes, persons);
        let service = &self.setting.scenario.world.service;
        let further =
            f64::from(persons - 1) * service.further_member_minutes / service.mean_minutes;
        let registered = if actor.party.state == State::AtPortWithAppointment {
            service.preregistered_factor
        } else {
            1.0
        };
        // Nobody is served twice.
        let mut draw = actor.luck.draw(Purpose::Service, 0);
        let alone = self.setting.durations.service.draw(&mut draw);
        let time = Span::nearest_millis(alone.as_millis() as f64 * (1.0 + further) * registered);
        self.schedule(actor, self.now + time, What::ServiceEnds, agenda);
    }

    /// A service ends: the party leaves with its outcome, and the officer serves the next.
    pub(super) fn service_ends(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let party = &actor.party;
        let port = party.port;
        let processed = if party.state == State::AtPortWithAppointment {
            Count::AppointmentsProcessed
        } else {
            Count::WalkUpsProcessed
        };
        let at = At::Port(port);
        self.count(processed, party, at);
        let shares = self.levers.port_outcome;
        let position = actor.luck.draw(Purpose::PortOutcome, 0).uniform();
        let outcome = if position < shares.paroled {
            Count::Paroled
        } else if position < shares.paroled + shares.repatriated {
            Count::Repatriated
        } else {
            Count::Transferred
        };
        self.count(outcome, party, at);
        self.leave(actor, Exit::Processed);
        let levers = &self.levers.ports[usize::from(port)];
        let state = &mut self.ports[usize::from(port)];
        state.record_until(self.now);
        state.busy -= 1;
        if !levers.lets_in_at(self.now) {
            state.on_duty = state.officers_staying(levers);
        }
        self.start_services(port, agenda);
    }

    /// Sends away everybody in line and in the queues of a port that has closed; services under way are finished.
    fn empty_closed_port(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        let now = self.now;
        let state = &mut self.ports[usize::from(port)];
        state.record_until(now);
        state.queue_persons = 0;
        let with_appointment = std::mem::take(&mut state.with_appointment);
        let without = std::mem::take(&mut state.walk_ups);
        for queued in with_appointment {
            let mut actor = self.actor(queued.index);
            self.appointment_missed(&mut actor, agenda);
            self.put(&actor);
        }
        self.turn_all_back(without, agenda);
        self.dissolve_line(port, agenda);
    }

    /// Turns back everybody in line at a port that takes no walk-ups any more.
    fn dissolve_line(&mut self, port: u8, agenda: &mut Agenda<Event>) {
        let state = &mut self.ports[usize::from(port)];
        state.line_persons = 0;
        let line = std::mem::take(&mut state.line);
        self.turn_all_back(line, agenda);
    }

    fn turn_all_back(&mut self, queue: VecDeque<Queued>, agenda: &mut Agenda<Event>) {
        for queued in queue {
            let mut actor = self.actor(queued.index);
            self.turn_back(&mut actor, agenda);
            self.put(&actor);
        }
    }

    /// Turns a party without an appointment back: it decides among the other channels.
    fn turn_back(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let port = At::Port(actor.party.port);
        self.count(Count::WalkUpsTurnedAway, &actor.party, port);
        self.decide_without_walk_up(actor, agenda);
    }
}

/// Hour of the day of a moment, from 0.
fn hour_of(moment: Time) -> usize {
    (moment.time_of_day().as_millis() / Span::HOUR.as_millis()) as usize
}
