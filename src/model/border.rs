//! The state of the border, and what each event does to it: the contents page of the model.

use crate::engine::agenda::{self, Agenda};
use crate::engine::random::Streams;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count, Recorder};
use crate::scenario::Scenario;
use crate::scenario::group::Group;
use crate::scenario::values::{Delay, Region};
use crate::scenario::world::Travel;

use super::appointment::Clock;
use super::arrivals::Stream;
use super::decide::OpenChannels;
use super::draws::{Duration, Luck};
use super::event::{Event, Phase, What};
use super::identity::{self, PartyId};
use super::ledger::{Exit, Ledger};
use super::levers::Levers;
use super::party::{Actor, Next, Parties, Party, State};
use super::perception::Perception;
use super::policy::{Trigger, WatchedDays};
use super::pool::Pool;
use super::port::Port;
use super::slots::SlotBook;
use super::today::Today;

/// Why a replication cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Persons were lost or made.
    #[error(
        "the ledger of day {day} does not balance: {imbalance} persons arrived and are in no account; this is a fault of portflow, please report it"
    )]
    Imbalance {
        /// Day of the run, warm-up included.
        day: u32,
        /// Persons missing; negative, too many.
        imbalance: i64,
    },
    /// An account of the ledger differs from a count of the living.
    #[error(
        "the ledger of day {day} has {account} persons in state {state} where {counted} are; this is a fault of portflow, please report it"
    )]
    Recount {
        /// Day of the run, warm-up included.
        day: u32,
        /// Name of the state.
        state: &'static str,
        /// Persons in the account.
        account: u64,
        /// Persons counted.
        counted: u64,
    },
    /// A party does the same again and again, more often than is counted.
    #[error(
        "by day {day} a party of `{group}` has done the same more often than is counted (crossed, travelled, been given an appointment or lost the app 255 times, or decided 65,535 times): its luck would come again; look for what sends people round in circles with hardly a delay, such as `world.irregular.repeat_after_return_share` = 1 where nobody is released, `mexico.attempt_interception` or `mexico.journey_interception` near 1, or a tiny `world.behaviour.reconsideration_mean_days`"
    )]
    Endless {
        /// Day of the run, warm-up included.
        day: u32,
        /// Id of its group.
        group: String,
    },
}

/// The border: everything that changes during a replication.
pub(crate) struct Border<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) groups: Vec<&'a Group>,
    /// Code of each group in the identity of its parties.
    pub(super) codes: Vec<u16>,
    /// Key of each port in the draws of who likes it.
    pub(super) port_keys: Vec<u64>,
    /// Levers by epoch and mask of triggers.
    pub(super) prepared: &'a [Vec<Levers>],
    /// Epoch and mask in force.
    pub(super) in_force: (usize, usize),
    pub(super) levers: &'a Levers,
    pub(super) triggers: Vec<Trigger>,
    pub(super) watched: WatchedDays,

    pub(super) now: Time,
    end: Time,
    pub(super) random: Streams,
    pub(super) parties: Parties,
    pub(super) streams: Vec<Stream>,
    pub(super) pool: Pool,
    pub(super) book: SlotBook,
    pub(super) ports: Vec<Port>,
    pub(super) seen: Perception,
    /// What is open to each group in each region today.
    pub(super) open_channels: Vec<[OpenChannels; Region::ALL.len()]>,

    pub(super) ledger: Ledger,
    pub(super) record: Recorder,
    pub(super) fault: Option<ModelError>,
    pub(super) today: Today,

    /// Request probability by class of regularity.
    pub(super) request_probability: Vec<f64>,
    /// Sum of the shares of each class of regularity and those before it.
    pub(super) regularity_ends: Vec<f64>,
    /// Odds of liking each port, by group.
    pub(super) port_odds: Vec<PortOdds>,
    /// What a winner allows for the journey to a port, by region.
    pub(super) allowed_for_journey: [Span; Region::ALL.len()],
    /// Clocks of pool members, and of parties that wait outside the app.
    pub(super) pool_clock: Clock,
    pub(super) waiting_clock: Clock,
    /// By group, the greatest probability of being intercepted on a journey under any policy of the run.
    pub(super) greatest_interception: Vec<f64>,
    pub(super) outside_to_south: Duration,
    pub(super) south_to_north: Duration,
    pub(super) preparation: Duration,
    pub(super) after_removal: Duration,
    pub(super) after_return: Duration,
    pub(super) response: Duration,
    pub(super) service: Duration,
}

