//! Journeys between the regions, and Mexican interception on the way north.

use crate::engine::agenda::Agenda;
use crate::engine::random::Draw;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count};
use crate::scenario::values::Region;

use super::border::Border;
use super::decide::Channel;
use super::draws::{Luck, Purpose};
use super::event::{Event, What};
use super::ledger::Exit;
use super::party::{Actor, State, next_occasion};

/// Least time of a journey on which somebody may be intercepted, or of being taken back before an attempt, so that trying again
/// always takes time.
const SHORTEST_INTERCEPTED_JOURNEY: Span = Span::HOUR;

/// The next region on the way north.
fn next_region(region: Region) -> Region {
    match region {
        Region::Outside => Region::South,
        Region::South | Region::North => Region::North,
    }
}

impl Border<'_> {
    /// Sends a party without an appointment to the next region on its way north.
    pub(super) fn set_out(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        self.move_to(actor, State::Travelling);
        self.begin_journey(actor, agenda);
    }

    /// Begins the journey to the next region. From the south it has a point at which the party is intercepted, if it is: by the levers of that
    /// moment. Whom none of the run's would intercept passes it unseen; on a journey too short for such a point, whom those of the present
    /// would not, so that nothing but an interception makes it longer.
    fn begin_journey(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let from = actor.party.region;
        let occasion = next_occasion!(actor.party.occasions.journeys);
        let time = self.journey_time(actor.luck, from, occasion);
        let probability = if time < SHORTEST_INTERCEPTED_JOURNEY {
            self.interception(actor)
        } else {
            (self.setting.group(actor.party.group)).greatest_interception
        };
        let (after, what) = if from == Region::South
            && (actor.luck).happens(Purpose::Interception, occasion, probability)
        {
            (checkpoint(actor.luck, occasion, time), What::Checked)
        } else {
            (time, What::JourneyEnds)
        };
        self.schedule(actor, self.now + after, what, agenda);
    }

    /// Probability that a party on a journey from the south is intercepted, by the levers in force.
    fn interception(&self, actor: &Actor) -> f64 {
        let interception = &self.levers.interception[usize::from(actor.party.group)];
        if actor.party.state == State::Booked {
            interception.to_appointment
        } else {
            interception.journey
        }
    }

    /// A party comes to the point of its journey at which it is intercepted, or passes on.
    pub(super) fn at_checkpoint(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        // That of the journey under way.
        let occasion = u64::from(actor.party.occasions.journeys) - 1;
        if (actor.luck).happens(Purpose::Interception, occasion, self.interception(actor)) {
            self.journey_intercepted(actor, agenda);
            return;
        }
        let time = self.journey_time(actor.luck, Region::South, occasion);
        let left = time.saturating_sub(checkpoint(actor.luck, occasion, time));
        self.schedule(actor, self.now + left, What::JourneyEnds, agenda);
    }

    /// A party reaches the next region and goes on: to its appointment, or with what it has chosen; in the north who comes to
    /// cross looks at it once more.
    pub(super) fn journey_ends(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let party = &mut actor.party;
        party.region = next_region(party.region);
        match party.state {
            State::Booked => {
                self.go_to_appointment(actor, agenda);
            }
            // Its appointment was cancelled on the way.
            State::Responding => self.respond(actor, agenda),
            State::Travelling => {
                if party.region == Region::North && party.channel == Channel::Irregular {
                    self.look_again(actor);
                }
                self.pursue(actor, agenda);
            }
            state => unreachable!("nobody {} is on a journey", state.name()),
        }
    }

    /// A party with an appointment goes on to its port at once, and is there in time from the north, unless the hour has passed on
    /// the way. The moment of the appointment.
    pub(super) fn go_to_appointment(
        &mut self,
        actor: &mut Actor,
        agenda: &mut Agenda<Event>,
    ) -> Time {
        let due = self.appointment_time(actor);
        if due < self.now {
            self.appointment_missed(actor, agenda);
        } else if actor.party.region == Region::North {
            self.schedule(actor, due, What::AppointmentDue, agenda);
        } else {
            self.begin_journey(actor, agenda);
        }
        due
    }

    /// A party on its way is caught and taken back: it gives up or decides again, after its response delay where its appointment was
    /// cancelled meanwhile.
    fn journey_intercepted(&mut self, actor: &mut Actor, agenda: &mut Agenda<Event>) {
        let state = actor.party.state;
        if state == State::Booked {
            let port = At::Port(actor.party.port);
            self.count(Count::AppointmentsMissed, &actor.party, port);
        }
        let occasion = u64::from(actor.party.occasions.journeys);
        let draw = actor.luck.draw(Purpose::InterceptionGiveUp, occasion);
        if !self.taken_back(actor, draw) {
            return;
        }
        if state == State::Responding {
            self.respond(actor, agenda);
        } else {
            self.decide(actor, agenda);
        }
    }

    /// A party is intercepted before its attempt and taken back: it gives up, or decides again when it is there.
    pub(super) fn attempt_intercepted(
        &mut self,
        actor: &mut Actor,
        occasion: u64,
        agenda: &mut Agenda<Event>,
    ) {
        let draw = actor.luck.draw(Purpose::AttemptGiveUp, occasion);
        if self.taken_back(actor, draw) {
            self.move_to(actor, State::Returning);
            let back = self.now + SHORTEST_INTERCEPTED_JOURNEY;
            self.schedule(actor, back, What::Decides, agenda);
        }
    }

    /// Counts an interception and takes a party back. Whether it goes on; else it gives up and is gone.
    fn taken_back(&mut self, actor: &mut Actor, mut draw: Draw) -> bool {
        actor.party.region = self.levers.taken_to;
        self.count(Count::Intercepted, &actor.party, At::Anywhere);
        let gives_up = draw.chance(self.levers.interception_give_up);
        if gives_up {
            self.leave(actor, Exit::GaveUp);
        }
        !gives_up
    }

    fn journey_time(&self, luck: Luck, from: Region, occasion: u64) -> Span {
        let travel = match from {
            Region::Outside => self.setting.durations.outside_to_south,
            Region::South | Region::North => self.setting.durations.south_to_north,
        };
        let mut draw = luck.draw(Purpose::Journey, occasion << 2 | from as u64);
        travel.draw(&mut draw)
    }
}

/// When on a journey north of some time a party comes to the point at which it may be intercepted.
fn checkpoint(luck: Luck, occasion: u64, time: Span) -> Span {
    let place = luck.draw(Purpose::InterceptionPoint, occasion).uniform();
    let time = time.max(SHORTEST_INTERCEPTED_JOURNEY);
    Span::nearest_millis(place * time.as_millis() as f64).max(Span::MINUTE)
}
