//! The simulations of a calibration: of each point, of each replication, every figure that is fitted to, and the others that are kept. As a file, they are the first
//! points of another calibration.

use std::io::Read;

use csv::StringRecord;

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
    let damaged = |error: csv::Error| CalibrationError::DamagedRuns(error.to_string());
    let mut table = csv::Reader::from_reader(from);
    let columns = Columns::of(table.headers().map_err(damaged)?, calibration, headings)?;
    let mut runs = Vec::new();
    for record in table.records() {
        let record = record.map_err(damaged)?;
        let line = record.position().map_or(0, csv::Position::line);
        (columns.row(&record).and_then(|row| add(&mut runs, row)))
            .map_err(|what| CalibrationError::DamagedRuns(format!("line {line}: {what}")))?;
    }
    if runs.is_empty() {
        let message = "there is no run in it".to_owned();
        return Err(CalibrationError::DamagedRuns(message));
    }
    check_waves(&runs).map_err(CalibrationError::DamagedRuns)?;
    Ok(runs)
}

/// Where the columns of a table of runs are.
struct Columns {
    /// Of the wave, the point and the replication.
    keys: [usize; 3],
    coordinates: Vec<usize>,
    figures: Vec<usize>,
}

/// A row of a table of runs: one replication of one point.
struct Row {
    wave: u32,
    point: u32,
    replication: u32,
    z: Vec<f64>,
    values: Vec<f64>,
}

impl Columns {
    /// The columns of the parameters and of figures of these headings.
    fn of(
        header: &StringRecord,
        calibration: &Calibration,
        headings: Vec<String>,
    ) -> Result<Self, CalibrationError> {
        let place = |name: &str| {
            let found = header.iter().position(|heading| heading == name);
            found.ok_or_else(|| {
                CalibrationError::OtherRuns(format!(
                    "runs.csv has no column `{name}`; fit to months and figures that were fitted to before, or begin anew"
                ))
            })
        };
        let [wave, point, replication] = HEADINGS.map(place);
        let parameters = calibration.parameters.iter();
        let coordinates = parameters.map(|it| place(&coordinate(&it.name)));
        Ok(Self {
            keys: [wave?, point?, replication?],
            coordinates: coordinates.collect::<Result<_, _>>()?,
            figures: (headings.into_iter().map(|it| place(&it))).collect::<Result<_, _>>()?,
        })
    }

    /// What a row has in them; or what is wrong with it.
    fn row(&self, record: &StringRecord) -> Result<Row, String> {
        let number = |&place: &usize| number(&record[place]);
        let [wave, point, replication] = self.keys.map(|place| whole(&record[place]));
        let row = Row {
            wave: wave?,
            point: point?,
            replication: replication?,
            z: (self.coordinates.iter().map(number)).collect::<Result<_, _>>()?,
            values: (self.figures.iter().map(number)).collect::<Result<_, _>>()?,
        };
        match row.z.iter().find(|z| z.abs() > FARTHEST) {
            Some(far) => Err(format!("no coordinate is {far}")),
            None => Ok(row),
        }
    }
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("`{text}` is not a number"))
}

fn whole(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|&number| number < u32::MAX);
    number.ok_or_else(|| format!("`{text}` is not a whole number"))
}

/// Adds a row to the runs before it; or says what is wrong with it.
///
/// Rows are in the order in which they are written: of waves, of the points of each and of the replications of each. Points that failed are
/// left out there, and no replication is.
fn add(runs: &mut Vec<PointRuns>, row: Row) -> Result<(), String> {
    let Row { wave, point, .. } = row;
    match runs.last_mut() {
        Some(last) if (last.wave, last.point) == (wave, point) => return last.add(row),
        Some(last) if (last.wave, last.point) > (wave, point) => {
            return Err(format!(
                "point {point} of wave {wave} comes after point {} of wave {}",
                last.point, last.wave
            ));
        }
        _ => runs.push(PointRuns {
            wave,
            point,
            first: row.replication,
            z: row.z,
            values: vec![row.values],
        }),
    }
    Ok(())
}

impl PointRuns {
    /// Adds the next replication of the point; or says why a row is not that.
    fn add(&mut self, row: Row) -> Result<(), String> {
        let Row {
            wave,
            point,
            replication,
            ..
        } = row;
        let expected = u64::from(self.first) + self.values.len() as u64;
        if u64::from(replication) != expected {
            return Err(format!(
                "point {point} of wave {wave} has replication {replication} where {expected} is expected"
            ));
        }
        if self.z != row.z {
            return Err(format!("point {point} of wave {wave} is at two places"));
        }
        self.values.push(row.values);
        Ok(())
    }

    /// Its replications: the first, and how many there are.
    fn replications(&self) -> (u32, usize) {
        (self.first, self.values.len())
    }
}

/// Whether all points of each wave have the same replications, as they were simulated on the same people; or which has not.
fn check_waves(runs: &[PointRuns]) -> Result<(), String> {
    let mut pairs = runs.windows(2);
    let differs = |pair: &&[PointRuns]| {
        pair[0].wave == pair[1].wave && pair[0].replications() != pair[1].replications()
    };
    let Some([before, point]) = pairs.find(differs) else {
        return Ok(());
    };
    let told = |run: &PointRuns| format!("{} from {}", run.values.len(), run.first);
    Err(format!(
        "point {} of wave {} has other replications than point {} has: {}, and {} there",
        point.point,
        point.wave,
        before.point,
        told(point),
        told(before)
    ))
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
        let runs = read("0,0,0,0.5,10\n0,0,1,0.5,12\n0,1,0,0.7,11\n0,1,1,0.7,9\n").unwrap();
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0].values, [[10.0], [12.0]]);
        // Points that failed, a wave of which all did, and runs gone on from with more replications.
        let gaps = read("0,1,0,0.5,10\n0,4,0,0.7,12\n2,3,7,0.1,9\n2,3,8,0.1,8\n").unwrap();
        assert_eq!(gaps.len(), 3);
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
            (
                "1,0,2,0.5,10\n0,0,0,0.5,10\n",
                "line 3: point 0 of wave 0 comes after point 0 of wave 1",
            ),
            (
                "0,0,0,0.5,10\n0,1,0,0.7,10\n0,0,0,0.5,10\n0,1,0,0.7,10\n",
                "line 4: point 0 of wave 0 comes after point 1 of wave 0",
            ),
            (
                "0,0,0,0.5,10\n0,0,0,0.5,10\n",
                "line 3: point 0 of wave 0 has replication 0 where 1 is expected",
            ),
            (
                "0,0,0,0.5,10\n0,0,1,0.5,12\n0,1,0,0.7,11\n",
                "point 1 of wave 0 has other replications than point 0 has: 1 from 0, and 2 from 0 there",
            ),
            (
                "0,0,0,0.5,10\n0,1,1,0.7,11\n",
                "point 1 of wave 0 has other replications than point 0 has: 1 from 1, and 1 from 0 there",
            ),
            ("", "there is no run in it"),
        ] {
            let told = read(rows).unwrap_err().to_string();
            assert!(told.starts_with("its runs.csv is damaged: "), "{told}");
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
