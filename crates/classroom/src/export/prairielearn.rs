//! PrairieLearn's `results.json`, as its documentation of external grading describes it
//! (<https://prairielearn.readthedocs.io/en/latest/externalGrading/>). The file must not be larger than 1 MB.

use serde::Serialize;

use super::{Report, cut, feedback};

/// How much of each report is kept, in characters. With all exercises of the book, the file stays far below its limit.
const MAX_OUTPUT: usize = 8 << 10;

#[derive(Serialize)]
struct Results {
    gradable: bool,
    score: f64,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    format_errors: Vec<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    points: f64,
    max_points: f64,
    output: String,
}

/// The results of one student. A submission without answers is not gradable, which costs no attempt.
pub fn results(report: &Report<'_>) -> String {
    let gradable = !report.student.result.verdicts.is_empty();
    let tests = feedback::of(report).into_iter().map(|exercise| Test {
        name: exercise.name.to_owned(),
        points: exercise.points,
        max_points: exercise.of,
        output: cut(&exercise.text, MAX_OUTPUT),
    });
    let results = Results {
        gradable,
        score: report.student.marks.part(),
        message: report.notes(),
        format_errors: if gradable {
            Vec::new()
        } else {
            report.student.result.problems.clone()
        },
        tests: tests.collect(),
    };
    super::json(&results)
}
