//! Every format, from a small record made by hand.

use std::io::Write;
use std::num::{NonZeroU32, NonZeroUsize};

use insta::assert_snapshot;

use super::{Format, ReplicationTables, Report, TABLES, csv_tables, json, table};
use crate::experiment::{self, Plan, Results};
use crate::record::{At, Count, Detail, Recorder, example};
use crate::scenario::Calendar;
use crate::scenario::values::Region;
use crate::stats::Level;
use crate::store::Manifest;
use crate::store::manifest::example::manifest;

fn results(replications: u32, threads: usize, tables: &mut Vec<u8>) -> Results {
    let plan = Plan {
        seed: 1,
        replications: NonZeroU32::new(replications).unwrap(),
        threads: NonZeroUsize::new(threads).unwrap(),
        level: Level::USUAL,
    };
    let (mut values, mut ledger) = (Vec::new(), Vec::new());
    let writers: [&mut dyn Write; 2] = [&mut values, &mut ledger];
    let mut rows = ReplicationTables::new(writers).unwrap();
    let simulate = |luck: u32| Ok::<_, String>(example::record(luck * luck));
    let results = experiment::run(&plan, &example::layout(), simulate, |layout, i, outcome| {
        (outcome.as_ref()).map_or(Ok(()), |observations| rows.add(layout, i, observations))
    });
    rows.finish().unwrap();
    tables.extend(values);
    tables.extend(ledger);
    results.unwrap()
}

fn written(format: Format, results: &Results) -> String {
    written_of(&manifest(results.replications()), format, results)
}

