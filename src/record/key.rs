//! What an observation is of: a period, a metric, a place.

use crate::metric::Metric;
use crate::scenario::values::Region;

/// When: a part of the recorded period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The recorded month of this index.
    Month(u32),
    /// The recorded day of this index; 0 is the run's start.
    Day(u32),
    /// The whole recorded period.
    Total,
}

/// Whose or where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The whole border.
    Everywhere,
    /// The group of this index.
    Group(u8),
    /// A region.
    Region(Region),
    /// The port of this index.
    Port(u8),
    /// The port of this index at this hour of the day.
    PortHour(u8, u8),
    /// The trigger of this index.
    Trigger(u8),
}

impl Place {
    /// The column `dimension` of results: empty for the whole border.
    #[must_use]
    pub const fn dimension(self) -> &'static str {
        match self {
            Self::Everywhere => "",
            Self::Group(_) => "group",
            Self::Region(_) => "region",
            Self::Port(_) | Self::PortHour(..) => "port",
            Self::Trigger(_) => "trigger",
        }
    }
}

/// What an observation is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// When.
    pub period: Period,
    /// What.
    pub metric: Metric,
    /// Whose or where.
    pub place: Place,
}

impl Key {
    /// A metric of a month over the whole border.
    #[must_use]
    pub const fn of_month(month: u32, metric: Metric) -> Self {
        Self {
            period: Period::Month(month),
            metric,
            place: Place::Everywhere,
        }
    }

    /// The key of a metric of the whole run, over the whole border.
    #[must_use]
    pub const fn of_run(metric: Metric) -> Self {
        Self {
            period: Period::Total,
            metric,
            place: Place::Everywhere,
        }
    }

    /// The same of a place.
    #[must_use]
    pub const fn at(self, place: Place) -> Self {
        Self { place, ..self }
    }

    /// Whether it is a detail with a table of its own: a quantile of waits, or a port at an hour of the day.
    #[must_use]
    pub const fn is_detail(self) -> bool {
        matches!(self.metric, Metric::WaitDaysQuantile(_))
            || matches!(self.place, Place::PortHour(..))
    }
}
