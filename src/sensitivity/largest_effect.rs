//! How large effects are beside the largest of them.

use super::bootstrap::{self, BootstrapEstimate, BootstrapInterval};
use crate::stats::{Level, Moments};

/// mu* of each factor as a share of the largest mu*, with its interval over resamples of trajectories. `effects` has, trajectory after trajectory,
/// the elementary effect of each factor where its step had one.
///
/// A resample is of whole trajectories, so that the largest mu* varies in it as well, and may be that of another factor. One in which a factor
/// has no effect, of those that have some, is passed over. There is no share of a factor without an effect, nor where all effects are 0; and
/// no interval with fewer than ten effects of the factor or of the largest, where resamples do not reach as far out as the level asks, nor where all effects of a resample are 0.
///
/// The largest of several estimates is too large on average where others are near it, and in resamples more so: shares lean low by that, more
/// than the intervals tell.
pub(super) fn shares_of_largest(
    effects: &[Vec<Option<f64>>],
    seed: u64,
    level: Level,
    resamples: u32,
) -> Vec<Option<BootstrapEstimate>> {
    let trajectories = effects.len() as u32;
    let all: Vec<u32> = (0..trajectories).collect();
    let observed = sizes(effects, &all);
    let Some(values) = shares(&observed) else {
        return vec![None; observed.len()];
    };
    let has_all = |sizes: &Vec<Moments>| {
        let mut pairs = sizes.iter().zip(&observed);
        pairs.all(|(some, all)| (some.n() > 0) == (all.n() > 0))
    };
    let replicates: Option<Vec<Vec<Option<f64>>>> =
        bootstrap::resamples(trajectories, seed, resamples)
            .map(|chosen| sizes(effects, &chosen))
            .filter(has_all)
            .map(|sizes| shares(&sizes))
            .collect();
    let of_largest = values.iter().zip(&observed);
    let of_largest = of_largest.filter(|(share, _)| share.is_some_and(|share| share >= 1.0));
    let effects_of_largest = of_largest.map(|(_, size)| size.n()).min().unwrap_or(0);
    let interval = |factor: usize| {
        let shares = replicates.as_ref()?.iter();
        let shares = shares.filter_map(|shares| shares[factor]).collect();
        let groups = observed[factor].n().min(effects_of_largest);
        BootstrapInterval::of_few(shares, level, groups)
    };
    let estimate = |(factor, value): (usize, &Option<f64>)| {
        value.map(|value| BootstrapEstimate {
            value,
            interval: interval(factor),
        })
    };
    values.iter().enumerate().map(estimate).collect()
}

/// The absolute effects of each factor in some trajectories.
fn sizes(effects: &[Vec<Option<f64>>], chosen: &[u32]) -> Vec<Moments> {
    let factors = effects.first().map_or(0, Vec::len);
    let of_factor = |factor: usize| {
        let effects = chosen.iter().filter_map(|&t| effects[t as usize][factor]);
        effects.map(f64::abs).collect()
    };
    (0..factors).map(of_factor).collect()
}

/// Their means as shares of the largest; `None` where that is 0.
fn shares(sizes: &[Moments]) -> Option<Vec<Option<f64>>> {
    let means = sizes.iter().map(Moments::mean);
    let largest = means.clone().flatten().fold(0.0, f64::max);
    (largest > 0.0).then(|| means.map(|mean| Some(mean? / largest)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::random::Streams;

    fn of(effects: &[Vec<Option<f64>>]) -> Vec<Option<BootstrapEstimate>> {
        shares_of_largest(effects, 1, Level::USUAL, 400)
    }

    fn bounds(share: Option<BootstrapEstimate>) -> Option<[f64; 2]> {
        share?.interval.map(|it| [it.lower, it.upper])
    }

    #[test]
    fn a_share_is_no_surer_than_the_largest_effect() {
        let large = [50.0, -150.0, 60.0, 140.0, -100.0, 100.0].repeat(2);
        let effects = large.iter().map(|&large| vec![Some(5.0), Some(large)]);
        let effects: Vec<_> = effects.collect();
        let found = of(&effects);
        assert!((found[0].unwrap().value - 0.05).abs() < 1e-12);
        let [lower, upper] = bounds(found[0]).unwrap();
        assert!(lower < 0.042 && upper > 0.06, "{lower} {upper}");
        assert_eq!(bounds(found[1]), Some([1.0, 1.0]));
    }

    /// 2,000 times ten trajectories of two effects that vary. The standard error of a coverage of 0.95 is 0.0049, bound 3.3 of them. Plain
    /// percentiles cover the truth 90 times in a hundred.
    #[test]
    fn intervals_of_ten_trajectories_cover_a_share_as_often_as_their_level_says() {
        let covered = (0..2_000).filter(|&repetition| {
            let streams = Streams::new(29, repetition);
            let effects: Vec<_> = (0..10)
                .map(|who| {
                    let mut draw = streams.draw(who, 0, 0);
                    [1.0, 0.5].map(|mean| Some(mean * (1.0 + 0.3 * draw.normal())))
                })
                .map(Vec::from)
                .collect();
            let found = shares_of_largest(&effects, repetition, Level::USUAL, 400);
            let [lower, upper] = bounds(found[1]).unwrap();
            lower <= 0.5 && 0.5 <= upper
        });
        let share = covered.count() as f64 / 2_000.0;
        assert!((share - 0.95).abs() < 0.0161, "{share}");
    }

    #[test]
    fn what_is_observed_once_or_never_has_no_interval_or_no_share() {
        let mut effects: Vec<_> = (0..12)
            .map(|i| vec![Some(10.0 + f64::from(i)), None, None, Some(1.0)])
            .collect();
        effects[2][1] = Some(3.0);
        let found = of(&effects);
        assert!(found[1].is_some() && found[2].is_none(), "{found:?}");
        assert_eq!(bounds(found[1]), None);
        assert!(bounds(found[3]).is_some_and(|[lower, upper]| lower < upper));
        // Where the largest is known by one effect, nothing is sure beside it.
        effects[2][1] = Some(100.0);
        assert!(
            of(&effects)
                .into_iter()
                .all(|share| bounds(share).is_none())
        );
    }

    /// Of two trajectories there are three resamples, which agree where both do.
    #[test]
    fn of_fewer_than_ten_trajectories_no_share_has_an_interval() {
        let effects = |trajectories: u32| -> Vec<_> {
            let effect = |i| vec![Some(5.0), Some(100.0 + f64::from(i))];
            (0..trajectories).map(effect).collect()
        };
        for few in [2, 9] {
            let found = of(&effects(few));
            assert!(
                found
                    .iter()
                    .all(|share| share.is_some() && bounds(*share).is_none())
            );
        }
        assert!(bounds(of(&effects(10))[0]).is_some());
    }

    #[test]
    fn where_all_effects_may_be_0_nothing_is_told() {
        let mut effects = vec![vec![Some(0.0), None]; 12];
        assert_eq!(of(&effects), [None, None]);
        // Every third resample is without this effect.
        effects[4][0] = Some(2.0);
        let found = of(&effects);
        assert_eq!((found[0].unwrap().value, bounds(found[0])), (1.0, None));
    }
}
