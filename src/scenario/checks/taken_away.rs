//! What a nearer file, or a value laid over it, takes out or replaces whole, with numbers in it that are named elsewhere.

use super::ids;
use crate::scenario::diagnostics::Problem;
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::layers::whole;
use crate::scenario::node::Node;
use crate::scenario::origin::Origin;

/// What is no longer there, or no longer holds a key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TakenAway {
    what: KeyPath,
    /// Where it is taken out or replaced.
    origin: Origin,
    /// Whether it is gone, and not replaced.
    is_gone: bool,
}

impl TakenAway {
    /// What was taken away so that a key is no longer there; `None` for a key that is there, or never was.
    pub(crate) fn with(document: &Node, path: &KeyPath) -> Option<Self> {
        if document.get(path).is_some() {
            return None;
        }
        let chain =
            |path: &KeyPath| -> Vec<&Node> { ids::with_overridden(document.get(path)).collect() };
        if let [list, id, ..] = path.keys()
            && key_path::of_changes(list)
            && document.get(&path.first(2)).is_none()
        {
            let lists = chain(&path.first(1)).into_iter().skip(1);
            let mut before = lists.flat_map(Node::items);
            let removed = before.find(|it| it.id() == Some(id))?;
            return Some(Self {
                what: path.first(2),
                origin: removed.origin.clone(),
                is_gone: true,
            });
        }
        let whole = whole::around(path)?;
        let below = path.after(whole.keys().len());
        let chain = chain(&whole);
        let mut pairs = chain.windows(2);
        let replaced = pairs.find(|pair| pair[1].get(&below).is_some())?;
        Some(Self {
            what: whole,
            origin: replaced[0].origin.clone(),
            is_gone: false,
        })
    }

    /// Whether another key went with it.
    pub(crate) fn took(&self, document: &Node, key: &str) -> bool {
        let path = KeyPath::parse(key);
        path.is_within(&self.what) && document.get(&path).is_none()
    }

    /// The error, at the place where it is taken away: who has numbers that were in it, what such numbers are called, and what helps where it
    /// is no event.
    pub(crate) fn problem(&self, who_has: &str, called: &str, otherwise: String) -> Problem {
        let (done, remedy) = if self.is_gone {
            ("is taken out here", "in place of `remove = true`")
        } else {
            ("is replaced whole here", "in place of another `set`")
        };
        let message = format!("`{}` {done}, and {who_has}", self.what);
        let help = if self.what.words().first() == Some(&"event") {
            format!(
                "an inherited event of which a number is {called} keeps it: {remedy}, give it the `date` of the run's last day, on which alone it then acts, and a `label` of its own"
            )
        } else {
            otherwise
        };
        Problem::error(&self.what, &self.origin, message).help(help)
    }
}
