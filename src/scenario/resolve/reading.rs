//! A scenario as far as it is read, for those who look at all of it.

use super::calendar::Calendar;
use super::changes::Change;
use crate::scenario::file::ScenarioFile;
use crate::scenario::node::Node;

/// A scenario file with what it extends, read and valid.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a ScenarioFile,
    /// Its events in the order in which they act.
    pub(crate) changes: &'a [Change],
    pub(crate) calendar: &'a Calendar,
    /// Where everything is written.
    pub(crate) document: &'a Node,
}
