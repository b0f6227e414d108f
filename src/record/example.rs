//! A small record made by hand, for tests: October's last two days and a whole November, two groups, two ports.

use jiff::civil::date;

use super::layout::Layout;
use super::recorder::{At, LedgerRow, Recorder};
use super::summary::Detail;
use crate::metric::Count;
use crate::month::Month;
use crate::scenario::run::Run;
use crate::scenario::values::Region;
use crate::scenario::{Calendar, observed::Observed};

pub(crate) const GROUPS: [&str; 2] = ["mexican", "other"];
pub(crate) const PORTS: [&str; 2] = ["calexico", "nogales"];
pub(crate) const TRIGGERS: [&str; 1] = ["surge"];

pub(crate) fn run() -> Run {
    Run {
        start: date(2024, 10, 30),
        end: date(2024, 11, 30),
        warmup_days: 2,
        ..Run::default()
    }
}

pub(crate) fn layout() -> Layout {
    layout_of(Detail::Full)
}

pub(crate) fn layout_of(detail: Detail) -> Layout {
    Layout::new(
        &Calendar::new(&run()),
        &GROUPS.map(str::to_owned),
        &PORTS.map(str::to_owned),
        &TRIGGERS.map(str::to_owned),
        detail,
    )
}

/// Each day, in the warm-up too: 100 crossings; 90 appointments processed at Calexico in October and 110 + `luck` in November;
/// a pool of 1000; 10 walk-ups admitted at Calexico after half a day in line and 5 after two; in November, a trigger that is on where there is
/// luck, waits of 24 hours (60 persons) and 240 hours (40 persons), and appointments two days after these. An officer at Calexico
/// is on duty for an hour, a quarter of it beyond the schedule. Nogales processes nobody.
pub(crate) fn record(luck: u32) -> Recorder {
    let calendar = Calendar::new(&run());
    let mut record = Recorder::new(&calendar, GROUPS.len(), PORTS.len(), TRIGGERS.len());
    for day in 0..calendar.days() {
        record.begin_day(day);
        let november = calendar.month(day) == Some(1);
        let processed = if november { 110 + luck } else { 90 };
        record.count(Count::AppointmentsProcessed, 1, At::Port(0), processed);
        record.count(Count::IrregularEncounters, 0, At::Anywhere, 40);
        record.count(Count::IrregularEncounters, 1, At::Anywhere, 60);
        record.count(Count::Registrations, 1, At::Region(Region::South), 70);
        record.pool_size(day, 1, Region::North, 1000 + day);
        if november {
            record.wait(1, Region::North, 24.0, 60);
            record.wait(1, Region::South, 240.0, 40);
            record.time_to_appointment(1, Region::North, 72.0, 60);
            record.time_to_appointment(1, Region::South, 288.0, 40);
        }
        if let Some(hour) = record.port_hour(day, 0, 9) {
            hour.busy_seconds += 1800.0;
            hour.duty_seconds += 3600.0;
            hour.overtime_seconds += 900.0;
            hour.wait_minutes_sum += 300.0;
            hour.wait_persons += 10;
        }
        record.queue(day, 0, 9, 6.0);
        record.line_wait(0, 0.5, 10);
        record.line_wait(0, 2.0, 5);
        if november && luck > 0 {
            record.in_force(day, 0);
        }
        if calendar.ends_month(day) {
            record.ledger(LedgerRow {
                day,
                account: "arrived".into(),
                persons: 5000,
            });
        }
    }
    record
}

/// 3,450 at ports and 3,000 between them in November; a figure for October, which is not simulated in full.
pub(crate) fn observed() -> Observed {
    let figures = |figures: &[(&str, f64)]| {
        figures
            .iter()
            .map(|&(column, figure)| (column.to_owned(), figure))
            .collect()
    };
    let october = figures(&[("port_encounters", 50_000.0)]);
    let november = figures(&[
        ("port_encounters", 3_450.0),
        ("irregular_encounters", 3_000.0),
        ("irregular_encounters_mexican", 1_000.0),
    ]);
    Observed {
        months: [
            (Month::new(2024, 10), october),
            (Month::new(2024, 11), november),
        ]
        .into(),
    }
}
