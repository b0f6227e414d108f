//! Paths of files as people write them.

use std::io;
use std::path::{Component, Path, PathBuf};

/// A path without `directory/..` in it, as people would write it: where a directory is a link, its `..` leads elsewhere, and stays.
pub(crate) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir if ends_in_directory(&plain) => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() {
        plain.push(Component::CurDir);
    }
    plain
}

/// A path as it is named from a directory. Both must exist.
pub(crate) fn relative(path: &Path, from: &Path) -> io::Result<PathBuf> {
    let (path, from) = (path.canonicalize()?, from.canonicalize()?);
    let common = (path.components().zip(from.components()))
        .take_while(|(one, other)| one == other)
        .count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    Ok(up.chain(path.components().skip(common)).collect())
}

fn ends_in_directory(path: &Path) -> bool {
    let has_name = matches!(path.components().next_back(), Some(Component::Normal(_)));
    has_name && path.symlink_metadata().is_ok_and(|it| it.is_dir())
}
