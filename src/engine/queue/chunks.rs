//! Unsorted lists of items in chunks of one common store: appending copies nothing, and what one list has given back
//! another uses.

/// Items in a chunk. A list wastes half a chunk in the mean.
const CHUNK: usize = 32;

/// Chunks of all lists.
#[derive(Debug)]
pub(super) struct Chunks<T> {
    /// `CHUNK` items each.
    items: Vec<T>,
    /// The chunk filled before each chunk of a list.
    previous: Vec<u32>,
    free: Vec<u32>,
}

/// A list: all its chunks but the last are full.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    last: u32,
    len: u32,
}

impl List {
    pub(super) fn len(self) -> usize {
        self.len as usize
    }

    /// Items in the last chunk of a list that is not empty.
    fn in_last(self) -> usize {
        (self.len() - 1) % CHUNK + 1
    }
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            previous: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T: Copy> Chunks<T> {
    /// Items that all chunks can hold, free ones included.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> usize {
        self.items.len()
    }

    /// Appends an item to a list.
    #[expect(clippy::inline_always, reason = "measured: a tenth of scheduling")]
    #[inline(always)]
    pub(super) fn push(&mut self, list: &mut List, item: T) {
        let position = list.len() % CHUNK;
        if position == 0 {
            list.last = self.take(list.last, item);
        }
        self.items[list.last as usize * CHUNK + position] = item;
        list.len += 1;
    }

    /// Moves the items of a list to the end of a vector and gives its chunks back.
    pub(super) fn drain(&mut self, list: &mut List, to: &mut Vec<T>) {
        to.reserve(list.len());
        while list.len > 0 {
            let chunk = list.last;
            let (start, count) = (chunk as usize * CHUNK, list.in_last());
            to.extend_from_slice(&self.items[start..start + count]);
            list.len -= count as u32;
            list.last = self.previous[chunk as usize];
            self.free.push(chunk);
        }
    }

    /// Keeps only the items of a list that satisfy a condition.
    pub(super) fn retain(&mut self, list: &mut List, keep: impl FnMut(&T) -> bool) {
        let mut items = Vec::new();
        self.drain(list, &mut items);
        items.retain(keep);
        for item in items {
            self.push(list, item);
        }
    }

    /// A chunk to be filled after another. New memory is filled with copies of an item.
    #[cold]
    fn take(&mut self, previous: u32, item: T) -> u32 {
        if let Some(chunk) = self.free.pop() {
            self.previous[chunk as usize] = previous;
            return chunk;
        }
        let chunk = u32::try_from(self.previous.len()).expect("fewer than 2^32 chunks are in use");
        self.items.resize(self.items.len() + CHUNK, item);
        self.previous.push(previous);
        chunk
    }
}
