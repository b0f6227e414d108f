//! Which value of the command line is behind a mistake that shows in a file.

use super::overrides::Override;
use crate::scenario::diagnostics::{Diagnostics, Problem};
use crate::scenario::origin::Files;

/// Names, in every problem of a file that is not there without the values laid over it, the first of them with which it is.
///
/// `wrong_with` gives what is wrong with the first of the values only.
pub(crate) fn name_the_value(
    wrong: &mut Diagnostics,
    values: &[Override],
    wrong_with: impl Fn(&[Override]) -> Diagnostics,
) {
    let without = wrong_with(&[]);
    let files = &wrong.files;
    let mut unexplained: Vec<&mut Problem> = (wrong.problems.iter_mut())
        .filter(|problem| is_of_a_file_of(&without.files, files, problem))
        .filter(|problem| !without.has(files, problem))
        .collect();
    for (given, value) in (1..).zip(values) {
        if unexplained.is_empty() {
            break;
        }
        let with = wrong_with(&values[..given]);
        for problem in unexplained.extract_if(.., |problem| with.has(files, problem)) {
            problem.message = format!("{} {value}: {}", Files::SET, problem.message);
        }
    }
}

/// Whether a problem lies in one of the files that are read in any case; what is wrong in one that only a value names is its own mistake.
fn is_of_a_file_of(read: &Files, files: &Files, problem: &Problem) -> bool {
    problem.origin.as_ref().is_some_and(|origin| {
        let name = &files.get(origin.file).name;
        !files.is_set(origin.file) && read.names().any(|known| known == name)
    })
}
