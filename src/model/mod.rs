//! The border: what people and ports do. No file, no wall clock, no thread.
//!
//! One file per process of the flow; each adds its part to the state in `border`, whose event handler is the
//! contents page.
//!
//! | file | process |
//! |---|---|
//! | `arrivals` | who comes, when, in parties of which size |
//! | `decide` | the one place where a party chooses |
//! | `perception`, `today` | what it sees when it chooses, and what has happened today |
//! | `appointment` | registration, clock and patience, booking, showing up, moving, cancelling |
//! | `pool`, `tickets`, `round`, `slots` | who waits, whose turn it is, who wins, what there is to win |
//! | `travel` | journeys and interception |
//! | `port` | admission, queues, officers, closing |
//! | `crossing` | preparation, attempt, encounter, outcome |
//! | `policy`, `levers` | events and triggers; levers prepared for the run |
//! | `party`, `identity`, `draws` | who a party is, and the keys of its luck |
//! | `setting` | the scenario in the shapes that events need: what stays as it is during a replication |
//! | `start` | the first instant: the pool, and who has an appointment |
//! | `day`, `ledger` | midnight, conservation |

mod appointment;
mod arrivals;
mod border;
mod crossing;
mod day;
mod decide;
mod draws;
mod error;
mod event;
pub(crate) mod identity;
mod ledger;
mod levers;
mod member;
mod party;
mod perception;
mod policy;
mod pool;
mod port;
mod round;
mod setting;
mod simulate;
mod slots;
mod start;
mod tickets;
mod today;
mod travel;

pub use error::ModelError;
pub use simulate::{Work, simulate, simulate_with_work};

/// The revision of the model, for manifests: raised with every change of its rules that moves a result, and with what is listed in
/// `CHANGELOG.md` under "Results changed". Results of two revisions are not those of one model.
pub const REVISION: u32 = 2;
