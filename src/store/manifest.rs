//! Provenance: everything that reproduces a result, and nothing that varies between two runs that do.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::options;
use crate::engine::random;
use crate::experiment::{Failure, Plan, Shard};
use crate::model;
use crate::scenario::Loaded;
use crate::stats::Level;

/// What reproduces a result. It holds no clock, host or thread count.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of portflow.
    pub portflow: String,
    /// The command: `run`, `compare`, `sweep`, `sensitivity`, `calibrate` or `validate`.
    pub command: String,
    /// What the scenario is about.
    pub title: String,
    /// Hash of the resolved scenario and its data.
    pub digest: String,
    /// Scenarios that are compared with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    /// Seed of every random number.
    pub seed: u64,
    /// Replications.
    pub replications: u32,
    /// Points of a sweep that are done, each in all its replications, or origins of forecasts; missing where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<u32>,
    /// Of these as many as were asked for, where somebody stopped the experiment before: points, or replications where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_of: Option<u32>,
    /// Replications in which a simulation came to nothing; it is in no figure.
    pub failed_replications: Vec<u32>,
    /// Points of a sweep at which a replication came to nothing; of forecasts from origins, points of the fits at these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed_points: Vec<u32>,
    /// Revision of the model; 0 where the results are from before there were revisions.
    #[serde(default)]
    pub model: u32,
    /// How random numbers are made.
    pub random_numbers: String,
    /// Confidence level of the intervals.
    pub level: f64,
    /// First recorded day.
    pub start: String,
    /// Last recorded day.
    pub end: String,
    /// Days simulated before it. \[days\]
    pub warmup_days: u32,
    /// Other options on which results depend: those of flags by the names of these, several of one numbered (`set 1`), as are the keys of
    /// futures; and the name of the file of a posterior.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
    /// What keys whose values are drawn or tried are called in resolved scenarios, by the name of the scenario (none where it is alone), where
    /// it is not as in `options`: those of events before the run are levers there. `null` is a key that does nothing in the run.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resolved_keys: BTreeMap<String, BTreeMap<String, Option<String>>>,
    /// SHA-256 of what flags name, by the names of these: of a directory, that of the runs in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Which part of the experiment this is; the whole where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
}

/// A scenario that is compared with the base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name in results.
    pub name: String,
    /// What it is about.
    pub title: String,
    /// Hash of the resolved scenario and its data.
    pub digest: String,
}

impl Manifest {
    /// The manifest of an experiment on a scenario that has not been run yet.
    #[must_use]
    pub fn new(command: &str, loaded: &Loaded, plan: &Plan) -> Self {
        let scenario = &loaded.scenario;
        Self {
            portflow: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            title: scenario.title.clone(),
            digest: loaded.digest(),
            variants: Vec::new(),
            seed: plan.seed,
            replications: plan.replications.get(),
            points: None,
            stopped_of: None,
            failed_replications: Vec::new(),
            failed_points: Vec::new(),
            model: model::REVISION,
            random_numbers: random::SCHEME.to_owned(),
            level: plan.level.share(),
            start: scenario.run.start.to_string(),
            end: scenario.run.end.to_string(),
            warmup_days: scenario.run.warmup_days,
            options: BTreeMap::new(),
            resolved_keys: BTreeMap::new(),
            files: BTreeMap::new(),
            shard: None,
        }
    }

    /// The version, the revision of the model and the random numbers that the results were made with, in words; `None` where they are those of
    /// this program.
    #[must_use]
    pub fn made_otherwise(&self) -> Option<String> {
        let Self {
            portflow,
            model: revision,
            random_numbers,
            ..
        } = self;
        let is_this = portflow == env!("CARGO_PKG_VERSION")
            && *revision == model::REVISION
            && random_numbers == random::SCHEME;
        let model = match revision {
            0 => "an earlier revision of the model".to_owned(),
            revision => format!("revision {revision} of the model"),
        };
        (!is_this).then(|| {
            format!("portflow {portflow} with {model} and the random numbers {random_numbers}")
        })
    }

    /// Of what a part of the experiment may have fewer: points of a sweep, replications otherwise.
    #[must_use]
    pub fn units(&self) -> u32 {
        self.points.unwrap_or(self.replications)
    }