/// A group's odds of liking each port best.
pub(super) enum PortOdds {
    /// All ports alike.
    Equal,
    /// By index of the port.
    ByPort(Vec<f64>),
}

impl PortOdds {
    fn new(group: &Group, ports: &[String]) -> Self {
        // One of odds 0 is liked less than any other, and among such chance tells.
        const LEAST: f64 = 1e-300;
        let odds = |port| {
            let odds = group.port_preference.get(port).copied();
            odds.unwrap_or(1.0).max(LEAST)
        };
        let odds: Vec<f64> = ports.iter().map(odds).collect();
        if odds
            .windows(2)
            .all(|pair| pair[0].total_cmp(&pair[1]).is_eq())
        {
            Self::Equal
        } else {
            Self::ByPort(odds)
        }
    }
}

impl<'a> Border<'a> {
    /// Key of draws that concern the whole border and no single party.
    pub(super) const WHOLE_BORDER: u64 = u64::MAX;

    /// The border before its first instant.
    pub(crate) fn new(
        scenario: &'a Scenario,
        prepared: &'a [Vec<Levers>],
        random: Streams,
    ) -> Self {
        let world = &scenario.world;
        let groups: Vec<&Group> = scenario.groups.iter().map(|id| &world.groups[id]).collect();
        let streams: Vec<Stream> = groups.iter().map(|group| Stream::new(group)).collect();
        let largest = streams.iter().map(|stream| stream.sizes.largest()).max();
        let levers = &prepared[0][0];
        let behaviour = &world.behaviour;
        let reconsidering = behaviour.reconsideration_mean_days.bound();
        let losing_patience = behaviour.patience_mean_days.bound();
        Self {
            scenario,
            codes: identity::codes(&scenario.groups),
            port_keys: scenario
                .ports
                .iter()
                .map(|id| identity::key_of(id))
                .collect(),
            prepared,
            in_force: (0, 0),
            levers,
            triggers: vec![Trigger::default(); scenario.timeline.triggers.len()],
            watched: WatchedDays::default(),
            now: Time::ZERO,
            end: Time::from_day(scenario.calendar.days()),
            random,
            parties: Parties::default(),
            pool: Pool::new(
                groups.len(),
                world.app.regularity.len(),
                usize::from(largest.unwrap_or(1)),
            ),
            book: SlotBook::new(scenario.ports.len()),
            ports: scenario.ports.iter().map(|_| Port::default()).collect(),
            seen: Perception::new(scenario, levers),
            open_channels: vec![Default::default(); groups.len()],
            ledger: Ledger::default(),
            record: Recorder::new(
                &scenario.calendar,
                groups.len(),
                scenario.ports.len(),
                scenario.timeline.triggers.len(),
            ),
            fault: None,
            today: Today::new(groups.len()),
            request_probability: world
                .app
                .regularity
                .iter()
                .map(|class| class.request_probability)
                .collect(),
            regularity_ends: world
                .app
                .regularity
                .iter()
                .scan(0.0, |sum, class| {
                    *sum += class.share;
                    Some(*sum)
                })
                .collect(),
            port_odds: groups
                .iter()
                .map(|group| PortOdds::new(group, &scenario.ports))
                .collect(),
            allowed_for_journey: allowed_for_journey(&world.travel),
            pool_clock: Clock::new(reconsidering, losing_patience),
            waiting_clock: Clock::new(reconsidering, None),
            greatest_interception: greatest_interception(prepared, groups.len()),
            outside_to_south: world.travel.outside_to_south.into(),
            south_to_north: world.travel.south_to_north.into(),
            preparation: world.irregular.preparation.into(),
            after_removal: world.irregular.repeat_after_removal.into(),
            after_return: world.irregular.repeat_after_return.into(),
            response: behaviour.shutdown_response.into(),
            service: Duration::new(
                world.service.family,
                Span::from_minutes(world.service.mean_minutes),
                world.service.cv,
            ),
            groups,
            streams,
        }
    }

