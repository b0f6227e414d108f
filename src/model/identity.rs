//! Keys of luck that come from names: adding a group or a port to a scenario changes nobody else's draws, unless the names of two groups,
//! or of two ports, come to one code of 16 bits and the new one stands first.

use crate::scenario::values::Region;

/// A stable hash of an id: FNV-1a of 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv).
pub(crate) fn key_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A code of 16 bits for each id, from its hash; an id whose code is taken by one before it gets the next free one.
pub(crate) fn codes(ids: &[String]) -> Vec<u16> {
    let mut codes: Vec<u16> = Vec::with_capacity(ids.len());
    for id in ids {
        let hash = key_of(id);
        let mut code = (hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48) as u16;
        while codes.contains(&code) {
            code = code.wrapping_add(1);
        }
        codes.push(code);
    }
    codes
}

/// Identity of a party: the code of its group, its day of arrival and its ordinal that day. It is the key of the party's luck. Those who are
/// there at the start have days and ordinals of their own.
///
/// It is the same party, with the same luck, in every scenario and whatever policy makes it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartyId(pub(crate) u64);

impl PartyId {
    /// Day under which the parties of the pool at the start are numbered.
    const IN_POOL: u32 = (1 << 16) - 1;
    /// Day under which the parties with an appointment on the first day are numbered; those of later days have the days before it.
    const BOOKED: u32 = (1 << 16) - 2;

    /// The party that is number `ordinal` of the group with a code on a day.
    #[inline]
    pub(crate) fn new(group_code: u16, day: u32, ordinal: u32) -> Self {
        debug_assert!(day < 1 << 16, "a run has at most 36,525 days");
        Self(u64::from(group_code) << 48 | u64::from(day) << 32 | u64::from(ordinal))
    }

    /// The party that is number `ordinal` of those of its group that are in the pool of a region at the start: how many there are in the
    /// other makes nobody somebody else.
    pub(crate) fn in_pool(group_code: u16, region: Region, ordinal: u32) -> Self {
        debug_assert!(ordinal < 1 << 31, "a pool has at most 10,000,000 persons");
        Self::new(
            group_code,
            Self::IN_POOL,
            u32::from(region == Region::North) << 31 | ordinal,
        )
    }

    /// The party of a group that is `place` of those with an appointment at the start.
    pub(crate) fn booked(group_code: u16, place: InitialPlace) -> Self {
        Self::new(group_code, Self::BOOKED - place.date, place.ordinal())
    }
}

/// Which of the appointments at the start: the date, the code of the port, and the how manieth there. Another port, or other slots of one,
/// leaves those of the rest as they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InitialPlace {
    /// Days from the start.
    pub(crate) date: u32,
    pub(crate) port_code: u16,
    pub(crate) number: u32,
}

impl InitialPlace {
    /// Occasion of what is drawn for it.
    pub(crate) fn occasion(self) -> u64 {
        u64::from(self.date) << 32 | u64::from(self.ordinal())
    }

    /// From 65,536 appointments of a date and port on, numbers run into those of another code.
    fn ordinal(self) -> u32 {
        (u32::from(self.port_code) << 16).wrapping_add(self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_has_the_published_values() {
        // Test vectors of the FNV reference code.
        assert_eq!(key_of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(key_of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(key_of("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn a_code_does_not_depend_on_the_other_ids() {
        let ids = |names: &[&str]| {
            names
                .iter()
                .map(|&name| name.to_owned())
                .collect::<Vec<_>>()
        };
        let two = codes(&ids(&["mexican", "other"]));
        let three = codes(&ids(&["haitian", "mexican", "other"]));
        assert_eq!(two, three[1..]);
    }

    #[test]
    fn codes_are_distinct() {
        let ids: Vec<String> = (0..2000).map(|number| format!("group-{number}")).collect();
        let mut codes = codes(&ids);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ids.len());
    }
}