fn written_of(manifest: &Manifest, format: Format, results: &Results) -> String {
    let report = Report {
        manifest,
        results,
        observed: Some(&example::observed()),
        cycle: None,
    };
    let mut bytes = Vec::new();
    format(&report, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn lines_with(text: &str, part: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| line.contains(part)).collect();
    lines.join("\n")
}

#[test]
fn the_table_has_a_line_a_month_with_published_figures_under_it() {
    let text = written(table::table, &results(3, 1, &mut Vec::new()));
    assert!(text.lines().take(9).all(|line| line.chars().count() <= 150));
    assert_snapshot!(text, @r"
    A border made by hand
     month        registrations   appointments   appointments    walk-ups         port    irregular      share   pool at   days waited   days waited
                                        issued      processed   processed   encounters   encounters   at ports   the end        median           p90
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
     2024-10*               140              0            180           0          180          200      47.4%     1,003
     2024-11              2,100              0          3,350           0        3,350        3,000      52.8%     1,033           1.0          10.0
       observed                                                                  3,450        3,000
       error                                                                     -2.9%         0.0%
     whole run            2,240              0          3,530           0        3,530        3,200      52.4%     1,033           1.0          10.0
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    Encounters at ports exceed those between ports already in the first whole month, 2024-11, in the means; in that month they do in 3 of 3 replications (100%, 95% interval 44% to 100%).
    Which of the two is larger is as published in 1 of 1 months.
    Mean absolute error against published months: port encounters 2.9% (1 month), irregular encounters 0.0% (1 month).
    Officers work beyond their schedule for more than 5% of their hours on duty: calexico (25%). Their utilization counts that time as on duty.
    Means over 3 replications; widest 95% intervals: port encounters 3,350 ± 155 (2024-11), irregular encounters 3,000 ± 0 (2024-11), pool 1,033 ± 0 (2024-11).
    Triggers, mean days on, of 32: `surge` on 20 ± 43.
    * Only a part of the month is simulated: no published figure is set beside it.
    ");
}

#[test]
fn one_replication_has_means_and_no_bounds_in_any_format() {
    let results = results(1, 1, &mut Vec::new());
    let month = lines_with(
        &written(csv_tables::monthly, &results),
        "2024-11,port_encounters,,",
    );
    assert_eq!(month, "2024-11,port_encounters,,,3300,,,1");
    let document: serde_json::Value =
        serde_json::from_str(&written(json::document, &results)).unwrap();
    assert_snapshot!(document["months"][1]["metrics"]["port_encounters"], @r#"{"mean":3300.0,"lower":null,"upper":null,"n":1,"band":null}"#);
    assert_snapshot!(lines_with(&written(table::table, &results), "Replications:"), @"Replications: 1; an interval needs at least two.");
}

#[test]
fn one_replication_that_was_asked_for_alone_is_named() {
    let mut manifest = manifest(1);
    manifest.add_options([("replication", "20".to_owned())]);
    let results = results(1, 1, &mut Vec::new());
    let text = written_of(&manifest, table::table, &results);
    assert_snapshot!(lines_with(&text, "alone"), @"Replication 20 alone; an interval needs at least two.");
    assert!(!text.contains("Replications:"), "{text}");
}

#[test]
fn where_nobody_is_met_between_ports_nothing_is_said_of_which_exceed() {
    let plan = Plan {
        seed: 1,
        replications: NonZeroU32::new(2).unwrap(),
        threads: NonZeroUsize::MIN,
        level: Level::USUAL,
    };
    let told = |crossings: u32| {
        let simulate = |luck: u32| {
            let mut record = Recorder::new(&Calendar::new(&example::run()), 2, 2, 1);
            record.begin_day(5);
            record.count(Count::AppointmentsProcessed, 1, At::Port(0), 90);
            // In one replication of two.
            let met = crossings * luck;
            record.count(Count::IrregularEncounters, 0, At::Anywhere, met);
            Ok::<_, String>(record)
        };
        let results = experiment::run(&plan, &example::layout(), simulate, |_, _, _| Ok(()));
        written(table::table, &results.unwrap())
    };
    assert!(told(1).contains("exceed those between ports"));
    assert!(!told(0).contains("exceed"), "{}", told(0));
}

#[test]
fn the_document_holds_months_dimensions_totals_and_published_figures() {
    let text = written(json::document, &results(3, 1, &mut Vec::new()));
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let november = &document["months"][1];
    assert_eq!(november["month"], "2024-11");
    assert_snapshot!(november["metrics"]["port_encounters"], @r#"{"mean":3350.0,"lower":3194.86565,"upper":3505.13435,"n":3,"band":null}"#);
    assert_snapshot!(november["by"]["port"]["calexico"]["officer_utilization"], @r#"{"mean":0.5,"lower":0.5,"upper":0.5,"n":3,"band":null}"#);
    assert_snapshot!(november["by"]["group"]["mexican"]["irregular_encounters"], @r#"{"mean":1200.0,"lower":1200.0,"upper":1200.0,"n":3,"band":null}"#);
    assert_snapshot!(document["totals"]["metrics"]["irregular_encounters"], @r#"{"mean":3200.0,"lower":3200.0,"upper":3200.0,"n":3,"band":null}"#);
    assert_snapshot!(document["observed"][0], @r#"{"month":"2024-11","metric":"irregular_encounters","dimension":"","id":"","observed":3000.0,"mean":3000.0,"relative_error":0.0}"#);
    assert_snapshot!(document["first_month_ports_exceed_between"], @r#"{"month":"2024-11","share_of_replications":1.0,"share_first":1.0}"#);
    assert_snapshot!(document["manifest"], @r#"{"portflow":"0.1.0","command":"run","title":"A border made by hand","digest":"d1","seed":1,"replications":3,"failed_replications":[],"model":1,"random_numbers":"r1","level":0.95,"start":"2024-10-30","end":"2024-11-30","warmup_days":2}"#);
}

#[test]
fn missing_figures_are_empty_in_csv_and_null_in_json() {
    let results = results(2, 1, &mut Vec::new());
    let monthly = written(csv_tables::monthly, &results);
    let october = lines_with(&monthly, "2024-10,wait_days_mean,,");
    assert_eq!(october, "2024-10,wait_days_mean,,,,,,0");
    let document: serde_json::Value =
        serde_json::from_str(&written(json::document, &results)).unwrap();
    let mean = &document["months"][0]["metrics"]["wait_days_mean"]["mean"];
    assert!(mean.is_null());
}

#[test]
fn tables_of_details_name_quantiles_and_hours() {
    let results = results(2, 1, &mut Vec::new());
    let waits = written(csv_tables::waits, &results);
    assert_snapshot!(lines_with(&waits, "2024-11,group,other"), @r"
    2024-11,group,other,0.05,1.003472,1.003472,1.003472,2
    2024-11,group,other,0.1,1.006944,1.006944,1.006944,2
    2024-11,group,other,0.25,1.017361,1.017361,1.017361,2
    2024-11,group,other,0.5,1.034722,1.034722,1.034722,2
    2024-11,group,other,0.75,10.015625,10.015625,10.015625,2
    2024-11,group,other,0.9,10.03125,10.03125,10.03125,2
    2024-11,group,other,0.95,10.036458,10.036458,10.036458,2
    2024-11,group,other,0.99,10.040625,10.040625,10.040625,2
    ");
    let ports = written(csv_tables::ports, &results);
    assert_snapshot!(lines_with(&ports, "2024-11,calexico,9,"), @r"
    2024-11,calexico,9,port_wait_minutes_mean,30,30,30,2
    2024-11,calexico,9,officer_utilization,0.5,0.5,0.5,2
    2024-11,calexico,9,officer_duty_hours,30,30,30,2
    2024-11,calexico,9,officer_overtime_hours,7.5,7.5,7.5,2
    2024-11,calexico,9,queue_persons_mean,6,6,6,2
    ");
    assert_snapshot!(lines_with(&ports, "2024-11,calexico,,"), @r"
    2024-11,calexico,,port_wait_minutes_mean,,,,0
    2024-11,calexico,,port_wait_minutes_p95,,,,0
    2024-11,calexico,,officer_utilization,0.5,0.5,0.5,2
    2024-11,calexico,,officer_duty_hours,30,30,30,2
    2024-11,calexico,,officer_overtime_hours,7.5,7.5,7.5,2
    2024-11,calexico,,queue_persons_mean,6,6,6,2
    2024-11,calexico,,line_days_mean,1,1,1,2
    ");
    let daily = written(csv_tables::daily, &results);
    assert_snapshot!(lines_with(&daily, "2024-11-01,port_encounters"), @r"
    2024-11-01,port_encounters,,,110.5,104.146898,116.853102,2
    2024-11-01,port_encounters,group,mexican,0,0,0,2
    2024-11-01,port_encounters,group,other,110.5,104.146898,116.853102,2
    2024-11-01,port_encounters,port,calexico,110.5,104.146898,116.853102,2
    2024-11-01,port_encounters,port,nogales,0,0,0,2
    ");
}

/// 19 values, 110 a day and the squares of 0 to 18 more for 30 days: the band is from the least to the greatest.
#[test]
fn nineteen_replications_have_a_band_and_eighteen_have_none() {
    let [few, enough] = [18, 19].map(|replications| results(replications, 1, &mut Vec::new()));
    let sentence = |results| lines_with(&written(table::table, results), "scatter");
    assert_eq!(sentence(&few), "");
    assert_snapshot!(sentence(&enough), @"Single replications scatter: the central 90% of port encounters in 2024-11 lie between 3,300 and 13,020; that is chance in one world, not doubt about the mean.");
    let rows = |results| {
        let bands = written(csv_tables::bands, results);
        lines_with(&bands, ",port_encounters,port,calexico,")
    };
    assert_snapshot!(rows(&few), @r"
    2024-10,port_encounters,port,calexico,0.9,,,18
    2024-11,port_encounters,port,calexico,0.9,,,18
    ,port_encounters,port,calexico,0.9,,,18
    ");
    assert_snapshot!(rows(&enough), @r"
    2024-10,port_encounters,port,calexico,0.9,180,180,19
    2024-11,port_encounters,port,calexico,0.9,3300,13020,19
    ,port_encounters,port,calexico,0.9,3480,13200,19
    ");
    let document: serde_json::Value =
        serde_json::from_str(&written(json::document, &enough)).unwrap();
    let figure = &document["months"][1]["metrics"]["port_encounters"];
    assert_snapshot!(figure["band"], @r#"{"share":0.9,"lower":3300.0,"upper":13020.0}"#);
    assert!(figure["lower"].as_f64() > Some(3300.0));
    assert!(document["warmup"].is_null());
}

#[test]
fn bands_are_in_no_other_table_and_intervals_not_among_the_bands() {
    let results = results(19, 1, &mut Vec::new());
    let header = |format| written(format, &results).lines().next().map(str::to_owned);
    for (name, format) in TABLES {
        let header = header(format).unwrap();
        let is_band = header.split(',').any(|column| column.starts_with("band_"));
        let is_interval = header.split(',').any(|column| column == "lower");
        assert_eq!(
            (is_band, is_interval),
            (name == "bands.csv", name != "bands.csv")
        );
    }
}

#[test]
fn replications_have_their_own_rows_in_order() {
    let mut tables = Vec::new();
    results(3, 2, &mut tables);
    let text = String::from_utf8(tables).unwrap();
    assert_snapshot!(lines_with(&text, "2024-11,port_encounters"), @r"
    0,2024-11,port_encounters,3300
    1,2024-11,port_encounters,3330
    2,2024-11,port_encounters,3420
    ");
    assert_snapshot!(lines_with(&text, "arrived"), @r"
    0,2024-10-31,arrived,5000
    0,2024-11-30,arrived,5000
    1,2024-10-31,arrived,5000
    1,2024-11-30,arrived,5000
    2,2024-10-31,arrived,5000
    2,2024-11-30,arrived,5000
    ");
}

#[test]
fn every_file_has_the_same_bytes_on_one_two_and_three_threads() {
    let on = |threads| {
        let mut tables = Vec::new();
        let results = results(7, threads, &mut tables);
        let texts = TABLES.map(|(_, format)| written(format, &results));
        (
            tables,
            texts,
            written(json::document, &results),
            written(table::table, &results),
        )
    };
    let alone = on(1);
    assert_eq!(on(2), alone);
    assert_eq!(on(3), alone);
}

#[test]
fn a_port_that_does_not_keep_up_is_named_with_its_worst_month() {
    let plan = Plan {
        seed: 1,
        replications: NonZeroU32::MIN,
        threads: NonZeroUsize::MIN,
        level: Level::USUAL,
    };
    let waiting = |minutes: f64| {
        let simulate = |luck| {
            let mut record = example::record(luck);
            record.port_wait(1, 9, minutes, 100);
            Ok::<_, String>(record)
        };
        let results = experiment::run(&plan, &example::layout(), simulate, |_, _, _| Ok(()));
        lines_with(&written(table::table, &results.unwrap()), "Queues of more")
    };
    let said = waiting(2.5 * 24.0 * 60.0);
    let expected = "Queues of more than a day: nogales (in 2024-11 95% of those served had waited up to 2.5 days";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(waiting(60.0), "");
}

/// The table of so many replications of such records.
fn table_of(simulate: impl Fn(u32) -> Recorder + Sync, replications: u32) -> String {
    let plan = Plan {
        seed: 1,
        replications: NonZeroU32::new(replications).unwrap(),
        threads: NonZeroUsize::MIN,
        level: Level::USUAL,
    };
    let simulate = |luck| Ok::<_, String>(simulate(luck));
    let results = experiment::run(&plan, &example::layout(), simulate, |_, _, _| Ok(()));
    written(table::table, &results.unwrap())
}

/// At nogales 12 stand in the queue, and none, 5 or 12 a day are served in November.
#[test]
fn a_port_that_serves_nobody_or_fewer_than_stand_in_its_queue_is_named_too() {
    let queueing = |served: u32| {
        let record = |luck| {
            let mut record = example::record(luck);
            record.count(Count::AppointmentsProcessed, 1, At::Port(1), served);
            record.queue(33, 1, 9, 12.0);
            record
        };
        lines_with(&table_of(record, 1), "Queues of more")
    };
    assert_snapshot!(queueing(0), @"Queues of more than a day: nogales (in 2024-11 nobody served, 12 persons in the queue in the mean). `officers` or `shifts` there are too few for the slots and walk-ups.");
    assert_snapshot!(queueing(150), @"Queues of more than a day: nogales (in 2024-11 5.0 a day served, 12 persons in the queue in the mean). `officers` or `shifts` there are too few for the slots and walk-ups.");
    assert_eq!(queueing(360), "");
}

/// In one replication of three somebody is given a slot in October.
#[test]
fn means_that_rest_on_fewer_replications_are_marked_and_told() {
    let record = |luck| {
        let mut record = example::record(luck);
        if luck == 1 {
            record.begin_day(2);
            record.wait(1, Region::North, 48.0, 10);
        }
        record
    };
    let text = table_of(record, 3);
    let october = lines_with(&text, "2024-10*");
    assert!(october.ends_with("2.0†          2.0†"), "{october}");
    assert_snapshot!(lines_with(&text, "Rests on"), @"† Rests on fewer than the 3 replications: wait_days_median of 2024-10 on 1, wait_days_p90 of 2024-10 on 1. A replication without such a figure is left out of its mean.");
    assert!(!table_of(example::record, 3).contains('†'));
}

#[test]
fn variance_counts_the_futures_of_a_figure_however_many_replications_each_has() {
    let futures = |each: u32| {
        let results = Results::new(example::layout(), Level::USUAL);
        let mut results = results.in_futures(NonZeroU32::new(each).unwrap());
        for luck in 0..3 * each {
            let record = example::record(luck);
            results.take(1, luck, Ok(example::layout().observe(&record)));
        }
        let variance = written(csv_tables::variance, &results);
        let october = [",port_encounters,,,", ",wait_days_mean,,,"];
        october.map(|of| lines_with(&variance, &format!("2024-10{of}")))
    };
    let none = "2024-10,wait_days_mean,,,,,,0";
    assert_eq!(futures(1), ["2024-10,port_encounters,,,,,,3", none]);
    assert_eq!(futures(2), ["2024-10,port_encounters,,,0,0,,3", none]);
}

/// The luck of a replication is the number of persons: two of futures that go up by 5, or of which one of eight lies far from the others.
#[test]
fn the_share_of_a_skewed_figure_has_no_interval_and_why_is_said() {
    let told = |far: u32| {
        let results = Results::new(example::layout(), Level::USUAL);
        let mut results = results.in_futures(NonZeroU32::new(2).unwrap());
        for replication in 0..16 {
            let (future, luck) = (replication / 2, replication % 2);
            let persons = luck + if future == 3 { far } else { 5 * future };
            let record = example::record(persons);
            results.take(1, replication, Ok(example::layout().observe(&record)));
        }
        lines_with(&written(table::table, &results), "The futures differ")
    };
    let normal = told(15);
    let with_interval = "whole run: port encounters 99.7% (98.5% to 99.9%)";
    assert!(normal.contains(with_interval), "{normal}");
    assert!(
        normal.ends_with("intervals, which take futures for about normal. The rest is chance."),
        "{normal}"
    );
    let skewed = told(300);
    assert!(skewed.contains("% (skewed), share at ports "), "{skewed}");
    assert!(
        skewed.contains(
            "The rest is chance. Skewed means that a few futures lie far from the others: "
        ),
        "{skewed}"
    );
}

/// In one of 1,000 replications a person more is processed on each of 30 days.
#[test]
fn what_is_nearly_certain_is_not_told_as_certain() {
    let plan = Plan {
        seed: 1,
        replications: NonZeroU32::new(1_000).unwrap(),
        threads: NonZeroUsize::MIN,
        level: Level::USUAL,
    };
    let simulate = |luck| Ok::<_, String>(example::record(u32::from(luck == 7)));
    let layout = example::layout_of(Detail::Summary);
    let results = experiment::run(&plan, &layout, simulate, |_, _, _| Ok(())).unwrap();
    let text = written(table::table, &results);
    assert_snapshot!(lines_with(&text, "Encounters at ports"), @"Encounters at ports exceed those between ports already in the first whole month, 2024-11, in the means; in that month they do in 1000 of 1000 replications (100%, 95% interval 99.6% to 100%).");
    assert_snapshot!(lines_with(&text, "widest"), @"Means over 1000 replications; widest 95% intervals: port encounters 3,300.030 ± 0.059 (2024-11), irregular encounters 3,000 ± 0 (2024-11), pool 1,033 ± 0 (2024-11).");
}
