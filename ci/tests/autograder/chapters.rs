//! Each chapter is graded independently of the others.

use autograder::diagnostic::Diagnostic;
use autograder::verdict::State;

use crate::workbook::{STUB, Workbook};

const RIGHT: &str = "pub async fn double(number: u32) -> u32 { number * 2 }\n";

#[test_cache::test]
fn a_chapter_that_does_not_compile_does_not_block_others() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", RIGHT);
    workbook.write(
        "exercises/src/other.rs",
        "pub async fn triple(number: u32) -> u32 {",
    );
    assert_eq!(workbook.state("demo"), State::Solved);
    assert_eq!(workbook.state("other"), State::DoesNotCompile);
}

#[test_cache::test]
fn compile_errors_are_shown_in_the_compilers_order() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 {\n    let text: String = number;\n    nmber * 2\n}\n",
    );
    let verdict = workbook.grade("demo");
    let errors: Vec<_> = verdict
        .errors
        .iter()
        .map(|error| (error.code.as_deref(), error.file.as_deref(), error.line))
        .collect();
    let file = Some("exercises/src/demo.rs");
    // rustc resolves names before it checks types.
    let expected = [
        (Some("E0425"), file, Some(3)),
        (Some("E0308"), file, Some(2)),
    ];
    assert_eq!(errors, expected);
    assert!(verdict.errors[0].rendered.contains("nmber * 2"));
}

#[test_cache::test]
fn a_verdict_contains_the_compilers_warnings() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 {\n    async { number * 2 };\n    number\n}\n",
    );
    let verdict = workbook.grade("demo");
    assert_eq!(verdict.exercises[0].state, State::Failing);
    let of_future =
        |w: &Diagnostic| w.code.as_deref() == Some("unused_must_use") && w.line == Some(2);
    assert!(verdict.warnings.iter().any(of_future), "{verdict:#?}");
}

#[test_cache::test]
fn a_changed_signature_is_an_error_in_the_grader() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub fn double(number: u32) -> u32 { number * 2 }\n",
    );
    let verdict = workbook.grade("demo");
    assert_eq!(verdict.exercises[0].state, State::DoesNotCompile);
    assert_eq!(verdict.errors[0].code.as_deref(), Some("E0277"));
    assert_eq!(
        verdict.errors[0].file.as_deref(),
        Some("exercises/tests/demo.rs")
    );
}

#[test_cache::test]
fn the_workspaces_lints_forbid_unsafe_code() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 { unsafe { std::mem::transmute(number * 2) } }\n",
    );
    let verdict = workbook.grade("demo");
    assert!(verdict.errors[0].message.contains("unsafe"), "{verdict:#?}");
}

#[test_cache::test]
fn a_chapter_may_use_the_answer_of_another_one() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", RIGHT);
    workbook.write(
        "exercises/src/other.rs",
        "use crate::demo::double;\npub async fn triple(number: u32) -> u32 { double(number).await + number }\n",
    );
    assert_eq!(workbook.state("other"), State::Solved);
    workbook.write("exercises/src/demo.rs", STUB);
    assert_eq!(workbook.state("other"), State::NotStarted);
}

#[test_cache::test]
fn a_chapter_may_have_submodules() {
    let workbook = Workbook::new();
    let module = "pub fn two(number: u32) -> u32 { number * 2 }\n";
    workbook.write("exercises/src/demo/times.rs", module);
    let answer = "mod times;\npub async fn double(number: u32) -> u32 { times::two(number) }\n";
    workbook.write("exercises/src/demo.rs", answer);
    assert_eq!(workbook.state("demo"), State::Solved);
    assert_eq!(workbook.state("other"), State::NotStarted);
}

#[test_cache::test]
fn every_chapter_may_use_the_learners_helpers() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/lib.rs",
        "pub mod demo;\npub mod other;\nmod times;\n",
    );
    workbook.write(
        "exercises/src/times.rs",
        "pub fn two(number: u32) -> u32 { number * 2 }\n",
    );
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 { crate::times::two(number) }\n",
    );
    assert_eq!(workbook.state("demo"), State::Solved);
    workbook.write(
        "exercises/src/times.rs",
        "pub fn two(number: u32) -> u32 { number * 3 }\n",
    );
    assert_eq!(workbook.state("demo"), State::Failing);
}
