//! What a validation is of: the published figures that are simulated, and those of the same columns that are still to come.

use jiff::civil::Date;

use super::counts::place;
use super::known::{Known, Part, Window};
use crate::experiment::results::observed::column;
use crate::forecast::{self, MonthlySeries, Subject};
use crate::month::Month;
use crate::record::{Detail, Key, Layout, Metric, Period, Place};
use crate::scenario::change::Event;
use crate::scenario::nearest::nearest;
use crate::scenario::{Loaded, Posterior};

/// The worlds that are simulated: values laid over the scenario, and how much each counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    /// Full key paths.
    pub keys: Vec<String>,
    /// Of each draw, the values of the keys as TOML.
    pub values: Vec<Vec<String>>,
    /// Of each draw, its weight; all sum to 1.
    pub weights: Vec<f64>,
    /// What they are from; `None` for the scenario as it is.
    pub posterior: Option<Posterior>,
}

impl Draws {
    /// Every draw of a posterior, but for keys that are `held`: they keep the scenario's values.
    #[must_use]
    pub fn of(posterior: Posterior, held: &[String]) -> Self {
        let draws = posterior.draws();
        let total: f64 = draws.iter().map(|draw| draw.weight).sum();
        let is_drawn = |key: &String| !held.contains(key);
        let values = |draw| {
            let values = posterior.values(draw).into_iter();
            values.filter(|it| is_drawn(&it.key)).map(|it| it.value)
        };
        Self {
            keys: posterior
                .keys()
                .iter()
                .filter(|key| is_drawn(key))
                .cloned()
                .collect(),
            values: (0..draws.len())
                .map(|draw| values(draw).collect())
                .collect(),
            weights: draws.iter().map(|draw| draw.weight / total).collect(),
            posterior: Some(posterior),
        }
    }

    /// Whether there are several, so that what is not known of the parameters shows.
    #[must_use]
    pub fn is_several(&self) -> bool {
        self.weights.len() > 1
    }

    /// The scenario as it is.
    #[must_use]
    pub fn as_it_is() -> Self {
        Self {
            keys: Vec::new(),
            values: vec![Vec::new()],
            weights: vec![1.0],
            posterior: None,
        }
    }
}

/// A published column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name: a metric, or metric and group joined by `_`.
    pub name: String,
    /// Whether it is of the whole border.
    pub is_whole_border: bool,
    /// Its published figures, and the summands of it that follow a driver.
    pub subject: Subject,
    /// The months of the run that are published, or after those fitted to and still to come, with the place of the simulated figure among
    /// [`Validation::figures`].
    pub months: Vec<(Month, usize)>,
}

impl Column {
    /// Those of its months that are published.
    fn published(&self) -> impl Iterator<Item = Month> {
        let months = self.months.iter().map(|&(month, _)| month);
        months.filter(|&month| self.subject.figures.at(month).is_some())
    }
}

/// Why there is nothing to hold a scenario against.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
    /// No table.
    #[error("the scenario has no published figures; name a table with --data, or in `[observed]`")]
    NothingPublished,
    /// No month of it.
    #[error(
        "no published month lies in the run with all its days; the run is from {first} to {last}"
    )]
    NoMonth {
        /// First month of the run.
        first: String,
        /// Last month of the run.
        last: String,
    },
    /// A column that is named but not published.
    #[error("no month of `{column}` is both published and simulated; {}", meant(known, near.as_deref()))]
    NoColumn {
        /// What was named.
        column: String,
        /// The nearest of those that there are.
        near: Option<String>,
        /// What there is.
        known: String,
    },
    /// No month is held out of anything.
    #[error("no month is held out; say with --fitted FROM..TO which were fitted to")]
    NothingHeldOut,
    /// A column without a month before, in or after the window of the fit.
    #[error("no {} month of `{column}` is published, simulated and judged; columns with such months: {}", part.name(), if known.is_empty() { "none" } else { known.as_str() })]
    NoMonthOf {
        /// What was named.
        column: String,
        /// Where its months should lie.
        part: Part,
        /// The columns that have such months.
        known: String,
    },
    /// A window without a month of the run.
    #[error("no month of it is simulated; the run is from {first} to {last}")]
    NotInRun {
        /// First whole month of the run.
        first: String,
        /// Last whole month of the run.
        last: String,
    },
}

