//! Keys that do not exist, and what their author may have meant.

use super::elsewhere;
use super::ids::{self, Ids};
use super::inputs::Input;
use super::nearest::{nearest, same_but_unit};
use crate::month::Month;
use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::observed;
use crate::scenario::resolve::observed::no_figure;
use crate::scenario::schema::rule::{self, Kind, Names, Rule};

/// What is wrong with a key, and the remedy.
pub(crate) type Wrong = (String, Option<String>);

/// A key that a table does not know.
pub(crate) fn key(table: &KeyPath, rule: Rule, key: &str) -> Wrong {
    let place = match table.keys() {
        [] => "at the top of the file".to_owned(),
        _ => format!("in `{table}`"),
    };
    let known: Vec<&str> = rule.keys().collect();
    if let Some((right, unit)) = same_but_unit(key, known.iter().copied()) {
        let message = format!("unknown key `{key}` {place}: the key is `{right}`");
        return (message, Some(format!("give the value {unit}")));
    }
    let message = format!("unknown key `{key}` {place}");
    if key.contains('.') && rule.at(&KeyPath::parse(key)).is_some() {
        return (
            message,
            Some("write the dotted key without quotes".to_owned()),
        );
    }
    if key == "closed" && known.contains(&"open") {
        return (message, Some("write `open = false`".to_owned()));
    }
    let near = nearest(key, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
    let meant = if is_item(table, rule) {
        near
    } else {
        elsewhere::meant(table, rule, key).or(near)
    };
    let help = meant.or_else(|| match known.as_slice() {
        [] => None,
        known => Some(format!("known keys: {}", known.join(", "))),
    });
    (message, help)
}

/// Whether a table is an item of a list of values, which has keys of its own; events and triggers are none.
fn is_item(table: &KeyPath, rule: Rule) -> bool {
    let list = rule.top().at(&table.parent());
    table.keys().len() > 2 && list.is_some_and(|list| list.kind() == Kind::List)
}

/// An id that does not exist.
pub(crate) fn id(what: &str, word: &str, known: &[String]) -> Wrong {
    let message = format!("there is no {what} `{word}`");
    let help = match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() && matches!(what, "event" | "trigger") => {
            format!("the scenario has no {what} with an `id`")
        }
        None if known.is_empty() => format!("the scenario has no {what}s"),
        None => format!("the {what}s are `{}`", known.join("`, `")),
    };
    let is_place_or_date = word.starts_with(|c: char| c.is_ascii_digit());
    let help = if what == "event" && is_place_or_date {
        format!("{help}; an event without an `id` has no name: give it one where it is written")
    } else {
        help
    };
    (message, Some(help))
}

/// An id must exist.
pub(crate) fn known(what: &str, word: &str, ids: &[String]) -> Result<(), Wrong> {
    if contains(ids, word) {
        Ok(())
    } else {
        Err(id(what, word, ids))
    }
}

/// The rule for the value of a key that the author chose, or why it cannot be chosen.
pub(crate) fn free_key(table: &KeyPath, rule: Rule, key: &str, ids: &Ids) -> Result<Rule, Wrong> {
    let value_rule = rule.child(key);
    match rule.names() {
        Some(Names::Lever) => {
            let rule = lever(table, key, ids)?;
            return not_within_a_list(key).map(|()| rule);
        }
        Some(Names::Group) => known("group", key, &ids.groups)?,
        Some(Names::Port) => known("port", key, &ids.ports)?,
        Some(Names::PartySize) => {
            const MOST: u32 = 20;
            // Written as the number is: with another spelling, one size could be given twice.
            let is_size = |size: u32| (1..=MOST).contains(&size) && size.to_string() == key;
            if !key.parse().is_ok_and(is_size) {
                return Err((
                    format!("`{key}` is not a party size"),
                    Some(format!("party sizes are whole numbers from 1 to {MOST}")),
                ));
            }
        }
        Some(Names::Month) if key.parse::<Month>().is_err() => {
            return Err((
                format!("`{key}` is not a month"),
                Some("months are written as \"2024-06\"".to_owned()),
            ));
        }
        Some(Names::KeyPath) => source(key, ids)?,
        Some(Names::TargetColumn) => {
            let groups: Vec<&str> = ids.groups.iter().map(String::as_str).collect();
            if !observed::is_figure(key, &groups) {
                let (message, help) = no_figure(key, ids);
                return Err((message, Some(help)));
            }
        }
        Some(Names::UncertainKey) => {
            Input::Uncertain.rule_of(key, ids)?;
        }
        None if !ids::is_id(key) => {
            return Err((
                format!("`{key}` cannot be an id"),
                Some("ids have letters, digits, `_` and `-` only".to_owned()),
            ));
        }
        Some(Names::Month | Names::Area | Names::Axis) | None => {}
    }
    value_rule.ok_or_else(|| (format!("unknown key `{key}`"), None))
}

