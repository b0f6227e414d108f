//! Arguments that let the results decide how many replications there are.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use clap::Args;
use portflow::experiment::results::goals::{Goals, Wanted};
use portflow::experiment::{Plan, Shard};
use portflow::record::Layout;
use portflow::store::options::{MAX_REPLICATIONS, PRECISION, REPLICATIONS};

use crate::cli::args::input::{ReplicationArgs, at_least_one};
use crate::cli::failure::WrongInput;

/// How precise results must be.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PrecisionArgs {
    /// Replicate until a figure is known this precisely, as in `wait_days_median/other=2`, the half-width of its own interval at --level, or
    /// `port_encounters@2024-11=1%`, within 1% of its expected value: the half-width is then at most 0.99% of the mean (of 30%, 23%). An
    /// interval at which replications stop covers somewhat less often than its level says, most so for skewed figures. May be given again. At least 10 replications, or -r if that is
    /// more, are made, and 100 of a figure that is the same in all. `compare` looks at the difference that every variant makes: a
    /// share of one near 0 may never be reached, and uncertain inputs have their values as they are
    #[arg(
        long = "precision",
        value_name = "METRIC[/PLACE][@MONTH]=GOAL",
        conflicts_with_all = ["futures", "posterior"]
    )]
    pub(crate) wanted: Vec<Wanted>,
    /// Replications after which to stop whether or not enough is known (the exit status is 0 then too, and the results say so), with --precision, or --best of `compare` [default: 1000]
    #[arg(long, value_name = "N", value_parser = at_least_one::<NonZeroU32>)]
    pub(crate) max_replications: Option<NonZeroU32>,
}

/// Replications after which a goal is given up.
const MOST: NonZeroU32 = NonZeroU32::new(1000).expect("it is not 0");

impl PrecisionArgs {
    /// Whether there are goals.
    pub(crate) fn is_wanted(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Replications after which to stop whatever is known.
    pub(crate) fn most(&self) -> NonZeroU32 {
        self.max_replications.unwrap_or(MOST)
    }

    /// The goals, checked, with the plan of as many replications as there may be and the options that a manifest keeps; the plan
    /// alone where nothing is wanted.
    pub(crate) fn goals(
        &self,
        layout: &Layout,
        plan: Plan,
        replication: &ReplicationArgs,
        shard: Option<Shard>,
    ) -> Result<Sequence, WrongInput> {
        if self.wanted.is_empty() {
            return match self.max_replications {
                None => Ok(Sequence::of(plan)),
                Some(_) => Err(WrongInput(
                    "--max-replications needs a --precision; -r makes a fixed number".to_owned(),
                )),
            };
        }
        if shard.is_some() {
            let message = "--precision cannot go with --shard: a part does not know when the whole is precise enough";
            return Err(WrongInput(message.to_owned()));
        }
        let most = self.most();
        let least = replication.replications.map_or(0, NonZeroU32::get);
        let goals = Goals::new(&self.wanted, layout, plan.level, least, most.get())
            .map_err(|error| WrongInput(error.to_string()))?;
        if goals.least() > most.get() {
            return Err(WrongInput(format!(
                "--max-replications {most} is below the {} replications that are made before a precision is looked at",
                goals.least()
            )));
        }
        let mut options: BTreeMap<String, String> = [
            (PRECISION, goals.to_string()),
            (MAX_REPLICATIONS, most.to_string()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(least) = replication.replications {
            options.insert(REPLICATIONS.to_owned(), least.to_string());
        }
        Ok(Sequence {
            plan: Plan {
                replications: most,
                ..plan
            },
            goals: Some(goals),
            options,
        })
    }
}

/// A plan, and when it ends before all of its replications are made.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    /// With as many replications as there may be.
    pub(crate) plan: Plan,
    pub(crate) goals: Option<Goals>,
    /// What a manifest keeps of it.
    pub(crate) options: BTreeMap<String, String>,
}

impl Sequence {
    /// A plan of which every replication is made.
    pub(crate) fn of(plan: Plan) -> Self {
        Self {
            plan,
            goals: None,
            options: BTreeMap::new(),
        }
    }
}