    /// What they are called.
    #[must_use]
    pub fn unit_name(&self) -> &'static str {
        match self.points {
            Some(_) => "points",
            None => "replications",
        }
    }

    /// An option on which results depend; `None` where it was not given.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    /// Adds options on which results depend.
    pub fn add_options<N: Into<String>>(&mut self, options: impl IntoIterator<Item = (N, String)>) {
        let named = options
            .into_iter()
            .map(|(name, value)| (name.into(), value));
        self.options.extend(named);
    }

    /// Adds the digest of what a flag names, on which results depend.
    pub fn add_file(&mut self, flag: &str, digest: impl Into<String>) {
        self.files.insert(flag.to_owned(), digest.into());
    }

    /// The manifest of the results of so many units, all that there are to be, some of which may have failed.
    #[must_use]
    pub fn done(&self, units: u32, failures: &[Failure]) -> Self {
        let mut done = Self {
            stopped_of: None,
            failed_replications: Vec::new(),
            failed_points: Vec::new(),
            ..self.clone()
        };
        match &mut done.points {
            Some(points) => *points = units,
            None => done.replications = units,
        }
        for failure in failures {
            match &failure.at {
                Some(at) => done.failed_points.push(at.point),
                None => done.failed_replications.push(failure.replication),
            }
        }
        // Of several fits the points come mixed.
        done.failed_points.sort_unstable();
        done.failed_points.dedup();
        done.failed_replications.dedup();
        done
    }

    /// Whether something came to nothing.
    #[must_use]
    pub fn has_failures(&self) -> bool {
        !(self.failed_replications.is_empty() && self.failed_points.is_empty())
    }

    /// The plan of the experiment, to be done on so many threads; `None` where the numbers are not those of a plan.
    #[must_use]
    pub fn plan(&self, threads: NonZeroUsize) -> Option<Plan> {
        Some(Plan {
            seed: self.seed,
            replications: NonZeroU32::new(self.replications)?,
            threads,
            level: Level::of(self.level)?,
        })
    }

    /// Whether the number of replications is found on the way, and so a result.
    #[must_use]
    pub fn is_sequential(&self) -> bool {
        [options::BEST, options::PRECISION]
            .iter()
            .any(|&rule| self.options.contains_key(rule))
    }

    /// The first thing in which another manifest differs, as a phrase; `None` where both reproduce the same.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<String> {
        let [here, there] = [self, other].map(|manifest| serde_json::to_value(manifest).ok());
        let (Some(Value::Object(here)), Some(Value::Object(there))) = (here, there) else {
            return None;
        };
        difference(None, &here, &there)
    }

    /// The document, as files and journals hold it.
    ///
    /// # Panics
    /// Never: every field can be written as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("strings and numbers can be written")
    }
}

/// The first key in which two tables of that name, or two manifests, differ; of a table in them, the first in that.
fn difference(
    table: Option<&str>,
    here: &Map<String, Value>,
    there: &Map<String, Value>,
) -> Option<String> {
    let shown = |value: Option<&Value>| value.map_or("none".to_owned(), Value::to_string);
    here.keys().chain(there.keys()).find_map(|key| {
        let (ours, theirs) = (here.get(key), there.get(key));
        if ours == theirs {
            return None;
        }
        // A table without entries is not written.
        let none = Map::new();
        match (ours, theirs) {
            (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
                return difference(Some(key), ours, theirs);
            }
            (Some(Value::Object(ours)), None) => return difference(Some(key), ours, &none),
            (None, Some(Value::Object(theirs))) => return difference(Some(key), &none, theirs),
            // Scenarios, each with a name and a digest.
            (Some(Value::Array(ours)), Some(Value::Array(theirs)))
                if ours.len() == theirs.len() =>
            {
                let unlike = ours
                    .iter()
                    .zip(theirs)
                    .find(|(ours, theirs)| ours != theirs);
                if let Some((Value::Object(ours), Value::Object(theirs))) = unlike
                    && let Some(Value::String(name)) = ours.get("name")
                    && let Some(told) = difference(Some(key), ours, theirs)
                {
                    return Some(format!("of `{name}`, {told}"));
                }
            }
            _ => {}
        }
        let what = match (table, key.as_str()) {
            (_, "digest") => {
                "the scenario, or a data file that it names, is another: its digest".to_owned()
            }
            (Some("files"), flag) if ours.is_some() && theirs.is_some() => {
                format!("what `{flag}` names is another: its digest")
            }
            (None, "model") => "the revision of the model".to_owned(),
            (_, key) => key.to_owned(),
        };
        Some(format!(
            "{what} is {} there and {} here",
            shown(theirs),
            shown(ours)
        ))
    })
}

/// For tests.
#[cfg(test)]
pub(crate) mod example {
    use super::*;
    use crate::record::example;

