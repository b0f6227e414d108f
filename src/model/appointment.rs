//! From registration to the slot: joining the pool, leaving it, booking, showing up or not, moving and cancelling.

use crate::engine::agenda::Agenda;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::policy::Booked;
use crate::scenario::values::Region;

use super::border::Border;
use super::draws::Purpose;
use super::event::{Event, What};
use super::ledger::Exit;
use super::party::{Actor, State, next_occasion, signed_millis};

/// The clock at whose ring a party decides again or loses patience.
///
/// Reconsideration and patience are both exponential, so that one clock of the summed rate serves both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    /// Mean time to the next ring; none without end. \[ms\]
    mean: Option<f64>,
    /// Share of the rings at which the party reconsiders.
    reconsidering: f64,
}

impl Clock {
    /// The clock of a mean time to reconsidering and one to the end of patience, where there are such. \[days\]
    pub(crate) fn new(reconsidering: Option<f64>, losing_patience: Option<f64>) -> Self {
        // A clock that rings all the time would let no time pass.
        let rate = |mean: Option<f64>| {
            mean.map_or(0.0, |days| {
                1.0 / Span::from_days(days).max(Span::MINUTE).as_millis() as f64
            })
        };
        let reconsidering = rate(reconsidering);
        let rate = reconsidering + rate(losing_patience);
        Self {
            mean: (rate > 0.0).then(|| 1.0 / rate),
            reconsidering: reconsidering / rate,
        }
    }
}

/// A party whose appointment may be taken away, in the order in which those that lose theirs are heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Losing {
    date: u32,
    /// Random bits of its own.
    draw: u64,
    port: u8,
    index: u32,
}

