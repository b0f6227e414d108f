//! `portflow merge DIR… --out DIR`: join shards into the results of one experiment.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use portflow::experiment::tasks::journal;
use portflow::experiment::{Plan, Shard};
use portflow::record::Detail;
use portflow::report::comparison::By;
use portflow::scenario::{self, Loaded, Posterior};
use portflow::store::Manifest;
use portflow::store::directory::{is_unfinished, manifest_of};
use portflow::store::files::{JOURNAL, MANIFEST, RESOLVED};
use portflow::store::options::BASE;

use crate::cli::args::input::{Format, processors};
use crate::cli::args::output::{OutArgs, is_wrong};
use crate::cli::args::posterior;
use crate::cli::compare;
use crate::cli::failure::WrongInput;
use crate::cli::inputs::futures::Worlds;
use crate::cli::inputs::scenarios::Scenarios;
use crate::cli::inputs::subject::Subject;
use crate::cli::run;
use crate::cli::sensitivity;
use crate::cli::study::Study;
use crate::cli::study::join::join;
use crate::cli::study::keep::in_folder;
use crate::cli::study::replicated::Replicated;
use crate::cli::sweep;

/// Join the shards of an experiment: the same bytes as if it had been done in one piece
#[derive(Debug, clap::Args)]
#[command(mut_arg("out", |out| out.required(true)))]
pub(crate) struct MergeArgs {
    /// Directories of all its shards, in any order
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    #[command(flatten)]
    out: OutArgs,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Lines of the table of a comparison: metric, month, group, region or port [default: metric]
    #[arg(long, value_name = "LINES")]
    by: Option<By>,
}

pub(crate) fn run(args: &MergeArgs) -> anyhow::Result<ExitCode> {
    let shards = Shards::read(&args.shards)?;
    let command = shards.asked.command.as_str();
    if args.by.is_some() && command != "compare" {
        let message = format!("--by is of comparisons; these are shards of `{command}`");
        return Err(WrongInput(message).into());
    }
    match command {
        "run" => {
            let of = shards.replicated(Detail::Full)?;
            let run = run::again(&shards.asked, of, args.format)?;
            shards.join(&run, &args.out)
        }
        "compare" => {
            let of = shards.replicated(Detail::Summary)?;
            let compare = compare::again(&shards.asked, of, args.format, args.by)?;
            shards.join(&compare, &args.out)
        }
        "sweep" => {
            let (subject, plan) = (shards.subject()?, shards.plan()?);
            let sweep = sweep::again(&shards.asked, subject, &plan, args.format)?;
            shards.join(&sweep, &args.out)
        }
        "sensitivity" => {
            let (subject, plan) = (shards.subject()?, shards.plan()?);
            let analysis = sensitivity::again(&shards.asked, subject, &plan, args.format)?;
            shards.join(&analysis, &args.out)
        }
        command => {
            let message = format!("shards of `{command}` cannot be joined");
            Err(WrongInput(message).into())
        }
    }
}

/// All shards of an experiment, in their order.
struct Shards {
    /// What the whole is.
    asked: Manifest,
    directories: Vec<PathBuf>,
}

impl Shards {
    /// Reads the manifests of shards, each of which must be there once, and of the same experiment.
    fn read(directories: &[PathBuf]) -> anyhow::Result<Self> {
        let mut shards = Vec::new();
        for directory in directories {
            let (shard, manifest) = manifest(directory)?;
            check_journal(directory, shard, &manifest)?;
            shards.push((shard.index, shard.of, directory.clone(), manifest));
        }
        shards.sort_by_key(|&(index, ..)| index);
        let (_, of, first, asked) = shards[0].clone();
        for (place, (index, their_of, directory, manifest)) in (1..).zip(&shards) {
            if let Some(reason) = asked.difference(manifest) {
                return Err(WrongInput(format!(
                    "`{}` is no shard of the same experiment as `{}`: {reason}",
                    directory.display(),
                    first.display()
                ))
                .into());
            }
            if *their_of != of {
                return Err(WrongInput(format!(
                    "`{}` is one of {their_of} shards, `{}` one of {of}",
                    directory.display(),
                    first.display()
                ))
                .into());
            }
            if *index != place {
                let message = if *index < place {
                    format!(
                        "shard {index}/{of} is given twice: `{}`",
                        directory.display()
                    )
                } else {
                    format!("shard {place}/{of} is missing")
                };
                return Err(WrongInput(message).into());
            }
        }
        if shards.len() < of as usize {
            let missing = shards.len() + 1;
            return Err(WrongInput(format!("shard {missing}/{of} is missing")).into());
        }
        Ok(Self {
            asked,
            directories: shards
                .into_iter()
                .map(|(_, _, directory, _)| directory)
                .collect(),
        })
    }

    fn first(&self) -> &Path {
        &self.directories[0]
    }

    fn journals(&self) -> Vec<PathBuf> {
        self.directories
            .iter()
            .map(|shard| journal_of(shard))
            .collect()
    }

