//! Triggers: when they are armed and end, and what moves the same levers.

use super::Problems;
use crate::scenario::file::ScenarioFile;
use crate::scenario::key_path::KeyPath;
use crate::scenario::node::Node;
use crate::scenario::resolve::fates::moved_by;
use crate::scenario::resolve::policies::keys_moving;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::timeline::{Timeline, TriggerRule};
use crate::scenario::tree::same::same;

/// Reports what looks like an oversight.
pub(super) fn warn(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading { file, document, .. } = reading;
    to_and_fro(file, timeline, document, problems);
    under_triggers(reading, timeline, problems);
    one_over_another(file, timeline, document, problems);
    never_armed(file, timeline, document, problems);
    ends_before_the_run(reading, problems);
}

/// Triggers that are armed on no day of the run.
fn never_armed(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    for (place, trigger) in file.trigger.iter().enumerate() {
        let path = KeyPath::parse("trigger").child(&trigger.id);
        let armed = timeline
            .epochs
            .iter()
            .filter_map(|epoch| epoch.rules.get(place));
        let last = file.run.end;
        let never = trigger.from.is_some_and(|from| from > last)
            || armed.clone().all(|rule| rule.to_day < rule.from_day);
        if never {
            let message = format!(
                "the trigger `{}` is not armed on any day of the run, which ends on {last}",
                trigger.id
            );
            let help = "look at its `from` and `to`, and at `run.start` and `run.end`";
            problems.warn(document, &path, &message, help);
        }
    }
}

/// Triggers that end at a figure at which they begin again.
fn to_and_fro(file: &ScenarioFile, timeline: &Timeline, document: &Node, problems: &mut Problems) {
    for (place, trigger) in file.trigger.iter().enumerate() {
        let mut rules = (timeline.epochs.iter()).filter_map(|epoch| epoch.rules.get(place));
        let is_both = |rule: &&TriggerRule| {
            let when = &rule.when;
            rule.until.as_ref().is_some_and(|until| {
                (until.metric, until.mean_over_days) == (when.metric, when.mean_over_days)
                    && until.below > when.at_least
            })
        };
        if rules.any(|rule| is_both(&rule)) {
            let path = KeyPath::parse("trigger").child(&trigger.id).child("until");
            let message = "the trigger ends below a figure that is above the one at which it begins: between the two it ends only to begin again";
            let help = "set `until.below` to `when.at_least` or less";
            problems.warn(document, &path, message, help);
        }
    }
}

/// Levers that an event moves on a day on which a trigger that moves them too may be on.
fn under_triggers(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        calendar,
        document,
    } = reading;
    for change in changes {
        // What holds from the first day on is what triggers are meant to move.
        let day = u32::try_from(calendar.day(change.event.date));
        let Some(day) = day.ok().filter(|&day| day > 0) else {
            continue;
        };
        let rules = &timeline.epochs[timeline.epoch_on(day)].rules;
        let armed = (file.trigger.iter().zip(rules))
            .filter(|(_, rule)| (rule.from_day..=rule.to_day).contains(&day));
        for (trigger, _) in armed {
            let id = &trigger.id;
            for (key, value) in &change.event.set {
                let lever = moved_by(key);
                let moved = keys_moving(&trigger.set, &lever).next();
                let is_same = (trigger.set.get(key)).is_some_and(|own| same(own, value));
                let Some(moved) = moved.filter(|_| !is_same) else {
                    continue;
                };
                let path = change.path.child("set").child(key);
                let message = format!(
                    "the trigger `{id}` moves `{lever}` too and may be on on {}: while it is on, the value set here does not hold",
                    change.event.date
                );
                let end = match trigger.to {
                    Some(_) => "an earlier `to`",
                    None => "`to`",
                };
                let help = format!(
                    "to move that too, change `{moved}` in `set` of the `[[trigger]]` with the id `{id}`, on all its days, unless a posterior draws it, which \
                     then sets it again; to end that before, give the trigger {end}, and date this event on the day after"
                );
                problems.warn(document, &path, &message, &help);
            }
        }
    }
}

/// Levers that two triggers move to other values and that may be on on one day: the one that is listed last holds.
fn one_over_another(
    file: &ScenarioFile,
    timeline: &Timeline,
    document: &Node,
    problems: &mut Problems,
) {
    let may_meet = |one: usize, other: usize| {
        timeline.epochs.iter().any(|epoch| {
            let (one, other) = (&epoch.rules[one], &epoch.rules[other]);
            one.from_day.max(other.from_day) <= one.to_day.min(other.to_day)
        })
    };
    let triggers = || file.trigger.iter().enumerate();
    for (place, over) in triggers() {
        for (earlier, under) in triggers().take(place) {
            let both = over.set.iter().find_map(|(key, value)| {
                let lever = moved_by(key);
                let under = keys_moving(&under.set, &lever).next()?;
                let is_same = under == key && same(&file.trigger[earlier].set[under], value);
                (!is_same).then_some((key, lever))
            });
            let Some((key, lever)) = both.filter(|_| may_meet(earlier, place)) else {
                continue;
            };
            let path = KeyPath::parse("trigger")
                .child(&over.id)
                .child("set")
                .child(key);
            let message = format!(
                "the triggers `{}` and `{}` both move `{lever}`: while both are on, `{}`, which is listed last, holds",
                under.id, over.id, over.id
            );
            let help = "list last the one that is to hold, or give them `from` and `to` that keep them apart";
            problems.warn(document, &path, &message, help);
        }
    }
}

/// Triggers that end within the run, and levers of theirs that neither an event on the day after nor another trigger moves then: they fall
/// back to what earlier events say.
fn ends_before_the_run(reading: Reading<'_>, problems: &mut Problems) {
    let Reading {
        file,
        changes,
        document,
        ..
    } = reading;
    let ending = file.trigger.iter().filter_map(|trigger| {
        let to = trigger
            .to
            .filter(|to| (file.run.start..file.run.end).contains(to))?;
        Some((trigger, to.tomorrow().ok()?))
    });
    for (trigger, after) in ending {
        let by_event = |lever: &KeyPath| {
            let mut on_that_day = (changes.iter()).filter(|change| change.event.date == after);
            on_that_day.any(|change| keys_moving(&change.event.set, lever).next().is_some())
        };
        let by_another = |lever: &KeyPath| {
            file.trigger.iter().any(|other| {
                let is_armed = other.from.is_none_or(|from| from <= after)
                    && other.to.is_none_or(|to| to >= after);
                is_armed && keys_moving(&other.set, lever).next().is_some()
            })
        };
        let levers = trigger.set.keys().map(|key| moved_by(key));
        let left = levers.filter(|lever| !by_event(lever) && !by_another(lever));
        let left: Vec<String> = left.map(|lever| lever.to_string()).collect();
        if left.is_empty() {
            continue;
        }
        let id = &trigger.id;
        let path = KeyPath::parse("trigger").child(id).child("to");
        let message = format!(
            "the trigger `{id}` ends before the run, which ends on {}: from {after} on it no longer moves `{}`",
            file.run.end,
            left.join("`, `")
        );
        let help = "give it a later `to`, or move what it moved by an event on the day after, if that is not meant";
        problems.warn(document, &path, &message, help);
    }
}
