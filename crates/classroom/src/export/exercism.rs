//! The `results.json` of Exercism's test runners, version 2
//! (<https://github.com/exercism/docs/blob/main/building/tooling/test-runners/interface.md>).

use autograder::verdict::State;
use serde::Serialize;

use super::{Report, cut, feedback};

/// How many characters of a test's output are kept.
const MAX_OUTPUT: usize = 500;

/// How many characters the message about all of it may have.
const MAX_MESSAGE: usize = 65_535;

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
}

/// The results of one student: all tests, or the compiler's error.
pub fn results(report: &Report<'_>) -> String {
    let exercises = feedback::of(report);
    let result = &report.student.result;
    let does_not_compile = result
        .exercises
        .values()
        .any(|result| result.state == State::DoesNotCompile);
    let error = exercises
        .iter()
        .find(|exercise| exercise.tests.is_empty() && !exercise.solved);
    let tests: Vec<_> = exercises
        .iter()
        .flat_map(|exercise| &exercise.tests)
        .map(|test| {
            let passed = test.outcome.passed();
            Test {
                name: test.name.clone(),
                status: if passed { "pass" } else { "fail" },
                message: (!passed).then(|| test.report_and_timeline()),
                output: (!test.output.is_empty()).then(|| cut(&test.output, MAX_OUTPUT)),
            }
        })
        .collect();
    let is_error = does_not_compile || tests.is_empty();
    let results = Results {
        version: 2,
        status: match is_error {
            true => "error",
            false if exercises.iter().all(|exercise| exercise.solved) => "pass",
            false => "fail",
        },
        message: is_error.then(|| {
            let text = error.map_or_else(|| report.notes(), |exercise| exercise.text.clone());
            cut(&text, MAX_MESSAGE)
        }),
        tests,
    };
    super::json(&results)
}
