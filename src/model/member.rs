//! Members of the pool: a party on one of its stays, and lists of them that are gone through with the next ones foreseen.

use super::party::Parties;

/// How many turns ahead a member is fetched.
pub(crate) const FORESEEN: usize = 12;

/// A party on one of its stays in the pool: out of date once it has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Member {
    pub(crate) index: u32,
    stay: u32,
}

impl Member {
    /// A party at a place, on a stay.
    pub(crate) fn of(index: u32, stay: u32) -> Self {
        Self { index, stay }
    }

    /// The place and the stay, in one number.
    #[inline]
    pub(crate) fn bits(self) -> u64 {
        u64::from(self.index) << u32::BITS | u64::from(self.stay)
    }

    /// The member that has given its [`bits`](Self::bits).
    #[inline]
    pub(crate) fn from_bits(bits: u64) -> Self {
        let (index, stay) = ((bits >> u32::BITS) as u32, bits as u32);
        Self { index, stay }
    }

    /// Whether the party is still in the pool on this stay.
    pub(crate) fn is_current(self, parties: &Parties) -> bool {
        parties[self.index].stay == self.stay
    }
}

/// Keeps some of a list, in its order, each of which is foreseen some places before its turn.
#[inline]
pub(crate) fn retain_foreseen<T: Copy>(
    list: &mut Vec<T>,
    mut keep: impl FnMut(T) -> bool,
    foresee: impl Fn(T),
) {
    let mut kept = 0;
    for place in 0..list.len() {
        if let Some(&later) = list.get(place + FORESEEN) {
            foresee(later);
        }
        let one = list[place];
        list[kept] = one;
        kept += usize::from(keep(one));
    }
    list.truncate(kept);
}
