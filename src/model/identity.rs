//! Keys of luck that come from names: adding a group or a port to a scenario changes nobody else's draws.

/// A stable hash of an id: FNV-1a of 64 bits (Fowler, Noll and Vo; draft-eastlake-fnv).
pub(crate) fn key_of(id: &str) -> u64 {
    id.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A code of 16 bits for each id, from its hash; an id whose code is taken by one before it gets the next free one.
fn codes(ids: &[String]) -> Vec<u16> {
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

/// The place of each code in the order of all.
fn ranks(codes: &[u16]) -> Vec<u8> {
    codes
        .iter()
        .map(|code| codes.iter().filter(|&other| other < code).count() as u8)
        .collect()
}

/// Identity of a party: its group, day of arrival and ordinal that day, in 48 bits whose order is that of the parties to whom
/// something happens at the same instant.
///
/// It is the same party, with the same luck, in every scenario and whatever policy makes it do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PartyId(pub(crate) u64);

impl PartyId {
    /// Day under which the parties present at the start are numbered.
    pub(crate) const AT_START: u32 = (1 << 16) - 1;
    /// Day under which the parties with an appointment at the start are numbered.
    pub(crate) const BOOKED_AT_START: u32 = (1 << 16) - 2;

    pub(crate) const BITS: u32 = u8::BITS + Self::DAY_BITS + Self::ORDINAL_BITS;
    /// Bits of an ordinal: 16 million parties of a group a day.
    const ORDINAL_BITS: u32 = 24;
    const DAY_BITS: u32 = 16;

    fn new(group_rank: u8, day: u32, ordinal: u32) -> Self {
        debug_assert!(day < 1 << Self::DAY_BITS, "a run has at most 65,534 days");
        assert!(
            ordinal >> Self::ORDINAL_BITS == 0,
            "more than 16 million parties of a group arrive on one day"
        );
        let group_and_day = u64::from(group_rank) << Self::DAY_BITS | u64::from(day);
        Self(group_and_day << Self::ORDINAL_BITS | u64::from(ordinal))
    }
}

/// The groups in the identities and the luck of their parties: by a code that comes from their names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupCodes {
    /// Place of each group in the order of the codes.
    ranks: [u8; 256],
    /// The codes in their order.
    by_rank: [u16; 256],
}

impl GroupCodes {
    /// Codes of groups, of which there are at most 256.
    pub(crate) fn new(ids: &[String]) -> Self {
        let codes = codes(ids);
        let (mut ranks_of, mut by_rank) = ([0; 256], [0; 256]);
        for (group, (code, rank)) in codes.iter().zip(ranks(&codes)).enumerate() {
            ranks_of[group] = rank;
            by_rank[usize::from(rank)] = *code;
        }
        Self {
            ranks: ranks_of,
            by_rank,
        }
    }

    /// Code of a group.
    pub(crate) fn code(&self, group: u8) -> u16 {
        self.by_rank[usize::from(self.ranks[usize::from(group)])]
    }

    /// The party that is number `ordinal` of a group on a day.
    #[inline]
    pub(crate) fn party(&self, group: u8, day: u32, ordinal: u32) -> PartyId {
        PartyId::new(self.ranks[usize::from(group)], day, ordinal)
    }

    /// The key of a party's random draws: the code of its group, the day, the ordinal.
    #[inline]
    pub(crate) fn key(&self, PartyId(id): PartyId) -> u64 {
        let ordinal = id & ((1 << PartyId::ORDINAL_BITS) - 1);
        let group_and_day = id >> PartyId::ORDINAL_BITS;
        let group_rank = (group_and_day >> PartyId::DAY_BITS) as u8;
        let code = u64::from(self.by_rank[usize::from(group_rank)]);
        let day = u64::from(group_and_day as u16);
        code << 48 | day << 32 | ordinal
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
    fn ranks_are_in_the_order_of_the_codes() {
        assert_eq!(ranks(&[700, 3, 65_535, 9]), [2, 0, 3, 1]);
    }

    #[test]
    fn the_key_of_a_party_has_the_code_of_its_group_its_day_and_its_ordinal() {
        let ids = ["mexican", "other", "haitian"].map(str::to_owned);
        let groups = GroupCodes::new(&ids);
        for (group, &code) in (0_u8..).zip(&codes(&ids)) {
            assert_eq!(groups.code(group), code);
            let id = groups.party(group, PartyId::AT_START, 0x4D);
            let expected = u64::from(code) << 48 | u64::from(PartyId::AT_START) << 32 | 0x4D;
            assert_eq!(groups.key(id), expected);
        }
    }

    #[test]
    fn identities_are_in_the_order_of_group_then_day_then_ordinal() {
        let ids = [
            (0, 0, 9),
            (0, 1, 0),
            (0, 1, 1),
            (1, 0, 0),
            (255, 65_535, (1 << 24) - 1),
        ];
        let ids = ids.map(|(group, day, ordinal)| PartyId::new(group, day, ordinal));
        assert!(ids.is_sorted());
        assert!(ids[4].0 < 1 << PartyId::BITS);
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
