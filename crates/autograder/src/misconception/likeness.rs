//! How much an answer's code is like that of a wrong answer.

use std::collections::BTreeSet;

use super::code::{Code, Kind};

/// The least likeness of an answer that makes the same mistake.
const LEAST: f64 = 0.4;

/// The least likeness if the answer has a name that the known answers to the exercise do not have. It may do something
/// else by means of that.
const LEAST_WITH_FOREIGN_NAME: f64 = 0.85;

/// A feature is characteristic of a wrong answer if at most this share of the other answers agree with it. The first
/// share that leaves any feature counts.
const SHARES: &[f64] = &[0.25, 0.4, 0.6, 0.8, 0.99];

/// What a wrong answer has and most other answers to the exercise do not have, or the other way round.
pub(super) struct Characteristic<'a> {
    kind: Kind,
    feature: &'a (Kind, String),
    is_present: bool,
    weight: f64,
}

/// How well an answer fits a wrong answer: better ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Fit {
    likeness: f64,
    overlap: f64,
}

/// What is characteristic of a wrong answer, including what distinguishes it from the solution.
pub(super) fn characteristics<'a>(
    wrong: &'a Code,
    solution: &'a Code,
    others: &[&'a Code],
) -> Vec<Characteristic<'a>> {
    let all = others.iter().copied().chain([wrong, solution]);
    let features: BTreeSet<_> = all.flat_map(|code| &code.features).collect();
    let rated: Vec<_> = features
        .into_iter()
        .map(|feature| {
            let is_present = wrong.features.contains(feature);
            let agrees = |other: &Code| other.features.contains(feature) == is_present;
            let agreeing = others.iter().filter(|other| agrees(other)).count();
            let in_solution = agrees(solution);
            let share = share(agreeing + usize::from(in_solution), others.len() + 1);
            (share, feature, is_present, in_solution)
        })
        .collect();
    let is_rare = |limit: &&f64| {
        let mut distinguishing = rated.iter().filter(|(.., in_solution)| !in_solution);
        distinguishing.any(|(share, ..)| share <= *limit)
    };
    let Some(limit) = SHARES.iter().find(is_rare) else {
        return Vec::new();
    };
    rated
        .into_iter()
        .filter(|(share, ..)| share <= limit)
        .map(|(share, feature, is_present, _)| Characteristic {
            kind: feature.0,
            feature,
            is_present,
            // What is missing may be there in another form.
            weight: (1.0 - share).powi(2) * if is_present { 1.0 } else { 0.7 },
        })
        .collect()
}

/// How well `answer` fits `wrong`; `None` if it does not.
pub(super) fn fit(
    answer: &Code,
    wrong: &Code,
    solution: &Code,
    others: &[&Code],
    characteristics: &[Characteristic<'_>],
) -> Option<Fit> {
    if answer.tokens == wrong.tokens {
        return Some(Fit {
            likeness: 2.0,
            overlap: 1.0,
        });
    }
    // A wrong answer that only leaves something out has nothing by which it is recognised. So the rest must be its own.
    let leaves_out = characteristics.iter().all(|other| !other.is_present);
    let others = if leaves_out { &[] } else { others };
    let known = || others.iter().copied().chain([wrong, solution]);
    let is_foreign = |name: &&str| !known().any(|code| code.words.contains(*name));
    let least = match answer.names().filter(is_foreign).count() {
        0 => LEAST,
        1 => LEAST_WITH_FOREIGN_NAME,
        _ => return None,
    };
    let of_solution = likeness(solution, characteristics);
    let likeness = likeness(answer, characteristics);
    (likeness >= least && likeness > of_solution).then(|| Fit {
        likeness,
        overlap: overlap(answer, wrong),
    })
}

/// The share of their features that two answers have in common.
fn overlap(one: &Code, other: &Code) -> f64 {
    let common = one.features.intersection(&other.features).count();
    share(2 * common, one.features.len() + other.features.len())
}

/// The share of the characteristics that an answer has, by their weights.
fn likeness(answer: &Code, characteristics: &[Characteristic<'_>]) -> f64 {
    let (mut sum, mut most) = (0.0, 0.0);
    for (kind, weight) in [
        (Kind::Name, 4.0),
        (Kind::InLoop, 2.0),
        (Kind::Together, 2.0),
        (Kind::InOrder, 1.0),
        (Kind::Minor, 1.0),
    ] {
        let (mut has, mut all) = (0.0, 0.0);
        for characteristic in characteristics.iter().filter(|other| other.kind == kind) {
            all += characteristic.weight;
            if answer.features.contains(characteristic.feature) == characteristic.is_present {
                has += characteristic.weight;
            }
        }
        if all > 0.0 {
            sum += weight * has / all;
            most += weight;
        }
    }
    if most > 0.0 { sum / most } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "the numbers are small")]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 {
        0.0
    } else {
        part as f64 / of as f64
    }
}
