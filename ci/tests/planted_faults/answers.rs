//! Faults in solutions, stubs, wrong answers and graders.

use ci::finding::require_none;
use ci::proof::{answers, reports};

use crate::fixture::{COMPILER, Fixture, one};

const SOLUTION: &str = "solutions/src/demo.rs";
const STUB: &str = "exercises/src/demo.rs";
const GRADER: &str = "exercises/tests/demo.rs";
const PAGE: &str = "src/demo.md";
const WRONG: &str = "ci/wrong/demo/double/squared.rs";

#[test_cache::test]
fn finds_a_solution_that_does_not_pass() {
    let fixture = Fixture::new().plant(SOLUTION, "number * 2", "number * 3");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "solutions/src/demo.rs:4",
        &["does not pass `double::gives_twice_the_number`"],
    );
}

#[test_cache::test]
fn finds_a_solution_that_does_not_compile() {
    let fixture = Fixture::new().plant(SOLUTION, "number * 2", "nmber * 2");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(findings, "solutions/src/demo.rs:5", &["error[E0425]"]);
}

#[test_cache::test]
fn finds_a_stub_that_passes() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number * 2");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:4",
        &["passes although nothing is solved"],
    );
}

#[test_cache::test]
fn finds_a_stub_that_fails_instead_of_not_being_started() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:4",
        &["should say \"Not started: …\""],
    );
}

#[test_cache::test]
fn finds_an_answer_that_does_not_compile() {
    let fixture = Fixture::new().plant(STUB, "todo!()", "number * \"2\"");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/src/demo.rs:5",
        &["The compiler says", "error[E0277]"],
    );
}

#[test_cache::test]
fn finds_a_stub_with_a_warning() {
    let fixture = Fixture::new().plant(STUB, "//! Demo.\n", "//! Demo.\nuse std::fmt;\n");
    let findings = answers::stubs(&fixture.project, &COMPILER);
    one(findings, "exercises/src/demo.rs:2", &["unused import"]);
}

#[test_cache::test]
fn finds_a_wrong_answer_that_passes() {
    let fixture = Fixture::new().plant(WRONG, "number.pow(2)", "number + number");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["passes this wrong answer"],
    );
}

#[test_cache::test]
fn finds_a_wrong_answer_whose_report_does_not_name_the_mistake() {
    let fixture = Fixture::new().plant(WRONG, "not multiplied by two", "squared");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["does not say \"squared\""],
    );
}

#[test_cache::test]
fn finds_a_wrong_answer_that_does_not_compile() {
    let fixture = Fixture::new().plant(WRONG, "number.pow(2)", "nmber.pow(2)");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:5",
        &["error[E0425]"],
    );
}

#[test_cache::test]
fn finds_a_wrong_answer_to_another_exercise() {
    let fixture = Fixture::new().plant(WRONG, "fn double", "fn square");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["replaces one of the solution of `double`"],
    );
}

#[test_cache::test]
fn finds_a_wrong_answer_that_names_no_test_of_the_grader() {
    let fixture = Fixture::new().plant(WRONG, "gives_twice_the_number", "gives_twice");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    let says = ["has no test `double::gives_twice`"];
    one(findings, "ci/wrong/demo/double/squared.rs:1", &says);
}

#[test_cache::test]
fn finds_a_wrong_answer_that_does_not_say_what_is_wrong() {
    let fixture = Fixture::new().plant(WRONG, "Squares the number. Caught by", "Squares:");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["The first line says the misconception"],
    );
}

#[test_cache::test]
fn finds_a_grader_that_does_not_compile() {
    let fixture = Fixture::new().plant(GRADER, "double(number).await", "double(number).awat");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/tests/demo.rs:13",
        &["The grader does not compile"],
    );
}

#[test_cache::test]
fn finds_a_quoted_report_that_is_stale() {
    let fixture =
        Fixture::new().plant(PAGE, "1 doubled is 2; it came out as 1.", "Something else.");
    let findings = reports::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:73",
        &["-Something else.", "+1 doubled is 2"],
    );
}

