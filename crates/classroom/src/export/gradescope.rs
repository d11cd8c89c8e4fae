//! Gradescope's `results.json`, as its autograder specification describes it
//! (<https://gradescope-autograders.readthedocs.io/en/latest/specs/>).

use serde::Serialize;

use super::{Report, feedback};

#[derive(Serialize)]
struct Results {
    score: f64,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
    stdout_visibility: &'static str,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    score: f64,
    max_score: f64,
    status: &'static str,
    output: String,
    output_format: &'static str,
    tags: Vec<String>,
    visibility: &'static str,
}

/// The results of one student: a test for each exercise.
pub fn results(report: &Report<'_>) -> String {
    let tests = feedback::of(report).into_iter().map(|exercise| Test {
        tags: exercise
            .name
            .split('/')
            .next()
            .map(str::to_owned)
            .into_iter()
            .collect(),
        name: exercise.name.to_owned(),
        score: exercise.points,
        max_score: exercise.of,
        status: if exercise.solved { "passed" } else { "failed" },
        output: exercise.text,
        output_format: "text",
        visibility: "visible",
    });
    let results = Results {
        score: report.student.marks.total,
        output: report.notes(),
        output_format: "text",
        visibility: "visible",
        stdout_visibility: "hidden",
        tests: tests.collect(),
    };
    super::json(&results)
}
