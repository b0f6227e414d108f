//! The waiting laws of the allocation rules: a lottery, first registered first served, and a mixture.

use super::{assert_within, by_rounds, load, records, waits};

/// Means and, for some k, the shares of those who need more than k rounds.
fn assert_rounds(records: &[Vec<u32>], more_than: &[(usize, f64)]) {
    for &(rounds, expected) in more_than {
        let shares: Vec<f64> = records
            .iter()
            .map(|by_rounds| {
                let all: u32 = by_rounds.iter().sum();
                let more: u32 = by_rounds.iter().skip(rounds).sum();
                f64::from(more) / f64::from(all)
            })
            .collect();
        assert_within(&format!("more than {rounds} rounds"), &shares, expected);
    }
}

/// A hundred of two thousand win each day: the number of rounds is geometric with p = 1/20.
#[test]
fn a_pure_lottery_waits_geometrically() {
    const WINS: f64 = 100.0 / 2000.0;
    let scenario = load("lottery", &[]);
    let (mut means, mut rounds) = (Vec::new(), Vec::new());
    for record in records(&scenario) {
        means.push(waits(&record).mean().unwrap() / 24.0);
        rounds.push(by_rounds(&record));
    }
    // Half a day to the first round, and a day to each of the others.
    assert_within("days", &means, 0.5 + (1.0 / WINS - 1.0));
    let survivors: Vec<(usize, f64)> = [1, 5, 10, 20, 30]
        .map(|rounds| (rounds, libm::pow(1.0 - WINS, rounds as f64)))
        .to_vec();
    assert_rounds(&rounds, &survivors);
    assert_geometric(&rounds, WINS);
}

/// Pearson's chi-square of the pooled counts, 1 to 60 rounds and more, at α = 0.001: 99.607 with 60 degrees of freedom. A round
/// draws without replacement, which makes the counts vary a little less than independent ones: the test errs on the quiet side.
fn assert_geometric(records: &[Vec<u32>], wins: f64) {
    const CELLS: usize = 60;
    const BOUND: f64 = 99.607;
    let pooled = |rounds: usize| -> f64 {
        let counts = records.iter().filter_map(|counts| counts.get(rounds));
        counts.map(|&count| f64::from(count)).sum()
    };
    let longest = records.iter().map(Vec::len).max().unwrap();
    let all: f64 = (0..longest).map(pooled).sum();
    let mut statistic = 0.0;
    let mut left = 1.0;
    for rounds in 0..CELLS {
        let expected = all * left * wins;
        statistic += (pooled(rounds) - expected).powi(2) / expected;
        left *= 1.0 - wins;
    }
    let tail: f64 = (CELLS..longest).map(pooled).sum();
    statistic += (tail - all * left).powi(2) / (all * left);
    assert!(statistic < BOUND, "chi-square {statistic} of {all} waits");
}

#[test]
fn the_first_registered_wait_exactly_pool_over_slots() {
    let scenario = load("first-registered", &[]);
    for record in records(&scenario) {
        let waits = waits(&record);
        // 2,000 registered over 100 slots: everybody wins in the 20th round, after 19 whole days and the rest of a day.
        let in_twentieth = waits.counts().iter().skip(19 * 24).take(24).sum::<u32>();
        assert_eq!(u64::from(in_twentieth), waits.total());
        assert_eq!(waits.total(), 366 * 100);
        assert!((waits.mean().unwrap() / 24.0 - 19.5).abs() < 1e-6);
    }
}

/// Shares of those who need more than k rounds, under the mixed rule with one slot at random and one to the longest
/// registered of `pool`, with two registering a day.
///
/// A party is a Markov chain on its place j in the order of registration, 1 the longest. A round removes the party at a
/// uniformly random place R, then the first of those left. So the party wins if R = j, if j = 1, or if j = 2 and R = 1;
/// else it moves up by two if R < j and by one if R > j. The pool is full again at the next round: two new ones stand
/// at the last two places, and in those the chain begins with equal odds.
fn mixed_rule(pool: usize) -> Vec<f64> {
    let mut at = vec![0.0; pool + 1];
    at[pool] = 0.5;
    at[pool - 1] = 0.5;
    let one = 1.0 / pool as f64;
    let mut more = vec![1.0];
    while more.last().is_some_and(|&left| left > 1e-12) {
        let mut next = vec![0.0; pool + 1];
        for place in 2..=pool {
            // R < j with j - 1 of the places, of which R = 1 is a win for j = 2; R > j with the others but j itself.
            let before = if place == 2 { 0.0 } else { (place - 1) as f64 };
            next[place.saturating_sub(2)] += at[place] * before * one;
            next[place - 1] += at[place] * (pool - place) as f64 * one;
        }
        more.push(next.iter().sum());
        at = next;
    }
    more
}

#[test]
fn a_mixed_rule_follows_an_exact_markov_chain() {
    let more = mixed_rule(20);
    // By Little's law the mean number of rounds is pool over slots, whatever the rule: the chain must know it too.
    assert!((more.iter().sum::<f64>() - 10.0).abs() < 1e-9);
    let scenario = load(
        "lottery",
        &[
            ("world.groups.applicants.arrivals.per_day", "2"),
            ("world.groups.applicants.initial_pool.north_persons", "20"),
            ("policy.app.slots_per_day", "2"),
            ("policy.app.random_share", "0.5"),
            ("run.replications", "100"),
        ],
    );
    let rounds: Vec<Vec<u32>> = records(&scenario)
        .map(|record| by_rounds(&record))
        .collect();
    let survivors: Vec<(usize, f64)> = [1, 3, 5, 8, 10, 11]
        .map(|rounds| (rounds, more[rounds]))
        .to_vec();
    assert_rounds(&rounds, &survivors);
    // What cannot happen does not: moving up a place or two a round, nobody is left after 19.
    assert!(rounds.iter().all(|by_rounds| by_rounds.len() <= 20));
}
