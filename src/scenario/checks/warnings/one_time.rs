//! Appointments of a whole day at one time, because nothing says when they are.

use jiff::civil::Time;

use super::Problems;
use super::ports::{is_given, minutes_per_person};
use crate::scenario::key_path::KeyPath;
use crate::scenario::policy::Policy;
use crate::scenario::resolve::reading::Reading;
use crate::scenario::timeline::Timeline;

/// How long the last of a day may wait, where nobody has said when appointments are. \[minutes\]
const LONG: f64 = 120.0;

/// The appointments of a day at a port, all at one time.
struct Crowd {
    slots: u32,
    at: Time,
    officers: u32,
}

/// Reports ports of which it is said who is on duty, and not when appointments are, where the last of a day would wait for long.
pub(super) fn warn(reading: Reading<'_>, timeline: &Timeline, problems: &mut Problems) {
    let minutes = minutes_per_person(reading.file);
    for id in reading.file.policy.ports.keys() {
        let port = KeyPath::parse("policy.ports").child(id);
        let is_given = |key: &&str| is_given(reading, &port.child(*key));
        if !["officers", "shifts"].iter().any(is_given) || is_given(&"appointment_times") {
            continue;
        }
        let crowds = timeline.policies().filter_map(|policy| crowd(policy, id));
        let wait = |it: &Crowd| f64::from(it.slots) * minutes / f64::from(it.officers);
        let longest = crowds.max_by(|one, other| wait(one).total_cmp(&wait(other)));
        let Some(longest) = longest.filter(|crowd| wait(crowd) > LONG) else {
            continue;
        };
        let message = format!(
            "nothing says when the appointments of `{id}` are: all {} of a day are at {}, and with {} on duty then the last of them wait for {:.0} hours or more",
            longest.slots,
            longest.at,
            match longest.officers {
                1 => "one officer".to_owned(),
                several => format!("{several} officers"),
            },
            (wait(&longest) / 60.0).floor()
        );
        let help =
            "set its `appointment_times` to those over the day, or to this one if it is meant";
        problems.warn(reading.document, &port, &message, help);
    }
}

/// Those that a policy gives out for a day, where some officer is on duty when they are.
fn crowd(policy: &Policy, id: &str) -> Option<Crowd> {
    let place = policy.ports.keys().position(|known| known == id)?;
    let port = &policy.ports[id];
    let at = *port.appointment_times.first()?;
    let officers = port.officers_at(at);
    let is_offered = policy.app.open && port.open && officers > 0;
    let slots = policy.slots_by_port().get(place).copied();
    let slots = slots.filter(|&slots| is_offered && slots > 0)?;
    Some(Crowd {
        slots,
        at,
        officers,
    })
}
