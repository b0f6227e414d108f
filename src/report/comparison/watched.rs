//! Sentences on what misleads in a comparison: queues that grow, and triggers that act in one scenario and not in another.

use super::Compared;
use crate::experiment::{Comparison, Own};
use crate::report::number::told_apart;
use crate::report::queues;
use crate::report::watched::THROUGH_IT_TOO;

/// Where queues are long.
pub(super) fn long_queues(compared: &Compared<'_>) -> Option<String> {
    let told = at_ports(compared, |of| {
        queues::long_queues(of.layout(), |key| of.mean(key))
    })?;
    Some(queues::long_queues_sentence(&told))
}

/// Where officers work a good deal beyond their schedule.
pub(super) fn overtime(compared: &Compared<'_>) -> Option<String> {
    let told = at_ports(compared, |of| {
        queues::overtime(of.layout(), |key| of.mean(key))
    })?;
    Some(queues::overtime_sentence(&told))
}

/// What is told of ports, in the base beside the first variant and in each variant in which it is otherwise.
fn at_ports(compared: &Compared<'_>, told_of: impl Fn(&Own) -> Vec<String>) -> Option<String> {
    let comparison = compared.comparison;
    let in_base = told_of(&comparison.own(0)[0]);
    let variants = comparison.variants().enumerate();
    let others = variants.map(|(variant, name)| (name, told_of(&comparison.own(variant)[1])));
    let others: Vec<_> = others.filter(|(_, those)| *those != in_base).collect();
    let told: Vec<String> = std::iter::once((compared.base, in_base))
        .chain(others)
        .filter(|(_, those)| !those.is_empty())
        .map(|(name, those)| format!("in {name} at {}", those.join(", ")))
        .collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// Which triggers are on for longer in a variant than in the base, or not for as long.
pub(super) fn uneven_triggers(compared: &Compared<'_>) -> Vec<String> {
    let comparison = compared.comparison;
    let variants = 0..comparison.variants().count();
    let of_variants = variants.map(|variant| comparison.own(variant)[1].layout());
    let mut ids: Vec<&str> = Vec::new();
    for layout in std::iter::once(comparison.layout()).chain(of_variants) {
        for id in layout.triggers().map(|place| layout.id(place)) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let uneven = |id| uneven_trigger(compared, id);
    ids.into_iter().filter_map(uneven).collect()
}

fn uneven_trigger(compared: &Compared<'_>, id: &str) -> Option<String> {
    let comparison = compared.comparison;
    let variants = comparison.variants().enumerate();
    let uneven: Vec<_> = variants
        .filter_map(|(variant, name)| Some((name, uneven_days(comparison, variant, id)?)))
        .collect();
    let pairs = uneven
        .iter()
        .map(|(_, days)| days.map(Option::unwrap_or_default));
    let written = told_apart(&pairs.collect::<Vec<_>>());
    let side = |days: &str, name: &str, has: Option<f64>| match has {
        Some(_) => format!("{days} in {name}"),
        None => format!("{days} in {name} (which lacks it)"),
    };
    // What the base has beside each variant, and the variants beside which it has the same.
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for (&(name, has), [in_base, in_variant]) in uneven.iter().zip(&written) {
        let base = side(&format!("{in_base} days"), compared.base, has[0]);
        let variant = side(in_variant, name, has[1]);
        match told.last_mut() {
            Some((last, variants)) if *last == base => variants.push(variant),
            _ => told.push((base, vec![variant])),
        }
    }
    let told: Vec<String> = told
        .into_iter()
        .map(|(base, variants)| format!("for {base} and {}", variants.join(", ")))
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "Trigger `{id}` is on {}, in the means: {THROUGH_IT_TOO}",
            told.join("; ")
        )
    })
}

/// On how many days a trigger is on in the base and in a variant, over the pairs of the two, where they ever differ; `None` for one that lacks it.
fn uneven_days(comparison: &Comparison, variant: usize, id: &str) -> Option<[Option<f64>; 2]> {
    let own = comparison.own(variant).each_ref();
    let days = own.map(|own| own.mean(own.layout().days_in_force(id)?));
    let key = comparison.layout().days_in_force(id);
    let is_uneven = match key.and_then(|key| comparison.difference(variant, key)) {
        Some(both) => both.paired.ever_differs(),
        None => days.iter().flatten().any(|&days| days > 0.0),
    };
    is_uneven.then_some(days)
}
