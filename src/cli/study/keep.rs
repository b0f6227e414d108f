//! What is made of an experiment, kept in its place with what it came from, and printed.

use std::io::{self, BufWriter, Write};

use anyhow::Context;
use portflow::store::files::{MANIFEST, POSTERIOR, RESOLVED};
use portflow::store::{JournalFate, Manifest, ResultsDir};

use crate::cli::args::output::OutArgs;
use crate::cli::failure;
use crate::cli::study::Study;

/// What could not be done where results cannot be kept.
pub(crate) const WRITE: &str = "cannot write the results";
const WRITE_ELSEWHERE: &str = "cannot write what was asked for beside the results";

/// Keeps the results in their place, and prints them.
pub(crate) fn finish<S: Study>(
    study: &S,
    gathered: &mut S::Gathered,
    manifest: &Manifest,
    directory: Option<ResultsDir>,
    fate: JournalFate,
    out: &OutArgs,
) -> anyhow::Result<()> {
    let is_kept = directory.is_some();
    if let Some(directory) = directory {
        let kept = keep_provenance(study, manifest, &directory)
            .and_then(|()| study.write(gathered, manifest, &directory));
        kept.with_context(|| out.told(WRITE))?;
        let written = study.write_elsewhere(gathered, manifest);
        written.with_context(|| out.told(WRITE_ELSEWHERE))?;
        directory.publish(fate)?;
    }
    let printed = if study.has_results(gathered) {
        let mut stdout = BufWriter::new(io::stdout().lock());
        let printed = study.print(gathered, manifest, &mut stdout);
        printed.and_then(|()| stdout.flush())
    } else {
        Ok(())
    };
    if !is_kept {
        study.write_elsewhere(gathered, manifest)?;
    }
    failure::printed(printed)
}

/// Writes the manifest, the posterior and the scenarios, each beside the data that it names.
pub(crate) fn keep_provenance<S: Study>(
    study: &S,
    manifest: &Manifest,
    directory: &ResultsDir,
) -> io::Result<()> {
    directory.write(MANIFEST, |to| writeln!(to, "{}", manifest.to_json()))?;
    if let Some(posterior) = study.posterior() {
        directory.write(POSTERIOR, |to| to.write_all(posterior.text().as_bytes()))?;
    }
    let scenarios = study.scenarios();
    let is_alone = scenarios.len() == 1;
    for (folder, loaded) in scenarios {
        let folder = if is_alone { "" } else { folder };
        let resolved = loaded.resolved_toml();
        let files = std::iter::once((RESOLVED, &resolved))
            .chain(loaded.data.iter().map(|(name, text)| (name.as_str(), text)));
        for (name, text) in files {
            directory.write(&in_folder(folder, name), |to| to.write_all(text.as_bytes()))?;
        }
    }
    Ok(())
}

/// A file's name in a folder; an empty folder is the directory itself.
pub(crate) fn in_folder(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}