impl Border<'_> {
    /// Registers a party where it is; a registration that still counts keeps its date.
    pub(super) fn register(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        if !actor.party.is_registered() {
            actor.party.registered = signed_millis(self.now);
            let region = At::Region(actor.party.region);
            self.count(Count::Registrations, &actor.party, region);
        }
        self.move_to(actor, State::Pool);
        actor.party.regularity = self.regularity(actor.luck);
        // Both drawn before either is needed: draws that do not wait for each other are drawn faster.
        let ticket = actor.next_ticket();
        let ring = self.next_ring(actor);
        self.pool.join(&self.parties, actor, ticket);
        self.schedule_ring(actor, ring, agenda);
    }

    /// Takes a party out of the pool, into a state that the caller sets next.
    pub(super) fn leave_pool(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.call_off(actor.index, agenda);
        self.pool.leave(actor);
    }

    /// Starts the clock at whose ring a pool member, or a party waiting outside the app, decides again or loses patience.
    pub(super) fn wind_clock(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let ring = self.next_ring(actor);
        self.schedule_ring(actor, ring, agenda);
    }

    /// When the clock of a party rings next, and what it does then; `None` if never.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    fn next_ring(&self, actor: &mut Actor) -> Option<(Time, What)> {
        let clock = if actor.party.state == State::Pool {
            self.setting.pool_clock
        } else {
            self.setting.waiting_clock
        };
        let mean = clock.mean?;
        let luck = actor.luck;
        let occasion = next_occasion!(actor.party.occasions.clocks);
        let wait = luck.draw(Purpose::Clock, occasion).exponential() * mean;
        let rings = luck.happens(Purpose::ClockKind, occasion, clock.reconsidering);
        let what = if rings {
            What::ClockRings
        } else {
            What::PatienceEnds
        };
        Some((self.now + Span::nearest_millis(wait), what))
    }

    fn schedule_ring(
        &mut self,
        actor: &Actor,
        ring: Option<(Time, What)>,
        agenda: &mut Agenda<Event>,
    ) {
        if let Some((at, what)) = ring {
            self.schedule(actor, at, what, agenda);
        }
    }

    /// Gives a pool member a slot, and puts what comes of it on the agenda.
    pub(super) fn book_slot(
        &mut self,
        actor: &mut Actor,
        day: u32,
        port: u8,
        agenda: &mut Agenda<Event>,
    ) {
        self.leave_pool(actor, agenda);
        // As it is now: it may be on its way once it holds the slot.
        let party = actor.party;
        let (group, region, persons) = (party.group, party.region, actor.persons());
        let wait = party.hours_registered(self.now);
        self.record.wait(group, region, wait, persons);
        self.count(Count::AppointmentsIssued, &party, At::Port(port));
        self.move_to(actor, State::Booked);
        let due = self.hold_slot(actor, day, port, agenda);
        let time = party.hours_registered(due);
        self.record
            .time_to_appointment(group, region, time, persons);
    }

    /// Enters a party into the book.
    fn take_slot(&mut self, actor: &mut Actor, day: u32, port: u8) {
        actor.party.slot_day = day as u16;
        actor.party.port = port;
        self.book.take(day, port, actor.party.size);
    }

    /// Enters a party into the book and sends it on its way to the port; the moment of its appointment.
    pub(super) fn hold_slot(
        &mut self,
        actor: &mut Actor,
        day: u32,
        port: u8,
        agenda: &mut Agenda<Event>,
    ) -> Time {
        self.take_slot(actor, day, port);
        // A new appointment has luck of its own; one that is moved keeps it: time of day, no-show.
        next_occasion!(actor.party.occasions.appointments);
        self.go_to_appointment(actor, agenda)
    }

    /// The moment of a party's appointment, by the times of day in force at its port now: for who is on the way, when the journey ends.
    pub(super) fn appointment_time(&self, actor: &Actor) -> Time {
        let party = &actor.party;
        let occasion = u64::from(party.occasions.appointments);
        let times = &self.levers.ports[usize::from(party.port)].appointment_times;
        let mut draw = actor.luck.draw(Purpose::AppointmentTime, occasion);
        Time::from_day(party.slot_day.into()) + times[draw.below(times.len() as u64) as usize]
    }

    /// The hour of a party's appointment has come and it is in reach of the port.
    pub(super) fn appointment_due(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let port = actor.party.port;
        if !self.levers.ports[usize::from(port)].is_open_on(actor.party.slot_day.into()) {
            self.appointment_missed(actor, agenda);
            return;
        }
        let occasion = u64::from(actor.party.occasions.appointments);
        let app = &self.setting.scenario.world.app;
        let luck = actor.luck;
        if !luck.happens(Purpose::NoShow, occasion, app.no_show_probability) {
            self.join_queue(actor, State::AtPortWithAppointment, agenda);
            return;
        }
        self.count(Count::NoShows, &actor.party, At::Port(port));
        if luck.happens(Purpose::NoShowReturn, occasion, app.no_show_return_share) {
            self.decide(actor, agenda);
        } else {
            self.leave(actor, Exit::NoShow);
        }
    }

    /// A party's appointment passes without it: it decides again and, on the app, keeps its registration.
    pub(super) fn appointment_missed(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let port = At::Port(actor.party.port);
        self.count(Count::AppointmentsMissed, &actor.party, port);
        self.decide(actor, agenda);
    }

    /// Cancels an appointment by policy: the party decides again after its response delay, which begins at the end of the journey
    /// for who is on the way.
    fn cancel_appointment(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let port = At::Port(actor.party.port);
        self.count(Count::AppointmentsCancelled, &actor.party, port);
        if actor.party.region == Region::North {
            self.call_off(actor.index, agenda);
            self.respond(actor, agenda);
        } else {
            self.move_to(actor, State::Responding);
        }
    }

    /// Puts a party that policy has put out of the app, or out of its appointment, before a decision after a delay.
    pub(super) fn respond(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.move_to(actor, State::Responding);
        let occasion = next_occasion!(actor.party.occasions.responses);
        let mut draw = actor.luck.draw(Purpose::Response, occasion);
        let delay = self.setting.durations.response.draw(&mut draw);
        self.schedule(actor, self.now + delay, What::Decides, agenda);
    }

    /// Brings open dates in line with the levers of the day: places are added or taken away, and those who lose their slot
    /// are cancelled, kept or moved.
    pub(super) fn apply_slots(&mut self, day: u32, agenda: &mut Agenda<Event>) {
        let levers = self.levers;
        for date in day..self.book.next_unopened {
            for port in 0..levers.ports.len() as u8 {
                let places = levers.places_on(date, port);
                let capacity = if !levers.app_open {
                    0
                } else if date < self.book.first_opened {
                    self.book.initially_offered(port, places)
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
            for date in day..self.book.next_unopened {
                let ports = levers.ports.iter();
                let open: Vec<bool> = ports.map(|port| port.is_open_on(date)).collect();
                self.book.offer_within_total(date, &open);
            }
            return;
        }
        for Losing {
            date, port, index, ..
        } in self.parties_losing_slots(day)
        {
            let mut actor = self.actor(index);
            self.book.give_back(date, port, actor.party.size);
            if rule == Booked::Cancel || !self.move_appointment(&mut actor, date, agenda) {
                self.cancel_appointment(&mut actor, agenda);
            }
            self.put(&actor);
        }
    }

    /// Parties that lose their appointment, as there are more than places of its date and port: drawn at random among those booked
    /// there. They come by date, and on a date by the same draw, whatever their port: chance tells who has the first choice of what is left.
    fn parties_losing_slots(&mut self, day: u32) -> Vec<Losing> {
        let booked = self
            .parties
            .iter()
            .filter(|(_, party)| party.state == State::Booked && u32::from(party.slot_day) >= day)
            .map(|(index, party)| {
                let luck = self.parties.luck(index);
                let mut draw = luck.draw(Purpose::LosesSlot, u64::from(day));
                Losing {
                    date: u32::from(party.slot_day),
                    draw: draw.bits(),
                    port: party.port,
                    index,
                }
            });
        let mut booked: Vec<Losing> = booked.collect();
        booked.sort_unstable_by_key(|held| (held.date, held.port, held.draw, held.index));
        let mut losing = Vec::new();
        for holders in booked.chunk_by(|one, next| (one.date, one.port) == (next.date, next.port)) {
            let Losing { date, port, .. } = holders[0];
            let persons = |held: &Losing| u32::from(self.parties[held.index].size);
            let living = holders.iter().map(persons).sum();
            let mut excess = self.book.take_back(date, port, living);
            for held in holders {
                if excess == 0 {
                    break;
                }
                excess = excess.saturating_sub(persons(held));
                losing.push(*held);
            }
        }
        losing.sort_unstable();
        losing
    }

    /// Moves an appointment to the first date from its own on with room at an open port. Whether there was one.
    fn move_appointment(
        &mut self,
        actor: &mut Actor,
        date: u32,
        agenda: &mut Agenda<Event>,
    ) -> bool {
        for day in date..self.book.next_unopened {
            let ports = 0..self.levers.ports.len() as u8;
            let with_room = ports
                .filter(|&port| self.levers.ports[usize::from(port)].open)
                .filter(|&port| self.book.free(day, port) >= actor.persons());
            if let Some(port) = self.best_liked(actor, with_room) {
                self.count(Count::AppointmentsMoved, &actor.party, At::Port(port));
                self.take_slot(actor, day, port);
                if actor.party.region == Region::North {
                    self.call_off(actor.index, agenda);
                    self.go_to_appointment(actor, agenda);
                }
                return true;
            }
        }
        false
    }
}
