//! What becomes of `[sources]` where values are laid over others: no source speaks for a value that took the place of its own.

use crate::scenario::key_path::KeyPath;
use crate::scenario::node::{Entry, Node};

/// The sources that a document gives, by key.
pub(crate) fn entries(document: &Node) -> impl Iterator<Item = &Entry> {
    let sources = document.get(&KeyPath::parse("sources"));
    let entries = sources.and_then(Node::as_table).into_iter();
    entries.flat_map(|sources| &sources.0)
}

/// The keys of which a document gives sources.
pub(crate) fn keys(document: &Node) -> Vec<String> {
    entries(document).map(|entry| entry.key.clone()).collect()
}

/// Drops the sources of replaced values: `is_replaced` tells of a key of the document whether its value is one.
pub(crate) fn drop(document: &mut Node, is_replaced: impl Fn(&Node, &str) -> bool) {
    let mut gone = keys(document);
    gone.retain(|key| is_replaced(document, key));
    let root = document.as_table_mut();
    let sources = root.and_then(|root| root.entry_mut("sources"));
    if let Some(sources) = sources.and_then(|entry| entry.node.as_table_mut()) {
        (sources.0).retain(|entry| !gone.contains(&entry.key));
    }
}
