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

    /// Some of the next items, at most `count`: those already sorted, without what was added among them since.
    pub(crate) fn upcoming(&self, count: usize) -> impl Iterator<Item = &T> {
        let from = self.sorted.len().saturating_sub(count);
        self.sorted[from..].iter().rev()
    }

    /// Keeps only the items that satisfy a condition.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.sorted.retain(&mut keep);
        self.added.retain(|added| keep(&added.0));
    }
}
