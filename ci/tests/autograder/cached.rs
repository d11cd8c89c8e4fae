//! A verdict is cached until something that it depends on changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use autograder::Step;
use autograder::misconception::{Known, Misconceptions, fingerprint_of};
use autograder::verdict::{ChapterVerdict, State};
use sandbox::{Cancel, Ended, Finished, Guards, Job, Limit, Output, Runner};

use crate::workbook::{Workbook, guards};

const WRONG: &str = "pub async fn double(number: u32) -> u32 { number }\n";

/// The verdict, and whether anything was built for it.
fn grade(workbook: &Workbook) -> (ChapterVerdict, bool) {
    let mut built = false;
    let verdict = workbook
        .autograder()
        .grade("demo", None, &Cancel::default(), &mut |step| {
            built |= step == Step::Compiling;
        })
        .expect("only the answer can be at fault");
    (verdict, built)
}

#[test_cache::test]
fn an_unchanged_answer_is_not_graded_again() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    let (first, built) = grade(&workbook);
    assert!(built);
    assert_eq!(grade(&workbook), (first.clone(), false));
    // Neither if the file is written again with the same content,
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(grade(&workbook), (first.clone(), false));
    // nor if another chapter changes.
    workbook.write("exercises/src/other.rs", "not Rust");
    workbook.write("exercises/src/other/more.rs", "not Rust either");
    assert_eq!(grade(&workbook), (first, false));
}

/// On a busy machine a right answer may seem to hang. It must not stay wrong until a character of it changes.
#[test_cache::test]
fn a_verdict_that_depends_on_real_time_is_not_cached() {
    let workbook = Workbook::new();
    let idle = workbook.project.path("idle");
    let sleeps_on_a_busy_machine = |millis: u64| {
        format!(
            "pub async fn double(number: u32) -> u32 {{\n    if !std::path::Path::new({idle:?}).exists() {{\n        \
             std::thread::sleep(std::time::Duration::from_millis({millis}));\n    }}\n    number * 2\n}}\n"
        )
    };
    for (millis, state) in [(400, State::Failing), (30_000, State::Hangs)] {
        workbook.write("exercises/src/demo.rs", sleeps_on_a_busy_machine(millis));
        let slow = grade(&workbook).0.exercises.remove(0);
        assert_eq!(slow.state, state);
        assert!(slow.in_real_time(), "{slow:?}");
        std::fs::write(&idle, "").expect("writable");
        let (second, built) = grade(&workbook);
        assert_eq!(second.exercises[0].state, State::Solved, "{second:?}");
        assert!(!built && !second.exercises[0].in_real_time());
        std::fs::remove_file(&idle).expect("it was written");
    }
}

/// A runner that stops one compilation, as if the machine were too busy.
struct StopsOne {
    guards: Guards,
    runs_before: AtomicUsize,
}

impl Runner for StopsOne {
    fn run(
        &self,
        job: &Job,
        cancel: &Cancel,
        output: &mut dyn FnMut(Output),
    ) -> Result<Finished, sandbox::Error> {
        let mut finished = self.guards.run(job, cancel, output)?;
        let before = self.runs_before.fetch_sub(1, Ordering::Relaxed);
        if before == 0 {
            finished.ended = Ended::LimitExceeded(Limit::Wall);
        }
        Ok(finished)
    }
}

/// The first run compiles the answers, the second one the grader.
#[test_cache::test]
fn a_stopped_compilation_is_not_cached() {
    let right = WRONG.replace("{ number }", "{ number * 2 }");
    for runs_before in [0, 1] {
        let workbook = Workbook::new();
        workbook.write("exercises/src/demo.rs", &right);
        let stopped = StopsOne {
            guards: guards(),
            runs_before: runs_before.into(),
        };
        let grader = workbook.autograder_with(Arc::new(stopped));
        let first = grader.grade("demo", None, &Cancel::default(), &mut |_| {});
        let first = first.expect("only the answer can be at fault");
        assert_eq!(first.exercises[0].state, State::DoesNotCompile);
        assert!(
            first.errors[0].message.contains("was stopped"),
            "{:?}",
            first.errors
        );
        assert_eq!(workbook.state("demo"), State::Solved);
    }
}

#[test_cache::test]
fn warnings_about_style_are_no_cause() {
    let workbook = Workbook::new();
    let lints = "[workspace]\n[workspace.lints.rust]\nmissing_docs = \"warn\"\n";
    workbook.write("Cargo.toml", lints);
    let answer = "pub fn undocumented() {}\nfn badName() {}\n";
    workbook.write("exercises/src/demo.rs", format!("{WRONG}{answer}"));
    let warnings = grade(&workbook).0.warnings;
    let has = |code| {
        let mut codes = warnings.iter().map(|warning| warning.code.as_deref());
        codes.any(|other| other == Some(code))
    };
    assert!(has("dead_code"), "{warnings:?}");
    assert!(
        !has("missing_docs") && !has("non_snake_case"),
        "{warnings:?}"
    );
}

#[test_cache::test]
fn a_change_invalidates_the_verdict() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Failing);

    let right = WRONG.replace("{ number }", "{ number * 2 }");
    workbook.write("exercises/src/demo.rs", &right);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Solved);

    // Another grader, which becomes the original.
    let grader = workbook
        .project
        .read("exercises/tests/demo.rs")
        .expect("the grader exists");
    workbook.write(
        "exercises/tests/demo.rs",
        grader.replace("number * 2", "number * 4"),
    );
    workbook.lock();
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Failing);

    workbook.write("exercises/tests/demo.rs", grader);
    workbook.lock();
    let (verdict, built) = grade(&workbook);
    assert_eq!((verdict.exercises[0].state, built), (State::Solved, false));

    // Other lints may reject the same answer.
    workbook.write(
        "Cargo.toml",
        "[workspace]\n[workspace.lints.rust]\nmissing_docs = \"deny\"\n",
    );
    assert_eq!(grade(&workbook).0.exercises[0].state, State::DoesNotCompile);
}

