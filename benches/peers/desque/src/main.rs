//! The appointment reference with desque: a type for every event, kept in a box, executed on the simulation's state.
//!
//! `desque-peer [--seed S] [--scale K] [--days D]` prints the answers as one line of JSON.

use std::cmp::Ordering;

use desque::serial::{Event, Simulation};
use desque::{Result, SimState, SimTime};

use limit::border::{Border, DAY};
use limit::options::Options;

/// A moment [ticks]: whole numbers far inside 2^53. The heap compares floats a quarter faster than integers here.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Time(f64);

impl Eq for Time {}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> Ordering {
        let ordering = self.0.partial_cmp(&other.0);
        ordering.expect("no moment is not a number")
    }
}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl SimTime for Time {}

struct State {
    border: Border,
    end: u64,
}

impl SimState<Time> for State {
    fn is_complete(&self, now: &Time) -> bool {
        now.0 >= self.end as f64
    }
}

type Sim = Simulation<State, Time>;

/// What is due after the end is not scheduled: the list stays shorter.
fn schedule(sim: &mut Sim, event: impl Event<State, Time> + 'static, moment: u64) -> Result {
    if moment < sim.state().end {
        sim.schedule(event, Time(moment as f64))?;
    }
    Ok(())
}

#[derive(Debug)]
struct Midnight;

#[derive(Debug)]
struct Arrival;

#[derive(Debug)]
struct Impatience {
    party: u32,
}

#[derive(Debug)]
struct Appointment {
    port: u8,
}

#[derive(Debug)]
struct Completion {
    port: u8,
}

impl Event<State, Time> for Midnight {
    fn execute(&mut self, sim: &mut Sim) -> Result {
        let now = sim.current_time().0 as u64;
        let mut booked = Vec::new();
        sim.state_mut()
            .border
            .midnight((now / DAY) as u32, |due, port, _| {
                booked.push((due, port));
            });
        for (due, port) in booked {
            schedule(sim, Appointment { port: port as u8 }, due)?;
        }
        schedule(sim, Midnight, now + DAY)
    }
}

impl Event<State, Time> for Arrival {
    fn execute(&mut self, sim: &mut Sim) -> Result {
        let now = sim.current_time().0 as u64;
        let (party, leaves) = sim.state_mut().border.arrive(now);
        schedule(sim, Impatience { party }, leaves)?;
        let next = now + sim.state_mut().border.gap();
        schedule(sim, Arrival, next)
    }
}

impl Event<State, Time> for Impatience {
    fn execute(&mut self, sim: &mut Sim) -> Result {
        sim.state_mut().border.cross(self.party);
        Ok(())
    }
}

impl Event<State, Time> for Appointment {
    fn execute(&mut self, sim: &mut Sim) -> Result {
        let now = sim.current_time().0 as u64;
        let port = self.port;
        match sim.state_mut().border.appear(now, usize::from(port)) {
            Some(ends) => schedule(sim, Completion { port }, ends),
            None => Ok(()),
        }
    }
}

impl Event<State, Time> for Completion {
    fn execute(&mut self, sim: &mut Sim) -> Result {
        let now = sim.current_time().0 as u64;
        let port = self.port;
        match sim.state_mut().border.complete(now, usize::from(port)) {
            Some(ends) => schedule(sim, Completion { port }, ends),
            None => Ok(()),
        }
    }
}

fn main() -> Result {
    let mut border = Border::new(&Options::of_command_line());
    let first = border.gap();
    let end = border.end();
    let mut sim = Sim::new(State { border, end }, Time(0.0));
    schedule(&mut sim, Midnight, 0)?;
    schedule(&mut sim, Arrival, first)?;
    sim.run()?;
    sim.state().border.print();
    Ok(())
}
