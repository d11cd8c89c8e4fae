//! A verdict is cached until something that it depends on changes.

use autograder::Step;
use autograder::misconception::{Known, Misconceptions, fingerprint_of};
use autograder::verdict::{ChapterVerdict, State};
use sandbox::Cancel;

use crate::workbook::Workbook;

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
    let sleeps_the_first_time = |millis: u64| {
        format!(
            "pub async fn double(number: u32) -> u32 {{\n    let again = std::path::Path::new({:?});\n    if \
             !again.exists() {{\n        std::fs::write(again, \"\").unwrap();\n        \
             std::thread::sleep(std::time::Duration::from_millis({millis}));\n    }}\n    number * 2\n}}\n",
            workbook.project.path("was-slow")
        )
    };
    for (millis, state) in [(400, State::Failing), (30_000, State::Hangs)] {
        workbook.write("exercises/src/demo.rs", sleeps_the_first_time(millis));
        let slow = grade(&workbook).0.exercises.remove(0);
        assert_eq!(slow.state, state);
        assert!(slow.in_real_time(), "{slow:?}");
        let (second, built) = grade(&workbook);
        assert_eq!(second.exercises[0].state, State::Solved, "{second:?}");
        assert!(!built && !second.exercises[0].in_real_time());
        std::fs::remove_file(workbook.project.path("was-slow")).expect("the answer wrote it");
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
