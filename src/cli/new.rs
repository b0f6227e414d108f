//! `portflow new`: a file to start from.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use portflow::scenario;

use crate::cli::failure::{self, WrongInput};

/// Start a scenario file in which every key is explained; never overwrites
#[derive(Debug, clap::Args)]
pub(crate) struct NewArgs {
    /// File to write
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Scenario file to inherit from, relative to FILE
    #[arg(long, value_name = "BASE")]
    extends: Option<String>,
}

pub(crate) fn run(args: &NewArgs) -> anyhow::Result<ExitCode> {
    let name = args.file.display();
    if let Some(base) = &args.extends {
        let base = args.file.with_file_name(base);
        fs::read(&base).map_err(|error| {
            let (base, why) = (base.display(), failure::why(&error));
            let message = format!(
                "--extends: cannot read {base}: {why}; the name is relative to FILE, {name}"
            );
            WrongInput(message)
        })?;
    }
    let mut file = match File::create_new(&args.file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(WrongInput(format!("{name} exists, and is left as it is")).into());
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(
                WrongInput(format!("cannot write {name}: there is no such directory")).into(),
            );
        }
        created => created.with_context(|| format!("cannot write {name}"))?,
    };
    let template = scenario::template(args.extends.as_deref());
    let written = file.write_all(template.as_bytes()).inspect_err(|_| {
        // A part of a template would pass for a file. The first error is the one to report.
        let _ = fs::remove_file(&args.file);
    });
    written.with_context(|| format!("cannot write {name}"))?;
    Ok(ExitCode::SUCCESS)
}
