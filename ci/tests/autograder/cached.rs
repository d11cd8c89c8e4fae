//! A verdict is kept as long as nothing that it depends on has changed, and no longer.

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
        .expect("nothing but the answer is at fault");
    (verdict, built)
}

#[test_cache::test]
fn an_unchanged_answer_is_not_graded_again() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    let (first, built) = grade(&workbook);
    assert!(built);
    assert_eq!(grade(&workbook), (first.clone(), false));
    // Nor when the file is rewritten with the same content,
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(grade(&workbook), (first.clone(), false));
    // nor when another chapter changes.
    workbook.write("exercises/src/other.rs", "not Rust");
    workbook.write("exercises/src/other/more.rs", "not Rust either");
    assert_eq!(grade(&workbook), (first, false));
}

#[test_cache::test]
fn a_change_invalidates_the_cached_verdict() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Failing);

    let right = WRONG.replace("{ number }", "{ number * 2 }");
    workbook.write("exercises/src/demo.rs", &right);
    assert_eq!(grade(&workbook).0.exercises[0].state, State::Solved);

    // Another grader, the original one from now on.
    let grader = workbook
        .project
        .read("exercises/tests/demo.rs")
        .expect("there");
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

    // Other lints may find what these do not.
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
    let note = "chapters/demo/built.json";
    let again = |workbook: &Workbook| {
        workbook.forget("verdicts");
        grade(workbook)
    };
    assert_eq!(again(&workbook), (first.clone(), false));
    // What is noted of it says nothing any more once something else was built in its place,
    workbook.write("exercises/src/demo.rs", "not Rust");
    assert!(grade(&workbook).1);
    workbook.write("exercises/src/demo.rs", WRONG);
    assert_eq!(again(&workbook), (first.clone(), true));
    // or when it is not whole.
    workbook.forget(note);
    assert_eq!(again(&workbook), (first, true));
}

#[test_cache::test]
fn compile_errors_are_cached() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", "not Rust");
    let (first, built) = grade(&workbook);
    assert!(built);
    assert_eq!(first.exercises[0].state, State::DoesNotCompile);
    assert_eq!(grade(&workbook), (first, false));
}

#[test_cache::test]
fn names_a_known_mistake_and_no_other() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", WRONG);
    let tests = grade(&workbook).0.exercises.remove(0).tests;
    let known = |says: &str, exercise: &str| Known {
        exercise: exercise.to_owned(),
        says: says.to_owned(),
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
    let text = toml::to_string(&misconceptions).expect("it can be written");
    workbook.write(Misconceptions::FILE, text);
    let says = |workbook: &Workbook| -> Vec<String> {
        let verdict = grade(workbook).0.exercises.remove(0);
        verdict
            .misconceptions
            .into_iter()
            .map(|known| known.says)
            .collect()
    };
    assert_eq!(says(&workbook), ["Gives it back."]);
    for other in ["{ number + 5 }", "{ number * 2 }", "{ todo!() }"] {
        workbook.write("exercises/src/demo.rs", WRONG.replace("{ number }", other));
        assert_eq!(says(&workbook), [""; 0], "{other}");
    }
}
