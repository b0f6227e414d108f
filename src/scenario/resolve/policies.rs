//! Resolves every policy that can be in force: events over the base, triggers over the events.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::calendar::Calendar;
use super::changes::Change;
use super::fates::{Fates, moved_by};
use super::timeline::{Epoch, Timeline, TriggerRule};
use crate::scenario::change::{Event, Trigger};
use crate::scenario::checks::policy::findings;
use crate::scenario::diagnostics::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::node::{Entry, Node};
use crate::scenario::policy::Policy;
use crate::scenario::schema::rule::Rule;

/// The timeline of a scenario; policies that cannot be are reported where they are set.
pub(crate) fn timeline(
    file: &ScenarioFile,
    changes: &[Change],
    trigger_paths: &[KeyPath],
    calendar: &Calendar,
    document: &Node,
    problems: &mut Problems,
) -> Timeline {
    let mut resolver = Resolver {
        base: json(&file.policy),
        triggers: &file.trigger,
        trigger_paths,
        document,
        spoilt: spoilt(problems),
        problems,
    };
    let days = changes.iter().map(|change| calendar.day(change.event.date));
    let mut first_days: Vec<u32> = days.filter_map(|day| u32::try_from(day).ok()).collect();
    first_days.dedup();
    let long_in_force = in_force(changes, -1, calendar);
    let mut epochs = vec![resolver.epoch(0, long_in_force, calendar)];
    for first_day in first_days {
        let changes = in_force(changes, first_day.into(), calendar);
        epochs.push(resolver.epoch(first_day, changes, calendar));
    }
    Timeline {
        epochs,
        triggers: file
            .trigger
            .iter()
            .map(|trigger| trigger.id.clone())
            .collect(),
    }
}

/// The events in force on a day, of all in the order in which they act.
fn in_force<'a>(changes: &'a [Change], day: i64, calendar: &Calendar) -> &'a [Change] {
    let count = changes.partition_point(|change| calendar.day(change.event.date) <= day);
    &changes[..count]
}

/// The key of the event that has moved a lever last on a day, or the lever itself.
pub(crate) fn moved_last(
    lever: &str,
    changes: &[Change],
    day: u32,
    calendar: &Calendar,
) -> KeyPath {
    blame(&layers(in_force(changes, day.into(), calendar)), lever)
}

/// Works the events before the first day into the levers and triggers of the file, which lose their sources.
pub(crate) fn fold(
    file: &mut ScenarioFile,
    changes: &[Change],
    fates: &Fates,
    calendar: &Calendar,
) {
    (file.sources).retain(|source, _| {
        let source = KeyPath::parse(source);
        fates.given_by(&source) == source
    });
    let (before, during): (Vec<_>, Vec<_>) = (changes.iter())
        .map(|change| change.event.clone())
        .partition(|event| calendar.day(event.date) < 0);
    let mut policy = json(&file.policy);
    for event in &before {
        lay(&mut policy, &event.set);
    }
    if let Ok(policy) = serde_json::from_value(policy) {
        file.policy = policy;
    }
    file.trigger = (file.trigger.iter())
        .map(|trigger| changed(trigger, before.iter()).unwrap_or_else(|_| trigger.clone()))
        .collect();
    file.event = during;
}

/// The keys of the `set` of an event or a trigger that move a lever, a part of it, or the table that holds it.
pub(crate) fn keys_moving<'s>(
    set: &'s BTreeMap<String, Json>,
    lever: &KeyPath,
) -> impl Iterator<Item = &'s String> {
    set.keys().filter(|key| moved_by(key).overlaps(lever))
}

struct Resolver<'a> {
    base: Json,
    triggers: &'a [Trigger],
    trigger_paths: &'a [KeyPath],
    document: &'a Node,
    /// Levers of which a value was dropped, as it is wrong itself.
    spoilt: Vec<KeyPath>,
    problems: &'a mut Problems,
}

/// The levers of which a value is known to be wrong, by their paths under `[policy]`.
fn spoilt(problems: &Problems) -> Vec<KeyPath> {
    let levers = (problems.wrong_paths()).filter_map(|path| match path.words().as_slice() {
        ["policy", ..] => Some(path.after(1)),
        [list, _, "set", ..] if key_path::of_changes(list) => Some(path.after(3)),
        _ => None,
    });
    levers.collect()
}

