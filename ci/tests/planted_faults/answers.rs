//! Faults in solutions, stubs, wrong answers and graders.

use ci::proof::{answers, reports};

use crate::fixture::{COMPILER, Fixture, one};

const SOLUTION: &str = "solutions/src/demo.rs";
const STUB: &str = "exercises/src/demo.rs";
const GRADER: &str = "exercises/tests/demo.rs";
const PAGE: &str = "src/demo.md";
const WRONG: &str = "ci/wrong/demo/double/squared.rs";

#[test]
fn a_solution_that_does_not_pass() {
    let fixture = Fixture::new().plant(SOLUTION, "number * 2", "number * 3");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "solutions/src/demo.rs:4",
        &["does not pass `double::gives_twice_the_number`"],
    );
}

#[test]
fn a_solution_that_does_not_compile() {
    let fixture = Fixture::new().plant(SOLUTION, "number * 2", "nmber * 2");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(findings, "solutions/src/demo.rs:5", &["error[E0425]"]);
}

#[test]
fn a_stub_that_passes() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number * 2");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:4",
        &["passes although nothing is solved"],
    );
}

#[test]
fn a_stub_that_fails_instead_of_not_being_started() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:4",
        &["should say \"Not started: …\""],
    );
}

#[test]
fn an_answer_that_does_not_compile() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number * \"2\"");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:5",
        &["The compiler says", "error[E0277]"],
    );
}

#[test]
fn a_stub_with_a_warning() {
    let fixture = Fixture::new().plant(STUB, "//! Demo.\n", "//! Demo.\nuse std::fmt;\n");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(findings, "exercises/src/demo.rs:2", &["unused import"]);
}

#[test]
fn a_wrong_answer_that_passes() {
    let fixture = Fixture::new().plant(WRONG, "number.pow(2)", "number + number");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["passes this wrong answer"],
    );
}

#[test]
fn a_wrong_answer_whose_report_does_not_name_the_mistake() {
    let fixture = Fixture::new().plant(WRONG, "not multiplied by two", "squared");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["does not say \"squared\""],
    );
}

#[test]
fn a_wrong_answer_that_does_not_compile() {
    let fixture = Fixture::new().plant(WRONG, "number.pow(2)", "nmber.pow(2)");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:5",
        &["error[E0425]"],
    );
}

#[test]
fn a_wrong_answer_to_another_exercise() {
    let fixture = Fixture::new().plant(WRONG, "fn double", "fn square");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["has no `double`"],
    );
}

#[test]
fn a_wrong_answer_that_names_no_test_of_the_grader() {
    let fixture = Fixture::new().plant(WRONG, "gives_twice_the_number", "gives_twice");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    let says = ["has no test `double::gives_twice`"];
    one(findings, "ci/wrong/demo/double/squared.rs:1", &says);
}

#[test]
fn a_wrong_answer_that_does_not_say_what_is_wrong() {
    let fixture = Fixture::new().plant(WRONG, "Squares the number. Caught by", "Squares:");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["The first line says the misconception"],
    );
}

#[test]
fn a_grader_that_does_not_compile() {
    let fixture = Fixture::new().plant(GRADER, "double(number).await", "double(number).awat");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/tests/demo.rs:13",
        &["The grader does not compile"],
    );
}

#[test]
fn a_quoted_report_that_is_stale() {
    let fixture =
        Fixture::new().plant(PAGE, "1 doubled is 2; it came out as 1.", "Something else.");
    let findings = reports::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:72",
        &["-Something else.", "+1 doubled is 2"],
    );
}

#[test]
fn a_quoted_report_on_no_wrong_answer() {
    let fixture = Fixture::new().plant(PAGE, "double/as-it-is.rs", "double/lost.rs");
    let findings = reports::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:71",
        &["no wrong answer ci/wrong/demo/double/lost.rs"],
    );
}
