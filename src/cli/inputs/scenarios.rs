//! The scenarios of a command: a base and its variants, by name.

use std::collections::BTreeMap;
use std::path::Path;

use portflow::experiment::Plan;
use portflow::scenario::Loaded;
use portflow::store::files::JOURNAL;
use portflow::store::options::BASE;
use portflow::store::{Manifest, manifest};

use crate::cli::failure;

/// A base and its variants; there may be none of these.
pub(crate) struct Scenarios {
    /// What each is called in results.
    pub(crate) names: Vec<String>,
    /// The scenarios, in the order of their names: the base, then its variants.
    pub(crate) loaded: Vec<Loaded>,
}

impl Scenarios {
    /// Scenarios that are called by their files.
    pub(crate) fn of_files(loaded: Vec<Loaded>) -> Self {
        let files: Vec<&Path> = loaded.iter().map(Loaded::path).collect();
        Self {
            names: names(&files),
            loaded,
        }
    }

    /// The scenario that the others are held against.
    pub(crate) fn base(&self) -> &Loaded {
        &self.loaded[0]
    }

    /// Says whose seed is not used: all are run with one, on the same people.
    pub(crate) fn say_other_seeds(&self) {
        let seed = |loaded: &Loaded| loaded.scenario.run.seed;
        let of_base = seed(self.base());
        for (name, loaded) in self.variants().filter(|(_, it)| seed(it) != of_base) {
            failure::say(&format!(
                "warning: the seed {} of `{name}` is not used: all scenarios have that of the base, {of_base}, and so the same people",
                seed(loaded)
            ));
        }
    }

    /// All with their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Loaded)> {
        self.names.iter().map(String::as_str).zip(&self.loaded)
    }

    /// All but the base with their names.
    pub(crate) fn variants(&self) -> impl Iterator<Item = (&str, &Loaded)> {
        self.iter().skip(1)
    }

    /// The manifest of what a command does with them; a scenario that is alone has no name in it.
    pub(crate) fn manifest(&self, command: &str, plan: &Plan) -> Manifest {
        let has_variants = self.loaded.len() > 1;
        let base = has_variants.then(|| (BASE.to_owned(), self.names[0].clone()));
        let variant = |(name, loaded): (&str, &Loaded)| manifest::Variant {
            name: name.to_owned(),
            title: loaded.scenario.title.clone(),
            digest: loaded.digest(),
        };
        Manifest {
            variants: self.variants().map(variant).collect(),
            options: base.into_iter().collect(),
            ..Manifest::new(command, self.base(), plan)
        }
    }
}

impl Scenarios {
    /// What some keys are called in the resolved file of each, where it is otherwise.
    pub(crate) fn resolved_keys(
        &self,
        keys: &[String],
    ) -> BTreeMap<String, BTreeMap<String, Option<String>>> {
        let is_alone = self.loaded.len() == 1;
        let of_scenario = |(name, loaded): (&str, &Loaded)| {
            let name = if is_alone { "" } else { name };
            (name.to_owned(), loaded.resolved_keys(keys))
        };
        let all = self.iter().map(of_scenario);
        all.filter(|(_, resolved)| !resolved.is_empty()).collect()
    }
}

/// Names of scenario files in results: their stems, numbered where two are the same on a file system without case, or where a file of the
/// results could be called so.
fn names(files: &[&Path]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let stem = file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let numbered = (2..).map(|number| format!("{stem}-{number}"));
        let name = std::iter::once(stem.clone()).chain(numbered).find(|name| {
            let lower = name.to_lowercase();
            let is_taken = names.iter().any(|taken| taken.to_lowercase() == lower);
            !is_taken && !is_of_results(&lower)
        });
        names.extend(name);
    }
    names
}

/// Whether a file of the results, or a directory above them, could have a name, which is in small letters.
fn is_of_results(name: &str) -> bool {
    if name.bytes().all(|byte| byte == b'.') {
        return true;
    }
    let kind = Path::new(name).extension().unwrap_or_default();
    name == JOURNAL
        || ["csv", "json", "toml"]
            .iter()
            .any(|of_results| kind == *of_results)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_scenario_is_called_like_a_file_of_the_results() {
        let files = [
            "a.toml",
            "b/a.toml",
            "journal.toml",
            "manifest.json.toml",
            "a.2.toml",
        ];
        let names = names(&files.map(Path::new));
        assert_eq!(names, ["a", "a-2", "journal-2", "manifest.json-2", "a.2"]);
    }

    #[test]
    fn scenarios_are_called_by_their_files() {
        let files = ["a/history.toml", "b/history.toml", "c.toml"].map(Path::new);
        assert_eq!(names(&files), ["history", "history-2", "c"]);
        let files = ["A.toml", "a.toml", "Journal.toml"].map(Path::new);
        assert_eq!(names(&files), ["A", "a-2", "Journal-2"]);
    }
}
