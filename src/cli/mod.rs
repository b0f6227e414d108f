//! The command line: a file for each subcommand, and what they share. The only place that knows clap and the terminal.
//!
//! - `args`: flags of several commands, and how a manifest keeps them.
//! - `inputs`: what is simulated: scenarios, futures, what a design is laid over, the runs of an earlier calibration.
//! - `study`: what an experiment is, and how it is carried out, kept and printed.
//! - `compare`, `validate` and `calibrate` have a folder beside them for what is theirs alone.
//! - `failure`: how a failure is said, and the exit status that it has.
//!
//! A command imports from `args`, `inputs` and `study`, and none of these from a command.
//!
//! stdout carries results, stderr the rest; exit status 0 fine, 1 failed, 2 wrong input.

use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

mod args;
mod calibrate;
mod check;
mod compare;
mod diff;
mod explain;
mod failure;
mod inputs;
mod merge;
mod new;
mod run;
mod schema;
mod sensitivity;
mod show;
mod study;
mod sweep;
mod validate;

/// Simulates an appointment-gated border: arrivals, a daily allocation of slots, ports of entry and irregular crossings.
#[derive(Debug, Parser)]
#[command(
    version,
    arg_required_else_help = true,
    after_help = "Exit status: 0 fine, 1 failed, 2 wrong input (a mistake in a file or on the command line; nothing is written). A --precision that is not reached is \
        no failure: a sentence under the table, and `reached` in JSON, say whether it is."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::RunArgs),
    Compare(compare::CompareArgs),
    Sweep(sweep::SweepArgs),
    Sensitivity(sensitivity::SensitivityArgs),
    Calibrate(calibrate::CalibrateArgs),
    Validate(validate::ValidateArgs),
    Merge(merge::MergeArgs),
    Check(check::CheckArgs),
    Show(show::ShowArgs),
    Diff(diff::DiffArgs),
    Explain(explain::ExplainArgs),
    New(new::NewArgs),
    Schema(schema::SchemaArgs),
}

/// The command line as it was given; clap ends the process where it is wrong.
fn parsed() -> Cli {
    // A number below 0 is no flag: whoever reads the value says what is wrong with it.
    let command = Cli::command().mut_subcommands(|command| {
        command.mut_args(|arg| match arg.get_action() {
            ArgAction::Set | ArgAction::Append => arg.allow_negative_numbers(true),
            _ => arg,
        })
    });
    let matches = command.try_get_matches();
    let matches = matches.unwrap_or_else(|error| with_tip(error).exit());
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// Says which commands choose figures, where one that does not is given `--metric`.
fn with_tip(mut error: clap::Error) -> clap::Error {
    const TIP: &str = "'--metric' is of 'compare', 'sweep' and 'sensitivity'; 'run --format json' prints every figure";
    let is_metric = matches!(
        error.get(ContextKind::InvalidArg),
        Some(ContextValue::String(arg)) if arg == "--metric"
    );
    if error.kind() == ErrorKind::UnknownArgument && is_metric {
        let tip = ContextValue::StyledStrs(vec![StyledStr::from(TIP)]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

/// Parses the command line, runs the command and turns its failure into text and an exit status.
pub(crate) fn main() -> ExitCode {
    let outcome = match parsed().command {
        Command::Run(args) => run::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Sweep(args) => sweep::run(&args),
        Command::Sensitivity(args) => sensitivity::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Merge(args) => merge::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::New(args) => new::run(&args),
        Command::Schema(args) => schema::run(&args),
    };
    outcome.unwrap_or_else(|error| failure::report(&error))
}
