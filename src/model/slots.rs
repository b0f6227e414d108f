//! The book of slots: places by appointment date and port.

/// Places of each date and port, and how many of them are taken. All in persons.
#[derive(Debug)]
pub(crate) struct SlotBook {
    ports: usize,
    /// `[date][port]`, flattened, by day of the run.
    places: Vec<Places>,
    /// First date that no round has opened yet.
    pub(crate) next_unopened: u32,
    /// First date that a round opens: the dates before it have only what `world.initial_bookings` gives them.
    pub(crate) first_opened: u32,
}

#[derive(Debug, Clone, Copy, Default)]
struct Places {
    capacity: u32,
    taken: u32,
}

/// Free places of a date and port that a round offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) day: u32,
    pub(crate) port: u8,
    pub(crate) free: u32,
}

impl SlotBook {
    /// A book in which no date is open.
    pub(crate) fn new(ports: usize) -> Self {
        Self {
            ports,
            places: Vec::new(),
            next_unopened: 0,
            first_opened: 0,
        }
    }

    fn at(&mut self, day: u32, port: u8) -> &mut Places {
        let index = day as usize * self.ports + usize::from(port);
        if index >= self.places.len() {
            self.places.resize(index + 1, Places::default());
        }
        &mut self.places[index]
    }

    /// Sets the places of a date; those taken stay taken.
    pub(crate) fn set_capacity(&mut self, day: u32, port: u8, capacity: u32) {
        self.at(day, port).capacity = capacity;
    }

    /// Takes places at a date and port.
    pub(crate) fn take(&mut self, day: u32, port: u8, persons: u8) {
        self.at(day, port).taken += u32::from(persons);
    }

    /// Gives places back.
    pub(crate) fn give_back(&mut self, day: u32, port: u8, persons: u8) {
        self.at(day, port).taken -= u32::from(persons);
    }

    /// Places of a date and port; none where no date has been opened.
    fn get(&self, day: u32, port: u8) -> Places {
        let index = day as usize * self.ports + usize::from(port);
        self.places.get(index).copied().unwrap_or_default()
    }

    /// Free places at a date and port.
    pub(crate) fn free(&self, day: u32, port: u8) -> u32 {
        let places = self.get(day, port);
        places.capacity.saturating_sub(places.taken)
    }

    /// Persons with an appointment beyond the places at a date and port; the places of parties that were intercepted on the way
    /// count, since nobody tells the app.
    pub(crate) fn excess(&self, day: u32, port: u8) -> u32 {
        let places = self.get(day, port);
        places.taken.saturating_sub(places.capacity)
    }

    /// Everything free on open dates from a day on, by date and port.
    pub(crate) fn offers(&self, from: u32) -> Vec<Offer> {
        let mut offers = Vec::new();
        for day in from..self.next_unopened {
            for port in 0..self.ports as u8 {
                let free = self.free(day, port);
                if free > 0 {
                    offers.push(Offer { day, port, free });
                }
            }
        }
        offers
    }
}
