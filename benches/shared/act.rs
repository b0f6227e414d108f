//! The event of the hold model: whoever acts will act again.

use portflow::engine::Event;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Act(pub(crate) u32);

impl Event for Act {
    fn phase(self) -> u8 {
        0
    }

    fn code(self) -> u128 {
        u128::from(self.0)
    }

    fn from_code(_: u8, code: u128) -> Self {
        Self(code as u32)
    }
}
