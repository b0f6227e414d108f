//! One axis of a sweep: a key and the values that it takes, as `KEY=A..B:N`, `KEY=A..B` or `KEY=x|y|z`.

use std::fmt;

use super::checks::unknown;
use super::diagnostics::Diagnostics;
use super::key_path::KeyPath;
use super::layers::overrides::Override;
use super::loaded::Loaded;
use super::schema::rule::{Kind, Rule};
use super::tree::number;

/// A key and the values that it takes in a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Full path of the key.
    pub key: String,
    values: Values,
}

#[derive(Debug, Clone, PartialEq)]
enum Values {
    /// Any number of a range.
    Range {
        low: f64,
        high: f64,
        /// Whether the key takes whole numbers only.
        is_whole: bool,
    },
    /// These values, as TOML.
    List(Vec<String>),
}

/// Why a text is no axis: what is wrong, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", .help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default())]
pub struct AxisError {
    /// What is wrong, in lower case.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

const EXAMPLES: &str = "for example `policy.app.random_share=0..1:5` (5 levels from 0 to 1), \
    `policy.app.random_share=0..1` (a range), `policy.app.booked=cancel|honour` (a list)";

/// Most levels of one axis.
const MOST_LEVELS: usize = 10_000;

impl Axis {
    /// Reads `KEY=A..B:N`, N levels at equal distances with both ends; `KEY=A..B`, a range; or `KEY=x|y|z`, a list of values written as
    /// in `--set`.
    ///
    /// Whether the scenario can be run with the values is for [`check`](Self::check) to say.
    ///
    /// ```
    /// use std::path::Path;
    /// use portflow::scenario::{self, Axis};
    ///
    /// let loaded = scenario::load(Path::new("scenarios/november-2024.toml"), &[]).map_err(|wrong| wrong.to_string())?;
    /// let axis = Axis::parse("policy.app.random_share=0..1:3", &loaded)?;
    /// assert_eq!(axis.levels().unwrap(), ["0", "0.5", "1"]);
    /// assert_eq!(axis.at(0.4), "0.5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// No `=`, a key that does not exist, ends that are not numbers or not in order, or fewer values than asked for.
    pub fn parse(text: &str, loaded: &Loaded) -> Result<Self, AxisError> {
        let Some((key, values)) = text.split_once('=') else {
            return Err(wrong(format!("`{text}` is not KEY=VALUES"), EXAMPLES));
        };
        Self::new(key.trim(), values.trim(), loaded)
    }

    /// The axis of a key from the text after the `=`.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn new(key: &str, values: &str, loaded: &Loaded) -> Result<Self, AxisError> {
        let path = KeyPath::given(key);
        let key = path.to_string();
        let key = key.as_str();
        let ids = loaded.ids([key]);
        let rule =
            unknown::rule_of(&path, &ids).map_err(|(message, help)| AxisError { message, help })?;
        let is_number = matches!(rule.kind(), Kind::Number | Kind::Whole | Kind::Limit);
        if key == "run" {
            let message = "`run` as a whole is no input: people are known by the first day simulated and the seed in it, and would be others at every point";
            return Err(wrong(
                message.to_owned(),
                "name one of its keys, such as `run.end`",
            ));
        }
        let by_option = [("run.seed", "--seed"), ("run.replications", "-r")];
        if let Some((_, option)) = by_option.into_iter().find(|&(run, _)| run == key) {
            return Err(wrong(
                format!("`{key}` is no input: every point has the same one"),
                &format!("give it with {option}"),
            ));
        }
        let values = match values.split_once("..") {
            Some(ends) if is_number => range(key, ends, rule)?,
            Some((low, high)) if !values.contains(['"', '|', '[']) && starts_a_number(low) => {
                let message = format!(
                    "`{key}` takes {}: {low} to {high} is no range of it",
                    rule.allowed()
                );
                return Err(wrong(message, "list its values: `KEY=x|y|z`"));
            }
            None if is_number && is_meant_as_range(values) => {
                let message = format!("`{values}` is neither a number nor a range");
                return Err(wrong(message, EXAMPLES));
            }
            _ => list(key, values)?,
        };
        let axis = Self {
            key: key.to_owned(),
            values,
        };
        let is_one_value = axis.levels().is_some_and(|levels| levels.len() == 1);
        if ["run.start", "run.warmup_days"].contains(&key) && !is_one_value {
            return Err(wrong(
                format!(
                    "`{key}` is no input: people are known by the day on which they come, counted from the first day simulated, and would be others at every point"
                ),
                "give one value of it, and run another alone",
            ));
        }
        Ok(axis)
    }

