//! The simulations of a calibration: of each point, of each replication, every figure that is fitted to, and the others that are kept. As a file, they are the first
//! points of another calibration.

use std::io::{self, Read};

use super::settings::CalibrationError;
use crate::scenario::Calibration;
use crate::stats::Spread;

/// The simulations of one point, all of which came to something.
#[derive(Debug, Clone, PartialEq)]
pub struct PointRuns {
    /// The wave, from 0.
    pub wave: u32,
    /// The point in its wave, from 0.
    pub point: u32,
    /// Number of its first replication; the others follow.
    pub first: u32,
    /// The coordinates, standard normal a priori.
    pub z: Vec<f64>,
    /// Figures of each replication: those fitted to, then the others that are kept.
    pub values: Vec<Vec<f64>>,
}

impl PointRuns {
    /// The mean of each figure over the replications.
    #[must_use]
    pub fn means(&self) -> Vec<f64> {
        let n = self.values.len() as f64;
        let figures = self.values.first().map_or(0, Vec::len);
        (0..figures)
            .map(|figure| self.values.iter().map(|run| run[figure]).sum::<f64>() / n)
            .collect()
    }

    /// The logarithms of the means of the first figures; `None` where one is 0, which has none.
    #[must_use]
    pub fn logarithms(&self, figures: usize) -> Option<Vec<f64>> {
        let means = &self.means()[..figures];
        (means.iter().all(|mean| *mean > 0.0))
            .then(|| means.iter().map(|&mean| libm::log(mean)).collect())
    }

    /// What the replications tell of the chance in a figure.
    pub(super) fn spread(&self, figure: usize) -> Option<Spread> {
        Spread::of(self.values.iter().map(|run| run[figure]))
    }
}

/// No prior has a value farther out than this in its standard normal coordinate.
const FARTHEST: f64 = 40.0;

/// Headings of `runs.csv` before those of the figures.
pub(crate) const HEADINGS: [&str; 3] = ["wave", "point", "replication"];

/// The heading of a parameter's coordinate.
pub(crate) fn coordinate(parameter: &str) -> String {
    format!("z_{parameter}")
}

