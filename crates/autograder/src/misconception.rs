//! Recognises known mistakes in an answer.
//!
//! For each wrong answer in `ci/wrong`, `exercises/misconceptions.toml` lists the tests that it fails, with
//! a fingerprint of each report. Different mistakes may fail the same tests with the same reports. So the answer's code
//! must also be like that of the wrong answer: it has what distinguishes the wrong answer from the solution and from
//! the other wrong answers to the exercise, and little that is in neither of them.

mod code;
mod likeness;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::hash::hash;
use crate::manifest::Chapter;
use crate::project::Project;
use crate::verdict::{Misconception, Outcome, TestVerdict};
use code::Code;
use likeness::{Fit, characteristics, fit};

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

    /// What the mistakes of a chapter are recognised by besides this file: each file and its text.
    pub(crate) fn sources(project: &Project, chapter: &Chapter) -> Result<Vec<(String, String)>> {
        let mut files = project.files(&format!("ci/wrong/{}", chapter.module()), "rs")?;
        files.push(solution_of(chapter));
        let text = |file: String| {
            let text = project.read(&file).unwrap_or_default();
            (file, text)
        };
        Ok(files.into_iter().map(text).collect())
    }

    /// The mistakes that fail the same tests with the same reports, and whose code is like that of `answers`, the text
    /// of the chapter's file: the one that is most like it, or several that are the same code. A test that was not run
    /// matches anything.
    pub(crate) fn matching(
        &self,
        project: &Project,
        chapter: &Chapter,
        exercise: &str,
        tests: &[TestVerdict],
        answers: &str,
    ) -> Result<Vec<Misconception>> {
        let fails_alike = |known: &&Known| {
            tests
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
        let candidates: Vec<_> = self
            .of_exercise(chapter, exercise)
            .filter(fails_alike)
            .collect();
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let wrong = WrongAnswers::read(self, project, chapter, exercise)?;
        let alike = wrong.with_code_like(&candidates, answers);
        let misconception = |known: &Known| Misconception {
            description: known.description.clone(),
            file: known.file.clone(),
        };
        Ok(alike.into_iter().map(misconception).collect())
    }

    fn of_exercise<'a>(
        &'a self,
        chapter: &Chapter,
        exercise: &str,
    ) -> impl Iterator<Item = &'a Known> {
        let name = format!("{}/{exercise}", chapter.slug());
        self.known
            .iter()
            .filter(move |known| known.exercise == name)
    }
}

/// The code of the wrong answers to one exercise, and of its solution.
struct WrongAnswers<'a> {
    exercise: &'a str,
    other_exercises: BTreeSet<&'a str>,
    solution: Code,
    wrong: Vec<(&'a Known, Code)>,
}

impl<'a> WrongAnswers<'a> {
    /// Reads the code. Wrong answers that do not exist or are not Rust are left out.
    fn read(
        known: &'a Misconceptions,
        project: &Project,
        chapter: &'a Chapter,
        exercise: &'a str,
    ) -> Result<Self> {
        let names = chapter.exercises.iter().map(|other| other.name());
        let others: BTreeSet<_> = names.filter(|name| *name != exercise).collect();
        let code = |text: &str| Code::of(text, exercise, &others);
        let sources: BTreeMap<_, _> = Misconceptions::sources(project, chapter)?
            .into_iter()
            .collect();
        let solution = sources.get(&solution_of(chapter)).map_or("", |text| text);
        // A wrong answer holds only the items that differ from those of the solution.
        let of_wrong = |known: &Known| {
            let text = sources.get(&known.file)?;
            code(&format!("{text}\n{solution}"))
        };
        Ok(Self {
            exercise,
            solution: code(solution).unwrap_or_default(),
            wrong: known
                .of_exercise(chapter, exercise)
                .filter_map(|known| Some((known, of_wrong(known)?)))
                .collect(),
            other_exercises: others,
        })
    }

    /// Those of `candidates` whose code is most like that of `answers`, the text of the chapter's file.
    fn with_code_like(&self, candidates: &[&Known], answers: &str) -> Vec<&'a Known> {
        let Some(answer) = Code::of(answers, self.exercise, &self.other_exercises) else {
            return Vec::new();
        };
        let mut fits = Vec::new();
        for (known, wrong) in &self.wrong {
            if !candidates.contains(known) {
                continue;
            }
            let others = self.wrong.iter().filter(|(other, _)| other != known);
            let others: Vec<_> = others.map(|(_, code)| code).collect();
            let characteristics = characteristics(wrong, &self.solution, &others);
            if let Some(fit) = fit(&answer, wrong, &self.solution, &others, &characteristics) {
                fits.push((*known, fit));
            }
        }
        let is_best = |(_, fit): &&(&Known, Fit)| fits.iter().all(|(_, other)| fit >= other);
        fits.iter()
            .filter(is_best)
            .map(|(known, _)| *known)
            .collect()
    }
}

fn solution_of(chapter: &Chapter) -> String {
    format!("solutions/src/{}.rs", chapter.module())
}

/// A hash of what a report says. It does not depend on where the answer's code is and how busy the machine is:
/// it leaves out the timeline below the report, the line numbers in the answer, what was measured in real
/// time, the numbers of threads, and the seed of a random order of polls.
pub fn fingerprint_of(report: &str) -> String {
    let sentences = report.split("\n\n").next().unwrap_or_default();
    let words: Vec<String> = sentences.split_whitespace().map(without_location).collect();
    let is_of_real_time = |at: usize| {
        let of_real_time = words.iter().skip(at).zip(["of", "real", "time"]);
        let same = of_real_time.filter(|(word, wanted)| word.starts_with(wanted));
        same.count() == 3
    };
    // A number and its unit precede those words.
    let is_measured = |at: &usize| is_of_real_time(at + 1) || is_of_real_time(at + 2);
    let kept = (0..words.len()).filter(|at| !is_measured(at));
    let mut words: Vec<_> = kept.map(|at| words[at].as_str()).collect();
    words.retain(|word| !word.starts_with("GRADING_SEED=") && !is_thread_id(word));
    let mut name = hash(&[words.join(" ")]);
    name.truncate(12);
    name
}

