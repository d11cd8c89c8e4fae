//! Recognises known mistakes in an answer.
//!
//! For each wrong answer in `ci/wrong`, `exercises/misconceptions.toml` lists the tests that it fails, with
//! a fingerprint of each report. An answer that fails the same tests with the same reports
//! makes the same mistake, or one that behaves the same.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::hash::hash;
use crate::manifest::Chapter;
use crate::project::Project;
use crate::verdict::{Misconception, Outcome, TestVerdict};

/// The known mistakes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Misconceptions {
    /// One for each wrong answer.
    #[serde(default)]
    pub known: Vec<Known>,
}

/// A known mistake: the tests that it fails, and the wrong answer that makes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The chapter's slug and the exercise's name: `gather/fetch_all`.
    pub exercise: String,
    /// The mistake in a sentence.
    pub description: String,
    /// The wrong answer, relative to the root.
    pub file: String,
    /// The tests that the wrong answer fails, each with the fingerprint of its report.
    pub fails: BTreeMap<String, String>,
}

impl Misconceptions {
    /// The path of the file, relative to the project's root.
    pub const FILE: &str = "exercises/misconceptions.toml";

    /// Reads the file. If it does not exist, no mistakes are known.
    ///
    /// # Errors
    ///
    /// If it is invalid.
    pub fn read(project: &Project) -> Result<Self> {
        toml::from_str(&Self::text(project)).with_context(|| {
            format!(
                "{} is invalid. `cargo refresh` generates it again.",
                Self::FILE
            )
        })
    }

    pub(crate) fn text(project: &Project) -> String {
        project.read(Self::FILE).unwrap_or_default()
    }

    /// The mistakes that fail the same tests with the same reports. A test that was not run matches
    /// anything.
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
            description: known.description.clone(),
            file: known.file.clone(),
        };
        known.map(misconception).collect()
    }
}

/// A hash of what a report says. It does not depend on where the answer's code is and how busy the machine is:
/// it leaves out the timeline below the report, the line numbers in the answer, what was measured in real
/// time, and the seed of a random order of polls.
pub fn fingerprint_of(report: &str) -> String {
    let sentences = report.split("\n\n").next().unwrap_or_default();
    let mut words: Vec<String> = sentences.split_whitespace().map(without_location).collect();
    for at in (2..words.len()).rev() {
        // A number and its unit precede these words.
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

/// `exercises/src/gather.rs:12:9` without the folder, the line and the column.
fn without_location(word: &str) -> String {
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
    fn a_fingerprint_ignores_measurements_of_real_time() {
        let idle = "A poll took 500 ms of real time, in which nothing else could run.";
        let busy = "A poll took 1.5 s of real time, in which\nnothing else could run.";
        assert_eq!(fingerprint_of(idle), fingerprint_of(busy));
        assert_ne!(
            fingerprint_of("They took 60 ms."),
            fingerprint_of("They took 70 ms.")
        );
    }

    #[test]
    fn a_fingerprint_ignores_the_seed() {
        let report = "1 was counted. GRADING_SEED=3 in the environment\nrepeats it.";
        let other = "1 was counted. GRADING_SEED=117 in the environment repeats it.";
        assert_eq!(fingerprint_of(report), fingerprint_of(other));
    }

    #[test]
    fn a_fingerprint_ignores_the_location_and_the_timeline() {
        let here = "It panicked at exercises/src/gather.rs:12: no.\n\n  0 ms\n";
        let there = "It panicked at\nsolutions/src/gather.rs:112: no.\n\n  9 ms\n";
        assert_eq!(fingerprint_of(here), fingerprint_of(there));
        assert_ne!(
            fingerprint_of(here),
            fingerprint_of("It panicked elsewhere.")
        );
    }
}
