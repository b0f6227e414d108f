//! What is told of pairs, futures and failures, from records made by hand.

use jiff::civil::date;

use super::*;
use crate::record::{Detail, Metric, example};
use crate::scenario::Calendar;
use crate::scenario::run::Run;

fn comparison() -> Comparison {
    let layout = example::layout();
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for luck in 0..4 {
        for more in [0, 10 + luck % 2, 0] {
            let observed = layout.observe(&example::record(luck * luck + more));
            comparison.take(Ok(observed));
        }
    }
    comparison
}

#[test]
fn the_difference_is_that_of_the_same_replications() {
    let comparison = comparison();
    let november = Key::of_month(1, Metric::PortEncounters);
    let more = comparison.difference(0, november).unwrap();
    assert_eq!(more.variant, "more");
    assert_eq!(more.paired.base().mean(), Some(30.0 * 113.5));
    assert_eq!(more.paired.difference().mean(), Some(30.0 * 10.5));
    assert!(more.paired.variance_reduction().unwrap() > 10.0);
    let same = comparison.difference(1, november).unwrap();
    assert_eq!(same.paired.difference().mean(), Some(0.0));
    assert_eq!(comparison.replications(), 4);
}

#[test]
fn the_first_month_of_a_difference_is_known() {
    let comparison = comparison();
    assert_eq!(comparison.first_month(0), Some(1));
    assert_eq!(comparison.first_month(1), None);
}

/// A share that is known on one side only: there is nothing to subtract.
#[test]
fn a_figure_that_one_side_lacks_is_a_difference() {
    let layout = example::layout();
    let variants = [("without".to_owned(), layout.clone())];
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    let base = layout.observe(&example::record(0));
    let key = Key::of_month(1, Metric::ShareAtPorts);
    let mut without = base.clone();
    without.values[layout.position(key).unwrap()] = None;
    comparison.take(Ok(base));
    comparison.take(Ok(without));
    assert_eq!(comparison.first_month(0), Some(1));
    assert!(!comparison.difference(0, key).unwrap().paired.ever_differs());
}

/// In the second future, of which a replication is missing, the variant lacks a figure.
#[test]
fn a_future_that_has_not_ended_is_no_difference() {
    let layout = example::layout();
    let variants = [("without".to_owned(), layout.clone())];
    let comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    let mut comparison = comparison.in_futures(NonZeroU32::new(2).unwrap());
    let base = layout.observe(&example::record(0));
    let key = Key::of_month(1, Metric::ShareAtPorts);
    let mut without = base.clone();
    without.values[layout.position(key).unwrap()] = None;
    for observed in [&base, &base, &base, &base, &base, &without] {
        comparison.take(Ok(observed.clone()));
    }
    assert_eq!(comparison.first_month(0), None);
    comparison.take(Ok(base.clone()));
    comparison.take(Ok(base));
    assert_eq!(comparison.first_month(0), Some(1));
}

#[test]
fn a_failure_takes_only_its_own_pairs() {
    let layout = example::layout();
    let variants = ["fails", "holds"].map(|name| (name.to_owned(), layout.clone()));
    let mut comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    for replication in 0..3 {
        for scenario in 0..3 {
            let outcome = match (replication, scenario) {
                (1, 1) => Err("no".to_owned()),
                _ => Ok(layout.observe(&example::record(replication))),
            };
            comparison.take(outcome);
        }
    }
    let key = Key::of_month(1, Metric::PortEncounters);
    let n = |variant| {
        comparison
            .difference(variant, key)
            .unwrap()
            .paired
            .difference()
            .n()
    };
    assert_eq!((n(0), n(1)), (2, 3));
    assert_eq!((comparison.compared(0), comparison.compared(1)), (2, 3));
    let failures: Vec<_> = comparison.failures().collect();
    let [(Some("fails"), failure)] = failures.as_slice() else {
        panic!("{failures:?}");
    };
    assert_eq!(failure.replication, 1);
}