#[test_cache::test]
fn finds_a_quoted_report_on_no_wrong_answer() {
    let fixture = Fixture::new().plant(PAGE, "double/as-it-is.rs", "double/lost.rs");
    let findings = reports::check(&fixture.project, &COMPILER);
    one(
        findings,
        "src/demo.md:72",
        &["no wrong answer ci/wrong/demo/double/lost.rs"],
    );
}

#[test_cache::test]
fn finds_a_grader_that_cannot_be_linked() {
    let missing =
        "mod double {\n    #[link(name = \"nowhere_to_be_found\")]\n    unsafe extern \"C\" {}";
    let fixture = Fixture::new().plant(GRADER, "mod double {", missing);
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/tests/demo.rs:1",
        &["The grader does not compile", "nowhere_to_be_found"],
    );
}

#[test_cache::test]
fn finds_a_part_of_a_grader_that_does_not_compile() {
    let fixture = Fixture::new()
        .plant(
            GRADER,
            "mod double {",
            "#[path = \"demo/part.rs\"]\nmod part;\nmod double {",
        )
        .write(
            "exercises/tests/demo/part.rs",
            "//! A part.\n\nuse nowhere::at_all;\n",
        );
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/tests/demo/part.rs:3",
        &["error[E0432]"],
    );
}

#[test_cache::test]
fn finds_a_crate_of_solutions_without_a_root() {
    let fixture = Fixture::new().without("solutions/src/lib.rs");
    let findings = answers::solutions(&fixture.project, &COMPILER);
    one(findings, "solutions/src:1", &["solutions/src/lib.rs"]);
}

#[test_cache::test]
fn finds_a_wrong_answer_whose_reports_depend_on_chance() {
    let select = "    tokio::select! {\n        () = std::future::ready(()) => {}\n        () = std::future::ready(()) => {}\n    }\n";
    let text = format!(
        "//! Returns the number. Caught by `double::doubles`, which says \"is\".\n\npub async fn double(n: u32) -> u32 {{\n\
         {select}    n\n}}\n"
    );
    let fixture = Fixture::new().write("ci/wrong/demo/double/select.rs", &text);
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/select.rs:4",
        &["`select!` starts with a branch at random"],
    );
}

#[test_cache::test]
fn finds_a_test_that_no_wrong_answer_fails() {
    let idle = "    #[test]\n    fn is_there() {\n        grade(async || drop(double(1).await));\n    }\n\n    #[test]\n";
    let fixture = Fixture::new().plant(GRADER, "    #[test]\n", idle);
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "exercises/exercises.toml:6",
        &["`double::is_there` passes every wrong answer"],
    );
}

#[test_cache::test]
fn finds_words_that_libtest_says_and_not_the_report() {
    let fixture = Fixture::new().plant(WRONG, "not multiplied by two", "FAILED");
    let findings = answers::wrong(&fixture.project, &COMPILER);
    one(
        findings,
        "ci/wrong/demo/double/squared.rs:1",
        &["does not say \"FAILED\""],
    );
}

#[test_cache::test]
fn a_report_is_quoted_as_the_learner_reads_it() {
    let fixture = Fixture::new()
        .plant(
            "ci/wrong/demo/double/as-it-is.rs",
            "    number\n}",
            "    panic!(\"no {number}\")\n}",
        )
        .plant(
            PAGE,
            "1 doubled is 2; it came out as 1.\nThis usually means that the number is not multiplied by two.\nRead on: book/demo-exercises.html#double",
            "Your answer panicked at solutions/src/demo.rs:9: no 0.",
        );
    require_none(&reports::check(&fixture.project, &COMPILER).expect("the report is there"));
}

#[test_cache::test]
fn two_proofs_at_once_do_not_disturb_each_other() {
    let fixture = Fixture::new().plant(
        SOLUTION,
        "//! Demo.",
        &format!("//! Demo of {:?}.", std::time::SystemTime::now()),
    );
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                require_none(&answers::wrong(&fixture.project, &COMPILER).expect("no half files"));
            });
        }
    });
}
