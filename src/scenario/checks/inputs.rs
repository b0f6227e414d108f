//! Which keys take a number from elsewhere: one that is uncertain, fitted, or drawn from a posterior.

use super::ids::Ids;
use super::unknown::{self, Wrong};
use crate::scenario::key_path::KeyPath;
use crate::scenario::schema::rule::{Kind, Rule};

/// Where the number of a key comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// From a range of `[futures]`.
    Uncertain,
    /// From a fit to `[calibrate]`.
    Fitted,
    /// From the draws of a posterior, many at once.
    Drawn,
}

impl Input {
    const fn name(self) -> &'static str {
        match self {
            Self::Uncertain => "uncertain",
            Self::Fitted => "fitted",
            Self::Drawn => "drawn",
        }
    }

    /// The rule for a key whose number comes from there: one of the world, of policy, of an event or a trigger, that can vary alone.
    pub(crate) fn rule_of(self, key: &str, ids: &Ids) -> Result<Rule, Wrong> {
        let path = KeyPath::parse(key);
        let rule = unknown::rule_of(&path, ids)?;
        let name = self.name();
        let table = path.keys().first().map(String::as_str);
        let (message, help) = if !matches!(table, Some("world" | "policy" | "event" | "trigger")) {
            (
                format!("`{key}` is no input that could be {name}"),
                format!("{name} are numbers of [world] and [policy], of events and of triggers"),
            )
        } else if !matches!(rule.kind(), Kind::Number | Kind::Whole | Kind::Limit) {
            (
                format!("`{key}` is not a number, but {}", rule.allowed()),
                format!("{name} keys are numbers: name one inside it"),
            )
        } else if self != Self::Drawn && is_part_of_one(&path) {
            (
                format!("`{key}` is one of several shares that sum to 1"),
                "such a share cannot vary alone".to_owned(),
            )
        } else {
            return Ok(rule);
        };
        Err((message, Some(help)))
    }
}

/// Whether a key is a share that sums to 1 with others.
fn is_part_of_one(path: &KeyPath) -> bool {
    match path.words().as_slice() {
        ["world", "groups", _, "entry", _] | ["world", "app", "regularity", _, "share"] => true,
        ["policy", lever @ ..] | ["event" | "trigger", _, "set", lever @ ..] => matches!(
            lever,
            ["port_outcome", _] | ["crossing", "outcome", _] | ["crossing", "group_outcome", _, _]
        ),
        _ => false,
    }
}
