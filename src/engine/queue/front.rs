//! The items that are next: most of them sorted once, the others added since.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Items in ascending order: what was there at first is sorted once, and what is added later goes through a small heap.
#[derive(Debug)]
pub(crate) struct Front<T> {
    /// Sorted, the next one last; to be filled only while the front is empty.
    pub(crate) sorted: Vec<T>,
    added: BinaryHeap<Reverse<T>>,
}

impl<T: Ord> Default for Front<T> {
    fn default() -> Self {
        Self {
            sorted: Vec::new(),
            added: BinaryHeap::new(),
        }
    }
}

impl<T: Copy + Ord> Front<T> {
    /// Number of items.
    pub(crate) fn len(&self) -> usize {
        self.sorted.len() + self.added.len()
    }

    /// Whether there is no item.
    pub(crate) fn is_empty(&self) -> bool {
        self.sorted.is_empty() && self.added.is_empty()
    }

    /// Adds an item.
    pub(crate) fn push(&mut self, item: T) {
        self.added.push(Reverse(item));
    }

    /// Removes the first item, if it satisfies a condition.
    #[inline]
    pub(crate) fn pop_if(&mut self, is_due: impl FnOnce(&T) -> bool) -> Option<T> {
        let sorted = self.sorted.last();
        let added = self.added.peek().map(|added| &added.0);
        let added_first = match (sorted, added) {
            (Some(sorted), Some(added)) => added < sorted,
            (sorted, _) => sorted.is_none(),
        };
        let first = if added_first { added } else { sorted };
        if !is_due(first?) {
            return None;
        }
        if added_first {
            self.added.pop().map(|added| added.0)
        } else {
            self.sorted.pop()
        }
    }

    /// The item that comes some places after the next: of those already sorted, without what was added among them since.
    #[inline]
    pub(crate) fn ahead(&self, places: usize) -> Option<&T> {
        let place = self.sorted.len().checked_sub(places + 1)?;
        self.sorted.get(place)
    }

    /// Keeps only the items that satisfy a condition.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.sorted.retain(&mut keep);
        self.added.retain(|added| keep(&added.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_items_ahead_are_those_that_come_after_as_many_pops() {
        let mut front = Front {
            sorted: vec![50, 40, 30, 20, 10],
            added: BinaryHeap::new(),
        };
        let ahead = |front: &Front<u32>| [0, 1, 4, 5].map(|places| front.ahead(places).copied());
        assert_eq!(ahead(&front), [Some(10), Some(20), Some(50), None]);
        front.push(15);
        assert_eq!(front.pop_if(|_| true), Some(10));
        assert_eq!(ahead(&front), [Some(20), Some(30), None, None]);
    }
}