    fn plan(&self) -> anyhow::Result<Plan> {
        let plan = self.asked.plan(processors());
        plan.with_context(|| format!("`{}` does not say how it was made", self.first().display()))
    }

    fn join<S: Study>(&self, study: &S, out: &OutArgs) -> anyhow::Result<ExitCode> {
        join(study, &self.asked, &self.journals(), out)
    }

    /// The replications that the shards are of.
    fn replicated(&self, detail: Detail) -> anyhow::Result<Replicated> {
        let scenarios = self.scenarios()?;
        let worlds = Worlds::of(&self.asked, self.posterior(&scenarios)?, &scenarios)?;
        Ok(Replicated::new(scenarios, detail, self.plan()?, worlds))
    }

    /// What the sweep or sensitivity analysis that the shards are of is made on.
    fn subject(&self) -> anyhow::Result<Subject> {
        let scenarios = self.scenarios()?;
        let posterior = self.posterior(&scenarios)?;
        Subject::of(&self.asked, scenarios, posterior)
    }

    /// The posterior of the experiment, from the first shard.
    fn posterior(&self, scenarios: &Scenarios) -> anyhow::Result<Option<Posterior>> {
        posterior::of_results(&self.asked, self.first(), scenarios.base())
    }

    /// The base and its variants; one that is alone has no name and no folder.
    fn scenarios(&self) -> anyhow::Result<Scenarios> {
        let base = self.asked.option(BASE).unwrap_or_default();
        let base = (base, self.asked.digest.as_str());
        let variants = self.asked.variants.iter();
        let variants = variants.map(|variant| (variant.name.as_str(), variant.digest.as_str()));
        let all = std::iter::once(base).chain(variants);
        let all = all.map(|(name, digest)| Ok((name.to_owned(), self.scenario(name, digest)?)));
        let (names, loaded) = all.collect::<anyhow::Result<_>>()?;
        Ok(Scenarios { names, loaded })
    }

    /// A scenario of the experiment, from the first shard.
    fn scenario(&self, folder: &str, digest: &str) -> anyhow::Result<Loaded> {
        let path = self.first().join(in_folder(folder, RESOLVED));
        let mut loaded = scenario::load_results(&path)?;
        if loaded.digest() != digest {
            let message = format!("`{}` has been changed since it was run", path.display());
            return Err(WrongInput(message).into());
        }
        let resolved = self.asked.resolved_keys.get(folder);
        loaded.call_as_run(resolved.cloned().unwrap_or_default());
        Ok(loaded)
    }
}

/// Refuses a journal that is not that of the shard of an experiment.
fn check_journal(directory: &Path, shard: Shard, whole: &Manifest) -> anyhow::Result<()> {
    let path = journal_of(directory);
    if !path.exists() {
        return Err(WrongInput(format!(
            "`{}` is missing: without its journal a shard cannot be joined; put it back, or do the shard {shard} again",
            path.display()
        ))
        .into());
    }
    let subject = journal::subject(&path).map_err(|error| is_wrong(error.into()))?;
    let asked = Manifest {
        shard: Some(shard),
        ..whole.clone()
    };
    let reason = match subject.map(|subject| serde_json::from_str::<Manifest>(&subject)) {
        None => "there is nothing in it".to_owned(),
        Some(Err(error)) => error.to_string(),
        Some(Ok(there)) => match asked.difference(&there) {
            Some(difference) => difference,
            None => return Ok(()),
        },
    };
    Err(WrongInput(format!(
        "`{}` is not the journal of the shard {shard} in the manifest beside it: {reason}; put back the one that was changed, or do the shard again",
        path.display()
    ))
    .into())
}

/// The shard that a directory holds, and the manifest of the whole.
fn manifest(directory: &Path) -> anyhow::Result<(Shard, Manifest)> {
    let name = directory.display();
    let text = manifest_of(directory).map_err(|error| {
        WrongInput(format!(
            "cannot read `{name}`: {error}; name the directories of the shards"
        ))
    })?;
    let text = text.ok_or_else(|| {
        WrongInput(if is_unfinished(directory) {
            format!("`{name}` is not finished: the command that began it goes on with --resume")
        } else {
            format!("`{name}` holds no results of portflow")
        })
    })?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
        let file = directory.join(MANIFEST);
        WrongInput(format!(
            "`{}` is damaged, or of another version of portflow: {error}; put a copy in its place, or do the shard again",
            file.display()
        ))
    })?;
    let Some(shard) = manifest.shard else {
        return Err(WrongInput(format!("`{name}` holds a whole experiment, not a shard")).into());
    };
    let whole = Manifest {
        shard: None,
        ..manifest.done(manifest.units(), &[])
    };
    if let Some(made_by) = whole.made_otherwise() {
        let message = format!("`{name}` was made by {made_by}, another than this");
        return Err(WrongInput(message).into());
    }
    Ok((shard, whole))
}

/// The journal of a published shard.
fn journal_of(shard: &Path) -> PathBuf {
    shard.join(JOURNAL)
}
