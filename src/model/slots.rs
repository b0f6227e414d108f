//! The book of slots: places by appointment date and port.

use crate::stats::apportion;

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
    /// Share of the places of those dates that was given out before the run.
    pub(crate) initial_share: f64,
    /// Places of each port on those dates before the run.
    pub(crate) initial_places: Vec<u32>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Places {
    capacity: u32,
    taken: u32,
}

impl Places {
    fn free(self) -> u32 {
        self.capacity.saturating_sub(self.taken)
    }
}

/// Free places that a round offers, by port and date.
#[derive(Debug)]
pub(crate) struct Offers {
    ports: Vec<PortOffers>,
    /// The most on one date at one port, up to what the largest party needs.
    most: u32,
    /// Persons in the largest party.
    largest: u32,
}

/// Free places at a port.
#[derive(Debug)]
struct PortOffers {
    /// Dates with free places, in order, and how many.
    dates: Vec<(u32, u32)>,
    /// The most on one date, up to what the largest party needs: no larger party can be served.
    most: u32,
}

impl PortOffers {
    fn new(dates: Vec<(u32, u32)>, largest: u32) -> Self {
        let mut offers = Self { dates, most: 0 };
        offers.find_most(largest);
        offers
    }

    fn find_most(&mut self, largest: u32) {
        let free = self.dates.iter().map(|&(_, free)| free);
        self.most = free.max().unwrap_or(0).min(largest);
    }
}

impl Offers {
    fn new(ports: Vec<PortOffers>, largest: u32) -> Self {
        let mut offers = Self {
            ports,
            most: 0,
            largest,
        };
        offers.find_most();
        offers
    }

    fn find_most(&mut self) {
        let most = self.ports.iter().map(|port| port.most);
        self.most = most.max().unwrap_or(0);
    }

    /// Places offered.
    pub(crate) fn places(&self) -> u32 {
        let dates = self.ports.iter().flat_map(|port| &port.dates);
        dates.map(|&(_, free)| free).sum()
    }

    /// The most places on one date at one port, up to what the largest party needs: no larger party can be served.
    pub(crate) fn most(&self) -> u32 {
        self.most
    }

    /// Ports that have room for a party on some date.
    pub(crate) fn ports_with_room(&self, persons: u32) -> impl Iterator<Item = u8> {
        (0_u8..)
            .zip(&self.ports)
            .filter(move |(_, port)| port.most >= persons)
            .map(|(port, _)| port)
    }

    /// Takes the places of a party at a port that has room for it, on the date that strains it least, and gives the date.
    pub(crate) fn take<S: Ord>(
        &mut self,
        port: u8,
        persons: u32,
        strain: impl Fn(u32) -> S,
    ) -> u32 {
        let (port, largest) = (&mut self.ports[usize::from(port)], self.largest);
        let (day, free) = port
            .dates
            .iter_mut()
            .filter(|(_, free)| *free >= persons)
            .min_by_key(|&&mut (day, _)| strain(day))
            .expect("the port has room on some date");
        let was_enough = *free >= port.most;
        *free -= persons;
        let (day, is_enough) = (*day, *free >= port.most);
        if was_enough && !is_enough {
            port.find_most(largest);
            self.find_most();
        }
        day
    }
}

impl SlotBook {
    /// A book in which no date is open.
    pub(crate) fn new(ports: usize) -> Self {
        Self {
            ports,
            places: Vec::new(),
            next_unopened: 0,
            first_opened: 0,
            initial_share: 0.0,
            initial_places: vec![0; ports],
        }
    }

    /// How many of the `places` that a port has now it has on a date that no round opens: as large a share as before the run of more than it
    /// had then; and where places were taken away, those that nobody had are the first to go.
    pub(crate) fn initially_offered(&self, port: u8, places: u32) -> u32 {
        let before = self.initial_places[usize::from(port)];
        let share = f64::from(places.max(before)) * self.initial_share;
        (share.round() as u32).min(places)
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
        self.get(day, port).free()
    }

