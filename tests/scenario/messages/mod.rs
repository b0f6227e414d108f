//! What is said of mistakes that are easily made: one mistake, one message, and a remedy that is right.

mod events;
mod keys;
mod values;

use crate::tools::Files;

/// What is said of a file that is wrong.
fn wrong(text: &str) -> String {
    let files = Files::new(&[("a.toml", text)]);
    files.load("a.toml", &[]).unwrap_err().to_string()
}

/// Each text is wrong in one way only, of which this is said.
fn assert_wrong_once<const N: usize>(cases: [(&str, &str); N]) {
    for (text, said) in cases {
        let wrong = wrong(text);
        assert!(wrong.contains(said), "{text}\n{said}\n{wrong}");
        assert_eq!(wrong.matches(": error: ").count(), 1, "{text}\n{wrong}");
    }
}
