//! The appointment reference as a tight loop that can do nothing else: the limit to which simulators are compared.
//!
//! `limit [--seed S] [--scale K] [--days D] [--list buckets|heap]` prints the answers as one line of JSON.
//!
//! Every party has an identity and a patience timer of its own, and events are handled one by one in order of time. What a
//! simulator offers beyond that is not here: no keyed draws, no record but sums, no choice of anything.

use limit::border::{Border, DAY};
use limit::list::{Buckets, EventList, Heap};
use limit::options::Options;

/// What happens is told by the upper two bits; then a port in three and a party in 27.
const PATIENCE: u32 = 0;
const APPOINTMENT: u32 = 1;
const COMPLETION: u32 = 2;
const PARTIES: u32 = 1 << 27;

fn what(kind: u32, port: usize, party: u32) -> u32 {
    kind << 30 | (port as u32) << 27 | party
}

/// The list and the end of the run: what is due later is not kept.
struct Agenda<L> {
    list: L,
    end: u64,
}

impl<L: EventList> Agenda<L> {
    #[inline]
    fn push(&mut self, moment: u64, what: u32) {
        if moment < self.end {
            self.list.push(moment, what);
        }
    }
}

fn simulate<L: EventList>(options: &Options) {
    let mut border = Border::new(options);
    let mut agenda = Agenda {
        list: L::new(options.days),
        end: border.end(),
    };
    let mut next_arrival = border.gap();
    for day in 0..options.days {
        border.midnight(day, |due, port, party| {
            agenda.push(due, what(APPOINTMENT, port, party));
        });
        // A party that won at this midnight or before needs its timer no more.
        let is_stale = |what| what < PARTIES && !border.is_waiting(what);
        agenda.list.open(day, is_stale);
        next_arrival = handle_day(&mut border, &mut agenda, u64::from(day) * DAY, next_arrival);
    }
    border.print();
}

/// Handles every event of the day that begins at `midnight`; returns the first arrival after it.
fn handle_day<L: EventList>(
    border: &mut Border,
    agenda: &mut Agenda<L>,
    midnight: u64,
    mut next_arrival: u64,
) -> u64 {
    loop {
        let event = agenda.list.peek();
        // The moment of the event; without any, the last of the day.
        let moment = midnight | event >> 32;
        if next_arrival <= moment {
            let (party, leaves) = border.arrive(next_arrival);
            agenda.push(leaves, what(PATIENCE, 0, party));
            next_arrival += border.gap();
            continue;
        }
        if event == u64::MAX {
            return next_arrival;
        }
        agenda.list.pop();
        let happens = event as u32;
        let port = (happens >> 27 & 7) as usize;
        let ends = match happens >> 30 {
            PATIENCE => {
                border.cross(happens);
                None
            }
            APPOINTMENT => border.appear(moment, port),
            COMPLETION => border.complete(moment, port),
            _ => unreachable!("there are three kinds"),
        };
        if let Some(ends) = ends {
            agenda.push(ends, what(COMPLETION, port, 0));
        }
    }
}

fn main() {
    let options = Options::of_command_line();
    match options.list.as_deref() {
        None | Some("buckets") => simulate::<Buckets>(&options),
        Some("heap") => simulate::<Heap>(&options),
        Some(_) => panic!("lists: buckets, heap"),
    }
}
