//! Counts of a quantity that is not negative, by its whole part, for means and quantiles.

/// Counts by value (whole hours waited, whole minutes in a queue); values past the end grow the table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    counts: Vec<u32>,
    /// Observations of 0 itself, which are many where nobody waits; they are in the first bin too.
    zeros: u32,
    total: u64,
    sum: f64,
}

impl Histogram {
    /// Adds `weight` observations of `value`; the bin is its whole part, the mean keeps the value itself.
    #[inline]
    pub fn add(&mut self, value: f64, weight: u32) {
        // By way of a signed number, which a processor makes of a float in one step.
        let bin = (value as i64).max(0) as usize;
        match self.counts.get_mut(bin) {
            Some(count) => *count += weight,
            None => self.begin_bin(bin, weight),
        }
        self.zeros += if value == 0.0 { weight } else { 0 };
        self.total += u64::from(weight);
        self.sum += value * f64::from(weight);
    }

    /// Grows the table to a bin past its end, which begins with a count.
    #[cold]
    fn begin_bin(&mut self, bin: usize, count: u32) {
        self.counts.resize(bin, 0);
        self.counts.push(count);
    }

    /// Adds all of another histogram.
    pub fn merge(&mut self, other: &Self) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.zeros += other.zeros;
        self.total += other.total;
        self.sum += other.sum;
    }

    /// Observations counted.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Observations by bin: those of values from `i` up to `i + 1` at index `i`.
    #[must_use]
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Mean of the values; `None` without observations.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.total > 0).then(|| self.sum / self.total as f64)
    }

    /// Quantile of order `p` in [0, 1], interpolated inside its bin, but 0 as far as the observations of 0 reach; `None` without
    /// observations.
    #[must_use]
    pub fn quantile(&self, p: f64) -> Option<f64> {
        if self.total == 0 {
            return None;
        }
        let rank = p * self.total as f64;
        let mut below = f64::from(self.zeros);
        if self.zeros > 0 && rank <= below {
            return Some(0.0);
        }
        for (bin, &count) in self.counts.iter().enumerate() {
            let count = f64::from(if bin == 0 { count - self.zeros } else { count });
            if count > 0.0 && below + count >= rank {
                return Some(bin as f64 + ((rank - below) / count).clamp(0.0, 1.0));
            }
            below += count;
        }
        Some(self.counts.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_a_uniform_table_is_its_middle() {
        let mut histogram = Histogram::default();
        for value in 0..100 {
            histogram.add(f64::from(value), 1);
        }
        assert_eq!(histogram.quantile(0.5), Some(50.0));
        assert_eq!(histogram.mean(), Some(49.5));
    }

    #[test]
    fn where_most_do_not_wait_a_quantile_is_0() {
        let mut served_at_once = Histogram::default();
        served_at_once.add(0.0, 90);
        assert_eq!(served_at_once.quantile(0.95), Some(0.0));
        let mut some_wait = Histogram::default();
        some_wait.add(0.5, 10);
        some_wait.merge(&served_at_once);
        assert_eq!(some_wait.quantile(0.9), Some(0.0));
        // Five of the ten who wait for less than a minute, which is all that their bin tells.
        assert_eq!(some_wait.quantile(0.95), Some(0.5));
        assert_eq!(some_wait.counts(), [100]);
        let mut all_wait = Histogram::default();
        all_wait.add(7.0, 3);
        assert_eq!(all_wait.quantile(0.0), Some(7.0));
    }

    #[test]
    fn an_empty_table_has_neither_mean_nor_quantile() {
        assert_eq!(Histogram::default().mean(), None);
        assert_eq!(Histogram::default().quantile(0.5), None);
    }
}
