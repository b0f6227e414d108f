//! Sorting a bucket: its items lie all over a known stretch of time, so that most of the work is one step.
//!
//! Each item goes to the part of the stretch where its moment lies, an item a part in the mean; then it is at most a few
//! places from its own, and goes there by insertion. (A proxmap sort, Standish & Jacobson 2005,
//! doi:10.1145/1113847.1113874.) Parts with many items are sorted by themselves before, so that it is never much worse than
//! sorting the whole.

use super::Dated;

/// Buffers, kept from one bucket to the next.
#[derive(Debug)]
pub(super) struct Spread<T> {
    items: Vec<T>,
    /// Where the items of each part begin, and where its next item goes.
    places: Vec<u32>,
}

impl<T> Default for Spread<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            places: Vec::new(),
        }
    }
}

impl<T: Copy + Ord + Dated> Spread<T> {
    /// Sorts items of the stretch of `width` ms from `start` on, the first one last.
    pub(super) fn sort_descending(&mut self, items: &mut Vec<T>, start: u64, width: u64) {
        /// Fewer are sorted at once as fast.
        const WORTHWHILE: usize = 64;
        /// A part with more is sorted by itself.
        const MANY: usize = 16;
        if items.len() < WORTHWHILE {
            items.sort_unstable_by(|a, b| b.cmp(a));
            return;
        }
        let parts = items.len();
        // A fixed-point number: parts a millisecond, rounded down, so that the last part is not overshot. Its product with
        // what is less than the width is less than parts × 2^32, which fits for fewer than 2^32 items.
        let scale = ((parts as u64) << 32) / width;
        let last = parts - 1;
        // The last part of the stretch comes first.
        let part_of =
            |item: &T| last - (((item.time().as_millis() - start) * scale) >> 32) as usize;
        self.places.clear();
        self.places.resize(parts + 1, 0);
        for item in &*items {
            self.places[part_of(item) + 1] += 1;
        }
        let mut sum = 0;
        for place in &mut self.places {
            sum += *place;
            *place = sum;
        }
        std::mem::swap(items, &mut self.items);
        items.clear();
        items.extend_from_slice(&self.items);
        for item in &self.items {
            let place = &mut self.places[part_of(item)];
            items[*place as usize] = *item;
            *place += 1;
        }
        // By now the place of each part is its end.
        let mut begin = 0;
        for &end in &self.places[..parts] {
            let part = &mut items[begin..end as usize];
            if part.len() > MANY {
                part.sort_unstable_by(|a, b| b.cmp(a));
            }
            begin = end as usize;
        }
        for position in 1..items.len() {
            let item = items[position];
            let mut place = position;
            while place > 0 && items[place - 1] < item {
                items[place] = items[place - 1];
                place -= 1;
            }
            items[place] = item;
        }
    }
}