    /// The levels as TOML, in order; `None` for a range without levels.
    #[must_use]
    pub fn levels(&self) -> Option<&[String]> {
        match &self.values {
            Values::Range { .. } => None,
            Values::List(values) => Some(values),
        }
    }

    /// The value as TOML at a point from 0 to 1, both included: of a range the number there; of whole numbers, levels and lists, which
    /// have equal parts of the way, the one whose part holds the point. A part holds its beginning and not its end, but for the last,
    /// which holds 1: that is the upper end or the last value.
    #[must_use]
    pub fn at(&self, u: f64) -> String {
        match &self.values {
            Values::Range {
                low,
                high,
                is_whole: true,
            } => number::written(number::whole_at(*low, *high, u), true),
            Values::Range { low, high, .. } => {
                number::written((low + (high - low) * u).clamp(*low, *high), false)
            }
            Values::List(values) => values[index(values.len(), u)].clone(),
        }
    }

    /// Where the value at a point from 0 to 1 lies between the first and the last, from 0 to 1: of a number in its range; of levels and
    /// lists, which need not be numbers, by their order and at equal distances. 0 where there is one value only.
    ///
    /// This is the point itself only where every number of the range may be had: of two values, those at 1/3 and 2/3 lie at 0 and 1.
    #[must_use]
    pub fn place(&self, u: f64) -> f64 {
        match &self.values {
            Values::Range {
                low,
                high,
                is_whole: true,
            } => (number::whole_at(*low, *high, u) - low) / (high - low),
            Values::Range { .. } => u.clamp(0.0, 1.0),
            Values::List(values) => {
                let steps = (values.len() - 1).max(1) as f64;
                index(values.len(), u) as f64 / steps
            }
        }
    }

    /// Tries every level, or both ends of a range, each alone, and gives the warnings that a value brings, value by value: an event that
    /// moves the same lever, above all. What several bring is said once.
    ///
    /// # Errors
    /// The first value that the scenario cannot be run with, as it would be refused in `--set`.
    pub fn check(&self, loaded: &Loaded) -> Result<Vec<Diagnostics>, Diagnostics> {
        let ends = || vec![self.at(0.0), self.at(1.0)];
        let mut told: Vec<Diagnostics> = Vec::new();
        for value in self.levels().map_or_else(ends, <[String]>::to_vec) {
            let changed = loaded.with(&[Override::new(&self.key, value)])?;
            let warnings = changed.warnings.of_override(&self.key).beside(&told);
            if !warnings.problems().is_empty() {
                told.push(warnings);
            }
        }
        Ok(told)
    }
}

/// The text that [`Axis::parse`] reads as the same axis.
impl fmt::Display for Axis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}=", self.key)?;
        match &self.values {
            Values::Range {
                low,
                high,
                is_whole,
            } => {
                let [low, high] = [low, high].map(|end| number::written(*end, *is_whole));
                write!(out, "{low}..{high}")
            }
            Values::List(values) => out.write_str(&values.join("|")),
        }
    }
}

/// Whether a text begins with a number that a sign of a range follows: `1000-2000:5`.
fn is_meant_as_range(values: &str) -> bool {
    let unsigned = values.trim_start_matches(['+', '-']);
    let rest = unsigned.trim_start_matches(|c: char| c.is_ascii_digit() || "._".contains(c));
    rest.len() < unsigned.len() && rest.starts_with(['-', ':'])
}

/// Which of `count` equal parts of the way from 0 to 1 holds a point, from 0.
fn index(count: usize, u: f64) -> usize {
    let index = (count as f64 * u).max(0.0) as usize;
    index.min(count - 1)
}