/// Lucks 0 and 2, 4 and 6, 8 and 10 in three futures; the variant has 10 more a day, in the second future 13 and 15.
#[test]
fn futures_are_what_is_counted_and_the_world_is_told_from_chance() {
    let layout = example::layout();
    let variants = ["more", "same"].map(|name| (name.to_owned(), layout.clone()));
    let comparison = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    let mut comparison = comparison.in_futures(NonZeroU32::new(2).unwrap());
    for (replication, more) in [10, 10, 13, 15, 10, 10, 99].into_iter().enumerate() {
        let luck = 2 * replication as u32;
        for luck in [luck, luck + more, luck] {
            let observed = layout.observe(&example::record(luck));
            comparison.take(Ok(observed));
        }
    }
    // The seventh replication is of a future that has not ended.
    assert_eq!(
        (comparison.replications(), comparison.futures()),
        (7, Some(3))
    );
    assert_eq!(comparison.compared(0), 3);
    let november = Key::of_month(1, Metric::PortEncounters);
    let more = comparison.difference(0, november).unwrap();
    let difference = more.paired.difference();
    assert_eq!(
        (difference.n(), difference.mean()),
        (3, Some(30.0 * 34.0 / 3.0))
    );
    assert_eq!(more.paired.base().mean(), Some(30.0 * 115.0));
    // By hand, a day: means 10, 14, 10 have a mean square of 2 · 16/3, variances 0, 2, 0 one of 2/3; between (32/3 - 2/3) / 2.
    let components = more.nested.unwrap().difference().components().unwrap();
    assert!((components.within - 900.0 * 2.0 / 3.0).abs() < 1e-9);
    assert!((components.between - 900.0 * 5.0).abs() < 1e-9);
    let same = comparison.difference(1, november).unwrap();
    assert!(!same.paired.ever_differs());
    assert_eq!(
        same.nested
            .unwrap()
            .difference()
            .components()
            .unwrap()
            .between_share(),
        None
    );
}

/// In 19 replications the variant has 0 to 18 more a day, in whatever order; it does not matter whether each is a future.
#[test]
fn bands_are_of_the_differences_of_single_replications() {
    let layout = example::layout();
    let variants = [("more".to_owned(), layout.clone())];
    let alone = Comparison::new(layout.clone(), &variants, Level::USUAL, 1).unwrap();
    let in_futures = |each| alone.clone().in_futures(NonZeroU32::new(each).unwrap());
    let november = Key::of_month(1, Metric::PortEncounters);
    let band = |mut comparison: Comparison, replications: u32| {
        for luck in 0..replications {
            for more in [0, luck * 7 % 19] {
                let observed = layout.observe(&example::record(luck + more));
                comparison.take(Ok(observed));
            }
        }
        let band = comparison.difference(0, november).unwrap().band;
        band.map(|band| (band.lower, band.upper))
    };
    assert_eq!(band(alone.clone(), 18), None);
    // A future that has not ended is in no figure.
    assert_eq!(band(in_futures(20), 19), None);
    // Replications of one future tell of one.
    assert_eq!(band(in_futures(19), 19), None);
    let share = "80%".parse().unwrap();
    for comparison in [alone.clone(), in_futures(1)] {
        assert_eq!(band(comparison.clone(), 19), Some((0.0, 30.0 * 18.0)));
        let narrower = band(comparison.with_band(share), 19);
        let (lower, upper) = narrower.unwrap();
        assert!((lower - 30.0).abs() < 1e-9 && (upper - 30.0 * 17.0).abs() < 1e-9);
    }
}

#[test]
fn ports_are_matched_by_name_and_other_days_refused() {
    let layout = |run: &Run, ports: [&str; 2]| {
        let [groups, ports] = [example::GROUPS, ports].map(|ids| ids.map(str::to_owned));
        Layout::new(&Calendar::new(run), &groups, &ports, &[], Detail::Summary)
    };
    let run = example::run();
    let base = layout(&run, example::PORTS);
    let variant = |layout| [("variant".to_owned(), layout)];
    let swapped = variant(layout(&run, ["nogales", "eagle_pass"]));
    let comparison = Comparison::new(base.clone(), &swapped, Level::USUAL, 1).unwrap();
    assert_eq!(comparison.missing(0), ["calexico"]);
    assert_eq!(comparison.added(0), ["eagle_pass"]);
    let refused = |run: &Run| {
        let other = variant(layout(run, example::PORTS));
        let refused = Comparison::new(base.clone(), &other, Level::USUAL, 1);
        refused.unwrap_err().to_string()
    };
    let said = refused(&Run {
        end: date(2024, 12, 1),
        ..run.clone()
    });
    assert!(
        said.starts_with("`variant` runs from 2024-10-30 to 2024-12-01, warm-up from 2024-10-28; the base from 2024-10-30 to 2024-11-30, warm-up from 2024-10-28: "),
        "{said}"
    );
    let said = refused(&Run {
        warmup_days: 0,
        ..run
    });
    assert!(
        said.starts_with("`variant` runs from 2024-10-30 to 2024-11-30; the base from 2024-10-30 to 2024-11-30, warm-up from 2024-10-28: "),
        "{said}"
    );
}
