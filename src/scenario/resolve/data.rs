//! The CSV files that a scenario names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::monthly::MonthlyTable;
use crate::scenario::diagnostics::Problems;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::origin::{Files, SourceFile};
use crate::scenario::tree::text::{self, Text};
use crate::scenario::tree::texts::Texts;

/// The CSV files that were read, by their paths, and their texts by name.
#[derive(Debug)]
pub(crate) struct Data {
    source: Texts,
    /// The text of each file, by the name under which it is kept beside a resolved scenario.
    pub(crate) texts: BTreeMap<String, String>,
    read: BTreeMap<PathBuf, (String, Option<MonthlyTable>)>,
}

impl Data {
    /// Nothing yet; files come from `source`.
    pub(crate) fn new(source: Texts) -> Self {
        Self {
            source,
            texts: BTreeMap::new(),
            read: BTreeMap::new(),
        }
    }

    /// Reads the table that a key names; every file is read once.
    ///
    /// Gives the name under which the file is kept, and its table where it could be read.
    pub(crate) fn read(
        &mut self,
        key: &KeyPath,
        document: &Node,
        files: &mut Files,
        problems: &mut Problems,
    ) -> Option<(String, MonthlyTable)> {
        let node = document.get(key)?;
        let given = node.as_text()?;
        let directory = &files.get(node.origin.file).directory;
        let path = directory.join(given);
        let known = match self.read.get(&path) {
            Some(known) => known.clone(),
            None => match self.source.read(&path) {
                Ok(file) => self.keep(&path, file.text.clone(), files, problems),
                Err(error) => {
                    let rule = "paths are relative to the file that names them";
                    let (message, help) = text::unreadable_from(&path, directory, &error, rule);
                    let message = format!("`{key}`: {message}");
                    problems.report(document, key, message, help);
                    return None;
                }
            },
        };
        Some((known.0, known.1?))
    }

    fn keep(
        &mut self,
        path: &Path,
        text: Text,
        files: &mut Files,
        problems: &mut Problems,
    ) -> (String, Option<MonthlyTable>) {
        let Text { text, broken } = text;
        let name = self.name(path, &text);
        let file = files.add(SourceFile {
            name: path.display().to_string(),
            directory: PathBuf::new(),
            text: text.clone(),
        });
        let parsed = match broken {
            Some(place) => Err(text::not_utf8(file, place)),
            None => MonthlyTable::parse(&text, file),
        };
        let table = match parsed {
            Ok(table) => Some(table),
            Err(problem) => {
                problems.add(problem);
                None
            }
        };
        self.texts.insert(name.clone(), text);
        self.read
            .insert(path.to_path_buf(), (name.clone(), table.clone()));
        (name, table)
    }

    /// The file's own name in the folder `data`, and a number before it where other data has that name already.
    fn name(&self, path: &Path, text: &str) -> String {
        let own = path.file_name().unwrap_or_default().to_string_lossy();
        let numbered = (2..).map(|number| format!("{number}-{own}"));
        std::iter::once(own.clone().into_owned())
            .chain(numbered)
            .map(|name| format!("data/{name}"))
            .find(|name| self.texts.get(name).is_none_or(|known| known == text))
            .unwrap_or_default()
    }
}
