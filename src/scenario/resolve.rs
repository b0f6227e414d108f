//! From the tables of a file, [`reading`], to a scenario: [`calendar`] and [`timeline`], the [`changes`] of events and triggers as [`policies`] by day and what
//! they [move](moved), the [`fates`] of keys that do nothing in a run, or are worked into it, whether the world is [`steady`],
//! [`arrivals`] by day, and counts from files ([`data`], [`monthly`], [`mod@observed`], [`cells`]).

pub(super) mod arrivals;
pub mod calendar;
pub(super) mod cells;
pub(super) mod changes;
pub(super) mod data;
pub(super) mod fates;
pub(super) mod monthly;
pub(super) mod moved;
pub(super) mod observed;
pub(super) mod policies;
pub(super) mod reading;
pub(super) mod steady;
pub mod timeline;
