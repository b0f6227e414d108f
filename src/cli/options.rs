//! Options of a manifest: numbered where there are several of one, and read again where shards are merged.

use std::str::FromStr;

use portflow::report::Manifest;

use super::failure::WrongInput;

/// Options for values that are given in an order: they are numbered.
pub(super) fn number(
    name: &'static str,
    values: impl Iterator<Item = String>,
) -> impl Iterator<Item = (String, String)> {
    (1..)
        .zip(values)
        .map(move |(place, value)| (format!("{name} {place}"), value))
}

/// Those values, read again.
pub(super) fn numbered(manifest: &Manifest, name: &str) -> impl Iterator<Item = String> {
    (1..).map_while(move |place| manifest.options.get(&format!("{name} {place}")).cloned())
}

/// An option of the manifest of shards, read again; `None` where it was not given.
pub(super) fn option<T: FromStr>(manifest: &Manifest, name: &str) -> Result<Option<T>, WrongInput> {
    let told = manifest.option(name).map(|value| {
        let wrong = |_| {
            WrongInput(format!(
                "the manifest of the shards is damaged: its option `{name}` cannot be `{value}`; run them again"
            ))
        };
        value.parse().map_err(wrong)
    });
    told.transpose()
}

/// The same of one that these shards always have.
pub(super) fn needed<T: FromStr>(manifest: &Manifest, name: &str) -> Result<T, WrongInput> {
    option(manifest, name)?.ok_or_else(|| {
        WrongInput(format!(
            "the manifest of the shards is damaged: its option `{name}` is missing; run them again"
        ))
    })
}
