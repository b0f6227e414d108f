//! Whether chains agree: see [`Mixing`].

use super::Mixing;
use crate::stats::normal;

/// Orders of the quantiles at which the steps are asked what they tell of the tails.
const TAILS: [f64; 2] = [0.05, 0.95];

/// The diagnostics of one coordinate from the values of each chain; all chains have the same length, four at least.
pub(super) fn of(chains: &[Vec<f64>]) -> Mixing {
    let half = chains[0].len() / 2;
    let halves: Vec<_> = chains
        .iter()
        .flat_map(|chain| [&chain[..half], &chain[chain.len() - half..]])
        .collect();
    let pooled: Vec<_> = halves.concat();
    let mut sorted = pooled.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = median(&sorted);
    let folded: Vec<_> = pooled.iter().map(|value| (value - median).abs()).collect();
    let (plain, folded) = (normal_scores(&pooled), normal_scores(&folded));
    let r_hat = |scores: &[f64]| Halves::of(scores, half).r_hat();
    Mixing {
        r_hat: r_hat(&plain).max(r_hat(&folded)),
        effective: Halves::of(&plain, half).effective(),
        tail_effective: TAILS
            .map(|p| Halves::of(&at_most(quantile(&sorted, p), &pooled), half).effective())
            .into_iter()
            .fold(f64::INFINITY, f64::min),
    }
}

fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    f64::midpoint(sorted[middle], sorted[(sorted.len() - 1) / 2])
}

/// The smallest value that a share `p` of all are at most.
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let count = (p * sorted.len() as f64).ceil() as usize;
    sorted[count.clamp(1, sorted.len()) - 1]
}

/// 1 for each value that is at most the `bound`, and 0 for each above it.
fn at_most(bound: f64, values: &[f64]) -> Vec<f64> {
    let is_below = |&value: &f64| f64::from(u8::from(value <= bound));
    values.iter().map(is_below).collect()
}

/// Normal scores of the ranks, those of equal values being their mean: Blom (1958).
fn normal_scores(values: &[f64]) -> Vec<f64> {
    let n = values.len();
    let mut order: Vec<_> = (0..n).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut scores = vec![0.0; n];
    let mut below = 0;
    for equal in order.chunk_by(|&i, &j| values[i].total_cmp(&values[j]).is_eq()) {
        let rank = f64::midpoint((below + 1) as f64, (below + equal.len()) as f64);
        let score = normal::quantile((rank - 0.375) / (n as f64 + 0.25));
        for &i in equal {
            scores[i] = score;
        }
        below += equal.len();
    }
    scores
}

/// Half chains of equal length and what varies within and between them.
struct Halves<'a> {
    chains: Vec<&'a [f64]>,
    means: Vec<f64>,
    /// Mean variance within a half.
    within: f64,
    /// Estimate of the variance of the distribution that the halves are to sample.
    whole: f64,
}

impl<'a> Halves<'a> {
    fn of(scores: &'a [f64], half: usize) -> Self {
        let chains: Vec<_> = scores.chunks_exact(half).collect();
        let n = half as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let variance = |values: &[f64]| {
            let centre = mean(values);
            let squares = values
                .iter()
                .map(|value| (value - centre) * (value - centre));
            squares.sum::<f64>() / (values.len() as f64 - 1.0)
        };
        let means: Vec<_> = chains.iter().map(|chain| mean(chain)).collect();
        let variances: Vec<_> = chains.iter().map(|chain| variance(chain)).collect();
        let within = mean(&variances);
        Self {
            whole: within * (n - 1.0) / n + variance(&means),
            chains,
            means,
            within,
        }
    }

    fn r_hat(&self) -> f64 {
        if self.whole == 0.0 {
            return 1.0;
        }
        (self.whole / self.within).sqrt()
    }

    /// Effective number of draws; the sum of autocorrelations ends where pairs of them turn negative, and pairs never
    /// rise again: Geyer (1992), "Practical Markov chain Monte Carlo", doi:10.1214/ss/1177011137.
    fn effective(&self) -> f64 {
        let n = self.chains[0].len();
        let total = (n * self.chains.len()) as f64;
        if self.whole == 0.0 {
            return total;
        }
        let mut time = -1.0;
        let mut least = f64::INFINITY;
        for lag in (0..n - 1).step_by(2) {
            let pair = self.autocorrelation(lag) + self.autocorrelation(lag + 1);
            if pair < 0.0 {
                break;
            }
            least = least.min(pair);
            time += 2.0 * least;
        }
        // Draws that alternate are worth more than independent ones, but no more than this can be estimated.
        total / time.max(1.0 / libm::log10(total))
    }