/// Reads `runs.csv` of an earlier calibration, which must have all parameters and all figures by their headings; what else it has is
/// left out.
///
/// # Errors
/// The file is damaged, or of another calibration.
pub fn read(
    from: impl Read,
    calibration: &Calibration,
    headings: Vec<String>,
) -> Result<Vec<PointRuns>, CalibrationError> {
    let damaged = |error: &dyn std::fmt::Display| {
        CalibrationError::OtherRuns(format!("runs.csv cannot be read: {error}"))
    };
    let mut table = csv::Reader::from_reader(from);
    let header = table.headers().map_err(|error| damaged(&error))?.clone();
    let place = |name: &str| {
        let found = header.iter().position(|heading| heading == name);
        found.ok_or_else(|| {
            CalibrationError::OtherRuns(format!(
                "runs.csv has no column `{name}`; fit to months and figures that were fitted to before, or begin anew"
            ))
        })
    };
    let places = |names: Vec<String>| -> Result<Vec<usize>, CalibrationError> {
        names.iter().map(|name| place(name)).collect()
    };
    let keys = places(HEADINGS.map(str::to_owned).to_vec())?;
    let parameters = calibration.parameters.iter();
    let coordinates = places(parameters.map(|it| coordinate(&it.name)).collect())?;
    let figures = places(headings)?;
    let mut runs: Vec<PointRuns> = Vec::new();
    for record in table.records() {
        let record = record.map_err(|error| damaged(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let damaged = |what: String| damaged(&format!("line {line}: {what}"));
        let number = |place: usize| {
            let text = record.get(place).unwrap_or_default();
            text.parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .ok_or_else(|| damaged(format!("`{text}` is not a number")))
        };
        let numbers = |places: &[usize]| -> Result<Vec<f64>, _> {
            places.iter().map(|&p| number(p)).collect()
        };
        let whole = |place: usize| {
            let text = record.get(place).unwrap_or_default();
            let number = text.parse::<u32>().ok().filter(|&number| number < u32::MAX);
            number.ok_or_else(|| damaged(format!("`{text}` is not a whole number")))
        };
        let (wave, point, first) = (whole(keys[0])?, whole(keys[1])?, whole(keys[2])?);
        let (z, values) = (numbers(&coordinates)?, numbers(&figures)?);
        if let Some(far) = z.iter().find(|z| z.abs() > FARTHEST) {
            return Err(damaged(format!("no coordinate is {far}")));
        }
        match runs.last_mut() {
            Some(last) if (last.wave, last.point) == (wave, point) => {
                if last.z != z {
                    let message = format!("point {point} of wave {wave} is at two places");
                    return Err(damaged(message));
                }
                last.values.push(values);
            }
            _ => runs.push(PointRuns {
                wave,
                point,
                first,
                z,
                values: vec![values],
            }),
        }
    }
    if runs.is_empty() {
        return Err(damaged(&io::Error::other("there is no run in it")));
    }
    Ok(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deviations_are_counted_as_of_counts() {
        let runs = PointRuns {
            wave: 0,
            point: 0,
            first: 0,
            z: vec![0.0],
            values: vec![vec![90.0, 5.0, 0.0], vec![110.0, 5.0, 0.0]],
        };
        assert_eq!(runs.means(), [100.0, 5.0, 0.0]);
        let spread = runs.spread(0).unwrap();
        assert!((spread.relative_variance - 0.02).abs() < 1e-15);
        assert_eq!(runs.spread(2), None);
    }

    /// A calibration of one parameter, `level`.
    fn calibration() -> Calibration {
        let text = "[world.groups.all]\narrivals.per_day = 10\n[policy.ports.only]\n[observed]\nfile = \"observed.csv\"\n\
            [calibrate]\nfrom = 2024-01-01\nto = 2024-01-31\n[calibrate.targets]\nregistrations = { sd = 0.1 }\n\
            [calibrate.parameters.level]\nkeys = [\"world.groups.all.arrivals.per_day\"]\nlow = 1\nhigh = 30\nsource = \"assumed\"\n";
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("a.toml");
        std::fs::write(&file, text).unwrap();
        let observed = directory.path().join("observed.csv");
        std::fs::write(observed, "month,registrations\n2024-01,5\n").unwrap();
        let loaded = crate::scenario::load(&file, &[]).unwrap();
        loaded.calibration.unwrap()
    }

    #[test]
    fn a_table_of_runs_that_cannot_be_is_refused() {
        let read = |rows: &str| {
            let text = format!("wave,point,replication,z_level,registrations\n{rows}");
            read(
                text.as_bytes(),
                &calibration(),
                vec!["registrations".to_owned()],
            )
        };
        let runs = read("0,0,0,0.5,10\n0,0,1,0.5,12\n0,1,0,0.7,11\n").unwrap();
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0].values, [[10.0], [12.0]]);
        for (rows, said) in [
            ("-1,0,0,0.5,10\n", "`-1` is not a whole number"),
            ("0,1.7,0,0.5,10\n", "`1.7` is not a whole number"),
            ("4294967295,0,0,0.5,10\n", "is not a whole number"),
            ("0,0,0,1e120,10\n", "no coordinate is 1"),
            (
                "0,0,0,0.5,10\n0,0,1,0.6,12\n",
                "point 0 of wave 0 is at two places",
            ),
            ("0,0,0,0.5,NaN\n", "`NaN` is not a number"),
            ("", "there is no run in it"),
        ] {
            let told = read(rows).unwrap_err().to_string();
            assert!(told.contains(said), "{rows}: {told}");
        }
    }

    #[test]
    fn a_mean_of_nothing_has_no_logarithm() {
        let runs = PointRuns {
            wave: 0,
            point: 0,
            first: 0,
            z: vec![0.0],
            values: vec![vec![0.0], vec![0.0]],
        };
        assert_eq!(runs.logarithms(1), None);
    }
}