/// Levers set by an event or a trigger, and the path of their table in the document.
type Layer<'a> = (KeyPath, &'a std::collections::BTreeMap<String, Json>);

/// Those of events.
fn layers(changes: &[Change]) -> Vec<Layer<'_>> {
    (changes.iter())
        .map(|change| (change.path.child("set"), &change.event.set))
        .collect()
}

impl Resolver<'_> {
    fn epoch(&mut self, first_day: u32, changes: &[Change], calendar: &Calendar) -> Epoch {
        let events = layers(changes);
        // Beyond the most triggers, which is reported elsewhere, combinations would be countless.
        let triggers = self.triggers.len().min(Timeline::MAX_TRIGGERS);
        let policies = (0..1_usize << triggers)
            .map(|mask| {
                let on = (0..triggers).filter(|trigger| mask >> trigger & 1 == 1);
                let mut layers = events.clone();
                layers.extend(on.map(|trigger| {
                    (
                        self.trigger_paths[trigger].child("set"),
                        &self.triggers[trigger].set,
                    )
                }));
                self.policy(&layers)
            })
            .collect();
        let rules = (self.triggers.iter())
            .map(|trigger| rule(&self.moved(trigger, changes), calendar))
            .collect();
        Epoch {
            first_day,
            policies,
            rules,
        }
    }

    /// A trigger with the numbers that events have given it; as it was where they make none of it, which is reported.
    fn moved(&mut self, trigger: &Trigger, changes: &[Change]) -> Trigger {
        let after = |changes: &[Change]| changed(trigger, changes.iter().map(|it| &it.event));
        after(changes).unwrap_or_else(|error| {
            let own = KeyPath::parse("trigger").child(&trigger.id);
            if self.problems.is_known(&own) {
                // A part that is wrong was dropped, for which no event is to blame.
                return trigger.clone();
            }
            // The first after which it is none.
            let breaks = |&count: &usize| after(&changes[..count]).is_err();
            let breaking = (1..=changes.len()).find(breaks);
            let key = breaking.and_then(|count| {
                let change = &changes[count - 1];
                let mut keys = change.event.set.keys();
                let key = keys.find(|key| moved_by(key).is_within(&own))?;
                Some(change.path.child("set").child(key))
            });
            let help = "where the number is part of a table, set all that the table needs, as in `\"trigger.ID.until\" = { .. }`; what is left out there stays as it was";
            let message = format!("`{own}` is no trigger any more: {error}");
            let path = key.unwrap_or(own);
            self.problems
                .report(self.document, &path, message, help);
            trigger.clone()
        })
    }

    /// The first key after which levers are no policy any more, with its place and what is wrong.
    fn breaking<'k>(
        &self,
        layers: &'k [Layer<'_>],
    ) -> Option<(KeyPath, &'k str, serde_json::Error)> {
        let mut policy = self.base.clone();
        let keys = layers
            .iter()
            .flat_map(|(path, set)| set.iter().map(move |lever| (path, lever)));
        for (path, (key, value)) in keys {
            lay(&mut policy, [(key, value)]);
            if let Err(error) = serde_json::from_value::<Policy>(policy.clone()) {
                return Some((path.child(key), key, error));
            }
        }
        None
    }

    /// The remedy for shares of which some were given over inherited ones; `None` where that is not what is wrong.
    fn of_shares(&self, lever: &str) -> Option<String> {
        let lever = KeyPath::parse("policy").child(lever);
        if !Rule::root().at(&lever)?.is_whole() {
            return None;
        }
        let shares = &self.document.get(&lever)?.as_table()?.0;
        let times_given = |share: &Entry| {
            std::iter::successors(Some(&share.node), |node| node.overrode.as_deref()).count()
        };
        let most = shares.iter().map(times_given).max()?;
        let left = shares.iter().filter(|share| times_given(share) < most);
        let left: Vec<String> = left.map(|share| format!("`{}`", share.key)).collect();
        let all = shares.iter().map(|share| format!("{} = …", share.key));
        let all: Vec<String> = all.collect();
        (!left.is_empty()).then(|| {
            format!(
                "{} {} inherited: give the whole table, `{lever} = {{ {} }}`, as a value of a sweep too",
                left.join(" and "),
                if left.len() == 1 { "is" } else { "are" },
                all.join(", ")
            )
        })
    }

    fn is_spoilt(&self, lever: &KeyPath) -> bool {
        self.spoilt.iter().any(|known| known.overlaps(lever))
    }

    fn policy(&mut self, layers: &[Layer<'_>]) -> Policy {
        let mut policy = self.base.clone();
        for (_, set) in layers {
            lay(&mut policy, *set);
        }
        match serde_json::from_value::<Policy>(policy) {
            Ok(policy) => {
                for finding in findings(&policy) {
                    if self.is_spoilt(&finding.rests_on) {
                        continue;
                    }
                    let path = blame(layers, &finding.path);
                    let help = self.of_shares(&finding.path).unwrap_or(finding.help);
                    self.problems
                        .report(self.document, &path, finding.message, help);
                }
                policy
            }
            Err(error) => {
                let (path, message) = match self.breaking(layers) {
                    Some((_, key, _)) if self.is_spoilt(&KeyPath::parse(key).parent()) => {
                        return Policy::default();
                    }
                    Some((path, key, error)) => (
                        path,
                        format!("`{key}` makes no policy of the levers: {error}"),
                    ),
                    None => (KeyPath::parse("policy"), error.to_string()),
                };
                let help = "set the whole table or list where the lever is part of one";
                self.problems.report(self.document, &path, message, help);
                Policy::default()
            }
        }
    }
}

