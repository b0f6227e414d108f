//! The path of a key in a scenario file, such as `policy.app.random_share`.

use std::fmt;

/// A path of keys. Entries of `[[event]]` and `[[trigger]]` go by their `id`, other items of
/// lists by their date where they have one, and any by its place from 1.
///
/// A path is read apart at its dots. No id has any; a name that has, as an area of `[observed]` may, is several keys here: its value is
/// found by them ([`Node::get`](super::node::Node::get)), and no rule of the schema is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPath(Vec<String>);

impl KeyPath {
    /// Reads a dotted path.
    #[must_use]
    pub fn parse(dotted: &str) -> Self {
        Self(dotted.split('.').map(str::to_owned).collect())
    }

    /// Reads a path of the command line, where keys may be in quotes, as files have them; no id has any.
    #[must_use]
    pub fn given(text: &str) -> Self {
        Self::parse(&text.replace(['"', '\''], ""))
    }

    /// The path of a key, or of a dotted key, below this one.
    #[must_use]
    pub fn child(&self, key: impl AsRef<str>) -> Self {
        let mut keys = self.0.clone();
        keys.extend(key.as_ref().split('.').map(str::to_owned));
        Self(keys)
    }

    /// The path of the table that holds the key; empty for a key at the top.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0[..self.0.len().saturating_sub(1)].to_vec())
    }

    /// The path of the first keys, so many of them.
    #[must_use]
    pub(crate) fn first(&self, length: usize) -> Self {
        Self(self.0[..length].to_vec())
    }

    /// The path of the keys after the first ones, so many of them.
    #[must_use]
    pub(crate) fn after(&self, length: usize) -> Self {
        Self(self.0[length..].to_vec())
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.0
    }

    /// The keys as words, to be matched against a path as it is written: `["world", "groups", group, ..]`.
    #[must_use]
    pub(crate) fn words(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }

    /// Whether one of the two paths holds the other, or both are the same.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a == b)
    }

    /// Whether this path is the other one or lies under it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

/// Whether a key of the file holds changes of policy, which merge by `id`.
pub(crate) fn of_changes(key: &str) -> bool {
    key == "event" || key == "trigger"
}

impl fmt::Display for KeyPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join("."))
    }
}