    fn autocorrelation(&self, lag: usize) -> f64 {
        if lag == 0 {
            return 1.0;
        }
        let n = self.chains[0].len() as f64;
        let covariances = self.chains.iter().zip(&self.means).map(|(chain, mean)| {
            let pairs = chain.iter().zip(&chain[lag..]);
            pairs.map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>() / n
        });
        let covariance = covariances.sum::<f64>() / self.chains.len() as f64;
        1.0 - (self.within * (n - 1.0) / n - covariance) / self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Streams;

    /// Four chains that forget at a rate: each value is `kept` times the last one plus a fresh part, of variance 1 together.
    fn chains(kept: f64, n: usize, shift: [f64; 4], stretch: [f64; 4]) -> Vec<Vec<f64>> {
        let streams = Streams::new(2, 0);
        (0..4)
            .map(|chain| {
                let mut draw = streams.draw(chain, 0, 0);
                let mut value = draw.normal();
                let (shift, stretch) = (shift[chain as usize], stretch[chain as usize]);
                let mut next = || {
                    value = kept * value + (1.0 - kept * kept).sqrt() * draw.normal();
                    shift + stretch * value
                };
                (0..n).map(|_| next()).collect()
            })
            .collect()
    }

    #[test]
    fn independent_draws_are_worth_themselves_and_agree() {
        let found = of(&chains(0.0, 1_000, [0.0; 4], [1.0; 4]));
        assert!(found.r_hat < 1.005, "{found:?}");
        for worth in [found.effective, found.tail_effective] {
            assert!((3_300.0..4_700.0).contains(&worth), "{found:?}");
        }
    }

    /// By hand: of 1 to 40 the second and the 38th.
    #[test]
    fn the_quantiles_of_the_tails_are_values_that_occur() {
        let sorted: Vec<f64> = (1..=40).map(f64::from).collect();
        let told = TAILS.map(|p| quantile(&sorted, p) as u32);
        assert_eq!(told, [2, 38]);
        let below = TAILS.map(|p| at_most(quantile(&sorted, p), &sorted));
        assert_eq!(below.map(|of| of.iter().sum::<f64>() as u32), [2, 38]);
    }

    /// An autoregression with coefficient c is worth n (1 - c) / (1 + c).
    #[test]
    fn draws_that_remember_are_worth_what_their_autocorrelation_leaves() {
        for (kept, worth) in [(0.9, 1.0 / 19.0), (0.5, 1.0 / 3.0), (-0.5, 3.0)] {
            let found = of(&chains(kept, 10_000, [0.0; 4], [1.0; 4]));
            let ratio = found.effective / (40_000.0 * worth);
            assert!((0.85..1.15).contains(&ratio), "{kept}: {found:?}");
        }
    }

    #[test]
    fn a_chain_elsewhere_is_found() {
        let found = of(&chains(0.0, 1_000, [0.0, 0.0, 0.0, 1.0], [1.0; 4]));
        assert!(found.r_hat > 1.05, "{found:?}");
        assert!(found.effective < 100.0, "{found:?}");
    }

    #[test]
    fn a_chain_that_spreads_less_is_found_though_its_mean_agrees() {
        let found = of(&chains(0.0, 1_000, [0.0; 4], [1.0, 1.0, 1.0, 0.3]));
        assert!(found.r_hat > 1.05, "{found:?}");
    }

    #[test]
    fn what_never_moves_is_no_error_of_division() {
        let found = of(&vec![vec![3.0; 10]; 4]);
        assert!(
            (found.r_hat - 1.0).abs() < 1e-12
                && found.effective.is_finite()
                && found.tail_effective.is_finite(),
            "{found:?}"
        );
    }

    /// How far out a chain is changes slowly, and on which side is new at every step: ranks are nearly independent, tails are not.
    #[test]
    fn chains_that_stay_long_in_the_tails_tell_less_of_these_than_of_the_middle() {
        let streams = Streams::new(3, 0);
        let mut draw = streams.draw(0, 0, 0);
        let mut sides = chains(0.95, 2_000, [0.0; 4], [1.0; 4]);
        for value in sides.iter_mut().flatten() {
            *value = value.abs() * if draw.chance(0.5) { 1.0 } else { -1.0 };
        }
        let found = of(&sides);
        assert!(found.tail_effective < 0.5 * found.effective, "{found:?}");
        assert!((found.fewest() - found.tail_effective).abs() < 1e-12);
    }
}
