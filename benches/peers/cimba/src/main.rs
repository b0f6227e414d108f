//! The appointment reference with cimba: events are functions of a subject and an object, in cimba's hashed heap.
//!
//! `cimba-peer [--seed S] [--scale K] [--days D]` prints the answers as one line of JSON.
//!
//! Who wins a slot has its patience timer cancelled, which that heap is made for.

use std::ffi::c_void;
use std::ptr;

use limit::border::{Border, DAY};
use limit::options::Options;

type Action = extern "C" fn(*mut c_void, *mut c_void);

unsafe extern "C" {
    fn cmb_event_queue_initialize(start: f64);
    fn cmb_event_schedule(
        action: Action,
        subject: *mut c_void,
        object: *mut c_void,
        time: f64,
        priority: i64,
    ) -> u64;
    fn cmb_event_cancel(handle: u64) -> bool;
    fn cmb_event_queue_execute();
    fn cmb_event_queue_terminate();
    fn cmb_time() -> f64;
}

/// The subject of every event.
struct World {
    border: Border,
    end: u64,
    /// The patience timer of every party.
    timers: Vec<u64>,
}

/// The moment of the event that is being executed [ticks].
fn now() -> u64 {
    // SAFETY: takes nothing; called from events only.
    (unsafe { cmb_time() }) as u64
}

fn world<'a>(subject: *mut c_void) -> &'a mut World {
    // SAFETY: every event's subject is the world of `main`, which outlives the run and is lent to one event at a time.
    unsafe { &mut *subject.cast::<World>() }
}

/// A number, a port's or a party's, in the place of an object, and back.
fn object(number: usize) -> *mut c_void {
    ptr::without_provenance_mut(number)
}

/// The handle of a new event; 0, which is no handle, if it would come after the end.
fn schedule(world: &mut World, action: Action, number: usize, moment: u64) -> u64 {
    if moment >= world.end {
        return 0;
    }
    let subject = ptr::from_mut(world).cast();
    // SAFETY: the action takes the world as its subject and a number as its object.
    unsafe { cmb_event_schedule(action, subject, object(number), moment as f64, 0) }
}

extern "C" fn midnight(subject: *mut c_void, _: *mut c_void) {
    let (world, now) = (world(subject), now());
    let mut booked = Vec::new();
    world
        .border
        .midnight((now / DAY) as u32, |due, port, party| {
            booked.push((due, port, party));
        });
    for (due, port, party) in booked {
        let timer = world.timers[party as usize];
        if timer != 0 {
            // SAFETY: whoever wins was in the pool, so that the timer has not run out.
            unsafe { cmb_event_cancel(timer) };
        }
        schedule(world, appear, port, due);
    }
    schedule(world, midnight, 0, now + DAY);
}

extern "C" fn arrive(subject: *mut c_void, _: *mut c_void) {
    let (world, now) = (world(subject), now());
    let (party, leaves) = world.border.arrive(now);
    let timer = schedule(world, cross, party as usize, leaves);
    world.timers.push(timer);
    let next = now + world.border.gap();
    schedule(world, arrive, 0, next);
}

extern "C" fn cross(subject: *mut c_void, party: *mut c_void) {
    world(subject).border.cross(party.addr() as u32);
}

extern "C" fn appear(subject: *mut c_void, port: *mut c_void) {
    let world = world(subject);
    if let Some(ends) = world.border.appear(now(), port.addr()) {
        schedule(world, complete, port.addr(), ends);
    }
}

extern "C" fn complete(subject: *mut c_void, port: *mut c_void) {
    let world = world(subject);
    if let Some(ends) = world.border.complete(now(), port.addr()) {
        schedule(world, complete, port.addr(), ends);
    }
}

fn main() {
    let mut border = Border::new(&Options::of_command_line());
    let first = border.gap();
    let end = border.end();
    let timers = Vec::new();
    let mut world = World {
        border,
        end,
        timers,
    };
    // SAFETY: cimba keeps a queue for each thread; this is the only one, and no event is left when it is done away with.
    unsafe { cmb_event_queue_initialize(0.0) };
    schedule(&mut world, midnight, 0, 0);
    schedule(&mut world, arrive, 0, first);
    // SAFETY: as above.
    unsafe {
        cmb_event_queue_execute();
        cmb_event_queue_terminate();
    }
    world.border.print();
}
