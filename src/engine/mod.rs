//! Discrete-event simulation: time, the event list and keyed random streams.
//!
//! # Promises
//!
//! 1. **Order.** Events are handled in the order of (time, phase, rank, code), in whatever order they were scheduled. Events equal
//!    in all four are one and the same to the model.
//! 2. **No past.** The clock never goes back, and nothing can be scheduled before the present. An event scheduled at
//!    the present is handled after the one being handled, even if it sorts before that one.
//! 3. **Cancellation.** An active event that the model has called off does not happen, and keeps no run alive.
//! 4. **Passive events**, periodic ones among them, do not keep a run alive; while active events do, they happen in
//!    order with all others.
//! 5. **Ends.** A run handles every event before its end and none at it, and says why it ended: [`Stop`].
//! 6. **Continuation.** A run in two parts is the same as one run.
//! 7. **Memory** follows the pending events: of those called off about twice as many are kept at most.
//! 8. **Draws** depend on seed, replication and their own key (who, purpose, occasion), never on other draws, and are
//!    the same bits on every platform.
//!
//! # Example
//!
//! One server; customers arrive and are served at random (the queue M/M/1):
//!
//! ```
//! use portflow::engine::{Agenda, Event, Model, Span, Stop, Streams, Time};
//!
//! #[derive(Debug, Clone, Copy)]
//! enum Happening {
//!     Departure(u64),
//!     Arrival(u64),
//! }
//!
//! impl Event for Happening {
//!     /// Who leaves makes room before the next one comes.
//!     fn phase(self) -> u8 {
//!         match self {
//!             Self::Departure(_) => 0,
//!             Self::Arrival(_) => 1,
//!         }
//!     }
//!
//!     fn code(self) -> u64 {
//!         let (Self::Departure(customer) | Self::Arrival(customer)) = self;
//!         customer
//!     }
//! }
//!
//! struct Desk {
//!     luck: Streams,
//!     free_from: Time,
//!     served: u64,
//! }
//!
//! const ARRIVING: u32 = 0;
//! const BEING_SERVED: u32 = 1;
//!
//! impl Model for Desk {
//!     type Event = Happening;
//!
//!     fn recall(&self, _: Time, phase: u8, customer: u64) -> Option<Happening> {
//!         Some(if phase == 0 { Happening::Departure(customer) } else { Happening::Arrival(customer) })
//!     }
//!
//!     fn handle(&mut self, event: Happening, agenda: &mut Agenda<Happening>) {
//!         match event {
//!             Happening::Arrival(customer) => {
//!                 let service = Span::from_minutes(4.0 * self.luck.draw(customer, BEING_SERVED, 0).exponential());
//!                 self.free_from = self.free_from.max(agenda.now()) + service;
//!                 agenda.schedule(self.free_from, Happening::Departure(customer));
//!                 let gap = Span::from_minutes(5.0 * self.luck.draw(customer + 1, ARRIVING, 0).exponential());
//!                 agenda.schedule(agenda.now() + gap, Happening::Arrival(customer + 1));
//!             }
//!             Happening::Departure(_) => self.served += 1,
//!         }
//!     }
//! }
//!
//! let mut desk = Desk { luck: Streams::new(1, 0), free_from: Time::ZERO, served: 0 };
//! let mut agenda = Agenda::new();
//! agenda.schedule(Time::ZERO, Happening::Arrival(0));
//! assert_eq!(agenda.run_until(&mut desk, Time::from_day(10)), Stop::EndReached);
//! // 12 customers an hour are expected in 240 hours.
//! assert!((2_700..3_060).contains(&desk.served), "{}", desk.served);
//! ```

pub mod agenda;
mod entry;
pub mod queue;
pub mod random;
pub mod time;

pub use agenda::{Agenda, CODE_BITS, Event, Model, PastEvent, Stop};
pub use random::{Draw, Streams};
pub use time::{Span, Time};
