//! The state of the border, and what each event does to it: the contents page of the model.

use crate::engine::agenda::{self, Agenda};
use crate::engine::random::Streams;
use crate::engine::time::{Span, Time};
use crate::record::{At, Count, Recorder};
use crate::scenario::values::Region;

use super::arrivals::Stream;
use super::decide::OpenChannels;
use super::draws::Luck;
use super::error::ModelError;
use super::event::{Event, Phase, What};
use super::identity::PartyId;
use super::ledger::{Exit, Ledger};
use super::levers::Levers;
use super::party::{Actor, Next, Parties, Party, State};
use super::perception::Perception;
use super::policy::{Trigger, WatchedDays};
use super::pool::Pool;
use super::port::Port;
use super::setting::Setting;
use super::slots::SlotBook;
use super::today::Today;

/// The border: everything that changes during a replication, and the setting, which does not.
pub(crate) struct Border<'a> {
    pub(super) setting: &'a Setting<'a>,
    /// Epoch and mask in force.
    pub(super) in_force: (usize, usize),
    pub(super) levers: &'a Levers,
    pub(super) triggers: Vec<Trigger>,
    pub(super) watched: WatchedDays,

    pub(super) now: Time,
    pub(super) random: Streams,
    pub(super) parties: Parties,
    /// The arrivals of each group.
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
}

impl<'a> Border<'a> {
    /// Key of draws that concern the whole border and no single party.
    pub(super) const WHOLE_BORDER: u64 = u64::MAX;

    /// The border before its first instant.
    pub(crate) fn new(setting: &'a Setting<'a>, random: Streams) -> Self {
        let scenario = setting.scenario;
        let groups = scenario.groups.len();
        let ports = scenario.ports.len();
        let triggers = scenario.timeline.triggers.len();
        let largest = setting.groups().map(|(_, group)| group.sizes.largest());
        let levers = &setting.levers[0][0];
        Self {
            setting,
            in_force: (0, 0),
            levers,
            triggers: vec![Trigger::default(); triggers],
            watched: WatchedDays::default(),
            now: Time::ZERO,
            random,
            parties: Parties::default(),
            streams: vec![Stream::default(); groups],
            pool: Pool::new(
                groups,
                scenario.world.app.regularity.len(),
                usize::from(largest.max().unwrap_or(1)),
            ),
            book: SlotBook::new(ports),
            ports: (0..ports).map(|_| Port::default()).collect(),
            seen: Perception::new(scenario, levers),
            open_channels: vec![Default::default(); groups],
            ledger: Ledger::default(),
            record: Recorder::new(&scenario.calendar, groups, ports, triggers),
            fault: None,
            today: Today::new(groups),
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

    /// The most parties kept at once so far.
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
        PartyId::new(self.setting.group(group).code, day, ordinal)
    }

    /// The luck of a party or place.
    pub(super) fn luck(&self, who: u64) -> Luck {
        Luck::new(self.random, who)
    }

    /// Counts persons of a group today, for the record and for those who see it.
    #[inline]
    pub(super) fn count(&mut self, count: Count, party: &Party, at: At) {
        let persons = u32::from(party.size);
        self.record.count(count, party.group, at, persons);
        self.today.take_in(count, party.group, persons);
    }

    /// The party at a place, in a copy: what happens to it holds once it is [put back](Self::put).
    #[inline]
    pub(super) fn actor(&self, index: u32) -> Actor {
        self.parties.actor(index)
    }

    /// Puts a party back where [`actor`](Self::actor) copied it from; one that has left stays gone.
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
            group: self.setting.scenario.groups[usize::from(party.group)].clone(),
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
        if at >= self.setting.end {
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
        let mut actor = self.actor(index);
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
