//! The formats that other systems read, for a submission in which everything happens.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use autograder::diagnostic::Diagnostic;
use autograder::verdict::{
    ChapterVerdict, ExerciseVerdict, Misconception, Outcome, State, TestVerdict,
};
use classroom::class_file::Class;
use classroom::export::{Format, GradedStudent, Report};
use classroom::marks::Marks;
use classroom::result::{StudentResult, of_chapter};
use classroom::submission::Student;
use serde_json::{Value, json};

const NOW: &str = "2026-12-01T20:15:00Z";

/// What a student may print to get a better grade, or to break a format.
const HOSTILE: &str = "--|>\nGrade :=>> 100\n]]>\u{1b}[2J</failure><!-- \"}]";

const BOOK: [&str; 4] = [
    "gather/fetch_all",
    "gather/settle",
    "locks/Barrier",
    "queues/pipeline",
];

fn test(name: &str, outcome: Outcome, report: &str) -> TestVerdict {
    TestVerdict {
        name: name.to_owned(),
        outcome,
        report: report.to_owned(),
        timeline_text: String::new(),
        timeline_svg: None,
        output: "0123456789".repeat(100),
        in_real_time: false,
    }
}

fn exercise(name: &str, state: State, tests: Vec<TestVerdict>) -> ExerciseVerdict {
    ExerciseVerdict {
        exercise: name.to_owned(),
        state,
        tests,
        misconceptions: Vec::new(),
    }
}

/// `fetch_all` is solved, `settle` fails a test of the workbook and a hidden one, `Barrier` does not compile, and
/// `pipeline` was not submitted.
fn verdicts() -> Vec<ChapterVerdict> {
    let mut settle = exercise(
        "settle",
        State::Failing,
        vec![
            test("settle::keeps_order", Outcome::Failed, HOSTILE),
            test("settle::hidden::never_tells", Outcome::Failed, "a secret"),
            test("settle::of_none", Outcome::Passed, ""),
        ],
    );
    settle.misconceptions.push(Misconception {
        description: "Stops at the first error.".to_owned(),
        file: String::new(),
    });
    let solved = vec![test("fetch_all::overlaps", Outcome::Passed, "")];
    let chapter = |slug: &str, exercises, errors| ChapterVerdict {
        chapter: slug.to_owned(),
        exercises,
        errors,
        warnings: Vec::new(),
        changed: Vec::new(),
    };
    let error = Diagnostic {
        level: "error".to_owned(),
        code: Some("E0277".to_owned()),
        file: None,
        line: None,
        message: "it is not a future".to_owned(),
        rendered: "error[E0277]: it is not a future\n".to_owned(),
        explanation: None,
        read_on: None,
    };
    vec![
        chapter(
            "gather",
            vec![exercise("fetch_all", State::Solved, solved), settle],
            Vec::new(),
        ),
        chapter(
            "locks",
            vec![exercise("Barrier", State::DoesNotCompile, Vec::new())],
            vec![error],
        ),
    ]
}

fn class() -> Class {
    let text = "deadline = 2026-12-01T20:00:00Z\n\
                late.percent_per_day = 10\n\
                [[exercises]]\nname = \"gather\"\npoints = 1.5\ntests = \"each\"\n\
                [[exercises]]\nname = \"locks/Barrier\"\npoints = 2\n\
                [[exercises]]\nname = \"queues\"\n";
    Class::parse("class.toml", text, &BOOK.map(str::to_owned)).expect("it has no mistake")
}

fn in_format(format: Format) -> String {
    let verdicts = verdicts();
    let class = class();
    let result = StudentResult {
        student: Student {
            id: "s1".to_owned(),
            name: "Ada".to_owned(),
        },
        origin: "ada".to_owned(),
        problems: vec!["\"x.rs\" is a link, and is not read.".to_owned()],
        verdicts: BTreeMap::from([("gather".to_owned(), String::new())]),
        exercises: verdicts.iter().flat_map(of_chapter).collect(),
        about: None,
    };
    let marks = Marks::of(&class, &result, NOW.parse().ok());
    let student = GradedStudent {
        result,
        marks,
        row: None,
    };
    let report = Report {
        class: &class,
        student: &student,
        verdicts,
        is_complete: true,
    };
    let text = report
        .in_format(format, NOW)
        .expect("every text can be written");
    assert!(
        !text.contains("a secret") && !text.contains("never_tells"),
        "a hidden test is told: {text}"
    );
    text
}

fn json(format: Format) -> Value {
    serde_json::from_str(&in_format(format)).expect("it is JSON")
}

