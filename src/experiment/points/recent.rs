//! What several tasks need and one of them makes: a scenario at a point, for its replications.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Things made lately, by what they are of: loading a scenario takes about as long as simulating a small one, and its replications
/// follow each other.
pub(in crate::experiment) struct Recent<K, T>(Mutex<VecDeque<(K, Slot<T>)>>);

/// A thing that whoever comes first makes.
type Slot<T> = Arc<OnceLock<T>>;

impl<K, T> Default for Recent<K, T> {
    fn default() -> Self {
        Self(Mutex::new(VecDeque::new()))
    }
}

impl<K: PartialEq, T> Recent<K, T> {
    /// Tasks under way are close to each other: few different things are used at a time.
    const KEPT: usize = 8;

    /// The place of a thing, empty until it is made.
    pub(in crate::experiment) fn slot(&self, of: K) -> Slot<T> {
        // The queue is whole between any two statements: a panic elsewhere cannot have left it half changed.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = kept.iter().find(|(known, _)| *known == of) {
            return Arc::clone(slot);
        }
        if kept.len() == Self::KEPT {
            kept.pop_front();
        }
        let slot = Slot::default();
        kept.push_back((of, Arc::clone(&slot)));
        slot
    }
}
