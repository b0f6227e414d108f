//! Keys of luck that come from names: adding a group or a port to a scenario changes nobody else's draws.

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

/// The place of each code in the order of all.
pub(crate) fn ranks(codes: &[u16]) -> Vec<u8> {
    codes
        .iter()
        .map(|code| codes.iter().filter(|&other| other < code).count() as u8)
        .collect()
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
    fn codes_are_distinct() {
        let ids: Vec<String> = (0..2000).map(|number| format!("group-{number}")).collect();
        let mut codes = codes(&ids);
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ids.len());
    }
}