/// Whether a word is the number of a thread in `thread 'main' (4711) panicked`.
fn is_thread_id(word: &str) -> bool {
    let number = word
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
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
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::{
        Code, Known, Misconceptions, WrongAnswers, characteristics, fingerprint_of, fit,
        solution_of,
    };
    use crate::project::Project;

    /// Calls `check` with the wrong answers to each exercise of the book and the text of its solution.
    fn for_each_exercise(check: impl Fn(&Project, &WrongAnswers<'_>, &[&Known], &str)) {
        let project = Project::around(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("it is in it");
        let known = Misconceptions::read(&project).expect("it is valid");
        let manifest = project.manifest().expect("it is valid");
        for chapter in &manifest.chapters {
            let solution = project.read(&solution_of(chapter)).expect("it exists");
            for exercise in &chapter.exercises {
                let wrong = WrongAnswers::read(&known, &project, chapter, exercise.name());
                let wrong = wrong.expect("the folder is readable");
                let known: Vec<_> = known.of_exercise(chapter, exercise.name()).collect();
                assert_eq!(wrong.wrong.len(), known.len(), "{}", exercise.name());
                check(&project, &wrong, &known, &solution);
            }
        }
    }

    fn same_failures<'a>(known: &[&'a Known], one: &Known) -> Vec<&'a Known> {
        let same = known.iter().filter(|other| other.fails == one.fails);
        same.copied().collect()
    }

    #[test]
    fn every_wrong_answer_is_recognised_and_not_taken_for_another() {
        for_each_exercise(|project, wrong, known, solution| {
            for one in known {
                let own = project.read(&one.file).expect("it exists");
                let found =
                    wrong.with_code_like(&same_failures(known, one), &format!("{own}\n{solution}"));
                assert!(found.contains(one), "{} is {found:?}", one.file);
                for other in found {
                    let other = project.read(&other.file).expect("it exists");
                    let code = |text: &str| text.split_once('\n').expect("code").1.to_owned();
                    assert_eq!(code(&own), code(&other), "{}", one.file);
                }
            }
        });
    }

    #[test]
    fn an_answer_is_recognised_by_its_code() {
        let of = |text: &str| Code::of(text, "fetch", &BTreeSet::from(["other"])).expect("Rust");
        let solution = of("fn fetch(urls: &[Url]) { join_all(urls.iter().map(get)).await }");
        let wrong = of("fn fetch(urls: &[Url]) { for url in urls { get(url).await } }");
        let characteristics = characteristics(&wrong, &solution, &[]);
        let fits = |text: &str| {
            let answer = of(text);
            fit(&answer, &wrong, &solution, &[], &characteristics).is_some()
        };
        // Variables, loops and the order of items do not matter,
        assert!(fits(
            "fn other() {} fn fetch(u: &[Url]) { each(u).await } \
             async fn each(u: &[Url]) { let mut i = 0; while i < u.len() { get(&u[i]).await; i += 1 } }"
        ));
        // what is called does,
        assert!(!fits(
            "fn fetch(urls: &[Url]) { join_all(urls.iter().map(get)).await }"
        ));
        assert!(!fits(
            "fn fetch(urls: &[Url]) { let gate = Semaphore::new(1); \
             join_all(urls.iter().map(async |url| { gate.acquire().await; get(url).await })).await }"
        ));
        // and the code of another exercise does not.
        assert!(!fits(
            "fn fetch(urls: &[Url]) { other(urls) } fn other(urls: &[Url]) { for url in urls { get(url).await } }"
        ));
    }

    #[test]
    fn deep_nesting_does_not_overflow_the_stack() {
        let deep = format!(
            "fn fetch() {{ {}1{} }}",
            "(".repeat(50_000),
            ")".repeat(50_000)
        );
        assert!(Code::of(&deep, "fetch", &BTreeSet::new()).is_some());
        assert!(Code::of("fn fetch() {", "fetch", &BTreeSet::new()).is_none());
    }

    #[test]
    fn a_solution_is_no_wrong_answer() {
        for_each_exercise(|_, wrong, known, solution| {
            for one in known {
                let found = wrong.with_code_like(&[one], solution);
                assert!(found.is_empty(), "{found:?}");
            }
        });
    }

    #[test]
    fn a_fingerprint_ignores_measurements_of_real_time() {
        let idle = "A poll took 500 ms of real time, in which nothing else could run.";
        let busy = "A poll took 1.5 s of real time, in which\nnothing else could run.";
        assert_eq!(fingerprint_of(idle), fingerprint_of(busy));
        // Only the number and its unit are left out.
        assert_ne!(
            fingerprint_of("Hangs: one poll took 5 s of real time."),
            fingerprint_of("Hangs: two polls took 5 s of real time.")
        );
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
    fn the_number_of_a_thread_is_another_one_each_time() {
        let of =
            |id: &str| fingerprint_of(&format!("thread 'main' ({id}) panicked at tasks.rs:1:1:"));
        assert_eq!(of("4711"), of("12"));
        assert_ne!(of("4711"), of("twelve"));
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
