//! `portflow sensitivity FILE`: which inputs matter.

use std::io::{self, Write};
use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Args;
use portflow::experiment::{Analysis, Indices, Input, Method, Plan, Responses};
use portflow::report::sensitivity::{self, Sensed};
use portflow::report::sweep::{self, Swept};
use portflow::sensitivity::OutcomeError;
use portflow::store::options::{METHOD, POINTS};
use portflow::store::{Manifest, ResultsDir, files};

use crate::cli::args::input::{Format, at_least_one};
use crate::cli::args::options;
use crate::cli::args::posterior::PosteriorArgs;
use crate::cli::failure::WrongInput;
use crate::cli::inputs::subject::{Subject, SubjectArgs};
use crate::cli::study::at_points::{AtPoints, HowArgs, Told};

/// Find out which inputs matter: those of --set, or the uncertain numbers of the file's [futures]
#[derive(Debug, Args)]
pub(crate) struct SensitivityArgs {
    #[command(flatten)]
    subject: SubjectArgs,
    /// morris (which inputs matter at all) or sobol (the share of the variance that each explains, for many more points)
    #[arg(long, value_name = "METHOD", default_value = "morris")]
    method: Method,
    /// Morris: trajectories, each of one point more than there are inputs. Sobol': rows, each of two points more than there are inputs [default: `points`
    /// of an experiment file, or 20 or 256]. Of fewer than 10 trajectories or 32 rows no input is told to matter or not. The `design` of an experiment file is for sweep alone
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    points: Option<NonZeroU32>,
    #[command(flatten)]
    how: HowArgs,
}

/// Runs the command; the status is 1 when a simulation failed or somebody stopped the analysis.
pub(crate) fn run(args: &SensitivityArgs) -> anyhow::Result<ExitCode> {
    let subject = args.subject.load(&PosteriorArgs::default())?.of_what_acts();
    if let Some((variant, _)) = subject.scenarios.variants().next() {
        let message = format!(
            "a sensitivity analysis is of one scenario; the experiment has variants, such as {variant}"
        );
        return Err(WrongInput(message).into());
    }
    let plan = subject.plan(&args.how.replication);
    let asked = args.points.map(NonZeroU32::get).or(subject.points);
    let number = asked.unwrap_or(args.method.usual_points());
    let analysis = analysis(&subject, args.method, number, plan.seed)?;
    let points = analysis.points();
    let options = [
        (METHOD, args.method.name().to_owned()),
        (POINTS, number.to_string()),
    ];
    let mut asked = subject.manifest("sensitivity", &plan, points.len())?;
    asked.add_options(options);
    args.how
        .conduct(subject, points, &plan, asked, Matter(analysis))
}

/// The analysis that a manifest is of.
pub(crate) fn again(
    manifest: &Manifest,
    subject: Subject,
    plan: &Plan,
    format: Format,
) -> anyhow::Result<AtPoints<Matter>> {
    let method = options::needed(manifest, METHOD)?;
    let number = options::needed(manifest, POINTS)?;
    let analysis = analysis(&subject, method, number, plan.seed)?;
    Ok(AtPoints {
        sweep: subject.sweep(analysis.points(), plan)?,
        told: Matter(analysis),
        format,
    })
}

fn analysis(
    subject: &Subject,
    method: Method,
    number: u32,
    seed: u64,
) -> Result<Analysis, WrongInput> {
    let inputs: Vec<Input> = if subject.axes.is_empty() {
        subject.uncertain().cloned().map(Input::Uncertain).collect()
    } else {
        subject.axes.iter().cloned().map(Input::Axis).collect()
    };
    if inputs.is_empty() {
        let message = "there is nothing to vary: name a key and its range, as in --set policy.app.random_share=0..1, or give numbers that act in this run a range in [futures]";
        return Err(WrongInput(message.to_owned()));
    }
    Analysis::new(method, number, inputs, seed).map_err(|error| WrongInput(error.to_string()))
}

/// How much each input matters.
pub(crate) struct Matter(Analysis);

impl Matter {
    fn sensed<'a>(
        &'a self,
        indices: &'a [Result<Indices, OutcomeError>],
        swept: &Swept<'a>,
    ) -> Sensed<'a> {
        Sensed {
            manifest: swept.manifest,
            analysis: &self.0,
            responses: swept.responses,
            indices,
        }
    }
}

impl Told for Matter {
    /// The indices of each figure, with their intervals.
    type Made = Vec<Result<Indices, OutcomeError>>;

    fn made(&self, responses: &Responses) -> Self::Made {
        self.0.of_responses(responses)
    }

    fn write(
        &self,
        indices: &Self::Made,
        swept: &Swept<'_>,
        directory: &ResultsDir,
    ) -> io::Result<()> {
        let sensed = self.sensed(indices, swept);
        directory.write(files::INDICES, |to| sensitivity::csv(&sensed, to))?;
        directory.write(files::WATCHED, |to| sweep::watched(swept, to))
    }

    fn print(
        &self,
        indices: &Self::Made,
        swept: &Swept<'_>,
        format: Format,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let sensed = self.sensed(indices, swept);
        match format {
            Format::Table => sensitivity::table(&sensed, to),
            Format::Json => sensitivity::json(&sensed, to),
            Format::Csv => sensitivity::csv(&sensed, to),
        }
    }
}
