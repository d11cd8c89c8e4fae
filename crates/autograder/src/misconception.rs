//! Which known mistake an answer makes.
//!
//! `exercises/misconceptions.toml` has, for each wrong answer in `ci/wrong`, the tests that it fails and
//! a fingerprint of what each of them says to it. An answer that fails the same tests with the same
//! words makes one of these mistakes, or one that looks the same from outside.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::Project;
use crate::hash::hash;
use crate::manifest::Chapter;
use crate::verdict::{Misconception, Outcome, TestVerdict};

/// The known mistakes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misconceptions {
    /// One for each wrong answer.
    #[serde(default)]
    pub known: Vec<Known>,
}

/// What a wrong answer fails, and what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The chapter's slug and the exercise's name: `gather/fetch_all`.
    pub exercise: String,
    /// The mistake in a sentence.
    pub says: String,
    /// The wrong answer, relative to the root.
    pub file: String,
    /// The tests that it fails, each with the fingerprint of its report.
    pub fails: BTreeMap<String, String>,
}

impl Misconceptions {
    /// Where they are kept, relative to the project's root.
    pub const FILE: &str = "exercises/misconceptions.toml";

    /// Reads the file. Where there is none, nothing is known.
    ///
    /// # Errors
    ///
    /// If it has a mistake.
    pub fn read(project: &Project) -> Result<Self> {
        toml::from_str(&Self::text(project)).with_context(|| {
            format!(
                "{} has a mistake. `cargo refresh` writes it anew.",
                Self::FILE
            )
        })
    }

    pub(crate) fn text(project: &Project) -> String {
        project.read(Self::FILE).unwrap_or_default()
    }

    /// The mistakes that fail the same tests with the same words. Tests that were not run are like
    /// any.
    pub(crate) fn matching(
        &self,
        chapter: &Chapter,
        exercise: &str,
        tests: &[TestVerdict],
    ) -> Vec<Misconception> {
        let name = format!("{}/{exercise}", chapter.slug());
        let looks_like = |known: &&Known| {
            known.exercise == name
                && tests
                    .iter()
                    .any(|test| known.fails.contains_key(&test.name))
                && tests
                    .iter()
                    .all(|test| match (test.outcome, known.fails.get(&test.name)) {
                        (Outcome::NotRun, _) => true,
                        (Outcome::Passed, fails) => fails.is_none(),
                        (_, Some(fingerprint)) => *fingerprint == fingerprint_of(&test.report),
                        (_, None) => false,
                    })
        };
        let known = self.known.iter().filter(looks_like);
        let misconception = |known: &Known| Misconception {
            says: known.says.clone(),
            file: known.file.clone(),
        };
        known.map(misconception).collect()
    }
}

/// A name for what a report says, the same wherever the answer stands and however busy the machine is:
/// without the timeline below it, if there is one, the places of the answer's lines, what was measured in real
/// time, and the seed of an order of polls.
pub fn fingerprint_of(report: &str) -> String {
    let said = report.split("\n\n").next().unwrap_or_default();
    let mut words: Vec<String> = said.split_whitespace().map(without_place).collect();
    for at in (2..words.len()).rev() {
        // A number and its unit stand before these words.
        let of_real_time = words[at..].iter().zip(["of", "real", "time"]);
        let is_measured = of_real_time.filter(|(word, wanted)| word.starts_with(wanted));
        if is_measured.count() == 3 {
            words.drain(at - 2..at);
        }
    }
    words.retain(|word| !word.starts_with("GRADING_SEED="));
    let mut name = hash(&[words.join(" ")]);
    name.truncate(12);
    name
}

/// `exercises/src/gather.rs:12:9` without the folder and the line.
fn without_place(word: &str) -> String {
    let Some((path, after)) = word.split_once(".rs:") else {
        return word.to_owned();
    };
    let file = path.rsplit('/').next().unwrap_or(path);
    let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    format!("{file}.rs{after}")
}

#[cfg(test)]
mod tests {
    use super::fingerprint_of;

    #[test]
    fn what_was_measured_in_real_time_is_left_out() {
        let idle = "A poll took 500 ms of real time, in which nothing else could run.";
        let busy = "A poll took 1.5 s of real time, in which\nnothing else could run.";
        assert_eq!(fingerprint_of(idle), fingerprint_of(busy));
        assert_ne!(
            fingerprint_of("They took 60 ms."),
            fingerprint_of("They took 70 ms.")
        );
    }

    #[test]
    fn the_seed_is_left_out() {
        let report = "1 was counted. GRADING_SEED=3 in the environment\nrepeats it.";
        let other = "1 was counted. GRADING_SEED=117 in the environment repeats it.";
        assert_eq!(fingerprint_of(report), fingerprint_of(other));
    }

    #[test]
    fn the_place_and_the_timeline_are_left_out() {
        let here = "It panicked at exercises/src/gather.rs:12: no.\n\n  0 ms\n";
        let there = "It panicked at\nsolutions/src/gather.rs:112: no.\n\n  9 ms\n";
        assert_eq!(fingerprint_of(here), fingerprint_of(there));
        assert_ne!(
            fingerprint_of(here),
            fingerprint_of("It panicked elsewhere.")
        );
    }
}
