//! `portflow sweep FILE --set KEY=A..B:N…`: a scenario at every point of a design.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use portflow::experiment::{Plan, Points, Responses};
use portflow::report::sweep::{self, Swept};
use portflow::scenario::experiment_file::Design;
use portflow::store::options::{DESIGN, FUTURES, POINTS};
use portflow::store::{Manifest, ResultsDir, files};

use crate::cli::args::input::{Format, at_least_one};
use crate::cli::args::options;
use crate::cli::args::posterior::PosteriorArgs;
use crate::cli::failure::WrongInput;
use crate::cli::inputs::futures;
use crate::cli::inputs::subject::{Subject, SubjectArgs};
use crate::cli::study::at_points::{AtPoints, HowArgs, Told};

/// Try values of any keys: every combination of levels, or points that fill their ranges, all on the same people
#[derive(Debug, Args)]
pub(crate) struct SweepArgs {
    #[command(flatten)]
    subject: SubjectArgs,
    /// How points are chosen: grid, latin or sobol [default: that of the experiment file, or grid]
    #[arg(long, value_name = "DESIGN")]
    design: Option<Design>,
    /// Number of points of a latin or sobol design
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    points: Option<NonZeroU32>,
    /// Futures of what `[futures]` calls uncertain, alike at every point, each with -r replications (2 unless given, here or in an experiment file): tells how much
    /// of the spread is the world's and how much is chance [default: every replication has a future of its own; 20 with --posterior]
    #[arg(long, value_name = "F", value_parser = at_least_one::<NonZeroU32>)]
    futures: Option<NonZeroU32>,
    #[command(flatten)]
    posterior: PosteriorArgs,
    #[command(flatten)]
    how: HowArgs,
}

/// Runs the command; the status is 1 when a simulation failed or somebody stopped the sweep.
pub(crate) fn run(args: &SweepArgs) -> anyhow::Result<ExitCode> {
    let mut subject = args.subject.load(&args.posterior)?;
    let mut plan = subject.plan(&args.how.replication);
    let posterior = subject.posterior.as_ref();
    let futures = args
        .futures
        .or(posterior.map(|_| futures::usual(posterior)));
    if let Some(futures) = futures {
        if subject.drawn.is_empty() {
            let uncertain = futures::uncertain(subject.scenarios.base(), posterior);
            return Err(futures::nothing_drawn(&uncertain).into());
        }
        let each = args.how.replication.replications;
        let each = each.or_else(|| subject.replications());
        subject.per_future = each.unwrap_or(futures::REPLICATIONS);
        plan.replications = futures::all_replications(futures, subject.per_future)?;
    }
    let design = args.design.or(subject.design).unwrap_or_default();
    let number = args.points.map(NonZeroU32::get);
    let number = match design {
        Design::Grid if number.is_some() => {
            let message = "a grid has a point for each combination of levels; --points is for --design latin or sobol";
            return Err(WrongInput(message.to_owned()).into());
        }
        Design::Grid => None,
        Design::Latin | Design::Sobol => number.or(subject.points),
    };
    let points = points(&subject, design, number, plan.seed)?;
    let mut asked = subject.manifest("sweep", &plan, points.len())?;
    asked.add_options([(DESIGN, design.name().to_owned())]);
    asked.add_options(number.map(|number| (POINTS, number.to_string())));
    asked.add_options(futures.map(|futures| (FUTURES, futures.to_string())));
    args.how.conduct(subject, points, &plan, asked, Response)
}

fn points(
    subject: &Subject,
    design: Design,
    number: Option<u32>,
    seed: u64,
) -> Result<Points, WrongInput> {
    if subject.axes.is_empty() {
        let message = "there is nothing to sweep: name a key and its values, as in --set policy.app.random_share=0..1:5; `portflow compare BASE VARIANT` compares scenarios as they are";
        return Err(WrongInput(message.to_owned()));
    }
    let axes = &subject.axes;
    let number = || {
        let message = format!("--design {} needs --points N", design.name());
        number.ok_or(WrongInput(message))
    };
    let points = match design {
        Design::Grid => Points::grid(axes),
        Design::Latin => Points::latin(axes, number()?, seed),
        Design::Sobol => Points::sobol(axes, number()?, seed),
    };
    points.map_err(|error| WrongInput(error.to_string()))
}

/// The sweep that a manifest is of.
pub(crate) fn again(
    manifest: &Manifest,
    mut subject: Subject,
    plan: &Plan,
    format: Format,
) -> anyhow::Result<AtPoints<Response>> {
    if let Some(futures) = options::option::<NonZeroU32>(manifest, FUTURES)? {
        let each = NonZeroU32::new(plan.replications.get() / futures);
        subject.per_future = each.context("the manifest has more futures than replications")?;
    }
    let design = options::needed(manifest, DESIGN)?;
    let number = options::option(manifest, POINTS)?;
    let points = points(&subject, design, number, plan.seed)?;
    Ok(AtPoints {
        sweep: subject.sweep(points, plan)?,
        told: Response,
        format,
    })
}

/// The response to the inputs, point by point.
pub(crate) struct Response;

impl Told for Response {
    type Made = ();

    fn made(&self, _: &Responses) {}

    fn write(&self, (): &(), swept: &Swept<'_>, directory: &ResultsDir) -> io::Result<()> {
        directory.write(files::POINTS, |to| sweep::points(swept, to))?;
        directory.write(files::WATCHED, |to| sweep::watched(swept, to))
    }

    fn print(
        &self,
        (): &(),
        swept: &Swept<'_>,
        format: Format,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        match format {
            Format::Table => sweep::table(swept, to),
            Format::Json => sweep::json(swept, to),
            Format::Csv => sweep::points(swept, to),
        }
    }
}