/// An event or a trigger sets a list whole: what its items are depends on others that set it.
fn not_within_a_list(key: &str) -> Result<(), Wrong> {
    let Some(list) = rule::list_around(&KeyPath::parse("policy").child(key)) else {
        return Ok(());
    };
    let lever = list.after(1);
    let example = Rule::root().at(&list).and_then(Rule::example_or_default);
    let example = example.unwrap_or_else(|| "[…]".to_owned());
    Err((
        format!("`{key}` is within a list, and a list is set whole"),
        Some(format!("give all of it, as in `\"{lever}\" = {example}`")),
    ))
}

fn contains(ids: &[String], word: &str) -> bool {
    ids.iter().any(|id| id == word)
}

/// The rule for a key of `set`.
fn lever(set: &KeyPath, key: &str, ids: &Ids) -> Result<Rule, Wrong> {
    let in_trigger = set.keys().first().is_some_and(|table| table == "trigger");
    let path = KeyPath::parse(key);
    match path.words().as_slice() {
        ["trigger", ..] if in_trigger => Err((
            format!("a trigger cannot set `{key}`"),
            Some("only an event may change the numbers of a trigger".to_owned()),
        )),
        ["trigger", trigger, ..] if !contains(&ids.triggers, trigger) => match set.keys() {
            [_, event, ..] if contains(&ids.removed_triggers, trigger) => Err((
                format!("the trigger `{trigger}` has been removed, of which this sets a number"),
                Some(format!(
                    "remove the event `{event}` too, with its `id` and `remove = true`"
                )),
            )),
            _ => Err(id("trigger", trigger, &ids.triggers)),
        },
        ["trigger", trigger, ..] => rule::lever(key).ok_or_else(|| {
            (
                format!("`{key}` is not a number of a trigger"),
                Some(format!("for example `trigger.{trigger}.until.delay_days`")),
            )
        }),
        ["policy", rest @ ..] => Err((
            format!("`{key}` is not the path of a lever"),
            Some(format!(
                "levers are named from under [policy]: `{}`",
                rest.join(".")
            )),
        )),
        ["world" | "run", ..] => Err(no_lever(key)),
        ["ports", port, ..] if !contains(&ids.ports, port) => Err(id("port", port, &ids.ports)),
        ["lawful_alternative_share", group]
        | ["app", "group_regions", group]
        | ["crossing", "group_outcome", group, ..]
            if !contains(&ids.groups, group) =>
        {
            Err(id("group", group, &ids.groups))
        }
        _ => rule::lever(key).ok_or_else(|| {
            let of_the_world = KeyPath::parse("world").child(key);
            match Rule::root().at(&of_the_world) {
                Some(_) => no_lever(&of_the_world.to_string()),
                None => unknown_lever(&path),
            }
        }),
    }
}

/// A key that no event may set.
fn no_lever(key: &str) -> Wrong {
    (
        format!("an event sets levers only; `{key}` is what policy cannot change"),
        Some("set it under [world] or [run], for the whole run".to_owned()),
    )
}

fn unknown_lever(path: &KeyPath) -> Wrong {
    let policy = KeyPath::parse("policy");
    match unknown_in(path, &policy) {
        Some((table, rule, last)) => {
            let (message, help) = key(&table, rule, &last);
            let message = message.replace("unknown key", "unknown lever");
            (message, elsewhere::lever_meant(&last).or(help))
        }
        None => (format!("unknown lever `{path}`"), None),
    }
}

/// A path of `[sources]` must name a key that can exist.
fn source(key_path: &str, ids: &Ids) -> Result<(), Wrong> {
    let path = KeyPath::parse(key_path);
    if path
        .keys()
        .first()
        .is_some_and(|it| key_path::of_changes(it))
    {
        return source_of_change(&path, ids);
    }
    on_the_way(&path, ids)?;
    must_lead_to_a_key(&path, ids)
}

