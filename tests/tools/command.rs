//! A command that has ended, with what it printed and its exit status; and what tests read of tables and documents.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_portflow");

/// A row of a table, by the names of its columns.
pub(crate) type Row = BTreeMap<String, String>;

/// What a command left. Where it is not what was expected, the panic shows all of it.
#[must_use = "say what is expected of it"]
pub(crate) struct Finished {
    /// What was asked; nothing where the test began it by itself.
    args: Vec<String>,
    /// `None` where a signal ended it.
    status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The program, to be begun in a directory.
pub(crate) fn command(directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(directory).args(args);
    command
}

/// The program, to be begun in a directory by a shell that has done something before.
#[cfg(unix)]
pub(crate) fn command_after(shell: &str, directory: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let script = format!("{shell}; exec \"$0\" \"$@\"");
    command
        .current_dir(directory)
        .args(["-c", &script, PROGRAM])
        .args(args);
    command
}

/// Runs the program in a directory.
pub(crate) fn portflow(directory: &Path, args: &[&str]) -> Finished {
    let output = command(directory, args).output().unwrap();
    Finished {
        args: args.iter().map(|&arg| arg.to_owned()).collect(),
        ..output.into()
    }
}

impl From<Output> for Finished {
    fn from(output: Output) -> Self {
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        Self {
            args: Vec::new(),
            status: output.status.code(),
            stdout,
            stderr,
        }
    }
}

impl fmt::Display for Finished {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            args,
            status,
            stdout,
            stderr,
        } = self;
        let args = args.join(" ");
        write!(
            out,
            "`portflow {args}` ended with {status:?}\n{stdout}{stderr}"
        )
    }
}

impl Finished {
    /// What it printed: it did all that was asked.
    #[track_caller]
    pub(crate) fn succeeded(&self) -> String {
        self.ended_with(0);
        self.stdout.clone()
    }

    /// The JSON that it printed: it did all that was asked.
    #[track_caller]
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&self.succeeded()).unwrap()
    }

    /// What it said beside its results: it did all that was asked.
    #[track_caller]
    pub(crate) fn warnings(&self) -> String {
        self.ended_with(0);
        self.stderr.clone()
    }

    /// What it said: something failed, or somebody stopped it.
    #[track_caller]
    pub(crate) fn failed(&self) -> String {
        self.ended_with(1);
        self.stderr.clone()
    }

    /// Something failed, which is said in these words and maybe others.
    #[track_caller]
    pub(crate) fn failed_for(&self, reason: &str) {
        self.ended_for(1, reason);
    }

    /// What it said: the input is wrong.
    #[track_caller]
    pub(crate) fn refused(&self) -> String {
        self.ended_with(2);
        self.stderr.clone()
    }

    /// The input is wrong, which is said in these words and maybe others.
    #[track_caller]
    pub(crate) fn refused_for(&self, reason: &str) {
        self.ended_for(2, reason);
    }

    #[track_caller]
    fn ended_with(&self, status: i32) {
        assert_eq!(self.status, Some(status), "{self}");
    }

    #[track_caller]
    fn ended_for(&self, status: i32, reason: &str) {
        let is_as_expected = self.status == Some(status) && self.stderr.contains(reason);
        assert!(is_as_expected, "not {status}, `{reason}`: {self}");
    }
}

/// The rows of a table in CSV.
pub(crate) fn rows(table: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

/// The JSON of a file.
pub(crate) fn json_of(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
