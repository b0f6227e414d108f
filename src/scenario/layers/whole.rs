//! What a file that extends another replaces whole: nobody inherits a part of it that the file does not show.

use crate::scenario::key_path::{self, KeyPath};
use crate::scenario::schema::rule::{self, Kind, Rule};

/// The whole in which a key lies, or which it is; `None` where files merge key by key all the way down to it.
///
/// Such are lists but for `[[event]]` and `[[trigger]]`, the `set` of an event or a trigger, an entry of `[futures]`, a parameter of
/// `[calibrate]` and the odds of party sizes.
pub(crate) fn around(path: &KeyPath) -> Option<KeyPath> {
    let keys = path.words();
    let length = match keys.as_slice() {
        // The keys of its entries are dotted themselves.
        ["futures", entry @ ..] if !entry.is_empty() => {
            let (_, of_range) = rule::range_key(entry);
            Some(keys.len() - usize::from(of_range.is_some()))
        }
        _ => (1..=keys.len()).find(|&length| is_whole(&path.first(length))),
    };
    Some(path.first(length?))
}

fn is_whole(path: &KeyPath) -> bool {
    match path.words().as_slice() {
        [list] if key_path::of_changes(list) => false,
        [list, _, key] if key_path::of_changes(list) => *key == "set",
        ["calibrate", "parameters", _] | ["world", "groups", _, "party_size"] => true,
        _ => Rule::root()
            .at(path)
            .is_some_and(|rule| rule.kind() == Kind::List),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_lies_in_what_is_replaced_whole_or_in_nothing_of_the_kind() {
        let cases = [
            ("world.groups.x.party_size.2", "world.groups.x.party_size"),
            (
                "world.groups.x.arrivals.levels.2.per_day",
                "world.groups.x.arrivals.levels",
            ),
            ("event.step.set.crossing.deterrence", "event.step.set"),
            ("trigger.limit.set", "trigger.limit.set"),
            (
                "calibrate.parameters.level.low",
                "calibrate.parameters.level",
            ),
            ("futures.world.a.b.low", "futures.world.a.b"),
            ("futures.world.a.b", "futures.world.a.b"),
        ];
        for (path, whole) in cases {
            assert_eq!(
                around(&KeyPath::parse(path)),
                Some(KeyPath::parse(whole)),
                "{path}"
            );
        }
        let merged = [
            "event",
            "event.step.date",
            "trigger.limit.until.delay_days",
            "world.groups.x",
            "world.groups.x.arrivals.per_day",
            "calibrate.parameters",
            "calibrate.targets.registrations.weight",
            "futures",
        ];
        for path in merged {
            assert_eq!(around(&KeyPath::parse(path)), None, "{path}");
        }
    }
}
