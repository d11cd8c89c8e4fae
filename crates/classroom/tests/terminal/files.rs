//! The files that it writes, its lines of JSON, and what it refuses.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

use crate::class::{Class, PROGRAM, repository, succeeds};

const ROSTER: &str = "id,name,Grade,Maximum grade\n\
    ada,Ada Lovelace,,100\nalan,Alan Turing,,100\nkurt,Kurt G\u{f6}del,,100\n";

/// Runs it for the class, with these arguments. `@` stands for the folder of the class.
fn grade(class: &Class, arguments: &str) -> Output {
    let folder = class.path("").to_string_lossy().into_owned();
    let mut grade = Command::new(PROGRAM);
    grade.current_dir(repository()).arg("grade");
    grade.args(arguments.replace('@', &folder).split(' '));
    grade.output().expect("it starts")
}

#[test_cache::test]
fn a_class_becomes_marks_and_an_overview() {
    let class = Class::new();
    fs::write(class.path("roster.csv"), ROSTER).expect("writable");
    let graded = grade(
        &class,
        "@submissions --class @class.toml --roster @roster.csv --output @marks --format junit --format gradescope",
    );
    succeeds(&graded);
    let printed = String::from_utf8(graded.stdout).expect("UTF-8");
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = printed.lines().map(words).collect();
    assert_eq!(
        lines[..5],
        [
            "A small class",
            "",
            "ada 5 of 5",
            "alan 0 of 5",
            "grace 0 of 5"
        ]
    );
    assert!(printed.contains("3 submissions graded"), "{printed}");

    let read = |file: &str| fs::read_to_string(class.path("marks").join(file)).expect(file);
    let grades = read("grades.csv");
    let rows: Vec<_> = grades.lines().collect();
    assert_eq!(rows.len(), 4, "{grades}");
    assert!(rows[0].contains("event-loop/sum_with_yields"), "{grades}");
    // Grace is in no list, and Kurt has not submitted.
    assert_eq!(
        read("roster.csv"),
        "id,name,Grade,Maximum grade\nada,Ada Lovelace,100,100\nalan,Alan Turing,0,100\nkurt,Kurt G\u{f6}del,,100\n"
    );
    let page = read("report.html");
    assert!(page.contains("Kurt G\u{f6}del") && page.contains("</html>"));
    for student in ["ada", "alan", "grace"] {
        let results = read(&format!("students/{student}/gradescope/results.json"));
        serde_json::from_str::<Value>(&results).expect("it is JSON");
        assert!(read(&format!("students/{student}/junit/junit.xml")).starts_with("<?xml"));
    }
}

#[test_cache::test]
fn json_is_a_line_for_each_submission_and_nothing_else() {
    let class = Class::new();
    let graded = grade(
        &class,
        "@submissions --class @class.toml --output @marks --json",
    );
    succeeds(&graded);
    let printed = String::from_utf8(graded.stdout).expect("UTF-8");
    let mut states: Vec<_> = printed
        .lines()
        .map(|line| {
            let result: Value = serde_json::from_str(line).expect("each line is JSON");
            let state = &result["exercises"]["event-loop/sum_with_yields"]["state"];
            [&result["student"]["id"], state].map(|text| text.as_str().expect("text").to_owned())
        })
        .collect();
    states.sort();
    assert_eq!(
        states,
        [
            ["ada", "solved"],
            ["alan", "not-started"],
            ["grace", "not-started"]
        ]
    );
}

/// Each command, and a part of what it says.
const REFUSED: [(&str, &str); 6] = [
    ("@nobody", "nobody"),
    ("@submissions --class @marks.toml", "marks.toml"),
    ("@submissions --shard 3/2", "2/8"),
    ("@submissions --results @results.json", "--format"),
    (
        "@submissions/ada @submissions/alan --format vpl --results @r",
        "one submission",
    ),
    ("--merge @submissions", "results.json"),
];

#[test_cache::test]
fn what_cannot_be_graded_is_said() {
    let class = Class::new();
    for (arguments, says) in REFUSED {
        let refused = grade(&class, &format!("{arguments} --output @out"));
        assert_eq!(refused.status.code(), Some(2), "{arguments}: {refused:?}");
        let message = String::from_utf8_lossy(&refused.stderr);
        assert!(message.contains(says), "{arguments}: {message}");
        assert!(!class.path("out/grades.csv").exists(), "{arguments}");
    }
}