    /// Puts the first events on the agenda.
    pub(crate) fn begin(&mut self, agenda: &mut Agenda<Event>) {
        // Triggers that are on from the start are as long in force as the events before it; those of the first day act at its midnight.
        self.begin_policy(0, 0, agenda);
        self.set_up(agenda);
        agenda.schedule(Time::ZERO, Event::Midnight);
        agenda.schedule_every(Time::ZERO + Span::HOUR, Span::HOUR, Event::Hour);
    }

    /// The end of the run: nothing is put on the agenda from there on.
    pub(crate) fn end(&self) -> Time {
        self.end
    }

    /// The most parties alive at once so far.
    pub(crate) fn most_parties(&self) -> usize {
        self.parties.most()
    }

    /// Closes the last day and gives the record.
    pub(crate) fn finish(mut self, last_day: u32) -> Result<Recorder, ModelError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.now = Time::from_day(last_day + 1);
        self.end_port_hour();
        self.end_day(last_day)?;
        Ok(self.record)
    }

    /// The party that is number `ordinal` of a group on a day.
    pub(super) fn party_id(&self, group: u8, day: u32, ordinal: u32) -> PartyId {
        PartyId::new(self.codes[usize::from(group)], day, ordinal)
    }

    /// The luck of a party or place.
    pub(super) fn luck(&self, who: u64) -> Luck {
        Luck::new(self.random, who)
    }

    /// Counts persons of a group today.
    #[inline]
    pub(super) fn count(&mut self, count: Count, party: &Party, at: At) {
        let persons = u32::from(party.size);
        self.record.count(count, party.group, at, persons);
    }

    /// Takes the party at a place in hand: until it is put back or leaves, it is not in its place.
    #[inline]
    pub(super) fn take(&self, index: u32) -> Actor {
        let luck = self.parties.luck(index);
        let party = self.parties[index];
        Actor { index, luck, party }
    }

    /// Puts a party back where [`take`](Self::take) copied it from; if it has left, that place becomes free for another.
    #[inline]
    pub(super) fn put(&mut self, actor: &Actor) {
        self.parties.put(actor.index, actor.party);
    }

    /// Moves a party to a state.
    #[inline]
    pub(super) fn move_to(&mut self, actor: &mut Actor, state: State) {
        let party = &mut actor.party;
        self.ledger.transfer(party.state, state, party.size);
        party.state = state;
    }

    /// Lets a party go.
    pub(super) fn leave(&mut self, actor: &mut Actor, exit: Exit) {
        if actor.party.occasions.are_used_up() {
            let endless = self.endless(&actor.party);
            self.fault.get_or_insert(endless);
        }
        let party = &mut actor.party;
        debug_assert!(party.size > 0, "a party leaves once");
        self.ledger.leave(party.state, exit, party.size);
        if exit == Exit::GaveUp {
            self.record
                .count(Count::GaveUp, party.group, At::Anywhere, party.size.into());
        }
        party.size = 0;
        self.parties.free(actor.index);
    }

    /// The error that a party of so many occasions is.
    #[cold]
    pub(super) fn endless(&self, party: &Party) -> ModelError {
        ModelError::Endless {
            day: self.now.day(),
            group: self.scenario.groups[usize::from(party.group)].clone(),
        }
    }

    /// Puts what a party does next on the agenda. What lies past the end of the run is left out: a clock of months mostly
    /// does.
    #[expect(
        clippy::inline_always,
        reason = "measured: with the others of the model, a fortieth of a replication"
    )]
    #[inline(always)]
    pub(super) fn schedule(
        &mut self,
        actor: &Actor,
        at: Time,
        what: What,
        agenda: &mut Agenda<Event>,
    ) {
        let index = actor.index;
        debug_assert!(
            self.parties.next(index) == Next::NOTHING,
            "a party does one thing next"
        );
        if at >= self.end {
            return;
        }
        self.parties.set_next(index, Next::new(at, what));
        let (phase, rank) = (what.phase() as u8, actor.luck.rank());
        agenda.schedule(at, Event::Party { phase, rank, index });
    }

    /// Calls off what a party would do next.
    pub(super) fn call_off(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        if self.parties.next(index) != Next::NOTHING {
            self.parties.set_next(index, Next::NOTHING);
            agenda.call_off();
        }
    }

    /// The party at a place does what it was to do next.
    fn go_on(&mut self, index: u32, agenda: &mut Agenda<Event>) {
        let next = self.parties.begin_next(index);
        let mut actor = self.take(index);
        match next
            .what()
            .expect("an event that stands has a party that does something")
        {
            What::ServiceEnds => self.service_ends(&mut actor, agenda),
            What::AppointmentDue => self.appointment_due(&mut actor, agenda),
            What::WalksUp => self.present_walk_up(&mut actor, agenda),
            What::JourneyEnds => self.journey_ends(&mut actor, agenda),
            What::Checked => self.at_checkpoint(&mut actor, agenda),
            What::Attempt => self.attempt(&mut actor, agenda),
            What::PatienceEnds => self.decide_without_app(&mut actor, agenda),
            What::ClockRings | What::Decides => self.decide(&mut actor, agenda),
        }
        self.put(&actor);
    }
}