/// The same of a path under an event or a trigger, which may be one that a file takes out.
fn source_of_change(path: &KeyPath, ids: &Ids) -> Result<(), Wrong> {
    let words = path.words();
    let [list, name, below @ ..] = words.as_slice() else {
        return Ok(());
    };
    let is_event = *list == "event";
    let (ever, now) = if is_event {
        (&ids.event_names, &ids.events)
    } else {
        (&ids.trigger_names, &ids.triggers)
    };
    if !contains(ever, name) {
        return Err(id(list, name, now));
    }
    match below {
        ["set", "trigger", trigger, ..] if is_event => {
            if !contains(&ids.trigger_names, trigger) {
                return Err(id("trigger", trigger, &ids.triggers));
            }
            must_lead_to_a_key(&path.after(3), ids)
        }
        ["set", key @ ..] if !key.is_empty() => {
            lever(&path.first(3), &key.join("."), ids).map(|_| ())
        }
        _ => must_lead_to_a_key(path, ids),
    }
}

fn must_lead_to_a_key(path: &KeyPath, ids: &Ids) -> Result<(), Wrong> {
    match Rule::root().at(path) {
        Some(_) => Ok(()),
        None => Err(path_of_no_key(path, ids)),
    }
}

/// The group, port, event or trigger that a full path names on its way must exist.
pub(crate) fn on_the_way(path: &KeyPath, ids: &Ids) -> Result<(), Wrong> {
    match path.words().as_slice() {
        ["world", "groups", group, ..] => known("group", group, &ids.groups),
        ["policy", "ports", port, ..] => known("port", port, &ids.ports),
        ["event", event, ..] => known("event", event, &ids.events),
        ["trigger", trigger, ..] => known("trigger", trigger, &ids.triggers),
        _ => Ok(()),
    }
}

/// The rule for a full path. Groups, ports, events and triggers on the way must exist.
pub(crate) fn rule_of(path: &KeyPath, ids: &Ids) -> Result<Rule, Wrong> {
    on_the_way(path, ids)?;
    let root = Rule::root();
    let rule = match path.words().as_slice() {
        ["futures", entry @ ..] if !entry.is_empty() => {
            let (key, of_range) = rule::range_key(entry);
            let range = (root.child("futures")).and_then(|futures| futures.child(&key));
            of_range.map_or(range, |key| range?.child(key))
        }
        ["sources", key @ ..] if !key.is_empty() => {
            let key = key.join(".");
            source(&key, ids)?;
            (root.child("sources")).and_then(|sources| sources.child(&key))
        }
        [list, _, "set", key @ ..] if key_path::of_changes(list) && !key.is_empty() => {
            return lever(&path.first(3), &key.join("."), ids);
        }
        _ => root.at(path),
    };
    rule.ok_or_else(|| path_of_no_key(path, ids))
}

/// A full path that names no key.
pub(crate) fn path_of_no_key(path: &KeyPath, ids: &Ids) -> Wrong {
    let tables = [
        "policy",
        "world",
        "policy.ports",
        "world.groups",
        "event",
        "trigger",
    ];
    let full = tables.map(|table| KeyPath::parse(table).child(path.to_string()));
    let is_known =
        |full: &&KeyPath| Rule::root().at(full).is_some() && on_the_way(full, ids).is_ok();
    if let Some(full) = full.iter().find(is_known) {
        return (
            format!("`{path}` is not a full key path"),
            Some(format!("did you mean `{full}`?")),
        );
    }
    match unknown_in(path, &KeyPath::default()) {
        Some((table, rule, last)) => key(&table, rule, &last),
        None => (format!("unknown key `{path}`"), None),
    }
}

/// The first key of a path that its table does not know, and that table.
fn unknown_in(path: &KeyPath, from: &KeyPath) -> Option<(KeyPath, Rule, String)> {
    let mut rule = Rule::root().at(from)?;
    let mut table = from.clone();
    for key in path.keys() {
        match rule.child(key) {
            Some(child) => rule = child,
            None => return Some((table, rule, key.clone())),
        }
        table = table.child(key);
    }
    None
}