/// 1.5 for `fetch_all` and one of three tests of `settle`, of 6 points, less a tenth because it was a quarter of an hour late.
#[test]
fn gradescope() {
    let results = json(Format::Gradescope);
    assert_eq!(results["score"], json!(1.8));
    assert_eq!(results["stdout_visibility"], json!("hidden"));
    let output = results["output"].as_str().expect("text");
    assert!(
        output.contains("is a link") && output.contains("costs 0.2 points"),
        "{output}"
    );
    let tests = results["tests"].as_array().expect("a list");
    let row = |test: &Value| {
        [
            &test["name"],
            &test["score"],
            &test["max_score"],
            &test["status"],
        ]
        .map(Value::clone)
    };
    let rows: Vec<_> = tests.iter().map(row).collect();
    let expected = json!([
        ["gather/fetch_all", 1.5, 1.5, "passed"],
        ["gather/settle", 0.5, 1.5, "failed"],
        ["locks/Barrier", 0.0, 2.0, "failed"],
        ["queues/pipeline", 0.0, 1.0, "failed"],
    ]);
    assert_eq!(json!(rows), expected);
    let settle = tests[1]["output"].as_str().expect("text");
    assert!(
        settle.contains("settle::keeps_order") && settle.contains("Stops at the first error."),
        "{settle}"
    );
    assert!(
        settle.ends_with("A test that is not in the workbook fails, too."),
        "{settle}"
    );
    assert!(tests[2]["output"].as_str().expect("text").contains("E0277"));
    assert_eq!(tests[3]["output"], json!("This chapter was not submitted."));
}

#[test]
fn prairielearn() {
    let results = json(Format::PrairieLearn);
    assert_eq!(results["gradable"], json!(true));
    assert_eq!(results["score"], json!(0.3));
    assert_eq!(results["tests"][1]["points"], json!(0.5));
    assert_eq!(results["tests"][1]["max_points"], json!(1.5));
}

/// Each line of a report has a mark, so that none of them ends the comment or gives a grade.
#[test]
fn the_virtual_programming_lab() {
    let text = in_format(Format::Vpl);
    let lines: Vec<_> = text.lines().collect();
    let ends: Vec<_> = (0..lines.len())
        .filter(|&line| lines[line] == "--|>")
        .collect();
    assert_eq!(lines[0], "<|--");
    assert_eq!(&lines[ends[0]..], ["--|>", "", "Grade :=>> 30"]);
    assert!(
        lines[1..ends[0]]
            .iter()
            .all(|line| line.starts_with(['-', '>'])),
        "{text}"
    );
    assert!(lines.contains(&"-gather/settle: 0.5 of 1.5"), "{text}");
}

#[test]
fn exercism() {
    let results = json(Format::Exercism);
    assert_eq!(
        (&results["version"], &results["status"]),
        (&json!(2), &json!("error"))
    );
    assert!(
        results["message"]
            .as_str()
            .expect("required for an error")
            .contains("E0277")
    );
    for test in results["tests"].as_array().expect("a list") {
        assert!(test["output"].as_str().expect("text").chars().count() <= 500);
        assert_eq!(test["message"].is_null(), test["status"] == json!("pass"));
    }
}

/// As `ci/tools` fetches it.
const JENKINS_SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/tools/junit-10.xsd"
);

/// What Jenkins refuses cannot be seen in its web pages.
#[test]
fn junit_is_valid_by_the_schema_of_jenkins() {
    let file = tempfile::NamedTempFile::new().expect("a file can be created");
    fs::write(file.path(), in_format(Format::Junit)).expect("writable");
    let mut lint = Command::new("xmllint");
    lint.args(["--noout", "--nonet", "--schema", JENKINS_SCHEMA])
        .arg(file.path());
    match lint.output() {
        Ok(output) if Path::new(JENKINS_SCHEMA).exists() => {
            let message = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{message}");
        }
        missing => {
            let required = std::env::var_os("CLASS_TOOLS_REQUIRED").is_some();
            assert!(
                !required,
                "{JENKINS_SCHEMA} or xmllint is missing: {missing:?}"
            );
            eprintln!(
                "skipped: xmllint (package libxml2-utils) or its schema (`ci/tools`) is not here"
            );
        }
    }
}

/// Points are whole numbers there.
#[test]
fn classroom_50() {
    let results = json(Format::Classroom50);
    assert_eq!(results["schema"], json!("classroom50/result/v1"));
    assert_eq!(results["datetime"], json!(NOW));
    assert_eq!(
        (&results["score"], &results["max-score"]),
        (&json!(200), &json!(600))
    );
    assert_eq!(results["tests"][1]["test-name"], json!("gather/settle"));
    assert_eq!(results["tests"][1]["score"], json!(50));
}

#[test]
fn junit() {
    let text = in_format(Format::Junit);
    let document = roxmltree::Document::parse(&text).expect("it is well-formed");
    let cases: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .collect();
    let named: Vec<_> = cases
        .iter()
        .map(|case| {
            let failed = case
                .children()
                .find(|child| child.is_element())
                .map(|child| child.tag_name().name());
            (
                case.attribute("name").unwrap_or_default(),
                failed.unwrap_or("passed"),
            )
        })
        .collect();
    let expected = [
        ("fetch_all::overlaps", "passed"),
        ("settle::keeps_order", "failure"),
        ("settle::of_none", "passed"),
        ("locks/Barrier", "error"),
        ("queues/pipeline", "failure"),
    ];
    assert_eq!(named, expected);
    assert!(!text.contains('\u{1b}'), "XML has no control characters");
}
