//! Handles of events that can be called off.

use std::num::NonZeroU32;

/// Names one pending event, to call it off.
///
/// A handle is good for its event only: once that has happened or was called off, the handle names nothing for ever,
/// although its slot is used again. `Option<Handle>` is as small as a handle: 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle {
    slot: u32,
    /// Odd, so never zero.
    generation: NonZeroU32,
}

/// The slots behind all handles: one for each cancellable entry of the queue.
///
/// The generation of a slot is odd while its event is pending. It grows when the event happens or is called off, and
/// again when the slot is reused; a slot that has run out of generations is retired, four bytes lost in two thousand
/// million events.
#[derive(Debug, Default)]
pub(super) struct Slots {
    generations: Vec<u32>,
    free: Vec<u32>,
}

impl Slots {
    /// A slot for a new pending event.
    pub(super) fn take(&mut self) -> (u32, Handle) {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.generations.push(0);
            u32::try_from(self.generations.len() - 1)
                .expect("fewer than 2^32 cancellable events are pending")
        });
        let generation = &mut self.generations[slot as usize];
        *generation += 1;
        let generation =
            NonZeroU32::new(*generation).expect("the generation of a pending event is odd");
        (slot, Handle { slot, generation })
    }

    /// Calls off the event of a handle, if it is pending; its entry stays in the queue and keeps the slot.
    pub(super) fn cancel(&mut self, handle: Handle) -> bool {
        let generation = &mut self.generations[handle.slot as usize];
        let pending = *generation == handle.generation.get();
        *generation += u32::from(pending);
        pending
    }

    /// Whether the event of an entry's slot has not been called off.
    pub(super) fn is_pending(&self, slot: u32) -> bool {
        self.generations[slot as usize] % 2 == 1
    }

    /// Frees the slot of an entry that has left the queue; whether its event had not been called off.
    pub(super) fn release(&mut self, slot: u32) -> bool {
        let pending = self.is_pending(slot);
        let generation = &mut self.generations[slot as usize];
        *generation += u32::from(pending);
        if *generation < u32::MAX - 1 {
            self.free.push(slot);
        }
        pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_handle_takes_eight_bytes() {
        assert_eq!(size_of::<Option<Handle>>(), 8);
    }

    #[test]
    fn a_stale_handle_never_names_the_next_user_of_its_slot() {
        let mut slots = Slots::default();
        let (slot, stale) = slots.take();
        assert!(slots.release(slot));
        let (reused, fresh) = slots.take();
        assert_eq!(reused, slot);
        assert!(!slots.cancel(stale));
        assert!(slots.cancel(fresh));
        assert!(!slots.cancel(fresh));
        assert!(!slots.release(reused));
    }

    #[test]
    fn a_slot_without_generations_left_is_retired() {
        let mut slots = Slots {
            generations: vec![u32::MAX - 3],
            free: vec![0],
        };
        let (slot, last) = slots.take();
        assert!(slots.release(slot));
        assert_eq!(slots.take().0, 1);
        assert!(!slots.cancel(last));
    }
}
