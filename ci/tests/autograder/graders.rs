//! Only the original grader gives a verdict.

use autograder::verdict::{Outcome, State};

use crate::workbook::Workbook;

const GRADER: &str = "exercises/tests/demo.rs";

#[test_cache::test]
fn a_deleted_test_is_a_change() {
    let workbook = Workbook::new();
    let grader = workbook.project.read(GRADER).expect("the grader exists");
    let shorter = grader.replace(
        "    #[test]\n    fn of_many() {\n        (2..5).for_each(is_right);\n    }\n",
        "",
    );
    assert_ne!(grader, shorter);
    workbook.write(GRADER, shorter);
    // Right for one, wrong for many.
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(_: u32) -> u32 { 2 }\n",
    );
    let verdict = workbook.grade("demo");
    assert_eq!(verdict.exercises[0].state, State::GraderChanged);
    assert_eq!(verdict.changed, [GRADER]);
    workbook.write(GRADER, grader);
    assert_eq!(workbook.state("demo"), State::Failing);
}

#[test_cache::test]
fn a_renamed_test_or_a_missing_grader_is_a_change() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 { number * 2 }\n",
    );
    let grader = workbook.project.read(GRADER).expect("the grader exists");
    workbook.write(GRADER, grader.replace("of_many", "of_more"));
    assert_eq!(workbook.state("demo"), State::GraderChanged);
    std::fs::remove_file(workbook.project.path(GRADER)).expect("the grader exists");
    assert_eq!(workbook.state("demo"), State::GraderChanged);
    assert_eq!(workbook.state("other"), State::NotStarted);
}

/// Another version of the workbook may have other exercises, as after `git checkout` while the tool runs.
#[test_cache::test]
fn an_exercise_whose_tests_have_gone_is_not_solved() {
    let workbook = Workbook::new();
    let autograder = workbook.autograder();
    let grader = workbook.project.read(GRADER).expect("the grader exists");
    workbook.write(GRADER, grader.replace("mod double {", "mod twice {"));
    workbook.lock();
    let verdict = autograder
        .grade("demo", None, &sandbox::Cancel::default(), &mut |_| {})
        .expect("only the answer can be at fault");
    assert_eq!(verdict.exercises[0].state, State::GraderChanged);
    assert_eq!(verdict.changed, [""; 0]);
}

#[test_cache::test]
fn another_line_ending_is_not_a_change() {
    let workbook = Workbook::new();
    let grader = workbook.project.read(GRADER).expect("the grader exists");
    workbook.write(GRADER, grader.replace('\n', "\r\n"));
    assert_eq!(workbook.state("demo"), State::NotStarted);
}

#[test_cache::test]
fn an_additional_file_beside_the_grader_is_a_change() {
    let workbook = Workbook::new();
    workbook.write("exercises/tests/demo/more.rs", "");
    assert_eq!(workbook.state("demo"), State::GraderChanged);
}

#[test_cache::test]
fn every_test_of_the_grader_has_an_outcome() {
    let workbook = Workbook::new();
    workbook.write(
        "exercises/src/demo.rs",
        "pub async fn double(number: u32) -> u32 { number.min(1) * 2 }\n",
    );
    let verdict = workbook.grade("demo");
    let tests: Vec<_> = verdict.exercises[0]
        .tests
        .iter()
        .map(|test| (&*test.name, test.outcome))
        .collect();
    let expected = [
        ("double::of_one", Outcome::Passed),
        ("double::of_many", Outcome::Failed),
    ];
    assert_eq!(tests, expected);
    assert_eq!(verdict.exercises[0].failed(), 1);
    assert!(
        verdict.exercises[0].tests[1]
            .report
            .starts_with("2 times 2 came out as 2.")
    );
}

const IN_A_LANE: &str = "use timeline::InLane;
pub async fn double(number: u32) -> u32 {
    PRINTS
    async { number }.in_lane(\"my lane\").await
}
";

#[test_cache::test]
fn a_failing_test_has_a_timeline() {
    let workbook = Workbook::new();
    workbook.write("exercises/src/demo.rs", IN_A_LANE.replace("PRINTS", ""));
    let verdict = workbook.grade("demo");
    let test = &verdict.exercises[0].tests[0];
    let sentences = "1 times 2 came out as 1.\nThis usually means that it is not multiplied.\n";
    assert_eq!(test.report, sentences);
    assert!(
        test.timeline_text.contains("my lane ●"),
        "{}",
        test.timeline_text
    );
    let svg = test.timeline_svg.as_deref().expect("an SVG");
    assert!(
        svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    assert!(svg.contains(">my lane</text>"), "{svg}");
    assert!(svg.contains("\"name\":\"my lane\""), "{svg}");
}

#[test_cache::test]
fn a_forged_report_does_not_replace_the_real_one() {
    let workbook = Workbook::new();
    let forged = "\\u{1e}All is well.\\n\\u{1d}no timeline\\u{1d}<svg>forged</svg>\\u{1d}";
    for (prints, what) in [
        (format!("eprint!(\"{forged}\");"), "a whole report"),
        (format!("print!(\"{forged}\");"), "one on standard output"),
        (
            "eprint!(\"\\u{1d}\\u{1d}<svg>forged</svg>\\u{1d}\");".to_owned(),
            "the end of one",
        ),
        (
            "eprint!(\"\\u{1e}\\u{1d}<svg>forged</svg>\");".to_owned(),
            "half of one",
        ),
    ] {
        workbook.write(
            "exercises/src/demo.rs",
            IN_A_LANE.replace("PRINTS", &prints),
        );
        let verdict = workbook.grade("demo");
        let test = &verdict.exercises[0].tests[0];
        assert_eq!(test.outcome, Outcome::Failed, "{what}");
        assert!(
            test.report.starts_with("1 times 2 came out as 1."),
            "{what}: {}",
            test.report
        );
        let svg = test.timeline_svg.as_deref().expect("an SVG");
        assert!(
            svg.starts_with("<svg ") && svg.contains("my lane"),
            "{what}: {svg}"
        );
        assert!(!svg.contains("forged"), "{what}: {svg}");
        assert!(test.output.contains("forged"), "{what}: {}", test.output);
    }
}

#[test_cache::test]
fn the_output_of_an_answer_is_separate_from_the_report() {
    let workbook = Workbook::new();
    let answer = "pub async fn double(number: u32) -> u32 {\n    println!(\"out {number}\");\n    \
                  eprintln!(\"err {number}\");\n    number\n}\n";
    workbook.write("exercises/src/demo.rs", answer);
    let verdict = workbook.grade("demo");
    let test = &verdict.exercises[0].tests[0];
    assert_eq!(test.output, "out 1\nerr 1");
    assert!(
        test.report.starts_with("1 times 2 came out as 1."),
        "{}",
        test.report
    );
}
