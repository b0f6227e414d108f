//! The event of the hold model: whoever acts will act again.

use portflow::engine::Event;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Act(pub(crate) u32);

impl Event for Act {
    fn phase(self) -> u8 {
        0
    }

    fn code(self) -> u64 {
        u64::from(self.0)
    }
}

impl Act {
    /// The act of a code.
    pub(crate) fn of(code: u64) -> Self {
        Self(code as u32)
    }
}