/// The key that last moved a lever or a part of it.
fn blame(layers: &[Layer<'_>], lever: &str) -> KeyPath {
    let lever = KeyPath::parse(lever);
    let moved = layers.iter().rev().find_map(|(path, set)| {
        let key = set
            .keys()
            .find(|key| KeyPath::parse(key).overlaps(&lever))?;
        Some(path.child(key))
    });
    moved.unwrap_or_else(|| KeyPath::parse("policy").child(lever.to_string()))
}

fn json(policy: &Policy) -> Json {
    serde_json::to_value(policy).unwrap_or(Json::Null)
}

/// Lays levers over a policy.
fn lay<'s>(policy: &mut Json, set: impl IntoIterator<Item = (&'s String, &'s Json)>) {
    for (key, value) in set {
        let path = KeyPath::parse(key);
        if path.keys()[0] != "trigger" {
            put(policy, path.keys(), value);
        }
    }
}

/// Puts a value at some keys, making the tables on the way.
fn put(tree: &mut Json, keys: &[String], value: &Json) {
    let [key, below @ ..] = keys else {
        *tree = value.clone();
        return;
    };
    if !tree.is_object() {
        *tree = Json::Object(Map::new());
    }
    if let Json::Object(table) = tree {
        put(
            table.entry(key.as_str()).or_insert(Json::Null),
            below,
            value,
        );
    }
}

/// A trigger with the numbers that events have given it, if they make one.
fn changed<'a>(
    trigger: &Trigger,
    events: impl Iterator<Item = &'a Event>,
) -> Result<Trigger, serde_json::Error> {
    let mut tree = serde_json::to_value(trigger).unwrap_or(Json::Null);
    for (key, value) in events.flat_map(|event| &event.set) {
        let path = KeyPath::parse(key);
        if let [table, id, number @ ..] = path.keys()
            && table == "trigger"
            && *id == trigger.id
        {
            put(&mut tree, number, value);
        }
    }
    serde_json::from_value(tree)
}

fn rule(trigger: &Trigger, calendar: &Calendar) -> TriggerRule {
    let last = calendar.days() - 1;
    // A trigger that ends before the run has no day: it is armed from day 1 to day 0.
    let is_over = trigger.to.is_some_and(|to| calendar.day(to) < 0);
    let from_day = trigger
        .from
        .map_or(0, |from| calendar.day(from).max(0) as u32);
    let to_day = trigger.to.map_or(last, |to| calendar.day(to).max(0) as u32);
    TriggerRule {
        from_day: if is_over { 1 } else { from_day },
        to_day: if is_over { 0 } else { to_day },
        initially: trigger.initially,
        when: trigger.when.clone(),
        until: trigger.until.clone(),
    }
}