    /// That of a run of the border made by hand.
    pub(crate) fn manifest(replications: u32) -> Manifest {
        let run = example::run();
        Manifest {
            portflow: "0.1.0".into(),
            command: "run".into(),
            title: "A border made by hand".into(),
            digest: "d1".into(),
            variants: Vec::new(),
            seed: 1,
            replications,
            points: None,
            stopped_of: None,
            failed_replications: Vec::new(),
            failed_points: Vec::new(),
            model: 1,
            random_numbers: "r1".into(),
            level: Level::USUAL.share(),
            start: run.start.to_string(),
            end: run.end.to_string(),
            warmup_days: run.warmup_days,
            options: BTreeMap::new(),
            resolved_keys: BTreeMap::new(),
            files: BTreeMap::new(),
            shard: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::FailedPoint;
    use crate::store::manifest::example::manifest;

    #[test]
    fn the_first_difference_is_told_with_both_values() {
        let here = manifest(20);
        assert_eq!(here.difference(&here), None);
        let there = Manifest {
            seed: 9,
            ..here.clone()
        };
        let told = here.difference(&there).unwrap();
        assert_eq!(told, "seed is 9 there and 1 here");
        let part = Manifest {
            shard: "1/2".parse().ok(),
            ..here.clone()
        };
        let told = here.difference(&part).unwrap();
        assert_eq!(told, "shard is \"1/2\" there and none here");
        let other = Manifest {
            digest: "d2".to_owned(),
            ..here.clone()
        };
        let told = here.difference(&other).unwrap();
        assert_eq!(
            told,
            "the scenario, or a data file that it names, is another: its digest is \"d2\" there and \"d1\" here"
        );
        let mut kept = here.clone();
        kept.add_options([("draws", "8".to_owned())]);
        let told = here.difference(&kept).unwrap();
        assert_eq!(told, "draws is \"8\" there and none here");
        let [mut kept, mut changed] = [here.clone(), here.clone()];
        kept.add_file("posterior", "d3");
        let told = here.difference(&kept).unwrap();
        assert_eq!(told, "posterior is \"d3\" there and none here");
        changed.add_file("posterior", "d4");
        let told = changed.difference(&kept).unwrap();
        assert_eq!(
            told,
            "what `posterior` names is another: its digest is \"d3\" there and \"d4\" here"
        );
    }

    #[test]
    fn a_sweep_counts_its_points_and_names_each_failed_one_once() {
        let asked = Manifest {
            points: Some(9),
            ..manifest(3)
        };
        let failure = |point| Failure {
            seed: 1,
            replication: 0,
            reason: "no".to_owned(),
            at: Some(FailedPoint {
                point,
                future: None,
                is_refused: false,
            }),
            command: None,
        };
        let done = asked.done(4, &[2, 2, 3].map(failure));
        assert_eq!((done.points, done.replications), (Some(4), 3));
        assert_eq!(done.failed_points, [2, 3]);
        assert!(done.has_failures() && done.failed_replications.is_empty());
        assert_eq!(done.done(9, &[]), asked);
    }

    /// Results of before there were revisions do not have the field.
    #[test]
    fn results_of_another_revision_of_the_model_are_told() {
        let here = Manifest {
            portflow: env!("CARGO_PKG_VERSION").to_owned(),
            model: model::REVISION,
            random_numbers: random::SCHEME.to_owned(),
            ..manifest(3)
        };
        assert_eq!(here.made_otherwise(), None);
        let field = format!("\n  \"model\": {},", model::REVISION);
        let text = here.to_json();
        assert!(text.contains(&field), "{text}");
        for (replaced, said) in [
            ("", "an earlier revision of the model"),
            ("\n  \"model\": 999,", "revision 999 of the model"),
        ] {
            let there: Manifest = serde_json::from_str(&text.replace(&field, replaced)).unwrap();
            let told = there.made_otherwise().unwrap();
            assert!(told.contains(said), "{told}");
            let told = here.difference(&there).unwrap();
            assert!(told.starts_with("the revision of the model is "), "{told}");
        }
    }

    #[test]
    fn a_manifest_is_read_back_as_it_was_written() {
        // Levels of intervals that hold together, whose digits do not end.
        for comparisons in 1..=60_u32 {
            let written = Manifest {
                level: 1.0 - 0.05 / f64::from(comparisons),
                ..manifest(3)
            };
            let read: Manifest = serde_json::from_str(&written.to_json()).unwrap();
            assert_eq!(read, written);
        }
    }
}