/// What an answer takes in, as it is written in the answer, and the file that it takes in.
const TAKEN_IN: &[(&str, &str)] = &[
    (
        "include_str!(\"factor.txt\").trim().parse().unwrap()",
        "exercises/src/factor.txt",
    ),
    (
        "include!(\"demo/factor.in\")",
        "exercises/src/demo/factor.in",
    ),
    (
        "u32::from(include_bytes!(\"../data/factor\")[0] - b'0')",
        "exercises/data/factor",
    ),
    (
        "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/factor\"))",
        "exercises/factor",
    ),
];

#[test_cache::test]
fn a_change_of_what_an_answer_takes_in_invalidates_the_verdict() {
    for (factor, file) in TAKEN_IN {
        let workbook = Workbook::new();
        let answer = format!(
            "pub async fn double(number: u32) -> u32 {{ let factor: u32 = {factor}; number * factor }}\n"
        );
        workbook.write("exercises/src/demo.rs", answer);
        let state = || grade(&workbook).0.exercises[0].state;
        assert_eq!(state(), State::DoesNotCompile, "{file} is missing");
        for (content, expected) in [("2", State::Solved), ("3", State::Failing)] {
            workbook.write(file, content);
            assert_eq!(state(), expected, "{file}: {content}");
            assert!(!grade(&workbook).1, "{file}: the verdict is cached");
        }
        workbook.write(file, "not a number");
        assert_ne!(state(), State::Solved, "{file}");
        workbook.write(file, "2");
        assert_eq!(state(), State::Solved, "{file}");
        std::fs::remove_file(workbook.project.path(file)).expect("it was written");
        assert_eq!(state(), State::DoesNotCompile, "{file} is gone");
    }
}

#[test_cache::test]
fn a_verdict_that_cannot_be_cached_is_returned() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Failing);
    workbook.forget("verdicts");
    // A file in place of the folder: nothing can be written into it.
    workbook.write_cached("verdicts", "");
    let right = WRONG.replace("{ number }", "{ number * 2 }");
    workbook.write("exercises/src/demo.rs", &right);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Solved);
}

#[test_cache::test]
fn an_existing_program_is_not_built_again() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    let first = grade(&workbook).0;
    let record = "chapters/demo/built.json";
    let again = |workbook: &Workbook| {
        workbook.forget("verdicts");
        grade(workbook)
    };
    assert_eq!(again(&workbook), (first.clone(), false));
    // Its record is not valid after another program has been built in its place,
    workbook.write("exercises/src/demo.rs", "not Rust");
    assert!(grade(&workbook).1);
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(again(&workbook), (first.clone(), true));
    // or if the record is missing.
    workbook.forget(record);
    assert_eq!(again(&workbook), (first, true));
}

#[test_cache::test]
fn compile_errors_are_cached_too() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", "not Rust");
    let (first, built) = grade(&workbook);
    assert!(built);
    assert_eq!(first.exercises[0].state, State::DoesNotCompile);
    assert_eq!(grade(&workbook), (first, false));
}

#[test_cache::test]
fn a_known_mistake_is_recognised_and_another_one_is_not() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    let tests = grade(&workbook).0.exercises.remove(0).tests;
    let known = |description: &str, exercise: &str| Known {
        exercise: exercise.to_owned(),
        description: description.to_owned(),
        file: "ci/wrong/demo/double/as-it-is.rs".to_owned(),
        fails: tests
            .iter()
            .map(|test| (test.name.clone(), fingerprint_of(&test.report)))
            .collect(),
    };
    let mut misconceptions = Misconceptions {
        known: vec![
            known("Gives it back.", "demo/double"),
            known("No.", "other/triple"),
        ],
    };
    misconceptions.known[1].fails.clear();
    let text = toml::to_string(&misconceptions).expect("it can be serialised");
    workbook.write(Misconceptions::FILE, text);
    let solution = WRONG.replace("{ number }", "{ number * 2 }");
    workbook.write("solutions/src/demo.rs", solution);
    let file = "ci/wrong/demo/double/as-it-is.rs";
    workbook.write(file, WRONG);
    let descriptions = |workbook: &Workbook| -> Vec<String> {
        let verdict = grade(workbook).0.exercises.remove(0);
        verdict
            .misconceptions
            .into_iter()
            .map(|known| known.description)
            .collect()
    };
    assert_eq!(descriptions(&workbook), ["Gives it back."]);
    for other in ["{ number + 5 }", "{ number * 2 }", "{ todo!() }"] {
        workbook.write("exercises/src/demo.rs", WRONG.replace("{ number }", other));
        assert_eq!(descriptions(&workbook), [""; 0], "{other}");
    }
    // It gives the same number back by other means.
    let other = "{ number.swap_bytes().reverse_bits().reverse_bits().swap_bytes() }";
    workbook.write("exercises/src/demo.rs", WRONG.replace("{ number }", other));
    assert_eq!(descriptions(&workbook), [""; 0]);
    // A verdict is computed again when the wrong answer has changed.
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(descriptions(&workbook), ["Gives it back."]);
    workbook.write(file, "pub async fn double(_: u32) -> u32 { todo!() }");
    assert_eq!(descriptions(&workbook), [""; 0]);
}
