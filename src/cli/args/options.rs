//! Options of a manifest: numbered where there are several of one, and read again where shards are merged.

use std::fmt::Display;
use std::str::FromStr;

use portflow::store::Manifest;

use crate::cli::failure::WrongInput;

/// Options for values that are given in an order: they are numbered.
pub(crate) fn number(
    name: &'static str,
    values: impl Iterator<Item = String>,
) -> impl Iterator<Item = (String, String)> {
    (1..)
        .zip(values)
        .map(move |(place, value)| (format!("{name} {place}"), value))
}

/// Those values, read again.
pub(crate) fn numbered(manifest: &Manifest, name: &str) -> impl Iterator<Item = String> {
    (1..).map_while(move |place| manifest.options.get(&format!("{name} {place}")).cloned())
}

/// An option of the manifest of shards, read again; `None` where it was not given.
pub(crate) fn option<T: FromStr>(manifest: &Manifest, name: &str) -> Result<Option<T>, WrongInput> {
    let told = manifest.option(name).map(|value| {
        let wrong = |_| damaged(&format_args!("its option `{name}` cannot be `{value}`"));
        value.parse().map_err(wrong)
    });
    told.transpose()
}

/// The same of one that these shards always have.
pub(crate) fn needed<T: FromStr>(manifest: &Manifest, name: &str) -> Result<T, WrongInput> {
    let missing = || damaged(&format_args!("its option `{name}` is missing"));
    option(manifest, name)?.ok_or_else(missing)
}

/// The manifest of shards cannot be read again, for this reason.
pub(crate) fn damaged(reason: &dyn Display) -> WrongInput {
    WrongInput(format!(
        "the manifest of the shards is damaged: {reason}; run them again"
    ))
}