/// What somebody may have meant.
fn meant(known: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("those that are: {known}"),
    }
}

/// Published figures that a scenario simulates, and those of their columns that are still to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// The columns, those of the whole border and of groups in the order of results.
    pub columns: Vec<Column>,
    /// Names of the simulated figures, as [`Layout::select`] reads them.
    pub figures: Vec<String>,
    /// Every whole month of the run, published or not, with the places of encounters at ports and between them among the figures.
    pub encounters: Vec<(Month, [usize; 2])>,
    /// What was known of them.
    pub known: Known,
    /// Events that first act after the months fitted to, by date, with the name of each.
    pub events: Vec<(Date, String)>,
    /// The months that are judged; all where it is `None`. Errors are learned from every fitted month either way.
    pub months: Option<Window>,
}

impl Validation {
    /// The published figures of whole months of a run, and those after the months fitted to that are not published.
    ///
    /// # Errors
    /// [`ValidationError`].
    pub fn new(loaded: &Loaded, known: Known) -> Result<Self, ValidationError> {
        let observed = loaded.scenario.observed.as_ref();
        let observed = observed.ok_or(ValidationError::NothingPublished)?;
        let layout = Layout::of(&loaded.scenario, Detail::Summary);
        let series = |name: &str| -> MonthlySeries {
            let months = observed.months.iter();
            months
                .filter_map(|(&month, figures)| Some((month, *figures.get(name)?)))
                .collect()
        };
        let is_column = |name: &str| {
            let mut whole = layout.whole_months();
            whole.any(|month| observed.figure(layout.month(month), name).is_some())
        };
        let mut columns: Vec<Column> = Vec::new();
        let mut figures = Vec::new();
        for &key in layout.keys() {
            let Period::Month(month) = key.period else {
                continue;
            };
            let Some(name) = column(&layout, key) else {
                continue;
            };
            let calendar_month = layout.month(month);
            let is_published = observed.figure(calendar_month, &name).is_some();
            let is_held_out = known.part(&name, calendar_month) == Part::HeldOut;
            if !layout.is_whole(month) || !(is_published || is_held_out && is_column(&name)) {
                continue;
            }
            let at = (calendar_month, figures.len());
            figures.push(layout.name(key));
            match columns.iter_mut().find(|column| column.name == name) {
                Some(column) => column.months.push(at),
                None => columns.push(Column {
                    is_whole_border: key.place == Place::Everywhere,
                    subject: Subject {
                        figures: series(&name),
                        summands: summands(loaded, &layout, key, &series),
                    },
                    months: vec![at],
                    name,
                }),
            }
        }
        if columns.is_empty() {
            let months = layout.months();
            let name = |month: Option<u32>| month.map(|month| layout.period(Period::Month(month)));
            return Err(ValidationError::NoMonth {
                first: name(months.clone().next()).unwrap_or_default(),
                last: name(months.last()).unwrap_or_default(),
            });
        }
        let encounters = encounters(&layout, &mut figures);
        Ok(Self {
            columns,
            figures,
            encounters,
            events: later_events(loaded, &known),
            known,
            months: None,
        })
    }

    /// Whether a month is judged.
    #[must_use]
    pub fn judges_month(&self, month: Month) -> bool {
        self.months.is_none_or(|window| window.holds(month))
    }

    /// Whether a fitted month is published of some column.
    #[must_use]
    pub fn has_fitted_month(&self) -> bool {
        self.columns.iter().any(|column| {
            let mut months = column.published();
            months.any(|month| self.known.part(&column.name, month) == Part::Fitted)
        })
    }

    /// Whether some figure is judged or forecast.
    #[must_use]
    pub fn judges_any(&self) -> bool {
        let mut months = self.columns.iter().flat_map(|column| &column.months);
        months.any(|&(month, _)| self.judges_month(month))
    }