fn wrong(message: String, help: &str) -> AxisError {
    AxisError {
        message,
        help: Some(help.to_owned()),
    }
}

fn starts_a_number(text: &str) -> bool {
    text.trim_start()
        .starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first))
}

/// `A..B` or `A..B:N`.
fn range(key: &str, (low, rest): (&str, &str), rule: Rule) -> Result<Values, AxisError> {
    let is_whole = rule.kind() == Kind::Whole;
    if rest.starts_with('.') {
        let message = format!("`{low}..{rest}` has three points between its ends");
        return Err(wrong(message, EXAMPLES));
    }
    let (high, count) = match rest.split_once(':') {
        Some((high, count)) => (high, Some(count)),
        None => (rest, None),
    };
    let end = |text: &str| match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() && (!is_whole || number.fract() == 0.0) => Ok(number),
        _ => {
            let kind = if is_whole {
                "a whole number"
            } else {
                "a number"
            };
            let message = format!(
                "`{}` is not {kind}, and ends the range of `{key}`",
                text.trim()
            );
            Err(wrong(message, EXAMPLES))
        }
    };
    let (low, high) = (end(low)?, end(high)?);
    if low >= high {
        let message = format!("the range of `{key}` goes from {low} to {high}");
        return Err(wrong(
            message,
            "the lower end comes first; one value alone is written `KEY=VALUE`",
        ));
    }
    let Some(count) = count else {
        return Ok(Values::Range {
            low,
            high,
            is_whole,
        });
    };
    let count = match count.trim().parse::<usize>() {
        Ok(count) if (2..=MOST_LEVELS).contains(&count) => count,
        _ => {
            let message = format!("`{}` is not a number of levels for `{key}`", count.trim());
            let help = format!("from 2 to {MOST_LEVELS}, as in `0..1:5`: both ends are levels");
            return Err(wrong(message, &help));
        }
    };
    let levels: Vec<String> = (0..count)
        .map(|step| number::written(level(low, high, step, count), is_whole))
        .collect();
    if levels.windows(2).any(|pair| pair[0] == pair[1]) {
        let message = format!("{count} whole numbers do not fit between {low} and {high}");
        return Err(wrong(message, &format!("`{key}` takes whole numbers only")));
    }
    Ok(Values::List(levels))
}

/// A level in twelve digits: a step of a tenth gives 0.3, not 0.30000000000000004.
fn level(low: f64, high: f64, step: usize, count: usize) -> f64 {
    if step + 1 == count {
        return high;
    }
    let exact = low + (high - low) * step as f64 / (count - 1) as f64;
    format!("{exact:.11e}").parse().unwrap_or(exact)
}

/// `x|y|z`; a `|` in quotes separates nothing.
fn list(key: &str, text: &str) -> Result<Values, AxisError> {
    let mut values = vec![String::new()];
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (None, '|') => {
                values.push(String::new());
                continue;
            }
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        if let Some(value) = values.last_mut() {
            value.push(letter);
        }
    }
    let values: Vec<String> = values.iter().map(|value| value.trim().to_owned()).collect();
    if values.iter().any(String::is_empty) {
        let message = format!("`{text}` has an empty value for `{key}`");
        return Err(wrong(message, EXAMPLES));
    }
    let before = |place: usize| values[..place].iter().find(|it| same(it, &values[place]));
    if let Some((first, again)) =
        (1..values.len()).find_map(|place| Some((before(place)?, &values[place])))
    {
        let message = if first == again {
            format!("`{again}` is listed twice for `{key}`")
        } else {
            format!("`{first}` and `{again}` are one value of `{key}`")
        };
        return Err(wrong(message, "every value once"));
    }
    Ok(Values::List(values))
}

/// Whether two texts are one value: `5` and `5.0` are.
fn same(one: &str, other: &str) -> bool {
    let number = |text: &str| text.replace('_', "").parse::<f64>().ok();
    one == other || number(one).is_some_and(|one| Some(one) == number(other))
}
