//! Tables with rows of single replications, written while the experiment runs.

use std::io::{self, Write};

use crate::record::{Layout, Observations, Period, Place};
use crate::report::format::Csv;
use crate::report::number;
use crate::store::files;

/// `replications.csv` (monthly figures over the border) and `ledger.csv` (every account at each month's end).
///
/// Values are not rounded: what is calculated from them again is exact.
#[derive(Debug)]
pub struct ReplicationTables<W: Write> {
    values: Csv<W>,
    ledger: Csv<W>,
}

impl<W: Write> ReplicationTables<W> {
    /// Names of the two files, in the order of [`ReplicationTables::new`].
    pub const FILES: [&'static str; 2] = [files::REPLICATIONS, files::LEDGER];

    /// Tables with their headers.
    ///
    /// # Errors
    /// The writers'.
    pub fn new([values, ledger]: [W; 2]) -> io::Result<Self> {
        Ok(Self {
            values: Csv::new(["replication", "month", "metric", "value"], values)?,
            ledger: Csv::new(["replication", "date", "account", "persons"], ledger)?,
        })
    }

    /// Adds the rows of a replication.
    ///
    /// # Errors
    /// The writers'.
    pub fn add(
        &mut self,
        layout: &Layout,
        replication: u32,
        observations: &Observations,
    ) -> io::Result<()> {
        let replication = replication.to_string();
        for (key, &value) in layout.keys().iter().zip(&observations.values) {
            let monthly = matches!(key.period, Period::Month(_)) && !key.is_detail();
            if monthly && key.place == Place::Everywhere {
                let (month, value) = (layout.period(key.period), number::or_empty(value));
                self.values
                    .add([&replication, &month, key.metric.name(), &value])?;
            }
        }
        for row in &observations.ledger {
            let date = layout.calendar().date(row.day).to_string();
            let persons = row.persons.to_string();
            self.ledger
                .add([&replication, &date, row.account.as_ref(), &persons])?;
        }
        Ok(())
    }

    /// Hands everything to the writers.
    ///
    /// # Errors
    /// The writers'.
    pub fn finish(self) -> io::Result<()> {
        self.values.finish()?;
        self.ledger.finish()
    }
}