    /// Whether a column is published and simulated.
    ///
    /// # Errors
    /// If it is not.
    pub fn knows(&self, column: &str) -> Result<(), ValidationError> {
        let names = || self.columns.iter().map(|column| column.name.as_str());
        if names().any(|name| name == column) {
            return Ok(());
        }
        Err(ValidationError::NoColumn {
            column: column.to_owned(),
            near: nearest(column, names()).map(str::to_owned),
            known: names().collect::<Vec<_>>().join(", "),
        })
    }

    /// Whether a column has months of a part.
    ///
    /// # Errors
    /// If it has none.
    pub fn judges(&self, column: &str, part: Part) -> Result<(), ValidationError> {
        if part == Part::HeldOut && self.known.window.is_none() {
            return Err(ValidationError::NothingHeldOut);
        }
        let has = |column: &&Column| {
            let mut months = column.published();
            months.any(|month| {
                self.judges_month(month) && self.known.part(&column.name, month) == part
            })
        };
        let with_months = self.columns.iter().filter(has);
        let known: Vec<&str> = with_months.map(|column| column.name.as_str()).collect();
        if known.contains(&column) {
            return Ok(());
        }
        Err(ValidationError::NoMonthOf {
            column: column.to_owned(),
            part,
            known: known.join(", "),
        })
    }

    /// The part of a window that is simulated.
    ///
    /// # Errors
    /// If none of its months is.
    pub fn simulated(&self, window: Window) -> Result<Window, ValidationError> {
        let mut months = self.encounters.iter().map(|&(month, _)| month);
        let inside = |month: &Month| window.holds(*month);
        let first = months.clone().find(inside);
        if let Some((first, last)) = first.zip(months.clone().rfind(inside)) {
            return Ok(Window { first, last });
        }
        let name = |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
        Err(ValidationError::NotInRun {
            first: name(months.next()),
            last: name(months.next_back()),
        })
    }
}

/// The events after the months fitted to; none without such months.
fn later_events(loaded: &Loaded, known: &Known) -> Vec<(Date, String)> {
    let events = loaded.file.event.iter().filter(|event| {
        let window = known.window;
        window.is_some_and(|window| Month::of(event.date) > window.last)
    });
    let name = |event: &Event| match &event.id {
        Some(id) => id.clone(),
        None if event.label.is_empty() => "an event".to_owned(),
        None => event.label.clone(),
    };
    let mut events: Vec<(Date, String)> = events.map(|event| (event.date, name(event))).collect();
    events.sort();
    events
}

/// The figures of encounters at ports and between them, month by month.
fn encounters(layout: &Layout, figures: &mut Vec<String>) -> Vec<(Month, [usize; 2])> {
    let of = |month| {
        let of_metric = [Metric::PortEncounters, Metric::IRREGULAR_ENCOUNTERS];
        let names = of_metric.map(|metric| layout.name(Key::of_month(month, metric)));
        let places = names.map(|name| place(figures, name));
        (layout.month(month), places)
    };
    layout.whole_months().map(of).collect()
}

/// What a column is the sum of: of the whole border, the groups; each with the driver of its arrivals, if it has one. Empty where some
/// group is not published.
fn summands(
    loaded: &Loaded,
    layout: &Layout,
    key: Key,
    series: &dyn Fn(&str) -> MonthlySeries,
) -> Vec<forecast::Summand> {
    let groups: Vec<&str> = match key.place {
        Place::Everywhere => layout.groups().iter().map(String::as_str).collect(),
        place => vec![layout.id(place)],
    };
    let summand = |group: &str| {
        let figures = series(&format!("{}_{group}", key.metric.name()));
        figures.iter().next()?;
        let counts = loaded.driver_counts(group);
        Some(forecast::Summand {
            figures,
            driver: counts.map(|counts| counts.into_iter().collect()),
        })
    };
    let summands: Option<Vec<_>> = groups.into_iter().map(summand).collect();
    summands.unwrap_or_default()
}
