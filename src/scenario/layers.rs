//! Lays values over others: a scenario file over what it extends, and a `--set` over both.
//!
//! A file goes key by key ([`merge`]) and replaces whole what [`whole`] names; a `--set` goes to its path alone ([`overrides`]). What both
//! do is in one place: a value remembers the one that it replaced ([`Node::replace`]), and that one's source is dropped ([`sources`]).

pub(super) mod blame;
mod merge;
mod newcomers;
pub(super) mod overrides;
pub(super) mod sources;
pub(super) mod whole;

use std::io;
use std::path::{Path, PathBuf};

use super::diagnostics::{Problem, Problems};
use super::key_path::KeyPath;
use super::node::{Entry, Node, Table, Value};
use super::origin::{Files, Origin, SourceFile};
use super::tree::document;
use super::tree::dotted;
use super::tree::paths::plain;
use super::tree::text;
use super::tree::texts::Texts;

/// The merged tree of a file and of what it extends.
///
/// `None` when the named file itself cannot be read.
pub(super) fn read(
    path: &Path,
    texts: &Texts,
    files: &mut Files,
    problems: &mut Problems,
) -> Option<Node> {
    let mut layers = Vec::new();
    let mut chain: Vec<(PathBuf, String)> = Vec::new();
    let mut next: Option<(PathBuf, Option<Origin>)> = Some((path.to_path_buf(), None));
    let mut directory = PathBuf::new();
    while let Some((path, named_at)) = next.take() {
        let known = match texts.read(&path) {
            Ok(known) => known,
            Err(error) => {
                let named_at = named_at.map(|origin| (origin, directory));
                problems.add_fatal(unreadable(&plain(&path), &error, named_at));
                break;
            }
        };
        // The file of the command line is called as it was named there.
        let path = named_at.as_ref().map_or(path, |_| known.plain.clone());
        let name = path.display().to_string();
        let is_cycle = chain.iter().any(|(before, _)| *before == known.identity);
        chain.push((known.identity.clone(), name.clone()));
        if is_cycle {
            problems.add_fatal(cycle(&chain, named_at.as_ref()));
            break;
        }
        directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let file = files.add(SourceFile {
            name,
            directory: directory.clone(),
            text: known.text.text.clone(),
        });
        if let Some(place) = known.text.broken {
            problems.add_fatal(text::not_utf8(file, place));
            break;
        }
        let mut layer = document::parse(&files.get(file).text, file, problems);
        dotted::normalise(&KeyPath::default(), &mut layer, problems);
        if let Some(extends) = take_extends(&mut layer, problems)
            && let Some(base) = extends.as_text()
        {
            next = Some((directory.join(base), Some(extends.origin.clone())));
        }
        layers.push(layer);
    }
    if layers.is_empty() {
        return None;
    }
    let mut document = nothing();
    for layer in layers.into_iter().rev() {
        merge::merge(&mut document, layer, problems);
    }
    Some(document)
}

/// The empty file under every scenario: it has no events and no triggers.
fn nothing() -> Node {
    let origin = Origin::new(Files::MAIN, 0..0);
    let empty = |key: &str| Entry {
        key: key.to_owned(),
        key_origin: origin.clone(),
        node: Node::new(Value::List(Vec::new()), origin.clone()),
    };
    let table = Table(vec![empty("event"), empty("trigger")]);
    Node::new(Value::Table(table), origin)
}

/// Takes the base's name out of a layer; anything but a text stays there, and is reported with the other values.
fn take_extends(layer: &mut Node, problems: &mut Problems) -> Option<Node> {
    let table = layer.as_table_mut()?;
    let name = table.get("extends")?.as_text()?;
    let is_empty = name.trim().is_empty();
    let extends = table.remove("extends")?.node;
    if is_empty {
        let problem = of_extends(Some(&extends.origin), "`extends` names no file".to_owned());
        problems
            .add_fatal(problem.help("name the file that this one extends, or take the key out"));
        return None;
    }
    Some(extends)
}

/// That a file cannot be read; one that another names goes with its place there and the directory of that other.
fn unreadable(path: &Path, error: &io::Error, named_at: Option<(Origin, PathBuf)>) -> Problem {
    let Some((origin, directory)) = named_at else {
        let (message, help) = text::unreadable(path, error, None);
        return Problem {
            help,
            ..of_extends(None, message)
        };
    };
    let rule = "`extends` is relative to the file that names it";
    let (message, help) = text::unreadable_from(path, &directory, error, rule);
    of_extends(Some(&origin), message).help(help)
}

fn cycle(chain: &[(PathBuf, String)], named_at: Option<&Origin>) -> Problem {
    let names: Vec<&str> = chain.iter().map(|(_, name)| name.as_str()).collect();
    let message = format!("a file extends itself: {}", names.join(" -> "));
    of_extends(named_at, message).help("take one `extends` of the circle out")
}

/// An error where a file is named, or nowhere where it is the command line that names it.
fn of_extends(named_at: Option<&Origin>, message: String) -> Problem {
    let path = KeyPath::parse("extends");
    match named_at {
        Some(origin) => Problem::error(&path, origin, message),
        None => Problem::without_place(&path, message),
    }
}
