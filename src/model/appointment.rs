//! From registration to the slot: joining the pool, leaving it, booking, showing up or not, moving and cancelling.

use crate::engine::agenda::Agenda;
use crate::engine::time::Time;
use crate::record::{At, Count};
use crate::scenario::policy::Booked;
use crate::scenario::values::Region;

use super::border::{Border, signed_millis};
use super::draws::{Purpose, span_of_millis};
use super::event::{Event, What};
use super::ledger::Exit;
use super::party::{State, next_occasion};

impl Border<'_> {
    /// Registers a party where it is; a registration that still counts keeps its date.
    pub(super) fn register(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &mut self.parties[index];
        if !party.is_registered() {
            party.registered = signed_millis(self.now);
            let (group, region, size) = (party.group, party.region, party.size);
            self.count(Count::Registrations, group, At::Region(region), size);
        }
        self.move_to(index, State::Pool);
        let luck = self.luck(self.parties[index].id.key());
        self.parties[index].regularity = self.regularity(luck);
        let ticket = self.next_ticket(index);
        self.pool.join(&self.parties, index, ticket);
        self.wind_clock(index, agenda);
    }

    /// Takes a party out of the pool, into a state that the caller sets next.
    pub(super) fn leave_pool(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.call_off(index, agenda);
        self.pool.leave(&mut self.parties, index);
    }

    /// Starts the clock at whose ring a pool member, or a party waiting outside the app, decides again or loses patience.
    ///
    /// Reconsideration and patience are both exponential, so that one clock of the summed rate serves both.
    pub(super) fn wind_clock(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let in_pool = self.parties[index].state == State::Pool;
        let patience = if in_pool { self.patience_rate } else { 0.0 };
        let rate = self.reconsideration_rate + patience;
        if rate <= 0.0 {
            return;
        }
        let party = &mut self.parties[index];
        let occasion = next_occasion!(party.occasions.clocks);
        let id = party.id;
        let luck = self.luck(id.key());
        let wait = luck.draw(Purpose::Clock, occasion).exponential() / rate;
        let share = self.reconsideration_rate / rate;
        let rings = luck.happens(Purpose::ClockKind, occasion, share);
        let what = if rings {
            What::ClockRings
        } else {
            What::PatienceEnds
        };
        self.schedule(index, self.now + span_of_millis(wait), what, agenda);
    }

    /// Gives a pool member a slot, and puts what comes of it on the agenda.
    pub(super) fn book_slot(&mut self, index: u32, day: u32, port: u8, agenda: &mut Agenda<Event>) {
        self.leave_pool(index, agenda);
        let party = &self.parties[index];
        let (group, region, size) = (party.group, party.region, party.size);
        let hours = (signed_millis(self.now) - party.registered) as f64 / 3_600_000.0;
        let today = self.now.day();
        self.record
            .wait(today, group, region, hours, u32::from(size));
        self.count(Count::AppointmentsIssued, group, At::Port(port), size);
        self.issued_today += u32::from(size);
        self.move_to(index, State::Booked);
        self.hold_slot(index, day, port, agenda);
    }

    /// Enters a party into the book.
    fn take_slot(&mut self, index: u32, day: u32, port: u8) {
        let party = &mut self.parties[index];
        party.slot_day = day as u16;
        party.port = port;
        self.book.take(day, port, party.size);
    }

    /// Enters a party into the book and sends it on its way to the port.
    pub(super) fn hold_slot(&mut self, index: u32, day: u32, port: u8, agenda: &mut Agenda<Event>) {
        self.take_slot(index, day, port);
        let party = &mut self.parties[index];
        let id = party.id;
        let occasion = next_occasion!(party.occasions.appointments);
        let times = &self.levers.ports[usize::from(port)].appointment_times;
        let mut draw = self.luck(id.key()).draw(Purpose::AppointmentTime, occasion);
        let time = times[draw.below(times.len() as u64) as usize];
        let due = Time::from_day(day) + time;
        let (at, what) = self.travel_to_appointment(index, due);
        self.schedule(index, at, what, agenda);
    }

    /// The hour of a party's appointment has come and it is in reach of the port.
    pub(super) fn appointment_due(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (key, group, size, port) = (party.id.key(), party.group, party.size, party.port);
        if !self.levers.ports[usize::from(port)].open {
            self.appointment_missed(index, agenda);
            return;
        }
        let occasion = u64::from(party.occasions.appointments);
        let app = &self.scenario.world.app;
        if !self
            .luck(key)
            .happens(Purpose::NoShow, occasion, app.no_show_probability)
        {
            self.join_queue(index, State::AtPortWithAppointment, agenda);
            return;
        }
        self.count(Count::NoShows, group, At::Port(port), size);
        if self
            .luck(key)
            .happens(Purpose::NoShowReturn, occasion, app.no_show_return_share)
        {
            self.decide(index, agenda);
        } else {
            self.leave(index, Exit::NoShow);
        }
    }

    /// A party's appointment passes without it: it decides again and, on the app, keeps its registration.
    pub(super) fn appointment_missed(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let party = &self.parties[index];
        let (group, size, port) = (party.group, party.size, party.port);
        self.count(Count::AppointmentsMissed, group, At::Port(port), size);
        self.decide(index, agenda);
    }

    /// Cancels an appointment by policy: the party decides again after its response delay.
    fn cancel_appointment(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.call_off(index, agenda);
        let party = &self.parties[index];
        let (group, size, port) = (party.group, party.size, party.port);
        self.count(Count::AppointmentsCancelled, group, At::Port(port), size);
        self.respond(index, agenda);
    }

    /// Puts a party that policy has put out of the app, or out of its appointment, before a decision after a delay.
    pub(super) fn respond(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        self.move_to(index, State::Responding);
        let party = &mut self.parties[index];
        let occasion = next_occasion!(party.occasions.responses);
        let key = party.id.key();
        let delay = self
            .response
            .draw(&mut self.luck(key).draw(Purpose::Response, occasion));
        self.schedule(index, self.now + delay, What::Decides, agenda);
    }

    /// Brings open dates in line with the levers of the day: places are added or taken away, and those who lose their slot
    /// are cancelled, kept or moved.
    pub(super) fn apply_slots(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        for date in day..self.book.next_unopened {
            for port in 0..levers.ports.len() as u8 {
                let places = levers.places[usize::from(port)];
                let capacity = if !levers.app_open {
                    0
                } else if date < self.book.first_opened {
                    self.initially_booked(places)
                } else {
                    places
                };
                self.book.set_capacity(date, port, capacity);
            }
        }
        // With the app closed nothing is left to move to: appointments are cancelled or stand.
        let rule = match levers.booked {
            Booked::Move if !levers.app_open => Booked::Honour,
            rule => rule,
        };
        if rule == Booked::Honour {
            return;
        }
        for (date, port, index) in self.parties_losing_slots(day) {
            self.book.give_back(date, port, self.parties[index].size);
            if rule == Booked::Cancel || !self.move_appointment(index, date, agenda) {
                self.cancel_appointment(index, agenda);
            }
        }
    }

    /// Parties with an appointment beyond the places of its date and port, by date and port: drawn at random among those
    /// booked there, as many as it takes.
    fn parties_losing_slots(&mut self, day: u32) -> Vec<(u32, u8, u32)> {
        let mut booked: Vec<(u32, u8, u64, u32)> = self
            .parties
            .iter()
            .filter(|(_, party)| party.state == State::Booked && u32::from(party.slot_day) >= day)
            .map(|(index, party)| {
                let mut draw = self
                    .luck(party.id.key())
                    .draw(Purpose::LosesSlot, u64::from(day));
                (u32::from(party.slot_day), party.port, draw.bits(), index)
            })
            .collect();
        booked.sort_unstable();
        let mut losing = Vec::new();
        let mut current = (u32::MAX, u8::MAX);
        let mut excess = 0_u32;
        for (date, port, _, index) in booked {
            if current != (date, port) {
                current = (date, port);
                excess = self.book.excess(date, port);
            }
            if excess > 0 {
                excess = excess.saturating_sub(u32::from(self.parties[index].size));
                losing.push((date, port, index));
            }
        }
        losing
    }

    /// Moves an appointment to the first date from its own on with room at an open port. Whether there was one.
    fn move_appointment(&mut self, index: u32, date: u32, agenda: &mut Agenda<Event>) -> bool {
        let (id, group, size) = {
            let party = &self.parties[index];
            (party.id, party.group, party.size)
        };
        for day in date..self.book.next_unopened {
            let ports = 0..self.levers.ports.len() as u8;
            let with_room = ports
                .filter(|&port| self.levers.ports[usize::from(port)].open)
                .filter(|&port| self.book.free(day, port) >= u32::from(size));
            if let Some(port) = self.best_liked(id, group, with_room) {
                self.count(Count::AppointmentsMoved, group, At::Port(port), size);
                if self.parties[index].region == Region::North {
                    // It is on its way, or near the line, already.
                    self.call_off(index, agenda);
                    self.hold_slot(index, day, port, agenda);
                } else {
                    // It will be intercepted on its way, whatever port it is going to.
                    self.take_slot(index, day, port);
                }
                return true;
            }
        }
        false
    }
}
