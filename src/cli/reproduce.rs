//! The command that does one replication of a scenario again.

use portflow::scenario::Loaded;

/// `portflow run FILE --set … --seed S --replication K`, as a POSIX shell takes it.
pub(crate) fn command(loaded: &Loaded, seed: u64, replication: u32) -> String {
    let mut words = vec![
        "portflow".to_owned(),
        "run".to_owned(),
        quoted(&loaded.path().to_string_lossy()),
    ];
    for (key, value) in loaded.overrides() {
        words.extend(["--set".to_owned(), quoted(&format!("{key}={value}"))]);
    }
    words.push(format!("--seed {seed} --replication {replication}"));
    words.join(" ")
}

/// A word for the shell: in single quotes unless every character stands for itself.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./=,:+@%".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_shell_would_read_otherwise_is_quoted() {
        for (word, expected) in [
            ("run.end=2024-06-30", "run.end=2024-06-30"),
            ("a b.toml", "'a b.toml'"),
            (r#"title="x""#, r#"'title="x"'"#),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
