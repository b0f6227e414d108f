//! Which benches are asked for, in a bench that criterion does not run.

use std::env;

/// Whether a bench is asked for: its name has the word given to `cargo bench -- WORD`, if one is.
pub(crate) fn is_asked(name: &str) -> bool {
    let mut words = env::args().skip(1).filter(|word| !word.starts_with('-'));
    words.next().is_none_or(|word| name.contains(&word))
}