    /// How many of the `living` persons with an appointment at a date and port lose it, as there are more than places: their share of all
    /// who hold one.
    ///
    /// The others that hold one were intercepted on the way, of which nobody tells the app: it takes theirs back as well.
    pub(crate) fn take_back(&mut self, day: u32, port: u8, living: u32) -> u32 {
        let places = self.at(day, port);
        let excess = places.taken.saturating_sub(places.capacity);
        if excess == 0 {
            return 0;
        }
        let of_living = f64::from(excess) * f64::from(living) / f64::from(places.taken);
        let of_living = of_living.round() as u32;
        places.taken -= (excess - of_living).min(places.taken - living);
        of_living
    }

    /// Offers no more of a date than its places over all ports less what is taken at those that are open: of places that moved to another port,
    /// only as many as nobody keeps where they were. Each port with free places loses in proportion.
    pub(crate) fn offer_within_total(&mut self, day: u32, open: &[bool]) {
        let ports = 0..self.ports as u8;
        let of_ports: Vec<Places> = ports.map(|port| self.get(day, port)).collect();
        let places: u32 = of_ports.iter().map(|port| port.capacity).sum();
        let at_open = of_ports.iter().zip(open).filter(|(_, open)| **open);
        let taken = at_open.map(|(port, _)| port.taken).sum();
        let free = of_ports.iter().map(|port| port.free());
        let free: Vec<f64> = free.map(f64::from).collect();
        let offered = places.saturating_sub(taken);
        if free.iter().sum::<f64>() <= f64::from(offered) {
            return;
        }
        for (port, offered) in (0_u8..).zip(apportion(offered, &free)) {
            let places = self.at(day, port);
            places.capacity = places.capacity.min(places.taken + offered);
        }
    }

    /// Everything free on open dates from a day on, for parties of up to `largest` persons.
    pub(crate) fn offers(&self, from: u32, largest: u32) -> Offers {
        let port_offers = |port| {
            let dates = (from..self.next_unopened).map(|day| (day, self.free(day, port)));
            PortOffers::new(dates.filter(|&(_, free)| free > 0).collect(), largest)
        };
        Offers::new((0..self.ports as u8).map(port_offers).collect(), largest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers() -> Offers {
        let mut book = SlotBook::new(2);
        for (day, port, capacity) in [(3, 0, 2), (4, 0, 5), (3, 1, 3), (4, 1, 3), (5, 1, 3)] {
            book.set_capacity(day, port, capacity);
        }
        book.next_unopened = 6;
        book.take(4, 0, 1);
        book.offers(3, 9)
    }

    #[test]
    fn a_round_offers_what_is_free_on_open_dates() {
        let offers = offers();
        assert_eq!((offers.places(), offers.most()), (15, 4));
        assert_eq!(offers.ports_with_room(3).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(offers.ports_with_room(4).collect::<Vec<_>>(), [0]);
        assert_eq!(offers.ports_with_room(5).count(), 0);
    }

    /// Of 100 persons with an appointment 40 were intercepted; 50 places are left.
    #[test]
    fn those_whom_nobody_misses_lose_their_appointments_as_often_as_others() {
        let mut book = SlotBook::new(1);
        book.take(3, 0, 100);
        book.set_capacity(3, 0, 50);
        assert_eq!(book.take_back(3, 0, 60), 30);
        assert_eq!(book.get(3, 0).taken, 80);
        book.give_back(3, 0, 30);
        assert_eq!(book.take_back(3, 0, 30), 0);
        book.set_capacity(3, 0, 0);
        assert_eq!(book.take_back(3, 0, 30), 30);
        assert_eq!(book.get(3, 0).taken, 30);
    }

    #[test]
    fn a_party_takes_the_date_of_least_strain_that_has_room_for_all_of_it() {
        let mut offers = offers();
        assert_eq!(offers.take(0, 3, |day| day), 4);
        assert_eq!(offers.take(0, 1, |day| day), 3);
        assert_eq!(offers.take(1, 1, |day| day.abs_diff(5)), 5);
        assert_eq!((offers.places(), offers.most()), (10, 3));
        assert_eq!(offers.take(1, 3, |day| day), 3);
        assert_eq!(offers.take(1, 3, |day| day), 4);
        assert_eq!(offers.most(), 2);
    }
}
