//! Full factorial designs: every combination of levels.

/// Every combination of the levels of some factors, numbered in row-major order: the last factor varies fastest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    levels: Vec<u32>,
    size: u64,
}

/// Levels that make no grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// A factor has nothing to be set to.
    #[error("factor {factor} of the grid has no level; give it at least one")]
    NoLevel {
        /// Its place, from 0.
        factor: usize,
    },
    /// The combinations cannot be numbered.
    #[error("the grid has more than 2^64 - 1 combinations; give fewer levels or factors")]
    TooLarge,
}

impl Grid {
    /// The grid of factors with so many levels each. No factors have one combination, the empty one.
    ///
    /// # Errors
    /// If a factor has no level, or there are more than 2^64 - 1 combinations.
    pub fn new(levels: Vec<u32>) -> Result<Self, GridError> {
        if let Some(factor) = levels.iter().position(|&count| count == 0) {
            return Err(GridError::NoLevel { factor });
        }
        let size = levels
            .iter()
            .try_fold(1_u64, |size, &count| size.checked_mul(u64::from(count)))
            .ok_or(GridError::TooLarge)?;
        Ok(Self { levels, size })
    }

    /// Number of combinations.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Combination number `index`: the level of each factor, from 0.
    ///
    /// # Panics
    /// If the grid has no such combination.
    #[must_use]
    pub fn combination(&self, index: u64) -> Vec<u32> {
        assert!(
            index < self.size,
            "combination {index} of a grid of {}",
            self.size
        );
        let mut rest = index;
        let mut combination: Vec<u32> = self
            .levels
            .iter()
            .rev()
            .map(|&count| {
                // Below the number of levels, hence in range.
                let level = (rest % u64::from(count)) as u32;
                rest /= u64::from(count);
                level
            })
            .collect();
        combination.reverse();
        combination
    }

    /// All combinations in order.
    pub fn combinations(&self) -> impl Iterator<Item = Vec<u32>> + '_ {
        (0..self.size).map(|index| self.combination(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_factor_varies_fastest() {
        let grid = Grid::new(vec![2, 3]).unwrap();
        assert_eq!(grid.size(), 6);
        let all: Vec<_> = grid.combinations().collect();
        assert_eq!(all, [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]);
    }

    #[test]
    fn combinations_are_all_different_and_in_order() {
        let grid = Grid::new(vec![3, 1, 4, 2]).unwrap();
        let all: Vec<_> = grid.combinations().collect();
        assert_eq!(all.len(), 24);
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(grid.combination(23), [2, 0, 3, 1]);
    }

    #[test]
    fn no_factors_have_one_combination() {
        let grid = Grid::new(Vec::new()).unwrap();
        assert_eq!(grid.combinations().collect::<Vec<_>>(), [Vec::<u32>::new()]);
    }

    #[test]
    fn a_factor_without_a_level_is_refused() {
        assert_eq!(
            Grid::new(vec![2, 0, 3]),
            Err(GridError::NoLevel { factor: 1 })
        );
    }

    #[test]
    fn a_grid_too_large_to_number_is_refused_and_the_largest_is_not() {
        assert_eq!(Grid::new(vec![1 << 16; 4]), Err(GridError::TooLarge));
        let levels = vec![u32::MAX, 65_537, 65_537];
        // (2^32 - 1) (2^16 + 1)^2 is a little more than 2^64; 2^32 - 1 times 2^32 - 1 is a little less.
        assert_eq!(Grid::new(levels), Err(GridError::TooLarge));
        let largest = Grid::new(vec![u32::MAX, u32::MAX]).unwrap();
        let last = largest.size() - 1;
        assert_eq!(largest.combination(last), [u32::MAX - 1, u32::MAX - 1]);
    }

    #[test]
    #[should_panic(expected = "combination 6 of a grid of 6")]
    fn there_is_no_combination_past_the_last() {
        let _ = Grid::new(vec![2, 3]).unwrap().combination(6);
    }
}