impl agenda::Model for Border<'_> {
    type Event = Event;

    #[inline]
    fn recall(&self, at: Time, phase: u8, code: u64) -> Option<Event> {
        if !Phase::is_of_parties(phase) {
            return Some(Event::of_border(phase, code));
        }
        let index = code as u32;
        let stands = self.parties.next(index).is_at(at, phase);
        stands.then(|| {
            let rank = self.parties.luck(index).rank();
            Event::Party { phase, rank, index }
        })
    }

    #[inline]
    fn foresee(&self, phase: u8, code: u64) {
        if Phase::is_of_parties(phase) {
            self.parties.fetch(code as u32);
        }
    }

    fn handle(&mut self, event: Event, agenda: &mut Agenda<Event>) {
        self.now = agenda.now();
        match event {
            Event::Party { index, .. } => self.go_on(index, agenda),
            Event::Midnight => self.midnight(agenda),
            Event::Hour => self.end_port_hour(),
            Event::Shift { port } => self.change_shift(port, agenda),
            Event::Round => self.run_round(agenda),
        }
    }
}

/// By group, the greatest probability of being intercepted on a journey under any policy.
fn greatest_interception(prepared: &[Vec<Levers>], groups: usize) -> Vec<f64> {
    let mut greatest = vec![0.0_f64; groups];
    for levers in prepared.iter().flatten() {
        for (greatest, group) in greatest.iter_mut().zip(&levers.interception) {
            *greatest = greatest.max(group.journey).max(group.to_appointment);
        }
    }
    greatest
}

/// What a winner allows for the journey to a port, from each region: from outside, for each of its two parts.
fn allowed_for_journey(travel: &Travel) -> [Span; Region::ALL.len()] {
    let allowed = |journey: Delay| Span::from_days(journey.quantile(travel.in_time_share));
    let from_south = allowed(travel.south_to_north);
    Region::ALL.map(|region| match region {
        Region::Outside => allowed(travel.outside_to_south) + from_south,
        Region::South => from_south,
        Region::North => Span::ZERO,
    })
}

/// An instant of the run as signed milliseconds, so that registrations can lie before it.
pub(super) fn signed_millis(time: Time) -> i64 {
    time.as_millis().cast_signed()
}
